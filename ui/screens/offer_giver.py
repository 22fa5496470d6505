"""From a taken offer to the office's answer: the form where there are fields, the question before a bare refusal.

What else an offer may need (a key, a file, a transport) is for the screens and `acts`; here are the plain ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from docclient.desk.pdf_choice import put_pdf
from docclient.office.door import AskKind, Offer, Receipt
from docclient.office.errors import DuplicateFound, FieldWrong, StaleDocument
from docclient.office.model import Digest, Document, DocumentId
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.duplicates import Duplicates, TwinView
from docclient.office.registry import from_json, rule_for
from ui.background import Lane, Report
from ui.dialogs.offer_dialog import OfferDialog
from ui.dialogs.twin_dialog import TwinDialog
from ui.recipients import with_recipients
from ui.screens.screen import Screen
from ui.state.directory import Directory
from ui.state.document_page import PDF
from ui.state.offers import Choices, OfferButton


class OfferGiver(QObject):
    """Works for one screen; one dialog at a time."""

    accepted = Signal(object, object)       # Offer, Receipt
    stale = Signal()                        # the document has changed meanwhile: show it anew

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: OfferDialog | None = None
        self.comparison: TwinDialog | None = None
        self._known: dict[str, Any] = {}

    def take(self, shown: OfferButton, about: str, known: Mapping[str, Any] | None = None) -> None:
        """about: which document, one line. known: fields that nobody is asked for (which opinion is answered)."""
        self._known = dict(known or {})
        if shown.offer.fields:
            office, texts = self._screen.session.office, self._screen.texts
            self._screen.work(
                lambda _report, _stop: Directory.read(office),
                lambda found: self._ask(shown, about, found.choices(shown.offer.command, texts)), place="directory")
        elif shown.offer.negative:
            self._ask(shown, about, Choices())
        else:
            self.give(shown.offer, {})

    def give(self, offer: Offer, fields: dict[str, Any]) -> None:
        """Give the offered command with these fields (JSON-ready)."""
        dialog = self.dialog
        try:
            command = from_json(rule_for(offer.command).command,
                                {**fields, **self._known, "document": offer.document, "version": offer.version})
        except FieldWrong as error:
            self._refused(error, dialog)
            return
        self._screen.do(command, lambda receipt: self._accepted(offer, receipt),
                        lambda error: self._refused(error, dialog), acting_for=offer.acting_for)

    def _ask(self, shown: OfferButton, about: str, choices: Choices) -> None:
        if self.dialog is not None:
            return
        screen = self._screen
        choices = with_recipients(choices, screen.session, shown.offer.document)
        dialog = self.dialog = OfferDialog(screen.texts, shown, about, choices, screen.session.today(),
                                           screen.window())
        dialog.answered.connect(lambda fields: self._answered(shown.offer, fields))
        dialog.compare_wanted.connect(lambda twin: self.compare(shown.offer.document, twin))
        dialog.finished.connect(self._closed)
        dialog.open()

    def _answered(self, offer: Offer, fields: dict[str, Any]) -> None:
        """A file that was chosen is put into the office first; what is wrong with it is said beneath its field."""
        chosen = next((ask.name for ask in offer.fields if ask.kind is AskKind.PDF and fields.get(ask.name)), None)
        if chosen is None:
            self.give(offer, fields)
            return
        office, dialog, file = self._screen.session.office, self.dialog, Path(fields[chosen])

        def put(_report: Report, stop: Event) -> tuple[str, Digest]:
            return put_pdf(office, file, stop=stop)

        def refused(error: Exception) -> None:
            if dialog is None or dialog is not self.dialog:
                self._screen.session.tell.trouble(error)
            else:
                words = self._screen.texts.trouble(error)
                dialog.refuse("", {chosen: f"{words.sentence} {words.advice}"})

        def go_on(found: tuple[str, Digest]) -> None:
            name, digest = found
            self.give(offer, {**fields, chosen: digest, "name": name})

        self._screen.work(put, go_on, place="chosen file", lane=Lane.PROCESSOR, failed=refused)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _accepted(self, offer: Offer, receipt: Receipt) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.accepted.emit(offer, receipt)

    def _refused(self, error: Exception, dialog: OfferDialog | None) -> None:
        if dialog is None or dialog is not self.dialog:
            self._screen.session.tell.trouble(error)
        elif isinstance(error, DuplicateFound):
            self._show_twins(error, dialog)
        else:
            words = self._screen.texts.trouble(error)
            wrong = {str(error.facts.get("name")): words.sentence} if isinstance(error, FieldWrong) else {}
            known = {name: said for name, said in wrong.items() if name in dialog.form.inputs}
            dialog.refuse("" if known else f"{words.sentence} {words.advice}", known)
        if isinstance(error, StaleDocument):
            self.stale.emit()

    # duplicates

    def _show_twins(self, error: DuplicateFound, dialog: OfferDialog) -> None:
        """Which documents it seems to be, by what the form says now."""
        typed = dialog.form.answers().fields
        marks = {name: typed[name] for name in ("code_number", "code_notation", "issued_date", "issuer_name")
                 if typed.get(name)}
        query = from_json(Duplicates, {**marks, "document": dialog.shown.offer.document})

        def show(twins: tuple[TwinView, ...]) -> None:
            if dialog is self.dialog:
                first = [each for each in twins if each.document == error.facts["twin"]]
                dialog.show_twins([*first, *(each for each in twins if each not in first)])

        self._screen.ask(query, show, place="twins")

    def compare(self, document: DocumentId, twin: TwinView) -> None:
        """Both side by side, with the earlier one's page."""
        screen, office = self._screen, self._screen.session.office

        def read(_report: Report, _stop: Event) -> tuple[Document, bytes | None]:
            own, other = office.ask(DocumentPage(document)), office.ask(DocumentPage(twin.document))
            main = other.main_file()
            if main is None or main.current.media_type != PDF:
                return own.document, None
            with office.read(main.current.digest) as stream:
                return own.document, stream.read()

        def show(found: tuple[Document, bytes | None]) -> None:
            own, page = found
            dialog = self.comparison = TwinDialog(screen.texts, screen.background, screen.session.renderer, own, twin,
                                                  self.dialog or screen.window())
            dialog.finished.connect(dialog.deleteLater)
            if page is None:
                dialog.viewer.clear("twin.no_page")
            else:
                dialog.viewer.show_bytes(page)
            dialog.open()

        screen.work(read, show, place="compare")
