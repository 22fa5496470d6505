"""News of the office: looks for journal entries newer than the last seen, and says so."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.office.door import Change, Office
from docclient.office.queries.office import JournalHead
from ui.background import Background, Lane, Report

EVERY_MS = 4_000


class News(QObject):
    """Asks every few seconds, and at once after an act of our own."""

    arrived = Signal(object)        # the Changes, oldest first
    failed = Signal(object)

    def __init__(self, office: Office, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office, self._background = office, background
        self._since: int | None = None
        self._asking = self._again = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self.look()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._since = None

    def look(self) -> None:
        """Look now; while one look is on its way, the next waits for it."""
        if self._asking:
            self._again = True
            return
        self._asking = True
        office, since = self._office, self._since

        def ask(_report: Report, _stop: Event) -> tuple[int, tuple[Change, ...]]:
            if since is None:
                return office.ask(JournalHead()).entries, ()
            changes = office.changes(since)
            return (changes[-1].entry if changes else since), changes

        self._background.run(self, Lane.STORE, ask, done=self._heard, failed=self._failed)

    def _heard(self, answer: tuple[int, tuple[Change, ...]]) -> None:
        self._asking = False
        self._since, changes = answer
        if changes:
            self.arrived.emit(changes)
        if self._again:
            self._again = False
            self.look()

    def _failed(self, error: Exception) -> None:
        self._asking = self._again = False
        self.failed.emit(error)
