"""Home: what waits for me, by kind with counts, nearest deadline first; Enter goes to it."""

from __future__ import annotations

from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingForMe, WaitingList
from docclient.office.queries.outbox import CountOutbox, OutboxCounts
from docclient.office.queries.tasks import TaskList, TasksForMe
from ui.background import Report
from ui.screens.exchange.tabs import OUTBOX, SILENCE, tabs_for
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.home import HomeView
from ui.state.rows import TASK, HomeRow
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted, title
from ui.widgets.rows_view import RowsView
from ui.widgets.tiles import Tiles, TileShown

MOST = 500
"""Rows at most. The first page comes by itself, and is shown before the rest is asked for."""


class HomeScreen(Screen):
    """The first screen of the day."""

    task_wanted = Signal(object)            # a task's identity
    exchange_wanted = Signal(str)           # a tab of the exchange screen
    deliveries_counted = Signal(int)        # how many want somebody's attention

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.view: HomeView | None = None
        self._kind: WaitKind | str | None = None
        self._heading = title(self.texts("home.title"))
        self._headline = muted()
        self.tiles = Tiles(self.texts("home.kinds"))
        self.tiles.chosen.connect(self._choose_kind)
        self.list = RowsView(columns(session), self.texts("home.title"))
        self.list.row_opened.connect(self._open)
        self.open_button = ActionButton(self.texts("home.open"), keys_shown="Enter", rank=RANK_FIRST)
        self.open_button.clicked.connect(lambda: self._open(self.list.current_row()))
        self._empty = Empty("check", self.texts("home.nothing"), self.texts("home.nothing_more"))
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._heading)
        head.addWidget(self._headline)
        top = QHBoxLayout()
        top.addLayout(head, 1)
        top.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.page.addLayout(top)
        self.deliveries: dict[str, ActionButton] = {}
        self._deliveries = QWidget()
        self._build_deliveries()
        self.page.addWidget(self._deliveries)
        self.page.addWidget(self.tiles)
        self.page.addWidget(self.list, 1)
        self.page.addWidget(self._empty, 1)
        self._empty.hide()
        self.setFocusProxy(self.list)

    def _build_deliveries(self) -> None:
        """To the clerk: how much has not left, how many say nothing; each leads to its list."""
        row = FlowLayout(self._deliveries)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for code, tab, picture in (("home_outbox", OUTBOX, "warning"), ("home_waiting", OUTBOX, "send"),
                                   ("home_silence", SILENCE, "clock")):
            button = self.deliveries[code] = ActionButton("", picture=picture, parent=self._deliveries)
            button.clicked.connect(lambda _checked=False, to=tab: self.exchange_wanted.emit(to))
            row.addWidget(button)
        self._deliveries.hide()

    def _show_deliveries(self, found: OutboxCounts) -> None:
        counts = {"home_outbox": found.failed + found.set_aside, "home_waiting": found.waiting,
                  "home_silence": found.silent}
        for code, count in counts.items():
            words = f"{self.texts(f'exchange.{code}')}: {self.texts.number(count)}"
            self.deliveries[code].setText(words)
            self.deliveries[code].setAccessibleName(words)
            self.deliveries[code].setToolTip(words)
            self.deliveries[code].setVisible(count > 0)
        self._deliveries.setVisible(any(counts.values()))
        self.deliveries_counted.emit(counts["home_outbox"] + counts["home_silence"])

    def refresh(self) -> None:
        office = self.session.office

        def first(_report: Report, _stop: Event) -> tuple[WaitingList, TaskList]:
            return office.ask(WaitingForMe()), office.ask(TasksForMe())

        def more(_report: Report, _stop: Event) -> tuple[WaitingList, TaskList]:
            return office.ask(WaitingForMe(limit=MOST)), office.ask(TasksForMe())

        def show_first(found: tuple[WaitingList, TaskList]) -> None:
            self._show(found)
            if len(found[0].rows) < min(MOST, sum(found[0].counts.values())):
                self.work(more, self._show, place="waiting")
            if OUTBOX in tabs_for(office.me):
                self.ask(CountOutbox(), self._show_deliveries, place="outbox")

        self.work(first, show_first, place="waiting")

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self.list.setFocus()

    def _show(self, found: tuple[WaitingList, TaskList]) -> None:
        view = self.view = HomeView.of(found[0], self.session.today(), self.texts, found[1])
        self._headline.setText(view.headline)
        self.tiles.show_tiles([TileShown(group.kind, group.title, group.count) for group in view.groups], self._kind)
        if self._kind not in {group.kind for group in view.groups}:
            self._kind = None
        self._show_rows()

    def _choose_kind(self, kind: WaitKind | str | None) -> None:
        self._kind = kind
        self._show_rows()
        self.list.setFocus()

    def _show_rows(self) -> None:
        if self.view is None:
            return
        rows = self.view.rows_of(self._kind)
        self.list.show_rows(rows, same=lambda old, new: (old.id, old.wait) == (new.id, new.wait))
        anything = bool(self.view.rows)
        self.list.setVisible(anything)
        self.tiles.setVisible(anything)
        self._empty.setVisible(not anything)
        self.open_button.setEnabled(bool(rows))

    def _open(self, row: HomeRow | None) -> None:
        if row is None:
            return
        if row.wait == TASK:
            self.task_wanted.emit(row.id)
        elif row.wait is WaitKind.SIGN:
            self.queue_wanted.emit(row.id)
        elif row.wait is WaitKind.CONFIRM_PAPER:
            self.paper_wanted.emit(row.id)
        else:
            self.document_wanted.emit(row.id)


def tone_of(name: str | None) -> Tone | None:
    return Tone(name) if name else None


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (
        Column(texts("column.deadline"), lambda row: row.row.deadline.words, 16,
               tone=lambda row: tone_of(row.row.deadline.tone), picture="clock"),
        Column(texts("column.waits_for"), lambda row: row.waits_for, 20, strong=lambda _row: True),
        Column(texts("column.number"), lambda row: row.row.number, 11),
        Column(texts("column.what"), lambda row: row.row.what),
        Column(texts("column.signatures"), lambda row: row.row.signatures, 12,
               tone=lambda row: tone_of(row.row.signatures_tone), may_go=3),
        Column(texts("column.issuer"), lambda row: row.row.issuer, 17, may_go=2),
        Column(texts("column.since"), lambda row: row.since, 8, may_go=1),
    )
