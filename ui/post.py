"""The clerk's post: looks for packets and sends what waits, every minute and on demand, off the window's thread."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.desk.post import Fetched, Posted, fetch_post, send_post
from docclient.exchange.transports.base import Transport
from docclient.exchange.transports.folder import FolderTransport
from ui.background import Lane, Report
from ui.session import Session

EVERY_MS = 60_000


class Post(QObject):
    """Fetches and sends through one transport."""

    ended = Signal(object, object)          # Fetched items, Posted items

    def __init__(self, session: Session, transport: Transport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._transport = session, transport
        self._busy = False
        self._running: Event | None = None
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(lambda: self._run(quiet=True))

    def start(self) -> None:
        self._run(quiet=True)
        self._timer.start()

    def stop(self) -> None:
        """No further round; the one that runs ends after the packet it has in hand."""
        self._timer.stop()
        if self._running is not None:
            self._running.set()

    def run_now(self) -> None:
        """The clerk asks: progress is shown, and what happened is told even when it is nothing."""
        self._run(quiet=False)

    def _run(self, *, quiet: bool) -> None:
        if self._busy:
            return
        self._busy = True
        office, transport = self._session.office, self._transport

        def work(report: Report, stop: Event) -> tuple[list[Fetched], list[Posted]]:
            return fetch_post(office, transport, progress=report, stop=stop), send_post(
                office, transport, progress=report, stop=stop)

        stop = self._running = self._session.background.run(
            self, Lane.NET, work, done=lambda found: self._done(*found, quiet=quiet),
            progress=None if quiet else self._session.progress.progress,
            failed=lambda error: self._failed(error, quiet=quiet), stopped=lambda: self._end(quiet=quiet))
        if not quiet:
            self._session.progress.begin(self._session.texts("post_line.working"), stop)

    def _done(self, fetched: list[Fetched], posted: list[Posted], *, quiet: bool) -> None:
        self._end(quiet=quiet)
        taken = sum(each.receipt is not None for each in fetched)
        sent = sum(each.sent for each in posted)
        if taken or sent or not quiet:
            self._session.tell.good("post_line.done", fetched=taken, sent=sent)
        trouble = next((each.trouble for each in (*fetched, *posted) if each.trouble is not None), None)
        if trouble is not None and (taken or sent or not quiet):
            self._session.tell.trouble(trouble)
        self.ended.emit(fetched, posted)

    def _failed(self, error: Exception, *, quiet: bool) -> None:
        self._end(quiet=quiet)
        if not quiet:
            self._session.tell.trouble(error)
        self.ended.emit([], [])

    def _end(self, *, quiet: bool) -> None:
        self._busy, self._running = False, None
        if not quiet:
            self._session.progress.end()


def folder_transport(inbox: str, outbox: str, office: Path) -> FolderTransport:
    """The folders named in the settings; beside the office's own files without them. Raises: FolderNotWritable."""
    return FolderTransport(Path(inbox) if inbox else office / "exchange" / "inbox",
                           Path(outbox) if outbox else office / "exchange" / "outbox")
