"""The pages of the pile that lies open, put in order by hand: turned, moved, taken out, brought back, split, undone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, Signal

from docclient.capture.arranging import Arrangement
from docclient.desk.scanning import OpenPile
from docclient.errors import Trouble
from ui.screens.paper.on_desk import PileOnDesk
from ui.session import Session
from ui.state.pile import PageCard

ACT_OF: dict[str, Callable[[Arrangement, int], Arrangement]] = {
    "turn_right": lambda now, place: now.turned(place, 90),
    "turn_left": lambda now, place: now.turned(place, -90),
    "earlier": lambda now, place: now.moved(place, place - 1),
    "later": lambda now, place: now.moved(place, place + 1),
    "take_out": lambda now, place: now.taken_out(place),
    "split": lambda now, place: now.split(place, begins=not now.leaves[place].begins),
}


class PileArranging(QObject):
    """Acts are kept on disk before they count. Lives as long as the paper screen."""

    scan_wanted = Signal(object, str)   # where the pages belong, as OpenPile.take has it; what the scan is for

    def __init__(self, session: Session, desk: PileOnDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk

    def act(self, name: str, card: PageCard | None) -> None:
        """One of the panel's acts on the page that is chosen."""
        pile = self._desk.pile
        if pile is None or self._desk.busy:
            return
        place = card.place if card is not None else None
        if name in ACT_OF:
            if place is not None:
                self._do(lambda now: ACT_OF[name](now, place))
        elif name == "bring_back":
            self._bring_back(pile, card)
        elif name == "interleave":
            self._do(lambda now: now.interleaved(len(now.leaves) // 2))
        elif name in ("undo", "redo"):
            self._keep(pile.history.undo if name == "undo" else pile.history.redo)
        elif name == "scan_more":
            self.scan_wanted.emit({}, "")
        elif card is not None and place is not None:
            texts = self._session.texts
            again = name == "scan_again"
            self.scan_wanted.emit({"instead_of": card.name} if again else {"at": place},
                                  texts("pile.ask_again", page=card.title.lower()) if again else "")

    def carried(self, place: int, to: int) -> None:
        """A page carried by the mouse."""
        if self._desk.pile is not None and not self._desk.busy:
            self._do(lambda now: now.moved(place, to))

    def _bring_back(self, pile: OpenPile, card: PageCard | None) -> None:
        aside = [leaf.name for leaf, _ in pile.arrangement.aside]
        name = card.name if card is not None and card.name in aside else aside[-1] if aside else ""
        if name:
            self._do(lambda now: now.brought_back(name, home_of(now, name)), name)

    def _do(self, change: Callable[[Arrangement], Arrangement], wanted: str = "") -> None:
        pile = self._desk.pile
        assert pile is not None

        def keep() -> None:
            with suppress(ValueError):          # no such place: the first page cannot go earlier
                pile.history.do(change(pile.arrangement))

        self._keep(keep, wanted)

    def _keep(self, act: Callable[[], Any], wanted: str = "") -> None:
        try:
            act()
        except Trouble as trouble:              # it could not be kept, so it did not happen
            self._session.tell.trouble(trouble)
        self._desk.show(wanted)


def home_of(now: Arrangement, name: str) -> int:
    """Where a page that comes back belongs: before the first page that was scanned after it."""
    return next((place for place, leaf in enumerate(now.leaves) if leaf.name > name), len(now.leaves))
