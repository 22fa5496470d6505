"""The clerk's post: looks for packets and sends what waits, every minute, when a mailbox tells of news and on demand,
by every way the office has, off the window's thread. Packets dragged onto the window are taken in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.desk.carrying import Round, Way
from docclient.desk.listening import wait_for_news
from docclient.desk.packet_files import TakenFile, take_in_files
from docclient.desk.way_records import carry_round
from ui.background import Lane, Report
from ui.session import Session
from ui.state.notices import Notice

EVERY_MS = 60_000


class Post(QObject):
    """Fetches from all ways and sends by the first that reaches each recipient."""

    ended = Signal(object, object)          # Fetched items, Posted items
    taken = Signal(object)                  # TakenFile of each file

    def __init__(self, session: Session, ways: Callable[[], Sequence[Way]], folder: Path,
                 parent: QObject | None = None) -> None:
        """ways: asked anew for every round, off the window's thread: a way added in the settings is there at once.
        folder: where rounds are remembered."""
        super().__init__(parent)
        self._session, self._ways, self._folder = session, ways, folder
        self._busy = False
        self._running: Event | None = None
        self._listening: Event | None = None
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(lambda: self._run(quiet=True))

    def start(self) -> None:
        self._run(quiet=True)
        self._timer.start()

    def stop(self) -> None:
        """No further round; the one that runs ends after the packet it has in hand."""
        self._timer.stop()
        for each in (self._running, self._listening):
            if each is not None:
                each.set()

    def run_now(self) -> None:
        """The clerk asks: progress is shown, and what happened is told even when it is nothing."""
        self._run(quiet=False)

    def take_files(self, files: Sequence[Path]) -> None:
        """Packets and letters from outside; each refusal is told."""
        office, texts = self._session.office, self._session.texts

        def work(_report: Report, stop: Event) -> list[TakenFile]:
            return take_in_files(office, files, stop)

        def done(found: list[TakenFile]) -> None:
            self._session.progress.end()
            count = sum(each.trouble is None for each in found)
            refused = [texts("packet_file_line.refused", file=each.file.name,
                             reason=texts.trouble(each.trouble).sentence) for each in found if each.trouble is not None]
            told = [texts("packet_file_line.taken", count=count)] if count else []
            self._session.tell.tell(Notice("bad" if refused and not count else "doubt" if refused else "good",
                                           "\n".join([*told, *refused])))
            self.taken.emit(found)

        stop = self._session.background.run(self, Lane.NET, work, done=done, failed=self._refused,
                                            stopped=self._session.progress.end)
        self._session.progress.begin(texts("packet_file_line.working"), stop)

    def _refused(self, error: Exception) -> None:
        self._session.progress.end()
        self._session.tell.trouble(error)

    def _run(self, *, quiet: bool) -> None:
        if self._busy:
            return
        self._busy = True
        office, ways, folder = self._session.office, self._ways, self._folder

        def work(report: Report, stop: Event) -> Round:
            return carry_round(office, ways, folder, progress=report, stop=stop)

        stop = self._running = self._session.background.run(
            self, Lane.NET, work, done=lambda found: self._done(found, quiet=quiet),
            progress=None if quiet else self._session.progress.progress,
            failed=lambda error: self._failed(error, quiet=quiet), stopped=lambda: self._end(quiet=quiet))
        if not quiet:
            self._session.progress.begin(self._session.texts("post_line.working"), stop)

    def _done(self, found: Round, *, quiet: bool) -> None:
        self._end(quiet=quiet)
        texts, tell = self._session.texts, self._session.tell
        if not found.ways and not quiet:
            tell.news("ways.elsewhere")         # a shared office: its server carries
        elif found.taken or found.sent or not quiet:
            tell.good("post_line.done", fetched=found.taken, sent=found.sent)
            troubles = found.troubles
            if len(troubles) == 1:
                tell.trouble(troubles[0][1])
            elif troubles:
                lines = [texts("post_way.done", way=each.name, fetched=each.taken, sent=each.sent)
                         for each in found.ways]
                lines += [f"{name}: {texts.trouble(trouble).sentence}" for name, trouble in troubles]
                tell.tell(Notice("doubt", "\n".join(lines)))
        self.ended.emit([each for way in found.ways for each in way.fetched], list(found.posted))

    def _failed(self, error: Exception, *, quiet: bool) -> None:
        self._end(quiet=quiet)
        if not quiet:
            self._session.tell.trouble(error)
        self.ended.emit([], [])

    def _end(self, *, quiet: bool) -> None:
        self._busy, self._running = False, None
        if not quiet:
            self._session.progress.end()
        self._listen()

    def _listen(self) -> None:
        """A mailbox that tells of something new begins a round; the next minute does in any case."""
        if self._listening is not None or not self._timer.isActive():
            return
        ways = self._ways

        def ended(news: bool = False) -> None:
            self._listening = None
            if news and self._timer.isActive():
                self._run(quiet=True)

        self._listening = self._session.background.run(
            self, Lane.NET, lambda _report, stop: wait_for_news(ways(), stop), lasting=True, done=ended,
            failed=lambda _error: ended(), stopped=ended)      # what is away, the next round says
