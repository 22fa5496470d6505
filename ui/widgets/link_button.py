"""A flat button that names a thing to open; a name too long for its place ends in an ellipsis, the whole in its tip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.icons import icon

LEAST = 80
"""Pixels; narrower than that nothing can be read."""


class LinkButton(QPushButton):
    """Reads from the left."""

    def __init__(self, words: str, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(icon(picture), words, parent)
        self.setStyleSheet("text-align: left;")
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        room -= self.iconSize().width() + 8
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
