"""What a verdict rests on, as one file kept beside it (TT 15/2025 S10, V5).

A ZIP that any office can open: `certificates/*.cer`, `crls/*.crl`, `ocsps/*.ors` (each DER, named by the beginning of
its SHA-256) and `result.json`, the answer of `docclient verify`. The same check gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256

from signing.report import FileReport

FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of each entry: the earliest a ZIP can name. When the check was made stands in the result."""


def proof_file(report: FileReport) -> bytes | None:
    """The evidence that `report` was judged by; None where there is no signature to prove."""
    if not report.signatures or report.evidence is None:
        return None
    used = report.evidence
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "result.json", json.dumps(report.as_json(), ensure_ascii=False, indent=1).encode())
        for folder, suffix, parts in (("certificates", "cer", used.certificates), ("crls", "crl", used.crls),
                                      ("ocsps", "ors", used.ocsps)):
            for part in sorted(set(parts), key=lambda each: sha256(each).digest()):
                _write(archive, f"{folder}/{sha256(part).hexdigest()[:16]}.{suffix}", part)
    return made.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
