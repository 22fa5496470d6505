"""A table model over a plain list of rows: each column says how it reads a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from ui.icons import icon
from ui.theme import ICON_OF_TONE, TONES, Tone

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
RISES, FALLS = " \N{BLACK UP-POINTING TRIANGLE}", " \N{BLACK DOWN-POINTING TRIANGLE}"
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    text: what the cell says. tone: its colour with an icon, for what must be noticed. picture: another icon than the
    tone's own. strong: for what should be
    read first. hint: the tooltip, the whole text by default, so that a cut cell can still be read.
    width: in characters of the ordinary font; 0 takes what is left. may_go: where it is narrow, columns leave in this
    order (1 first); 0 stays. order: what the rows are sorted by when its head is clicked; empty where they cannot be.
    falls: that order begins with the highest. order_hint: the head's tooltip.
    """

    title: str
    text: Callable[[Any], str]
    width: int = 0
    tone: Callable[[Any], Tone | None] | None = None
    picture: str = ""
    strong: Callable[[Any], bool] | None = None
    hint: Callable[[Any], str] | None = None
    may_go: int = 0
    order: str = ""
    falls: bool = False
    order_hint: str = ""


class RowsModel(QAbstractTableModel):
    """Rows in the order given. `ROW_ROLE` of any cell is the row itself."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None, *, strong_font: QFont | None = None,
                 ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[Any] = []
        self._strong_font = strong_font
        self._order = ""

    @property
    def columns(self) -> Sequence[Column]:
        return self._columns

    @property
    def rows(self) -> Sequence[Any]:
        return self._rows

    def row(self, number: int) -> Any | None:
        """The row at that place, None outside."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def place_of(self, wanted: Callable[[Any], bool]) -> int:
        """The first row for which `wanted` holds; -1 for none."""
        return next((number for number, row in enumerate(self._rows) if wanted(row)), -1)

    @property
    def order(self) -> str:
        """What the rows are sorted by, as far as a column says it."""
        return self._order

    def show_order(self, order: str) -> None:
        """Draw the arrow at the column of that order; the rows are sorted elsewhere."""
        if order != self._order:
            self._order = order
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other columns over the same rows."""
        self.beginResetModel()
        self._columns = tuple(columns)
        self.endResetModel()

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Replace everything."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[Any]) -> None:
        """Append; what is shown stays where it is."""
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(NOWHERE, first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def change_row(self, number: int, row: Any) -> None:
        """Put another row in one place. Raises IndexError outside."""
        if not 0 <= number < len(self._rows):
            raise IndexError(number)
        self._rows[number] = row
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self._columns) - 1))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        column, row = self._columns[index.column()], self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint(row) if column.hint else column.text(row)
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.FontRole:
            return self._strong_font if column.strong and column.strong(row) else None
        tone = column.tone(row) if column.tone else None
        if tone is not None and role == Qt.ItemDataRole.ForegroundRole:
            return QColor(TONES[tone].ink)
        if tone is not None and role == Qt.ItemDataRole.DecorationRole:
            return icon(column.picture or ICON_OF_TONE[tone], TONES[tone].line)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation,
                   role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._columns):
            column = self._columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                arrow = FALLS if column.falls else RISES
                return column.title + arrow if column.order and column.order == self._order else column.title
            if role == Qt.ItemDataRole.ToolTipRole:
                return column.order_hint or None
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None
