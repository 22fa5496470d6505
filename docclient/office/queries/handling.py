"""How an incoming document is handled: who has it, who asked whom when, what was said, how its time runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Table, select

from docclient.office.deadlines import office_calendar
from docclient.office.door import Query
from docclient.office.handling import Directed, Handling, Level, Origin, Share, sent_unopened
from docclient.office.model import VIETNAM, Actor, Document, DocumentId, HandlerRole, PersonId, Role, State, today
from docclient.office.posts import held, persons_with
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers
from docclient.office.rights import sees_whole
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class ShareView:
    """role: within its level. ended_at, ended_why: of somebody who handles it no longer."""

    id: str
    role: HandlerRole
    person: PersonId
    name: str
    unit_name: str
    limit: date | None
    opened_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None
    has_it: bool = False
    ended_at: datetime | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True)
class DirectionStep:
    """Who asked whom, when. origin: how it came about; rule_basis: of the office's rule."""

    id: str
    by: PersonId
    by_name: str
    at: datetime
    words: str
    due_date: date | None
    origin: Origin
    rule_basis: str
    ended_at: datetime | None
    shares: tuple[ShareView, ...]


@dataclass(frozen=True, slots=True)
class LevelView:
    """depth: 0 at the leader's. below: the name of whoever passed it on."""

    depth: int
    below: str
    steps: tuple[DirectionStep, ...]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """answers: the remark that this one answers; depth: how deep in the thread."""

    id: str
    by: PersonId
    by_name: str
    asked_name: str
    words: str
    at: datetime
    answers: str
    depth: int


@dataclass(frozen=True, slots=True)
class ProgressView:
    by_name: str
    percent: int | None
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """granted: None while nobody has answered."""

    by_name: str
    asked_name: str
    due_date: date
    reason: str
    at: datetime
    granted: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class ClosingView:
    """kind: finished, without_answer, kept."""

    by_name: str
    kind: str
    words: str
    at: datetime
    reopened_name: str
    reopened_at: datetime | None
    reopened_why: str


@dataclass(frozen=True, slots=True)
class RecallView:
    by_name: str
    at: datetime
    reason: str
    notice: str
    asked_on: date | None
    state_before: State


@dataclass(frozen=True, slots=True)
class PaperView:
    received_at: datetime
    note: str
    handed_to_name: str
    handed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PresentationView:
    leader_name: str
    by_name: str
    at: datetime
    opened_at: datetime | None
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class DaysView:
    """Working days: used since it arrived, up to today or the end; left until it is due (negative: past it)."""

    used: int
    left: int | None
    arrived: date | None
    due_date: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class HandlingView:
    """has_it: the names of whoever must act now, with their units; empty when nobody must."""

    document: DocumentId
    state: State
    has_it: tuple[str, ...]
    since: datetime | None
    days: DaysView
    presentations: tuple[PresentationView, ...]
    levels: tuple[LevelView, ...]
    ended: tuple[DirectionStep, ...]
    remarks: tuple[RemarkView, ...]
    progress: tuple[ProgressView, ...]
    requests: tuple[RequestView, ...]
    closings: tuple[ClosingView, ...]
    recall: RecallView | None
    paper: PaperView | None
    unopened_by_me: bool


@dataclass(frozen=True, slots=True)
class HandlingOf(Query[HandlingView]):
    """Raises: NotFound."""

    document: DocumentId


class Names:
    """Names of persons and units of one document, read once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._persons: dict[str, str] = {}
        self._units: dict[str, str] = {}

    def person(self, identity: str | None) -> str:
        if identity is None:
            return ""
        if identity not in self._persons:
            self._persons[identity] = self._work.person_name(PersonId(identity))
        return self._persons[identity]

    def unit(self, identity: str | None) -> str:
        if identity is None:
            return ""
        if identity not in self._units:
            self._units[identity] = str(self._work.connection.scalar(
                select(tables.unit.c.name).where(tables.unit.c.id == identity)) or "")
        return self._units[identity]


@answers(HandlingOf)
def handling_of(work: Work, me: Actor, q: HandlingOf) -> HandlingView:
    document, names = seen_document(work, me, q.document), Names(work)
    if me.marked and not sees_whole(work, me, document.id):            # one file alone: nothing of the handling
        return HandlingView(document.id, document.state, (), None, DaysView(0, None, None, None, None), (), (), (), (),
                            (), (), (), None, None, unopened_by_me=False)
    handling = Handling.read(work, q.document)
    has_it, since = who_has_it(work, document, names)
    return HandlingView(
        document=document.id, state=document.state, has_it=has_it, since=since, days=days_of(work, document),
        presentations=tuple(PresentationView(names.person(row["leader"]), names.person(row["by"]), row["at"],
                                             row["opened_at"], row["taken_back_at"])
                            for row in rows_of(work, tables.presentation, document.id)),
        levels=tuple(levels_of(work, handling, document, names)), ended=ended_of(work, document, names),
        remarks=remarks_of(work, document, names),
        progress=tuple(ProgressView(names.person(row["by"]), row["percent"], row["words"], row["at"])
                       for row in rows_of(work, tables.progress_note, document.id)),
        requests=tuple(RequestView(names.person(row["by"]), names.person(row["asked"]), row["due_date"], row["reason"],
                                   row["at"], row["granted"], row["answer"] or "")
                       for row in rows_of(work, tables.extension_request, document.id)),
        closings=tuple(ClosingView(names.person(row["by"]), row["kind"], row["words"], row["at"],
                                   names.person(row["reopened_by"]), row["reopened_at"], row["reopened_why"] or "")
                       for row in rows_of(work, tables.closing, document.id)),
        recall=recall_of(work, document, names), paper=paper_of(work, document, names),
        unopened_by_me=document.frozen_at is None and sent_unopened(work, document.id, me.person))


def rows_of(work: Work, table: Table, document: DocumentId) -> list[RowMapping]:
    return list(work.connection.execute(
        select(table).where(table.c.document == document).order_by(table.c.id)).mappings())


def who_has_it(work: Work, document: Document, names: Names) -> tuple[tuple[str, ...], datetime | None]:
    """Whoever the document waits for to act; who is only to read or to follow does not have it."""
    waiting = work.connection.execute(
        select(tables.waiting).where(tables.waiting.c.document == document.id,
                                     tables.waiting.c.kind.not_in(["read", "follow", "help"]))
        .order_by(tables.waiting.c.id)).mappings().all()
    found: list[str] = []
    for row in waiting:
        if row["person"] is not None:
            found.append(named_with_unit(work, row["person"], names))
        else:
            found += [names.person(each) for each in persons_with(work.connection, Role(row["role"]), row["unit"])]
    return tuple(dict.fromkeys(found)), waiting[0]["since"] if waiting else None


def named_with_unit(work: Work, person: str, names: Names) -> str:
    unit = work.connection.scalar(
        select(tables.unit.c.name).join(tables.post, tables.post.c.unit == tables.unit.c.id)
        .where(tables.post.c.person == person, *held()).order_by(tables.post.c.id).limit(1))
    name = names.person(person)
    return f"{name} ({unit})" if unit and unit not in name else name


def days_of(work: Work, document: Document) -> DaysView:
    calendar, day = office_calendar(work), today()
    arrived = document.arrival_date or document.created_at.astimezone(VIETNAM).date()
    closed = work.connection.scalar(
        select(tables.closing.c.at).where(tables.closing.c.document == document.id,
                                          tables.closing.c.reopened_at.is_(None))
        .order_by(tables.closing.c.id.desc()).limit(1))
    ended = closed.astimezone(VIETNAM).date() if closed is not None else None
    return DaysView(max(0, calendar.between(arrived, ended or day)),
                    calendar.between(ended or day, document.due_date) if document.due_date else None,
                    arrived, document.due_date, ended)


def levels_of(work: Work, handling: Handling, document: Document, names: Names) -> list[LevelView]:
    holder = handling.holder
    open_ = document.state in (State.ASSIGNED, State.IN_WORK)

    def steps(level: Level) -> tuple[DirectionStep, ...]:
        return tuple(step_of(work, each, [share for share in level.shares if share.direction == each.id], names,
                             holder if open_ else None) for each in level.directions)

    def walk(level: Level, depth: int, below: str) -> list[LevelView]:
        found = [LevelView(depth, below, steps(level))]
        for share in level.shares:
            lower = handling.below(share)
            if lower is not None:
                found += walk(lower, depth + 1, names.person(share.person))
        return found

    return [view for level in handling.levels if level.upper is None for view in walk(level, 0, "")]


def step_of(work: Work, directed: Directed, shares: list[Share], names: Names, holder: Share | None) -> DirectionStep:
    basis = ""
    if directed.origin is Origin.RULE:
        basis = str(work.connection.scalar(
            select(tables.routing_rule.c.basis)
            .join(tables.direction, tables.direction.c.routing == tables.routing_rule.c.id)
            .where(tables.direction.c.id == directed.id)) or "")
    return DirectionStep(
        directed.id, directed.by, names.person(directed.by), directed.at, directed.words, directed.due_date,
        directed.origin, basis, None,
        tuple(ShareView(share.id, share.level_role, share.person, names.person(share.person), names.unit(share.unit),
                        share.limit, share.opened_at, share.accepted_at, share.finished_at, share == holder)
              for share in shares))


def ended_of(work: Work, document: Document, names: Names) -> tuple[DirectionStep, ...]:
    """What was directed before: redirected or taken back, with who had it and why that ended."""
    shares: dict[str, list[ShareView]] = {}
    for row in rows_of(work, tables.former_handler, document.id):
        shares.setdefault(row["direction"], []).append(ShareView(
            row["id"], HandlerRole(row["level_role"] or row["role"]), row["person"], names.person(row["person"]),
            names.unit(row["unit"]), row["limit_date"], row["opened_at"], row["accepted_at"], row["finished_at"],
            ended_at=row["ended_at"], ended_why=row["reason"]))
    return tuple(
        DirectionStep(row["id"], row["by"], names.person(row["by"]), row["at"], row["words"], row["due_date"],
                      Origin(row["origin"] or ""), "", row["ended_at"], tuple(shares[row["id"]]))
        for row in rows_of(work, tables.direction, document.id) if row["id"] in shares)


def remarks_of(work: Work, document: Document, names: Names) -> tuple[RemarkView, ...]:
    """The threads, each answer under what it answers."""
    rows = rows_of(work, tables.remark, document.id)
    under: dict[str, list[Any]] = {}
    for row in rows:
        under.setdefault(row["answers"] or "", []).append(row)

    def walk(parent: str, depth: int) -> list[RemarkView]:
        found: list[RemarkView] = []
        for row in under.get(parent, ()):
            found.append(RemarkView(row["id"], row["by"], names.person(row["by"]), names.person(row["asked"]),
                                    row["words"], row["at"], row["answers"] or "", depth))
            found += walk(row["id"], depth + 1)
        return found

    return tuple(walk("", 0))


def recall_of(work: Work, document: Document, names: Names) -> RecallView | None:
    row = work.connection.execute(select(tables.recall_notice).where(
        tables.recall_notice.c.document == document.id)).mappings().first()
    if row is None:
        return None
    return RecallView(names.person(row["by"]), row["at"], row["reason"], row["notice"] or "", row["asked_on"],
                      State(row["state_before"]))


def paper_of(work: Work, document: Document, names: Names) -> PaperView | None:
    row = work.connection.execute(select(tables.paper_copy).where(
        tables.paper_copy.c.document == document.id)).mappings().first()
    return None if row is None else PaperView(row["received_at"], row["note"], names.person(row["handed_to"]),
                                              row["handed_at"])
