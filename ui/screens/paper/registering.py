"""The copy of a letter is signed as the agency, and the letter registered with the fields that were confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.desk.paper import register_paper
from docclient.desk.trust import asks_network
from docclient.office.door import Offer, Receipt
from signing.errors import KeyTrouble
from signing.keys import Key
from ui.background import Lane, Report
from ui.session import Session
from ui.state.keys import Purpose


class PaperRegistering(QObject):
    """One letter at a time. Lives as long as the paper screen."""

    begun = Signal()
    ended = Signal(object)              # Receipt; None when the person did not want to sign with this certificate
    failed = Signal(object)             # the exception

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._screen = session, parent

    def sign(self, offer: Offer, fields: Mapping[str, Any]) -> None:
        """Once the agency's key is there; nothing happens when the person gives none."""
        what = self._session.texts("paper.sign_what", subject=str(fields.get("subject", "")))
        self._session.keys.with_key(Purpose.AGENCY, what, lambda key: self._register(offer, fields, key),
                                    self._screen.window())

    def _register(self, offer: Offer, fields: Mapping[str, Any], key: Key) -> None:
        office, looks = self._session.office, self._session.keys.looks
        values = {**fields, "version": offer.version}
        checked, known = looks.checked(self._screen.window()), looks.known(key.certificate)

        def register(_report: Report, _stop: Event) -> Receipt | None:
            return register_paper(office, offer.document, values, key, checked=checked, online=asks_network(office),
                                  known=known)

        self.begun.emit()
        self._session.background.run(self, Lane.TOKEN, register, done=self.ended.emit, failed=self._refused,
                                     stopped=lambda: self.ended.emit(None))

    def _refused(self, error: Exception) -> None:
        if isinstance(error, KeyTrouble):
            self._session.keys.drop(Purpose.AGENCY)
        self.failed.emit(error)
