"""Acts on a document that need more than a form: a file, the agency's key, a transport."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.desk.drafting import ProposedDraft, RepairOffer, begin_proposed, propose_draft, put_proposed
from docclient.desk.signing_desk import number_and_seal
from docclient.desk.trust import asks_network
from docclient.office.door import Ask, Offer, Receipt, for_whom
from docclient.office.model import PersonId
from docclient.office.queries.office import AboutOffice, NewDraftAsks
from docclient.office.queries.outgoing import NumberPreview
from docclient.office.registry import from_json, rule_for
from docclient.time_stamping import wish_of
from signing.errors import KeyTrouble
from signing.keys import Key
from signing.prepare import Places
from ui.background import Lane, Report
from ui.dialogs.draft_dialog import CarryOut, DraftDialog
from ui.dialogs.question_dialog import QuestionDialog
from ui.questions import Questions, Reply
from ui.recipients import with_recipients
from ui.screens.document.screen import DocumentScreen
from ui.session import Session
from ui.state.directory import Directory
from ui.state.draft_repair import draft_repair_words
from ui.state.keys import Purpose
from ui.state.offers import Choices


class DocumentActs(QObject):
    """Carries out what the document page cannot do by itself; tells the page when it is done."""

    sealed = Signal()

    def __init__(self, session: Session, page: DocumentScreen, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._page, self._window = session, page, window
        self.dialog: DraftDialog | None = None
        self.question: QuestionDialog | None = None
        self._asking = Questions(self)
        page.draft_file_wanted.connect(self.draft_file)
        page.seal_wanted.connect(self.seal)
        page.issue_wanted.connect(self.issue)

    # number and seal

    def seal(self, offer: Offer) -> None:
        """Number and seal with the agency's key."""
        about = self._page.shown.title if self._page.shown else ""
        what = self._session.texts("acts.seal_what", about=about)
        self._session.keys.with_key(Purpose.AGENCY, what, lambda key: self._seal_with(offer, key), self._window)

    def _seal_with(self, offer: Offer, key: Key) -> None:
        session, office = self._session, for_whom(self._session.office, offer.acting_for)
        looks = session.keys.looks
        checked, known = looks.checked(self._window), looks.known(key.certificate)

        def seal(_report: Report, _stop: Event) -> Receipt | None:
            return number_and_seal(office, offer.document, key, checked=checked, online=asks_network(office),
                                   known=known, wish=wish_of(session.settings))

        def failed(error: Exception) -> None:
            if isinstance(error, KeyTrouble):
                session.keys.drop(Purpose.AGENCY)
            session.progress.end()
            session.tell.trouble(error)
            self._page.refresh()        # the number may have been taken already: the page must show it

        session.progress.begin(session.texts("acts.sealing"))
        session.background.run(self, Lane.TOKEN, seal, done=lambda receipt: self._done(offer, receipt), failed=failed,
                               stopped=session.progress.end)

    def _done(self, offer: Offer, receipt: Receipt | None) -> None:
        """receipt: None when the person did not want to sign with this certificate."""
        self._session.progress.end()
        if receipt is not None:
            self._page.acted(offer, receipt)
            self.sealed.emit()

    # issue

    def issue(self, offer: Offer) -> None:
        """Issue: the packets go to the outbox in the same transaction; the post takes them from there."""
        self._page.fill_in(offer)

    # drafts

    def new_draft(self) -> None:
        """Begin an outgoing document: its fields and its first file in one dialog."""
        office = self._session.office

        def read(_report: Report, _stop: Event) -> tuple[tuple[Ask, ...], Choices]:
            return office.ask(NewDraftAsks()), Directory.read(office).choices()

        def show(found: tuple[tuple[Ask, ...], Choices]) -> None:
            asks, choices = found
            choices = with_recipients(choices, self._session)
            self._open(self._session.texts("offer.StartDraft"), asks, choices, self._begin("StartDraft", {}))

        self._session.background.run(self, Lane.STORE, read, done=show, failed=self._session.tell.trouble)

    def draft_file(self, offer: Offer) -> None:
        """The file of a draft, or an answer with its first file."""
        office, texts = self._session.office, self._session.texts
        about: dict[str, Any] = {"document": offer.document, "version": offer.version}
        carry_out = self._begin(offer.command, about, offer.acting_for) if offer.fields else self._put(offer)

        def show(choices: Choices) -> None:
            self._open(texts(offer.title), offer.fields, with_recipients(choices, self._session, offer.document),
                       carry_out)

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: Directory.read(office).choices(),
                                     done=show, failed=self._session.tell.trouble)

    def _begin(self, command: str, about: dict[str, Any], acting_for: PersonId | None = None) -> CarryOut:
        office = for_whom(self._session.office, acting_for)

        def carry_out(fields: dict[str, Any], draft: ProposedDraft, places: Places) -> Receipt:
            made = from_json(rule_for(command).command, {**fields, **about})
            return begin_proposed(office, made, draft, places)

        return carry_out

    def _put(self, offer: Offer) -> CarryOut:
        office = for_whom(self._session.office, offer.acting_for)

        def carry_out(_fields: dict[str, Any], draft: ProposedDraft, places: Places) -> Receipt:
            return put_proposed(office, offer.document, offer.version, draft, places)

        return carry_out

    def _propose(self, file: Path, folder: Path, report: Report, stop: Event) -> ProposedDraft:
        return propose_draft(file, folder, seal_diameter_mm=self._session.office.ask(AboutOffice()).seal_diameter_mm,
                             progress=report, stop=stop, repair=self._may_repair)

    def _may_repair(self, offer: RepairOffer) -> bool:
        """Asked from the lane: may the repaired copy become the draft? Raises CancelledError when the window goes."""
        texts, parent = self._session.texts, self.dialog

        def show(reply: Reply) -> None:
            sentences = "\n".join(draft_repair_words(offer, texts))
            question = self.question = QuestionDialog(texts, texts("draft_repair.heading"), sentences,
                                                      texts("draft_repair.go_on"), parent or self._window)
            question.answered.connect(reply.give)
            question.finished.connect(question.deleteLater)
            question.open()

        return bool(self._asking.ask(show))

    def end(self) -> None:
        """Nobody sits here any more: an open question is given up."""
        self._asking.close()

    def _open(self, heading: str, asks: tuple[Ask, ...], choices: Choices, carry_out: CarryOut) -> None:
        if self.dialog is not None:
            return
        session = self._session
        dialog = self.dialog = DraftDialog(session.texts, session.background, heading, asks, choices, session.today(),
                                           self._propose, carry_out, session.renderer, self._window)
        if any(ask.name == "type_name" for ask in asks):
            office = session.office
            dialog.preview_number(lambda kind, council: office.ask(NumberPreview(kind, council)))
        dialog.drafted.connect(self._drafted)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _drafted(self, receipt: Receipt) -> None:
        session = self._session
        session.tell.good("acts.drafted")
        self._page.document_wanted.emit(receipt.document)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
