"""The head of a table whose columns can set the order of its rows: only those that can take a click, and look so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.tables.rows import RowsModel


class OrderHeader(QHeaderView):
    """Columns without an order are drawn as before and do nothing."""

    order_wanted = Signal(str)          # the order of the column that was clicked

    def __init__(self, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = model
        self.setSectionsClickable(True)
        self.sectionClicked.connect(self._clicked)

    def order_at(self, number: int) -> str:
        """The order that a click on this column sets; empty for none."""
        columns = self._rows.columns
        return columns[number].order if 0 <= number < len(columns) else ""

    def _clicked(self, number: int) -> None:
        if self.order_at(number):
            self.order_wanted.emit(self.order_at(number))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)       # shows where a column can be drawn wider
        if self.cursor().shape() is Qt.CursorShape.SplitHCursor:
            return
        if self.order_at(self.logicalIndexAt(event.position().toPoint())):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()
        super().leaveEvent(event)
