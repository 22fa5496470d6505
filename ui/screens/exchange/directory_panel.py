"""The directory of agencies: where it came from, brought anew from a file or a way, searched without a network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from docclient.desk.directory import DirectoryBrought, bring_directory
from docclient.desk.way_states import WayState
from docclient.desk.ways_care import WaysCare
from docclient.errors import trouble_of_os_error
from docclient.exchange.directory import Unit
from docclient.exchange.directory_file import read_directory_file
from docclient.office.queries.directory import (
    DirectorySource,
    DirectorySources,
    FindRecipients,
    RecipientView,
)
from ui.background import Lane, Report
from ui.screens.screen import Screen
from ui.state.exchange import source_told
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted, strong
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

PAUSE_MS = 60           # of typing, before the office is asked
FOUND_AT_ONCE = 50
WITH_DIRECTORY = ("axis", "gateway")


class DirectoryPanel(QWidget):
    """Sources above, the search beneath."""

    def __init__(self, screen: Screen, care: WaysCare | None) -> None:
        super().__init__(screen)
        self._screen, self._care = screen, care
        texts = screen.texts
        self.dialog: QFileDialog | None = None
        self.from_file = ActionButton(texts("directory_window.from_file"), keys="Alt+1", picture="folder",
                                      rank=RANK_FIRST)
        self.from_file.clicked.connect(self.ask_file)
        self.from_way = ActionButton(texts("directory_window.from_way"), keys="Alt+2", picture="refresh")
        self.menu = QMenu(self.from_way)
        self.from_way.clicked.connect(self._offer_ways)
        self.sources = RowsView((
            Column(texts("directory_window.source"), lambda row: row.source, strong=lambda _row: True),
            Column(texts("directory_window.units"), lambda row: texts.number(row.units), 14),
            Column(texts("directory_window.ended"), lambda row: texts.number(row.ended), 14),
            Column(texts("directory_window.changed_at"), lambda row: source_told(row, texts), 20),
        ), texts("directory_window.sources"), lines=1)
        self._nothing = muted(texts("directory_window.nothing"))
        self.search = SearchField(texts("directory_window.search"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.search.textChanged.connect(lambda _: self._pause.start())
        self.found = RowsView((
            Column(texts("field.name"), lambda row: row.name, strong=lambda row: row.known),
            Column(texts("field.code"), lambda row: row.code, 20),
            Column(texts("field.old_code"), lambda row: row.old_code, 20, may_go=1),
            Column(texts("directory_window.parent"), lambda row: row.parent, 34, may_go=2),
            Column(texts("directory_window.known"), lambda row: texts("directory_window.written_to") if row.known
                   else "", 16, tone=lambda row: Tone.NEWS if row.known else None, may_go=3),
        ), texts("directory_window.found"), lines=1)
        bar = QWidget()
        flow = FlowLayout(bar)
        flow.setContentsMargins(0, 0, 0, 0)
        flow.setSpacing(8)
        flow.addWidget(self.from_file)
        flow.addWidget(self.from_way)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(bar)
        layout.addWidget(self.sources, 2)
        layout.addWidget(self._nothing)
        layout.addWidget(strong(texts("directory_window.try_search")))
        layout.addWidget(self.search)
        layout.addWidget(self.found, 3)
        self._nothing.hide()
        self.list = self.sources

    def refresh(self) -> None:
        self._screen.ask(DirectorySources(), self._show, place="directory sources")
        self.look()

    def _show(self, found: tuple[DirectorySource, ...]) -> None:
        self.sources.show_rows(found, same=lambda old, new: old.source == new.source)
        self.sources.setVisible(bool(found))
        self._nothing.setVisible(not found)

    def look(self) -> None:
        """What stands in the search field, at once."""
        self._pause.stop()
        self._screen.ask(FindRecipients(self.search.text().strip(), FOUND_AT_ONCE), self._show_found,
                         place="directory search")

    def _show_found(self, found: tuple[RecipientView, ...]) -> None:
        self.found.show_rows(found)

    # bringing it anew

    def ask_file(self) -> None:
        texts = self._screen.texts
        dialog = self.dialog = QFileDialog(self.window(), texts("directory_window.from_file"), "",
                                           texts("directory_window.files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.bring_file(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def bring_file(self, file: Path) -> None:
        def read() -> tuple[Unit, ...]:
            try:
                return read_directory_file(file)
            except OSError as error:
                raise trouble_of_os_error(error, file) from error

        self._bring(file.name, read)

    def _offer_ways(self) -> None:
        care, office = self._care, self._screen.session.office
        if care is not None:
            self._screen.work(lambda _report, _stop: care.states(office), self._show_ways, place="directory ways")

    def _show_ways(self, found: tuple[WayState, ...]) -> None:
        self.menu.clear()
        for each in found:
            if each.setup.kind in WITH_DIRECTORY:
                self.menu.addAction(each.name, partial(self.bring_from, each.name))
        if self.menu.isEmpty():
            self._screen.session.tell.news("directory_window.no_way")
        else:
            self.menu.popup(self.from_way.mapToGlobal(self.from_way.rect().bottomLeft()))

    def bring_from(self, way: str) -> None:
        care, office = self._care, self._screen.session.office
        if care is not None:
            self._bring(way, lambda: tuple(care.units(office, way)))

    def _bring(self, source: str, read: Callable[[], tuple[Unit, ...]]) -> None:
        """The list is fetched and handed over in parts; stopped between two, what is there counts and a later import
        goes on from it."""
        session = self._screen.session
        office = session.office

        def work(report: Report, stop: Event) -> DirectoryBrought:
            return bring_directory(office, source, read(), progress=report, stop=stop)

        def done(brought: DirectoryBrought) -> None:
            session.progress.end()
            session.tell.good("directory_line.brought", source=brought.source, units=brought.units,
                              centres=brought.centres, added=brought.added, changed=brought.changed,
                              ended=brought.ended)
            self.refresh()

        def failed(error: Exception) -> None:
            session.progress.end()
            session.tell.trouble(error)

        def stopped() -> None:
            session.progress.end()
            self.refresh()

        stop = session.background.run(self, Lane.NET, work, done=done, failed=failed, stopped=stopped,
                                      progress=session.progress.progress)
        session.progress.begin(session.texts("directory_window.working", source=source), stop)
