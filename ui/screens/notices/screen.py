"""Notices: newest first; Enter goes to what a notice speaks of and marks it read. How to hear of each kind, beside."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.commands.notices import ChooseNotices, ReadNotices, SeeNotices
from docclient.office.notices import Manner
from docclient.office.queries.notices import MyNoticeChoices, MyNotices, NoticeChoice, NoticeList
from ui.screens.home.screen import tone_of
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.told import NoticeShown
from ui.tables.rows import Column
from ui.widgets.action_button import ActionButton
from ui.widgets.empty import Empty
from ui.widgets.labels import card, muted, strong, title
from ui.widgets.rows_view import RowsView


class NoticesScreen(Screen):
    """What this person was told."""

    task_wanted = Signal(object)
    case_file_wanted = Signal(object)
    counted = Signal(int)           # unread ones

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.unread = QCheckBox(texts("notices_window.unread_only"))
        self.unread.setChecked(True)
        self.read_all = ActionButton(texts("notices_window.read_all"), picture="check", keys="Ctrl+Shift+R")
        self.choices = ActionButton(texts("notices_window.choices"), picture="settings")
        self.choices.setCheckable(True)
        self.list = RowsView(columns(session), texts("notices_window.title"))
        self.panel, self._grid = card()
        self._pickers: list[QComboBox] = []
        self._empty = Empty("check", texts("notices_window.nothing"), texts("notices_window.nothing_more"))
        self._build()
        self.unread.toggled.connect(lambda _: self.refresh())
        self.read_all.clicked.connect(lambda: self.do(ReadNotices(), lambda _receipt: self.refresh()))
        self.choices.toggled.connect(self._show_choices)
        self.list.row_opened.connect(self._open)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(title(self.texts("notices_window.title")), 1)
        head.addWidget(self.choices)
        head.addWidget(self.read_all)
        column = QVBoxLayout()
        column.addWidget(self.list, 1)
        column.addWidget(self._empty, 1)
        row = QHBoxLayout()
        row.addLayout(column, 1)
        row.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)
        self.panel.hide()
        self._empty.hide()
        self.page.addLayout(head)
        self.page.addWidget(self.unread)
        self.page.addLayout(row, 1)

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self.list.setFocus()

    def refresh(self) -> None:
        self.ask(MyNotices(unread_only=self.unread.isChecked()), self._show, place="list")

    def _show(self, found: NoticeList) -> None:
        day = self.session.today()
        self.list.show_rows([NoticeShown.of(row, day, self.texts) for row in found.rows],
                            same=lambda old, new: old.id == new.id)
        self.list.setVisible(bool(found.rows))
        self._empty.setVisible(not found.rows)
        self.read_all.setEnabled(bool(found.unread) or any(not row.read for row in found.rows))
        self.counted.emit(found.unread)
        if found.untold and self.isVisible():
            self.do(SeeNotices(found.untold), lambda _receipt: None)     # they are before the person's eyes now

    def _open(self, row: NoticeShown) -> None:
        if not row.read:
            self.do(ReadNotices((row.id,)), lambda _receipt: None)
        if row.document and row.title:
            self.document_wanted.emit(row.document)
        elif row.task:
            self.task_wanted.emit(row.task)
        elif row.case_file and row.title:
            self.case_file_wanted.emit(row.case_file)
        else:
            self.refresh()

    def _show_choices(self, wanted: bool) -> None:
        self.panel.setVisible(wanted)
        if wanted and not self._pickers:
            self.ask(MyNoticeChoices(), self._fill_choices, place="choices")

    def _fill_choices(self, found: tuple[NoticeChoice, ...]) -> None:
        texts, grid = self.texts, QGridLayout()
        self._grid.addWidget(strong(texts("notices_window.choices")))
        self._grid.addWidget(muted(texts("notices_window.choices_more"), small=True))
        for number, each in enumerate(found):
            label = muted(texts(f"notice.{each.kind}"))
            label.setWordWrap(False)
            picker = QComboBox()
            picker.setAccessibleName(label.text())
            label.setBuddy(picker)
            for manner in Manner:
                if not (each.fixed and manner is Manner.NEVER):
                    picker.addItem(texts(f"manner.{manner}"), manner)
            picker.setCurrentIndex(max(0, picker.findData(each.manner)))
            picker.activated.connect(lambda _index, kind=each.kind, box=picker: self.do(
                ChooseNotices(kind, Manner(box.currentData())), lambda _receipt: self.refresh()))
            grid.addWidget(label, number, 0)
            grid.addWidget(picker, number, 1)
            self._pickers.append(picker)
        self._grid.addLayout(grid)


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (
        Column(texts("notices_window.kind"), lambda row: row.kind, 20, strong=lambda row: not row.read,
               tone=lambda row: tone_of(row.tone)),
        Column(texts("notices_window.what"), lambda row: row.what, strong=lambda row: not row.read),
        Column(texts("notices_window.by"), lambda row: row.by, 16, may_go=1),
        Column(texts("notices_window.at"), lambda row: row.at, 11),
    )
