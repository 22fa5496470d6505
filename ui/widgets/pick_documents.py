"""Any number of documents, found through the office while a line is typed; each chosen one is a chip."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.state.folding import holds
from ui.state.offers import Choice, RecipientSearch
from ui.texts import Texts
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.found_names import FoundNames
from ui.widgets.pickers import Chip, words_of


class PickDocuments(QWidget):
    """Its value is the identities of what was chosen; what is only typed is no document."""

    answered = Signal()

    def __init__(self, search: RecipientSearch, texts: Texts, parent: QWidget | None = None) -> None:
        """search: its `find` alone is asked."""
        super().__init__(parent)
        self._texts = texts
        self._chosen: list[Choice] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(texts("pick_documents.type"))
        self.names = FoundNames(self.line, search, details=True)
        self.names.picked.connect(self._add)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._take_first)
        self._held = QWidget()
        self._flow = FlowLayout(self._held, 6)
        self._held.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addWidget(self._held)
        self.setFocusProxy(self.line)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def value(self) -> list[str]:
        return [choice.value for choice in self._chosen]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes what was found; with nothing typed it goes on to the next field as anywhere else."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and not event.modifiers() \
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.line.text().strip():
            self._take_first()
            return True
        return super().eventFilter(watched, event)

    def _take_first(self) -> None:
        """The first that was found for what stands there; not while one is chosen in the list beneath."""
        popup = self.line.completer().popup()
        if popup.isVisible() and popup.currentIndex().isValid():
            return
        typed = self.line.text().strip()
        first = next((each for each in self.names.found if typed and holds(words_of(each), typed)), None)
        if first is not None:
            self._add(first)

    def _add(self, choice: Choice) -> None:
        if choice.value not in self.value():
            self._chosen.append(choice)
            self._show_chosen()
        self.line.completer().popup().hide()
        QTimer.singleShot(0, self.line, self.line.clear)    # the completer writes its words there after it told them

    def _take_away(self, choice: Choice) -> None:
        self._chosen.remove(choice)
        self._show_chosen()
        self.line.setFocus()

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
