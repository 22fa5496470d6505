"""Tasks without a document (công việc): who gave them, who leads and helps, where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping, exists, insert, or_, select, update

from docclient.office.errors import NotFound
from docclient.office.model import Actor, HandlerRole, PersonId, new_id
from docclient.store import tables
from docclient.store.work import Work


class TaskState(StrEnum):
    """Words codes `task_state.<value>`. Overdue is computed, never a state."""

    GIVEN = "given"                # mới giao
    IN_WORK = "in_work"            # đang làm
    FINISHED = "finished"          # hoàn thành
    GIVEN_BACK = "given_back"      # trả lại người giao
    CANCELLED = "cancelled"        # hủy


OPEN = frozenset({TaskState.GIVEN, TaskState.IN_WORK})


@dataclass(frozen=True, slots=True)
class Task:
    """progress: percent."""

    id: str
    version: int
    state: TaskState
    title: str
    words: str
    given_by: PersonId
    due_date: date | None
    progress: int
    result: str
    finished_at: datetime | None
    created_at: datetime
    updated_at: datetime


def task_of(row: RowMapping) -> Task:
    return Task(row["id"], row["version"], TaskState(row["state"]), row["title"], row["words"],
                PersonId(row["given_by"]), row["due_date"], row["progress"], row["result"], row["finished_at"],
                row["created_at"], row["updated_at"])


def visible_tasks(me: Actor) -> ColumnElement[bool]:
    """The condition on `task`: given by this person, or to them."""
    return or_(tables.task.c.given_by == me.person, exists(select(1).where(
        tables.task_person.c.task == tables.task.c.id, tables.task_person.c.person == me.person)))


def load_task(work: Work, me: Actor, identity: str) -> Task:
    """Raises: NotFound (also where this person may not see it)."""
    row = work.connection.execute(select(tables.task).where(
        tables.task.c.id == identity, visible_tasks(me))).mappings().first()
    if row is None:
        raise NotFound(what="task", id=identity)
    return task_of(row)


def persons_of(work: Work, task: str, *roles: HandlerRole) -> list[PersonId]:
    people = tables.task_person
    query = select(people.c.person).where(people.c.task == task)
    if roles:
        query = query.where(people.c.role.in_(roles))
    return [PersonId(each) for each in work.connection.scalars(query.order_by(people.c.role, people.c.person))]


def leads(work: Work, me: Actor, task: Task) -> bool:
    return me.person in persons_of(work, task.id, HandlerRole.LEAD)


def works_on(work: Work, me: Actor, task: Task) -> bool:
    return me.person in persons_of(work, task.id)


def gave(work: Work, me: Actor, task: Task) -> bool:
    return task.given_by == me.person


def change_task(work: Work, task: Task, command: str, by: PersonId, *, words: str = "",
                step_progress: int | None = None, step_due: date | None = None, **values: object) -> Task:
    """Change the row, count its version up, and write the step down."""
    work.connection.execute(update(tables.task).where(tables.task.c.id == task.id).values(
        version=task.version + 1, updated_at=work.at, **values))
    add_step(work, task.id, command, by, words, step_progress, step_due)
    return task_of(work.connection.execute(select(tables.task).where(tables.task.c.id == task.id)).mappings().one())


def add_step(work: Work, task: str, command: str, by: PersonId, words: str, progress: int | None,
             due: date | None) -> None:
    work.connection.execute(insert(tables.task_step).values(
        id=new_id(), task=task, by=by, command=command, entry=work.entry, words=words, progress=progress, due_date=due,
        at=work.at))


def put_on(work: Work, task: str, persons: Iterable[tuple[PersonId, HandlerRole]]) -> None:
    for person, role in persons:
        work.connection.execute(insert(tables.task_person).values(task=task, person=person, role=role))
