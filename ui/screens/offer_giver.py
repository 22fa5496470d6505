"""From a taken offer to the office's answer: the form where there are fields, the question before a bare refusal.

What else an offer may need (a key, a file, a transport) is for the screens and `acts`; here are the plain ones.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from docclient.office.door import Offer, Receipt
from docclient.office.errors import FieldWrong, StaleDocument
from docclient.office.registry import from_json, rule_for
from ui.dialogs.offer_dialog import OfferDialog
from ui.screens.screen import Screen
from ui.state.directory import Directory
from ui.state.offers import Choices, OfferButton


class OfferGiver(QObject):
    """Works for one screen; one dialog at a time."""

    accepted = Signal(object, object)       # Offer, Receipt
    stale = Signal()                        # the document has changed meanwhile: show it anew

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: OfferDialog | None = None

    def take(self, shown: OfferButton, about: str) -> None:
        """about: which document, one line."""
        if shown.offer.fields:
            office = self._screen.session.office
            self._screen.work(lambda _report, _stop: Directory.read(office),
                              lambda found: self._ask(shown, about, found.choices()), place="directory")
        elif shown.offer.negative:
            self._ask(shown, about, Choices())
        else:
            self.give(shown.offer, {})

    def give(self, offer: Offer, fields: dict[str, Any]) -> None:
        """Give the offered command with these fields (JSON-ready)."""
        dialog = self.dialog
        try:
            command = from_json(rule_for(offer.command).command,
                                {**fields, "document": offer.document, "version": offer.version})
        except FieldWrong as error:
            self._refused(error, dialog)
            return
        self._screen.do(command, lambda receipt: self._accepted(offer, receipt),
                        lambda error: self._refused(error, dialog))

    def _ask(self, shown: OfferButton, about: str, choices: Choices) -> None:
        if self.dialog is not None:
            return
        screen = self._screen
        dialog = self.dialog = OfferDialog(screen.texts, shown, about, choices, screen.session.today(),
                                           screen.window())
        dialog.answered.connect(lambda fields: self.give(shown.offer, fields))
        dialog.finished.connect(self._closed)
        dialog.open()

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
        else:
            words = self._screen.texts.trouble(error)
            wrong = {str(error.facts.get("field")): words.sentence} if isinstance(error, FieldWrong) else {}
            known = {name: said for name, said in wrong.items() if name in dialog.form.inputs}
            dialog.refuse("" if known else f"{words.sentence} {words.advice}", known)
        if isinstance(error, StaleDocument):
            self.stale.emit()
