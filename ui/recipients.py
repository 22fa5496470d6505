"""Finding recipients for a form: through the office's query, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

from docclient.office.commands.directory import KeepRecipientGroup, RemoveRecipientGroup
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

SHOWN, MOST_LOOKED_AT = 20, 200


class OfficeRecipients:
    """Asks the office. about: the document that is answered, whose sender is offered first; or one that goes out."""

    def __init__(self, session: Session, about: DocumentId | None = None) -> None:
        self._session, self._about = session, about

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None], *, known: bool = False,
             ) -> None:
        office = self._session.office

        def read() -> tuple[Choice, ...]:
            found = office.ask(FindRecipients(text, MOST_LOOKED_AT if known else SHOWN))
            return choices_of([each for each in found if each.known or not known][:SHOWN])

        self._ask(owner, read, done)

    def named(self, owner: Any, codes: Sequence[str], done: Callable[[tuple[Choice, ...]], None]) -> None:
        self._ask(owner, lambda: choices_of(self._session.office.ask(RecipientsNamed(tuple(codes)))), done)

    def sets(self, owner: Any, done: Callable[[tuple[RecipientSet, ...]], None], type_name: str = "") -> None:
        office, texts, about = self._session.office, self._session.texts, self._about

        def read() -> tuple[RecipientSet, ...]:
            before = office.ask(LastRecipients(type_name, about))
            found = []
            for code, recipients in (("answered", before.answered), ("last", before.last)):
                names = choices_of(recipients)
                if names:
                    found.append(RecipientSet(texts(f"recipients_line.{code}", names=names_of(names, texts)), names))
            for each in office.ask(RecipientGroups()):
                words = texts("recipients_line.group", name=each.name, count=len(each.recipients))
                found.append(RecipientSet(words, choices_of(each.recipients), each.id if each.own else "", each.name))
            return tuple(found)

        self._ask(owner, read, done)

    def keep(self, owner: Any, name: str, codes: Sequence[str], done: Callable[[], None], group: str = "") -> None:
        office, tell = self._session.office, self._session.tell

        def give(_report: Report, _stop: Event) -> Receipt:
            return office.do(KeepRecipientGroup(name, tuple(codes), group or None))

        def kept(_receipt: Receipt) -> None:
            tell.good("recipients_line.kept", name=name)
            done()

        self._session.background.run(owner, Lane.STORE, give, done=kept, failed=tell.trouble)

    def remove(self, owner: Any, group: str, name: str, done: Callable[[], None]) -> None:
        office, tell = self._session.office, self._session.tell

        def gone(_receipt: Receipt) -> None:
            tell.good("recipients_line.removed", name=name)
            done()

        self._session.background.run(owner, Lane.STORE,
                                     lambda _report, _stop: office.do(RemoveRecipientGroup(group)), done=gone,
                                     failed=tell.trouble)

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


def with_recipients(choices: Choices, session: Session, about: DocumentId | None = None) -> Choices:
    """The choices of a form, with recipients and agencies found through the office."""
    return replace(choices, recipients=OfficeRecipients(session, about))
