"""The first start: there is no office yet. Load the sample, or found one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.texts import Texts
from ui.theme import ACCENT
from ui.widgets.action_button import RANK_FIRST, RANK_PLAIN, ActionButton
from ui.widgets.labels import card, muted, plain, strong, title


class Welcome(QWidget):
    """Two ways to begin, told in plain words."""

    sample_wanted = Signal()
    found_wanted = Signal()

    def __init__(self, texts: Texts, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.sample = ActionButton(texts("start.sample"), keys="Ctrl+Return", picture="sample", rank=RANK_FIRST)
        self.sample.clicked.connect(self.sample_wanted)
        self.found = ActionButton(texts("start.found"), keys="Ctrl+N", picture="office", rank=RANK_PLAIN)
        self.found.clicked.connect(self.found_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 40, 40, 40)
        layout.addStretch(2)
        heading = title(texts("start.welcome"), 1.8)
        about = muted(texts("start.welcome_more"))
        for part in (heading, about):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(part)
        layout.addSpacing(26)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addStretch(1)
        row.addWidget(self._way("sample", texts("start.sample_title"), texts("start.sample_more"), self.sample))
        row.addWidget(self._way("office", texts("start.found_title"), texts("start.found_more"), self.found))
        row.addStretch(1)
        layout.addLayout(row)
        layout.addSpacing(20)
        where = muted(texts("start.place", place=place), small=True)
        where.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(where)
        layout.addStretch(3)

    def _way(self, picture: str, heading: str, words: str, button: ActionButton) -> QWidget:
        frame, column = card(padding=24, spacing=12)
        frame.setFixedWidth(self.fontMetrics().averageCharWidth() * 54)
        drawn = QLabel()
        drawn.setPixmap(pixmap(picture, 40, ACCENT, self.devicePixelRatioF()))
        column.addWidget(drawn)
        name = strong(heading)
        column.addWidget(name)
        column.addWidget(plain(words))
        column.addStretch(1)
        column.addWidget(button)
        return frame
