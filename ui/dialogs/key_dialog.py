"""Which key? Asked where several could sign, or the one chosen last is not here; the answer is remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.icons import icon
from ui.state.keys import KeysFound, Purpose, hidden_words
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, muted, plain, strong, title


class KeyDialog(GrowingDialog):
    """Says which key was chosen, or that another has to be added first."""

    chosen = Signal(object)         # KeyOffered
    file_wanted = Signal()
    account_wanted = Signal()
    devices_wanted = Signal()
    given_up = Signal()

    def __init__(self, texts: Texts, found: KeysFound, purpose: Purpose, parent: QWidget | None = None, *,
                 may_add: bool = True) -> None:
        """may_add: key files and accounts may be added here."""
        super().__init__(parent)
        self._texts, self._keys, self._done = texts, found.offered, False
        self.setWindowTitle(texts("key_choice.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 84)
        self.list = QListWidget()
        self.list.setAccessibleName(texts(f"key_choice.{purpose}"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight((self.fontMetrics().height() * 2 + 14) * min(max(len(self._keys), 2), 5) + 8)
        for key in self._keys:
            self.list.addItem(QListWidgetItem(icon(key.picture), key.words(texts)))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self._take())
        self.take = ActionButton(texts("key_choice.take"), keys_shown="Enter", rank=RANK_FIRST)
        self.take.setDefault(True)
        self.take.setEnabled(bool(self._keys))
        self.take.clicked.connect(self._take)
        self.add_file = ActionButton(texts("key_choice.add_file"), keys="Alt+T", picture="key")
        self.add_account = ActionButton(texts("key_choice.add_account"), keys="Alt+K", picture="send")
        self.devices = ActionButton(texts("key_choice.devices"), keys="Alt+D", picture="token")
        self.cancel = ActionButton(texts("form.cancel"), keys="Esc")
        self.add_file.clicked.connect(lambda: self._leave(self.file_wanted))
        self.add_account.clicked.connect(lambda: self._leave(self.account_wanted))
        self.devices.clicked.connect(lambda: self._leave(self.devices_wanted))
        self.cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts(f"key_choice.{purpose}"), 1.3))
        if found.missing:
            layout.addLayout(_marked(Tone.DOUBT, texts("key_choice.missing", name=found.missing)))
        if self._keys:
            layout.addWidget(muted(texts("key_choice.remembered")))
            layout.addWidget(self.list)
        else:
            layout.addWidget(plain(texts("key_choice.nothing")))
        if found.hidden:
            layout.addSpacing(4)
            layout.addWidget(strong(texts("key_choice.hidden")))
            for each in found.hidden[:4]:
                layout.addLayout(_marked(Tone.QUIET, hidden_words(each, texts)))
            if len(found.hidden) > 4:
                layout.addWidget(muted(texts("key_choice.hidden_more", count=len(found.hidden) - 4)))
        if may_add:
            other = QHBoxLayout()
            for button in (self.add_file, self.add_account, self.devices):
                other.addWidget(button)
            other.addStretch(1)
            layout.addSpacing(4)
            layout.addLayout(other)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.take)
        layout.addLayout(row)
        (self.list if self._keys else self.cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        if self.isVisible() and self._keys and self.list.currentRow() >= 0 and not self._done:
            self._done = True
            key = self._keys[self.list.currentRow()]
            self.accept()
            self.chosen.emit(key)

    def _leave(self, where: Signal) -> None:
        """Close without an answer: something else is wanted."""
        if not self._done:
            self._done = True
            self.accept()
            where.emit()  # type: ignore[attr-defined]

    def reject(self) -> None:
        if not self._done:
            self._done = True
            self.given_up.emit()
        super().reject()


def _marked(tone: Tone, text: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(ToneMark(tone, 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(plain(text), 1)
    return row
