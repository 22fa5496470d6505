"""The trail of a document: every act and every look, in the order of time; who held it how long; accesses counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from docclient.office.access import sees_all, visible
from docclient.office.case_files import load_case_file, visible_files
from docclient.office.deadlines import office_calendar
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import VIETNAM, Actor, DocumentId, Role, WaitKind, now, start_of
from docclient.office.posts import HeldPost, post_on, posts_by
from docclient.office.queries.document_page import seen_whole, words_in
from docclient.office.registry import answers
from docclient.office.views import ViewKind
from docclient.store import tables
from docclient.store.work import Work

MOST_LOOKS = 5_000


class TrailKind(StrEnum):
    ACT = "act"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """code: of what happened, a words code (`done.<command>` or `view.<kind>`). entry: the journal's number, None for a
    look. words: what the person wrote. mark: what a print carries."""

    kind: TrailKind
    at: datetime
    person_name: str
    code: str
    words: str
    entry: int | None
    mark: str


@dataclass(frozen=True, slots=True)
class HeldView:
    """One stretch in which the document waited for somebody. until: None while it still does. working_days: touched by
    the stretch beyond its first day; seconds: from beginning to end, or to now."""

    kind: WaitKind
    holder_name: str
    unit_name: str
    role: Role | None
    since: datetime
    until: datetime | None
    working_days: int
    seconds: int


@dataclass(frozen=True, slots=True)
class UnitTime:
    """How long a unit held the document altogether; several of its people at once count once."""

    unit_name: str
    seconds: int
    working_days: int


@dataclass(frozen=True, slots=True)
class TrailView:
    """entries: oldest first. held: in the order of time. units: longest first. last_moved: when it last went on."""

    entries: tuple[TrailEntry, ...]
    held: tuple[HeldView, ...]
    units: tuple[UnitTime, ...]
    last_moved: datetime | None
    looks: int
    lookers: int


@dataclass(frozen=True, slots=True)
class Trail(Query[TrailView]):
    """Raises: NotFound."""

    document: DocumentId


@dataclass(frozen=True, slots=True)
class CaseFileTrail(Query[tuple[TrailEntry, ...]]):
    """Acts and looks of a case file, oldest first. Raises: NotFound."""

    case_file: str


@dataclass(frozen=True, slots=True)
class ItemAccess:
    """Accesses of one document or case file. title: empty for whoever reads no content."""

    document: DocumentId | None
    case_file: str | None
    title: str
    accesses: int
    persons: int


@dataclass(frozen=True, slots=True)
class AccessReport:
    """kinds: accesses by kind; days: by day; items: the most looked at, first."""

    total: int
    persons: int
    kinds: dict[ViewKind, int]
    days: tuple[tuple[date, int], ...]
    items: tuple[ItemAccess, ...]


@dataclass(frozen=True, slots=True)
class AccessCounts(Query[AccessReport]):
    """Accesses per item and of the whole system (F1). The administrator sees counts and no content.

    Raises: NotYours: for clerks, leaders, the chief of office, the archivist and the administrator.
    """

    first: date
    last: date
    items: int = 50


@answers(Trail)
def trail(work: Work, me: Actor, q: Trail) -> TrailView:
    seen_whole(work, me, q.document)
    log = tables.view_log
    acts = acts_of(work, tables.journal.c.document == q.document)
    looks = looks_of(work, log.c.document == q.document)
    held = held_of(work, q.document)
    moved = [each.since for each in held] + [each.until for each in held if each.until]
    return TrailView(tuple(sorted([*acts, *looks], key=lambda each: each.at)), held, by_unit(work, held),
                     max(moved) if moved else None, len(looks), len({each.person_name for each in looks}))


@answers(CaseFileTrail)
def case_file_trail(work: Work, me: Actor, q: CaseFileTrail) -> tuple[TrailEntry, ...]:
    load_case_file(work, me, q.case_file)
    act = tables.case_file_act
    acts = acts_of(work, tables.journal.c.number.in_(select(act.c.entry).where(act.c.case_file == q.case_file)))
    return tuple(sorted([*acts, *looks_of(work, tables.view_log.c.case_file == q.case_file)],
                        key=lambda each: each.at))


def acts_of(work: Work, which: ColumnElement[bool]) -> list[TrailEntry]:
    journal = tables.journal
    rows = work.connection.execute(
        select(journal.c.number, journal.c.at, journal.c.actor_name, journal.c.command, journal.c.fields)
        .where(which, journal.c.command != "NoteUse").order_by(journal.c.number))
    return [TrailEntry(TrailKind.ACT, datetime.fromisoformat(at), actor, f"done.{command}", words_in(fields), number,
                       "") for number, at, actor, command, fields in rows]


def looks_of(work: Work, which: ColumnElement[bool]) -> list[TrailEntry]:
    """The newest looks, oldest first."""
    log = tables.view_log
    rows = work.connection.execute(
        select(log.c.at, log.c.kind, log.c.mark, tables.person.c.name)
        .join(tables.person, tables.person.c.id == log.c.person).where(which)
        .order_by(log.c.at.desc()).limit(MOST_LOOKS)).all()
    return [TrailEntry(TrailKind.LOOK, row.at, row.name, f"view.{row.kind}", "", None, row.mark or "")
            for row in reversed(rows)]


def held_of(work: Work, document: DocumentId) -> tuple[HeldView, ...]:
    held, unit, post = tables.holding, tables.unit, tables.post
    rows = work.connection.execute(
        select(held, tables.person.c.name.label("person_name"), unit.c.name.label("unit_name"))
        .outerjoin(tables.person, tables.person.c.id == held.c.person).outerjoin(unit, unit.c.id == held.c.unit)
        .where(held.c.document == document).order_by(held.c.since, held.c.id)).mappings().all()
    persons = posts_by(work.connection, post.c.person, {each["person"] for each in rows if each["person"]})
    roles = posts_by(work.connection, post.c.role, {each["role"] for each in rows if each["role"]})
    calendar, at = office_calendar(work), now()
    views = []
    for row in rows:
        until = row["until"] or at
        views.append(HeldView(
            WaitKind(row["kind"]), row["person_name"] or "",
            row["unit_name"] or unit_then(persons.get(row["person"], ()) or roles.get(row["role"], ()), row["since"]),
            Role(row["role"]) if row["role"] else None, row["since"], row["until"],
            calendar.between(row["since"].astimezone(VIETNAM).date(), until.astimezone(VIETNAM).date()),
            max(0, int((until - row["since"]).total_seconds()))))
    return tuple(views)


def unit_then(posts: Sequence[HeldPost], since: datetime) -> str:
    """The name of the unit of the post that was held when it came; empty where none was."""
    found = post_on(posts, since.astimezone(VIETNAM).date())
    return found.unit_name if found is not None else ""


def by_unit(work: Work, held: Iterable[HeldView]) -> tuple[UnitTime, ...]:
    """Each unit's stretches, laid together where they overlap."""
    stretches: dict[str, list[tuple[datetime, datetime]]] = {}
    at, calendar = now(), office_calendar(work)
    for each in held:
        if each.unit_name:
            stretches.setdefault(each.unit_name, []).append((each.since, each.until or at))
    found = []
    for name, parts in stretches.items():
        joined: list[tuple[datetime, datetime]] = []
        for since, until in sorted(parts):
            if joined and since <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
            else:
                joined.append((since, until))
        days = sum(calendar.between(since.astimezone(VIETNAM).date(), until.astimezone(VIETNAM).date())
                   for since, until in joined)
        found.append(UnitTime(name, int(sum((until - since).total_seconds() for since, until in joined)), days))
    return tuple(sorted(found, key=lambda each: (-each.seconds, each.unit_name)))


COUNTERS = frozenset({Role.ADMINISTRATOR, Role.ARCHIVIST})


@answers(AccessCounts)
def access_counts(work: Work, me: Actor, q: AccessCounts) -> AccessReport:
    if not (sees_all(me) or me.roles & COUNTERS):
        raise NotYours(command="AccessCounts")
    log = tables.view_log
    within = (log.c.at >= start_of(q.first)) & (log.c.at < start_of(q.last + timedelta(days=1)))
    kinds = {ViewKind(kind): number for kind, number in work.connection.execute(
        select(log.c.kind, func.count()).where(within).group_by(log.c.kind))}
    persons = work.connection.scalar(select(func.count(log.c.person.distinct())).where(within)) or 0
    days: dict[date, int] = {}
    for slot, number in work.connection.execute(
            select(log.c.slot, func.count()).where(within).group_by(log.c.slot)):
        day = datetime.fromtimestamp(slot * 900, UTC).astimezone(VIETNAM).date()
        days[day] = days.get(day, 0) + number
    rows = work.connection.execute(
        select(log.c.document, log.c.case_file, func.count().label("number"),
               func.count(log.c.person.distinct()).label("persons"))
        .where(within).group_by(log.c.document, log.c.case_file)
        .order_by(func.count().desc(), log.c.document, log.c.case_file).limit(max(1, min(q.items, 1_000)))).all()
    titles = titles_of(work, me, [row.document for row in rows if row.document],
                       [row.case_file for row in rows if row.case_file])
    items = tuple(ItemAccess(row.document, row.case_file, titles.get(row.document or row.case_file or "", ""),
                             row.number, row.persons) for row in rows if row.document or row.case_file)
    return AccessReport(sum(kinds.values()), persons, kinds, tuple(sorted(days.items())), items)


def titles_of(work: Work, me: Actor, documents: list[str], files: list[str]) -> dict[str, str]:
    """Of what this person may see."""
    found = {row.id: row.subject for row in work.connection.execute(
        select(tables.document.c.id, tables.document.c.subject)
        .where(tables.document.c.id.in_(documents), visible(me)))}
    found.update({row.id: row.title for row in work.connection.execute(
        select(tables.case_file.c.id, tables.case_file.c.title)
        .where(tables.case_file.c.id.in_(files), visible_files(me)))})
    return found
