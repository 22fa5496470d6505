"""A document beside its twin: the facts of both, what differs marked, and the twin's page."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.model import Document
from docclient.office.queries.duplicates import TwinView
from ui.background import Background
from ui.dialogs.growing import GrowingDialog
from ui.rendering.renderer import Renderer
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain, strong, title
from ui.widgets.pdf_viewer import PdfViewer


class TwinDialog(GrowingDialog):
    """Shows, decides nothing."""

    def __init__(self, texts: Texts, background: Background, renderer: Renderer, own: Document, twin: TwinView,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(texts("twin.title"))
        self.setModal(True)
        self.viewer = PdfViewer(texts, background, renderer)
        self.close_button = ActionButton(texts("twin.close"), keys="Esc", rank=RANK_FIRST)
        self.close_button.clicked.connect(self.reject)
        left = QVBoxLayout()
        left.addWidget(title(texts("twin.title"), 1.3))
        left.addWidget(muted(texts(f"twin.by_{twin.by}")))
        left.addSpacing(8)
        left.addLayout(self._facts(own, twin))
        left.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        left.addLayout(row)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(left, 5)
        layout.addWidget(self.viewer, 6)
        self.resize(1120, 680)
        self.close_button.setFocus()

    def _facts(self, own: Document, twin: TwinView) -> QGridLayout:
        texts, grid = self._texts, QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for column, code in enumerate(("twin.this", "twin.other"), start=1):
            grid.addWidget(strong(texts(code)), 0, column)
        for row, (code, mine, theirs) in enumerate((
                ("facts.number", own.number_and_symbol, twin.number_and_symbol),
                ("facts.issued", texts.date(own.issued_date), texts.date(twin.issued_date)),
                ("facts.issuer", own.issuer_name or "", twin.issuer_name),
                ("facts.type", own.type_name, twin.type_name),
                ("field.subject", own.subject, twin.subject),
                ("lists.state", texts(f"state.{own.state}"), texts(f"state.{twin.state}")),
                ("facts.arrival", str(own.arrival_number or ""), self._arrival(twin))), start=1):
            grid.addWidget(muted(texts(code)), row, 0)
            grid.addWidget(plain(mine or "—"), row, 1)
            grid.addWidget(self._other(mine, theirs), row, 2)
        return grid

    def _arrival(self, twin: TwinView) -> str:
        return f"{twin.arrival_number} ({self._texts.date(twin.arrival_date)})" if twin.arrival_number else ""

    def _other(self, mine: str, theirs: str) -> QWidget:
        """A value of the twin; one that differs says so."""
        if mine == theirs or not mine:
            return plain(theirs or "—")
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        mark = ToneMark(Tone.DOUBT, 16)
        mark.setToolTip(self._texts("twin.differs"))
        row.addWidget(mark)
        row.addWidget(Toned(Tone.DOUBT, theirs or "—"), 1)
        return held
