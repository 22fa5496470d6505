"""Incoming or outgoing documents: search with or without marks, filter by state, newest first, more on scrolling."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from docclient.office.model import Flow, State
from docclient.office.queries.documents import DocumentList, ListDocuments
from ui.screens.home.screen import tone_of
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.rights import may_give
from ui.state.rows import STATES_OF, ListRow
from ui.tables.rows import Column
from ui.widgets.action_button import ActionButton
from ui.widgets.empty import Empty
from ui.widgets.labels import muted, strong, title
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

TYPING_PAUSE_MS = 180       # a search begins when the typing rests, not at each letter
AT_ONCE = 100


class ListScreen(Screen):
    """One list; the flow decides which."""

    seal_wanted = Signal()          # number and seal several at once

    def __init__(self, session: Session, flow: Flow, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.flow = flow
        texts, name = self.texts, self.texts(f"flow.{flow}")
        self._next: str | None = None
        self.search = SearchField(texts("lists.search"))
        self.states = QComboBox()
        self.states.setAccessibleName(texts("lists.state"))
        self.states.addItem(texts("lists.every_state"), None)
        for state in STATES_OF[flow]:
            self.states.addItem(texts(f"state.{state}"), state)
        self.list = RowsView(columns(session, flow), name)
        self._found = muted()
        self._empty = Empty("search", texts("lists.nothing"), texts("lists.nothing_more"))
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._build(name)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._into_list)
        self.states.currentIndexChanged.connect(lambda _: self.refresh())
        self.list.row_opened.connect(self._open)
        self.list.verticalScrollBar().valueChanged.connect(self._more_when_near_the_end)

    def _build(self, name: str) -> None:
        texts, label = self.texts, strong(self.texts("lists.state"))
        label.setBuddy(self.states)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        head = QHBoxLayout()
        head.addWidget(title(name), 1)
        if self.flow is Flow.OUTGOING:
            self.new_draft = ActionButton(texts("lists.new_draft"), picture="plus", keys_shown="Ctrl+N")
            self.new_draft.clicked.connect(self.draft_wanted)
            self.seal_many = ActionButton(texts("seal_many.button"), picture="seal", keys="Ctrl+D")
            self.seal_many.clicked.connect(self.seal_wanted)
            if not may_give("SealOutgoing", self.session.office.me):
                self.seal_many.hide()
            head.addWidget(self.seal_many)
            head.addWidget(self.new_draft)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.search, 3)
        row.addSpacing(8)
        row.addWidget(label)
        row.addWidget(self.states, 1)
        self.page.addLayout(head)
        self.page.addLayout(row)
        self.page.addWidget(self.list, 1)
        self.page.addWidget(self._empty, 1)
        self.page.addWidget(self._found)
        self._empty.hide()

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self.list.setFocus()

    def refresh(self) -> None:
        self._pause.stop()
        self.ask(self._query(None), self._show, place="list")

    def _query(self, after: str | None) -> ListDocuments:
        state: State | None = self.states.currentData()
        return ListDocuments(self.flow, self.search.text(), (state,) if state else (), after, AT_ONCE)

    def _rows(self, found: DocumentList) -> list[ListRow]:
        day = self.session.today()
        return [ListRow.of(row, day, self.texts) for row in found.rows]

    def _show(self, found: DocumentList) -> None:
        self._next = found.next
        self.list.show_rows(self._rows(found), same=lambda old, new: old.id == new.id)
        self.list.setVisible(bool(found.rows))
        self._empty.setVisible(not found.rows)
        self._count()

    def _more_when_near_the_end(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._next is not None and value >= bar.maximum() - bar.pageStep():
            after, self._next = self._next, None
            self.ask(self._query(after), self._add, place="list")

    def _add(self, found: DocumentList) -> None:
        self._next = found.next
        self.list.rows_model.add_rows(self._rows(found))
        self._count()

    def _count(self) -> None:
        shown = len(self.list.rows_model.rows)
        self._found.setText(self.texts("lists.shown_more" if self._next else "lists.shown",
                                       count=self.texts.number(shown)))

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _into_list(self) -> None:
        self.refresh()
        self.list.setFocus()

    def _open(self, row: ListRow) -> None:
        self.document_wanted.emit(row.id)


def columns(session: Session, flow: Flow) -> tuple[Column, ...]:
    texts = session.texts
    number = Column(texts("column.number"), lambda row: row.number, 11, strong=lambda _row: flow is Flow.OUTGOING)
    shared = (
        Column(texts("column.issued"), lambda row: row.issued, 9, may_go=2),
        Column(texts("column.what"), lambda row: row.what),
    )
    verdict = Column(texts("column.signatures"), lambda row: row.signatures, 12,
                     tone=lambda row: tone_of(row.signatures_tone), may_go=4)
    last = (
        Column(texts("column.deadline"), lambda row: row.deadline.words, 15,
               tone=lambda row: tone_of(row.deadline.tone), picture="clock"),
        Column(texts("column.state"), lambda row: row.state, 12),
    )
    if flow is Flow.INCOMING:
        return (
            Column(texts("column.arrival"), lambda row: row.arrival_number, 5, strong=lambda _row: True), number,
            *shared, Column(texts("column.issuer"), lambda row: row.issuer, 16, may_go=3),
            Column(texts("column.lead"), lambda row: row.lead, 14, may_go=1), verdict, *last)
    return (number, *shared, verdict, *last)
