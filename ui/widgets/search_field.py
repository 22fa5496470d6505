"""The search line: a lens at its left, a cross that empties it at its right, Esc does the same."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget

from ui.icons import icon, pixmap
from ui.theme import MUTED

# WORKAROUND: QLineEdit.addAction() places its icons as if a style sheet's padding were not there (seen with
# PySide6 6.11); its own children are placed by hand instead.
LENS = 18


class SearchField(QLineEdit):
    """A line for searching."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._lens = QLabel(self)
        self._lens.setPixmap(pixmap("search", LENS, MUTED, self.devicePixelRatioF()))
        self._lens.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clear = QToolButton(self)
        self._clear.setProperty("rank", "plain")
        self._clear.setIcon(icon("close", MUTED))
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        self.setTextMargins(LENS + 8, 0, LENS + 12, 0)

    def sizeHint(self) -> QSize:
        """As wide as its hint at most, and wide enough for a number and symbol at least."""
        usual, letter = super().sizeHint(), self.fontMetrics().horizontalAdvance("n")
        hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(2 * LENS + 40 + max(14 * letter, min(hint, 18 * letter)), usual.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lens.setGeometry(10, (self.height() - LENS) // 2, LENS, LENS)
        side = min(self.height() - 6, 30)
        self._clear.setGeometry(self.width() - side - 4, (self.height() - side) // 2, side, side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
