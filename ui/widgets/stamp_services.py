"""The time-stamp services in the order they are asked, each with its quota where one is known: a table to type in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from docclient.errors import Trouble
from docclient.settings import TimeStampSetting
from signing.timestamps import TimestampService
from ui.texts import Texts
from ui.widgets.action_button import ActionButton

ADDRESS, STAMPS, MINUTES = range(3)
SHOWN_ROWS = 4


class StampServices(QWidget):
    """Typed in directly; F2 edits a cell, Tab goes to the next one."""

    def __init__(self, texts: Texts, services: Sequence[TimeStampSetting], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([texts("settings.service_address"), texts("settings.service_stamps"),
                                              texts("settings.service_minutes")])
        self.table.setAccessibleName(texts("settings.services"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(ADDRESS, QHeaderView.ResizeMode.Stretch)
        for column in (STAMPS, MINUTES):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        row_height = self.fontMetrics().height() + 14
        self.table.verticalHeader().setDefaultSectionSize(row_height)
        self.table.setMinimumHeight(row_height * (SHOWN_ROWS + 1) + 8)
        for each in services:
            self._append(each)
        row = QHBoxLayout()
        self.buttons = {}
        for code, act in (("add", self.add), ("remove", self.remove), ("up", lambda: self.move_by(-1)),
                          ("down", lambda: self.move_by(1))):
            button = self.buttons[code] = ActionButton(texts(f"settings.service_{code}"))
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)

    def add(self) -> None:
        """A new line at the end, ready to be typed in."""
        self._append(TimeStampSetting(address=""))
        row = self.table.rowCount() - 1
        self.table.setCurrentCell(row, ADDRESS)
        self.table.setFocus()
        self.table.editItem(self.table.item(row, ADDRESS))

    def remove(self) -> None:
        self.table.removeRow(self.table.currentRow())

    def move_by(self, rows: int) -> None:
        """The current line earlier (-1) or later (1)."""
        row, column = self.table.currentRow(), max(0, self.table.currentColumn())
        other = row + rows
        if row < 0 or not 0 <= other < self.table.rowCount():
            return
        for each in range(3):
            one, two = self.table.takeItem(row, each), self.table.takeItem(other, each)
            self.table.setItem(other, each, one)
            self.table.setItem(row, each, two)
        self.table.setCurrentCell(other, column)

    def services(self) -> tuple[tuple[TimeStampSetting, ...], str]:
        """What stands there; or nothing, and what is wrong with it in words. A line without address counts as empty."""
        found = []
        for row in range(self.table.rowCount()):
            address, stamps, minutes = (self._text(row, column) for column in (ADDRESS, STAMPS, MINUTES))
            if not address:
                continue
            try:
                TimestampService((address,))
            except Trouble as error:
                words = self._texts.trouble(error)
                return (), f"{words.sentence} {words.advice}"
            numbers = [int(each) if each.isdecimal() and each.isascii() else 0 for each in (stamps, minutes)]
            if (stamps or minutes) and 0 in numbers:
                return (), self._texts("settings.quota_wrong", row=row + 1)
            found.append(TimeStampSetting(address=address, stamps=numbers[0] or None,
                                          within_minutes=numbers[1] or None))
        return tuple(found), ""

    def _append(self, service: TimeStampSetting) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, value in enumerate((service.address, service.stamps, service.within_minutes)):
            self.table.setItem(row, column, QTableWidgetItem("" if value is None else str(value)))

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""
