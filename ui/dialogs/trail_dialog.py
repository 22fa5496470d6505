"""The whole trail of a document: acts and looks, who held it how long, who was urged; saved as PDF, Excel or CSV."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from docclient.office.queries.case_files import CaseFileRow
from docclient.office.queries.notices import UrgingOf
from docclient.office.queries.trail import TrailKind, TrailView
from ui.tables.rows import Column
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, title
from ui.widgets.rows_view import RowsView

WIDE, HIGH = 980, 620


@dataclass(frozen=True, slots=True)
class Line:
    """A row of four texts."""

    first: str
    second: str
    third: str
    fourth: str
    strong: bool = False


class TrailDialog(QDialog):
    """Everything that is kept of one document."""

    save_wanted = Signal()
    print_wanted = Signal()         # a copy to print, with its mark
    case_file_wanted = Signal(str)

    def __init__(self, texts: Texts, about: str, trail: TrailView, urgings: UrgingOf, files: tuple[CaseFileRow, ...],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(texts("trail_window.title"))
        self.setModal(True)
        self.resize(WIDE, HIGH)
        self.tabs = QTabWidget()
        self.acts = self._table(("at", "person", "act", "words"), trail_lines(trail, texts), 0)
        self.held = self._table(("since", "unit", "holder", "how_long"), held_lines(trail, texts), 0)
        self.urged = self._table(("at", "person", "words", "seen"), urged_lines(urgings, texts), 2)
        self.files = self._table(("file", "file_title", "owner", "file_state"), file_lines(files, texts), 1)
        self.tabs.addTab(self.acts, texts("trail_window.acts", count=len(trail.entries)))
        self.tabs.addTab(self.held, texts("trail_window.held"))
        self.tabs.addTab(self.urged, texts("trail_window.urged", count=len(urgings.urgings)))
        self.tabs.addTab(self.files, texts("trail_window.files", count=len(files)))
        self.files.row_opened.connect(
            lambda line: self.case_file_wanted.emit(next(row.file.id for row in files if named(row) == line.first)))
        save = ActionButton(texts("trail_window.save"), picture="save", keys="Ctrl+S")
        save.clicked.connect(self.save_wanted)
        marked = ActionButton(texts("trail_window.marked"), picture="paper", keys="Ctrl+P")
        marked.clicked.connect(self.print_wanted)
        close = ActionButton(texts("trail_window.close"), keys="Esc", rank=RANK_FIRST)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(title(texts("trail_window.title"), 1.3))
        layout.addWidget(muted(about))
        layout.addWidget(self.tabs, 1)
        row = QHBoxLayout()
        row.addWidget(muted(texts("trail_window.looks", looks=trail.looks, persons=trail.lookers)), 1)
        row.addWidget(marked)
        row.addWidget(save)
        row.addWidget(close)
        layout.addLayout(row)
        self.acts.setFocus()

    def _table(self, names: tuple[str, str, str, str], lines: list[Line], stretch: int) -> RowsView:
        fields = ("first", "second", "third", "fourth")
        wide = {0: 3, 1: 1, 2: 2}[stretch]
        columns = tuple(
            Column(self._texts(f"trail_window.{name}"), lambda line, field=field: getattr(line, field),
                   0 if number == wide else 18, strong=(lambda line: line.strong) if number == 2 else None)
            for number, (name, field) in enumerate(zip(names, fields, strict=True)))
        view = RowsView(columns, self._texts(f"trail_window.{names[0]}"))
        view.show_rows(lines)
        return view


def trail_lines(trail: TrailView, texts: Texts) -> list[Line]:
    """Newest first, as one looks for what happened last."""
    return [Line(texts.moment(each.at), each.person_name, texts.or_else(each.code, each.code.partition(".")[2]),
                 " ".join(part for part in (each.words, each.mark) if part), each.kind is TrailKind.ACT)
            for each in reversed(trail.entries)]


def held_lines(trail: TrailView, texts: Texts) -> list[Line]:
    lines = [Line(texts("trail_window.altogether"), each.unit_name, "",
                  how_long(each.seconds, each.working_days, texts), strong=True) for each in trail.units]
    for each in trail.held:
        holder = each.holder_name or (texts(f"role.{each.role}") if each.role else "")
        until = texts.moment(each.until) if each.until else texts("trail_window.until_now")
        lines.append(Line(f"{texts.moment(each.since)} –\n{until}", each.unit_name,
                          f"{holder} · {texts(f'wait.{each.kind}')}",
                          how_long(each.seconds, each.working_days, texts)))
    return lines


def how_long(seconds: int, working_days: int, texts: Texts) -> str:
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if working_days:
        return texts("trail_window.days", days=working_days, hours=hours)
    return texts("trail_window.hours", hours=hours, minutes=minutes)


def urged_lines(urgings: UrgingOf, texts: Texts) -> list[Line]:
    return [Line(texts.moment(each.at), f"{each.by_name} → {each.person_name}", each.words,
                 texts.moment(each.seen_at) if each.seen_at else texts("trail_window.not_seen"))
            for each in reversed(urgings.urgings)]


def named(row: CaseFileRow) -> str:
    return f"{row.file.notation}/{row.file.year}"


def file_lines(files: tuple[CaseFileRow, ...], texts: Texts) -> list[Line]:
    return [Line(named(row), row.file.title, row.owner_name, texts(f"case_file_state.{row.file.state}"))
            for row in files]
