"""Everything about a file's signatures under the banner: a card each, what may be done, the checks so far."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from ui.icons import icon
from ui.state.signatures import CheckShown, PanelShown
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Toned, ToneMark, muted, rule, strong
from ui.widgets.verdict_card import SignatureCard


class VerdictPanel(QWidget):
    """Copies a PanelShown; says what was asked for."""

    page_wanted = Signal(int)
    revision_wanted = Signal(str)           # the signature's field
    revision_save_wanted = Signal(str)
    recheck_wanted = Signal(object)         # the Offer
    report_wanted = Signal(object)          # the answer to report on
    evidence_wanted = Signal(object)        # Digest
    trust_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None, *, nothing: str = "document.no_signatures") -> None:
        """nothing: the words code of what stands there without signatures."""
        super().__init__(parent)
        self._texts, self._nothing = texts, nothing
        self.shown = PanelShown.empty()
        self.cards: list[SignatureCard] = []
        self.recheck = ActionButton(texts("verdict_panel.recheck"), picture="refresh")
        self.report = ActionButton(texts("verdict_panel.report"), picture="save")
        self.evidence = ActionButton(texts("verdict_panel.evidence"), picture="folder")
        self.trust = ActionButton(texts("verdict_panel.trust"), picture="lock")
        self.recheck.clicked.connect(lambda: self.recheck_wanted.emit(self.shown.recheck))
        self.report.clicked.connect(lambda: self.report_wanted.emit(self.shown.report))
        self.evidence.clicked.connect(lambda: self.evidence_wanted.emit(self.shown.evidence))
        self.trust.clicked.connect(self.trust_wanted)
        self._acts = QWidget()
        acts = FlowLayout(self._acts)
        acts.setContentsMargins(0, 4, 0, 0)
        for button in (self.recheck, self.report, self.evidence, self.trust):
            acts.addWidget(button)
        self._scrolled = QScrollArea()
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._scrolled, 1)
        self.show_panel(self.shown)

    def show_panel(self, shown: PanelShown) -> None:
        """Replace what is shown; where one had scrolled to stays when it is the same file."""
        bar = self._scrolled.verticalScrollBar()
        place = bar.value() if shown.name == self.shown.name else 0
        self.shown = shown
        self.recheck.setVisible(shown.recheck is not None)
        self.report.setVisible(shown.report is not None)
        self.evidence.setVisible(shown.evidence is not None)
        self.trust.setVisible(shown.wants_trust)
        held = QWidget()
        held.setObjectName("scrolled")
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 4, 8, 12)
        column.setSpacing(10)
        column.addWidget(self._acts)        # before the old column goes, and its children with it
        self._acts.setVisible(shown.report is not None)
        self.cards = []
        for signature in shown.signatures:
            card = SignatureCard(self._texts, signature)
            card.page_wanted.connect(self.page_wanted)
            card.revision_wanted.connect(self.revision_wanted)
            card.revision_save_wanted.connect(self.revision_save_wanted)
            self.cards.append(card)
            column.addWidget(card)
        if not shown.signatures:
            column.addWidget(muted(self._texts(self._nothing)))
        for remark in shown.warnings:
            column.addWidget(muted(remark))
        if shown.checks:
            column.addWidget(rule())
            column.addWidget(strong(self._texts("checks.heading", count=len(shown.checks))))
            for check in shown.checks:
                column.addLayout(self._check(check))
        column.addStretch(1)
        self._scrolled.setWidget(held)
        bar.setValue(place)

    def _check(self, check: CheckShown) -> QHBoxLayout:
        """When, by whom, with which evidence; the evidence can be saved."""
        row, told = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(8)
        told.setSpacing(0)
        tone = Tone(check.verdict.tone)
        row.addWidget(ToneMark(tone, 18), 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(Toned(tone, check.verdict.word))
        told.addWidget(muted(self._texts("checks.line", when=check.when, by=check.by, how=check.how), small=True))
        row.addLayout(told, 1)
        if check.evidence is not None:
            save = QToolButton()
            save.setIcon(icon("save"))
            save.setAccessibleName(self._texts("checks.save_evidence", when=check.when))
            save.setToolTip(save.accessibleName())
            save.clicked.connect(partial(self.evidence_wanted.emit, check.evidence))
            row.addWidget(save, 0, Qt.AlignmentFlag.AlignTop)
        return row
