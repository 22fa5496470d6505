"""Scanning from the window: choose, scan, hand the pile over; what was broken off is offered again."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.capture.batch import LeftBatch
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.discovery import Found, discover
from docclient.capture.sources.model import Feed, Profile
from docclient.desk.scanning import Pile, letter_of, piles_folder, piles_left, scan_pile, throw_away
from docclient.office.door import Receipt
from ui.background import Lane, Report
from ui.dialogs.scan_dialog import ScanDialog, ScanWanted
from ui.session import Session


class PaperScanning(QObject):
    """One pile at a time. Lives as long as the paper screen."""

    read = Signal(object)               # Receipt of the letter that a pile became
    busy_changed = Signal(bool)
    piles_found = Signal(object)        # tuple of LeftBatch
    settings_changed = Signal(object)   # settings by name, to be kept

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._window, self._root = session, parent, piles_folder()
        self._last = ScanWanted(session.settings.scanner, Feed(session.settings.scan_feed))
        self._busy = False
        self._into: Path | None = None
        self.dialog: ScanDialog | None = None

    def ask(self, into: LeftBatch | None = None) -> None:
        """Ask which scanner. into: a pile to go on with."""
        if self._busy:
            return
        self._into = into.folder if into is not None else None
        dialog = self.dialog = ScanDialog(self._session.texts, self._last, self._window.window())
        dialog.chosen.connect(self._chosen)
        dialog.look_wanted.connect(self._look)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._look()

    def look_for_piles(self) -> None:
        """What an earlier run left."""
        root = self._root
        if not self._busy:
            self._session.background.run(self, Lane.STORE, lambda _report, _stop: tuple(piles_left(root)),
                                         done=self.piles_found.emit)

    def use(self, pile: LeftBatch) -> None:
        """Digitise what there is of a pile."""
        if not self._busy:
            self._set_busy(True)
            self._digitise(Pile(pile.folder, pile.pages, None))

    def throw_away(self, pile: LeftBatch) -> None:
        def gone(_nothing: None) -> None:
            self._session.tell.good("scan_window.thrown_away")
            self.look_for_piles()

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: throw_away(pile.folder), done=gone,
                                     failed=self._session.tell.trouble)

    # the road of a pile

    def _look(self) -> None:
        dialog = self.dialog

        def show(found: Found) -> None:
            if dialog is self.dialog and dialog is not None:
                dialog.show_found(found.scanners)

        self._session.background.run(self, Lane.NET, lambda _report, stop: discover(stop), done=show,
                                     failed=lambda _error: show(Found((), ())))

    def _chosen(self, wanted: ScanWanted) -> None:
        self.dialog = None
        self._last = wanted
        self.settings_changed.emit({"scanner": wanted.address, "scan_feed": wanted.feed.value})
        self.scan(wanted)

    def scan(self, wanted: ScanWanted) -> None:
        """Scan a pile; then it is read as one letter."""
        root, into, texts = self._root, self._into, self._session.texts
        self._set_busy(True)

        def scan(report: Report, stop: Event) -> Pile:
            return scan_pile(root, source_at(wanted.address), Profile(wanted.feed), folder=into,
                             told=lambda number, _page: report(number, 0), stop=stop)

        stop = self._session.background.run(
            self, Lane.NET, scan, progress=self._scanning, done=self._scanned, failed=self._failed,
            stopped=self._ended)
        self._session.progress.begin(texts("scan_window.scanning", pages=0), stop)

    def _scanning(self, pages: int, _total: int) -> None:
        self._session.progress.progress(0, 0, self._session.texts("scan_window.scanning", pages=pages))

    def _scanned(self, pile: Pile) -> None:
        if pile.trouble is not None:
            self._failed(pile.trouble)              # the pages are kept and offered by the bar
            return
        self._digitise(pile)

    def _digitise(self, pile: Pile) -> None:
        office, texts = self._session.office, self._session.texts

        def read(report: Report, stop: Event) -> Receipt:
            return letter_of(office, pile.folder, progress=report, stop=stop)

        stop = self._session.background.run(self, Lane.PROCESSOR, read, progress=self._reading, done=self._read,
                                            failed=self._failed, stopped=self._ended)
        self._session.progress.begin(texts("scan_window.ended", pages=pile.pages), stop)

    def _reading(self, done: int, total: int) -> None:
        self._session.progress.progress(done, total,
                                        self._session.texts("paper.reading_page", done=done, total=total))

    def _read(self, receipt: Receipt) -> None:
        self._ended()
        self.read.emit(receipt)

    def _failed(self, error: Exception) -> None:
        self._ended()
        self._session.tell.trouble(error)

    def _ended(self) -> None:
        self._session.progress.end()
        self._set_busy(False)
        self.look_for_piles()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)
