"""The offers of a document as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLayout, QMenu, QVBoxLayout, QWidget

from docclient.office.door import Offer
from ui.state.offers import OfferButton
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout


class OfferBar(QWidget):
    """Draws what is offered; says which one was taken."""

    taken = Signal(object)          # the Offer

    def __init__(self, name: str, parent: QWidget | None = None, *, stacked: bool = False, more: str = "") -> None:
        """stacked: one under another, as wide as the bar; else side by side. more: the words of the button that holds
        whatever is too much for the eye; without, everything is shown."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._flow: QLayout = QVBoxLayout(self) if stacked else FlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setSpacing(8)
        self.buttons: list[ActionButton] = []
        self.more: ActionButton | None = None
        self._more_words, self._actions = more, list[QAction]()

    def show_offers(self, offers: Sequence[OfferButton]) -> None:
        """Replace the buttons."""
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            old.setEnabled(False)       # its shortcut must not fire while it waits to be deleted
            old.hide()
            old.deleteLater()
        for button in self.buttons:
            if not button.isVisibleTo(self):
                button.deleteLater()
        for action in self._actions:
            self.removeAction(action)
            action.deleteLater()
        self._actions, self.more = [], None
        shown, rest = parted(offers) if self._more_words else (tuple(offers), ())
        self.buttons = [self._button(each) for each in shown]
        if rest:
            self._add_more(rest)
        self.setVisible(bool(offers))
        self.updateGeometry()

    def _add_more(self, rest: Sequence[OfferButton]) -> None:
        """The rest in a menu; each keeps the shortcut that stands beside it."""
        self.more = ActionButton(f"{self._more_words} ({len(rest)})", keys="Alt+M", parent=self)
        menu = QMenu(self.more)
        for each in rest:
            button = self._button(each, shown=False)
            action = menu.addAction(each.title)
            action.setShortcut(QKeySequence(each.keys))
            action.setShortcutVisibleInContextMenu(True)
            action.triggered.connect(lambda _checked=False, pressed=button: pressed.click())
            self.addAction(action)              # so that its shortcut works while the menu is closed
            self.buttons.append(button)
            self._actions.append(action)
        more = self.more
        more.clicked.connect(lambda: menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        self._flow.addWidget(more)
        more.show()

    def button_for(self, command: str) -> ActionButton | None:
        return next((button for button in self.buttons if button.property("command") == command), None)

    def _button(self, offered: OfferButton, *, shown: bool = True) -> ActionButton:
        button = ActionButton(offered.title, keys=offered.keys if shown else "", picture=offered.picture,
                              rank=offered.rank, parent=self)
        button.setProperty("command", offered.offer.command)
        if offered.hint:
            button.setToolTip(offered.hint)
        offer: Offer = offered.offer
        button.clicked.connect(lambda: self.taken.emit(offer))
        if shown:
            self._flow.addWidget(button)
            button.show()
        else:
            button.hide()
        return button


AT_MOST, AT_FIRST = 4, 3


def parted(offers: Sequence[OfferButton]) -> tuple[Sequence[OfferButton], Sequence[OfferButton]]:
    """What is shown and what goes into the menu: the first few in the office's order, and refusals, which must not be
    looked for."""
    if len(offers) <= AT_MOST:
        return offers, ()
    positive = [each for each in offers if not each.offer.negative]
    negative = [each for each in offers if each.offer.negative]
    return [*positive[:AT_FIRST], *negative[:1]], [*positive[AT_FIRST:], *negative[1:]]
