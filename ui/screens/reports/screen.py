"""Reports: a period, a grouping, the figures; rates with their fraction; to PDF or a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from docclient.desk.reports import FIGURES, SHOWN, figures_of, group_name, others_of, write_report
from docclient.office.queries.reports import GroupBy, OfficeReport, OfficeReportView
from ui.screens.screen import Screen
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.state.notices import Notice
from ui.tables.rows import Column
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.flow_layout import FlowLayout, growing, side_by_side
from ui.widgets.labels import muted, strong, title
from ui.widgets.pickers import PickDay
from ui.widgets.rows_view import RowsView


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line: the group's name and its figures as text. total: the last line, of everything."""

    name: str
    figures: dict[str, str]
    total: bool


class ReportsScreen(Screen):
    """The statistics of a period."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts, day = self.texts, session.today()
        self.first, self.last = PickDay(texts, day), PickDay(texts, day)
        for each in (self.first, self.last):
            each.line.setMaximumWidth(each.fontMetrics().horizontalAdvance("00/00/0000") + 40)
        self.first.setAccessibleName(texts("report_window.first"))
        self.last.setAccessibleName(texts("report_window.last"))
        self.first.choose(date(day.year, 1, 1))
        self.last.choose(day)
        self.periods = QComboBox()
        self.periods.setAccessibleName(texts("report_window.period"))
        for name in ("year", "quarter", "month", "week"):
            self.periods.addItem(texts(f"report_window.{name}"), name)
        self.groups = QComboBox()
        self.groups.setAccessibleName(texts("report_window.group"))
        for group in GroupBy:
            self.groups.addItem(texts(f"report.by_{group}"), group)
        self.list = RowsView(columns(session), texts("report_window.title"), lines=2)
        self.save = ActionButton(texts("report_window.save"), picture="save", keys="Ctrl+S")
        self.show_button = ActionButton(texts("report_window.show"), picture="refresh", rank=RANK_FIRST)
        self.totals = RowsView(total_columns(session), texts("report.all"), lines=1)
        self._unit = muted()
        self._build()
        self.periods.activated.connect(self._choose_period)
        self.groups.currentIndexChanged.connect(lambda _: self.refresh())
        self.first.answered.connect(self.refresh)
        self.last.answered.connect(self.refresh)
        self.show_button.clicked.connect(self.refresh)
        self.save.clicked.connect(self._save)

    def _build(self) -> None:
        texts = self.texts
        head = FlowLayout(gap=10)
        for each in (growing(title(texts("report_window.title"))), self.save, self.show_button):
            head.addWidget(each)
        row = FlowLayout(gap=10)
        for label, field in (("period", self.periods), ("first", self.first), ("last", self.last),
                             ("group", self.groups)):
            words = strong(texts(f"report_window.{label}"))
            words.setWordWrap(False)
            words.setBuddy(field)
            row.addWidget(side_by_side(words, field))
        self.page.addLayout(head)
        self.page.addLayout(row)
        self.page.addWidget(self._unit)
        self.page.addWidget(self.list, 3)
        self.page.addWidget(self.totals, 2)
        self.page.addWidget(muted(texts("report.base"), small=True))

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self.list.setFocus()

    def query(self) -> OfficeReport | None:
        """What is asked for; None while a date cannot be read."""
        try:
            first, last = self.first.value(), self.last.value()
        except ValueError:
            return None
        group = GroupBy(self.groups.currentData())  # Qt gives a plain text back
        return OfficeReport(first, last, group) if first and last else None

    def refresh(self) -> None:
        query = self.query()
        if query is not None:
            self.ask(query, self._show, place="report")

    def _choose_period(self) -> None:
        day = self.session.today()
        starts = {"year": date(day.year, 1, 1), "quarter": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
                  "month": day.replace(day=1), "week": day - timedelta(days=day.weekday())}
        self.first.choose(starts[self.periods.currentData()])
        self.last.choose(day)
        self.refresh()

    def _show(self, view: OfficeReportView) -> None:
        texts = self.texts
        rows = [FigureRow(group_name(view.group, row.name, texts.language), figures_of(row), total=False)
                for row in view.rows]
        total = figures_of(view.total)
        rows.append(FigureRow(texts("report.all"), total, total=True))
        self.list.show_rows(rows, same=lambda old, new: old.name == new.name)
        self._unit.setText(view.unit_name)
        self._unit.setVisible(bool(view.unit_name))
        pairs = [(name, total[name]) for name in FIGURES if name not in SHOWN] + list(others_of(view).items())
        self.totals.show_rows([(texts(f"report.{name}"), value) for name, value in pairs])

    def _save(self) -> None:
        query, office = self.query(), self.session.office
        if query is None:
            return
        ask_target(self, self.texts("report_window.save"), "bao-cao.pdf", lambda target: self.work(
            lambda _report, _stop: write_report(office, query, target), self._saved, place="saving"),
            filters="PDF (*.pdf);;Excel (*.xlsx)")

    def _saved(self, target: Path) -> None:
        self.session.tell.tell(Notice.good(self.texts, "case_window.saved", place=str(target)))


def total_columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts
    return (Column(texts("report_window.figure"), lambda pair: pair[0]),
            Column(texts("report_window.value"), lambda pair: pair[1], 22, strong=lambda _pair: True))


def columns(session: Session) -> tuple[Column, ...]:
    texts = session.texts

    def figure(name: str, width: int, may_go: int = 0) -> Column:
        return Column(texts(f"report_short.{name}"), lambda row: row.figures[name], width,
                      strong=lambda row: row.total, hint=lambda row: f"{texts(f'report.{name}')}: {row.figures[name]}",
                      may_go=may_go)

    return (
        Column(texts("report_window.name"), lambda row: row.name, strong=lambda row: row.total),
        figure("registered", 7), figure("on_time", 8), figure("late_solved", 9, 3), figure("late_open", 9),
        figure("not_due", 8, 2), figure("on_time_rate", 14), figure("issued", 7), figure("signed_rate", 14),
        figure("electronic_out", 14, 1))
