"""Inputs that pick: one of many, several of many, a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from ui.icons import icon
from ui.state.dates import read_date
from ui.state.folding import fold, holds
from ui.state.offers import Choice
from ui.texts import Texts
from ui.widgets.labels import muted
from ui.widgets.search_field import SearchField

VALUE, FOLDED = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1
FEW = 7         # up to so many choices a plain list is quicker than typing


def words_of(choice: Choice) -> str:
    return f"{choice.text} — {choice.detail}" if choice.detail else choice.text


class PickOne(QComboBox):
    """One of the choices. More than a few can be found by typing, with or without marks."""

    answered = Signal()

    def __init__(self, choices: Sequence[Choice], texts: Texts, *, may_be_empty: bool,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        model = QStandardItemModel(self)
        for choice in ((Choice(None, texts("form.nobody")),) if may_be_empty else ()) + tuple(choices):
            item = QStandardItem(words_of(choice))
            item.setData(choice.value, VALUE)
            item.setData(f"{words_of(choice)} {fold(words_of(choice))}", FOLDED)
            model.appendRow(item)
        self.setModel(model)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        if len(choices) > FEW:
            self.setEditable(True)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            completer = SuggestionCompleter(model, self)
            completer.setCompletionRole(FOLDED)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.activated.connect(self._take_completed)
            self.setCompleter(None)
            self.lineEdit().setCompleter(completer)
            self.lineEdit().setPlaceholderText(texts("form.type_to_find"))
        self.setCurrentIndex(0 if may_be_empty else -1)
        self.currentIndexChanged.connect(lambda _: self.answered.emit())

    def value(self) -> Any:
        """The value of the chosen one; None while nothing, or only part of a name, stands there."""
        place = self.currentIndex()
        if place < 0 or (self.isEditable() and self.currentText() != self.itemText(place)):
            return None
        return self.itemData(place, VALUE)

    def choose(self, value: Any) -> None:
        self.setCurrentIndex(next((n for n in range(self.count()) if self.itemData(n, VALUE) == value), -1))

    def _take_completed(self, text: str) -> None:
        place = self.findText(text, Qt.MatchFlag.MatchExactly)
        if place >= 0:
            self.setCurrentIndex(place)
            self.setEditText(self.itemText(place))


class PickSeveral(QWidget):
    """Any number of the choices: type to find, Space or Enter ticks."""

    answered = Signal()

    def __init__(self, choices: Sequence[Choice], texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.search = SearchField(texts("form.type_to_find"))
        self.list = QListWidget()
        line = self.fontMetrics().height() + 12
        self.list.setFixedHeight(line * min(max(len(choices), 1), 5) + 10)
        for choice in choices:
            item = QListWidgetItem(words_of(choice), self.list)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(VALUE, choice.value)
        self._chosen = muted(small=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        if len(choices) > FEW:
            layout.addWidget(self.search)
        else:
            self.search.hide()
        layout.addWidget(self.list)
        layout.addWidget(self._chosen)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self.list.itemChanged.connect(self._changed)
        self.setFocusProxy(self.search if len(choices) > FEW else self.list)
        self._show_chosen()

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.list.setAccessibleName(name)
        self.search.setAccessibleName(name)

    def value(self) -> list[Any]:
        return [item.data(VALUE) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    def choose(self, values: Sequence[Any]) -> None:
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if item.data(VALUE) in values else Qt.CheckState.Unchecked)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.list.setFocus()
                self.list.setCurrentItem(self._first_seen())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.search.text():
                first = self._first_seen()
                if first is not None:
                    first.setCheckState(Qt.CheckState.Unchecked if first.checkState() is Qt.CheckState.Checked
                                        else Qt.CheckState.Checked)
                    self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(n) for n in range(self.list.count())]

    def _first_seen(self) -> QListWidgetItem | None:
        return next((item for item in self._items() if not item.isHidden()), None)

    def _find(self, typed: str) -> None:
        for item in self._items():
            item.setHidden(not holds(item.text(), typed))

    def _changed(self, _item: QListWidgetItem) -> None:
        self._show_chosen()
        self.answered.emit()

    def _show_chosen(self) -> None:
        names = [item.text().split(" — ")[0] for item in self._items() if item.checkState() is Qt.CheckState.Checked]
        self._chosen.setText(self._texts("form.chosen", names=", ".join(names)) if names else
                             self._texts("form.none_chosen"))


class PickDay(QWidget):
    """A day, typed (day first, year may be left out) or picked from a calendar."""

    answered = Signal()

    def __init__(self, texts: Texts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._today = texts, today
        self.line = QLineEdit()
        self.line.setPlaceholderText(texts("form.date_pattern"))
        self.line.editingFinished.connect(self._tidy)
        self.line.textChanged.connect(lambda _: self.answered.emit())
        button = QToolButton()
        button.setIcon(icon("calendar"))
        button.setAccessibleName(texts("form.open_calendar"))
        button.setToolTip(texts("form.open_calendar"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        menu = QMenu(button)
        self._calendar = QCalendarWidget()
        self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.clicked.connect(self._take_day)
        self._calendar.activated.connect(self._take_day)
        held = QWidgetAction(menu)
        held.setDefaultWidget(self._calendar)
        menu.addAction(held)
        menu.aboutToShow.connect(self._open_calendar)
        button.setMenu(menu)
        self._menu = menu
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line, 1)
        layout.addWidget(button)
        self.setFocusProxy(self.line)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def value(self) -> date | None:
        """Raises ValueError while what stands there is no date."""
        return read_date(self.line.text(), self._today)

    def choose(self, day: date | None) -> None:
        self.line.setText(self._texts.date(day))

    def _tidy(self) -> None:
        try:
            self.choose(self.value())
        except ValueError:
            return          # the form says what is wrong; what was typed stays to be mended

    def _open_calendar(self) -> None:
        try:
            day = self.value() or self._today
        except ValueError:
            day = self._today
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))

    def _take_day(self, day: QDate) -> None:
        self.choose(date(day.year(), day.month(), day.day()))
        self._menu.close()
        self.line.setFocus()


def suggestions(usual: Sequence[str], line: QLineEdit) -> QCompleter:
    """Offer usual texts while typing, with or without marks; anything else may be typed as well."""
    model = QStandardItemModel(line)
    for text in usual:
        item = QStandardItem(text)
        item.setData(f"{text} {fold(text)}", FOLDED)
        model.appendRow(item)
    completer = SuggestionCompleter(model, line)
    completer.setCompletionRole(FOLDED)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return completer


class SuggestionCompleter(QCompleter):
    """Matches on the folded text, puts in the written one."""

    def pathFromIndex(self, index: QModelIndex) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole))
