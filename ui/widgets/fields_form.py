"""The form of an offer: one input per field the office asks for, labels above, what is wrong beneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from docclient.office.door import Ask, AskKind
from ui.state.intake import Note
from ui.state.offers import Answers, Choice, Choices
from ui.texts import Texts
from ui.theme import LINE, Tone
from ui.widgets.found_names import FoundNames, PickAgency
from ui.widgets.labels import ToneMark, muted, plain, strong
from ui.widgets.lines_edit import LinesEdit
from ui.widgets.phrases_edit import PhrasesEdit
from ui.widgets.pick_deadline import PickDeadline
from ui.widgets.pick_documents import PickDocuments
from ui.widgets.pick_file import PickFile
from ui.widgets.pick_recipients import PickRecipients
from ui.widgets.pickers import PickDay, PickOne, PickSeveral, suggestions


class FieldsForm(QWidget):
    """Draws fields, reads answers. Rules stay with the office: here only empty required fields and misread dates."""

    changed = Signal()
    entered = Signal(str)           # the cursor came into this field

    def __init__(self, asks: Sequence[Ask], choices: Choices, texts: Texts, today: date,
                 parent: QWidget | None = None, *, notes: Mapping[str, Note] | None = None, command: str = "") -> None:
        """notes: by field, what is known about how sure its first value is. command: whose fields these are, where a
        field of this name means something of its own (a person's title, a case file's title)."""
        super().__init__(parent)
        self._texts, self._choices, self._today = texts, choices, today
        self._asks, self._notes, self._command = tuple(asks), dict(notes or {}), command
        self.inputs: dict[str, QWidget] = {}
        self.pictures: dict[str, QLabel] = {}
        self._wrong: dict[str, QLabel] = {}
        self._own: dict[str, PickDocuments] = {}
        self._labels: dict[str, QLabel] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for ask in self._asks:
            self._add(ask, layout)
        self._follow_type()
        self._follow_needed()
        layout.addStretch(1)
        if self.inputs:
            self.setFocusProxy(next(iter(self.inputs.values())))
        QApplication.instance().focusChanged.connect(self._focus_moved)

    def answers(self) -> Answers:
        """What stands there now. Empty optional fields are left out, so that the command's own default holds."""
        fields: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for ask in self._asks:
            try:
                value = self._value(ask)
            except ValueError:
                a_date = ask.kind in (AskKind.DATE, AskKind.DEADLINE)
                wrong[ask.name] = "form.not_a_date" if a_date else "form.not_a_number"
                continue
            if value in (None, "", []):
                if self._needed(ask):
                    wrong[ask.name] = "form.required"
                elif ask.default not in (None, "", [], ()) or (value == "" and ask.default == ""):
                    fields[ask.name] = value        # a first value was taken away on purpose, or there is none to have
                continue
            fields[ask.name] = value
        fields.update({name: field.value() for name, field in self._own.items() if field.value()})
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

    def add(self, ask: Ask) -> None:
        """One more field at the end: one that the screen asks for and no offer does."""
        self._asks = (*self._asks, ask)
        self._put_at_end(lambda layout: self._add(ask, layout))

    def add_input(self, name: str, field: PickDocuments) -> None:
        """The same with an input of its own, which may stay empty."""
        self._own[name] = field
        words = self._texts.or_else(f"field_of.{self._command}_{name}", self._texts.or_else(f"field.{name}", name))
        field.setAccessibleName(words)
        field.answered.connect(self.changed)

        def put(layout: QVBoxLayout) -> None:
            label = strong(self._texts("form.label_optional", label=words))
            label.setBuddy(field)
            layout.addWidget(label)
            layout.addWidget(field)
            self._put_wrong(name, field, layout)

        self._put_at_end(put)

    def _put_at_end(self, put: Callable[[QVBoxLayout], None]) -> None:
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.takeAt(layout.count() - 1)       # the room beneath
        put(layout)
        layout.addStretch(1)

    def _put_wrong(self, name: str, field: QWidget, layout: QVBoxLayout) -> None:
        """Beneath an input: room for what is wrong with it."""
        wrong = plain()
        wrong.setProperty("role", "wrong")
        wrong.hide()
        layout.addWidget(wrong)
        layout.addSpacing(8)
        self.inputs[name], self._wrong[name] = field, wrong

    def _add(self, ask: Ask, layout: QVBoxLayout) -> None:
        words = self._words_of(ask)
        shown = words if ask.required else self._texts("form.label_optional", label=words)
        field = self._input(ask, words)
        field.setAccessibleName(words)
        note = self._notes.get(ask.name)
        if not isinstance(field, QCheckBox):
            label = strong(shown)
            label.setBuddy(field)
            self._labels[ask.name] = label
            head = QHBoxLayout()
            head.setSpacing(5)
            head.addWidget(label, 1)
            if note is not None:
                self._add_note(note, head)
            layout.addLayout(head)
        if note is not None:
            layout.addWidget(self._picture(ask.name))
        layout.addWidget(field)
        if note is not None and note.tone != "good" and note.alternatives and isinstance(field, QLineEdit):
            layout.addLayout(self._alternatives(note, field))
        self._put_wrong(ask.name, field, layout)

    def _words_of(self, ask: Ask) -> str:
        return self._texts.or_else(f"field_of.{self._command}_{ask.name}",
                                   self._texts.or_else(f"field.{ask.name}", ask.name))

    def show_picture(self, name: str, picture: QPixmap) -> None:
        """The place on the page where a field was read, enlarged above it."""
        label = self.pictures.get(name)
        if label is not None and not picture.isNull():
            wide = max(self.width() - 24, 120) * picture.devicePixelRatio()
            if picture.width() > wide:
                picture = picture.scaledToWidth(round(wide), Qt.TransformationMode.SmoothTransformation)
            label.setPixmap(picture)
            label.show()

    def _picture(self, name: str) -> QLabel:
        label = QLabel()
        label.setStyleSheet(f"background: white; border: 1px solid {LINE}; border-radius: 4px; padding: 2px;")
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        label.hide()
        self.pictures[name] = label
        return label

    @staticmethod
    def _add_note(note: Note, row: QHBoxLayout) -> None:
        """How sure, with its icon."""
        words = muted(note.words, small=True)
        words.setWordWrap(False)
        row.addWidget(ToneMark(Tone(note.tone), 16))
        row.addWidget(words)

    @staticmethod
    def _alternatives(note: Note, field: QLineEdit) -> QHBoxLayout:
        """Other readings as buttons that put them in."""
        row = QHBoxLayout()
        row.setSpacing(6)
        for other in note.alternatives[:2]:
            button = QPushButton(other if len(other) <= 24 else f"{other[:23]}…")
            button.setToolTip(other)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)      # by keyboard one types; Tab stays short
            button.clicked.connect(lambda _checked=False, text=other: field.setText(text))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        for name, field in self.inputs.items():
            if new is not None and (new is field or field.isAncestorOf(new)):
                self.entered.emit(name)

    def _follow_type(self) -> None:
        """Those of last time are of the type that the form itself says, where it asks for one."""
        kind = self.inputs.get("type_name")
        pickers = [field for field in self.inputs.values() if isinstance(field, PickRecipients)]
        for picker in pickers if isinstance(kind, QLineEdit | QComboBox) else ():
            if isinstance(kind, QLineEdit):
                picker.of_type(kind.text().strip())
                kind.editingFinished.connect(lambda to=picker: to.of_type(kind.text().strip()))
            else:
                picker.of_type(kind.currentText().strip())
                kind.currentTextChanged.connect(lambda text, to=picker: to.of_type(text.strip()))

    def _needed(self, ask: Ask) -> bool:
        """May it not stay empty, as the other fields stand now?"""
        if ask.required or ask.needed_with is None:
            return ask.required
        source = self.inputs.get(ask.needed_with.field)
        return isinstance(source, PickOne) and source.value() in ask.needed_with.values

    def _follow_needed(self) -> None:
        """A field says that it must be filled as soon as another one's choice makes it so."""
        for ask in self._asks:
            source = self.inputs.get(ask.needed_with.field) if ask.needed_with is not None else None
            if isinstance(source, PickOne):
                source.answered.connect(lambda each=ask: self._say_needed(each))
                self._say_needed(ask)

    def _say_needed(self, ask: Ask) -> None:
        words, needed = self._words_of(ask), self._needed(ask)
        self._labels[ask.name].setText(words if needed else self._texts("form.label_optional", label=words))
        if not needed:
            self._wrong[ask.name].hide()
            self._mark(self.inputs[ask.name], False)

    def _input(self, ask: Ask, words: str) -> QWidget:
        kind, field = ask.kind, None
        if kind is AskKind.PHRASED:
            field = PhrasesEdit(str(ask.default or ""), self._choices.phrases, self._texts)
            field.changed.connect(self.changed)
            return field
        if kind is AskKind.LONG_TEXT:
            field = LinesEdit(str(ask.default or ""), self._texts("form.new_line"))
            field.textChanged.connect(self.changed)
            return field
        if kind is AskKind.YES_NO:
            field = QCheckBox(words)
            field.setChecked(bool(ask.default))
            field.toggled.connect(lambda _: self.changed.emit())
            return field
        if kind is AskKind.PDF:
            field = PickFile(self._texts)
            field.answered.connect(self.changed)
            return field
        if kind in (AskKind.DATE, AskKind.DEADLINE):
            field = PickDay(self._texts, self._today) if kind is AskKind.DATE else \
                PickDeadline(self._texts, self._today, self._choices.calendar)
            if ask.default:
                field.choose(ask.default if isinstance(ask.default, date) else date.fromisoformat(str(ask.default)))
        elif kind is AskKind.RECIPIENTS and self._choices.recipients is not None:
            field = PickRecipients(self._choices.agencies, self._choices.recipients, self._texts)
            field.choose(list(ask.default or ()))
        elif kind is AskKind.AGENCY and self._choices.recipients is not None:
            field = PickAgency(self._choices.recipients, self._texts)
            if ask.default:
                field.choose(str(ask.default))
        elif kind in (AskKind.HANDLERS, AskKind.RECIPIENTS, AskKind.SEVERAL, AskKind.TYPES):
            field = PickSeveral(self._choices_for(ask), self._texts)
            field.choose(list(ask.default or ()))
        elif kind in (AskKind.CHOICE, AskKind.PERSON, AskKind.HANDLER, AskKind.REGISTER, AskKind.AGENCY, AskKind.UNIT):
            field = PickOne(self._choices_for(ask), self._texts,
                            may_be_empty=not ask.required and kind is not AskKind.REGISTER)
            if kind is AskKind.REGISTER:
                field.choose(ask.default or (self._choices.registers[0].value if self._choices.registers else None))
            elif ask.default is not None:
                field.choose(str(ask.default) if ask.kind is AskKind.CHOICE else ask.default)
        else:
            field = QLineEdit("" if ask.default is None else str(ask.default))
            if ask.name == "issuer_name" and self._choices.recipients is not None:
                FoundNames(field, self._choices.recipients)
            usual = self._choices.suggestions.get(ask.name)
            if usual:
                field.setCompleter(suggestions(usual, field))
            field.textChanged.connect(lambda _: self.changed.emit())
            return field
        field.answered.connect(self.changed)
        return field

    def _choices_for(self, ask: Ask) -> tuple[Choice, ...]:
        if ask.kind in (AskKind.CHOICE, AskKind.SEVERAL):
            return tuple(Choice(value, self._texts.or_else(words, words)) for value, words in ask.choices)
        if ask.kind is AskKind.REGISTER:
            return self._choices.registers
        if ask.kind in (AskKind.RECIPIENTS, AskKind.AGENCY):
            return self._choices.agencies
        if ask.kind is AskKind.TYPES:
            return tuple(Choice(name, name) for name in self._choices.suggestions.get("type_name", ()))
        if ask.kind is AskKind.UNIT:
            return tuple(Choice(each.value["id"], each.text) for each in self._choices.handlers
                         if each.value["kind"] == "unit")
        return self._choices.people if ask.kind is AskKind.PERSON else self._choices.handlers

    def _value(self, ask: Ask) -> Any:
        """Raises ValueError for what cannot be read."""
        field = self.inputs[ask.name]
        if isinstance(field, PhrasesEdit):
            return field.text()
        if isinstance(field, QPlainTextEdit):
            return field.toPlainText().strip()
        if isinstance(field, QCheckBox):
            return field.isChecked()
        if isinstance(field, PickFile):
            return field.value()
        if isinstance(field, QLineEdit):
            typed = field.text().strip()
            return int(typed) if typed and ask.kind is AskKind.NUMBER else typed
        assert isinstance(field, PickAgency | PickDay | PickOne | PickSeveral)
        value = field.value()
        return value.isoformat() if isinstance(value, date) else value

    @staticmethod
    def _mark(field: QWidget, wrong: bool) -> None:
        drawn = field.line if isinstance(field, PickAgency | PickDay | PickDocuments) \
            else field.search if isinstance(field, PickSeveral) \
            else field.lines if isinstance(field, PhrasesEdit) \
            else field.button if isinstance(field, PickFile) else field
        drawn.setProperty("wrong", "true" if wrong else "false")
        drawn.style().unpolish(drawn)
        drawn.style().polish(drawn)
