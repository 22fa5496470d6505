"""Printing books of incoming documents from the window."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from docclient.desk.incoming_papers import print_follow_up, print_hand_over_list
from ui.background import Lane
from ui.dialogs.books_dialog import HAND_OVER, BooksDialog
from ui.screens.verification.saving import ask_target
from ui.session import Session


class Books(QObject):
    """Asks which book, then where to."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: BooksDialog | None = None

    def begin(self) -> None:
        if self.dialog is not None:
            return
        dialog = self.dialog = BooksDialog(self._session.texts, self._session.today(), self._window)
        dialog.answered.connect(self._ask_target)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _ask_target(self, book: str, first_day: date, last_day: date) -> None:
        texts = self._session.texts
        name = texts(f"prints.{book}_file", date=last_day.isoformat(), year=last_day.year)
        ask_target(self._window, texts(f"prints.{book}"), name,
                   lambda target: self.save(book, first_day, last_day, target), filters=texts("prints.kinds"))

    def save(self, book: str, first_day: date, last_day: date, target: Path) -> None:
        office, tell = self._session.office, self._session.tell
        make = print_hand_over_list if book == HAND_OVER else print_follow_up
        self._session.background.run(self, Lane.NET,
                                     lambda _report, _stop: make(office, first_day, last_day, target),
                                     done=lambda written: tell.good("document.saved", file=written.name),
                                     failed=tell.trouble)
