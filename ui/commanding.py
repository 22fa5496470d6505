"""Commands about no document that already exists, asked for in a dialog: drafting is assigned, a document on paper is
entered, a series of numbers is opened."""

from __future__ import annotations

from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.office.door import Act, Ask, Offer, Receipt
from docclient.office.errors import FieldWrong
from docclient.office.model import DocumentId, new_id
from docclient.office.queries.outgoing import CommandAsks
from docclient.office.registry import from_json, rule_for
from ui.background import Lane, Report
from ui.dialogs.offer_dialog import OfferDialog
from ui.recipients import with_recipients
from ui.session import Session
from ui.state.directory import Directory
from ui.state.offers import Choices, OfferButton


class Commanding(QObject):
    """One dialog at a time; stays open until the office has accepted."""

    document_wanted = Signal(object)        # DocumentId of what was made

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: OfferDialog | None = None

    def begin(self, command: str) -> None:
        """Ask for the fields of this command."""
        office, session = self._session.office, self._session

        def read(_report: Report, _stop: Event) -> tuple[tuple[Ask, ...], Choices]:
            return office.ask(CommandAsks(command)), Directory.read(office).choices()

        session.background.run(self, Lane.STORE, read, done=lambda found: self._open(command, *found),
                               failed=session.tell.trouble)

    def _open(self, command: str, asks: tuple[Ask, ...], choices: Choices) -> None:
        if self.dialog is not None:
            return
        texts, session = self._session.texts, self._session
        offer = Offer(command, DocumentId(""), 0, Act.FORM, asks, 0, False)
        shown = OfferButton(offer, texts(offer.title), texts.or_else(f"offer_hint.{command}", ""), "", "first", "")
        dialog = self.dialog = OfferDialog(texts, shown, "", with_recipients(choices, session), session.today(),
                                           self._window)
        dialog.answered.connect(lambda fields: self._give(command, fields))
        dialog.finished.connect(self._closed)
        dialog.open()

    def _give(self, command: str, fields: dict[str, Any]) -> None:
        office, key, dialog = self._session.office, new_id(), self.dialog

        def give(_report: Report, _stop: Event) -> Receipt:
            return office.do(from_json(rule_for(command).command, fields), key=key)

        def refused(error: Exception) -> None:
            if dialog is None or dialog is not self.dialog:
                self._session.tell.trouble(error)
                return
            words = self._session.texts.trouble(error)
            name = str(error.facts.get("name")) if isinstance(error, FieldWrong) else ""
            known = {name: words.sentence} if name in dialog.form.inputs else {}
            dialog.refuse("" if known else f"{words.sentence} {words.advice}", known)

        self._session.background.run(self, Lane.STORE, give, done=lambda receipt: self._done(command, receipt),
                                     failed=refused)

    def _done(self, command: str, receipt: Receipt) -> None:
        texts = self._session.texts
        if self.dialog is not None:
            self.dialog.accept()
        self._session.tell.good("outgoing.done_number" if receipt.number else "outgoing.done",
                                done=texts(f"done.{command}"), number=receipt.number or "")
        if receipt.document is not None:
            self.document_wanted.emit(receipt.document)

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
