"""One question with yes and no, in whole sentences."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import plain, title


class QuestionDialog(GrowingDialog):
    """Enter says yes, Esc no."""

    answered = Signal(bool)

    def __init__(self, texts: Texts, heading: str, sentences: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 64)
        self.yes = ActionButton(yes, keys_shown="Enter", rank=RANK_FIRST)
        self.yes.setDefault(True)
        self.no = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.yes.clicked.connect(self.accept)
        self.no.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(plain(sentences))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        layout.addLayout(row)
        self.yes.setFocus()
        self.finished.connect(lambda result: self.answered.emit(result == QDialog.DialogCode.Accepted))
