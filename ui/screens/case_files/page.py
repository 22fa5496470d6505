"""One case file: its facts, what must be put right, its documents, acts, adding by search, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.case_file_export import export_case_file
from docclient.desk.case_file_lists import write_contents_list
from docclient.office.commands.filing import AddToCaseFile
from docclient.office.door import Offer, Receipt
from docclient.office.model import Flow
from docclient.office.queries.case_files import CaseFilePage, CaseFileView
from docclient.office.queries.documents import DocumentList, ListDocuments
from ui.screens.thing_giver import offers_shown
from ui.screens.verification.saving import ask_target
from ui.state.case_files import FilePageShown, InsideShown
from ui.state.notices import Notice
from ui.state.offers import buttons_of
from ui.state.rights import may_give
from ui.state.rows import ListRow
from ui.tables.rows import Column
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import card, muted, plain, title
from ui.widgets.offer_bar import OfferBar
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from ui.screens.case_files.screen import CaseFilesScreen

TYPING_PAUSE_MS = 180
FOUND_AT_ONCE = 20


class CaseFilePagePanel(QWidget):
    """Beside the list of files; asks through its screen."""

    back_wanted = Signal()

    def __init__(self, screen: CaseFilesScreen) -> None:
        super().__init__(screen)
        texts = screen.texts
        self.screen, self.shown = screen, None
        self._identity = ""
        self._heading, self._code, self._findings = title(""), muted(), plain()
        self._findings.setProperty("role", "wrong")
        self.offers = OfferBar(texts("case_window.acts"), more=texts("case_window.more"))
        self.list = RowsView(inside_columns(screen), texts("case_window.inside"))
        self.search = SearchField(texts("case_window.add"))
        self.found = RowsView(found_columns(screen), texts("case_window.found"), lines=1)
        self.found.setMaximumHeight(190)
        self.found.hide()
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._build()
        self._pause.timeout.connect(self._look)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self.found.setFocus)
        self.found.row_opened.connect(self._add)
        self.list.row_opened.connect(self._open_document)
        self.offers.taken.connect(self._take)

    def _build(self) -> None:
        texts, me = self.screen.texts, self.screen.session.office.me
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        back = ActionButton(texts("case_window.back"), picture="back", keys="Esc")
        back.clicked.connect(self.back_wanted)
        self.export = ActionButton(texts("case_window.export"), picture="save", keys="Ctrl+S")
        self.export.clicked.connect(self._export)
        self.contents = ActionButton(texts("case_window.contents"), picture="save")
        self.contents.clicked.connect(self._save_contents)
        self.hand_over = ActionButton(texts("offer.HandOverCaseFiles"), picture="person")
        self.hand_over.clicked.connect(lambda: self.screen.giver.begin(
            "HandOverCaseFiles", self._about(), {"case_files": [self._identity]}))
        if not may_give("HandOverCaseFiles", me):
            self.hand_over.hide()
        self.take_in = ActionButton(texts("offer.HandIn"), picture="folder")
        self.take_in.clicked.connect(lambda: self.screen.giver.begin(
            "HandIn", self._about(), {"case_files": [self._identity]}, negative=True))
        self.take_in.hide()
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._heading)
        words.addWidget(self._code)
        head.addLayout(words, 1)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        tools = QHBoxLayout()
        for button in (self.export, self.contents, self.hand_over, self.take_in):
            tools.addWidget(button)
        tools.addStretch(1)
        frame, inside = card(padding=12)
        self._facts = plain(selectable=True)
        inside.addWidget(self._facts)
        for part in (self.offers, frame, self._findings):
            if part is self.offers:
                layout.addLayout(head)
            layout.addWidget(part)
            if part is self.offers:
                layout.addLayout(tools)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.search)
        layout.addWidget(self.found)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason))

    def open(self, identity: str) -> None:
        self._identity = identity
        self.search.clear()
        self.refresh()
        self.list.setFocus()

    def refresh(self) -> None:
        if self._identity:
            self.screen.ask(CaseFilePage(self._identity), self._show, place="file")

    def _show(self, view: CaseFileView) -> None:
        texts = self.screen.texts
        self.shown = shown = FilePageShown.of(view, texts)
        self._heading.setText(shown.heading)
        self._code.setText(shown.code)
        self._facts.setText("   ·   ".join(f"{label}: {value}" for label, value in shown.facts))
        self._findings.setText("\n".join(shown.findings[:4]))
        self._findings.setVisible(bool(shown.findings))
        self.offers.show_offers(buttons_of(offers_shown(view.offers), texts))
        self.list.show_rows(shown.inside, same=lambda old, new: old.id == new.id)
        self.search.setVisible(shown.may_add)
        self.take_in.setVisible(shown.may_hand_in and may_give("HandIn", self.screen.session.office.me))
        if not shown.may_add:
            self.found.hide()

    def _about(self) -> str:
        return f"{self.shown.code} · {self.shown.heading}" if self.shown else ""

    def _take(self, offer: Offer) -> None:
        self.screen.giver.take(offer, "case_file", self._about())

    def _open_document(self, row: InsideShown) -> None:
        if row.id is not None:
            self.screen.document_wanted.emit(row.id)

    def _look(self) -> None:
        """Documents of both ways that the words find; Enter puts the chosen one in."""
        text, office, screen = self.search.text().strip(), self.screen.session.office, self.screen
        if not text:
            self.found.hide()
            return

        def both(_report: object, _stop: object) -> list[DocumentList]:
            return [office.ask(ListDocuments(flow, text, limit=FOUND_AT_ONCE)) for flow in Flow]

        screen.work(both, self._found, place="found")

    def _found(self, lists: list[DocumentList]) -> None:
        day, texts = self.screen.session.today(), self.screen.texts
        here = {row.id for row in self.shown.inside} if self.shown else set()
        rows = [(row.version, ListRow.of(row, day, texts)) for each in lists for row in each.rows if row.id not in here]
        self.found.show_rows(rows)
        self.found.setVisible(bool(self.search.text().strip()))

    def _add(self, chosen: tuple[int, ListRow]) -> None:
        version, row = chosen
        self.screen.do(AddToCaseFile(row.id, version, self._identity), self._added)

    def _added(self, receipt: Receipt) -> None:
        self.screen.session.tell.tell(Notice.good(self.screen.texts, "case_window.added", number=receipt.number or ""))
        self.search.clear()
        self.refresh()
        self.search.setFocus()

    def _export(self) -> None:
        office, identity = self.screen.session.office, self._identity
        self.screen.choose_folder(self.screen.texts("case_window.export"), lambda folder: self.screen.save(
            lambda: export_case_file(office, identity, folder)))

    def _save_contents(self) -> None:
        office, identity = self.screen.session.office, self._identity
        ask_target(self, self.screen.texts("case_window.contents"), "muc-luc-van-ban.pdf",
                   lambda target: self.screen.save(lambda: write_contents_list(office, identity, target)),
                   filters="PDF (*.pdf);;Excel (*.xlsx)")


def inside_columns(screen: CaseFilesScreen) -> tuple[Column, ...]:
    texts = screen.texts
    return (
        Column(texts("case_window.ordinal"), lambda row: row.ordinal, 5, strong=lambda _row: True),
        Column(texts("column.number"), lambda row: row.number, 12),
        Column(texts("column.issued"), lambda row: row.issued, 9),
        Column(texts("column.what"), lambda row: row.what),
        Column(texts("column.issuer"), lambda row: row.issuer, 18, may_go=1),
        Column(texts("column.state"), lambda row: row.state, 12),
    )


def found_columns(screen: CaseFilesScreen) -> tuple[Column, ...]:
    texts = screen.texts
    return (
        Column(texts("column.number"), lambda pair: pair[1].number, 12),
        Column(texts("column.issued"), lambda pair: pair[1].issued, 9),
        Column(texts("column.what"), lambda pair: pair[1].what),
        Column(texts("column.issuer"), lambda pair: pair[1].issuer, 18, may_go=1),
    )
