"""Pages that were scanned and are not a letter yet, offered until somebody decides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from docclient.capture.batch import LeftBatch
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, strong


class LeftPileBar(QFrame):
    """The oldest pile; the next one follows when it is dealt with. A locked one can only be thrown away, and stands
    behind the others."""

    use_wanted = Signal(object)             # LeftBatch
    throw_away_wanted = Signal(object)      # LeftBatch

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.pile: LeftBatch | None = None
        self.setObjectName("left_pile")
        colours = TONES[Tone.DOUBT]
        self.setStyleSheet(f"QFrame#left_pile {{ background: {colours.wash}; border: 1px solid {colours.line};"
                           f" border-radius: 8px; }} QFrame#left_pile > QLabel {{ color: {colours.ink}; }}")
        self.words = strong()
        self.use = ActionButton(texts("scan_window.use"), keys="Alt+D", picture="check", rank=RANK_FIRST)
        self.throw_away = ActionButton(texts("scan_window.throw_away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(12)
        row.addWidget(ToneMark(Tone.DOUBT, 26), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        for button, wanted in ((self.throw_away, self.throw_away_wanted), (self.use, self.use_wanted)):
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, wanted=wanted: wanted.emit(self.pile))
        self.hide()

    def show_piles(self, piles: Sequence[LeftBatch]) -> None:
        self.pile = min(piles, key=lambda pile: pile.locked, default=None)
        self.setVisible(self.pile is not None)
        if self.pile is not None:
            code = "scan_window.left_locked" if self.pile.locked else "scan_window.left"
            words = self._texts(code, pages=self.pile.pages, at=self._texts.moment(self.pile.begun))
            self.use.setVisible(not self.pile.locked)
            self.words.setText(words)
            self.setAccessibleName(words)
