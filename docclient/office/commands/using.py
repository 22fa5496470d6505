"""Prints, saved copies, exports: what left the system, with the mark it carries (NĐ 30 Annex VI, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from docclient.office.access import visible
from docclient.office.case_files import load_case_file
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotYours, Why
from docclient.office.model import Actor, Digest, DocumentId
from docclient.office.registry import rule
from docclient.office.rights import Right, may
from docclient.office.views import Look, ViewKind, put_down
from docclient.store import tables
from docclient.store.work import Work

MARK_LETTERS = 40


class Use(StrEnum):
    """Words codes `view.<value>`."""

    PRINT = "print"
    SAVE = "save"
    EXPORT = "export"


RIGHT_FOR = {Use.PRINT: Right.PRINT, Use.SAVE: Right.DOWNLOAD, Use.EXPORT: Right.DOWNLOAD}


@dataclass(frozen=True, slots=True)
class NoteUse(Command):
    """This person prints, saves or exports a document, one of its files, a case file, or a paper of the office (a
    register, a report). Given before the copy is made: what may not be printed is refused here. Also of a frozen
    document, of which nothing changes: an inspection for which it was frozen asks for copies.

    digest: of the file. mark: what the copy carries, to find it again. paper: its name where it is none of these.
    """

    use: Use
    document: DocumentId | None = None
    case_file: str | None = None
    digest: Digest | None = None
    mark: str = ""
    paper: str = ""


@rule(NoteUse, on_frozen=True)
def note_use(work: Work, me: Actor, c: NoteUse) -> Receipt:
    if c.document is None and c.case_file is None and not c.paper.strip():
        raise FieldWrong("document", Why.EMPTY)
    if len(c.mark) > MARK_LETTERS:
        raise FieldWrong("mark", Why.WRONG_KIND)
    if c.document is not None:
        seen = work.connection.scalar(select(tables.document.c.id).where(
            tables.document.c.id == c.document, visible(me)))
        if seen is None:
            raise NotFound(what="document", id=c.document)
        if not may(work, me, RIGHT_FOR[c.use], c.document, file_with(work, c.document, c.digest)):
            raise NotYours(command="NoteUse")
    if c.case_file is not None:
        load_case_file(work, me, c.case_file)
    look = Look(me.by, ViewKind(c.use.value), work.at, c.document, c.case_file, c.digest)
    put_down(work, look, document=c.document, mark=c.mark or None, once=str(work.entry))
    return Receipt(type(c).__name__, work.entry, c.document, facts={"mark": c.mark} if c.mark else {})


def file_with(work: Work, document: DocumentId, digest: Digest | None) -> str | None:
    """Which of the document's files has this version. Raises: FieldWrong: none has it."""
    if digest is None:
        return None
    file = work.connection.scalar(
        select(tables.file.c.id).join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file.c.document == document, tables.file_version.c.digest == digest).limit(1))
    if file is None:
        raise FieldWrong("digest", Why.UNKNOWN)
    return str(file)
