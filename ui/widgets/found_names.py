"""Agencies found through the office while a line is typed: names to put in, or one agency to choose."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ui.icons import icon
from ui.state.offers import Choice, RecipientSearch
from ui.texts import Texts
from ui.widgets.pickers import words_of

PAUSE_MS = 60        # of typing, before the office is asked


class FoundNames(QObject):
    """Offers under `line` what the office finds for what stands there. What is typed may be anything."""

    picked = Signal(object)         # Choice

    def __init__(self, line: QLineEdit, search: RecipientSearch, *, known: bool = False, details: bool = False) -> None:
        """known: only agencies that the office itself lists. details: codes are shown behind the names."""
        super().__init__(line)
        self._line, self._search, self._known, self._details = line, search, known, details
        self.found: tuple[Choice, ...] = ()
        self._model = QStandardItemModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._pick)
        line.setCompleter(completer)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        line.textEdited.connect(lambda _: self._pause.start())

    def look(self) -> None:
        """What stands there, at once."""
        self._pause.stop()
        typed = self._line.text().strip()
        if typed:
            self._search.find(self, typed, partial(self._take, typed), known=self._known)

    def shown(self, choice: Choice) -> str:
        return words_of(choice) if self._details else choice.text

    def _take(self, typed: str, found: tuple[Choice, ...]) -> None:
        if typed != self._line.text().strip():
            return          # something else stands there by now
        self.found = found
        self._model.clear()
        for words in dict.fromkeys(self.shown(each) for each in found):
            self._model.appendRow(QStandardItem(words))
        completer = self._line.completer()
        if found and self._line.hasFocus():
            completer.complete()
        else:
            completer.popup().hide()

    def _pick(self, words: str) -> None:
        choice = next((each for each in self.found if self.shown(each) == words), None)
        if choice is not None:
            self.picked.emit(choice)


class PickAgency(QWidget):
    """One agency. Its value is the code of what was chosen; a name that is only half typed is nobody."""

    answered = Signal()

    def __init__(self, search: RecipientSearch, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen: Choice | None = None
        self._search = search
        self.line = QLineEdit()
        self.line.setPlaceholderText(texts("recipients_line.type"))
        self.names = FoundNames(self.line, search, known=True, details=True)
        self.names.picked.connect(self._take)
        self.line.editingFinished.connect(self._settle)
        clear = QToolButton()
        clear.setIcon(icon("close"))
        clear.setAccessibleName(texts("recipients_line.clear"))
        clear.setToolTip(texts("recipients_line.clear"))
        clear.clicked.connect(lambda: self.choose(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(clear)
        self.setFocusProxy(self.line)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def value(self) -> str | None:
        """The code; None while nothing, or only part of a name, stands there."""
        whole = self._chosen is not None and self.line.text() == words_of(self._chosen)
        return str(self._chosen.value) if whole and self._chosen is not None else None

    def choose(self, value: str | None) -> None:
        if value is None:
            self._chosen = None
            self.line.clear()
            self.answered.emit()
        else:
            self._search.named(self, (value,), lambda found: self._take(found[0] if found else Choice(value, value)))

    def _take(self, choice: Choice) -> None:
        self._chosen = choice
        self.line.setText(words_of(choice))
        self.answered.emit()

    def _settle(self) -> None:
        """What was typed out in full counts as chosen, if the office has found just that."""
        typed = self.line.text().strip()
        if typed and self.value() is None:
            whole = [each for each in self.names.found if typed in (each.text, str(each.value), words_of(each))]
            if len(whole) == 1:
                self._take(whole[0])
