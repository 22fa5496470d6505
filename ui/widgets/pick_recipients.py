"""Recipients: found through the office while a name, a code or initials are typed; groups and those of last time at a
click. The whole directory is never loaded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QInputDialog, QMenu, QToolButton, QWidget

from ui.icons import icon
from ui.state.offers import Choice, RecipientSearch, RecipientSet
from ui.texts import Texts
from ui.widgets.pickers import PickSeveral, words_of

PAUSE_MS = 60        # of typing, before the office is asked


class PickRecipients(PickSeveral):
    """As `PickSeveral`, over choices that are looked for."""

    def __init__(self, known: Sequence[Choice], search: RecipientSearch, texts: Texts,
                 parent: QWidget | None = None) -> None:
        """known: names of codes that may stand here from the beginning."""
        super().__init__((), texts, parent)
        self._known = {choice.value: choice for choice in known}
        self._office, self._asked, self._taking = search, "", False
        self._sets: tuple[RecipientSet, ...] = ()
        self._found = QStandardItemModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._add_words)
        line = self.search.lineEdit()
        line.setCompleter(completer)
        line.setPlaceholderText(texts("recipients_line.type"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        line.textEdited.connect(lambda _: self._pause.start())
        self.groups = QToolButton()
        self.groups.setIcon(icon("people"))
        self.groups.setAccessibleName(texts("recipients_line.choose"))
        self.groups.setToolTip(texts("recipients_line.choose"))
        self.groups.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.groups.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.menu = QMenu(self.groups)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.groups.setMenu(self.menu)
        self.naming: QInputDialog | None = None
        self._type_name = ""
        row = QHBoxLayout()
        row.setSpacing(6)
        layout = self.layout()
        layout.removeWidget(self.search)
        row.addWidget(self.search, 1)
        row.addWidget(self.groups)
        layout.insertLayout(0, row)
        self._ask_sets()

    def of_type(self, name: str) -> None:
        """The document's type as its form says it now: those of last time go by it."""
        if name != self._type_name:
            self._type_name = name
            self._ask_sets()

    def _ask_sets(self) -> None:
        self._office.sets(self, self._take_sets, self._type_name)

    def choose(self, values: Sequence[Any]) -> None:
        self._chosen = [self._known.get(value, Choice(value, str(value))) for value in values]
        self._show_chosen()
        missing = [value for value in values if value not in self._known]
        if missing:
            self._office.named(self, missing, self._name_chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter adds the best that fits what stands there, once the office has answered to just that."""
        if watched is self.search.lineEdit() and isinstance(event, QKeyEvent) \
                and event.type() is QEvent.Type.KeyPress \
                and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            typed = self.search.currentText().strip()
            if typed:
                if typed == self._asked and self._choices and not self._pause.isActive():
                    self._add(self._choices[0])
                else:
                    self._taking = True
                    self._look()
                return True
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        self._pause.stop()
        typed = self.search.currentText().strip()
        if typed:
            self._office.find(self, typed, partial(self._take_found, typed))

    def _take_found(self, typed: str, found: tuple[Choice, ...]) -> None:
        if typed != self.search.currentText().strip():
            return          # something else stands there by now
        self._asked, self._choices = typed, found
        if self._taking:
            self._taking = False
            self._add(found[0] if found else None)
            return
        self._found.clear()
        for choice in found:
            self._found.appendRow(QStandardItem(words_of(choice)))
        completer = self.search.lineEdit().completer()
        if found and self.search.lineEdit().hasFocus():
            completer.complete()
        else:
            completer.popup().hide()

    def _name_chosen(self, found: tuple[Choice, ...]) -> None:
        self._known.update({choice.value: choice for choice in found})
        self._chosen = [self._known.get(choice.value, choice) for choice in self._chosen]
        self._show_chosen()

    # several at once

    def _take_sets(self, found: tuple[RecipientSet, ...]) -> None:
        self._sets = found

    def _fill_menu(self) -> None:
        self.menu.clear()
        for each in self._sets:
            self.menu.addAction(each.words, partial(self.add_all, each.recipients))
        if not self._sets:
            self.menu.addAction(self._texts("recipients_line.none")).setEnabled(False)
        if self._chosen:
            self.menu.addSeparator()
            self.menu.addAction(self._texts("recipients_line.keep"), self._ask_name)
        for each in self._sets:
            if each.group:
                self._fill_menu_of(each)

    def _fill_menu_of(self, group: RecipientSet) -> None:
        """A group of one's own is changed to what is chosen, or removed."""
        menu = self.menu.addMenu(self._texts("recipients_line.change", name=group.name))
        codes = [choice.value for choice in self._chosen]
        replace = menu.addAction(self._texts("recipients_line.replace"), lambda: self._office.keep(
            self, group.name, codes, self._ask_sets, group.group))
        replace.setEnabled(bool(codes))
        menu.addAction(self._texts("recipients_line.remove"), lambda: self._office.remove(
            self, group.group, group.name, self._ask_sets))

    def add_all(self, recipients: Sequence[Choice]) -> None:
        there = {choice.value for choice in self._chosen}
        self._chosen += [choice for choice in recipients if choice.value not in there]
        self._show_chosen()

    def _ask_name(self) -> None:
        dialog = self.naming = QInputDialog(self.window())
        dialog.setWindowTitle(self._texts("recipients_line.keep_title"))
        dialog.setLabelText(self._texts("recipients_line.keep_name"))
        dialog.textValueSelected.connect(self._keep)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep(self, name: str) -> None:
        if name.strip():
            self._office.keep(self, name.strip(), [choice.value for choice in self._chosen],
                              self._ask_sets)
