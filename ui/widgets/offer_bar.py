"""The offers of a document as buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from docclient.office.door import Offer
from ui.state.offers import OfferButton
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout


class OfferBar(QWidget):
    """Draws what is offered; says which one was taken."""

    taken = Signal(object)          # the Offer

    def __init__(self, name: str, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        """stacked: one under another, as wide as the bar; else side by side."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._flow: QLayout = QVBoxLayout(self) if stacked else FlowLayout(self)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setSpacing(8)
        self.buttons: list[ActionButton] = []

    def show_offers(self, offers: Sequence[OfferButton]) -> None:
        """Replace the buttons."""
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            old.setEnabled(False)       # its shortcut must not fire while it waits to be deleted
            old.hide()
            old.deleteLater()
        self.buttons = [self._button(each) for each in offers]
        self.setVisible(bool(offers))
        self.updateGeometry()

    def button_for(self, command: str) -> ActionButton | None:
        return next((button for button in self.buttons if button.property("command") == command), None)

    def _button(self, shown: OfferButton) -> ActionButton:
        button = ActionButton(shown.title, keys=shown.keys, picture=shown.picture, rank=shown.rank, parent=self)
        button.setProperty("command", shown.offer.command)
        if shown.hint:
            button.setToolTip(shown.hint)
        offer: Offer = shown.offer
        button.clicked.connect(lambda: self.taken.emit(offer))
        self._flow.addWidget(button)
        button.show()
        return button
