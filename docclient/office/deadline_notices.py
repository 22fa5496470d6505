"""What the calendar has to tell: due in three working days, in one, overdue; case files due at the archive soon.

Each is told once per deadline: a later date begins anew. What was told stands in `notice`, so a restart tells nothing
twice; two windows that sweep at once meet at its unique key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select

from docclient.office.case_files import WARNING_DAYS, CaseFileState
from docclient.office.deadlines import ENDED, SOON_DAYS, office_calendar
from docclient.office.model import PersonId, Role, UnitId
from docclient.office.notices import ALWAYS, Manner, NoticeKind, with_role
from docclient.office.posts import held
from docclient.office.tasks import OPEN
from docclient.office.working_days import WorkingCalendar
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class ToTell:
    """One notice that is due. about: with person, kind and thing, what makes it once."""

    person: PersonId
    kind: NoticeKind
    about: str
    document: str | None = None
    task: str | None = None
    case_file: str | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.document or self.task or self.case_file}:{self.about}"


def still_to_tell(work: Work, day: date) -> list[ToTell]:
    """What is due to be told on `day` and was not told yet, by person."""
    calendar = office_calendar(work)
    horizon = calendar.after(day, SOON_DAYS)
    due = [*of_documents(work, day, horizon, calendar), *of_tasks(work, day, horizon, calendar),
           *of_case_files(work, day)]
    found = list({(each.person, each.key): each for each in due}.values())
    told: set[tuple[str, str]] = set()
    keys = sorted({each.key for each in found})
    for start in range(0, len(keys), 500):
        told.update((row.person, row.about) for row in work.connection.execute(
            select(tables.notice.c.person, tables.notice.c.about)
            .where(tables.notice.c.about.in_(keys[start:start + 500]))))
    choice = tables.notice_choice
    never = {(row.person, row.kind) for row in work.connection.execute(
        select(choice.c.person, choice.c.kind).where(choice.c.manner == Manner.NEVER))}
    return [each for each in found if (each.person, each.key) not in told
            and (each.kind in ALWAYS or (each.person, each.kind) not in never)]


def stage(due: date, day: date, calendar: WorkingCalendar) -> NoticeKind | None:
    if due < day:
        return NoticeKind.OVERDUE
    left = calendar.between(day, due)
    return NoticeKind.TOMORROW if left <= 1 else NoticeKind.SOON if left <= SOON_DAYS else None


def of_documents(work: Work, day: date, horizon: date, calendar: WorkingCalendar) -> Iterator[ToTell]:
    """Whoever the document waits for is warned; when it is overdue, also whoever directed it."""
    waiting, document, direction = tables.waiting, tables.document, tables.direction
    rows = work.connection.execute(
        select(document.c.id, document.c.due_date, waiting.c.person, waiting.c.role, waiting.c.unit)
        .join(waiting, waiting.c.document == document.c.id)
        .where(waiting.c.due <= horizon, document.c.state.not_in(ENDED), document.c.frozen_at.is_(None))
        .order_by(document.c.id)).all()
    holders: dict[tuple[str, str | None], list[PersonId]] = {}
    late: set[str] = set()
    for row in rows:
        kind = stage(row.due_date, day, calendar)
        if kind is None:
            continue
        about = row.due_date.isoformat()
        for person in persons_waited_for(work, row.person, row.role, row.unit, holders):
            yield ToTell(person, kind, about, document=row.id)
        if kind is NoticeKind.OVERDUE:
            late.add(row.id)
    for start in range(0, len(late), 500):
        directed = work.connection.execute(
            select(direction.c.document, direction.c.by, document.c.due_date)
            .join(document, document.c.id == direction.c.document)
            .where(direction.c.document.in_(sorted(late)[start:start + 500])).distinct())
        for found, by, due in directed:
            yield ToTell(PersonId(by), NoticeKind.OVERDUE, due.isoformat(), document=found)


def persons_waited_for(work: Work, person: str | None, role: str | None, unit: str | None,
                       known: dict[tuple[str, str | None], list[PersonId]]) -> list[PersonId]:
    if person is not None:
        return [PersonId(person)]
    if role is None:
        return []
    if (role, unit) not in known:
        known[role, unit] = with_role(work, Role(role), UnitId(unit) if unit else None)
    return known[role, unit]


def of_tasks(work: Work, day: date, horizon: date, calendar: WorkingCalendar) -> Iterator[ToTell]:
    """Whoever works on a task is warned; when it is overdue, also whoever gave it."""
    task, people = tables.task, tables.task_person
    rows = work.connection.execute(
        select(task.c.id, task.c.due_date, task.c.given_by, people.c.person).join(people, people.c.task == task.c.id)
        .where(task.c.due_date <= horizon, task.c.state.in_(OPEN)).order_by(task.c.id)).all()
    for row in rows:
        kind = stage(row.due_date, day, calendar)
        if kind is not None:
            about = row.due_date.isoformat()
            yield ToTell(PersonId(row.person), kind, about, task=row.id)
            if kind is NoticeKind.OVERDUE:
                yield ToTell(PersonId(row.given_by), kind, about, task=row.id)


def of_case_files(work: Work, day: date) -> Iterator[ToTell]:
    """Thirty days before hand-in is due, the owner and the unit's head are told (Annex VI, E2)."""
    files, post = tables.case_file, tables.post
    due = func.coalesce(files.c.kept_until, files.c.hand_in_due)
    heads = and_(post.c.unit == files.c.unit, post.c.role.in_([Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE]), *held())
    rows = work.connection.execute(
        select(files.c.id, files.c.hand_in_due, files.c.kept_until, files.c.owner, post.c.person)
        .outerjoin(post, heads).where(
            files.c.state == CaseFileState.CLOSED, due <= day + timedelta(days=WARNING_DAYS))
        .order_by(files.c.id)).all()
    for row in rows:
        about = (row.kept_until or row.hand_in_due).isoformat()
        yield ToTell(PersonId(row.owner), NoticeKind.HAND_IN, about, case_file=row.id)
        if row.person is not None:
            yield ToTell(PersonId(row.person), NoticeKind.HAND_IN, about, case_file=row.id)
