"""The right side of a document's page: facts, handling, recipients, files, links; signatures; the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from docclient.office.model import Flow
from docclient.office.queries.rights import FileRights
from ui.icons import icon
from ui.screens.document.form_panel import FormPanel
from ui.screens.document.handling_panel import HandlingPanel
from ui.screens.document.outgoing_panel import OutgoingPanel
from ui.state.document_page import DocumentShown, Fact, FileShown
from ui.texts import Texts
from ui.theme import Tone, strong_font
from ui.widgets.labels import Toned, ToneMark, muted, plain, rule, strong
from ui.widgets.link_button import LinkButton
from ui.widgets.timeline import Timeline
from ui.widgets.verdict_panel import VerdictPanel

PICTURES = ("information", "people", "draft", "check", "sign", "history")       # of the tabs, in their order


class Details(QTabWidget):
    """Copies a DocumentShown."""

    file_wanted = Signal(object)            # FileShown
    save_wanted = Signal(object)            # FileShown
    document_wanted = Signal(object)        # DocumentId

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._saves: dict[str, QToolButton] = {}    # by file
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.facts, self.signatures = Scrolled(), VerdictPanel(texts)
        self.handling = HandlingPanel(texts)
        self.outgoing = OutgoingPanel(texts)
        self.form = FormPanel(texts)
        self.trail = Timeline(texts("document.trail"))
        self.addTab(self.facts, texts("document.facts"))
        self.addTab(self.handling, texts("handling.tab"))
        self.addTab(self.outgoing, texts("outgoing.tab"))
        self.addTab(self.form, texts("form_panel.title"))
        self.addTab(self.signatures, texts("document.signatures"))
        self.addTab(self.trail, texts("document.trail"))

    def show_form_tab(self, wanted: bool) -> None:
        self.setTabVisible(self.indexOf(self.form), wanted)
        for place in range(self.count()):
            self.setTabToolTip(place, self.tabText(place))
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Where there is no room the pictures go before the words; where these do not fit either, the tabs scroll."""
        metrics = QFontMetrics(strong_font(self.tabBar().font()))
        shown = [place for place in range(self.count()) if self.isTabVisible(place)]
        beside = 3 * metrics.averageCharWidth() + 6
        words = sum(metrics.horizontalAdvance(self.tabText(place)) + beside for place in shown)
        pictured = words + len(shown) * (self.iconSize().width() + 8) <= self.width()
        for place, picture in enumerate(PICTURES):
            self.setTabIcon(place, icon(picture) if pictured else QIcon())
        self.setUsesScrollButtons(words > self.width())
        self.setElideMode(Qt.TextElideMode.ElideNone if words > self.width() else Qt.TextElideMode.ElideRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_tabs()

    def show_rights(self, rights: Iterable[FileRights]) -> None:
        """Which files this person may take away."""
        for each in rights:
            if each.file in self._saves:
                self._saves[each.file].setVisible(each.download)

    def show_document(self, shown: DocumentShown) -> None:
        facts = self.facts.begin()
        self._saves.clear()
        self._section(facts, "", shown.facts)
        self._section(facts, self._texts("document.handling"), shown.handling)
        self._section(facts, self._texts("document.deliveries"), shown.deliveries)
        if shown.files:
            facts.addWidget(strong(self._texts("document.files")))
            for file in shown.files:
                facts.addWidget(self._file(file))
        if shown.links:
            facts.addWidget(strong(self._texts("document.links")))
            for link in shown.links:
                facts.addWidget(self._button(link.words, "document", partial(self.document_wanted.emit, link.document)))
        self.facts.end()
        self.trail.show_moments(shown.moments)
        self.setTabVisible(self.indexOf(self.handling), shown.flow is Flow.INCOMING)
        self.setTabVisible(self.indexOf(self.outgoing), shown.flow is Flow.OUTGOING)
        self.setTabText(self.indexOf(self.signatures),
                        self._texts("document.signatures_count", count=len(shown.signatures)))

    def _section(self, layout: QVBoxLayout, heading: str, facts: Iterable[Fact]) -> None:
        facts = tuple(facts)
        if not facts:
            return
        if heading:
            layout.addWidget(rule())
            layout.addWidget(strong(heading))
        layout.addLayout(facts_grid(facts))

    def _file(self, file: FileShown) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        button = self._button(file.title, "attach", partial(self.file_wanted.emit, file))
        button.setEnabled(file.viewable)
        save = QToolButton()
        save.setIcon(icon("save"))
        save.setAccessibleName(self._texts("document.save_named", file=file.name))
        save.setToolTip(save.accessibleName())
        save.clicked.connect(lambda: self.save_wanted.emit(file))
        save.setVisible(False)              # until it is known that this person may
        self._saves[file.id] = save
        row = QHBoxLayout()
        row.addWidget(button, 1)
        row.addWidget(save)
        column.addLayout(row)
        column.addWidget(muted(file.detail, small=True))
        return held

    def _button(self, words: str, picture: str, act: Callable[[], object]) -> LinkButton:
        button = LinkButton(words, picture)
        button.clicked.connect(lambda _checked=False: act())
        return button


class Scrolled(QScrollArea):
    """A column of things that scrolls; rebuilt as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._held = QWidget()

    def begin(self) -> QVBoxLayout:
        self._held = QWidget()
        self._held.setObjectName("scrolled")
        layout = QVBoxLayout(self._held)
        layout.setContentsMargins(4, 12, 8, 12)
        layout.setSpacing(8)
        return layout

    def end(self) -> None:
        layout = self._held.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addStretch(1)
        self.setWidget(self._held)


def facts_grid(facts: Iterable[Fact]) -> QLayout:
    """Labels at the left, values at the right; a coloured value has its icon."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, fact in enumerate(facts):
        label = muted(fact.label)
        label.setWordWrap(True)
        label.setMinimumWidth(110)
        label.setMaximumWidth(170)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        if fact.tone is None:
            grid.addWidget(plain(fact.value, selectable=True), row, 1)
        else:
            line = QHBoxLayout()
            line.addWidget(ToneMark(Tone(fact.tone), 18), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Toned(Tone(fact.tone), fact.value), 1)
            grid.addLayout(line, row, 1)
    return grid
