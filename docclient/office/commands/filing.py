"""Documents into case files and out again: one document may lie in the files of many people, and is there once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, true

from docclient.office.case_files import (
    KEEP_ALL_FILES,
    CaseFileState,
    change_case_file,
    headed_units,
    load_case_file,
    may_keep,
)
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotYours, Why
from docclient.office.model import Actor, Document, DocumentId, Role, State
from docclient.office.one_of import OneOf
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.things import ThingNotNow
from docclient.store import tables
from docclient.store.work import Work

OFFERED_FILES = 200
"""Case files a form offers, the newest first; others are added to from their own page."""


@dataclass(frozen=True, slots=True)
class AddToCaseFile(Command):
    """Put the document in an open case file, under its next number (DocOrdinal). Whoever keeps the file sees it from
    then on. The document itself does not change: nothing that others are working on becomes stale."""

    document: DocumentId
    version: int
    case_file: str


def keeps(me: Actor) -> ColumnElement[bool]:
    """The condition on `case_file` for those this person may put documents in."""
    files = tables.case_file
    if me.roles & KEEP_ALL_FILES:
        return true()
    return or_(files.c.owner == me.person, files.c.unit.in_(headed_units(me)))


def lies_in(document: DocumentId) -> ColumnElement[bool]:
    inside = tables.case_file_document
    return exists(select(1).where(inside.c.case_file == tables.case_file.c.id, inside.c.document == document))


def has_open_files(work: Work, me: Actor, document: Document) -> bool:
    if Role.ADMINISTRATOR in me.roles and len(me.roles) == 1:
        return False
    return work.connection.scalar(select(tables.case_file.c.id).where(
        tables.case_file.c.state == CaseFileState.OPEN, keeps(me), ~lies_in(document.id)).limit(1)) is not None


def open_files(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"case_file": choices(work, me, ~lies_in(document.id))}


def choices(work: Work, me: Actor, which: ColumnElement[bool]) -> OneOf:
    files = tables.case_file
    rows = work.connection.execute(
        select(files.c.id, files.c.notation, files.c.year, files.c.title)
        .where(files.c.state == CaseFileState.OPEN, keeps(me), which)
        .order_by((files.c.owner == me.person).desc(), files.c.updated_at.desc(), files.c.id)
        .limit(OFFERED_FILES)).all()
    found = tuple((row.id, f"{row.notation}/{row.year} · {row.title}") for row in rows)
    return OneOf(found, found[0][0] if len(found) == 1 else None)


@rule(AddToCaseFile, in_states=frozenset(State), when=has_open_files, prefill=open_files, order=80,
      kinds={"case_file": AskKind.CHOICE})
def add_to_case_file(work: Work, me: Actor, c: AddToCaseFile) -> Receipt:
    file = load_case_file(work, me, c.case_file)
    if not may_keep(work, me, file):
        raise NotYours(command="AddToCaseFile")
    if file.state is not CaseFileState.OPEN:
        raise ThingNotNow(command="AddToCaseFile", state=file.state.value)
    ordinal = file.last_ordinal + 1
    if not work.insert_once(tables.case_file_document, case_file=file.id, document=c.document, ordinal=ordinal,
                            by=me.person, at=work.at):
        raise FieldWrong("case_file", Why.ALREADY_THERE, file.notation)
    change_case_file(work, file, counted=False, last_ordinal=ordinal)
    work.let_see(c.document, [file.owner, *(work.heads_of(file.unit) if file.unit else [])])
    return receipt_for(work, c, work.document(c.document), number=str(ordinal), case_file=file.id)


@dataclass(frozen=True, slots=True)
class RemoveFromCaseFile(Command):
    """Take the document out of an open case file, with the reason; the document itself stays, and so does its number's
    gap until the file is closed."""

    document: DocumentId
    version: int
    case_file: str
    reason: str


def lies_in_open_files(work: Work, me: Actor, document: Document) -> bool:
    if Role.ADMINISTRATOR in me.roles and len(me.roles) == 1:
        return False
    return work.connection.scalar(select(tables.case_file.c.id).where(
        tables.case_file.c.state == CaseFileState.OPEN, keeps(me), lies_in(document.id)).limit(1)) is not None


def files_it_lies_in(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"case_file": choices(work, me, lies_in(document.id))}


@rule(RemoveFromCaseFile, in_states=frozenset(State), when=lies_in_open_files, prefill=files_it_lies_in, order=95,
      kinds={"reason": AskKind.LONG_TEXT, "case_file": AskKind.CHOICE})
def remove_from_case_file(work: Work, me: Actor, c: RemoveFromCaseFile) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    file = load_case_file(work, me, c.case_file)
    if not may_keep(work, me, file):
        raise NotYours(command="RemoveFromCaseFile")
    if file.state is not CaseFileState.OPEN:
        raise ThingNotNow(command="RemoveFromCaseFile", state=file.state.value)
    inside = tables.case_file_document
    gone = work.connection.execute(
        delete(inside).where(inside.c.case_file == file.id, inside.c.document == c.document)
        .returning(inside.c.ordinal)).first()
    if gone is None:
        raise FieldWrong("case_file", Why.NOT_THERE, file.notation)
    change_case_file(work, file, counted=False)
    return receipt_for(work, c, work.document(c.document), case_file=file.id)
