"""The form of an offer: one input per field the office asks for, labels above, what is wrong beneath."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from docclient.office.door import Ask, AskKind
from ui.state.offers import Answers, Choice, Choices
from ui.texts import Texts
from ui.widgets.labels import plain, strong
from ui.widgets.pickers import PickDay, PickOne, PickSeveral


class FieldsForm(QWidget):
    """Draws fields, reads answers. Rules stay with the office: here only empty required fields and misread dates."""

    changed = Signal()

    def __init__(self, asks: Sequence[Ask], choices: Choices, texts: Texts, today: date,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._choices, self._today = texts, choices, today
        self._asks = tuple(asks)
        self.inputs: dict[str, QWidget] = {}
        self._wrong: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for ask in self._asks:
            self._add(ask, layout)
        layout.addStretch(1)
        if self.inputs:
            self.setFocusProxy(next(iter(self.inputs.values())))

    def answers(self) -> Answers:
        """What stands there now. Empty optional fields are left out, so that the command's own default holds."""
        fields: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for ask in self._asks:
            try:
                value = self._value(ask)
            except ValueError:
                wrong[ask.name] = "form.not_a_date" if ask.kind is AskKind.DATE else "form.not_a_number"
                continue
            if value in (None, "", []):
                if ask.required:
                    wrong[ask.name] = "form.required"
                elif ask.default not in (None, "", [], ()):
                    fields[ask.name] = value        # a first value was taken away on purpose
                continue
            fields[ask.name] = value
        return Answers(fields, wrong)

    def show_wrong(self, wrong: dict[str, str]) -> None:
        """Say beneath each field what is wrong (words codes or sentences); the first one gets the cursor."""
        for name, label in self._wrong.items():
            said = wrong.get(name, "")
            label.setText(self._texts.or_else(said, said) if said else "")
            label.setVisible(bool(said))
            self._mark(self.inputs[name], bool(said))
        first = next((name for name in self.inputs if name in wrong), None)
        if first is not None:
            self.inputs[first].setFocus()

    def _add(self, ask: Ask, layout: QVBoxLayout) -> None:
        words = self._texts.or_else(f"field.{ask.name}", ask.name)
        shown = self._texts("form.label_required", label=words) if ask.required else words
        field = self._input(ask, words)
        field.setAccessibleName(words)
        if not isinstance(field, QCheckBox):
            label = strong(shown)
            label.setBuddy(field)
            layout.addWidget(label)
        layout.addWidget(field)
        wrong = plain()
        wrong.setProperty("role", "wrong")
        wrong.hide()
        layout.addWidget(wrong)
        layout.addSpacing(8)
        self.inputs[ask.name], self._wrong[ask.name] = field, wrong

    def _input(self, ask: Ask, words: str) -> QWidget:
        kind, field = ask.kind, None
        if kind is AskKind.LONG_TEXT:
            field = QPlainTextEdit(str(ask.default or ""))
            field.setTabChangesFocus(True)
            field.setFixedHeight(self.fontMetrics().height() * 4 + 20)
            field.textChanged.connect(self.changed)
            return field
        if kind is AskKind.YES_NO:
            field = QCheckBox(words)
            field.setChecked(bool(ask.default))
            field.toggled.connect(lambda _: self.changed.emit())
            return field
        if kind is AskKind.DATE:
            field = PickDay(self._texts, self._today)
            if ask.default:
                field.choose(ask.default if isinstance(ask.default, date) else date.fromisoformat(str(ask.default)))
        elif kind in (AskKind.HANDLERS, AskKind.RECIPIENTS):
            field = PickSeveral(self._choices.handlers if kind is AskKind.HANDLERS else self._choices.agencies,
                                self._texts)
            field.choose(list(ask.default or ()))
        elif kind in (AskKind.CHOICE, AskKind.PERSON, AskKind.HANDLER):
            field = PickOne(self._choices_for(ask), self._texts, may_be_empty=not ask.required)
            if ask.default is not None:
                field.choose(ask.default)
        else:
            field = QLineEdit("" if ask.default is None else str(ask.default))
            field.textChanged.connect(lambda _: self.changed.emit())
            return field
        field.answered.connect(self.changed)
        return field

    def _choices_for(self, ask: Ask) -> tuple[Choice, ...]:
        if ask.kind is AskKind.CHOICE:
            return tuple(Choice(value, self._texts.or_else(words, words)) for value, words in ask.choices)
        return self._choices.people if ask.kind is AskKind.PERSON else self._choices.handlers

    def _value(self, ask: Ask) -> Any:
        """Raises ValueError for what cannot be read."""
        field = self.inputs[ask.name]
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText().strip()
        if isinstance(field, QCheckBox):
            return field.isChecked()
        if isinstance(field, QLineEdit):
            typed = field.text().strip()
            return int(typed) if typed and ask.kind is AskKind.NUMBER else typed
        assert isinstance(field, PickDay | PickOne | PickSeveral)
        value = field.value()
        return value.isoformat() if isinstance(value, date) else value

    @staticmethod
    def _mark(field: QWidget, wrong: bool) -> None:
        drawn = field.line if isinstance(field, PickDay) else field.list if isinstance(field, PickSeveral) else field
        drawn.setProperty("wrong", "true" if wrong else "false")
        drawn.style().unpolish(drawn)
        drawn.style().polish(drawn)
