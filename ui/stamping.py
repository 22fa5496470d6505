"""Time-stamps that signed documents still wait for: fetched in the background, at the start, after each signature and
as often as services that were away may be asked again. Quiet, unless something came of it."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.desk.stamping import Stamped, queue_of_office, stamp_due_documents
from docclient.time_stamping import stamps_wanted, wish_of
from signing.stamp_queue import MAY_PASS, StampQueueBusy
from ui.background import Lane, Report
from ui.session import Session

EVERY_MS = 300_000
"""What may be tried again by then the queue knows for itself; a pass with nothing to try only asks the office."""


class Stamping(QObject):
    """One pass at a time; asked for during a pass, another follows it."""

    ended = Signal(object)          # the Stamped of a pass

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running: Event | None = None
        self._again = False
        self._over = False
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.run)

    def start(self) -> None:
        if stamps_wanted(self._session.settings) is not None:
            self.run()
            self._timer.start()

    def stop(self) -> None:
        """No further pass; the one that runs ends after the document it has in hand."""
        self._over = True
        self._timer.stop()
        if self._running is not None:
            self._running.set()

    def run(self) -> None:
        """Stamp what is due, if this person wants stamps at all."""
        if self._running is not None:
            self._again = True
            return
        session = self._session
        if self._over or stamps_wanted(session.settings) is None:
            return
        office, settings = session.office, session.settings

        def work(_report: Report, stop: Event) -> tuple[Stamped, ...]:
            return stamp_due_documents(office, wish_of(settings), queue_of_office(office), stop=stop)

        self._running = session.background.run(self, Lane.NET, work, done=self._done, failed=self._failed,
                                               stopped=lambda: self._end(()))

    def _done(self, found: tuple[Stamped, ...]) -> None:
        """One notice for all that came of it. A service that is away is no news: the pages say that a stamp is due."""
        session = self._session
        stamped = sum(each.level is not None for each in found)
        aside = [each for each in found if each.trouble is not None and not isinstance(each.trouble, MAY_PASS)]
        if aside and aside[0].trouble is not None:
            session.tell.news("stamping.set_aside", stamped=stamped, count=len(aside),
                              why=session.texts.trouble(aside[0].trouble).sentence)
        elif stamped:
            session.tell.good("stamping.done", count=stamped)
        self._end(found)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, StampQueueBusy):       # another window of this person is at it
            self._session.tell.trouble(error)
        self._end(())

    def _end(self, found: tuple[Stamped, ...]) -> None:
        self._running = None
        self.ended.emit(found)
        if self._again and not self._over:
            self._again = False
            self.run()
