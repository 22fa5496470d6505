"""Notices while the window is open: counts them, shows urgings at once, sweeps deadlines once an hour.

Only an urging speaks up over whatever one is doing, and is noted as received then; all others wait, counted, in their
list, and count as seen when it is looked at.
"""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.office.commands.notices import SeeNotices, TellDeadlines
from docclient.office.notices import NoticeKind
from docclient.office.queries.notices import DeadlinesToTell, MyNotices, NoticeView
from ui.background import Lane, Report
from ui.session import Session
from ui.state.notices import Notice

SWEEP_EVERY_MS = 60 * 60 * 1000
FEW = 20


class Telling(QObject):
    """`look` after every change of the office; an urging is shown no second time, also after a restart."""

    counted = Signal(int)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self, interval=SWEEP_EVERY_MS)
        self._timer.timeout.connect(self.sweep)

    def start(self) -> None:
        self.sweep()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def sweep(self) -> None:
        """Tell what the calendar has to tell, if there is anything; whichever window comes first does it for all."""
        office = self._session.office

        def tell(_report: Report, _stop: Event) -> None:
            if office.ask(DeadlinesToTell()):
                office.do(TellDeadlines())

        self._session.background.run(self, Lane.STORE, tell, done=lambda _none: self.look(),
                                     failed=self._session.tell.trouble)

    def look(self) -> None:
        office = self._session.office

        def read(_report: Report, _stop: Event) -> tuple[int, list[NoticeView]]:
            found = office.ask(MyNotices(unread_only=True, limit=FEW))
            urgings = [row for row in found.rows if row.kind is NoticeKind.URGED and row.id in found.untold]
            if urgings:
                office.do(SeeNotices(tuple(row.id for row in urgings)))
            return found.unread, urgings

        self._session.background.run(self, Lane.STORE, read, done=self._show, failed=self._session.tell.trouble)

    def _show(self, found: tuple[int, list[NoticeView]]) -> None:
        unread, urgings = found
        self.counted.emit(unread)
        texts = self._session.texts
        for row in urgings[:1]:
            what = f"{texts(f'notice.{row.kind}')} – " + " · ".join(
                part for part in (row.number_and_symbol, row.title, row.words) if part)
            self._session.tell.tell(Notice.news(texts, "notices_window.came_one", what=what))
        if len(urgings) > 1:
            self._session.tell.tell(Notice.news(texts, "notices_window.came", count=len(urgings)))
