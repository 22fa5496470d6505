"""Tasks: given to me or by me, nearest deadline first; beside the list the chosen one and what may be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from docclient.office.door import Offer, Receipt
from docclient.office.queries.tasks import TaskList, TaskPage, TasksForMe, TaskSide, TaskView
from ui.screens.home.screen import tone_of
from ui.screens.screen import Screen
from ui.screens.tasks.giving import extend_task_form
from ui.screens.thing_giver import ThingGiver, offers_shown
from ui.session import Session
from ui.state.notices import Notice
from ui.state.offers import buttons_of
from ui.state.tasks import TaskPageShown, TaskShown
from ui.tables.rows import Column
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.labels import card, muted, plain, strong, title
from ui.widgets.offer_bar import OfferBar
from ui.widgets.rows_view import RowsView


class TasksScreen(Screen):
    """`enter` with a task's identity chooses it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.giver = ThingGiver(self)
        self._wanted = ""
        self.sides = QComboBox()
        self.sides.setAccessibleName(texts("task_window.side"))
        for side in TaskSide:
            self.sides.addItem(texts(f"task_side.{side}"), side)
        self.done = QCheckBox(texts("task_window.done_too"))
        self.list = RowsView(columns(session), texts("task_window.title"))
        self._empty = Empty("check", texts("task_window.nothing"), texts("task_window.nothing_more"))
        self.panel = TaskPanel(self)
        self._build()
        self.sides.currentIndexChanged.connect(lambda _: self.refresh())
        self.done.toggled.connect(lambda _: self.refresh())
        self.list.row_chosen.connect(self._choose)
        self.list.row_opened.connect(lambda _row: self.panel.offers.setFocus())
        self.giver.accepted.connect(self._accepted)

    def _build(self) -> None:
        texts = self.texts
        self.new_task = ActionButton(texts("offer.GiveTask"), picture="plus", keys="Ctrl+Shift+N", rank=RANK_FIRST)
        self.new_task.clicked.connect(lambda: self.giver.begin(
            "GiveTask", texts("task_window.about_new"),
            extend=lambda form, choices: extend_task_form(self.session, form, choices)))
        head = QHBoxLayout()
        head.addWidget(title(texts("task_window.title")), 1)
        head.addWidget(self.new_task)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.sides)
        row.addWidget(self.done)
        row.addStretch(1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        self._empty.hide()
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([600, 400])
        self.page.addLayout(head)
        self.page.addLayout(row)
        self.page.addWidget(split, 1)

    def enter(self, target: Any = None) -> None:
        self._wanted = str(target or "")
        super().enter()
        self.list.setFocus()

    def refresh(self) -> None:
        side = TaskSide(self.sides.currentData())   # Qt gives a plain text back
        self.ask(TasksForMe(side, done=self.done.isChecked() or bool(self._wanted)), self._show, place="list")

    def _show(self, found: TaskList) -> None:
        day = self.session.today()
        rows = [TaskShown.of(row, day, self.texts) for row in found.rows]
        if self._wanted and not any(row.id == self._wanted for row in rows) \
                and self.sides.currentData() == TaskSide.MINE:
            self.sides.setCurrentIndex(1)           # it is one that this person gave
            return
        self.list.show_rows(rows, same=lambda old, new: old.id == new.id)
        if self._wanted:
            self.list.choose(self.list.rows_model.place_of(lambda row: row.id == self._wanted))
            self._wanted = ""
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self.panel.setVisible(bool(rows))

    def _choose(self, row: TaskShown | None) -> None:
        if row is not None:
            self.ask(TaskPage(row.id), self.panel.show_task, place="task")

    def _accepted(self, command: str, receipt: Receipt) -> None:
        self.session.tell.tell(Notice.good(self.texts, f"done.{command}"))
        if command == "GiveTask":
            self._wanted = receipt.facts.get("task", "")
        self.refresh()


class TaskPanel(QWidget):
    """One task: words, people, documents, steps, acts."""

    def __init__(self, screen: TasksScreen) -> None:
        super().__init__(screen)
        texts = self._texts = screen.texts
        self._screen, self._shown = screen, None
        self._heading, self._words, self._people = title("", 1.2), plain(selectable=True), muted()
        self._steps = plain(selectable=True)
        self._documents = ActionButton("", picture="document")
        self._documents.clicked.connect(self._open_document)
        self.offers = OfferBar(texts("task_window.acts"), more=texts("case_window.more"))
        self.offers.taken.connect(self._take)
        frame, layout = card()
        for part in (self._heading, self.offers, self._words, self._people, self._documents,
                     strong(texts("task_window.steps")), self._steps):
            layout.addWidget(part)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame, 1)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 44)

    def show_task(self, view: TaskView) -> None:
        shown = self._shown = TaskPageShown.of(view, self._texts)
        self._heading.setText(shown.heading)
        self._words.setText(shown.words)
        self._words.setVisible(bool(shown.words))
        self._people.setText(shown.people)
        self._documents.setText(shown.document_words)
        self._documents.setVisible(bool(shown.document))
        self._steps.setText("\n".join(shown.steps))
        self.offers.show_offers(buttons_of(offers_shown(view.offers), self._texts))

    def _take(self, offer: Offer) -> None:
        self._screen.giver.take(offer, "task", self._shown.heading if self._shown else "")

    def _open_document(self) -> None:
        if self._shown and self._shown.document:
            self._screen.document_wanted.emit(self._shown.document)


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (
        Column(texts("column.deadline"), lambda row: row.deadline.words, 15,
               tone=lambda row: tone_of(row.deadline.tone), picture="clock"),
        Column(texts("task_window.what"), lambda row: row.title, strong=lambda row: row.new),
        Column(texts("task_window.who"), lambda row: row.who, 14, may_go=1),
        Column(texts("case_window.state"), lambda row: row.state, 11),
    )
