"""The tab of an outgoing document's page: how it is drafted, who was asked, who approved, and how it goes out."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from docclient.office.model import Flow
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.fate import FateOf, FateView
from docclient.office.queries.outgoing import OutgoingPage, OutgoingView
from ui.background import Report
from ui.screens.screen import Screen
from ui.state.fate import asked_banner, recipients_section
from ui.state.handling import Alarm, Line
from ui.state.outgoing import OutgoingShown, StateBannerShown
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.labels import Toned, ToneMark, card, muted, plain, rule, strong
from ui.widgets.link_button import LinkButton

STEP_PX = 22        # how far what belongs to a line is set in


class OutgoingPanel(QScrollArea):
    """Copies an OutgoingShown; rebuilt as a whole."""

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: OutgoingShown | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(texts("outgoing.tab"))

    def show_outgoing(self, shown: OutgoingShown) -> None:
        place = self.verticalScrollBar().value() if self.shown is not None else 0
        self.shown = shown
        held = QWidget()
        held.setObjectName("scrolled")
        layout = QVBoxLayout(held)
        layout.setContentsMargins(4, 12, 8, 12)
        layout.setSpacing(8)
        for alarm in shown.alarms:
            layout.addWidget(alarm_card(alarm))
        for number, section in enumerate(shown.sections):
            if number:
                layout.addWidget(rule())
            layout.addWidget(strong(section.title))
            for line in section.lines:
                layout.addLayout(line_row(line))
        layout.addStretch(1)
        self.setWidget(held)
        self.verticalScrollBar().setValue(place)


def alarm_card(alarm: Alarm) -> QWidget:
    frame, column = card(padding=12, spacing=4)
    tone = Tone(alarm.tone)
    frame.setStyleSheet(f"QFrame[role=\"card\"] {{ background: {TONES[tone].wash};"
                        f" border-color: {TONES[tone].line}; }}")
    row = QHBoxLayout()
    row.addWidget(ToneMark(tone), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Toned(tone, alarm.heading), 1)
    column.addLayout(row)
    column.addWidget(plain(alarm.words, selectable=True))
    return frame


def line_row(line: Line) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addSpacing(line.depth * STEP_PX)
    if line.tone:
        row.addWidget(ToneMark(Tone(line.tone), 18), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(1)
    words.addWidget(Toned(Tone(line.tone), line.head) if line.tone else plain(line.head))
    if line.meta:
        words.addWidget(muted(line.meta, small=True))
    if line.words:
        words.addWidget(plain(line.words, selectable=True))
    row.addLayout(words, 1)
    return row


class StateBanner(QFrame):
    """That a document was recalled, replaced or corrected, or does so to another; leads there."""

    document_wanted = Signal(object)        # DocumentId

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("state")
        self.shown: StateBannerShown | None = None
        self.buttons: list[LinkButton] = []
        self._mark, self._words = ToneMark(Tone.QUIET, 22), strong()
        self._words.setWordWrap(True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._words, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 8, 14, 8)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self.hide()

    def show_state(self, shown: StateBannerShown | None) -> None:
        self.shown = shown
        self.setVisible(shown is not None)
        for button in self.buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        if shown is None:
            return
        tone = Tone(shown.tone)
        self._mark.show_tone(tone)
        self._words.setText(shown.words)
        self.setAccessibleName(shown.words)
        self.setStyleSheet(f"QFrame#state {{ background: {TONES[tone].wash}; border: 1px solid {TONES[tone].line};"
                           " border-radius: 8px; }")
        for words, document in shown.links:
            button = LinkButton(words, "document", self)
            button.clicked.connect(lambda _checked=False, to=document: self.document_wanted.emit(to))
            self._column.addWidget(button)
            self.buttons.append(button)


class OutgoingActs:
    """Serves panel and banner of a document's screen."""

    def __init__(self, screen: Screen, panel: OutgoingPanel, banner: StateBanner) -> None:
        self._screen, self._panel, self._banner = screen, panel, banner
        self._view: DocumentView | None = None
        banner.document_wanted.connect(screen.document_wanted)

    def show(self, view: DocumentView) -> None:
        """The banner tells what became of an issued document, and what the sender of an incoming one asks."""
        screen, document, self._view = self._screen, view.document, view
        outgoing = document.flow is Flow.OUTGOING
        self._banner.show_state(StateBannerShown.of(view, screen.texts) if outgoing else None)

        def read(_report: Report, _stop: Event) -> tuple[OutgoingView | None, FateView]:
            office = screen.session.office
            return office.ask(OutgoingPage(document.id)) if outgoing else None, office.ask(FateOf(document.id))

        screen.work(read, lambda found: self._show(view, *found), place="outgoing")

    def _show(self, view: DocumentView, found: OutgoingView | None, fate: FateView) -> None:
        texts = self._screen.texts
        if view is not self._view:
            return
        if found is None:
            self._banner.show_state(asked_banner(view, fate, texts))
            return
        self._panel.show_outgoing(OutgoingShown.of(
            found, self._screen.session.today(), texts, (recipients_section(fate, texts),)))
