"""The document page's way to its trail: who did and saw what, who held it how long, urging, case files."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from docclient.desk.case_file_lists import write_trail
from docclient.desk.marked_print import write_marked_copy
from docclient.office.model import DocumentId
from docclient.office.queries.case_files import CaseFileRow, FiledIn
from docclient.office.queries.notices import UrgingOf, Urgings
from docclient.office.queries.trail import Trail, TrailView
from ui.background import Report
from ui.dialogs.trail_dialog import TrailDialog
from ui.screens.screen import Screen
from ui.screens.verification.saving import ask_target
from ui.state.notices import Notice
from ui.widgets.action_button import ActionButton

FILTERS = "PDF (*.pdf);;Excel (*.xlsx);;CSV (*.csv)"


class TrailCare(QObject):
    """Works for the document's screen; one dialog at a time."""

    case_file_wanted = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._document: DocumentId | None = None
        self._about = ""
        self.dialog: TrailDialog | None = None
        self.button = ActionButton(screen.texts("trail_window.button"), picture="history", keys="Alt+H")
        self.button.clicked.connect(self.begin)

    def show(self, document: DocumentId, about: str) -> None:
        self._document, self._about = document, about

    def begin(self) -> None:
        document, office = self._document, self._screen.session.office
        if document is None or self.dialog is not None:
            return

        def read(_report: Report, _stop: Event) -> tuple[TrailView, UrgingOf, tuple[CaseFileRow, ...]]:
            return office.ask(Trail(document)), office.ask(Urgings(document)), office.ask(FiledIn(document))

        self._screen.work(read, self._open, place="trail")

    def _open(self, found: tuple[TrailView, UrgingOf, tuple[CaseFileRow, ...]]) -> None:
        if self.dialog is not None:
            return
        dialog = self.dialog = TrailDialog(self._screen.texts, self._about, *found, self._screen.window())
        dialog.save_wanted.connect(self._save)
        dialog.print_wanted.connect(self._save_marked)
        dialog.case_file_wanted.connect(self._go)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _go(self, case_file: str) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.case_file_wanted.emit(case_file)

    def _save(self) -> None:
        document, screen = self._document, self._screen
        if document is None:
            return
        office = screen.session.office
        ask_target(self.dialog or screen, screen.texts("trail_window.save"), "lich-su-van-ban.pdf",
                   lambda target: screen.work(lambda _report, _stop: write_trail(office, document, target), self._saved,
                                              place="trail saving"), filters=FILTERS)

    def _save_marked(self) -> None:
        """A copy whose pages carry the mark: that one is printed."""
        document, screen = self._document, self._screen
        if document is None:
            return
        office = screen.session.office
        ask_target(self.dialog or screen, screen.texts("trail_window.marked"), "ban-in.pdf",
                   lambda target: screen.work(lambda _report, _stop: write_marked_copy(office, document, target),
                                              self._saved, place="marked copy"), filters="PDF (*.pdf)")

    def _saved(self, target: Path) -> None:
        self._screen.session.tell.tell(Notice.good(self._screen.texts, "case_window.saved", place=str(target)))

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
