"""A layout that breaks its items into lines, like words."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QLayoutItem, QSizePolicy, QWidget


def growing(widget: QWidget) -> QWidget:
    """Let a widget take what its line of a FlowLayout has left; a label then stays in one line."""
    policy = widget.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
    widget.setSizePolicy(policy)
    if isinstance(widget, QLabel):
        widget.setWordWrap(False)
    return widget


def side_by_side(*widgets: QWidget) -> QWidget:
    """One item of a FlowLayout whose parts never stand in two lines: a field and what it is called."""
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 0, 0)
    for each in widgets:
        row.addWidget(each)
    return held


class FlowLayout(QLayout):
    """Items from left to right, the next line when the width is used up. Height follows width.

    In each line, items that want to expand share what is left of it; all stand centred on their line.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        area = rect.adjusted(margins.left(), margins.top(), -margins.right(), -margins.bottom())
        y = area.y()
        for place, line in enumerate(self._lines(area.width())):
            y += self._gap if place else 0
            height = max(item.sizeHint().height() for item in line)
            if move:
                self._place(line, QRect(area.x(), y, area.width(), height))
            y += height
        return y - rect.y() + margins.bottom()

    def _lines(self, width: int) -> Iterator[list[QLayoutItem]]:
        line: list[QLayoutItem] = []
        used = 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            needed = item.sizeHint().width()
            if line and used + self._gap + needed > width:
                yield line
                line, used = [], 0
            used += needed + (self._gap if line else 0)
            line.append(item)
        if line:
            yield line

    def _place(self, line: list[QLayoutItem], area: QRect) -> None:
        widths = [min(item.sizeHint().width(), area.width()) for item in line]
        left = area.width() - sum(widths) - self._gap * (len(line) - 1)
        wanting = [place for place, item in enumerate(line)
                   if item.expandingDirections() & Qt.Orientation.Horizontal]
        for nth, place in enumerate(wanting):
            widths[place] += left * (nth + 1) // len(wanting) - left * nth // len(wanting)
        x = area.x()
        for item, width in zip(line, widths, strict=True):
            height = item.sizeHint().height()
            item.setGeometry(QRect(x, area.y() + (area.height() - height) // 2, width, height))
            x += width + self._gap
