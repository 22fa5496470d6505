"""The signing queue: the list, the page, the decision. One PIN, and after each decision the next document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.signing_results import SigningResult
from docclient.office.door import Act, Offer, Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.documents import QueuedForSigning, SigningQueue
from docclient.time_stamping import stamps_wanted
from ui.rounds import Round, Rounds
from ui.screens.offer_giver import OfferGiver
from ui.screens.screen import Screen
from ui.screens.signing.looking import Looking
from ui.session import Session
from ui.state.batch_result import Named
from ui.state.offers import OfferButton, buttons_of
from ui.state.queue import TONE_OF_TRUTH, QueueItem, QueueView
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.labels import Toned, ToneMark, card, muted, plain, strong, title
from ui.widgets.offer_bar import OfferBar
from ui.widgets.panes import Panes
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.rows_view import RowsView


class SigningScreen(Screen):
    """For whoever signs. What is on the screen is what is signed: a button is on only once its page has been shown."""

    signed = Signal(object)             # the SigningResults of a finished round
    item_shown = Signal(object)         # DocumentId: its page stands there in full sharpness

    def __init__(self, session: Session, rounds: Rounds, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.rounds, self.looking = rounds, Looking(session, self)
        self.view = QueueView()
        self._current: DocumentId | None = None
        self._wanted: DocumentId | None = None
        self._may_sign: set[DocumentId] = set()         # the office offers it
        self._others: tuple[OfferButton, ...] = ()
        self.giver = OfferGiver(self)
        self.list = RowsView(columns(session), texts("rail.signing"), lines=3)
        self.viewer = PdfViewer(texts, self.background, session.renderer)
        self.sign = ActionButton(texts("queue.sign"), keys="Ctrl+Return", picture="sign", rank=RANK_FIRST)
        self.sign_seen = ActionButton(texts("queue.sign_seen", count=0), keys="Ctrl+Shift+Return", picture="sign")
        self.move_place = ActionButton(texts("placement.move_wanted"), keys="Ctrl+M", picture="fit_page")
        self.result = ActionButton(texts("batch_result.show"), keys="Ctrl+K", picture="register")
        self.open_page = ActionButton(texts("queue.open_page"), keys="Alt+Return", picture="document")
        self.offers = OfferBar(texts("document.offers"), stacked=True, more=texts("offer_bar.more"))
        self._headline, self._title, self._subject = muted(), title(times=1.2), plain(selectable=True)
        self._lines, self._why = muted(), Toned(Tone.BAD)
        self._why_mark, self._wait_words = ToneMark(Tone.BAD, 20), muted()
        self._doubt, self._doubt_mark = Toned(Tone.DOUBT), ToneMark(Tone.DOUBT, 20)
        self._empty = Empty("sign", texts("queue.nothing"), texts("queue.nothing_more"))
        self._build()
        self.list.row_chosen.connect(self._choose)
        self.list.row_opened.connect(lambda _row: self.viewer.setFocus())
        self.viewer.shown.connect(self._page_shown)
        self.sign.clicked.connect(self.sign_current)
        self.sign_seen.clicked.connect(self.sign_all_seen)
        self.open_page.clicked.connect(lambda: self.document_wanted.emit(self._current))
        self.move_place.clicked.connect(self.move_current)
        self.result.clicked.connect(rounds.show_result)
        self.looking.planned.connect(self._planned)
        self.looking.agreed.connect(self._sign)
        rounds.began.connect(lambda _: self._show_decision())
        rounds.told.connect(self._told)
        rounds.ended.connect(self._round_ended)
        rounds.failed.connect(lambda _round, _error: self.refresh())
        self.offers.taken.connect(self._take)
        self.giver.accepted.connect(self._given)
        self.giver.stale.connect(self.refresh)

    def _build(self) -> None:
        texts = self.texts
        head = QHBoxLayout()
        head.addWidget(title(texts("rail.signing")))
        head.addSpacing(16)
        head.addWidget(self._headline, 1, Qt.AlignmentFlag.AlignVCenter)
        side, column = card(padding=16, spacing=10)
        why = QHBoxLayout()
        why.addWidget(self._why_mark, 0, Qt.AlignmentFlag.AlignTop)
        why.addWidget(self._why, 1)
        for part in (self._title, self._subject, self._lines):
            column.addWidget(part)
        column.addLayout(why)
        doubt = QHBoxLayout()
        doubt.addWidget(self._doubt_mark, 0, Qt.AlignmentFlag.AlignTop)
        doubt.addWidget(self._doubt, 1)
        column.addLayout(doubt)
        column.addSpacing(6)
        column.addWidget(strong(texts("queue.decide")))
        for part in (self.sign, self._wait_words, self.sign_seen, self.offers, self.move_place, self.open_page,
                     self.result):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(muted(texts("queue.promise"), small=True))
        if stamps_wanted(self.session.settings) is not None:
            column.addWidget(muted(texts("queue.stamps"), small=True))
        middle = QWidget()
        seen = QVBoxLayout(middle)
        seen.setContentsMargins(8, 0, 8, 0)
        seen.addWidget(self.viewer)
        split = self._split = Panes(((self.list, 31, 27), (middle, 0, 31), (side, 34, 26)))
        self.page.addLayout(head)
        self.page.addWidget(split, 1)
        self.page.addWidget(self._empty, 1)
        self._empty.hide()
        self._show_decision()

    # the list

    def enter(self, target: Any = None) -> None:
        self._wanted = target
        super().enter(target)
        self.list.setFocus()

    def leave(self) -> None:
        """What was done in this visit has been read; the next visit begins with what waits."""
        if self.rounds.running is None:
            self.view = QueueView()
            self._current = None

    def refresh(self) -> None:
        self.ask(SigningQueue(), self._show, place="queue")

    def _show(self, queued: Sequence[QueuedForSigning]) -> None:
        self.view = QueueView.of(queued, self.view, self.session.today(), self.texts)
        self._draw()
        wanted = self._wanted if self.view.item(self._wanted) is not None else self._current
        self._wanted = None
        if self.view.item(wanted) is None:
            wanted = self.view.next_after(None) or (self.view.items[0].id if self.view.items else None)
        self._go_to(wanted)

    def _draw(self) -> None:
        self._headline.setText(self.view.headline(self.texts))
        anything = bool(self.view.items)
        self._split.setVisible(anything)
        self._empty.setVisible(not anything)
        chosen = self._current
        self.list.blockSignals(True)
        self.list.show_rows(self.view.items, same=lambda old, new: old.id == new.id)
        place = self.list.rows_model.place_of(lambda item: item.id == chosen)
        if place >= 0:
            self.list.choose(place)
        self.list.blockSignals(False)
        self._show_decision()

    def _go_to(self, document: DocumentId | None) -> None:
        place = self.list.rows_model.place_of(lambda item: item.id == document)
        if place >= 0:
            self.list.choose(place)
            self._choose(self.list.rows_model.row(place))

    def _choose(self, item: QueueItem | None) -> None:
        if item is None or item.id == self._current:
            return
        self._current = item.id
        self._others = ()
        self.viewer.clear("viewer.loading")
        self.read(item.queued.file, self.viewer.show_bytes, place="file")
        self.ask(OffersOn(item.id), lambda offers: self._show_offers(item.id, offers), place="offers",
                 failed=lambda _error: self._show_offers(item.id, ()))
        self._show_decision()

    def _show_offers(self, document: DocumentId, offers: Sequence[Offer]) -> None:
        if document != self._current:
            return
        if any(offer.act is Act.SIGN for offer in offers):
            self._may_sign.add(document)
        else:
            self._may_sign.discard(document)
        self._others = tuple(button for button in buttons_of(offers, self.texts)
                             if button.offer.act is not Act.SIGN)
        self._show_decision()

    def _page_shown(self, _page: int) -> None:
        item = self.view.item(self._current)
        if item is not None and not item.seen:
            self.view = self.view.seen(item.id, item.queued.file)
            self._draw()
        if item is not None:
            self.looking.plans.want((item.queued,))     # while it is read: the sheet before the PIN is there at once
            self._planned(item.id)
            self.item_shown.emit(item.id)

    def _planned(self, document: DocumentId) -> None:
        """Where the signature will stand is drawn on the page that is read."""
        item = self.view.item(self._current)
        if item is None or item.id != document:
            return
        source = self.viewer.source
        outline = self.looking.outline(item.queued, source.sizes) if source is not None and item.open else None
        self.viewer.show_outlines((outline,) if outline is not None else ())
        self._show_decision()

    def _show_decision(self) -> None:
        """Copy the current item to the right side; switch the buttons."""
        item, texts = self.view.item(self._current), self.texts
        busy = self.rounds.running is not None
        decidable = item is not None and item.open and item.id in self._may_sign and not busy
        self._title.setText(item.row.kind if item else "")
        self._subject.setText(item.row.subject if item else "")
        lines = [f"{texts('column.number')}: {item.row.number}", texts("queue.since", since=item.since),
                 item.row.deadline.words] if item else []
        self._lines.setText("\n".join(lines))
        why = ""
        if item is not None:
            why = f"{item.why} {item.advice}".strip() or ("" if item.open else texts(f"queue.{item.truth}"))
        tone = Tone(TONE_OF_TRUTH[item.truth] or "bad") if item else Tone.BAD
        self._why.setText(why)
        self._why.show_tone(tone)
        self._why_mark.show_tone(tone)
        for part in (self._why, self._why_mark):
            part.setVisible(bool(why))
        doubts = self.looking.doubts(item.queued) if item is not None and item.open else ()
        self._doubt.setText("\n".join(doubts))
        for part in (self._doubt, self._doubt_mark):
            part.setVisible(bool(doubts))
        self.sign.setEnabled(bool(decidable and item and item.seen))
        self.move_place.setEnabled(bool(decidable and item and self.looking.plans.of(item.queued)))
        self.result.setVisible(self.rounds.has_result)
        self._wait_words.setText(texts("queue.look_first"))
        self._wait_words.setVisible(bool(decidable and item and not item.seen))
        several = len(self.view.to_sign)
        self.sign_seen.setText(texts("queue.sign_seen", count=several))
        self.sign_seen.setVisible(several > 1)
        self.sign_seen.setEnabled(several > 1 and not busy)
        self.offers.show_offers(self._others if item is not None and item.open and not busy else ())
        self.open_page.setEnabled(item is not None)

    # the decisions

    def sign_current(self) -> None:
        item = self.view.item(self._current)
        if item is not None and item.open and item.seen:
            self._sign((item,))

    def sign_all_seen(self) -> None:
        """Everything that was looked at and waits: first where each signature will stand, then one PIN."""
        items = self.view.to_sign
        if len(items) > 1 and self.rounds.running is None:
            self.looking.look_over(items)
        else:
            self._sign(items)

    def move_current(self) -> None:
        item = self.view.item(self._current)
        if item is not None and item.open and item.seen:
            self.looking.move(item.queued)

    def _sign(self, items: Sequence[QueueItem]) -> None:
        if not items:
            return
        what = self.texts("queue.what_one", subject=items[0].row.subject) if len(items) == 1 else self.texts(
            "queue.what_many", count=len(items))
        names = {item.id: Named(f"{item.row.kind}: {item.row.subject}", item.row.number) for item in items}
        places = {document: place for document, place in self.looking.plans.moved.items() if document in names}
        self.rounds.sign([item.queued for item in items], names, what, places)

    def _told(self, _done: int, _total: int, result: SigningResult) -> None:
        self.view = self.view.told(result, self.texts)
        self._draw()

    def _round_ended(self, _round: Round, results: list[SigningResult]) -> None:
        for result in results:
            self.view = self.view.told(result, self.texts)
        if not self.isVisible():
            return
        self._draw()
        self._go_on()
        self.signed.emit(results)

    def _take(self, offer: Offer) -> None:
        item = self.view.item(self._current)
        button = next((b for b in self._others if b.offer == offer), None)
        if item is not None and button is not None:
            self.giver.take(button, f"{item.row.kind} — {item.row.subject}")

    def _given(self, offer: Offer, receipt: Receipt) -> None:
        self.view = self.view.returned(offer.document)
        self.session.tell.good("document.done", done=self.texts.or_else(f"done.{receipt.command}", receipt.command),
                               about=self._subject.text(), number="")
        self._draw()
        self._go_on()

    def _go_on(self) -> None:
        """Land on the next one that waits; stay where nothing does."""
        following = self.view.next_after(self._current)
        if following is not None and following != self._current:
            self._go_to(following)
        self.list.setFocus()


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (
        Column(texts("queue.document"), lambda item: item.row.what, strong=lambda item: item.open),
        Column(texts("queue.truth"), lambda item: item.words(texts), 9,
               tone=lambda item: Tone(TONE_OF_TRUTH[item.truth]) if TONE_OF_TRUTH[item.truth] else None,
               hint=lambda item: item.why or item.words(texts)),
    )
