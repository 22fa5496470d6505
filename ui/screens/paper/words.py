"""The words of the letter on the screen that were read with doubt: counted, walked through, put right beneath it."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from PySide6.QtCore import QObject, Signal

from docclient.capture.hidden_text import Place
from docclient.desk.paper_words import WordToLook, correct_words, words_to_look
from docclient.office.door import Offer, Receipt
from docclient.office.queries.document_page import DocumentPage, DocumentView
from ui.background import Lane, Report
from ui.dialogs.doubted_words_dialog import DoubtedWordsDialog
from ui.rendering.renderer import PageSource
from ui.screens.paper.confirm import ConfirmPanel
from ui.session import Session


class PaperWords(QObject):
    """One letter at a time. Lives as long as the paper screen."""

    begun = Signal()                    # words are being put right: nothing may be registered meanwhile
    ended = Signal(object)              # Offer as it is now, or None

    def __init__(self, session: Session, panel: ConfirmPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._view: DocumentView | None = None
        self._words: tuple[WordToLook, ...] = ()
        self.dialog: DoubtedWordsDialog | None = None

    def look(self, view: DocumentView, offer: Offer | None) -> None:
        """Find the doubted words of this letter; the form does not wait for them."""
        self._view, self._words = view, ()
        self._panel.show_words(0)
        if offer is None:
            return
        office = self._session.office

        def show(found: tuple[WordToLook, ...]) -> None:
            if self._view is view:
                self._words = found
                self._panel.show_words(len(found))

        # a letter whose words cannot be listed is registered all the same
        self._session.background.run(self, Lane.STORE, lambda _report, _stop: words_to_look(office, view), done=show,
                                     failed=lambda _error: None)

    def _look_again(self, offer: Offer) -> None:
        """What is left of them: places count anew once a word was taken away."""
        office = self._session.office
        self._words = ()
        self._panel.show_words(0)

        def show(view: DocumentView) -> None:
            if self._view is not None and self._view.document.id == offer.document:
                self.look(view, offer)

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(DocumentPage(offer.document)),
                                     done=show, failed=lambda _error: None)

    def ask(self, offer: Offer | None, source: PageSource | None) -> None:
        """Walk through them."""
        if offer is None or not self._words or self.dialog is not None:
            return
        dialog = self.dialog = DoubtedWordsDialog(self._session.texts, self._words, source, self._panel.window())
        dialog.ended.connect(lambda said: self._walked(offer, said))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _walked(self, offer: Offer, said: dict[Place, str]) -> None:
        self.dialog = None
        words, office = self._words, self._session.office
        if not said:
            return
        self.begun.emit()

        def correct(_report: Report, _stop: Event) -> Receipt:
            return correct_words(office, offer.document, offer.version, words, said)

        self._session.background.run(self, Lane.STORE, correct, done=lambda receipt: self._done(offer, receipt, said),
                                     failed=self._failed, stopped=lambda: self.ended.emit(None))

    def _done(self, offer: Offer, receipt: Receipt, said: dict[Place, str]) -> None:
        if self._view is not None and self._view.document.id == offer.document:
            for each in self._words:
                if meant := said.get(each.word.place):
                    self._panel.put_right(each.word.place[0], each.word.box_mm, each.word.text, meant)
            self._look_again(offer)
        self._session.tell.good("doubted.done", count=len(said))
        self.ended.emit(replace(offer, version=receipt.version or offer.version))

    def _failed(self, error: Exception) -> None:
        self._session.tell.trouble(error)
        self.ended.emit(None)
