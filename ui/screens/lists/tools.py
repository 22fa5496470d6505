"""What is done with a list beside looking at it: keep the search, choose columns, write a file, act on many, register
from a spreadsheet. One dialog at a time; the work runs off the window's thread."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from docclient.desk.bulk import Plan, plan_sheet
from docclient.desk.bulk_sheet import read_sheet
from docclient.desk.exporting import export_found
from docclient.desk.many import CommonOffer, offers_of_many
from docclient.desk.urging import Waited, waited_for_of
from docclient.office.commands.finding import ColumnChoice, SaveSearch
from docclient.office.model import Flow
from ui.background import Lane, Report
from ui.dialogs.columns_dialog import ColumnsDialog
from ui.dialogs.many_dialog import ManyDialog
from ui.dialogs.save_search_dialog import SaveSearchDialog
from ui.dialogs.sheet_dialog import SheetDialog
from ui.dialogs.urge_dialog import UrgeDialog
from ui.screens.lists.columns import CHOOSABLE, USUAL
from ui.screens.verification.saving import ask_target
from ui.state.directory import Directory
from ui.state.finding import in_files

if TYPE_CHECKING:
    from ui.screens.lists.screen import ListScreen

SHEETS = {".xlsx", ".csv"}


def dropped_sheet(dropped: QMimeData) -> Path | None:
    """The first spreadsheet among what is dragged."""
    files = (Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile())
    return next((file for file in files if file.suffix.lower() in SHEETS), None)


class ListTools(QObject):
    """Works for one list."""

    def __init__(self, screen: ListScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: QDialog | None = None
        self._drawn = False
        screen.list.horizontalHeader().sectionResized.connect(lambda *_: self._width_changed())

    # --- keep --------------------------------------------------------------------------------------------------

    def keep_search(self) -> None:
        screen = self._screen
        query = screen.query()
        dialog = SaveSearchDialog(screen.texts, query.text, screen.window())

        def kept(name: str, pinned: bool) -> None:
            screen.do(SaveSearch(name, query.text, query.where, query.sort, pinned),
                      lambda _: screen.session.tell.good("finding.kept", name=name))

        dialog.named.connect(kept)
        self._open(dialog)

    def choose_columns(self) -> None:
        screen = self._screen
        dialog = ColumnsDialog(screen.texts, CHOOSABLE, screen.chosen, USUAL[screen.flow], screen.window())
        now = {each.name: each.width for each in screen.columns_now()}
        dialog.chosen.connect(lambda names: screen.show_columns(
            tuple(ColumnChoice(name, now.get(name, 0)) for name in names), keep=True))
        self._open(dialog)

    def _width_changed(self) -> None:
        """Only a hand on the mouse draws a column; everything else is the window's own laying out."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._drawn = True

    def keep_widths(self) -> None:
        if self._drawn:
            self._drawn = False
            screen = self._screen
            screen.show_columns(screen.columns_now(), keep=True)

    # --- a file of the whole result ----------------------------------------------------------------------------

    def export(self) -> None:
        texts = self._screen.texts
        ask_target(self._screen.window(), texts("finding.export"), f"{texts('finding.file')}.xlsx", self.export_to,
                   filters=texts("finding.kinds"))

    def export_to(self, target: Path) -> None:
        screen, session = self._screen, self._screen.session
        office, query, columns = session.office, screen.query(), in_files(screen.chosen)
        about = [f"{screen.texts('finding.looked_for')}: {query.text}"] if query.text.strip() else []
        language, title = screen.texts.language, screen.name

        def work(report: Report, stop: Event) -> int:
            return export_found(office, query, columns, target, title=title, about=about, language=language,
                                progress=report, stop=stop)

        def done(count: int) -> None:
            session.progress.end()
            session.tell.good("finding.exported", count=screen.texts.number(count), file=target.name)

        stop = session.background.run(
            self, Lane.NET, work, done=done, progress=session.progress.progress, stopped=session.progress.end,
            failed=self._failed)
        session.progress.begin(screen.texts("finding.exporting", file=target.name), stop)

    def _failed(self, error: Exception) -> None:
        self._screen.session.progress.end()
        self._screen.session.tell.trouble(error)

    # --- many at once ------------------------------------------------------------------------------------------

    def act_on_marked(self) -> None:
        screen = self._screen
        office, documents = screen.session.office, screen.marked_documents()
        names = {row.id: f"{row.number}  {row.what}" for row in screen.list.marked_rows()}

        def read(_report: Report, stop: Event) -> tuple[tuple[CommonOffer, ...], Directory]:
            return offers_of_many(office, documents, stop=stop), Directory.read(office)

        def show(found: tuple[tuple[CommonOffer, ...], Directory]) -> None:
            offers, directory = found
            dialog = ManyDialog(screen.session, offers, directory, names, screen.window())
            dialog.finished.connect(lambda _: screen.refresh())
            self._open(dialog)

        screen.work(read, show, place="many")

    def urge_marked(self) -> None:
        """Ask whom of those that the marked documents wait for; one document is enough."""
        screen = self._screen
        office, documents = screen.session.office, screen.marked_documents()
        names = {row.id: f"{row.number}  {row.what}" for row in screen.list.marked_rows()}

        def read(_report: Report, stop: Event) -> tuple[Waited, ...]:
            return waited_for_of(office, documents, stop=stop)

        def show(waited: tuple[Waited, ...]) -> None:
            self._open(UrgeDialog(screen.session, waited, names, screen.window()))

        screen.work(read, show, place="many")

    # --- from a spreadsheet ------------------------------------------------------------------------------------

    def choose_sheet(self) -> None:
        texts = self._screen.texts
        dialog = QFileDialog(self._screen.window(), texts("sheet_window.button"))
        dialog.setNameFilter(texts("sheet_window.kinds"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda chosen: self.plan(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def plan(self, file: Path) -> None:
        """What the rows would do; then the dialog that asks whether to."""
        screen, session = self._screen, self._screen.session
        office, language, flow = session.office, screen.texts.language, screen.flow or Flow.INCOMING

        def read(_report: Report, _stop: Event) -> Plan:
            return plan_sheet(office, read_sheet(file, flow), language=language)

        def show(plan: Plan) -> None:
            session.progress.end()
            dialog = SheetDialog(session, plan, screen.window())
            dialog.finished.connect(lambda _: screen.refresh())
            self._open(dialog)

        session.progress.begin(screen.texts("sheet_window.reading", file=file.name))
        session.background.run(self, Lane.NET, read, done=show, failed=self._failed, stopped=session.progress.end)

    def _open(self, dialog: QDialog) -> None:
        if self.dialog is not None:
            return
        self.dialog = dialog

        def closed() -> None:
            self.dialog = None
            dialog.deleteLater()

        dialog.finished.connect(closed)
        dialog.open()
