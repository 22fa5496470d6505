"""The pictures that signatures and the seal show: chosen, cleaned, looked at, kept. For administrators."""

from __future__ import annotations

import io
from threading import Event

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from docclient.office.commands.people import SetPicture
from docclient.office.door import Receipt
from docclient.office.model import Role, new_id
from docclient.office.queries.office import AboutOffice, People
from ui.background import Lane, Report
from ui.dialogs.picture_dialog import Owner, PictureDialog
from ui.session import Session


class PicturesCare(QObject):
    """One dialog at a time."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: PictureDialog | None = None

    def begin(self) -> None:
        """Ask whose picture, and which."""
        if self.dialog is not None:
            return
        office, texts = self._session.office, self._session.texts

        def read(_report: Report, _stop: Event) -> tuple[list[Owner], float]:
            names = {each.id: each.name for each in office.ask(People()) if each.role is not Role.ADMINISTRATOR}
            owners = [Owner(texts("picture_preview.agency_owner"), None),
                      *(Owner(name, person) for person, name in names.items())]
            return owners, office.ask(AboutOffice()).seal_diameter_mm

        self._session.background.run(self, Lane.STORE, read, done=self._show, failed=self._session.tell.trouble)

    def _show(self, found: tuple[list[Owner], float]) -> None:
        owners, seal_mm = found
        session = self._session
        dialog = self.dialog = PictureDialog(session.texts, session.background, owners, seal_mm=seal_mm,
                                             parent=self._window)
        dialog.accepted_picture.connect(self._keep)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _keep(self, png: bytes, owner: Owner) -> None:
        session, office, key = self._session, self._session.office, new_id()

        def keep(_report: Report, _stop: Event) -> Receipt:
            return office.do(SetPicture(office.put(io.BytesIO(png)), owner.person), key=key)

        session.background.run(self, Lane.STORE, keep, done=lambda _: session.tell.good("picture_preview.kept"),
                               failed=session.tell.trouble)
