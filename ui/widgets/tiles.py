"""Tiles that filter: a big count over its words; one of them is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from ui.theme import ACCENT, ACCENT_WASH, FOCUS, INK, LINE, MUTED, SURFACE, heading_font
from ui.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True)
class TileShown:
    """key: the owner's own name for it."""

    key: Any
    title: str
    count: int


class Tile(QPushButton):
    """A count and what it counts."""

    def __init__(self, shown: TileShown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setCheckable(True)
        self.setAccessibleName(f"{shown.title}: {shown.count}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.font()).horizontalAdvance(self.shown.title)
        number = QFontMetrics(heading_font(self.font(), 1.6))
        height = number.height() + QFontMetrics(self.font()).height() + 24
        return QSize(max(words, number.horizontalAdvance(str(self.shown.count))) + 36, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, area = QPainter(self), self.rect().adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, focus = self.isChecked(), self.hasFocus()
        painter.setPen(QPen(QColor(FOCUS if focus else ACCENT if on else LINE), 2 if on or focus else 1))
        painter.setBrush(QColor(ACCENT_WASH if on or self.underMouse() else SURFACE))
        painter.drawRoundedRect(area, 8, 8)
        number = heading_font(self.font(), 1.6)
        painter.setFont(number)
        painter.setPen(QColor(ACCENT if on else INK))
        height = QFontMetrics(number).height()
        painter.drawText(QRect(area.left() + 16, area.top() + 8, area.width() - 24, height),
                         Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(self.shown.count))
        painter.setFont(self.font())
        painter.setPen(QColor(INK if on else MUTED))
        painter.drawText(QRect(area.left() + 16, area.top() + 8 + height, area.width() - 24,
                               QFontMetrics(self.font()).height() + 4), Qt.AlignmentFlag.AlignLeft, self.shown.title)


class Tiles(QWidget):
    """A row of tiles, one on at a time."""

    chosen = Signal(object)         # the tile's key

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._flow = FlowLayout(self, 10)
        self._group = QButtonGroup(self)
        self._shown: tuple[TileShown, ...] = ()
        self.tiles: list[Tile] = []

    def show_tiles(self, shown: Sequence[TileShown], on: Any) -> None:
        """Replace the tiles; the one whose key is `on` is on (the first, if there is none)."""
        keys = [tile.key for tile in shown]
        on = on if on in keys else keys[0] if keys else None
        if tuple(shown) != self._shown:
            focused = next((tile.shown.key for tile in self.tiles if tile.hasFocus()), self)
            self._rebuild(shown)
            for tile in self.tiles:
                if tile.shown.key == focused:
                    tile.setFocus()
        for tile in self.tiles:
            tile.setChecked(tile.shown.key == on)

    def _rebuild(self, shown: Sequence[TileShown]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        self._shown, self.tiles = tuple(shown), []
        for each in shown:
            tile = Tile(each, self)
            tile.clicked.connect(lambda _=False, key=each.key: self.chosen.emit(key))
            self._group.addButton(tile)
            self._flow.addWidget(tile)
            tile.show()
            self.tiles.append(tile)
        self.updateGeometry()
