"""Tasks as lists and pages. `TasksForMe` stands beside `WaitingForMe` on the home screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from docclient.office.access import visible
from docclient.office.deadlines import Standing, office_calendar
from docclient.office.door import Query
from docclient.office.model import Actor, HandlerRole, PersonId, State, today
from docclient.office.queries.documents import DocumentRow, rows_of
from docclient.office.registry import answers
from docclient.office.tasks import OPEN, Task, TaskState, load_task, task_of
from docclient.office.things import ThingOffer, acts_on
from docclient.store import tables
from docclient.store.work import Work


class TaskSide(StrEnum):
    """Words codes `task_side.<value>`."""

    MINE = "mine"              # to do: given to me
    GIVEN = "given"            # that I gave to others


@dataclass(frozen=True, slots=True)
class TaskPersonView:
    person: PersonId
    name: str
    role: HandlerRole
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: Task
    standing: Standing
    giver_name: str
    lead_name: str
    documents: int


@dataclass(frozen=True, slots=True)
class TaskList:
    """rows: nearest deadline first, then oldest. open: how many are not finished, of each side."""

    rows: tuple[TaskRow, ...]
    open: dict[TaskSide, int]


@dataclass(frozen=True, slots=True)
class TasksForMe(Query[TaskList]):
    """Tasks given to this person, or by them. done: also those that have ended."""

    side: TaskSide = TaskSide.MINE
    done: bool = False
    limit: int = 200


@dataclass(frozen=True, slots=True)
class TaskStepView:
    """command: words code `done.<command>`."""

    at: datetime
    by_name: str
    command: str
    words: str
    progress: int | None
    due_date: date | None


@dataclass(frozen=True, slots=True)
class TaskView:
    row: TaskRow
    people: tuple[TaskPersonView, ...]
    documents: tuple[DocumentRow, ...]
    steps: tuple[TaskStepView, ...]
    offers: tuple[ThingOffer, ...]


@dataclass(frozen=True, slots=True)
class TaskPage(Query[TaskView]):
    """Raises: NotFound."""

    task: str


@answers(TasksForMe)
def tasks_for_me(work: Work, me: Actor, q: TasksForMe) -> TaskList:
    task, people = tables.task, tables.task_person
    to_me = select(people.c.task).where(people.c.person == me.person)
    by_me = (task.c.given_by == me.person) & task.c.id.not_in(to_me)
    sides = {TaskSide.MINE: task.c.id.in_(to_me), TaskSide.GIVEN: by_me}
    counts = {side: work.connection.scalar(select(func.count()).select_from(task).where(
        where, task.c.state.in_(OPEN))) or 0 for side, where in sides.items()}
    query = select(task).where(sides[q.side])
    if not q.done:
        query = query.where(task.c.state.in_({*OPEN, TaskState.GIVEN_BACK} if q.side is TaskSide.GIVEN else OPEN))
    found = work.connection.execute(query.order_by(
        task.c.due_date.is_(None), task.c.due_date, task.c.id).limit(max(1, min(q.limit, 1_000)))).mappings().all()
    return TaskList(task_rows(work, [task_of(row) for row in found]), counts)


def task_rows(work: Work, tasks: Sequence[Task]) -> tuple[TaskRow, ...]:
    wanted = [each.id for each in tasks]
    people, person = tables.task_person, tables.person
    leads = {row[0]: row[1] for row in work.connection.execute(
        select(people.c.task, person.c.name).join(person, person.c.id == people.c.person)
        .where(people.c.task.in_(wanted), people.c.role == HandlerRole.LEAD))}
    givers = {row[0]: row[1] for row in work.connection.execute(
        select(person.c.id, person.c.name).where(person.c.id.in_({each.given_by for each in tasks})))}
    counts = {row[0]: row[1] for row in work.connection.execute(
        select(tables.task_document.c.task, func.count()).where(tables.task_document.c.task.in_(wanted))
        .group_by(tables.task_document.c.task))}
    day, calendar = today(), office_calendar(work)
    return tuple(TaskRow(
        each, Standing.of(State.IN_WORK if each.state in OPEN else State.FINISHED, each.due_date, day, calendar),
        givers.get(each.given_by, ""), leads.get(each.id, ""), counts.get(each.id, 0)) for each in tasks)


@answers(TaskPage)
def task_page(work: Work, me: Actor, q: TaskPage) -> TaskView:
    task = load_task(work, me, q.task)
    (row,) = task_rows(work, [task])
    people, person, step = tables.task_person, tables.person, tables.task_step
    on_it = work.connection.execute(
        select(people, person.c.name).join(person, person.c.id == people.c.person).where(people.c.task == task.id)
        .order_by(people.c.role.desc(), person.c.name)).mappings().all()
    steps = work.connection.execute(
        select(step, person.c.name).join(person, person.c.id == step.c.by).where(step.c.task == task.id)
        .order_by(step.c.id)).mappings().all()
    documents = work.connection.execute(
        select(tables.document).join(tables.task_document, tables.task_document.c.document == tables.document.c.id)
        .where(tables.task_document.c.task == task.id, visible(me)).order_by(tables.document.c.id)).mappings().all()
    return TaskView(
        row, tuple(TaskPersonView(each["person"], each["name"], HandlerRole(each["role"]), each["accepted_at"])
                   for each in on_it),
        rows_of(work, documents),
        tuple(TaskStepView(each["at"], each["name"], each["command"], each["words"], each["progress"],
                           each["due_date"]) for each in steps),
        acts_on(work, me, "task", task))
