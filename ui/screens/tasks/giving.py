"""What the form of a new task asks beside the command's plain fields: who helps, which documents it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docclient.office.door import Ask, AskKind
from docclient.office.queries.finding import FindDocuments
from ui.background import Lane
from ui.session import Session
from ui.state.offers import Choice, Choices
from ui.state.rows import ListRow
from ui.widgets.fields_form import FieldsForm
from ui.widgets.pick_documents import PickDocuments

FOUND = 12
NAME_LENGTH = 40


class OfficeDocuments:
    """Finds documents that this person may see, newest first, off the window's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None], *, known: bool = False) -> None:
        office, texts, day = self._session.office, self._session.texts, self._session.today()

        def read(_report: object, _stop: object) -> tuple[Choice, ...]:
            found = office.ask(FindDocuments(text, limit=FOUND))
            return tuple(choice_of(ListRow.of_found(row, day, texts), row.document.number_and_symbol)
                         for row in found.rows)

        self._session.background.run(owner, Lane.STORE, read, done=done, failed=self._session.tell.trouble)


def choice_of(row: ListRow, number: str) -> Choice:
    """A document by its number, or by its subject while it has none."""
    subject = row.subject if len(row.subject) <= NAME_LENGTH else f"{row.subject[:NAME_LENGTH - 1]}…"
    detail = " · ".join(part for part in (row.what, row.issuer, row.issued) if part)
    return Choice(row.id, number or subject, detail)


def ask_helpers(choices: Choices) -> Ask:
    """Everybody of the office; whom this person may give work to is for the office to say."""
    return Ask("helping", AskKind.SEVERAL, required=False, default=(),
               choices=tuple((each.value, each.text) for each in choices.people))


def extend_task_form(session: Session, form: FieldsForm, choices: Choices) -> None:
    form.add(ask_helpers(choices))
    form.add_input("documents", PickDocuments(OfficeDocuments(session), session.texts))
