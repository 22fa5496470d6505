"""What was broken off, offered again: how far it came, and three ways to deal with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.kept_batches import UnfinishedBatch
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, muted, strong


class UnfinishedBar(QFrame):
    """The oldest unfinished round of this person; the next one follows when it is dealt with."""

    go_on_wanted = Signal(object)       # UnfinishedBatch
    give_up_wanted = Signal(object)     # UnfinishedBatch

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._batches: list[UnfinishedBatch] = []
        self._put_off: set[str] = set()
        self.setObjectName("unfinished")
        colours = TONES[Tone.DOUBT]
        self.setStyleSheet(f"QFrame#unfinished {{ background: {colours.wash}; border: 1px solid {colours.line};"
                           f" border-radius: 8px; }} QFrame#unfinished > QLabel {{ color: {colours.ink}; }}")
        self.words, self._more = strong(), muted(texts("unfinished.give_up_more"), small=True)
        self.go_on = ActionButton(texts("unfinished.go_on"), keys="Alt+G", picture="sign", rank=RANK_FIRST)
        self.later = ActionButton(texts("unfinished.later"))
        self.give_up = ActionButton(texts("unfinished.give_up"))
        self.go_on.clicked.connect(self._go_on)
        self.later.clicked.connect(self._later)
        self.give_up.clicked.connect(self._give_up)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(12)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.words)
        said.addWidget(self._more)
        row.addWidget(ToneMark(Tone.DOUBT, 26), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        for button in (self.give_up, self.later, self.go_on):
            row.addWidget(button)
        self.hide()

    @property
    def newest(self) -> UnfinishedBatch | None:
        """The one that is offered."""
        return next((each for each in self._batches if each.folder.name not in self._put_off), None)

    def show_batches(self, batches: Sequence[UnfinishedBatch]) -> None:
        self._batches = list(batches)
        self._show()

    def _show(self) -> None:
        batch = self.newest
        self.setVisible(batch is not None)
        if batch is not None:
            words = self._texts(f"unfinished.{batch.act.value}", at=self._texts.moment(batch.begun_at),
                                signed=batch.returned + batch.signed, total=len(batch.documents))
            self.words.setText(words)
            self.setAccessibleName(words)

    def _go_on(self) -> None:
        """It stays until the round begins: who turns back at the PIN is offered it still."""
        batch = self.newest
        if batch is not None:
            self.go_on_wanted.emit(batch)

    def _later(self) -> None:
        batch = self.newest
        if batch is not None:
            self._put_off.add(batch.folder.name)
            self._show()

    def _give_up(self) -> None:
        batch = self.newest
        if batch is not None:
            self._batches.remove(batch)
            self._show()
            self.give_up_wanted.emit(batch)
