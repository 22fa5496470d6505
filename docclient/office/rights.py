"""Rights of single documents and files: to read, to download, to print (NĐ 30 Annex VI; records-work 9.1, C1).

Whoever may see a document may read, download and print all of it, unless a change says otherwise. Each change is a row
that is never overwritten; of those in force that speak of a person or of their unit, and of the file or of the whole
document, the newest counts.

The decree wants the system to *warn* of a change of rights until the competent person has confirmed it. So every change
stays flagged until then, and in between the safe side holds: a grant gives nothing yet, since nobody competent has
agreed to it; a withdrawal takes effect at once, since waiting would leave open what somebody had reason to shut. A
withdrawal that the competent person refuses is undone; a grant that is refused never comes into force.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import or_, select

from docclient.office.access import every_file, speaks_of, whole
from docclient.office.model import Actor, DocumentId, FileKind
from docclient.store import tables
from docclient.store.work import Work


class Right(StrEnum):
    READ = "read"
    DOWNLOAD = "download"
    PRINT = "print"


def may(work: Work, me: Actor, right: Right, document: DocumentId, file: str | None = None) -> bool:
    """May this person, who sees the document, do this with the file (None: with the document as a whole)?

    What may not be read may be neither downloaded nor printed.
    """
    if not me.marked:
        return True
    newest = newest_word(work, me, right, document, file)
    if right is Right.READ:
        allowed = newest if newest is not None else sees_whole(work, me, document)
        return allowed and not (file is not None and is_packet(work, file) and not sees_every_file(work, me, document))
    return may(work, me, Right.READ, document, file) and newest is not False


def newest_word(work: Work, me: Actor, right: Right, document: DocumentId, file: str | None) -> bool | None:
    """What the newest change in force says; None where none speaks of it."""
    rights = tables.granted_right
    said = work.connection.scalar(select(rights.c.given).where(
        rights.c.document == document, rights.c.name == right, speaks_of(me),
        or_(rights.c.file.is_(None), rights.c.file == file)).order_by(rights.c.at.desc(), rights.c.id.desc()).limit(1))
    return None if said is None else bool(said)


def is_packet(work: Work, file: str) -> bool:
    return work.connection.scalar(select(tables.file.c.kind).where(tables.file.c.id == file)) == FileKind.PACKET


def sees_every_file(work: Work, me: Actor, document: DocumentId) -> bool:
    """A packet carries all files in it."""
    return work.connection.scalar(
        select(tables.document.c.id).where(tables.document.c.id == document, every_file(me))) is not None


def sees_whole(work: Work, me: Actor, document: DocumentId) -> bool:
    return work.connection.scalar(
        select(tables.document.c.id).where(tables.document.c.id == document, whole(me))) is not None
