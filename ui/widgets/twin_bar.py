"""In a form: the document seems to be registered already. Which one, a key to compare, the word that it was seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.model import DocumentId
from docclient.office.queries.duplicates import TwinView
from ui.state.handling import twin_words
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import Toned, ToneMark, card, plain


class TwinBar(QWidget):
    compare_wanted = Signal(object)         # TwinView

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._twin: TwinView | None = None
        self._told = plain()
        self.compare = ActionButton(texts("twin.compare"), keys="F4")
        self.compare.clicked.connect(lambda: self.compare_wanted.emit(self._twin))
        self.seen = QCheckBox(texts("twin.seen"))
        frame, column = card(padding=12, spacing=6)
        head = QHBoxLayout()
        head.addWidget(ToneMark(Tone.DOUBT))
        head.addWidget(Toned(Tone.DOUBT, texts("twin.heading")), 1)
        row = QHBoxLayout()
        row.addWidget(self.seen, 1)
        row.addWidget(self.compare)
        column.addLayout(head)
        column.addWidget(self._told)
        column.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def show_twins(self, twins: Sequence[TwinView]) -> None:
        """The first that is registered counts; the office names no other."""
        self._twin = next((each for each in twins if each.arrival_number is not None), twins[0] if twins else None)
        self.seen.setChecked(False)
        self._told.setText(twin_words(self._twin, self._texts) if self._twin else "")
        self._keep_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_whole()

    def _keep_whole(self) -> None:
        """Where room is scarce, what stands beneath gives way: wrapped words alone would be cut."""
        self.setMinimumHeight(self.layout().totalHeightForWidth(self.width()))

    def seen_twin(self) -> DocumentId | None:
        return self._twin.document if self._twin is not None and self.isVisible() and self.seen.isChecked() else None
