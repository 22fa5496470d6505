"""The words of the letter on the screen: those read with doubt counted and walked through, any other found by a click
or by reading on; put right beneath it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from docclient.capture.hidden_text import Place
from docclient.desk.paper_words import WordToLook, correct_words, words_of
from docclient.office.door import Offer, Receipt
from docclient.office.queries.document_page import DocumentPage, DocumentView
from ui.background import Lane, Report
from ui.dialogs.doubted_words_dialog import DoubtedWordsDialog
from ui.dialogs.every_word_dialog import EveryWordDialog, place_of
from ui.rendering.renderer import PageSource
from ui.screens.paper.confirm import ConfirmPanel
from ui.session import Session
from ui.state.outlines import POINTS_PER_MM


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
        """Find the words of this letter; the form does not wait for them."""
        self._view, self._words = view, ()
        self._panel.show_words(0, some=False)
        if offer is None:
            return
        office = self._session.office

        def show(found: tuple[WordToLook, ...]) -> None:
            if self._view is view:
                self._words = found
                self._panel.show_words(sum(each.word.doubted for each in found), some=bool(found))

        # a letter whose words cannot be listed is registered all the same
        self._session.background.run(self, Lane.STORE, lambda _report, _stop: words_of(office, view), done=show,
                                     failed=lambda _error: None)

    def _look_again(self, offer: Offer) -> None:
        """What is left of them: places count anew once a word was taken away."""
        office = self._session.office
        self._words = ()
        self._panel.show_words(0, some=False)

        def show(view: DocumentView) -> None:
            if self._view is not None and self._view.document.id == offer.document:
                self.look(view, offer)

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(DocumentPage(offer.document)),
                                     done=show, failed=lambda _error: None)

    def ask(self, offer: Offer | None, source: PageSource | None) -> None:
        """Walk through those that were read with doubt."""
        doubted = tuple(each for each in self._words if each.word.doubted)
        if offer is not None and doubted:
            self._open(offer, DoubtedWordsDialog, doubted, source)

    def read_through(self, offer: Offer | None, source: PageSource | None, page: int, left: float, top: float, *,
                     only_on: bool = False) -> None:
        """Every word of the letter, from this place on: however sure the reader was, it may have been wrong.

        left, top: points from the page's top left. only_on: nothing happens where no word stands there.
        """
        at = place_of(self._words, page, left / POINTS_PER_MM, top / POINTS_PER_MM, only_on=only_on)
        if offer is not None and at is not None:
            self._open(offer, partial(EveryWordDialog, at=at), self._words, source)

    def _open(self, offer: Offer, kind: Callable[..., DoubtedWordsDialog], words: tuple[WordToLook, ...],
              source: PageSource | None) -> None:
        if self.dialog is not None:
            return
        dialog = self.dialog = kind(self._session.texts, words, source, self._panel.window())
        dialog.ended.connect(lambda said: self._walked(offer, words, said))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _walked(self, offer: Offer, words: tuple[WordToLook, ...], said: dict[Place, str]) -> None:
        self.dialog = None
        office = self._session.office
        if not said:
            return
        self.begun.emit()

        def correct(_report: Report, _stop: Event) -> Receipt:
            return correct_words(office, offer.document, offer.version, words, said)

        self._session.background.run(self, Lane.STORE, correct,
                                     done=lambda receipt: self._done(offer, receipt, words, said),
                                     failed=self._failed, stopped=lambda: self.ended.emit(None))

    def _done(self, offer: Offer, receipt: Receipt, words: tuple[WordToLook, ...], said: dict[Place, str]) -> None:
        if self._view is not None and self._view.document.id == offer.document:
            for each in words:
                if meant := said.get(each.word.place):
                    self._panel.put_right(each.word.place[0], each.word.box_mm, each.word.text, meant)
            self._look_again(offer)
        self._session.tell.good("doubted.done", count=len(said))
        self.ended.emit(replace(offer, version=receipt.version or offer.version))

    def _failed(self, error: Exception) -> None:
        self._session.tell.trouble(error)
        self.ended.emit(None)
