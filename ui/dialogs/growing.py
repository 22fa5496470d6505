"""Dialogs whose wrapped words need more lines than Qt foresaw, and that must not be larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog

FRAME_PX = 48       # what the system draws around a dialog: its title bar and edges


def room_for(dialog: QDialog) -> QSize:
    """How large a dialog may be: the screen, or the window under it where that is larger."""
    room, under = dialog.screen().availableSize(), dialog.parentWidget()
    if under is not None:
        room = room.expandedTo(under.window().size())
    return room - QSize(FRAME_PX, FRAME_PX)


def grow_to_fit(dialog: QDialog) -> None:
    """Make the dialog as high as its words need at its width, and no higher than there is room; it never shrinks under
    a person's hand."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        by_width = layout.hasHeightForWidth()
        wanted = layout.totalHeightForWidth(dialog.width()) if by_width else dialog.sizeHint().height()
        wanted = min(wanted, room_for(dialog).height())
        if wanted > dialog.height():
            dialog.resize(dialog.width(), wanted)


class GrowingDialog(QDialog):
    """A dialog that is high enough from its first moment on: before Qt puts it in the middle of its window."""

    def setVisible(self, visible: bool) -> None:
        if visible and not self.isVisible():
            self.ensurePolished()
            self.setMinimumSize(self.minimumSize().boundedTo(room_for(self)))
            if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
                self.adjustSize()
            grow_to_fit(self)
        super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        grow_to_fit(self)
