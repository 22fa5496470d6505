"""A list as a file: .xlsx, .csv, .pdf or .docx, row by row as the rows come, whatever their number (F2)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from docclient.errors import WrongUse
from docclient.papers.layout import VIETNAM, journal_line, printable
from docclient.papers.model import JournalHead
from docclient.papers.typeset import typeset
from signing.files import replacing

MOST_PRINTED = 20_000
"""Rows of a .pdf or .docx: a thousand pages. A spreadsheet or .csv takes them all."""

MOST_IN_WORKBOOK = 1_048_000
"""The format's own limit is 1,048,576 (ECMA-376)."""

LONGEST_CELL = 32_767
FACE = "Times New Roman"
PAPER_WIDTH_MM = 265.0
TABLE_WIDTH_TWIPS = 15_000        # A4 landscape less its margins


class TableKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    DOCX = "docx"


class TooLongToPrint(WrongUse):
    """facts: most."""

    code = "table.too_long_to_print"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """width_mm: on paper; all together are drawn out or in to the paper's width."""

    heading: str
    width_mm: float = 25.0
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePaper:
    """agency: the printed lines of the agency's name. about: what the list holds, a line each. rows: read once, in
    step with what is written; each as long as `columns`. made_at: aware."""

    agency: tuple[str, ...]
    title: str
    about: tuple[str, ...]
    columns: tuple[TableColumn, ...]
    rows: Iterable[Sequence[str]]
    made_at: datetime
    journal_head: JournalHead


def write_table(table: TablePaper, target: Path, kind: TableKind) -> int:
    """Write the list to `target` and return how many rows it has. Every value is text: what begins like a formula stays
    what it is. Raises: TooLongToPrint, FolderNotWritable, DiskFull; what reading the rows raises."""
    counted = Counted(table.rows)
    if kind is TableKind.PDF:
        write_pdf(table, target, limited(counted))
        return counted.number
    with replacing(target) as stream:
        if kind is TableKind.XLSX:
            write_workbook(table, stream, counted)
        elif kind is TableKind.CSV:
            write_csv(table, stream, counted)
        else:
            write_word(table, stream, limited(counted))
    return counted.number


class Counted:
    """Rows, counted as they pass."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for row in self._rows:
            self.number += 1
            yield row


def limited(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    for number, row in enumerate(rows):
        if number >= MOST_PRINTED:
            raise TooLongToPrint(most=MOST_PRINTED)
        yield row


def write_workbook(table: TablePaper, stream: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    for place, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width_mm / 1.95
    line = Side(style="thin", color="808080")
    border, wrapped = Border(line, line, line, line), Alignment(vertical="top", wrap_text=True)

    def cell(text: str, *, bold: bool = False, size: int = 11, framed: bool = True) -> Any:
        made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
        made.data_type, made.font = "s", Font(name=FACE, size=size, bold=bold)      # "=1+1" in a subject stays text
        if framed:
            made.border, made.alignment = border, wrapped
        return made

    head = [" ".join(table.agency), table.title, *table.about]
    sheet.freeze_panes = f"A{len(head) + 2}"
    for place, text in enumerate(head):
        sheet.append([cell(text, bold=place < 2, size=14 if place == 1 else 11, framed=False)])
    headings = [cell(column.heading, bold=True) for column in table.columns]
    for each in headings:
        each.fill = PatternFill("solid", fgColor="EEF1F5")
    sheet.append(headings)
    try:
        for number, row in enumerate(rows):
            if number >= MOST_IN_WORKBOOK:
                raise TooLongToPrint(most=MOST_IN_WORKBOOK)
            sheet.append([cell(text) for text in row])
    except BaseException:
        sheet.close()       # its half-written part is a running generator that complains when it is only dropped
        raise
    sheet.append([cell(journal_line(table.journal_head, table.made_at), size=8, framed=False)])
    book.properties.title, book.properties.creator = table.title, " ".join(table.agency)
    book.properties.created = book.properties.modified = table.made_at.astimezone(VIETNAM).replace(tzinfo=None)
    book.save(stream)


def write_csv(table: TablePaper, stream: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 with its mark, semicolons: as spreadsheets set to Vietnamese open it. What would be run as a formula is
    kept from it by an apostrophe (OWASP, CSV injection)."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.heading for column in table.columns])
    for row in rows:
        writer.writerow([f"'{each}" if each[:1] in ("=", "+", "-", "@", "\t", "\r") else each for each in row])
    text.flush()
    text.detach()


def write_pdf(table: TablePaper, target: Path, rows: Iterable[Sequence[str]]) -> None:
    whole = sum(column.width_mm for column in table.columns)
    kept = [list(row) for row in rows]
    typeset("table", {
        "agency": table.agency, "title": table.title, "about": table.about,
        "columns": [{"heading": column.heading, "width_mm": column.width_mm * PAPER_WIDTH_MM / whole,
                     "align": "center" if column.centred else "left"} for column in table.columns],
        "rows": kept, "journal_line": journal_line(table.journal_head, table.made_at),
    }, table.made_at, target, tagged=False)


# --- .docx: python-docx makes the document around the table; its rows are written as they come, not as objects ------


def write_word(table: TablePaper, stream: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.shared import Mm, Pt

    document = docx.Document()
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = FACE, Pt(11)
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(20), Mm(12)
    section.top_margin = section.bottom_margin = Mm(15)
    document.add_paragraph().add_run(" ".join(table.agency)).bold = True
    title = document.add_paragraph().add_run(table.title)
    title.bold, title.font.size = True, Pt(14)
    for said in table.about:
        document.add_paragraph(printable(said))
    section.footer.paragraphs[0].text = journal_line(table.journal_head, table.made_at)
    whole = sum(column.width_mm for column in table.columns)
    widths = [round(column.width_mm / whole * TABLE_WIDTH_TWIPS) for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    made = parse_xml(f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>'
                     + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>' for side in SIDES)
                     + '</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
                     + f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>")
    made.append(parse_xml(word_row([column.heading for column in table.columns], widths, heading=True)))
    for row in rows:
        made.append(parse_xml(word_row(row, widths)))
    document.element.body.insert_element_before(made, "w:sectPr")
    document.core_properties.title, document.core_properties.author = table.title, " ".join(table.agency)
    document.save(stream)


NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def word_row(texts: Sequence[str], widths: Sequence[int], *, heading: bool = False) -> str:
    row = "<w:trPr><w:tblHeader/></w:trPr>" if heading else "<w:trPr><w:cantSplit/></w:trPr>"
    bold = "<w:rPr><w:b/></w:rPr>" if heading else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:r>{bold}'
        f'<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r></w:p></w:tc>'
        for text, width in zip(texts, widths, strict=True))
    return f"<w:tr {NAMESPACE}>{row}{cells}</w:tr>"
