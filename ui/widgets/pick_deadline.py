"""A deadline: a day as anywhere, or a number of working days from today: `+5`, or one press."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from docclient.office.working_days import WorkingCalendar
from ui.texts import Texts
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted
from ui.widgets.pickers import PickDay

QUICK = (1, 3, 5, 7, 10, 15)
LATER = re.compile(r"^\s*\+\s*(\d{1,3})\s*$")


class PickDeadline(PickDay):
    """Says beneath how many working days that leaves, by the office's own calendar."""

    def __init__(self, texts: Texts, today: date, calendar: WorkingCalendar, parent: QWidget | None = None) -> None:
        self._calendar_of_days = calendar
        super().__init__(texts, today, parent)
        self.line.setPlaceholderText(texts("deadline_pick.pattern"))
        self.line.setToolTip(texts("deadline_pick.tip"))
        self._left = muted(small=True)
        self.quick: dict[int, QPushButton] = {}
        quick = QWidget()
        row = FlowLayout(quick, gap=6)          # in a narrow form and large type they stand in two lines
        for days in QUICK:
            button = QPushButton(f"+{days}")
            button.setToolTip(texts("deadline_pick.days", days=days))
            button.setAccessibleName(button.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)       # by keyboard one types +5; Tab stays short
            button.setMinimumWidth(button.fontMetrics().averageCharWidth() * 5)
            button.setStyleSheet("padding: 2px 8px;")
            button.clicked.connect(lambda _checked=False, wanted=days: self.choose(self._after(wanted)))
            row.addWidget(button)
            self.quick[days] = button
        under = self.layout()
        assert isinstance(under, QHBoxLayout)
        own = QWidget()
        held = QHBoxLayout(own)
        held.setContentsMargins(0, 0, 0, 0)
        held.setSpacing(6)
        while (item := under.takeAt(0)) is not None:
            held.addWidget(item.widget(), 1 if item.widget() is self.line else 0)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(own)
        column.addWidget(quick)
        column.addWidget(self._left)
        under.addLayout(column, 1)
        self.line.textChanged.connect(lambda _: self._tell())
        self._tell()

    def _after(self, days: int) -> date:
        return self._calendar_of_days.after(self._today, days)

    def value(self) -> date | None:
        """Raises ValueError while what stands there is no date."""
        found = LATER.match(self.line.text())
        if found is not None and int(found[1]) > 0:
            return self._after(int(found[1]))
        return super().value()

    def _tell(self) -> None:
        """Working days from today; nothing while no date stands there."""
        try:
            day = self.value()
        except ValueError:
            day = None
        self._left.setHidden(day is None)
        if day is None:
            self._left.setText("")
            return
        left, told = self._calendar_of_days.between(self._today, day), self._texts.date(day)
        if left < 0 or day < self._today:
            self._left.setText(self._texts("deadline_pick.past"))
        elif not self._calendar_of_days.works(day):
            self._left.setText(self._texts("deadline_pick.day_off", date=told, days=left))
        else:
            self._left.setText(self._texts("deadline_pick.left", date=told, days=left))
