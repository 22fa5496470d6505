"""What the screen of tasks shows, as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.model import DocumentId, HandlerRole
from docclient.office.queries.tasks import TaskRow, TaskView
from docclient.office.tasks import TaskState
from ui.state.dates import Deadline
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One line. who: leads it, and who gave it. new: nobody has accepted it."""

    id: str
    title: str
    who: str
    state: str
    deadline: Deadline
    new: bool

    @classmethod
    def of(cls, row: TaskRow, today: date, texts: Texts) -> Self:
        task = row.task
        state = texts(f"task_state.{task.state}")
        if task.state is TaskState.IN_WORK and task.progress:
            state = f"{state} {task.progress} %"
        return cls(task.id, task.title, texts("task_window.who_line", giver=row.giver_name, lead=row.lead_name), state,
                   Deadline.of(task.due_date, row.standing, today, texts), task.state is TaskState.GIVEN)


@dataclass(frozen=True, slots=True)
class TaskPageShown:
    """One task. document: the first it is about. steps: oldest first."""

    id: str
    heading: str
    words: str
    people: str
    document: DocumentId | None
    document_words: str
    steps: tuple[str, ...]

    @classmethod
    def of(cls, view: TaskView, texts: Texts) -> Self:
        task = view.row.task
        people = [texts("task_window.given_by", person=view.row.giver_name)]
        for role in (HandlerRole.LEAD, HandlerRole.HELPING):
            names = ", ".join(each.name for each in view.people if each.role is role)
            if names:
                people.append(f"{texts(f'handler_role.{role}')}: {names}")
        steps = []
        for each in view.steps:
            said = [texts.moment(each.at), each.by_name, texts.or_else(f"done.{each.command}", each.command)]
            if each.progress is not None and each.command == "NoteTaskProgress":
                said.append(f"{each.progress} %")
            steps.append(" · ".join(said) + (f"\n    {each.words}" if each.words else ""))
        first = view.documents[0] if view.documents else None
        return cls(task.id, task.title, task.words, "\n".join(people), first.id if first else None,
                   f"{first.number_and_symbol} {first.subject}".strip() if first else "", tuple(steps))
