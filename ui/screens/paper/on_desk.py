"""Which pile lies open on the desk, whether something is being done with it, and what the screen shows of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from docclient.capture.sources.model import Refused
from docclient.desk.scanning import OpenPile
from ui.state.pile import PileShown
from ui.texts import Texts


class PileOnDesk(QObject):
    """One pile at a time, or none. Lives as long as the paper screen."""

    busy_changed = Signal(bool)
    changed = Signal(object, str)       # PileShown or None; the page to be chosen, "" for the one that was

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts
        self._busy = False
        self.pile: OpenPile | None = None
        self.coming = False                         # pages still come
        self.secret = False                         # a secrecy mark was read: the pile is shown no more
        self.refused: tuple[Refused, ...] = ()      # files that gave no page when pages came last

    @property
    def busy(self) -> bool:
        return self._busy

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    def shown(self) -> PileShown | None:
        pile = self.pile
        if pile is None or self.secret:
            return None
        arranged = pile.batch.arrangement if self.coming else pile.arrangement
        return PileShown.of(pile.batch.folder, arranged, pile.shown_looks(), self._texts, refused=self.refused,
                            can_undo=pile.history.can_undo, can_redo=pile.history.can_redo)

    def show(self, wanted: str = "") -> None:
        self.changed.emit(self.shown(), wanted)

    def let_lie(self) -> None:
        """It is offered again, unless it is empty."""
        if self.pile is not None:
            self.pile.close()
            self.pile = None
        self.show()

    def close(self) -> None:
        """The window goes: what lies on the desk stays on disk."""
        if self.pile is not None:
            if self.secret:
                self.pile.lock()
            else:
                self.pile.batch.close()
            self.pile = None
