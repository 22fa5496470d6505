"""A register as a spreadsheet (.xlsx): the same columns as on paper, header kept in sight and on every printed page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from docclient.papers.columns import Column, form_of
from docclient.papers.layout import VIETNAM, journal_line
from docclient.papers.model import RegisterPaper
from docclient.papers.registers import cover_lines
from docclient.words import Language, phrase
from signing.files import replacing

FACE = "Times New Roman"
LONGEST_TEXT = 32_767
"""What one cell of the format holds (ECMA-376, 18.3.1.96 and the programs that read it)."""

HEADER_ROW = 7
PAPER_A4 = 9
MM_OF_ONE_DIGIT = 1.95
"""A column's width is counted in digits of the workbook's own face, size 11."""

_LINE = Side(style="thin", color="808080")
_BORDER = Border(_LINE, _LINE, _LINE, _LINE)


def write_register_workbook(register: RegisterPaper, target: Path) -> Path:
    """Write the register to `target`. Every value is text as printed: "=1+1" in a subject stays a subject.

    Raises: FolderNotWritable, DiskFull.
    """
    form = form_of(register.kind)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = phrase("papers.sheet", Language.VIETNAMESE, year=register.cover.year)
    _lay_out(sheet, form.columns, len(register.rows), journal_line(register.journal_head, register.printed_at))
    above = [(" ".join(register.cover.agency), 12), (form.title, 16), *((text, 11) for text in cover_lines(register))]
    for number, (text, size) in enumerate(above, start=1):
        _put(sheet, number, 1, text).font = Font(name=FACE, size=size, bold=size > 11)
    for style in (_heading(), _text("left"), _text("center")):
        book.add_named_style(style)
    for place, column in enumerate(form.columns, start=1):
        _put(sheet, HEADER_ROW, place, column.heading).style = "register_heading"
    for number, row in enumerate(register.rows, start=HEADER_ROW + 1):
        for place, column in enumerate(form.columns, start=1):
            _put(sheet, number, place, getattr(row, column.field)).style = f"register_{column.align}"
    book.properties.title = f"{form.title} {register.cover.year}"
    book.properties.creator = " ".join(register.cover.agency)
    book.properties.created = book.properties.modified = register.printed_at.astimezone(VIETNAM).replace(tzinfo=None)
    with replacing(target) as stream:
        book.save(stream)
    return target


def _lay_out(sheet: Worksheet, columns: tuple[Column, ...], rows: int, foot: str) -> None:
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width_mm / MM_OF_ONE_DIGIT
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{HEADER_ROW + rows}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", PAPER_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    assert sheet.oddFooter is not None and sheet.oddFooter.left is not None and sheet.oddFooter.right is not None
    sheet.oddFooter.left.text, sheet.oddFooter.left.size = foot, 7
    sheet.oddFooter.right.text = "&P / &N"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_TEXT])
    cell.data_type = "s"                # openpyxl would take a leading "=" for a formula
    return cell


def _heading() -> NamedStyle:
    return NamedStyle("register_heading", font=Font(name=FACE, size=11, bold=True), border=_BORDER,
                      fill=PatternFill("solid", fgColor="EEF1F5"),
                      alignment=Alignment(horizontal="center", vertical="center", wrap_text=True))


def _text(align: Literal["left", "center"]) -> NamedStyle:
    return NamedStyle(f"register_{align}", font=Font(name=FACE, size=11), border=_BORDER,
                      alignment=Alignment(horizontal=align, vertical="top", wrap_text=True))
