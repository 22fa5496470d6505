"""Rights of single documents and files: mine, everybody's, and the changes that wait to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, select

from docclient.office.access import FLAGGED, visible
from docclient.office.commands.rights import CHANGES, CONFIRMS
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, DocumentId, PersonId, Role
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers
from docclient.office.rights import Right, may
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class FileRights:
    """What this person may do with a file."""

    file: str
    read: bool
    download: bool
    print: bool


@dataclass(frozen=True, slots=True)
class MyRights(Query[tuple[FileRights, ...]]):
    """Per file of the document, in their order: for the window's buttons. Raises: NotFound."""

    document: DocumentId


@answers(MyRights)
def my_rights(work: Work, me: Actor, q: MyRights) -> tuple[FileRights, ...]:
    seen_document(work, me, q.document)
    files = work.connection.scalars(select(tables.file.c.id).where(tables.file.c.document == q.document)
                                    .order_by(tables.file.c.position)).all()
    return tuple(FileRights(each, *(may(work, me, right, q.document, each) for right in Right)) for each in files)


@dataclass(frozen=True, slots=True)
class RightChange:
    """One change. file_name: empty for the whole document. state: flagged, confirmed, refused. mine: this person made
    it, and does not confirm it alone."""

    id: str
    document: DocumentId
    number_and_symbol: str
    subject: str
    file_name: str
    holder_name: str
    right: Right
    given: bool
    reason: str
    by: PersonId
    by_name: str
    at: datetime
    state: str
    mine: bool


@dataclass(frozen=True, slots=True)
class RightsToConfirm(Query[tuple[RightChange, ...]]):
    """Changes of rights that stay flagged until they are confirmed, oldest first: for who confirms and who changes."""


@dataclass(frozen=True, slots=True)
class RightsOn(Query[tuple[RightChange, ...]]):
    """Every change of rights on a document, oldest first. Raises: NotFound, NotYours."""

    document: DocumentId


@answers(RightsToConfirm)
def rights_to_confirm(work: Work, me: Actor, q: RightsToConfirm) -> tuple[RightChange, ...]:
    if not me.roles & (CHANGES | CONFIRMS):
        raise NotYours(command="RightsToConfirm")
    return changes(work, me, tables.granted_right.c.state == FLAGGED)


@answers(RightsOn)
def rights_on(work: Work, me: Actor, q: RightsOn) -> tuple[RightChange, ...]:
    if not me.roles & (CHANGES | CONFIRMS):
        raise NotYours(command="RightsOn")
    seen_document(work, me, q.document)
    return changes(work, me, tables.granted_right.c.document == q.document)


def changes(work: Work, me: Actor, condition: ColumnElement[bool]) -> tuple[RightChange, ...]:
    rights, holder, author = tables.granted_right, tables.person.alias(), tables.person.alias()
    rows = work.connection.execute(
        select(rights, tables.document.c.code_number, tables.document.c.code_notation, tables.document.c.subject,
               tables.file.c.name.label("file_name"), holder.c.name.label("person_name"),
               tables.unit.c.name.label("unit_name"), author.c.name.label("by_name"))
        .join(tables.document, tables.document.c.id == rights.c.document)
        .outerjoin(tables.file, tables.file.c.id == rights.c.file)
        .outerjoin(holder, holder.c.id == rights.c.person).outerjoin(tables.unit, tables.unit.c.id == rights.c.unit)
        .join(author, author.c.id == rights.c.by)
        .where(condition, visible(me)).order_by(rights.c.at, rights.c.id)).mappings()
    return tuple(change_of(row, me) for row in rows)


def change_of(row: RowMapping, me: Actor) -> RightChange:
    number = "/".join(each for each in (row["code_number"], row["code_notation"]) if each)
    return RightChange(
        row["id"], row["document"], number, row["subject"], row["file_name"] or "",
        row["person_name"] or row["unit_name"] or "", Right(row["name"]), row["given"], row["reason"], row["by"],
        row["by_name"], row["at"], row["state"], row["by"] == me.person and Role.LEADER not in me.roles)
