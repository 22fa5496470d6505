"""The text of files is read for the search while nobody waits for it: a few at a time, with long breaks."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.desk.reading_text import TextsRead, may_read_texts, read_texts
from ui.background import Lane
from ui.session import Session

FIRST_MS = 20_000
EVERY_MS = 60_000
AT_ONCE = 25


class Reading(QObject):
    """For whoever sees the office's documents anyway; one window is enough."""

    ended = Signal(object)          # TextsRead

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running: Event | None = None
        self._timer = QTimer(self, interval=FIRST_MS, singleShot=True)
        self._timer.timeout.connect(self.run)

    def start(self) -> None:
        if may_read_texts(self._session.office):
            self._timer.start()

    def stop(self) -> None:
        """The file in hand is read to its end."""
        self._timer.stop()
        if self._running is not None:
            self._running.set()

    def run(self) -> None:
        if self._running is None:
            office = self._session.office
            self._running = self._session.background.run(
                self, Lane.NET, lambda _report, stop: read_texts(office, most=AT_ONCE, stop=stop),
                done=self._done, failed=lambda _: self._again(), stopped=lambda: None)

    def _done(self, told: TextsRead) -> None:
        self._again(1 if told.read + told.without == AT_ONCE else EVERY_MS)
        self.ended.emit(told)

    def _again(self, after: int = EVERY_MS) -> None:
        """What failed (a server away, a full disk) is tried again; the person is not told of work nobody asked for."""
        self._running = None
        self._timer.start(after)
