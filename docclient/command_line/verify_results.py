"""What `docclient verify` can put down beside its answer: evidence, a signed revision, a renewed archive time-stamp."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from docclient.settings import load_settings
from docclient.time_stamping import services_of
from signing.errors import BadInput
from signing.files import replacing
from signing.late_stamps import StampedFile, add_document_stamp
from signing.levels import Level
from signing.report import FileReport
from signing.revisions import extract_revision
from signing.sign_troubles import StampsMissing
from signing.trust import TrustStore


class NoSuchSignature(BadInput):
    """facts: file, number, count."""

    code = "verify.no_such_signature"


def save_evidence(folder: Path, report: FileReport, document: dict[str, Any]) -> Path:
    """Certificates, revocation lists and OCSP answers that the verdict rests on, and the verdict (TT 15/2025 S10, V5).

    They go into a folder of their own, named after the file and its digest, so that two files of one name do not meet.
    Raises: FolderNotWritable, DiskFull.
    """
    digest = (report.sha256 or sha256(report.file.encode()).hexdigest())[:12]
    place = folder / f"{Path(report.file).stem}-{digest}"
    used = report.evidence
    kept = {} if used is None else {
        **_numbered("certificates", ".cer", used.certificates), **_numbered("crls", ".crl", used.crls),
        **_numbered("ocsps", ".ors", used.ocsps)}
    names = {name: sha256(content).hexdigest() for name, content in kept.items()}
    result = json.dumps({**document, "evidence": names}, ensure_ascii=False, indent=2).encode()
    for name, content in {**kept, "result.json": result}.items():
        with replacing(place / name) as stream:
            stream.write(content)
    return place


def save_revision(source: Path, report: FileReport, number: int, target: Path) -> Path:
    """The file as it was when its signature `number` (from 1, as listed) was made.

    Raises: NoSuchSignature, and as `signing.revisions.extract_revision`.
    """
    if not 1 <= number <= len(report.signatures) or not report.signatures[number - 1].field:
        raise NoSuchSignature(file=str(source), number=number, count=len(report.signatures))
    return extract_revision(source, report.signatures[number - 1].field, target)


def renew(source: Path, folder: Path, addresses: Sequence[str], trust: TrustStore, *, online: bool) -> StampedFile:
    """A fresh archive time-stamp behind the evidence for the one before.

    Raises: StampsMissing, and as `add_document_stamp`.
    """
    services = services_of(load_settings(), addresses)
    if services is None:
        raise StampsMissing(level=Level.B_LTA.value)
    return add_document_stamp(source, folder / source.name, services, trust, level=Level.B_LTA, online=online,
                              renew=True)


def _numbered(folder: str, suffix: str, contents: Sequence[bytes]) -> dict[str, bytes]:
    return {f"{folder}/{number:02d}{suffix}": content for number, content in enumerate(contents, start=1)}
