"""The first page of a pile is read while the others still come from the scanner: its form stands ready to be looked
through, and what the person types there goes with the letter once it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from docclient.capture.digitise import read_first_page
from docclient.capture.errors import SecretFound
from docclient.desk.known_senders import known_senders
from docclient.desk.workplace import workplace
from docclient.office.commands.arriving import RegisterPaper
from docclient.office.door import Ask
from docclient.office.registry import asks_of, rule_for
from ui.background import Lane, Report
from ui.recipients import with_recipients
from ui.session import Session
from ui.state.directory import Directory
from ui.state.offers import Choices


@dataclass(frozen=True, slots=True)
class FirstPage:
    """page: its file's name in the pile. asks: the fields of the form, before the office knows the letter."""

    page: str
    content: bytes
    fields: Mapping[str, Any]
    asks: tuple[Ask, ...]
    choices: Choices


class EarlyReading(QObject):
    """One first page at a time; given up when the others have come before it was read: then all are read at once."""

    begun = Signal()
    ready = Signal(object)              # FirstPage
    secret = Signal()                   # it bears a secrecy mark; also when it was given up since
    ended = Signal()                    # after each that was begun, given up or not; after `ready` and `secret`

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._stop: Event | None = None

    def begin(self, page: Path) -> None:
        session, office, texts = self._session, self._session.office, self._session.texts

        def look(_report: Report, stop: Event) -> FirstPage:
            with workplace() as folder:
                shown = folder / "first.pdf"
                read = read_first_page(page, known=known_senders(office), stop=stop, shown=shown)
                content = shown.read_bytes()
            choices = with_recipients(Directory.read(office).choices(texts=texts), session)
            asks = asks_of(rule_for(RegisterPaper), {})
            fields = {name: field.as_json() for name, field in read.fields.items()}
            return FirstPage(page.name, content, fields, asks, choices)

        self._stop = session.background.run(self, Lane.PROCESSOR, look, done=self._done, failed=self._failed,
                                            stopped=self.ended.emit)
        self.begun.emit()

    def give_up(self) -> None:
        if self._stop is not None:
            self._stop.set()
            self._stop = None

    def _done(self, found: FirstPage) -> None:
        wanted, self._stop = self._stop, None
        try:
            if wanted is not None and any(field.get("value") for field in found.fields.values()):
                self.ready.emit(found)
        finally:
            self.ended.emit()

    def _failed(self, error: Exception) -> None:
        """Whatever is wrong with it is told when the letter is read; a secrecy mark at once, given up or not."""
        self._stop = None
        if isinstance(error, SecretFound):
            self.secret.emit()
        self.ended.emit()
