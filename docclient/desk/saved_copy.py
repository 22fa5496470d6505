"""A file leaves the office as it is kept; noted first, so that no copy is without a trace (NĐ 30 Annex VI, F3)."""

from __future__ import annotations

from pathlib import Path

from docclient.desk.workplace import fetch_file
from docclient.office.commands.using import NoteUse, Use
from docclient.office.door import Office
from docclient.office.model import Digest, DocumentId


def save_copy(office: Office, document: DocumentId, digest: Digest, target: Path) -> Path:
    """Write the very bytes that the office keeps to `target`.

    Raises: NotYours (it may not be downloaded), NotFound, BlobMissing, BlobChanged, FolderNotWritable, DiskFull.
    """
    office.do(NoteUse(Use.SAVE, document, digest=digest))
    return fetch_file(office, digest, target)
