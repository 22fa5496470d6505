"""A document leaves the system on paper: the copy carries a mark, and the use history keeps it (F3)."""

from __future__ import annotations

import secrets
from pathlib import Path

from docclient.office.commands.using import NoteUse, Use
from docclient.office.door import Office
from docclient.office.errors import NotFound
from docclient.office.model import VIETNAM, DocumentId, now
from docclient.office.queries.document_page import DocumentPage
from docclient.papers.marked_copy import marked_copy
from signing.files import replacing

PDF = "application/pdf"


def write_marked_copy(office: Office, document: DocumentId, target: Path) -> Path:
    """The document's newest PDF as a copy to print, into `target`; noted first, so that no copy is without a trace.

    Raises: NotFound (the document, or a PDF of it), NotYours (it may not be printed), FolderNotWritable, DiskFull.
    """
    file = office.ask(DocumentPage(document)).main_file()
    if file is None or file.current.media_type != PDF:
        raise NotFound(what="file", id=document)
    digest, at = file.current.digest, now()
    mark = f"IN-{at.astimezone(VIETNAM):%Y%m%d}-{secrets.token_hex(4).upper()}"
    office.do(NoteUse(Use.PRINT, document, digest=digest, mark=mark))
    with office.read(digest) as stream:
        content = stream.read()
    made = marked_copy(content, person=office.me.name, at=at, mark=mark, digest=digest)
    with replacing(target) as out:
        out.write(made)
    return target
