"""Lists and reports as tables, on paper and as a spreadsheet: one description for both.

A case file's lists (NĐ 30/2020, Annex V: Mục lục văn bản trong hồ sơ, Mục lục hồ sơ, tài liệu nộp lưu, Danh mục hồ sơ)
and reports of a period. Plain texts in, files out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from docclient.papers.columns import Column
from docclient.papers.layout import VIETNAM, date_line, journal_line
from docclient.papers.model import JournalHead
from docclient.papers.typeset import typeset
from docclient.papers.workbook import FACE, HEADER_ROW, _heading, _lay_out, _put, _text
from signing.files import replacing

Align = Literal["left", "center"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """cells: as many as there are columns. heading: a row that is a heading over those below, printed bold."""

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePaper:
    """A titled table ready to print. lines: beneath the title. notes: beneath the table. signers: who signs beneath it.

    landscape: else portrait; the columns' widths share the page. Raises: ValueError when a row has another number of
    cells, or `printed_at` has no zone.
    """

    agency: tuple[str, ...]
    parent: str = ""
    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    place: str = ""
    made_on: date
    signers: tuple[str, ...] = ()
    landscape: bool = False
    sheet: str
    journal_head: JournalHead
    printed_at: datetime
    printed_by: str

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("a row does not fit the columns")
        if self.printed_at.tzinfo is None:
            raise ValueError("printed_at has no zone")


def print_table(paper: TablePaper, target: Path) -> Path:
    """Write it to `target` as PDF/A-2b. Raises: FolderNotWritable, DiskFull."""
    return typeset("listing", {
        "parent": paper.parent, "agency": list(paper.agency), "title": paper.title, "lines": list(paper.lines),
        "columns": [{"heading": each.heading, "width": str(each.width_mm), "align": each.align}
                    for each in paper.columns],
        "rows": [{"cells": list(row.cells), "heading": row.heading} for row in paper.rows],
        "notes": list(paper.notes), "signers": list(paper.signers), "landscape": paper.landscape,
        "place_and_date": f"{paper.place}, {date_line(paper.made_on)}" if paper.place else "",
        "journal_line": journal_line(paper.journal_head, paper.printed_at), "printed_by": paper.printed_by,
    }, paper.printed_at, target, tagged=len(paper.rows) < 500)


def write_table_workbook(paper: TablePaper, target: Path) -> Path:
    """Write it to `target` as a spreadsheet: every value is text as printed. Raises: FolderNotWritable, DiskFull."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = paper.sheet[:31]
    _lay_out(sheet, paper.columns, len(paper.rows), journal_line(paper.journal_head, paper.printed_at))
    above = [(" ".join(paper.agency), 12), (paper.title, 16), *((line, 11) for line in paper.lines)]
    for number, (text, size) in enumerate(above[:HEADER_ROW - 1], start=1):
        _put(sheet, number, 1, text).font = Font(name=FACE, size=size, bold=size > 11)
    for style in (_heading(), _text("left"), _text("center")):
        book.add_named_style(style)
    for place, column in enumerate(paper.columns, start=1):
        _put(sheet, HEADER_ROW, place, column.heading).style = "register_heading"
    for number, row in enumerate(paper.rows, start=HEADER_ROW + 1):
        for place, (column, text) in enumerate(zip(paper.columns, row.cells, strict=True), start=1):
            cell = _put(sheet, number, place, text)
            cell.style = f"register_{column.align}"
            if row.heading:
                cell.font = Font(name=FACE, size=11, bold=True)
    book.properties.title = paper.title
    book.properties.creator = " ".join(paper.agency)
    book.properties.created = book.properties.modified = paper.printed_at.astimezone(VIETNAM).replace(tzinfo=None)
    with replacing(target) as stream:
        book.save(stream)
    return target
