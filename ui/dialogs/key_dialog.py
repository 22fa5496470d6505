"""Which certificate? Asked only where several could sign; the answer is remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.icons import icon
from ui.state.keys import KeyOffered, Purpose
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, title


class KeyDialog(QDialog):
    """Says which key was chosen."""

    chosen = Signal(object)         # KeyOffered
    given_up = Signal()

    def __init__(self, texts: Texts, keys: Sequence[KeyOffered], purpose: Purpose, parent: QWidget | None = None,
                 ) -> None:
        super().__init__(parent)
        self._keys = tuple(keys)
        self.setWindowTitle(texts("key_choice.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 76)
        self.list = QListWidget()
        self.list.setAccessibleName(texts("key_choice.title"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight((self.fontMetrics().height() * 2 + 14) * min(max(len(keys), 2), 5) + 8)
        for key in self._keys:
            self.list.addItem(QListWidgetItem(icon("token"), key.words(texts)))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self._take())
        self.take = ActionButton(texts("key_choice.take"), keys_shown="Enter", rank=RANK_FIRST)
        self.take.setDefault(True)
        self.take.clicked.connect(self._take)
        cancel = ActionButton(texts("form.cancel"), keys="Esc")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts(f"key_choice.{purpose}"), 1.3))
        layout.addWidget(muted(texts("key_choice.remembered")))
        layout.addWidget(self.list)
        layout.addLayout(row)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        if self.isVisible() and self.list.currentRow() >= 0:
            key = self._keys[self.list.currentRow()]
            self.accept()
            self.chosen.emit(key)

    def reject(self) -> None:
        self.given_up.emit()
        super().reject()
