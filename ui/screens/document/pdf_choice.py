"""Offers that take a PDF: an annex, an extract. The file is chosen first, then what else the offer asks for."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from docclient.desk.pdf_choice import put_pdf
from docclient.office.door import Offer
from docclient.office.model import Digest
from ui.background import Lane, Report
from ui.screens.offer_giver import OfferGiver
from ui.screens.screen import Screen
from ui.state.offers import OfferButton
from ui.widgets.pick_file import KINDS


class PdfChoice(QObject):
    """Works for one screen."""

    def __init__(self, screen: Screen, giver: OfferGiver) -> None:
        super().__init__(screen)
        self._screen, self._giver = screen, giver
        self.dialog: QFileDialog | None = None

    def begin(self, button: OfferButton, about: str) -> None:
        """about: which document, one line."""
        texts = self._screen.texts
        dialog = self.dialog = QFileDialog(self._screen, texts("outgoing.annex"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{texts('draft.kinds')} ({' '.join(KINDS)})")
        dialog.fileSelected.connect(lambda chosen: self.choose(button, about, Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def choose(self, button: OfferButton, about: str, file: Path) -> None:
        """Put the file into the office, then go on with the offer."""
        office, screen = self._screen.session.office, self._screen

        def put(_report: Report, stop: Event) -> tuple[str, Digest]:
            return put_pdf(office, file, stop=stop)

        def go_on(found: tuple[str, Digest]) -> None:
            name, digest = found
            self._giver.take(button, about, {"name": name, "pdf": digest})

        screen.work(put, go_on, place="pdf", lane=Lane.PROCESSOR)


def button_of(buttons: tuple[OfferButton, ...], offer: Offer) -> OfferButton | None:
    return next((each for each in buttons if each.offer == offer), None)
