"""Exchange with other agencies: what has not left, who is silent, the ways it travels, the directory, groups.

`enter` with a tab's key shows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QTabWidget, QWidget

from docclient.desk.ways_care import WaysCare
from docclient.office.door import Receipt
from docclient.office.model import Role
from docclient.office.queries.directory import RecipientGroups, RecipientGroupView
from docclient.office.queries.fate import SilenceDaysView
from ui.screens.exchange.deliveries import Deliveries, OutboxPanel, SilencePanel
from ui.screens.exchange.directory_panel import DirectoryPanel
from ui.screens.exchange.tabs import DIRECTORY, GROUPS, OUTBOX, SILENCE, WAYS, tabs_for
from ui.screens.exchange.ways_panel import WaysPanel
from ui.screens.organisation.panels import SectionPanel
from ui.screens.organisation.sections import RowAct, Section
from ui.screens.screen import Screen
from ui.screens.thing_giver import ThingGiver
from ui.session import Session
from ui.state.notices import Notice
from ui.tables.rows import Column
from ui.texts import Texts
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import title

Panel = Deliveries | WaysPanel | DirectoryPanel | SectionPanel


class ExchangeScreen(Screen):
    """Five lists, each a tab."""

    round_wanted = Signal()             # send and receive now
    files_wanted = Signal(object)       # packets and letters to take in

    def __init__(self, session: Session, care: WaysCare | None, *, carries: bool, parent: QWidget | None = None,
                 ) -> None:
        """carries: packets can be taken in at this desk."""
        super().__init__(session, parent)
        texts, me = self.texts, session.office.me
        self.giver = ThingGiver(self)
        self.giver.accepted.connect(self._accepted)
        self.dialog: QFileDialog | None = None
        self.panels: dict[str, Panel] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setAccessibleName(texts("exchange.title"))
        for key in tabs_for(me):
            panel = self._panel(key, care)
            if panel is not None:
                self.panels[key] = panel
                self.tabs.addTab(panel, texts(f"exchange.{key}"))
        self.import_files = ActionButton(texts("exchange.import"), keys="Ctrl+O", picture="folder")
        self.import_files.clicked.connect(self.ask_files)
        self.round = ActionButton(texts("rail.post"), keys_shown="F9", picture="send")
        self.round.clicked.connect(self.round_wanted)
        head = QHBoxLayout()
        head.addWidget(title(texts("exchange.title")), 1)
        if carries:
            head.addWidget(self.import_files)
            head.addWidget(self.round)
        self.page.addLayout(head)
        self.page.addWidget(self.tabs, 1)
        for unused in (() if carries else (self.import_files, self.round)):
            unused.deleteLater()
        self.tabs.currentChanged.connect(lambda _: self.refresh())

    def _panel(self, key: str, care: WaysCare | None) -> Panel | None:
        me = self.session.office.me
        if key == OUTBOX:
            return OutboxPanel(self)
        if key == SILENCE:
            silent = SilencePanel(self, may_urge=Role.CLERK in me.roles, may_set=Role.CHIEF_OF_OFFICE in me.roles)
            silent.days_wanted.connect(self.ask_days)
            return silent
        if key == WAYS:
            return WaysPanel(self, care) if care is not None else None
        if key == DIRECTORY:
            return DirectoryPanel(self, care)
        groups = SectionPanel(self, groups_section(self.texts))
        groups.taken.connect(self.take)
        return groups

    def enter(self, target: Any = None) -> None:
        if target in self.panels:
            self.tabs.setCurrentIndex(list(self.panels).index(target))
        super().enter(target)
        self.current.list.setFocus()

    @property
    def current(self) -> Panel:
        return list(self.panels.values())[self.tabs.currentIndex()]

    def refresh(self) -> None:
        self.current.refresh()

    def ask_days(self, known: SilenceDaysView) -> None:
        self.giver.begin("SetSilenceDays", "", None,
                         {"arrived_days": known.arrived_days, "accepted_days": known.accepted_days})

    # groups

    def take(self, act: RowAct, row: RecipientGroupView | None) -> None:
        known = dict(act.known(row)) if act.known else {}
        self.giver.begin(act.command, row.name if row is not None and act.known else "", known,
                         act.defaults(row) if act.defaults else act.first, negative=act.negative)

    def _accepted(self, command: str, _receipt: Receipt) -> None:
        self.session.tell.tell(Notice.good(self.texts, f"done.{command}"))
        self.refresh()

    # packets as files

    def ask_files(self) -> None:
        """The same as dropping them on the window."""
        dialog = self.dialog = QFileDialog(self.window(), self.texts("exchange.import"), "",
                                           self.texts("exchange.import_files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda chosen: self.files_wanted.emit([Path(each) for each in chosen]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def groups_section(texts: Texts) -> Section:
    """Everybody's groups and one's own."""

    def group(row: RecipientGroupView) -> dict[str, Any]:
        return {"group": row.id}

    def as_it_is(row: RecipientGroupView) -> dict[str, Any]:
        return {"name": row.name, "recipients": tuple(each.code for each in row.recipients), "for_all": not row.own}

    return Section(GROUPS, RecipientGroups(), (
        Column(texts("field.name"), lambda row: row.name, 30, strong=lambda _row: True),
        Column(texts("exchange.whose"), lambda row: texts("exchange.own" if row.own else "exchange.of_all"), 18),
        Column(texts("exchange.members_count"), lambda row: str(len(row.recipients)), 9),
        Column(texts("exchange.members"), lambda row: "; ".join(each.name for each in row.recipients)),
    ), (
        RowAct("KeepRecipientGroup", label="exchange.new_group", first={"for_all": True}),
        RowAct("KeepRecipientGroup", group, as_it_is, label="exchange.change_group"),
        RowAct("RemoveRecipientGroup", group, label="exchange.remove_group", negative=True),
    ), "people", searched=lambda row: f"{row.name} {' '.join(each.name for each in row.recipients)}")
