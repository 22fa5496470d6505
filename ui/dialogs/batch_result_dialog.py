"""The result of a round: every document with what became of it and why, to be kept as a table or a sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.kept_batches import UnfinishedBatch
from ui.dialogs.growing import GrowingDialog
from ui.state.batch_result import BatchShown
from ui.tables.rows import Column
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, muted, title
from ui.widgets.rows_view import RowsView

Save = Callable[[Path], None]
"""Writes the result there, off the window's thread; a `.csv` becomes a table, a `.pdf` a sheet."""


class BatchResultDialog(GrowingDialog):
    """Enter closes; what was not signed can be gone on with where that helps."""

    go_on_wanted = Signal(object)           # UnfinishedBatch
    document_wanted = Signal(object)        # DocumentId

    def __init__(self, texts: Texts, shown: BatchShown, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unfinished: UnfinishedBatch | None = None
        self._texts, self.shown, self._save = texts, shown, save
        self.setWindowTitle(texts("batch_result.title"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 28)
        tone = Tone.GOOD if shown.signed == len(shown.rows) else Tone.BAD if shown.failed else Tone.DOUBT
        heading = QHBoxLayout()
        heading.addWidget(ToneMark(tone, 28))
        heading.addWidget(title(shown.heading(texts), 1.3), 1)
        self.table = RowsView((
            Column(texts("batch_result.column_document"), lambda row: row.what),
            Column(texts("batch_result.column_result"), lambda row: row.word, 16, tone=lambda row: Tone(row.tone)),
            Column(texts("batch_result.column_reason"), lambda row: row.said, 44),
        ), texts("batch_result.table"), lines=4)
        self.table.rows_model.show_rows(sorted(shown.rows, key=lambda row: row.tone == "good"))
        self.table.row_opened.connect(lambda row: self._open(row.document))
        self.csv = ActionButton(texts("batch_result.save_csv"), picture="save", keys="Ctrl+S")
        self.pdf = ActionButton(texts("batch_result.save_pdf"), picture="save", keys="Ctrl+P")
        self.go_on = ActionButton("", picture="sign", keys="Ctrl+Return")
        self.go_on.hide()
        self.close_button = ActionButton(texts("batch_result.close"), keys="Esc", rank=RANK_FIRST)
        self.close_button.setDefault(True)
        self.csv.clicked.connect(lambda: self._ask("csv"))
        self.pdf.clicked.connect(lambda: self._ask("pdf"))
        self.go_on.clicked.connect(self._go_on)
        self.close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addLayout(heading)
        layout.addWidget(muted(shown.summary(texts)))
        layout.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addWidget(self.csv)
        row.addWidget(self.pdf)
        row.addStretch(1)
        row.addWidget(self.go_on)
        row.addWidget(self.close_button)
        layout.addLayout(row)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_to_go_on(self, batch: UnfinishedBatch) -> None:
        """What is left of this round can be done now."""
        self._unfinished = batch
        self.go_on.setText(self._texts("batch_result.go_on", count=batch.left + batch.signed))
        self.go_on.show()

    def _open(self, document: object) -> None:
        self.accept()
        self.document_wanted.emit(document)

    def _go_on(self) -> None:
        batch = self._unfinished
        if batch is not None:
            self.accept()
            self.go_on_wanted.emit(batch)

    def _ask(self, ending: str) -> None:
        name = f"{self._texts('batch_result.file')}.{ending}"
        dialog = QFileDialog(self, self._texts(f"batch_result.save_{ending}"), name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self._save(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
