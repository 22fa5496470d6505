"""Piles that were left to lie: offered again, opened where they stood, or thrown away when a person says so."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from docclient.capture.batch import LeftBatch
from docclient.desk.scanning import OpenPile, piles_left, throw_away
from ui.background import Lane
from ui.screens.paper.on_desk import PileOnDesk
from ui.session import Session


class LeftPiles(QObject):
    """root: where piles lie. Lives as long as the paper screen."""

    found = Signal(object)              # tuple of LeftBatch
    opened = Signal()                   # it lies on the desk, which is busy until its pages were looked at
    not_opened = Signal(object)         # the exception

    def __init__(self, session: Session, desk: PileOnDesk, root: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._desk, self._root = session, desk, root

    def look(self) -> None:
        """What an earlier run left."""
        root = self._root
        if not self._desk.busy:
            self._session.background.run(self, Lane.STORE, lambda _report, _stop: tuple(piles_left(root)),
                                         done=self.found.emit)

    def use(self, left: LeftBatch) -> None:
        """Open a pile that was left, where it stood."""
        if self._desk.busy or self._desk.pile is not None:
            return
        self._desk.set_busy(True)
        self._session.background.run(self, Lane.STORE, lambda _report, _stop: OpenPile.reopen(left.folder),
                                     done=self._opened, failed=self.not_opened.emit)

    def _opened(self, pile: OpenPile) -> None:
        self._desk.pile = pile
        self.found.emit(())
        self._desk.show()
        self.opened.emit()

    def leave(self) -> None:
        """Let the open pile lie: it is offered again."""
        if self._desk.pile is not None and not self._desk.busy:
            self._desk.let_lie()
            self.look()

    def throw_away_open(self) -> None:
        """A person said that these pages are not wanted."""
        if self._desk.pile is not None and not self._desk.busy:
            self._desk.pile.throw_away()
            self._desk.pile = None
            self._desk.show()
            self._session.tell.good("scan_window.thrown_away")
            self.look()

    def throw_away(self, left: LeftBatch) -> None:
        def gone(_nothing: None) -> None:
            self._session.tell.good("scan_window.thrown_away")
            self.look()

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: throw_away(left.folder), done=gone,
                                     failed=self._session.tell.trouble)
