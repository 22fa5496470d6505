"""The tab about a draft's form: what was found, each place outlined on the page; and the way to compare versions."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.comparing import VersionFacts, versions_of
from docclient.desk.form import DocumentForm, document_form
from docclient.office.model import DocumentId, Flow, State
from docclient.office.queries.document_page import DocumentView
from ui.background import Lane, Report
from ui.screens.document.versions import VersionsDialog, open_versions
from ui.screens.screen import Screen
from ui.state.form import FindingShown, FormShown
from ui.tables.rows import Column
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.rows_view import RowsView

TESTED_IN = frozenset({State.DRAFT, State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE})
"""While the form can still be changed, or the signer wants to see how it stands."""


class FormPanel(QWidget):
    """Copies a FormShown. Up and down walk from finding to finding."""

    chosen = Signal(object)             # FindingShown, or None
    compare_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: FormShown | None = None
        self._texts = texts
        self._mark, self.words = ToneMark(Tone.QUIET, 22), Toned(Tone.QUIET)
        self._more = muted(small=True)
        self._source = muted(small=True)
        self.rows = RowsView((
            Column(texts("form_panel.title"), _rule_of, tone=lambda row: Tone(row.tone), strong=lambda _row: False,
                   hint=lambda row: f"{row.severity}. {row.rule}\n{row.detail}\n{row.source}"),
            Column(texts("versions.column_page"), lambda row: str(row.page or "–"), width=6)),
            texts("form_panel.list"), lines=3)
        self.compare = ActionButton(texts("versions.open"), picture="document")
        self._help = muted(texts("form_panel.help"), small=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 12, 8, 8)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self.words, 1)
        layout.addLayout(head)
        layout.addWidget(self._more)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self._source)
        foot = QHBoxLayout()
        foot.addWidget(self._help, 1)
        foot.addWidget(self.compare)
        layout.addLayout(foot)
        self._rest = plain()
        layout.addWidget(self._rest)
        layout.addStretch(0)
        self.rows.row_chosen.connect(self._choose)
        self.compare.clicked.connect(self.compare_wanted)
        self.show_waiting()

    def show_waiting(self) -> None:
        self.show_form(FormShown(self._texts("form_panel.looking"), "quiet"))

    def show_form(self, shown: FormShown) -> None:
        self.shown = shown
        tone = Tone(shown.tone)
        self._mark.show_tone(tone)
        self.words.setText(shown.words)
        self.words.show_tone(tone)
        more = "\n".join(each for each in (shown.blocking, shown.excuse, *shown.notes) if each)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.rows.show_rows(shown.findings)
        for each in (self.rows, self._help, self._source):
            each.setVisible(bool(shown.findings))
        self._rest.setVisible(not shown.findings)

    def _choose(self, row: FindingShown | None) -> None:
        self._source.setText(row.source if row is not None else "")
        self.chosen.emit(row)


def _rule_of(row: FindingShown) -> str:
    return f"{row.rule}\n{row.detail}" if row.detail else row.rule


class FormActs:
    """Serves the panel of a document's screen: looks at the newest version, outlines the chosen place."""

    def __init__(self, screen: Screen, panel: FormPanel, viewer: PdfViewer) -> None:
        self._screen, self._panel, self._viewer = screen, panel, viewer
        self._document: DocumentId | None = None
        self._name = ""
        self.dialog: VersionsDialog | None = None
        panel.chosen.connect(self._outline)
        panel.compare_wanted.connect(self.compare)

    @staticmethod
    def concerns(view: DocumentView) -> bool:
        return view.document.flow is Flow.OUTGOING and view.document.state in TESTED_IN

    def show(self, view: DocumentView) -> None:
        """Look again; what stood there stays until it is known better."""
        if not self.concerns(view):
            self._viewer.show_outlines(())
            self._document = None
            return
        if view.document.id != self._document:
            self._viewer.show_outlines(())
            self._panel.show_waiting()
        self._document, self._name = view.document.id, view.document.subject
        office, document = self._screen.session.office, view.document.id

        def look(_report: Report, _stop: Event) -> DocumentForm:
            return document_form(office, document)

        self._screen.work(look, lambda found: self._looked(document, found), place="form", lane=Lane.PROCESSOR)

    def _looked(self, document: DocumentId, found: DocumentForm) -> None:
        if document == self._document:
            self._panel.show_form(FormShown.of(found, self._screen.texts))

    def _outline(self, row: FindingShown | None) -> None:
        shown = self._panel.shown
        if shown is None or not self._panel.isVisible():
            return
        marked = [outline for outline in shown.outlines if row is not None and outline.key == row.key]
        self._viewer.show_outlines(marked, row.key if row is not None else "")
        if marked and row is not None:
            self._viewer.reveal(row.key)

    # versions

    def compare(self) -> None:
        """The versions of this document, side by side."""
        office, document = self._screen.session.office, self._document
        if document is None:
            return

        def look(_report: Report, _stop: Event) -> tuple[VersionFacts, ...]:
            return versions_of(office, document)

        self._screen.work(look, lambda found: self._open(document, found), place="versions", lane=Lane.NET)

    def _open(self, document: DocumentId, versions: tuple[VersionFacts, ...]) -> None:
        if len(versions) < 2:
            self._screen.session.tell.good("versions.one")
            return
        self.dialog = open_versions(self._screen.session, self._screen, document, self._name, versions)
