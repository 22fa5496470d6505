"""Case files: search, filter, one file with its documents, acts, export. Enter opens, Esc goes back to the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from docclient.desk.case_file_lists import (
    due_for_hand_in,
    write_file_plan,
    write_hand_in_list,
    write_hand_over_minutes,
)
from docclient.office.case_files import CaseFileState
from docclient.office.door import Receipt
from docclient.office.queries.case_files import CaseFileList, CaseFiles
from ui.screens.case_files.page import CaseFilePagePanel
from ui.screens.case_files.plan import FilePlanPanel
from ui.screens.home.screen import tone_of
from ui.screens.screen import Screen
from ui.screens.thing_giver import ThingGiver
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.state.case_files import FileShown
from ui.state.notices import Notice
from ui.state.rights import may_give
from ui.tables.rows import Column
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout, growing
from ui.widgets.labels import muted, title
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

TYPING_PAUSE_MS = 180
FILTERS = "PDF (*.pdf);;Excel (*.xlsx)"


class CaseFilesScreen(Screen):
    """The list and one file, one before the other."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.giver = ThingGiver(self)
        self.search = SearchField(texts("case_window.search"))
        self.states = QComboBox()
        self.states.setAccessibleName(texts("case_window.state"))
        self.states.addItem(texts("lists.every_state"), None)
        for state in CaseFileState:
            self.states.addItem(texts(f"case_file_state.{state}"), state)
        self.due = QCheckBox(texts("case_window.only_due"))
        self.list = RowsView(columns(session), texts("case_window.title"))
        self.panel = CaseFilePagePanel(self)
        self.plan_panel = FilePlanPanel(self)
        self._from_plan = ""
        self._found = muted()
        self._empty = Empty("folder", texts("case_window.nothing"), texts("case_window.nothing_more"))
        self.pages = QStackedWidget()
        self.page.addWidget(self.pages)
        self.pages.addWidget(self._list_page())
        self.pages.addWidget(self.panel)
        self.pages.addWidget(self.plan_panel)
        self._pause = QTimer(self, interval=TYPING_PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.search.returnPressed.connect(self.list.setFocus)
        self.states.currentIndexChanged.connect(lambda _: self.refresh())
        self.due.toggled.connect(lambda _: self.refresh())
        self.list.row_opened.connect(lambda row: self.open_file(row.id))
        self.panel.back_wanted.connect(self.back)
        self.plan_panel.back_wanted.connect(self.show_list)
        self.plan_panel.file_wanted.connect(lambda file: self.open_file(file, from_plan=True))
        self.plan_panel.save.clicked.connect(self._save_plan)
        self.giver.accepted.connect(self._accepted)

    def _list_page(self) -> QWidget:
        texts, me = self.texts, self.session.office.me
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        self.new_file = ActionButton(texts("offer.OpenCaseFile"), picture="plus", keys="Ctrl+Shift+N", rank=RANK_FIRST)
        self.new_file.clicked.connect(lambda: self.giver.begin("OpenCaseFile", texts("case_window.beside_the_list")))
        self.plan = ActionButton(texts("plan_window.button"), picture="folder", keys="Ctrl+Shift+D")
        self.plan.clicked.connect(self.show_plan)
        self.hand_in = ActionButton(texts("case_window.hand_in_list"), picture="save")
        self.hand_in.clicked.connect(self._save_hand_in)
        self.minutes = ActionButton(texts("case_window.hand_in_minutes"), picture="save")
        self.minutes.clicked.connect(self._save_minutes)
        if not may_give("OpenCaseFile", me):
            self.new_file.hide()
        head = FlowLayout(gap=10)
        head.addWidget(growing(title(texts("case_window.title"))))
        for button in (self.new_file, self.plan, self.hand_in, self.minutes):
            head.addWidget(button)
        row = FlowLayout(gap=10)
        for each in (self.search, growing(self.states), self.due):
            row.addWidget(each)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), page)
        find.activated.connect(lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason))
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._found)
        self._empty.hide()
        return page

    def enter(self, target: Any = None) -> None:
        if target is not None:
            self.open_file(str(target))
            return
        self.pages.setCurrentIndex(0)
        super().enter()
        self.list.setFocus()

    def refresh(self) -> None:
        self._pause.stop()
        state = self.states.currentData()           # Qt gives a plain text back
        states = (CaseFileState(state),) if state else ()
        self.ask(CaseFiles(self.search.text(), states, due=self.due.isChecked()), self._show, place="list")
        if self.pages.currentWidget() is self.panel:
            self.panel.refresh()
        if self.pages.currentWidget() is self.plan_panel:
            self.plan_panel.refresh()

    def open_file(self, identity: str, *, from_plan: bool = False) -> None:
        """from_plan: going back leads to the year's list, to the line it was opened from."""
        self._from_plan = identity if from_plan else ""
        self.pages.setCurrentWidget(self.panel)
        self.panel.open(identity)

    def back(self) -> None:
        if not self._from_plan:
            self.show_list()
            return
        self.pages.setCurrentWidget(self.plan_panel)
        self.plan_panel.show_made(self._from_plan)

    def show_plan(self) -> None:
        """The year's list, as it is being made or was approved."""
        self.pages.setCurrentWidget(self.plan_panel)
        self.plan_panel.open()

    def show_list(self) -> None:
        self.pages.setCurrentIndex(0)
        self.refresh()
        self.list.setFocus()

    def _show(self, found: CaseFileList) -> None:
        self.list.show_rows([FileShown.of(row, self.texts) for row in found.rows],
                            same=lambda old, new: old.id == new.id)
        self.list.setVisible(bool(found.rows))
        self._empty.setVisible(not found.rows)
        counts = " · ".join(f"{self.texts(f'case_file_state.{state}')}: {found.counts[state]}"
                            for state in CaseFileState if found.counts.get(state))
        self._found.setText(counts)

    def _accepted(self, command: str, receipt: Receipt) -> None:
        self.session.tell.tell(Notice.good(self.texts, f"done.{command}"))
        made = receipt.facts.get("case_file")
        if self.pages.currentWidget() is self.plan_panel:
            self.plan_panel.show_made(made or receipt.facts.get("heading", ""))
        elif made:
            self.open_file(made, from_plan=made == self._from_plan)
        else:
            self.show_list()

    def _save_plan(self) -> None:
        year, office = self.plan_panel.year_shown(), self.session.office
        ask_target(self, self.texts("case_window.plan"), f"danh-muc-ho-so-{year}.pdf",
                   lambda target: self.save(lambda: write_file_plan(office, year, target)), filters=FILTERS)

    def _save_hand_in(self) -> None:
        office = self.session.office
        ask_target(self, self.texts("case_window.hand_in_list"), "muc-luc-ho-so-nop-luu.pdf",
                   lambda target: self.save(lambda: write_hand_in_list(office, due_for_hand_in(office), target)),
                   filters=FILTERS)

    def _save_minutes(self) -> None:
        office = self.session.office
        ask_target(self, self.texts("case_window.hand_in_minutes"), "bien-ban-giao-nhan.pdf",
                   lambda target: self.save(lambda: write_hand_over_minutes(office, due_for_hand_in(office), target)),
                   filters=FILTERS)

    def save(self, job: Any) -> None:
        """Write something off the window's thread, and say where it lies."""
        self.work(lambda _report, _stop: job(), self._saved, place="saving")

    def _saved(self, target: Any) -> None:
        at = target if isinstance(target, Path) else target.folder
        self.session.tell.tell(Notice.good(self.texts, "case_window.saved", place=str(at)))

    def choose_folder(self, heading: str, then: Any) -> None:
        dialog = QFileDialog(self, heading)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (
        Column(texts("case_window.notation"), lambda row: row.notation, 12, strong=lambda _row: True),
        Column(texts("field.title"), lambda row: row.title),
        Column(texts("field.owner"), lambda row: row.owner, 20, may_go=2),
        Column(texts("case_window.documents"), lambda row: row.documents, 8),
        Column(texts("field.retention"), lambda row: row.retention, 10, may_go=1),
        Column(texts("case_window.due"), lambda row: row.due, 13, tone=lambda row: tone_of(row.due_tone),
               picture="clock"),
        Column(texts("case_window.state"), lambda row: row.state, 12),
    )
