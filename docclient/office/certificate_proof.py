"""What was found about a certificate before it signed, as one file kept with the document (TT 15/2025 S10):
`docclient.office.evidence_zip`."""

from __future__ import annotations

import json
import zipfile

from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence_zip import RESULT, evidence_zip
from docclient.office.model import Digest
from docclient.store.blobs import Blobs
from signing.certificate_check import CertificateState
from signing.report import Verdict

NAME, MEDIA_TYPE = "kiem-tra-chung-thu-so.zip", "application/zip"
MOST_RESULT_BYTES = 1 << 20


def certificate_proof(state: CertificateState) -> bytes:
    """The result with the certificates, lists and answers that it rests on."""
    rests_on = state.evidence
    return evidence_zip(state.as_json(), certificates=rests_on.certificates, crls=rests_on.crls, ocsps=rests_on.ocsps)


def must_be_of(blobs: Blobs, proof: Digest | None, signer: str | None) -> None:
    """The file speaks of the certificate that signed (its SHA-256), and found nothing against it. Raises FieldWrong."""
    if proof is None:
        return
    try:
        with blobs.open(proof) as stream, zipfile.ZipFile(stream) as archive, archive.open(RESULT) as result:
            found = json.loads(result.read(MOST_RESULT_BYTES))
        of, verdict = found["certificate"]["fingerprint_sha256"], Verdict(found["verdict"])
    except (zipfile.BadZipFile, OSError, KeyError, TypeError, ValueError) as error:
        raise FieldWrong("certificate_check", Why.NOT_A_CERTIFICATE_CHECK) from error
    if of.lower() != (signer or "").lower() or verdict is Verdict.INVALID:
        raise FieldWrong("certificate_check", Why.NOT_OF_THE_SIGNER)
