"""The verdict in one glance: colour, icon, word, one sentence."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.state.verdicts import VerdictShown
from ui.theme import TONES, Tone
from ui.widgets.labels import ToneMark, plain, strong


class VerdictBanner(QFrame):
    """Shows one VerdictShown. Hidden until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        self._mark = ToneMark(Tone.QUIET, 28)
        self._word = strong()
        self._sentence = plain(selectable=True)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._word)
        said.addWidget(self._sentence)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(12)
        layout.addWidget(self._mark)
        layout.addLayout(said, 1)
        self.shown: VerdictShown | None = None
        self.hide()

    def show_verdict(self, verdict: VerdictShown | None) -> None:
        """Show it; None hides the banner."""
        self.shown = verdict
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        tone = Tone(verdict.tone)
        colours = TONES[tone]
        self._mark.show_tone(tone)
        self._word.setText(verdict.word)
        self._sentence.setText(verdict.sentence)
        self.setAccessibleName(f"{verdict.word}. {verdict.sentence}")
        self.setStyleSheet(
            f"QFrame#verdict {{ background: {colours.wash}; border: 1px solid {colours.line};"
            f" border-radius: 8px; }} QLabel {{ color: {colours.ink}; }}")
