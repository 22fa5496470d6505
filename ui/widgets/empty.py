"""What stands where there is nothing: an icon, a sentence, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.theme import MUTED
from ui.widgets.labels import muted, title


class Empty(QWidget):
    """Centred in whatever room there is."""

    def __init__(self, picture: str, heading: str, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        drawn = QLabel()
        drawn.setPixmap(pixmap(picture, 56, MUTED, self.devicePixelRatioF()))
        self.heading, self.words = title(heading, 1.2), muted(words)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        for part in (drawn, self.heading, self.words):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(part)
        layout.addStretch(3)
