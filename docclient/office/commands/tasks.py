"""Tasks without a document: give, accept, report progress, finish with a result, give back, extend, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from docclient.office.access import whole
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.handling import person_behind
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    Handler,
    HandlerRole,
    PersonId,
    Role,
    State,
    new_id,
    today,
)
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.tasks import (
    OPEN,
    Task,
    TaskState,
    add_step,
    change_task,
    gave,
    leads,
    persons_of,
    put_on,
    works_on,
)
from docclient.office.tasks import load_task as load
from docclient.office.things import thing_rule
from docclient.store import tables
from docclient.store.work import Work

GIVERS = frozenset({Role.LEADER, Role.CHIEF_OF_OFFICE, Role.HEAD_OF_UNIT})
LONG = {"words": AskKind.LONG_TEXT, "reason": AskKind.LONG_TEXT, "result": AskKind.LONG_TEXT}


def receipt_of(work: Work, command: Command, task: Task) -> Receipt:
    return Receipt(type(command).__name__, work.entry,
                   facts={"task": task.id, "version": str(task.version), "state": task.state.value})


@dataclass(frozen=True, slots=True)
class GiveTask(Command):
    """Give a task: one person leads, others help, by when, in which words; documents it is about, if any.

    Leaders, the chief of office and heads of units give tasks to others; everybody may set one for themselves.
    """

    title: str
    lead: PersonId
    words: str = ""
    due_date: date | None = None
    helping: tuple[PersonId, ...] = ()
    documents: tuple[DocumentId, ...] = ()


@rule(GiveTask, kinds={**LONG, "lead": AskKind.PERSON}, hidden={"documents", "helping"})
def give_task(work: Work, me: Actor, c: GiveTask) -> Receipt:
    made = make_task(work, me, c.title, c.lead, c.words, c.due_date, c.helping, c.documents)
    return Receipt(type(c).__name__, work.entry, facts={"task": made, "version": "1", "state": TaskState.GIVEN})


@dataclass(frozen=True, slots=True)
class GiveTaskOn(Command):
    """Give a task about this document; those who lead and help see the document from then on. helping: persons, or
    units, of which the head helps."""

    document: DocumentId
    version: int
    title: str
    lead: PersonId
    words: str = ""
    due_date: date | None = None
    helping: tuple[Handler, ...] = ()


def subject_as_title(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"title": document.subject}


@rule(GiveTaskOn, by=GIVERS, in_states=frozenset(State), prefill=subject_as_title, order=85,
      kinds={**LONG, "lead": AskKind.PERSON})
def give_task_on(work: Work, me: Actor, c: GiveTaskOn) -> Receipt:
    helping = tuple(person_behind(work, each, "helping") for each in c.helping)
    made = make_task(work, me, c.title, c.lead, c.words, c.due_date, helping, (c.document,))
    return receipt_for(work, c, work.document(c.document), task=made)


def make_task(work: Work, me: Actor, title: str, lead: PersonId, words: str, due: date | None,
              helping: tuple[PersonId, ...], documents: tuple[DocumentId, ...]) -> str:
    if not title.strip():
        raise FieldWrong("title", Why.EMPTY)
    if due is not None and due < today():
        raise FieldWrong("due_date", Why.NOT_LATER)
    everybody = (lead, *helping)
    if len(set(everybody)) != len(everybody):
        raise FieldWrong("helping", Why.TWICE)
    if not me.roles & GIVERS and any(each != me.person for each in everybody):
        raise FieldWrong("lead", Why.NOT_YOURS)
    for field, person in (("lead", lead), *(("helping", each) for each in helping)):
        known = work.connection.scalar(select(tables.person.c.id).where(
            tables.person.c.id == person, tables.person.c.active.is_(True)))
        if known is None:
            raise FieldWrong(field, Why.UNKNOWN)
    identity = new_id()
    work.connection.execute(insert(tables.task).values(
        id=identity, version=1, state=TaskState.GIVEN, title=title.strip(), words=words.strip(), given_by=me.person,
        due_date=due, progress=0, result="", created_at=work.at, updated_at=work.at))
    put_on(work, identity, [(lead, HandlerRole.LEAD), *((each, HandlerRole.HELPING) for each in helping)])
    for document in dict.fromkeys(documents):
        seen = work.connection.scalar(select(tables.document.c.id).where(
            tables.document.c.id == document, tables.document.c.frozen_at.is_(None), whole(me)))
        if seen is None:            # one file alone was granted, say: nobody passes on, or to oneself, more than that
            raise FieldWrong("documents", Why.UNKNOWN)
        work.connection.execute(insert(tables.task_document).values(task=identity, document=document))
        work.let_see(document, everybody)
    add_step(work, identity, "GiveTask", me.person, words.strip(), 0, due)
    notify(work, everybody, NoticeKind.NEW, task=identity, words=words.strip())
    return identity


@dataclass(frozen=True, slots=True)
class AcceptTask(Command):
    """Take the task on: whoever gave it sees that it was received."""

    task: str
    version: int


@thing_rule(AcceptTask, "task", load, in_states={TaskState.GIVEN}, when=leads, order=10)
def accept_task(work: Work, me: Actor, c: AcceptTask, task: Task) -> Receipt:
    changed = change_task(work, task, "AcceptTask", me.person, state=TaskState.IN_WORK)
    people = tables.task_person
    work.connection.execute(update(people).where(people.c.task == task.id, people.c.person == me.person)
                            .values(accepted_at=work.at))
    notify(work, [task.given_by], NoticeKind.PROGRESS, task=task.id)
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class NoteTaskProgress(Command):
    """Say how far it has come, in percent and in words."""

    task: str
    version: int
    progress: int
    words: str


def present_progress(work: Work, me: Actor, task: Task) -> Mapping[str, Any]:
    return {"progress": task.progress}


@thing_rule(NoteTaskProgress, "task", load, in_states=OPEN, when=works_on, prefill=present_progress, kinds=LONG,
            order=20)
def note_task_progress(work: Work, me: Actor, c: NoteTaskProgress, task: Task) -> Receipt:
    if not 0 <= c.progress <= 100:
        raise FieldWrong("progress", Why.NOT_A_PERCENTAGE)
    if not c.words.strip():
        raise FieldWrong("words", Why.EMPTY)
    changed = change_task(work, task, "NoteTaskProgress", me.person, words=c.words.strip(), step_progress=c.progress,
                          state=TaskState.IN_WORK, progress=c.progress)
    notify(work, [task.given_by, *persons_of(work, task.id)], NoticeKind.PROGRESS, task=task.id, words=c.words.strip())
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class FinishTask(Command):
    """The task is done; the result goes to whoever gave it."""

    task: str
    version: int
    result: str


@thing_rule(FinishTask, "task", load, in_states=OPEN, when=leads, kinds=LONG, order=15)
def finish_task(work: Work, me: Actor, c: FinishTask, task: Task) -> Receipt:
    if not c.result.strip():
        raise FieldWrong("result", Why.EMPTY)
    changed = change_task(work, task, "FinishTask", me.person, words=c.result.strip(), step_progress=100,
                          state=TaskState.FINISHED, progress=100, result=c.result.strip(), finished_at=work.at)
    notify(work, [task.given_by, *persons_of(work, task.id)], NoticeKind.FINISHED, task=task.id, words=c.result.strip())
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class GiveTaskBack(Command):
    """Give the task back to whoever gave it, with the reason."""

    task: str
    version: int
    reason: str


@thing_rule(GiveTaskBack, "task", load, in_states=OPEN, when=leads, kinds=LONG, order=90, negative=True)
def give_task_back(work: Work, me: Actor, c: GiveTaskBack, task: Task) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    changed = change_task(work, task, "GiveTaskBack", me.person, words=c.reason.strip(), state=TaskState.GIVEN_BACK)
    notify(work, [task.given_by, *persons_of(work, task.id)], NoticeKind.RETURNED, task=task.id, words=c.reason.strip())
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class GiveTaskAnew(Command):
    """Give a task that came back, or was finished without doing, to the same or another person."""

    task: str
    version: int
    lead: PersonId
    words: str = ""
    due_date: date | None = None


def former_lead(work: Work, me: Actor, task: Task) -> Mapping[str, Any]:
    return {"lead": next(iter(persons_of(work, task.id, HandlerRole.LEAD)), None),
            "due_date": task.due_date.isoformat() if task.due_date else None}


@thing_rule(GiveTaskAnew, "task", load, in_states={TaskState.GIVEN_BACK, TaskState.FINISHED}, when=gave,
            prefill=former_lead, kinds={**LONG, "lead": AskKind.PERSON}, order=30)
def give_task_anew(work: Work, me: Actor, c: GiveTaskAnew, task: Task) -> Receipt:
    if c.due_date is not None and c.due_date < today():
        raise FieldWrong("due_date", Why.NOT_LATER)
    work.actor(c.lead)                                    # NotFound for nobody of the office
    people = tables.task_person
    former = persons_of(work, task.id, HandlerRole.LEAD)
    for person in former:
        work.connection.execute(update(people).where(people.c.task == task.id, people.c.person == person)
                                .values(role=HandlerRole.HELPING, accepted_at=None))
    if not work.insert_once(people, task=task.id, person=c.lead, role=HandlerRole.LEAD):
        work.connection.execute(update(people).where(people.c.task == task.id, people.c.person == c.lead)
                                .values(role=HandlerRole.LEAD))
    for document in work.connection.scalars(select(tables.task_document.c.document).where(
            tables.task_document.c.task == task.id)).all():
        work.let_see(DocumentId(document), [c.lead])
    changed = change_task(work, task, "GiveTaskAnew", me.person, words=c.words.strip(), step_due=c.due_date,
                          state=TaskState.GIVEN, due_date=c.due_date, progress=0, result="", finished_at=None)
    notify(work, persons_of(work, task.id), NoticeKind.NEW, task=task.id, words=c.words.strip())
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class ExtendTask(Command):
    """Put off what is due, with the reason."""

    task: str
    version: int
    due_date: date
    reason: str


@thing_rule(ExtendTask, "task", load, in_states=OPEN, when=gave, kinds=LONG, order=50)
def extend_task(work: Work, me: Actor, c: ExtendTask, task: Task) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    if c.due_date < today() or (task.due_date is not None and c.due_date <= task.due_date):
        raise FieldWrong("due_date", Why.NOT_LATER)
    changed = change_task(work, task, "ExtendTask", me.person, words=c.reason.strip(), step_due=c.due_date,
                          due_date=c.due_date)
    notify(work, persons_of(work, task.id), NoticeKind.DEADLINE_CHANGED, task=task.id, words=c.reason.strip())
    return receipt_of(work, c, changed)


@dataclass(frozen=True, slots=True)
class CancelTask(Command):
    """Whoever gave the task takes it back, with the reason."""

    task: str
    version: int
    reason: str


@thing_rule(CancelTask, "task", load, in_states={*OPEN, TaskState.GIVEN_BACK}, when=gave, kinds=LONG, order=95,
            negative=True)
def cancel_task(work: Work, me: Actor, c: CancelTask, task: Task) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    changed = change_task(work, task, "CancelTask", me.person, words=c.reason.strip(), state=TaskState.CANCELLED)
    notify(work, persons_of(work, task.id), NoticeKind.TAKEN_BACK, task=task.id, words=c.reason.strip())
    return receipt_of(work, c, changed)
