"""A document that came by post, by e-mail or by hand: its fields and its files; one after the other without leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from docclient.office.door import Ask
from ui.dialogs.growing import GrowingDialog
from ui.dialogs.offer_dialog import scrolled
from ui.icons import icon
from ui.state.offers import Choices
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted, plain, strong, title

KEPT = ("channel", "issuer_name", "type_name", "issued_date")
"""What the next document of the same pile mostly shares."""


class EnterDialog(GrowingDialog):
    """Stays open until the office has accepted, and longer for whoever enters a pile."""

    answered = Signal(object, object, bool)     # fields (JSON-ready), files, whether another follows

    def __init__(self, texts: Texts, asks: Sequence[Ask], choices: Choices, today: date,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._choices, self._today, self._asks = texts, choices, today, tuple(asks)
        self.files: list[Path] = []
        self.setWindowTitle(texts("enter.button"))
        self.setModal(True)
        self.setAcceptDrops(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.add = ActionButton(texts("enter.add_files"), picture="attach", keys="Ctrl+O")
        self.add.clicked.connect(self._browse)
        self.confirm = ActionButton(texts("enter.give"), keys="Ctrl+Return", rank=RANK_FIRST)
        self.confirm.clicked.connect(lambda: self._answer(False))
        self.next = ActionButton(texts("enter.give_next"), keys="Ctrl+Shift+Return")
        self.next.clicked.connect(lambda: self._answer(True))
        self.cancel = ActionButton(texts("form.cancel"), keys="Esc")
        self.cancel.clicked.connect(self.reject)
        self._trouble, self._no_files = plain(), muted(texts("enter.no_files"), small=True)
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        self._held = QWidget()
        self._chips = FlowLayout(self._held, 6)
        self.form = FieldsForm(self._asks, choices, texts, today)
        self._area = scrolled(self.form)
        self._build()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(self._texts("enter.title"), 1.2))
        row = QHBoxLayout()
        row.addWidget(strong(self._texts("enter.files")), 1)
        row.addWidget(self.add)
        layout.addLayout(row)
        layout.addWidget(self._no_files)
        layout.addWidget(self._held)
        self._held.hide()
        layout.addWidget(self._area, 1)
        layout.addWidget(self._trouble)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.cancel, self.next, self.confirm):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_files(self, files: Sequence[Path]) -> None:
        self.files += [file for file in files if file not in self.files]
        self._show_files()

    def take_away(self, file: Path) -> None:
        self.files.remove(file)
        self._show_files()

    def _show_files(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for file in self.files:
            chip = QPushButton(icon("close"), file.name, self._held)
            chip.setToolTip(self._texts("enter.take_away", name=file.name))
            chip.setAccessibleName(chip.toolTip())
            chip.clicked.connect(lambda _checked=False, gone=file: self.take_away(gone))
            self._chips.addWidget(chip)
            chip.show()
        self._held.setVisible(bool(self.files))
        self._no_files.setVisible(not self.files)

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._texts("enter.add_files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.add_files([Path(each) for each in chosen]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.add_files([file for file in files if file.is_file()])
        event.acceptProposedAction()

    def refuse(self, words: str, wrong: Mapping[str, str]) -> None:
        """The office did not accept: say why, keep what was typed."""
        self._enable(True)
        self.form.show_wrong(dict(wrong))
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def go_on(self) -> None:
        """The next of the pile: what it mostly shares with the last one stays."""
        last = self.form.answers().fields
        asks = [replace(ask, default=last[ask.name]) if ask.name in KEPT and last.get(ask.name) else ask
                for ask in self._asks]
        self.form = FieldsForm(asks, self._choices, self._texts, self._today)
        self.form.setObjectName("scrolled")
        self._area.setWidget(self.form)
        self.files = []
        self._show_files()
        self._enable(True)
        self.form.inputs["subject"].setFocus()

    def _answer(self, another: bool) -> None:
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        self._trouble.hide()
        if not answers.wrong:
            self._enable(False)         # until the office has answered: nothing is given twice
            self.answered.emit(answers.fields, tuple(self.files), another)

    def _enable(self, on: bool) -> None:
        self.confirm.setEnabled(on)
        self.next.setEnabled(on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()           # Enter goes on to the next field; Ctrl+Enter confirms
            return
        super().keyPressEvent(event)
