"""Commands about case files and tasks, from a button to the office's answer: the same dialog as for documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from docclient.office.door import Act, Offer, Receipt
from docclient.office.errors import FieldWrong
from docclient.office.model import DocumentId
from docclient.office.registry import asks_of, from_json, rule_for
from docclient.office.things import ThingOffer
from ui.dialogs.offer_dialog import OfferDialog
from ui.recipients import with_recipients
from ui.screens.screen import Screen
from ui.state.directory import Directory
from ui.state.offers import Choices, OfferButton, buttons_of
from ui.widgets.fields_form import FieldsForm


def offers_shown(offers: Sequence[ThingOffer]) -> list[Offer]:
    """As the offer bar draws them; `document` carries the thing's identity."""
    return [Offer(each.command, DocumentId(each.thing), each.version, Act.FORM, each.fields, each.order, each.negative)
            for each in offers]


class ThingGiver(QObject):
    """Works for one screen; one dialog at a time."""

    accepted = Signal(object, object)       # command's name, Receipt

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: OfferDialog | None = None

    def take(self, offer: Offer, field: str, about: str) -> None:
        """An act on a thing: `field` is the command's name for it."""
        self._begin(offer, {field: offer.document, "version": offer.version}, about)

    def begin(self, command: str, about: str, known: Mapping[str, Any] | None = None,
              defaults: Mapping[str, Any] | None = None, *, negative: bool = False,
              extend: Callable[[FieldsForm, Choices], None] | None = None) -> None:
        """A command about nothing that is there yet, or about several things (in `known`). negative: it takes something
        away, and is asked about first. extend: adds what the screen itself asks for to the form."""
        fields = tuple(ask for ask in asks_of(rule_for(command), defaults or {}) if ask.name not in (known or {}))
        self._begin(Offer(command, DocumentId(""), 0, Act.FORM, fields, 0, negative), dict(known or {}),
                    about, extend)

    def _begin(self, offer: Offer, known: dict[str, Any], about: str,
               extend: Callable[[FieldsForm, Choices], None] | None = None) -> None:
        (shown,) = buttons_of([offer], self._screen.texts)
        if not offer.fields and not offer.negative:
            self.give(offer.command, known)
            return
        office = self._screen.session.office
        self._screen.work(lambda _report, _stop: Directory.read(office),
                          lambda found: self._ask(shown, known, about, found, extend), place="directory")

    def _ask(self, shown: OfferButton, known: dict[str, Any], about: str, directory: Directory,
             extend: Callable[[FieldsForm, Choices], None] | None) -> None:
        if self.dialog is not None:
            return
        screen = self._screen
        choices = with_recipients(directory.choices(), screen.session)
        dialog = self.dialog = OfferDialog(screen.texts, shown, about, choices, screen.session.today(),
                                           screen.window())
        dialog.answered.connect(lambda fields: self.give(shown.offer.command, {**fields, **known}))
        dialog.finished.connect(self._closed)
        if extend is not None:
            extend(dialog.form, choices)
            dialog.form.changed.connect(lambda: QTimer.singleShot(0, dialog, dialog.make_room))
        dialog.open()

    def give(self, command: str, fields: dict[str, Any]) -> None:
        """Give the command with these fields (JSON-ready)."""
        try:
            made = from_json(rule_for(command).command, fields)
        except FieldWrong as error:
            self._refused(error)
            return
        self._screen.do(made, lambda receipt: self._accepted(command, receipt), self._refused)

    def _accepted(self, command: str, receipt: Receipt) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.accepted.emit(command, receipt)

    def _refused(self, error: Exception) -> None:
        if self.dialog is None:
            self._screen.session.tell.trouble(error)
            return
        words = self._screen.texts.trouble(error)
        field = str(error.facts.get("name", "")) if isinstance(error, FieldWrong) else ""
        inside = field in self.dialog.form.inputs
        self.dialog.refuse("" if inside else " ".join(part for part in (
            words.heading, words.explanation, words.advice) if part),
            {field: words.explanation} if inside else {})

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
