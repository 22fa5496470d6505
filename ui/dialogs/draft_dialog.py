"""A draft: choose the file (.docx or PDF), say what it is, to whom, who signs. Converting shows its progress here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from docclient.office.door import Ask, Receipt
from docclient.office.errors import FieldWrong
from ui.background import Background, Lane, Report
from ui.dialogs.offer_dialog import scrolled
from ui.state.offers import Choices
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.progress_strip import ProgressStrip

KINDS = ("*.docx", "*.doc", "*.odt", "*.rtf", "*.pdf")

CarryOut = Callable[[dict[str, Any], Path, Report, Event], Receipt]
"""Runs off the window's thread: fields (JSON-ready), file, progress, stop → the office's receipt."""


class DraftDialog(QDialog):
    """Stays open until the office has the draft; nothing typed is lost when the file turns out bad."""

    drafted = Signal(object)        # Receipt

    def __init__(self, texts: Texts, background: Background, heading: str, asks: Sequence[Ask], choices: Choices,
                 today: date, carry_out: CarryOut, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._background, self._carry_out = texts, background, carry_out
        self._stop: Event | None = None
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setAcceptDrops(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.file = QLineEdit()
        self.file.setPlaceholderText(texts("draft.file_hint"))
        self.file.setAccessibleName(texts("draft.file"))
        self.browse = ActionButton(texts("draft.browse"), picture="folder", keys="Ctrl+O")
        self.browse.clicked.connect(self._browse)
        self.form = FieldsForm(asks, choices, texts, today)
        self.progress = ProgressStrip(texts)
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        self.confirm = ActionButton(texts("draft.confirm"), keys="Ctrl+Return", rank=RANK_FIRST, picture="draft")
        self.confirm.clicked.connect(self._begin)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.cancel.clicked.connect(self.reject)
        self._build(heading, bool(asks))

    def _build(self, heading: str, has_fields: bool) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(muted(texts("draft.explain")))
        label = strong(texts("draft.file"))
        label.setBuddy(self.file)
        layout.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
        layout.addLayout(row)
        if has_fields:
            layout.addSpacing(4)
            layout.addWidget(scrolled(self.form), 1)
        layout.addWidget(self._trouble)
        layout.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout.addLayout(buttons)
        self.file.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_file(self, file: Path) -> None:
        self.file.setText(str(file))
        if self.form.inputs:
            self.form.setFocus()

    def _browse(self) -> None:
        texts = self._texts
        dialog = QFileDialog(self, texts("draft.browse"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{texts('draft.kinds')} ({' '.join(KINDS)})")
        dialog.fileSelected.connect(lambda chosen: self.choose_file(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _begin(self) -> None:
        answers, file = self.form.answers(), self.file.text().strip()
        self.form.show_wrong(answers.wrong)
        self._say("" if file else self._texts("draft.no_file"))
        if answers.wrong or not file:
            return
        carry_out, fields, path = self._carry_out, answers.fields, Path(file).expanduser()
        self._enable(False)
        self._stop = self._background.run(
            self, Lane.PROCESSOR, lambda report, stop: carry_out(fields, path, report, stop),
            progress=self.progress.progress, done=self._done, failed=self._failed, stopped=self._stopped)
        self.progress.begin(self._texts("draft.converting"), self._stop)

    def _done(self, receipt: Receipt) -> None:
        self._ended()
        self.accept()
        self.drafted.emit(receipt)

    def _failed(self, error: Exception) -> None:
        self._ended()
        words = self._texts.trouble(error)
        name = str(error.facts.get("field")) if isinstance(error, FieldWrong) else ""
        if name in self.form.inputs:
            self.form.show_wrong({name: words.sentence})
        else:
            self._say(f"{words.sentence} {words.advice}")

    def _stopped(self) -> None:
        self._ended()

    def _ended(self) -> None:
        self._stop = None
        self.progress.end()
        self._enable(True)

    def _enable(self, on: bool) -> None:
        for part in (self.confirm, self.browse, self.file, self.form):
            part.setEnabled(on)

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def reject(self) -> None:
        """Esc while a file is being converted stops that first."""
        if self._stop is not None:
            self.progress.cancel.click()
            return
        super().reject()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.choose_file(files[0])
            event.acceptProposedAction()
