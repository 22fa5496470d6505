"""Dialogs whose wrapped words need more lines than Qt foresaw."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog


def grow_to_fit(dialog: QDialog) -> None:
    """Make the dialog as high as its words need at its width; it never shrinks under a person's hand."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        by_width = layout.hasHeightForWidth()
        wanted = layout.totalHeightForWidth(dialog.width()) if by_width else dialog.sizeHint().height()
        if wanted > dialog.height():
            dialog.resize(dialog.width(), wanted)


class GrowingDialog(QDialog):
    """A dialog that is high enough from its first moment on."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        grow_to_fit(self)
