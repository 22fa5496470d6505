"""Paper intake: choose scans, watch them being read, check the fields beside the page, sign as the agency, register."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.door import Act, Offer, Receipt
from docclient.office.model import DocumentId, WaitKind, now
from docclient.office.queries.documents import WaitingForMe, WaitingList
from docclient.papers.scan_sheets import print_separators
from ui.background import Lane
from ui.screens.paper.confirm import ConfirmPanel
from ui.screens.paper.early import EarlyReading, FirstPage
from ui.screens.paper.letter import PaperFound
from ui.screens.paper.pile import PilePanel
from ui.screens.paper.registering import PaperRegistering
from ui.screens.paper.scanning import PaperScanning
from ui.screens.paper.twins import PaperTwins
from ui.screens.paper.words import PaperWords
from ui.screens.screen import Screen
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.state.intake import IntakeForm
from ui.state.offers import Choices
from ui.state.pile import PileShown
from ui.state.rows import HomeRow
from ui.tables.rows import Column
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.crops import Crops
from ui.widgets.empty import Empty
from ui.widgets.labels import muted, title
from ui.widgets.left_pile_bar import LeftPileBar
from ui.widgets.panes import Panes
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.rows_view import RowsView

KINDS = ("*.pdf", "*.png", "*.jpg", "*.jpeg", "*.tif", "*.tiff")


class PaperScreen(Screen):
    """For the clerk: a pile of letters, one after another."""

    taken_in = Signal(object)           # Receipt of a digitised letter
    confirm_shown = Signal(object)      # DocumentId: its fields stand beside its page
    registered = Signal(object)         # Receipt
    early_shown = Signal(str)           # the first page's form stands there, its letter is still being scanned

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self._current: DocumentId | None = None
        self._wanted: DocumentId | None = None
        self._offer: Offer | None = None
        self._choices: Choices | None = None
        self._busy = self._reading_pile = False
        self._rows = self._some_read = False
        self.choose = ActionButton(texts("paper.choose"), picture="plus", keys="Ctrl+O")
        self.scan = ActionButton(texts("scan_window.scan"), picture="paper", keys="F8", rank=RANK_FIRST)
        self.separators = ActionButton(texts("scan_sheets.print_separators"), picture="save")
        self.scanning = PaperScanning(session, self)
        self.left = LeftPileBar(texts)
        self.pile = PilePanel(texts)
        self.list = RowsView(columns(texts("paper.waiting_short")), texts("paper.waiting"), lines=3)
        self.viewer = PdfViewer(texts, self.background, session.renderer)
        self.confirm = ConfirmPanel(texts)
        self.crops = Crops(self)
        self.words = PaperWords(session, self.confirm, self)
        self.twins = PaperTwins(session, self.confirm, self)
        self.early = EarlyReading(session, self)
        self.registering = PaperRegistering(session, self)
        self._early_page = ""                   # the first page whose form stands there before its letter
        self._said: dict[str, Any] = {}         # what was typed there, until the letter has it
        self._cursor, self._carried = "", None  # in which field, and which letter that is
        self._empty = Empty("paper", texts("paper.nothing"), texts("paper.nothing_more"))
        self.setAcceptDrops(True)
        self._build()
        self.choose.clicked.connect(self._browse)
        self.scan.clicked.connect(lambda: self.scanning.ask())
        self.separators.clicked.connect(lambda: ask_target(
            self, texts("scan_sheets.print_separators"), texts("scan_sheets.separators_file"), self.save_separators))
        self.scanning.read.connect(self._read)
        self.scanning.labelled.connect(self.document_wanted)
        self.pile.document_wanted.connect(self.scanning.open_labelled)
        self.scanning.ended.connect(self.refresh)
        self.scanning.first_page.connect(self._read_early)
        self.scanning.all_came.connect(self.early.give_up)
        self.early.begun.connect(self.scanning.hold)
        self.early.ready.connect(self._show_early)
        self.early.secret.connect(self.scanning.stop_for_secret)
        self.early.ended.connect(self.scanning.let_go)
        self.scanning.busy_changed.connect(self._be_busy)
        self.scanning.pile_changed.connect(self._show_pile)
        self.scanning.piles_found.connect(self.left.show_piles)
        self.left.use_wanted.connect(self.scanning.use)
        self.left.throw_away_wanted.connect(self.scanning.throw_away)
        self.pile.act.connect(self.scanning.act)
        self.pile.carried.connect(self.scanning.carried)
        self.pile.read_wanted.connect(self.scanning.read_pile)
        self.pile.later_wanted.connect(self.scanning.leave)
        self.pile.throw_away_wanted.connect(self.scanning.throw_away_open)
        self.list.row_chosen.connect(self._choose)
        self.viewer.shown.connect(lambda _page: self._show_crops())
        self.crops.cut.connect(self.confirm.show_picture)
        self.confirm.entered.connect(self.viewer.reveal)
        self.confirm.confirmed.connect(self._confirmed)
        self.confirm.compare_wanted.connect(lambda twin: self.document_wanted.emit(twin.document))
        self.confirm.words_wanted.connect(lambda: self.words.ask(self._offer, self.viewer.source))
        self.confirm.every_word_wanted.connect(self._read_through)
        self.viewer.canvas.pointed.connect(self._pointed)
        self.words.begun.connect(self._words_begun)
        self.words.ended.connect(self._words_ended)
        self.registering.begun.connect(self._registering_begun)
        self.registering.ended.connect(self._done)
        self.registering.failed.connect(self._refused)
        self.confirm.page_wanted.connect(lambda: self.document_wanted.emit(self._current))

    def _build(self) -> None:
        texts, head, names = self.texts, QHBoxLayout(), QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(title(texts("rail.paper")))
        self._explain = muted(texts("paper.explain"))
        names.addWidget(self._explain)
        head.addLayout(names, 1)
        head.addWidget(self.separators, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addSpacing(8)
        head.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addSpacing(8)
        head.addWidget(self.scan, 0, Qt.AlignmentFlag.AlignVCenter)
        middle = QWidget()
        seen = QVBoxLayout(middle)
        seen.setContentsMargins(8, 0, 8, 0)
        seen.addWidget(self.viewer)
        split = self._split = Panes(((self.list, 25, 18), (middle, 0, 34), (self.confirm, 48, 40)))
        self.page.addLayout(head)
        self.page.addWidget(self.left)
        self.page.addWidget(self.pile, 1)
        self.page.addWidget(split, 1)
        self.page.addWidget(self._empty, 1)
        self._split.hide()
        self.pile.hide()

    # the pile

    def _show_pile(self, shown: PileShown | None, wanted: str) -> None:
        """An open pile takes the place of the letters, until it has become some."""
        had = self.pile.isVisible()
        if shown is not None:
            self.pile.show_pile(shown, busy=self.scanning.busy, wanted=wanted)
        self._divide(shown is not None and not self._some_read)
        if shown is None and self._early_page and not self._some_read:
            self._end_early()
        if self.pile.isVisible() and (wanted or not had):
            self.pile.begin()

    def _divide(self, pile: bool) -> None:
        """pile: one is open. The form of its first page stands before it as long as pages come or are read."""
        early = bool(self._early_page) and self.scanning.busy
        pile = pile and not early
        rows = self._rows or early
        for widget, on in ((self.pile, pile), (self._split, not pile and rows),
                           (self._empty, not pile and not rows), (self.choose, not pile),
                           (self.scan, not pile), (self._explain, not pile), (self.separators, not pile)):
            widget.setVisible(on)

    # the first page, before its letter

    def _read_early(self, page: Path) -> None:
        """While no other letter waits to be looked at."""
        if self._current is None:
            self._end_early()
            self.early.begin(page)

    def _show_early(self, found: FirstPage) -> None:
        if self._current is not None or self.scanning.pile is None:
            return
        self._early_page = found.page
        form = IntakeForm.of(found.asks, found.fields, self.texts)
        self.confirm.show_form(form, found.choices, self.session.today(), may_confirm=False)
        self.confirm.show_number(None)
        self.twins.begin(None)
        self.viewer.show_bytes(found.content)
        self.viewer.show_outlines(form.outlines)
        self._divide(True)
        self.confirm.begin()
        self.early_shown.emit(found.page)

    def _end_early(self) -> None:
        """Its letter never will come: nothing of the page stays behind."""
        if self._early_page and self._current is None:
            self._clear_letter()
        self._early_page, self._said = "", {}

    def _clear_letter(self) -> None:
        self.crops.ask(None, ())            # before the viewer lets its document go
        self.viewer.clear()
        self.confirm.clear()

    # what waits

    def enter(self, target: Any = None) -> None:
        self._wanted = target
        super().enter(target)
        self.scanning.read_profiles()
        self.scanning.look_for_piles()

    def refresh(self) -> None:
        self.ask(WaitingForMe(kinds=(WaitKind.CONFIRM_PAPER,)), self._show, place="waiting")

    def _show(self, waiting: WaitingList) -> None:
        day = self.session.today()
        rows = [HomeRow.of(row, day, self.texts) for row in waiting.rows]
        wanted = self._wanted or self._current
        self._wanted = None
        self.list.blockSignals(True)
        self.list.show_rows(rows, same=lambda old, new: old.id == new.id)
        place = max(self.list.rows_model.place_of(lambda row: row.id == wanted), 0)
        self.list.choose(place)
        self.list.blockSignals(False)
        self._rows = bool(rows)
        self._divide(self.scanning.pile is not None and not self._some_read)
        if rows:
            self._choose(rows[place])
        elif not self._early_page:
            self._current = None
            self._clear_letter()

    def _choose(self, row: HomeRow | None) -> None:
        if row is None or row.id == self._current:
            return
        self._current, self._offer = row.id, None
        self.crops.ask(None, ())            # before the viewer lets its document go
        self.viewer.clear("viewer.loading")
        self.confirm.clear()
        session, document, known = self.session, row.id, self._choices
        self.work(lambda _report, _stop: PaperFound.read(session, document, known), self._show_document,
                  place="document")

    def _show_document(self, found: PaperFound) -> None:
        view, content, self._choices = found.view, found.content, found.choices
        if view.document.id != self._current:
            return
        self._offer = next((offer for offer in view.offers if offer.act is Act.SIGN_COPY), None)
        said, cursor = (self._said, self._cursor) if view.document.id == self._carried else ({}, "")
        self._carried, self._said = None, {}
        form = IntakeForm.of(self._offer.fields if self._offer else (), view.proposed_fields, self.texts, said)
        self.confirm.show_form(form, self._choices, self.session.today(), may_confirm=self._offer is not None)
        self.confirm.show_number(found.next_number)
        self.twins.begin(view.document.id)
        if content is not None:
            self.viewer.show_bytes(content)
            self.viewer.show_outlines(form.outlines)
        self.words.look(view, self._offer)
        self.confirm_shown.emit(view.document.id)
        self.confirm.begin(cursor)

    def _show_crops(self) -> None:
        """Once the page stands there: the doubtful places enlarged beside their fields."""
        form = self.confirm.intake
        if form is not None:
            self.crops.ask(self.viewer.source, [each for each in form.outlines if each.key in form.doubtful])

    # new paper

    def save_separators(self, target: Path) -> None:
        """Sheets to lay between letters, ready to be printed."""
        language, tell = self.texts.language, self.session.tell
        self.background.run(self, Lane.NET, lambda _report, _stop: print_separators(target, now(), 1, language),
                            done=lambda written: tell.good("document.saved", file=written.name), failed=tell.trouble)

    def _browse(self) -> None:
        texts = self.texts
        dialog = QFileDialog(self, texts("paper.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(f"{texts('paper.kinds')} ({' '.join(KINDS)})")
        dialog.filesSelected.connect(lambda chosen: self.take_in([Path(each) for each in chosen]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_in(self, files: Sequence[Path]) -> None:
        """These files as the pages of a pile, in the order given."""
        if files and not self._busy and not self._reading_pile:
            self.scanning.take_files(files)

    def _read(self, receipt: Receipt) -> None:
        """A letter of the pile is there, perhaps not yet the last."""
        self.session.tell.good("paper.read")
        if not self._some_read and self._early_page and self._early_page == self.scanning.first_leaf:
            self._said = self.confirm.said()
            self._cursor = self.confirm.field_with_cursor
            self._carried = receipt.document
        self._early_page, self._some_read = "", True
        if self._current is None:
            self._wanted = receipt.document
        self.refresh()
        self.taken_in.emit(receipt)

    def _ended(self) -> None:
        self._busy = False
        if not self._reading_pile:
            self.session.progress.end()

    def _be_busy(self, busy: bool) -> None:
        """One pile at a time; a letter that stands on the screen can be confirmed while the next ones are read."""
        self._reading_pile = busy
        if not busy:
            self._some_read = False
        for button in (self.choose, self.scan):
            button.setEnabled(not busy)
        self.left.setEnabled(not busy)
        self._divide(self.scanning.pile is not None and not self._some_read)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    # words that were read with doubt

    def _read_through(self) -> None:
        """From the place of the field that had the cursor last, where its page is in view; else from the page's top."""
        form, field, page = self.confirm.intake, self.confirm.last_field, max(1, self.viewer.canvas.current_page)
        where = next((each for each in form.outlines if (each.key, each.page) == (field, page)), None) \
            if form is not None else None
        left, top = (where.left, where.top) if where is not None else (0.0, 0.0)
        self.words.read_through(self._offer, self.viewer.source, page, left, top)

    def _pointed(self, page: int, left: float, top: float) -> None:
        """A click on a word of the page."""
        if not self._busy:
            self.words.read_through(self._offer, self.viewer.source, page, left, top, only_on=True)

    def _words_begun(self) -> None:
        self._busy = True
        self.confirm.enable(False)

    def _words_ended(self, offer: Offer | None) -> None:
        """offer: as it is after the words were put right; None when they could not be."""
        self._busy = False
        self.confirm.enable(True)
        if offer is not None and self._offer is not None and offer.document == self._offer.document:
            self._offer = offer
        self.confirm.begin()

    # confirm

    def _confirmed(self, fields: dict[str, Any]) -> None:
        offer = self._offer
        if offer is None or self._busy:
            return
        self._busy = True
        self.twins.before_signing(fields, lambda: self._sign(offer, fields), self._looked_for_twins)

    def _looked_for_twins(self) -> None:
        self._busy = False

    def _sign(self, offer: Offer, fields: dict[str, Any]) -> None:
        self._looked_for_twins()
        if self._offer is not offer:            # another letter stands there by now
            return
        self.registering.sign(offer, fields)

    def _registering_begun(self) -> None:
        self._busy = True
        self.confirm.enable(False)
        if not self._reading_pile:
            self.session.progress.begin(self.texts("paper.registering"))

    def _done(self, receipt: Receipt | None) -> None:
        """receipt: None when the person did not want to sign with this certificate."""
        self._ended()
        if receipt is None:
            self.confirm.enable(True)
            return
        self.session.tell.good("paper.registered_in", number=receipt.number or "", seconds=self.confirm.seconds)
        self._current = None
        self.refresh()
        self.registered.emit(receipt)

    def _refused(self, error: Exception) -> None:
        self._ended()
        self.confirm.enable(True)
        self.confirm.refuse(error)
        self.session.tell.trouble(error)


def columns(heading: str) -> tuple[Column, ...]:
    return (Column(heading, lambda row: row.row.subject or "—", hint=lambda row: f"{row.row.subject}\n{row.since}"),)
