"""Incoming, outgoing or all documents: search as typed, filters, chosen columns, more rows on scrolling, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLayout, QWidget

from docclient.desk.list_columns import COLUMNS
from docclient.office.commands.finding import ChooseColumns, ColumnChoice
from docclient.office.model import DocumentId, Flow, State
from docclient.office.queries.finding import Filter, FindDocuments, FoundList, Sort
from docclient.office.queries.keeping import MyColumns
from ui.screens.lists.columns import USUAL, columns_of
from ui.screens.lists.tools import ListTools, dropped_sheet
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.finding import FilterChoices, known_columns
from ui.state.rights import may_give
from ui.state.rows import STATES_OF, ListRow
from ui.widgets.action_button import ActionButton
from ui.widgets.empty import Empty
from ui.widgets.filters_bar import FiltersBar
from ui.widgets.flow_layout import FlowLayout, growing, side_by_side
from ui.widgets.labels import muted, strong, title
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

TYPING_PAUSE_MS = 180       # a search begins when the typing rests, not at each letter
AT_ONCE = 100
NEXT_ORDER = "F2"           # the next order that a column has
SOME_ONLY = (Sort.DUE, Sort.NUMBER)     # what has no deadline, or no number, is not in these orders
MOST_REFRESHED = 500        # rows that a refresh brings again: as many as a person has scrolled to


class ListScreen(Screen):
    """One list; the flow decides which, None for all documents."""

    seal_wanted = Signal()          # number and seal several at once

    def __init__(self, session: Session, flow: Flow | None, parent: QWidget | None = None, *, lines: int = 2) -> None:
        super().__init__(session, parent)
        self.flow = flow
        texts = self.texts
        self.name = texts(f"flow.{flow}") if flow else texts("finding.title")
        self._may_urge = may_give("Urge", session.office.me)
        self._next: str | None = None
        self._sliced = False
        self.chosen = USUAL[flow]
        self.search = SearchField(texts("lists.search"))
        self.states, self.sort = QComboBox(), QComboBox()
        self.states.setAccessibleName(texts("lists.state"))
        self.states.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.states.setMinimumContentsLength(14)
        self.states.addItem(texts("lists.every_state"), None)
        for state in STATES_OF[flow] if flow else dict.fromkeys(each for some in STATES_OF.values() for each in some):
            self.states.addItem(texts(f"state.{state}"), state)
        self.sort.setAccessibleName(texts("lists.sort"))
        self.sort.setToolTip(texts("lists.sort_key"))
        for sort in Sort:
            self.sort.addItem(texts(f"sort.{sort}"), sort)
        self.filters = FiltersBar(texts, session.today())
        self.list = RowsView(columns_of(self.chosen, flow, texts), self.name, lines=lines, many=True)
        self._found, self._marked = muted(), strong()
        for label in (self._found, self._marked):
            label.setWordWrap(False)
        self._empty = Empty("search", texts("lists.nothing"), texts("lists.nothing_more"))
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self.tools = ListTools(self)
        self._build()
        self._listen()
        self.setAcceptDrops(True)

    # --- what there is to see ------------------------------------------------------------------------------------

    def _build(self) -> None:
        texts, me = self.texts, self.session.office.me
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        order = QShortcut(QKeySequence(NEXT_ORDER), self)
        order.activated.connect(self._next_order)
        self.sheet = None
        head = FlowLayout(gap=10)
        head.addWidget(growing(title(self.name)))
        if self.flow is not None and may_give("EnterAndRegister" if self.flow is Flow.INCOMING
                                              else "RegisterOutgoingPaper", me):
            self.sheet = ActionButton(texts("sheet_window.button"), keys="Ctrl+Shift+I", picture="register")
            self.sheet.clicked.connect(self.tools.choose_sheet)
            head.addWidget(self.sheet)
        self.fill_head(head)
        row = FlowLayout(gap=10)
        label = strong(texts("lists.state"))
        label.setBuddy(self.states)
        self.more_filters = ActionButton(texts("filters.more"), keys="Ctrl+Shift+F", picture="settings")
        self.more_filters.setCheckable(True)
        label.setWordWrap(False)
        for each in (self.search, side_by_side(label, growing(self.states)), self.sort, self.more_filters):
            row.addWidget(each)
        self.filters.hide()
        self.many = ActionButton(texts("many.button"), keys="Ctrl+M", picture="next", rank="first")
        self.many.hide()
        self.urge = ActionButton(texts("urge_window.button"), keys="Ctrl+U", picture="clock")
        self.urge.setVisible(False)
        self.keep = ActionButton(texts("finding.keep"), keys="Ctrl+S", picture="save")
        self.export = ActionButton(texts("finding.export"), keys="Ctrl+E", picture="send")
        self.columns_button = ActionButton(texts("finding.columns"), keys="Ctrl+K", picture="settings")
        foot = FlowLayout(gap=10)
        for each in (growing(self._found), self._marked, self.many, self.urge, self.keep, self.export,
                     self.columns_button):
            foot.addWidget(each)
        self.page.addLayout(head)
        self.page.addLayout(row)
        self.page.addWidget(self.filters)
        self.page.addWidget(self.list, 1)
        self.page.addWidget(self._empty, 1)
        self.page.addLayout(foot)
        self._empty.hide()

    def fill_head(self, head: QLayout) -> None:
        """What else stands beside the title."""
        if self.flow is Flow.OUTGOING:
            texts = self.texts
            self.new_draft = ActionButton(texts("lists.new_draft"), picture="plus", keys_shown="Ctrl+N")
            self.new_draft.clicked.connect(self.draft_wanted)
            self.seal_many = ActionButton(texts("seal_many.button"), picture="seal", keys="Ctrl+D")
            self.seal_many.clicked.connect(self.seal_wanted)
            if not may_give("SealOutgoing", self.session.office.me):
                self.seal_many.hide()
            head.addWidget(self.seal_many)
            head.addWidget(self.new_draft)

    def _listen(self) -> None:
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self._into_list)
        for combo in (self.states, self.sort):
            combo.currentIndexChanged.connect(lambda _: self.refresh())
        self.sort.currentIndexChanged.connect(lambda _: self._show_order())
        self.list.order_wanted.connect(lambda order: self.sort_by(Sort(order)))
        self._show_order()
        self.filters.changed.connect(self._pause.start)
        self.more_filters.toggled.connect(self._show_filters)
        self.list.row_opened.connect(self._open)
        self.list.marked_changed.connect(self._count)
        self.list.verticalScrollBar().valueChanged.connect(self._more_when_near_the_end)
        self.many.clicked.connect(self.tools.act_on_marked)
        self.urge.clicked.connect(self.tools.urge_marked)
        self.keep.clicked.connect(self.tools.keep_search)
        self.export.clicked.connect(self.tools.export)
        self.columns_button.clicked.connect(self.tools.choose_columns)

    def _show_filters(self, shown: bool) -> None:
        self.filters.setVisible(shown)
        if shown:
            office = self.session.office
            self.work(lambda _report, _stop: FilterChoices.read(office), self.filters.show_choices, place="choices")

    # --- what is asked -------------------------------------------------------------------------------------------

    def enter(self, target: Any = None) -> None:
        self.ask(MyColumns(self.list_name), self._columns_kept, place="columns")
        super().enter(target)
        self.list.setFocus()

    @property
    def list_name(self) -> str:
        """Under which its columns are kept."""
        return str(self.flow) if self.flow else "finding"

    def refresh(self) -> None:
        """Ask anew, for as many rows as there were."""
        self._pause.stop()
        rows = min(MOST_REFRESHED, max(AT_ONCE, len(self.list.rows_model.rows)))
        self.ask(replace(self.query(), limit=rows), self._show, place="list")

    def query(self) -> FindDocuments:
        """What the list shows, from its beginning."""
        fields = tuple(COLUMNS[name].field or "" for name in self.chosen if name in COLUMNS and COLUMNS[name].field)
        return FindDocuments(self.search.text(), self.where(), Sort(self.sort.currentData()), None, AT_ONCE, fields)

    def where(self) -> Filter:
        state: str | None = self.states.currentData()       # Qt gives the plain text of an enumeration back
        where = self.filters.filter()
        states = (State(state),) if state else where.states if len(where.states) > 1 else ()
        return replace(where, flow=self.flow or where.flow, states=states)

    def show_search(self, text: str, where: Filter, sort: Sort) -> None:
        """Put a kept search in place of what stands there, and ask."""
        for each in (self.search, self.states, self.sort):
            each.blockSignals(True)
        self.search.setText(text)
        self.states.setCurrentIndex(max(0, self.states.findData(where.states[0])) if len(where.states) == 1 else 0)
        self.sort.setCurrentIndex(self.sort.findData(sort))
        for each in (self.search, self.states, self.sort):
            each.blockSignals(False)
        self._show_order()
        self.filters.show_filter(where)
        plain = replace(where, flow=None, states=()) == Filter()
        self.more_filters.setChecked(not plain)
        self.refresh()

    def sort_by(self, order: Sort) -> None:
        """Sort by a column; by the one that sorts already: back to the newest first."""
        again = Sort(self.sort.currentData()) is order
        self.sort.setCurrentIndex(self.sort.findData(Sort.NEWEST if again else order))

    def _next_order(self) -> None:
        orders = list(dict.fromkeys((Sort.NEWEST, *(Sort(each) for each in self.list.orders()))))
        now = Sort(self.sort.currentData())
        place = orders.index(now) + 1 if now in orders else 0
        self.sort.setCurrentIndex(self.sort.findData(orders[place % len(orders)]))

    def _show_order(self) -> None:
        self.list.rows_model.show_order(str(self.sort.currentData()))

    def _rows(self, found: FoundList) -> list[ListRow]:
        day = self.session.today()
        return [ListRow.of_found(row, day, self.texts) for row in found.rows]

    def _show(self, found: FoundList) -> None:
        self._next, self._sliced = found.next, found.sliced
        marked = {row.id for row in self.list.marked_rows()}
        self.list.show_rows(self._rows(found), same=lambda old, new: old.id == new.id)
        if len(marked) > 1:
            self.list.mark(lambda row: row.id in marked)
        kept = bool(found.rows) or self.sort.currentData() in SOME_ONLY     # its head leads back to all
        self.list.setVisible(kept)
        self._empty.setVisible(not kept)
        self._count()

    def _more_when_near_the_end(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._next is not None and value >= bar.maximum() - bar.pageStep():
            after, self._next = self._next, None
            self.ask(replace(self.query(), after=after), self._add, place="list")

    def _add(self, found: FoundList) -> None:
        self._next = found.next
        self.list.rows_model.add_rows(self._rows(found))
        self._count()

    def _count(self) -> None:
        shown, marked = len(self.list.rows_model.rows), len(self.list.marked_rows())
        told = self.texts("lists.shown_more" if self._next else "lists.shown", count=self.texts.number(shown))
        if (order := self.sort.currentData()) in SOME_ONLY:
            told = f"{told} ({self.texts(f'lists.only_{order}')})"
        self._found.setText(f"{told} {self.texts('finding.sliced')}" if self._sliced else told)
        self._marked.setText(self.texts("many.marked", count=self.texts.number(marked)))
        self._marked.setVisible(marked > 1)
        self.many.setVisible(marked > 1)
        self.urge.setVisible(marked > 0 and self._may_urge)

    def marked_documents(self) -> list[DocumentId]:
        return [row.id for row in self.list.marked_rows()]

    # --- columns -------------------------------------------------------------------------------------------------

    def _columns_kept(self, kept: tuple[ColumnChoice, ...]) -> None:
        known = known_columns(kept)
        if known and (tuple(each.name for each in known) != self.chosen or any(each.width for each in known)):
            self.show_columns(known)

    def show_columns(self, chosen: Sequence[ColumnChoice], *, keep: bool = False) -> None:
        """Show these columns; keep: also the next time."""
        self.chosen = tuple(each.name for each in chosen) or USUAL[self.flow]
        self.list.show_columns(columns_of(self.chosen, self.flow, self.texts),
                               {place: each.width for place, each in enumerate(chosen) if each.width})
        if keep:
            self.do(ChooseColumns(self.list_name, tuple(chosen)), lambda _: self.refresh())

    def columns_now(self) -> tuple[ColumnChoice, ...]:
        """As they stand, with the widths that a person drew them to."""
        said = self.list.rows_model.columns
        return tuple(ColumnChoice(name, self.list.columnWidth(place) if said[place].width else 0)
                     for place, name in enumerate(self.chosen))

    def leave(self) -> None:
        self.tools.keep_widths()

    # --- moves ---------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A spreadsheet of documents may be dropped on the list it belongs to."""
        if self.sheet is not None and sheet_in(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        file = dropped_sheet(event.mimeData())
        if self.sheet is not None and file is not None:
            event.acceptProposedAction()
            self.tools.plan(file)
        else:
            event.ignore()

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _into_list(self) -> None:
        self.refresh()
        self.list.setFocus()

    def _open(self, row: ListRow) -> None:
        self.document_wanted.emit(row.id)


def sheet_in(dropped: QMimeData) -> bool:
    return dropped_sheet(dropped) is not None

