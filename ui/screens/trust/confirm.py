"""Believing an authority: its fingerprint whole on the screen, its last eight digits typed by who compared it."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from signing.authorities import READ_BACK
from ui.state.trust import AuthorityShown
from ui.texts import Texts
from ui.theme import Tone, fixed_font
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain, strong, title


class ConfirmDialog(QDialog):
    """Says what was typed; whether it is right is for the office to say."""

    confirmed = Signal(str)             # the digits typed

    def __init__(self, texts: Texts, shown: AuthorityShown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self.shown = texts, shown
        self.setWindowTitle(texts("trust.confirm_title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 76)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(shown.name, 1.2))
        layout.addWidget(muted(f"{shown.purpose} · {shown.life}"))
        layout.addWidget(plain(shown.speaks))
        layout.addWidget(strong(texts("trust.fingerprint")))
        self.fingerprint = plain(shown.fingerprint, selectable=True)
        self.fingerprint.setFont(fixed_font(self.fingerprint.font()))
        self.fingerprint.setAccessibleName(texts("trust.fingerprint"))
        layout.addWidget(self.fingerprint)
        layout.addWidget(plain(texts("trust.compare_how")))
        label = strong(texts("trust.read_back", count=READ_BACK))
        self.line = QLineEdit()
        self.line.setMaxLength(READ_BACK + 4)
        self.line.setAccessibleName(texts("trust.read_back", count=READ_BACK))
        label.setBuddy(self.line)
        layout.addWidget(label)
        layout.addWidget(self.line)
        self._wrong_mark, self._wrong = ToneMark(Tone.BAD, 18), Toned(Tone.BAD)
        wrong = QHBoxLayout()
        wrong.addWidget(self._wrong_mark)
        wrong.addWidget(self._wrong, 1)
        layout.addLayout(wrong)
        self.believe = ActionButton(texts("trust.believe"), keys_shown="Enter", picture="check", rank=RANK_FIRST)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.believe)
        layout.addLayout(row)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._give)
        self.believe.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        self._typed("")
        self.line.setFocus()

    def refuse(self, error: Exception) -> None:
        """The office did not take it."""
        words = self._texts.trouble(error)
        self._wrong.setText(words.explanation or words.heading)
        self._wrong.show()
        self._wrong_mark.show()
        self.line.setFocus()
        self.line.selectAll()

    def _typed(self, text: str) -> None:
        self._wrong.hide()
        self._wrong_mark.hide()
        self.believe.setEnabled(len(re.sub(r"[^0-9A-Fa-f]", "", text)) == READ_BACK)

    def _give(self) -> None:
        if self.believe.isEnabled():
            self.confirmed.emit(self.line.text())
