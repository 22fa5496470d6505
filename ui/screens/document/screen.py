"""A document's page: the pages at the left; verdict, what may be done, facts, signatures and trail at the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.saved_copy import save_copy
from docclient.office.door import Act, Offer, Receipt
from docclient.office.model import DocumentId, WaitKind
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.documents import WaitingForMe, WaitingList
from docclient.office.queries.rights import MyRights
from docclient.time_stamping import stamps_wanted
from ui.background import Lane, Report
from ui.screens.document.arrival_card import ArrivalCard
from ui.screens.document.details import Details
from ui.screens.document.form_panel import FormActs
from ui.screens.document.handling_acts import HandlingActs
from ui.screens.document.outgoing_panel import OutgoingActs, StateBanner
from ui.screens.document.packet_care import PacketCare
from ui.screens.document.pdf_choice import PdfChoice, button_of
from ui.screens.document.signature_panel import SignatureActs
from ui.screens.document.trail_care import TrailCare
from ui.screens.offer_giver import OfferGiver
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.document_page import DocumentShown, FileShown
from ui.state.next_item import next_after
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain, title
from ui.widgets.offer_bar import OfferBar
from ui.widgets.panes import Panes
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.verdict_banner import VerdictBanner


class DocumentScreen(Screen):
    """Shows one document; draws the office's offers and nothing else."""

    draft_file_wanted = Signal(object)      # the Offer: choose a draft's file
    seal_wanted = Signal(object)            # the Offer: number and seal with the agency's key
    issue_wanted = Signal(object)           # the Offer: issue and send
    shown_changed = Signal(object)          # DocumentShown, once it stands there
    trust_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.document: DocumentId | None = None
        self.shown: DocumentShown | None = None
        self.giver = OfferGiver(self)
        self._file: str | None = None           # the digest in the viewer
        self._wait: WaitKind | None = None      # why this person came here
        self.viewer = PdfViewer(self.texts, self.background, session.renderer)
        self.banner = VerdictBanner()
        self.offers = OfferBar(self.texts("document.offers"), more=self.texts("offer_bar.more"))
        self.details = Details(self.texts)
        self.signatures = SignatureActs(self, self.details.signatures, self.banner)
        self.handling = HandlingActs(self, self.details.handling, self.giver)
        self.state_banner, self.pdfs = StateBanner(), PdfChoice(self, self.giver)
        self.outgoing = OutgoingActs(self, self.details.outgoing, self.state_banner)
        self.form = FormActs(self, self.details.form, self.viewer)
        self._title, self._subject, self._state = title(times=1.3), plain(selectable=True), muted()
        self._deadline, self._clock = Toned(Tone.QUIET), ToneMark(Tone.QUIET, 20)
        self.trail, self.packets = TrailCare(self), PacketCare(self)
        self.arrival = ArrivalCard(self, self.giver)
        self.back = ActionButton(self.texts("document.back"), picture="back", keys="Alt+Left")
        self._build()
        self.back.clicked.connect(self.home_wanted)
        self.offers.taken.connect(self.take)
        self.giver.accepted.connect(self.acted)
        self.giver.stale.connect(self.refresh)
        self.details.file_wanted.connect(self._show_file)
        self.details.document_wanted.connect(self.document_wanted)
        self.details.save_wanted.connect(self.save_file)
        self.details.signatures.page_wanted.connect(self._show_signed_page)
        self.signatures.rechecked.connect(lambda _receipt: self.refresh())
        self.signatures.trust_wanted.connect(self.trust_wanted)

    def _build(self) -> None:
        self.page.setContentsMargins(16, 12, 16, 12)
        left, right = QWidget(), QWidget()
        seen = QVBoxLayout(left)
        seen.setContentsMargins(0, 0, 6, 0)
        seen.addWidget(self.viewer, 1)
        self.viewer.add_before(self.back)
        side = QVBoxLayout(right)
        side.setContentsMargins(6, 0, 0, 0)
        side.setSpacing(10)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._state, 1)
        state.addWidget(self._clock)
        state.addWidget(self._deadline)
        self._deadline.setWordWrap(False)
        side.addWidget(self._title)
        side.addWidget(self._subject)
        side.addLayout(state)
        side.addWidget(self.state_banner)
        side.addWidget(self.banner)
        side.addWidget(self.arrival)
        side.addWidget(self.offers)
        rarer = QHBoxLayout()
        rarer.setSpacing(8)
        rarer.addWidget(self.trail.button)
        rarer.addWidget(self.packets.button)
        rarer.addStretch(1)
        side.addLayout(rarer)
        side.addWidget(self.details, 1)
        self.page.addWidget(Panes(((left, 0, 40), (right, 60, 44))), 1)

    # what is shown

    def enter(self, target: Any = None) -> None:
        if target is not None and target != self.document:
            self.document, self.shown, self._file = target, None, None
            self.details.setCurrentIndex(0)
            self.viewer.clear("viewer.loading")
        self._note_why_we_came()
        super().enter(target)
        self.viewer.setFocus()              # the page is what one came to read

    def refresh(self) -> None:
        if self.document is not None:
            self.ask(DocumentPage(self.document), self._show, place="page")

    def _note_why_we_came(self) -> None:
        document = self.document

        def note(waiting: WaitingList) -> None:
            self._wait = next((row.kind for row in waiting.rows if row.document.id == document), None)

        self.ask(WaitingForMe(), note, place="why")

    def _show(self, view: DocumentView) -> None:
        if view.document.id != self.document:
            return
        shown = self.shown = DocumentShown.of(view, self.session.today(), self.texts,
                                              stamps_wanted(self.session.settings))
        self._title.setText(shown.title)
        self._subject.setText(shown.subject)
        self._state.setText(self.texts("document.state", state=shown.state))
        tone = shown.deadline.tone
        self._clock.setVisible(tone is not None)
        self._deadline.setText(shown.deadline.words)
        self._deadline.setVisible(tone is not None)
        if tone is not None:
            self._clock.show_tone(Tone(tone), "clock")
            self._deadline.show_tone(Tone(tone))
        self.trail.show(view.document.id, shown.title)
        self.packets.show(view)
        self.arrival.show_view(view)
        self.banner.show_verdict(shown.verdict)
        self.offers.show_offers(shown.buttons)
        self.details.show_document(shown)
        self.ask(MyRights(view.document.id), self.details.show_rights, place="rights")
        self.signatures.show(shown)
        self.handling.show(shown, view.document.state)
        self.outgoing.show(view)
        self.form.show(view)
        self.details.show_form_tab(self.form.concerns(view))
        first = shown.first_file
        if first is None:
            self._file = None
            self.viewer.clear()
        elif first.digest != self._file:
            self._show_file(first)
        self.shown_changed.emit(shown)

    def _show_file(self, file: FileShown) -> None:
        self._file = file.digest
        self.viewer.clear("viewer.loading")
        self.read(file.digest, self.viewer.show_bytes, place="file")

    def _show_signed_page(self, page: int) -> None:
        """A page of the file that the signatures are in, which may not be the one in the viewer."""
        main = self.shown.first_file if self.shown is not None else None
        if main is not None and main.digest != self._file:
            self._show_file(main)
        self.viewer.canvas.go_to(page)

    def save_file(self, file: FileShown) -> None:
        """Save a copy of a file where the person says."""
        dialog = QFileDialog(self, self.texts("document.save_copy"), file.name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(file.name)
        dialog.fileSelected.connect(lambda chosen: self.save_copy(file, Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def save_copy(self, file: FileShown, target: Path) -> None:
        """Write the very bytes that the office keeps."""
        office, document = self.session.office, self.document
        if document is None:
            return

        def save(_report: Report, _stop: Event) -> Path:
            return save_copy(office, document, file.digest, target)

        self.work(save, lambda _done: self.session.tell.good("document.saved", file=target.name), place="save",
                  lane=Lane.NET)

    # what is done

    def take(self, offer: Offer) -> None:
        """An offer was taken: by what it needs beside its fields."""
        acts: dict[Act, Callable[[Offer], None]] = {
            Act.SIGN: lambda o: self.queue_wanted.emit(o.document),
            Act.SIGN_COPY: lambda o: self.paper_wanted.emit(o.document),
            Act.DRAFT: self.draft_file_wanted.emit,
            Act.NUMBER_AND_SEAL: self.seal_wanted.emit,
            Act.ISSUE: self.issue_wanted.emit,
            Act.ANNEX: self.choose_pdf,
        }
        acts.get(offer.act, self.fill_in)(offer)

    def fill_in(self, offer: Offer) -> None:
        """Ask for the offer's fields, then give it."""
        button = next((b for b in (self.shown.buttons if self.shown else ()) if b.offer == offer), None)
        if button is not None and self.shown is not None:        # the page may have moved on meanwhile
            self.giver.take(button, f"{self.shown.title} — {self.shown.subject}")

    def choose_pdf(self, offer: Offer) -> None:
        """An offer that takes a file."""
        button = button_of(self.shown.buttons if self.shown else (), offer)
        if button is not None and self.shown is not None:
            self.pdfs.begin(button, f"{self.shown.title} — {self.shown.subject}")

    def acted(self, offer: Offer, receipt: Receipt) -> None:
        """The office has accepted: say so, then go to what waits next."""
        done = self.texts.or_else(f"done.{receipt.command}", receipt.command)
        about = self.shown.title if self.shown else ""
        code = "document.done_number" if receipt.number else "document.done"
        self.session.tell.good(code, done=done, about=about, number=receipt.number or "")
        self.land(offer.document)

    def land(self, acted_on: DocumentId) -> None:
        """Stay where this document still waits for this person; else go to the next of the same kind; else home."""
        why = self._wait

        def go(waiting: WaitingList) -> None:
            following = next_after(waiting, acted_on, why)
            if following == acted_on or (following is None and why is None):
                self.enter(acted_on)
            elif following is not None:
                self.document_wanted.emit(following)
            else:
                self.home_wanted.emit()

        self.ask(WaitingForMe(), go, place="next")
