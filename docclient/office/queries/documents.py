"""Lists of documents: what waits for me, incoming, outgoing, the signing queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from docclient.office.access import visible
from docclient.office.authority import authority_of
from docclient.office.door import Query
from docclient.office.finding_rights import within_rights
from docclient.office.model import (
    Actor,
    Digest,
    FileKind,
    Flow,
    PersonId,
    State,
    WaitKind,
)
from docclient.office.queries.rows import COLUMNS
from docclient.office.queries.rows import DocumentRow as DocumentRow
from docclient.office.queries.rows import rows_of as rows_of
from docclient.office.registry import answers
from docclient.office.search import Asked
from docclient.office.waiting import acting_for_of, listed
from docclient.office.waiting import mine as mine
from docclient.store import tables
from docclient.store.finding_match import match
from docclient.store.prepared import Prepared
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class DocumentList:
    """rows: newest first. next: give it as `after` for the rows that follow; None at the end."""

    rows: tuple[DocumentRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ListDocuments(Query[DocumentList]):
    """Incoming or outgoing documents this person may see, newest first. text: words of any field or of its files,
    with or without marks. states: only these; empty for all."""

    flow: Flow
    text: str = ""
    states: tuple[State, ...] = ()
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """kind: what the document waits for from this person. since: aware UTC. acting_for: the absent person it waits for,
    whom this one stands in for; None where it is one's own."""

    kind: WaitKind
    since: datetime
    document: DocumentRow
    acting_for: PersonId | None = None
    acting_for_name: str = ""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """rows: nearest deadline first, then longest waiting. counts: per kind, of everything that waits."""

    rows: tuple[WaitingRow, ...]
    counts: dict[WaitKind, int]


@dataclass(frozen=True, slots=True)
class WaitingForMe(Query[WaitingList]):
    """limit: of the rows, 1,000 at most; whoever shows more than the first page asks anew for more."""

    kinds: tuple[WaitKind, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True)
class QueuedForSigning:
    """One document of the signing queue. file: the very bytes that will be signed. acting_for: as in `WaitingRow`."""

    document: DocumentRow
    file: Digest
    file_name: str
    since: datetime
    acting_for: PersonId | None = None
    acting_for_name: str = ""


@dataclass(frozen=True, slots=True)
class SigningQueue(Query[tuple[QueuedForSigning, ...]]):
    """What waits for this person's signature: urgent first, then longest waiting. Of an absent person's, only what this
    one may sign by their own authority."""

    limit: int = 1_000


@answers(ListDocuments)
def list_documents(work: Work, me: Actor, q: ListDocuments) -> DocumentList:
    limit = max(1, min(q.limit, 1_000))
    asked = Asked.of(q.text)
    query = select(*COLUMNS)
    order: ColumnElement[Any] = tables.document.c.id
    if q.text.strip():
        found = None if asked.nothing else match(work.connection, asked)
        if found is None:
            return DocumentList((), None)
        found = within_rights(work, me, found, asked)
        query = query.select_from(
            found.source.join(tables.document, tables.document.c.id == tables.finding.c.document)
        ).where(found.condition)
        order = found.number
    query = query.where(tables.document.c.flow == q.flow, visible(me))
    if q.states:
        query = query.where(tables.document.c.state.in_(q.states))
    if q.after:
        here = tables.finding.c
        query = query.where(order < (q.after if order is tables.document.c.id else select(here.number).where(
            here.document == q.after).scalar_subquery()))
    found_rows = work.connection.execute(query.order_by(order.desc()).limit(limit + 1)).mappings().all()
    rows = rows_of(work, found_rows[:limit])
    return DocumentList(rows, rows[-1].id if len(found_rows) > limit else None)


KINDS = {each.value: each for each in WaitKind}
WAITS_FOR = (tables.waiting.c.person.label("waiting_person"), tables.waiting.c.role.label("waiting_role"),
             tables.waiting.c.unit.label("waiting_unit"))
"""What `acting_for_of` looks at."""


@answers(WaitingForMe)
def waiting_for_me(work: Work, me: Actor, q: WaitingForMe) -> WaitingList:
    count, page = waiting_statements(me, q.kinds, max(1, min(q.limit, 1_000)))
    counts = count.tuples(work.connection)
    found = page.rows(work.connection)
    rows = rows_of(work, found)
    waiting = tuple(WaitingRow(KINDS[each["kind"]], each["since"], row, *for_whom_of(me, each))
                    for each, row in zip(found, rows, strict=True))
    return WaitingList(waiting, {WaitKind(kind): number for kind, number in counts})


@lru_cache(maxsize=256)
def waiting_statements(me: Actor, kinds: tuple[WaitKind, ...], limit: int) -> tuple[Prepared, Prepared]:
    """How many of each kind, and the first rows; made once for a person, for a desk asks for them all day."""
    waiting, conditions = tables.waiting, []
    if me.marked:                       # reading was withdrawn from somebody it waits for: they see it no more
        conditions.append(waiting.c.document.in_(select(tables.document.c.id).where(visible(me))))
    counted = listed(me, *conditions).subquery()
    if kinds:
        conditions.append(waiting.c.kind.in_(kinds))
    found = listed(me, *conditions).subquery()
    first = select(found).order_by(found.c.due, found.c.since, found.c.id).limit(limit).subquery()
    page = (
        select(first.c.kind, first.c.since, first.c.person.label("waiting_person"),
               first.c.role.label("waiting_role"), first.c.unit.label("waiting_unit"), *COLUMNS)
        .join_from(first, tables.document, tables.document.c.id == first.c.document)
        .order_by(first.c.due, first.c.since, first.c.id))
    return Prepared(select(counted.c.kind, func.count()).group_by(counted.c.kind)), Prepared(page)


@answers(SigningQueue)
def signing_queue(work: Work, me: Actor, q: SigningQueue) -> tuple[QueuedForSigning, ...]:
    newest = (
        select(tables.file.c.document, tables.file.c.name, tables.file_version.c.digest,
               func.row_number().over(partition_by=tables.file.c.document,
                                      order_by=tables.file_version.c.number.desc()).label("place"))
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file.c.kind == FileKind.MAIN)
        .where(tables.file.c.document.in_(select(tables.waiting.c.document).where(
            tables.waiting.c.kind == WaitKind.SIGN, mine(me))))
    ).subquery()
    found = work.connection.execute(
        select(tables.waiting.c.kind, tables.waiting.c.since, *WAITS_FOR, newest.c.digest,
               newest.c.name.label("file_name"), tables.document.c.unit, *COLUMNS)
        .join(tables.document, tables.document.c.id == tables.waiting.c.document)
        .join(newest, and_(newest.c.document == tables.document.c.id, newest.c.place == 1))
        .where(tables.waiting.c.kind == WaitKind.SIGN, mine(me))
        .order_by(tables.document.c.urgency.desc(), tables.waiting.c.since, tables.waiting.c.id).limit(q.limit)
    ).mappings().all()
    found = [each for each in found if may_sign_it(work, me, each)]
    rows = rows_of(work, found)
    return tuple(QueuedForSigning(row, Digest(each["digest"]), each["file_name"], each["since"],
                                  *for_whom_of(me, each))
                 for each, row in zip(found, rows, strict=True))


def for_whom_of(me: Actor, row: Mapping[Any, Any]) -> tuple[PersonId | None, str]:
    """acting_for and acting_for_name of a row of `waiting`."""
    through = acting_for_of(me, row)
    return (through.actor.person, through.actor.name) if through is not None else (None, "")


def may_sign_it(work: Work, me: Actor, row: Mapping[Any, Any]) -> bool:
    """One's own waits for oneself; another's is signed by one's own authority or not at all."""
    return acting_for_of(me, row) is None or authority_of(work, me.person, row["type_name"], row["unit"]) is not None
