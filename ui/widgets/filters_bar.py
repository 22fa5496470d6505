"""Filters under the search line: each narrows what the others leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from docclient.office.model import Channel, PersonId, UnitId, Urgency
from docclient.office.queries.finding import Filter
from ui.state.finding import FilterChoices
from ui.texts import Texts
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted
from ui.widgets.pickers import PickDay

WIDEST = 26       # characters of a list of choices


class FiltersBar(QFrame):
    """What it does not show (a filter of a saved search) it keeps."""

    changed = Signal()

    def __init__(self, texts: Texts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._base, self._telling = texts, Filter(), True
        self.setProperty("role", "card")
        around = QVBoxLayout(self)
        around.setContentsMargins(14, 10, 14, 10)
        flow = FlowLayout(None, 10)
        around.addLayout(flow)
        self.type = self._combo("filters.type")
        self.urgency = self._combo("filters.urgency")
        self.channel = self._combo("filters.channel")
        self.unit = self._combo("filters.unit")
        self.person = self._combo("filters.person")
        for each in Urgency:
            self.urgency.addItem(texts(f"urgency.{each.name.lower()}"), each)
        for each in Channel:
            self.channel.addItem(texts.or_else(f"channel.{each.name.lower()}", each.value), each)
        self.issuer = QLineEdit()
        self.issuer.setPlaceholderText(texts("filters.issuer"))
        self.issuer.setAccessibleName(texts("filters.issuer"))
        self.issuer.setFixedWidth(self.fontMetrics().averageCharWidth() * WIDEST)
        self.issued_from, self.issued_to = PickDay(texts, today), PickDay(texts, today)
        self.overdue = QCheckBox(texts("filters.overdue"))
        self.waiting = QCheckBox(texts("filters.waiting_for_me"))
        self.clear = ActionButton(texts("filters.clear"), picture="close")
        for each in (self.type, self.urgency, self.channel, self.unit, self.person, self.issuer):
            flow.addWidget(each)
        for words, day in (("filters.issued_from", self.issued_from), ("filters.issued_to", self.issued_to)):
            flow.addWidget(muted(texts(words)))
            day.setAccessibleName(texts(words))
            flow.addWidget(day)
        for each in (self.overdue, self.waiting, self.clear):
            flow.addWidget(each)
        for combo in (self.type, self.urgency, self.channel, self.unit, self.person):
            combo.currentIndexChanged.connect(lambda _: self._tell())
        self.issuer.textChanged.connect(lambda _: self._tell())
        for day in (self.issued_from, self.issued_to):
            day.answered.connect(self._tell)
            day.setFixedWidth(self.fontMetrics().averageCharWidth() * 18)
        for box in (self.overdue, self.waiting):
            box.toggled.connect(lambda _: self._tell())
        self.clear.clicked.connect(lambda: self.show_filter(Filter(), tell=True))

    def _combo(self, words: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(self._texts(words))
        made.addItem(self._texts(words), None)
        made.setMaximumWidth(self.fontMetrics().averageCharWidth() * WIDEST + 40)
        return made

    def show_choices(self, choices: FilterChoices) -> None:
        """The office's types, units and people."""
        shown, self._telling = self.filter(), False
        for combo, values in ((self.type, choices.types), (self.unit, choices.units), (self.person, choices.people)):
            while combo.count() > 1:
                combo.removeItem(1)
            for value, text in values:
                combo.addItem(text, value)
        self._telling = True
        self.show_filter(shown)

    def filter(self) -> Filter:
        """What is set, over what was shown and has no place here."""
        urgency: int | None = self.urgency.currentData()        # Qt gives the plain value of an enumeration back
        channel: str | None = self.channel.currentData()
        unit: UnitId | None = self.unit.currentData()
        person: PersonId | None = self.person.currentData()
        kind: str | None = self.type.currentData()
        return replace(
            self._base, types=(kind,) if kind else (), urgencies=() if urgency is None else (Urgency(urgency),),
            channels=(Channel(channel),) if channel else (), units=(unit,) if unit else (),
            persons=(person,) if person else (),
            issuer=self.issuer.text(), issued_from=self._day(self.issued_from), issued_to=self._day(self.issued_to),
            overdue=self.overdue.isChecked(), waiting_for_me=self.waiting.isChecked())

    def show_filter(self, where: Filter, *, tell: bool = False) -> None:
        self._telling, self._base = False, where
        for combo, values in ((self.type, where.types), (self.urgency, where.urgencies), (self.channel, where.channels),
                              (self.unit, where.units), (self.person, where.persons)):
            place = combo.findData(values[0]) if values else 0
            if values and place < 0:        # not among the choices any more: kept as it is
                combo.addItem(str(values[0]), values[0])
                place = combo.count() - 1
            combo.setCurrentIndex(place)
        self.issuer.setText(where.issuer)
        for day, value in ((self.issued_from, where.issued_from), (self.issued_to, where.issued_to)):
            day.choose(value)
        self.overdue.setChecked(where.overdue)
        self.waiting.setChecked(where.waiting_for_me)
        self._telling = True
        if tell:
            self.changed.emit()

    def _day(self, picker: PickDay) -> date | None:
        try:
            return picker.value()
        except ValueError:          # still being typed
            return None

    def _tell(self) -> None:
        if self._telling:
            self.changed.emit()

