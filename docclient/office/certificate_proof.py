"""What was found about a certificate before it signed, as one file kept with the document (TT 15/2025 S10).

A ZIP that any office can open: `certificates/*.cer`, `crls/*.crl`, `ocsps/*.ors` (each DER, named by the beginning of
its SHA-256) and `result.json`. The same finding gives the same bytes, so that a batch keeps it once.
"""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256

from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Digest
from docclient.store.blobs import Blobs
from signing.certificate_check import CertificateState
from signing.report import Verdict

NAME, MEDIA_TYPE, RESULT = "kiem-tra-chung-thu-so.zip", "application/zip", "result.json"
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of each entry: the earliest a ZIP can name. When the check was made stands in the result."""
MOST_RESULT_BYTES = 1 << 20


def certificate_proof(state: CertificateState) -> bytes:
    """The result with the certificates, lists and answers that it rests on."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, RESULT, json.dumps(state.as_json(), ensure_ascii=False, indent=1).encode())
        for folder, suffix, parts in (("certificates", "cer", state.evidence.certificates),
                                      ("crls", "crl", state.evidence.crls), ("ocsps", "ors", state.evidence.ocsps)):
            for part in sorted(set(parts), key=lambda each: sha256(each).digest()):
                _write(archive, f"{folder}/{sha256(part).hexdigest()[:16]}.{suffix}", part)
    return made.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def must_be_of(blobs: Blobs, proof: Digest | None, signer: str | None) -> None:
    """The file speaks of the certificate that signed (its SHA-256), and found nothing against it. Raises: FieldWrong."""
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
