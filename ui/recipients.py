"""Finding recipients for a form: through the office's query, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

from docclient.office.commands.directory import KeepRecipientGroup
from docclient.office.door import Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.directory import (
    FindRecipients,
    LastRecipients,
    RecipientGroups,
    RecipientsNamed,
    RecipientView,
)
from ui.background import Lane, Report
from ui.session import Session
from ui.state.offers import Choice, Choices, RecipientSet
from ui.texts import Texts

USUAL_TYPE = "Công văn"


class OfficeRecipients:
    """Asks the office. answering: the document that is answered, whose sender is offered first."""

    def __init__(self, session: Session, answering: DocumentId | None = None, type_name: str = USUAL_TYPE) -> None:
        self._session, self._answering, self._type_name = session, answering, type_name

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None]) -> None:
        self._ask(owner, lambda: choices_of(self._session.office.ask(FindRecipients(text))), done)

    def named(self, owner: Any, codes: Sequence[str], done: Callable[[tuple[Choice, ...]], None]) -> None:
        self._ask(owner, lambda: choices_of(self._session.office.ask(RecipientsNamed(tuple(codes)))), done)

    def sets(self, owner: Any, done: Callable[[tuple[RecipientSet, ...]], None]) -> None:
        office, texts = self._session.office, self._session.texts

        def read() -> tuple[RecipientSet, ...]:
            last = choices_of(office.ask(LastRecipients(self._type_name, self._answering)))
            code = "recipients_line.last" if self._answering is None else "recipients_line.answered"
            found = [RecipientSet(texts(code, names=names_of(last, texts)), last)] if last else []
            found += [RecipientSet(texts("recipients_line.group", name=each.name, count=len(each.recipients)),
                                   choices_of(each.recipients)) for each in office.ask(RecipientGroups())]
            return tuple(found)

        self._ask(owner, read, done)

    def keep(self, owner: Any, name: str, codes: Sequence[str], done: Callable[[], None]) -> None:
        office, tell = self._session.office, self._session.tell

        def give(_report: Report, _stop: Event) -> Receipt:
            return office.do(KeepRecipientGroup(name, tuple(codes)))

        def kept(_receipt: Receipt) -> None:
            tell.good("recipients_line.kept", name=name)
            done()

        self._session.background.run(owner, Lane.STORE, give, done=kept, failed=tell.trouble)

    def _ask(self, owner: Any, read: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._session.background.run(owner, Lane.STORE, lambda _report, _stop: read(), done=done,
                                     failed=self._session.tell.trouble)


def choices_of(found: Iterable[RecipientView]) -> tuple[Choice, ...]:
    return tuple(Choice(each.code, each.name, ", ".join(part for part in (each.code, each.parent) if part))
                 for each in found)


def names_of(recipients: Sequence[Choice], texts: Texts) -> str:
    if len(recipients) <= 2:
        return ", ".join(each.text for each in recipients)
    return texts("recipients_line.more", first=recipients[0].text, count=len(recipients) - 1)


def with_recipients(choices: Choices, session: Session, answering: DocumentId | None = None) -> Choices:
    """The choices of a form, with recipients found through the office."""
    return replace(choices, recipients=OfficeRecipients(session, answering))
