"""What the clerk prints of incoming documents beside the register: hand-over list, follow-up register (Annex IV)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, func, select

from docclient.office.access import sees_all
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, DocumentId, Flow, HandlerRole, LinkKind, State, UnitId, start_of
from docclient.office.posts import held_between
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import Work

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """One document to one receiver. on_paper: a paper copy went along. received_at: opened or begun in the system."""

    document: DocumentId
    arrival_number: int | None
    number_and_symbol: str
    type_name: str
    subject: str
    receiver: str
    role: HandlerRole
    passed_on: datetime
    on_paper: bool
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOverList(Query[tuple[HandOverLine, ...]]):
    """What was passed on between two days (both included), to people of a unit where one is named. Columns 7 to 9 of
    the incoming register: there is no other book for it. Raises: NotYours."""

    first_day: date
    last_day: date
    unit: UnitId | None = None


@answers(HandOverList)
def hand_over_list(work: Work, me: Actor, q: HandOverList) -> tuple[HandOverLine, ...]:
    if not sees_all(me):
        raise NotYours(command="HandOverList")
    handler, direction, document = tables.handler, tables.direction, tables.document
    query = (
        select(document, handler.c.role, handler.c.unit.label("to_unit"), handler.c.person.label("to_person"),
               handler.c.opened_at, handler.c.accepted_at, direction.c.at.label("passed_on"),
               tables.paper_copy.c.handed_to, tables.person.c.name.label("name"),
               tables.unit.c.name.label("unit_name"))
        .join(handler, handler.c.document == document.c.id).join(direction, direction.c.id == handler.c.direction)
        .join(tables.person, tables.person.c.id == handler.c.person)
        .outerjoin(tables.unit, tables.unit.c.id == handler.c.unit)
        .outerjoin(tables.paper_copy, tables.paper_copy.c.document == document.c.id)
        .where(direction.c.at >= start_of(q.first_day), direction.c.at < start_of(q.last_day + timedelta(days=1))))
    if q.unit is not None:
        query = query.where(handler.c.person.in_(select(tables.post.c.person).where(
            tables.post.c.unit == q.unit, *held_between(q.first_day, q.last_day))))
    rows = work.connection.execute(query.order_by(direction.c.at, handler.c.id)).mappings()
    return tuple(HandOverLine(
        DocumentId(row["id"]), row["arrival_number"], written(row), row["type_name"], row["subject"],
        f"{row['unit_name']} ({row['name']})" if row["unit_name"] else row["name"], HandlerRole(row["role"]),
        row["passed_on"], row["handed_to"] == row["to_person"], row["accepted_at"] or row["opened_at"]) for row in rows)


def written(row: RowMapping) -> str:
    number, notation = row["code_number"], row["code_notation"]
    return f"{number}/{notation}" if number and notation else number or notation or ""


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One incoming document that has to be solved. progress: the newest note; per cent where one was given."""

    document: DocumentId
    arrival_number: int
    type_name: str
    number_and_symbol: str
    issued_date: date | None
    issuer_name: str
    receiver: str
    due_date: date | None
    state: State
    progress: str
    percent: int | None
    finished_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class FollowUp(Query[tuple[FollowUpLine, ...]]):
    """The follow-up register (Sổ theo dõi giải quyết văn bản đến): documents that arrived between two days (both
    included) and were given to somebody, in the order of their numbers. Raises: NotYours."""

    first_day: date
    last_day: date


@answers(FollowUp)
def follow_up(work: Work, me: Actor, q: FollowUp) -> tuple[FollowUpLine, ...]:
    if not sees_all(me):
        raise NotYours(command="FollowUp")
    document = tables.document
    rows = work.connection.execute(
        select(document).where(
            document.c.flow == Flow.INCOMING, document.c.arrival_date.between(q.first_day, q.last_day),
            document.c.state.in_([State.ASSIGNED, State.IN_WORK, State.FINISHED]))
        .order_by(document.c.arrival_date, document.c.register, document.c.arrival_number)).mappings().all()
    found: list[FollowUpLine] = []
    for start in range(0, len(rows), AT_ONCE):
        found += lines_of(work, rows[start:start + AT_ONCE])
    return tuple(found)


def lines_of(work: Work, rows: Sequence[RowMapping]) -> Iterable[FollowUpLine]:
    ids = [row["id"] for row in rows]
    leads, notes = lead_of(work, ids), newest_of(work, tables.progress_note, ids)
    closings, answered = newest_of(work, tables.closing, ids), answers_of(work, ids)
    for row in rows:
        note, closing = notes.get(row["id"]), closings.get(row["id"])
        yield FollowUpLine(
            DocumentId(row["id"]), row["arrival_number"], row["type_name"], written(row), row["issued_date"],
            row["issuer_name"] or "", leads.get(row["id"], ""), row["due_date"], State(row["state"]),
            note["words"] if note else "", note["percent"] if note else None,
            closing["at"] if closing and closing["reopened_at"] is None else None, answered.get(row["id"], ""))


def lead_of(work: Work, documents: Sequence[str]) -> dict[str, str]:
    """The leader's own choice: a unit by its name, else the person."""
    rows = work.connection.execute(
        select(tables.handler.c.document, tables.person.c.name, tables.unit.c.name.label("unit_name"))
        .join(tables.person, tables.person.c.id == tables.handler.c.person)
        .outerjoin(tables.unit, tables.unit.c.id == tables.handler.c.unit)
        .where(tables.handler.c.document.in_(documents), tables.handler.c.role == HandlerRole.LEAD)
        .order_by(tables.handler.c.id.desc()))
    return {row.document: row.unit_name or row.name for row in rows}


def newest_of(work: Work, table: Any, documents: Sequence[str]) -> dict[str, RowMapping]:
    newest = select(func.max(table.c.id)).where(table.c.document.in_(documents)).group_by(table.c.document)
    return {row["document"]: row for row in work.connection.execute(
        select(table).where(table.c.id.in_(newest))).mappings()}


def answers_of(work: Work, documents: Sequence[str]) -> dict[str, str]:
    """Numbers of the issued documents that answer these."""
    rows = work.connection.execute(
        select(tables.link.c.target, tables.document.c.code_number, tables.document.c.code_notation)
        .join(tables.document, tables.document.c.id == tables.link.c.source)
        .where(tables.link.c.target.in_(documents), tables.link.c.kind == LinkKind.ANSWERS,
               tables.document.c.code_number.is_not(None)).order_by(tables.document.c.id)).mappings()
    found: dict[str, str] = {}
    for row in rows:
        found[row["target"]] = "; ".join(part for part in (found.get(row["target"], ""), written(row)) if part)
    return found
