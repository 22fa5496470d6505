"""Inputs that pick: one of many, several of many, a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
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
from ui.widgets.flow_layout import FlowLayout

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
        if self.isEditable():
            self.lineEdit().setCursorPosition(0)        # a name longer than its field is read from its beginning

    def _take_completed(self, text: str) -> None:
        place = self.findText(text, Qt.MatchFlag.MatchExactly)
        if place >= 0:
            self.setCurrentIndex(place)
            self.setEditText(self.itemText(place))


class Chip(QPushButton):
    """One chosen thing; pressing it takes it away."""

    def __init__(self, choice: Choice, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(choice.text, parent)
        self.choice = choice
        self.setIcon(icon("close"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)       # the cross behind the name
        self.setToolTip(texts("form.take_away", name=words_of(choice)))
        self.setAccessibleName(self.toolTip())


class PickSeveral(QWidget):
    """Any number of the choices: type to find, Enter adds; each chosen one is a chip that can be taken away."""

    answered = Signal()

    def __init__(self, choices: Sequence[Choice], texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._choices = texts, tuple(choices)
        self._chosen: list[Choice] = []
        self.search = QComboBox()
        self.search.setEditable(True)
        self.search.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.search.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        model = QStandardItemModel(self)
        for choice in self._choices:
            item = QStandardItem(words_of(choice))
            item.setData(f"{words_of(choice)} {fold(words_of(choice))}", FOLDED)
            model.appendRow(item)
        self.search.setModel(model)
        completer = SuggestionCompleter(model, self)
        completer.setCompletionRole(FOLDED)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search.setCompleter(None)
        line = self.search.lineEdit()
        line.setCompleter(completer)
        line.setPlaceholderText(texts("form.type_to_add"))
        self.search.setCurrentIndex(-1)
        self._held = QWidget()
        self._flow = FlowLayout(self._held, 6)
        self._held.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self._held)
        self.search.activated.connect(self._add_at)
        completer.activated.connect(self._add_words)
        line.installEventFilter(self)
        self.setFocusProxy(self.search)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.search.setAccessibleName(name)

    def value(self) -> list[Any]:
        return [choice.value for choice in self._chosen]

    def choose(self, values: Sequence[Any]) -> None:
        self._chosen = [choice for value in values for choice in self._choices if choice.value == value]
        self._show_chosen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter adds the first that fits; with nothing typed it goes on to the next field as anywhere else."""
        if watched is self.search.lineEdit() and isinstance(event, QKeyEvent) \
                and event.type() is QEvent.Type.KeyPress \
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            typed = self.search.currentText().strip()
            if typed:
                self._add(next((choice for choice in self._choices if holds(words_of(choice), typed)), None))
                return True
        return super().eventFilter(watched, event)

    def _add_at(self, place: int) -> None:
        self._add(self._choices[place] if 0 <= place < len(self._choices) else None)

    def _add_words(self, words: str) -> None:
        self._add(next((choice for choice in self._choices if words_of(choice) == words), None))

    def _add(self, choice: Choice | None) -> None:
        if choice is None:
            return
        if choice not in self._chosen:
            self._chosen.append(choice)
            self._show_chosen()
        self.search.lineEdit().completer().popup().hide()
        # the completer writes its words into the line after it has told them
        QTimer.singleShot(0, self.search, self._empty)

    def _empty(self) -> None:
        self.search.setCurrentIndex(-1)
        self.search.clearEditText()

    def _take_away(self, choice: Choice) -> None:
        self._chosen.remove(choice)
        self._show_chosen()
        self.search.setFocus()

    def _show_chosen(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for choice in self._chosen:
            chip = Chip(choice, self._texts, self._held)
            chip.clicked.connect(partial(self._take_away, choice))
            self._flow.addWidget(chip)
            chip.show()
        self._held.setVisible(bool(self._chosen))
        self._held.updateGeometry()
        self.answered.emit()


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
