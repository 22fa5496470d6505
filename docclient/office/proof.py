"""What a verdict rests on, as one file kept beside it (TT 15/2025 S10, V5): `docclient.office.evidence_zip`, its result
the answer of `docclient verify`."""

from __future__ import annotations

from docclient.office.evidence_zip import evidence_zip
from signing.report import FileReport


def proof_file(report: FileReport) -> bytes | None:
    """The evidence that `report` was judged by; None where there is no signature to prove."""
    if not report.signatures or report.evidence is None:
        return None
    used = report.evidence
    return evidence_zip(report.as_json(), certificates=used.certificates, crls=used.crls, ocsps=used.ocsps)
