"""A spreadsheet before it is registered, while it is, and what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from docclient.desk.bulk import Plan, RowResult, RowState, counted, run_sheet
from docclient.desk.bulk_report import write_report, write_template
from ui.background import Lane, Report
from ui.dialogs.growing import GrowingDialog
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, title
from ui.widgets.rows_view import RowsView

TONES = {RowState.READY: Tone.NEWS, RowState.REFUSED: Tone.DOUBT, RowState.DONE: Tone.GOOD,
         RowState.ALREADY: Tone.GOOD, RowState.FAILED: Tone.BAD, RowState.LEFT: Tone.DOUBT}


class SheetDialog(GrowingDialog):
    """Nothing is registered before the person has seen what would be."""

    ended = Signal(object)          # RowResults

    def __init__(self, session: Session, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.plan, self._stop = session, plan, None
        self.results: Sequence[RowResult] = plan.results
        texts = self._texts = session.texts
        self.setWindowTitle(texts("sheet_window.title"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 120, self.fontMetrics().height() * 28)
        self._told, self._numbers = plain(), muted()
        self.table = RowsView((
            Column(texts("sheet_report.row"), lambda row: str(row.row), 5),
            Column(texts("sheet_report.state"), lambda row: texts(f"row_state.{row.state}"), 17,
                   tone=lambda row: TONES[row.state]),
            Column(texts("sheet_report.number"), lambda row: row.number, 9),
            Column(texts("sheet_report.subject"), lambda row: row.subject),
            Column(texts("sheet_report.why"), lambda row: row.why, 44),
        ), texts("sheet_window.title"), lines=2)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self.template = ActionButton(texts("sheet_window.template"), picture="register")
        self.report = ActionButton(texts("sheet_window.report"), keys="Ctrl+S", picture="save")
        self.register = ActionButton("", keys="Ctrl+Return", rank=RANK_FIRST, picture="check")
        self.close_button = ActionButton(texts("sheet_window.close"), keys="Esc")
        self.template.clicked.connect(self._save_template)
        self.report.clicked.connect(self._save_report)
        self.register.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(f"{self._texts('sheet_window.title')}: {self.plan.sheet.file.name}", 1.3))
        for each in (self._told, self._numbers):
            layout.addWidget(each)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._bar)
        row = QHBoxLayout()
        for each in (self.template, self.report):
            row.addWidget(each)
        row.addStretch(1)
        for each in (self.close_button, self.register):
            row.addWidget(each)
        layout.addLayout(row)

    def _show(self) -> None:
        texts = self._texts
        self.table.show_rows(self.results, same=lambda old, new: old.row == new.row)
        counts = {state.value: 0 for state in RowState} | {str(key): value for key, value in
                                                           counted(self.results).items()}
        before = any(each.state is RowState.READY for each in self.results)
        tried = any(each.state in (RowState.DONE, RowState.FAILED, RowState.LEFT) for each in self.results)
        self._told.setText(texts("sheet_line.done" if tried else "sheet_line.plan", **counts))
        numbers = self.plan.numbers if before else None
        ignored = self.plan.sheet.ignored
        said = [texts("sheet_line.numbers", first=numbers[0], last=numbers[1])] if numbers else []
        said += [texts("sheet_line.ignored", names=", ".join(ignored))] if ignored else []
        self._numbers.setText(" ".join(said))
        self._numbers.setVisible(bool(said))
        left = sum(each.state in (RowState.READY, RowState.LEFT) for each in self.results)
        self.register.setText(texts("sheet_window.register", count=texts.number(left)))
        self.register.setVisible(left > 0)

    def run(self) -> None:
        """Register what is ready; stopped, it can be gone on with."""
        if self._stop is not None:
            return
        office, plan, language = self._session.office, self.plan, self._texts.language

        def work(report: Report, stop: Event) -> list[RowResult]:
            return run_sheet(office, plan, language=language, progress=report, stop=stop)

        self.register.setEnabled(False)
        self.close_button.setText(self._texts("progress.cancel"))
        self._bar.setRange(0, 0)
        self._bar.show()
        self._stop = self._session.background.run(
            self, Lane.NET, work, done=self._done, progress=self._progress, failed=self._failed,
            stopped=lambda: self._done(list(self.results)))

    def _progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def _done(self, results: list[RowResult]) -> None:
        self.results = results
        self._end()
        self._show()
        self.ended.emit(results)

    def _failed(self, error: Exception) -> None:
        self._end()
        words = self._texts.trouble(error)
        self._told.setText(f"{words.sentence} {words.advice}")

    def _end(self) -> None:
        self._stop = None
        self._bar.hide()
        self.register.setEnabled(True)
        self.close_button.setText(self._texts("sheet_window.close"))

    def reject(self) -> None:
        """While it runs, this asks it to stop after the row in hand; only then is there anything to close."""
        if self._stop is not None:
            self._stop.set()
            return
        super().reject()

    def _save_report(self) -> None:
        office, results, language = self._session.office, list(self.results), self._texts.language
        about, tell = self.plan.sheet.file.name, self._session.tell

        def save(target: Path) -> None:
            self._session.background.run(
                self, Lane.NET, lambda _report, _stop: write_report(office, results, target, about, language),
                done=lambda made: tell.good("finding.exported", count=len(results), file=made.name),
                failed=tell.trouble)

        ask_target(self, self._texts("sheet_window.report"), f"{self._texts('sheet_report.title')}.xlsx", save)

    def _save_template(self) -> None:
        flow, language, tell = self.plan.sheet.flow, self._texts.language, self._session.tell

        def save(target: Path) -> None:
            self._session.background.run(self, Lane.NET, lambda _report, _stop: write_template(flow, target, language),
                                         failed=tell.trouble)

        name = f"{self._texts('sheet_window.template_file')}.xlsx"
        ask_target(self, self._texts("sheet_window.template"), name, save)
