"""A few lines of words: a reason, a reminder. Not given while they are empty."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, title


class WordsDialog(GrowingDialog):
    """Says what was written."""

    given = Signal(str)

    def __init__(self, texts: Texts, heading: str, about: str, button: str, first: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 78)
        self.words = QPlainTextEdit(first)
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(heading)
        self.words.setMaximumHeight(self.fontMetrics().height() * 5 + 16)
        self.wrong = plain()
        self.wrong.setProperty("role", "wrong")
        self.wrong.hide()
        self.confirm = ActionButton(button, keys="Ctrl+Return", rank=RANK_FIRST)
        self.confirm.clicked.connect(self._give)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(muted(about))
        layout.addWidget(self.words)
        layout.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)
        self.words.setFocus()

    def _give(self) -> None:
        words = self.words.toPlainText().strip()
        if not words:
            self.wrong.setText(self._texts("why.empty"))
            self.wrong.show()
            self.words.setFocus()
            return
        self.accept()
        self.given.emit(words)
