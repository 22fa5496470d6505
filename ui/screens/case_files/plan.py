"""The year's list of case files (danh mục hồ sơ) while it is made: begin it, headings, files, approval, on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from docclient.office.case_files import CaseFile
from docclient.office.errors import NotFound
from docclient.office.queries.case_files import CaseFileRow, FilePlan, FilePlanView, PlanHeadingView
from ui.state.rights import may_give
from ui.tables.rows import Column
from ui.texts import Texts
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, RANK_PLAIN, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout, growing
from ui.widgets.labels import muted, title
from ui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from ui.screens.case_files.screen import CaseFilesScreen

INDENT = "      "
YEARS_BACK = 20     # that can be looked at
WORDS = {"AddSmallHeading": "plan_window.small_heading", "Change": "plan_window.change",
         "Remove": "plan_window.remove"}
"""Of acts that are no command by their name."""
ACTS = (("PlanYear", "plus", "Ctrl+Shift+N"), ("AddHeading", "plus", "Ctrl+H"), ("AddSmallHeading", "plus", "Ctrl+G"),
        ("PlanCaseFile", "folder", "Ctrl+J"), ("Change", "draft", "Ctrl+E"), ("Remove", "close", "Del"),
        ("ApproveFilePlan", "sign", "Ctrl+Return"))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A heading, or a file under it. heading: the one it is or stands under. large: the large heading above it or
    itself; empty for a file opened beside the list. file: empty for a heading."""

    symbol: str
    name: str
    heading: str
    large: str
    file: str = ""
    owner: str = ""
    retention: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.heading, self.file


def lines_of(view: FilePlanView, texts: Texts) -> Iterable[PlanLine]:
    for heading in view.headings:
        large, small = heading.parent or heading.id, heading.parent is not None
        yield PlanLine(f"{INDENT}{heading.number}" if small else heading.number, heading_told(heading), heading.id,
                       large)
        for row in heading.files:
            yield file_line(row, heading.id, large, texts)
    if view.unlisted:
        yield PlanLine("", texts("plan_window.unlisted"), "", "")
        for row in view.unlisted:
            yield file_line(row, "", "", texts)


def heading_told(heading: PlanHeadingView) -> str:
    return f"{heading.name} ({heading.abbreviation})" if heading.abbreviation else heading.name


def file_line(row: CaseFileRow, heading: str, large: str, texts: Texts) -> PlanLine:
    file = row.file
    kept = texts(f"retention.{file.retention.name.lower()}")
    return PlanLine(f"{INDENT}{file.notation}", file.title, heading, large, file.id, row.owner_name, kept, file.note)


class FilePlanPanel(QWidget):
    """In the place of the list of case files. Enter on a file opens it; what may be done is asked in dialogs."""

    back_wanted = Signal()
    file_wanted = Signal(str)

    def __init__(self, screen: CaseFilesScreen) -> None:
        super().__init__(screen)
        texts = self._texts = screen.texts
        self.screen = screen
        self.view: FilePlanView | None = None
        self._made = ""
        self.year, now = QComboBox(), screen.session.today().year
        for year in range(now + 1, now - YEARS_BACK, -1):       # next year's list is made before it begins
            self.year.addItem(str(year), year)
        self.year.setCurrentIndex(self.year.findData(now))
        self.year.setAccessibleName(texts("field.year"))
        self.list = RowsView(columns(texts), texts("plan_window.title"), lines=1)
        self._state = muted()
        self._empty = Empty("folder", texts("plan_window.nothing"), texts("plan_window.nothing_more"))
        self.buttons = {name: ActionButton(texts(WORDS.get(name, f"offer.{name}")), picture=picture, keys=keys,
                                           rank=RANK_AGAINST if name == "Remove" else RANK_PLAIN)
                        for name, picture, keys in ACTS}
        self.buttons["PlanCaseFile"].setProperty("rank", RANK_FIRST)
        self._build()
        self.year.currentIndexChanged.connect(lambda _: self.refresh())
        self.list.row_opened.connect(self._open)
        self.list.row_chosen.connect(lambda _: self._show_acts())
        for name, act in (("PlanYear", self._begin_year), ("AddHeading", self._add_heading),
                          ("AddSmallHeading", self._add_small), ("PlanCaseFile", self._add_file),
                          ("Change", self._change), ("Remove", self._remove), ("ApproveFilePlan", self._approve)):
            self.buttons[name].clicked.connect(act)

    def _build(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        back = ActionButton(texts("case_window.back"), picture="back", keys="Esc")
        back.clicked.connect(self.back_wanted)
        self.save = ActionButton(texts("plan_window.save"), picture="save", keys="Ctrl+S")
        head = FlowLayout(gap=10)
        head.addWidget(growing(title(texts("plan_window.title"))))
        for each in (self.year, self.save, back):
            head.addWidget(each)
        acts = FlowLayout(gap=10)
        for button in self.buttons.values():
            acts.addWidget(button)
        layout.addLayout(head)
        layout.addWidget(self._state)
        layout.addLayout(acts)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        self._empty.hide()

    def open(self) -> None:
        self.refresh()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def year_shown(self) -> int:
        return int(self.year.currentData())

    def refresh(self) -> None:
        office, year = self.screen.session.office, self.year_shown()

        def read(_report: object, _stop: object) -> FilePlanView | None:
            try:
                return office.ask(FilePlan(year))
            except NotFound:            # nobody has begun that year's list
                return None

        self.screen.work(read, self._show, place="plan")

    def _show(self, view: FilePlanView | None) -> None:
        self.view, texts = view, self._texts
        rows = list(lines_of(view, texts)) if view is not None else []
        self.list.show_rows(rows, same=lambda old, new: old.key == new.key)
        made = self.list.rows_model.place_of(lambda line: bool(self._made) and self._made in line.key)
        if made >= 0:
            self.list.choose(made)
            self._made = ""
        self.list.setVisible(view is not None)
        self._empty.setVisible(view is None)
        self._state.setText("" if view is None else texts("plan_window.approved", decision=view.decision)
                            if view.approved else texts("plan_window.open"))
        self.save.setEnabled(view is not None)
        self._show_acts()

    def _show_acts(self) -> None:
        """Only what this person may do with the list as it stands, at the line that is chosen."""
        view, line, me = self.view, self.list.current_row(), self.screen.session.office.me
        being_made = view is not None and not view.approved
        files = being_made and any(heading.files for heading in view.headings)
        possible = {"PlanYear": view is None, "AddHeading": being_made,
                    "AddSmallHeading": being_made and line is not None and bool(line.large),
                    "PlanCaseFile": being_made and line is not None and bool(line.heading),
                    "Change": being_made and line is not None and bool(line.heading),
                    "Remove": being_made and line is not None and bool(line.heading) and (
                        bool(line.file) or not self._stand_under(line.heading)),
                    "ApproveFilePlan": bool(files)}
        commands = {"AddSmallHeading": "AddHeading", "Change": "ChangeHeading", "Remove": "RemoveHeading"}
        for name, button in self.buttons.items():
            button.setVisible(possible[name] and may_give(commands.get(name, name), me))

    def _stand_under(self, heading: str, *, files_only: bool = False) -> bool:
        """Do files, or small headings, stand under this heading?"""
        headings = self.view.headings if self.view is not None else ()
        return any(each.files for each in headings if heading in (each.id, each.parent)) or (
            not files_only and any(each.parent == heading for each in headings))

    # --- acts ----------------------------------------------------------------------------------------------------

    def _about(self) -> str:
        return self._texts("plan_window.of_year", year=self.year_shown())

    def _line(self) -> PlanLine | None:
        return self.list.current_row()

    def _begin_year(self) -> None:
        self.screen.giver.begin("PlanYear", self._about(), {"year": self.year_shown()})

    def _add_heading(self) -> None:
        self.screen.giver.begin("AddHeading", self._about(), {"year": self.year_shown(), "parent": None})

    def _add_small(self) -> None:
        line = self._line()
        if line is not None and line.large:
            self.screen.giver.begin("AddHeading", self._name_of(line.large), {
                "year": self.year_shown(), "parent": line.large, "abbreviation": ""})

    def _add_file(self) -> None:
        line = self._line()
        if line is not None and line.heading:
            self.screen.giver.begin("PlanCaseFile", self._name_of(line.heading), {"heading": line.heading})

    def _change(self) -> None:
        line = self._line()
        if line is None or not line.heading:
            return
        if line.file:
            file = self._row_of(line.file).file
            self.screen.giver.begin("ChangeCaseFile", file.title, {"case_file": file.id, "version": file.version},
                                    file_facts(file))
            return
        heading = next(each for each in self.view.headings if each.id == line.heading) if self.view else None
        assert heading is not None
        known = {"heading": heading.id}
        if heading.parent is not None or self._stand_under(heading.id, files_only=True):
            known["abbreviation"] = heading.abbreviation        # stands in symbols that were given
        self.screen.giver.begin("ChangeHeading", heading_told(heading), known,
                                {"name": heading.name, "abbreviation": heading.abbreviation})

    def _remove(self) -> None:
        line = self._line()
        if line is None or not line.heading:
            return
        if line.file:
            file = self._row_of(line.file).file
            self.screen.giver.begin("RemovePlannedCaseFile", f"{file.notation} · {file.title}",
                                    {"case_file": file.id, "version": file.version}, negative=True)
        else:
            self.screen.giver.begin("RemoveHeading", self._name_of(line.heading), {"heading": line.heading},
                                    negative=True)

    def _row_of(self, file: str) -> CaseFileRow:
        assert self.view is not None
        return next(row for each in self.view.headings for row in each.files if row.file.id == file)

    def _approve(self) -> None:
        self.screen.giver.begin("ApproveFilePlan", self._about(), {"year": self.year_shown()})

    def _name_of(self, heading: str) -> str:
        found = next((each for each in self.view.headings if each.id == heading), None) if self.view else None
        return heading_told(found) if found is not None else ""

    def _open(self, line: PlanLine) -> None:
        if line.file:
            self.file_wanted.emit(line.file)

    def show_made(self, made: str) -> None:
        """Read anew, and stand on the heading or file that was just made."""
        self._made = made
        self.refresh()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def file_facts(file: CaseFile) -> dict[str, Any]:
    """What a planned file says of itself now."""
    return {"title": file.title, "retention": file.retention.value, "rights": file.rights.value,
            "construction": file.construction, "note": file.note}


def columns(texts: Texts) -> tuple[Column, ...]:
    return (
        Column(texts("plan_window.symbol"), lambda line: line.symbol, 16, strong=lambda line: not line.file),
        Column(texts("plan_window.name"), lambda line: line.name, strong=lambda line: not line.file),
        Column(texts("field.retention"), lambda line: line.retention, 12),
        Column(texts("field.owner"), lambda line: line.owner, 22, may_go=1),
        Column(texts("field.note"), lambda line: line.note, 12, may_go=2),
    )
