"""A few lines of text in a form."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit


class LinesEdit(QPlainTextEdit):
    """A few lines. Enter goes on to the next field, as everywhere in a form; Shift+Enter begins a new line."""

    def __init__(self, text: str, hint: str) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(hint)
        self.setFixedHeight(self.fontMetrics().height() * 3 + 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) \
                and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            event.ignore()          # the form or dialog around decides where to go
            return
        super().keyPressEvent(event)
