"""On the page of a document that has just come: every attached PDF's signatures, the sender beside the certificates,
what seems to be the same document."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.arrival import ArrivalCheck, arrival_check, waits_at_arrival
from docclient.office.model import Role
from docclient.office.queries.directory import RecipientsNamed
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.duplicates import Duplicates, TwinView
from ui.background import Report
from ui.screens.offer_giver import OfferGiver
from ui.screens.screen import Screen
from ui.state.arrival import arrival_lines, twin_words
from ui.theme import Tone
from ui.widgets.labels import Toned, ToneMark, strong
from ui.widgets.link_button import LinkButton


class ArrivalCard(QFrame):
    """Hidden but for documents that wait to be received."""

    def __init__(self, screen: Screen, giver: OfferGiver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screen, self._giver = screen, giver
        self.setProperty("role", "card")
        self.check: ArrivalCheck | None = None
        self.twins: tuple[TwinView, ...] = ()
        self.buttons: list[LinkButton] = []
        self._view: DocumentView | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self.hide()

    def show_view(self, view: DocumentView) -> None:
        self._view = view
        if not waits_at_arrival(view):
            self.hide()
            return
        office, document = self._screen.session.office, view.document

        def read(_report: Report, _stop: Event) -> tuple[ArrivalCheck, tuple[TwinView, ...]]:
            code = document.issuer_code
            known = office.ask(RecipientsNamed((code,))) if code else ()
            twins = office.ask(Duplicates(document.id)) if Role.CLERK in office.me.roles else ()
            return arrival_check(view, [each.name for each in known]), twins

        self._screen.work(read, lambda found: self._show(view, *found), place="arrival")

    def _show(self, view: DocumentView, check: ArrivalCheck, twins: tuple[TwinView, ...]) -> None:
        if view is not self._view:
            return
        texts = self._screen.texts
        self.check, self.twins = check, twins
        self._clear()
        self._column.addWidget(strong(texts("arrival.title")))
        for words, tone in arrival_lines(check, texts):
            self._add_line(words, Tone(tone))
        for twin in twins:
            self._add_line(texts(f"arrival.twin_{twin.by.value}"), Tone.DOUBT)
            button = LinkButton(twin_words(twin, texts), "document", self)
            button.clicked.connect(lambda _checked=False, other=twin: self._compare(other))
            self._column.addWidget(button)
            self.buttons.append(button)
        self.show()

    def _add_line(self, words: str, tone: Tone) -> None:
        held = QWidget(self)
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(ToneMark(tone, 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Toned(tone, words), 1, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(held)

    def _clear(self) -> None:
        self.buttons = []
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _compare(self, twin: TwinView) -> None:
        if self._view is not None:
            self._giver.compare(self._view.document.id, twin)
