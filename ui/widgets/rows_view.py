"""The table every list uses: whole rows, Enter opens, the chosen row survives a refresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.tables.rows import Column, RowsModel
from ui.theme import strong_font

LEAST_CHARACTERS = 26       # below that the column that takes what is left cannot be read


class RowsView(QTableView):
    """A list of rows. Signals carry the row object."""

    row_opened = Signal(object)         # Enter or a double click
    row_chosen = Signal(object)         # the current row changed; None for none

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None, *,
                 lines: int = 2) -> None:
        """lines: of text in a row; what does not fit is in the tooltip."""
        super().__init__(parent)
        self.rows_model = RowsModel(columns, self, strong_font=strong_font(self.font()))
        self.setModel(self.rows_model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)         # Tab leaves the table; arrows walk in it
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self._lay_out_columns(columns, lines)
        self.doubleClicked.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._tell_choice)

    def _lay_out_columns(self, columns: Sequence[Column], lines: int) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        line = self.fontMetrics().height() + 1     # laid-out lines of a scaled font are up to one pixel higher
        rows.setDefaultSectionSize(line * lines + 14)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(40)
        one = self.fontMetrics().averageCharWidth()
        heading = QFontMetrics(strong_font(self.font()))
        for number, column in enumerate(columns):
            if column.width:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(number, max(column.width * one, heading.horizontalAdvance(column.title)) + 30)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self._least = one * LEAST_CHARACTERS

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, columns that may go leave until the text column can be read."""
        columns = self.rows_model.columns
        room = self.viewport().width() - sum(
            self._full_width(n) for n, column in enumerate(columns) if column.width)
        leaving = sorted((column.may_go, n) for n, column in enumerate(columns) if column.may_go)
        for _, number in leaving:
            gone = room < self._least and any(not column.width for column in columns)
            room += self._full_width(number) if gone else 0
            self.setColumnHidden(number, gone)
        super().resizeEvent(event)

    def _full_width(self, number: int) -> int:
        """A column's width, also while it is hidden."""
        hidden = self.isColumnHidden(number)
        if hidden:
            self.setColumnHidden(number, False)
        width = self.columnWidth(number)
        if hidden:
            self.setColumnHidden(number, True)
        return width

    def show_rows(self, rows: Sequence[Any], *, same: Callable[[Any, Any], bool] | None = None) -> None:
        """Replace the rows and keep the chosen one: the row for which `same(old, new)` holds, else the same place."""
        before, place = self.current_row(), self.currentIndex().row()
        self.rows_model.show_rows(rows)
        if not rows:
            self.row_chosen.emit(None)
            return
        found = self.rows_model.place_of(lambda row: same(before, row)) if same and before is not None else -1
        self.choose(found if found >= 0 else min(max(place, 0), len(rows) - 1))

    def choose(self, number: int) -> None:
        """Make the row at that place the current one."""
        if 0 <= number < len(self.rows_model.rows):
            self.setCurrentIndex(self.rows_model.index(number, 0))

    def current_row(self) -> Any | None:
        return self.rows_model.row(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not held:
            self._open(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows_model.row(index.row()) if index.isValid() else None
        if row is not None:
            self.row_opened.emit(row)

    def _tell_choice(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit(self.rows_model.row(current.row()) if current.isValid() else None)
