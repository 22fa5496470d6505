"""The table every list uses: whole rows, Enter opens, the chosen row survives a refresh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.tables.rows import FALLS, Column, RowsModel
from ui.theme import strong_font
from ui.widgets.order_header import OrderHeader

LEAST_CHARACTERS = 26       # below that the column that takes what is left cannot be read


class RowsView(QTableView):
    """A list of rows. Signals carry the row object."""

    row_opened = Signal(object)         # Enter or a double click
    row_chosen = Signal(object)         # the current row changed; None for none

    marked_changed = Signal()           # other rows are marked; only where several can be
    order_wanted = Signal(str)          # a column's head was clicked that has an order

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None, *,
                 lines: int = 2, many: bool = False) -> None:
        """lines: of text in a row; what does not fit is in the tooltip. many: several rows can be marked: Space, Shift
        and arrows, Ctrl+A."""
        super().__init__(parent)
        self.rows_model = RowsModel(columns, self, strong_font=strong_font(self.font()))
        self.setModel(self.rows_model)
        header = OrderHeader(self.rows_model, self)
        header.order_wanted.connect(self.order_wanted)
        self.setHorizontalHeader(header)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._many, self._lines = many, lines
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
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
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked_changed.emit())

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
                said = column.title + FALLS if column.order else column.title
                self.setColumnWidth(number, max(column.width * one, heading.horizontalAdvance(said)) + 30)
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

    def show_columns(self, columns: Sequence[Column], widths: Mapping[int, int] | None = None) -> None:
        """Other columns over the same rows. widths: in pixels, by place; the rest as wide as the column says."""
        chosen = self.currentIndex().row()
        for number in range(len(self.rows_model.columns)):
            self.setColumnHidden(number, False)
        self.rows_model.show_columns(columns)
        self._lay_out_columns(columns, self._lines)
        for number, width in (widths or {}).items():
            if columns[number].width:
                self.setColumnWidth(number, width)
        self.resizeEvent(QResizeEvent(self.size(), self.size()))
        self.choose(chosen)

    def orders(self) -> list[str]:
        """The orders that columns which can be seen have, from left to right."""
        return list(dict.fromkeys(column.order for number, column in enumerate(self.rows_model.columns)
                                  if column.order and not self.isColumnHidden(number)))

    def marked_rows(self) -> list[Any]:
        """The marked rows from top to bottom."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [row for place in places if (row := self.rows_model.row(place)) is not None]

    def mark(self, wanted: Callable[[Any], bool]) -> None:
        """Mark these rows and no others; the current one stays where it is."""
        last, flags = len(self.rows_model.columns) - 1, QItemSelectionModel.SelectionFlag
        marked = QItemSelection()
        for place, row in enumerate(self.rows_model.rows):
            if wanted(row):
                marked.select(self.rows_model.index(place, 0), self.rows_model.index(place, last))
        self.selectionModel().select(marked, flags.ClearAndSelect)

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
        if self._many and event.key() == Qt.Key.Key_Space and not held & ~Qt.KeyboardModifier.ControlModifier:
            self._mark_and_go_on()
            event.accept()
            return
        super().keyPressEvent(event)

    def _mark_and_go_on(self) -> None:
        """Mark the current row, or take its mark away; the row beneath is current then."""
        here, flags = self.currentIndex(), QItemSelectionModel.SelectionFlag
        self.selectionModel().select(here, flags.Toggle | flags.Rows)
        beneath = self.rows_model.index(here.row() + 1, 0)
        if beneath.isValid():
            self.selectionModel().setCurrentIndex(beneath, flags.NoUpdate)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows_model.row(index.row()) if index.isValid() else None
        if row is not None:
            self.row_opened.emit(row)

    def _tell_choice(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit(self.rows_model.row(current.row()) if current.isValid() else None)
