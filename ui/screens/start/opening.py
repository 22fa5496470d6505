"""While the office is being opened, and what is said when that does not work."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import title
from ui.widgets.notice_bar import NoticeBar


class Opening(QWidget):
    """A sentence and a bar; a notice and a second try."""

    again_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._texts = texts
        self.words = title(texts("start.opening"), 1.2)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(320)
        self._bar.setAccessibleName(texts("start.opening"))
        self.notice = NoticeBar(texts)
        self.again = ActionButton(texts("start.again"), keys="F5", picture="refresh", rank=RANK_FIRST)
        self.again.clicked.connect(self.again_wanted)
        self.again.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(60, 40, 60, 40)
        layout.addWidget(self.notice)
        layout.addStretch(2)
        layout.addWidget(self.words)
        layout.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self.again, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)

    def say(self, code: str) -> None:
        self.words.setText(self._texts(code))

    def tell(self, error: Exception) -> None:
        """It did not work: why, what to do, and again."""
        self.notice.trouble(error)
        self.words.setText(self._texts("start.not_opened"))
        self._bar.hide()
        self.again.show()
