"""The spreadsheet to fill in, and the spreadsheet that says what became of each row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from docclient.desk.bulk import RowResult
from docclient.desk.bulk_sheet import HEADINGS, NEEDED
from docclient.office.door import Office
from docclient.office.model import Flow, now
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.table import FACE, TableColumn, TableKind, TablePaper, write_table
from docclient.words import Language, phrase
from signing.files import replacing

LEFT_OUT = frozenset({"secrecy", "number"})
"""Fields a template does not ask for: secrets are not registered here; number and symbol have a column each."""


def write_template(flow: Flow, target: Path, language: Language = Language.VIETNAMESE) -> Path:
    """A workbook with the headings that `read_sheet` knows; those that must be filled in are coloured.

    Raises: FolderNotWritable, DiskFull."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = phrase(f"sheet_report.template_{flow}", language)
    sheet.freeze_panes = "A2"
    for place, (field, headings) in enumerate(((name, said) for name, said in HEADINGS[flow].items()
                                               if name not in LEFT_OUT), start=1):
        cell = sheet.cell(1, place, headings[0][0].upper() + headings[0][1:])
        cell.font, cell.alignment = Font(name=FACE, bold=True), Alignment(wrap_text=True, vertical="center")
        cell.fill = PatternFill("solid", fgColor="FFE9B8" if field in NEEDED[flow] else "EEF1F5")
        sheet.column_dimensions[get_column_letter(place)].width = 48 if field == "subject" else 20
    with replacing(target) as stream:
        book.save(stream)
    return target


def write_report(office: Office, results: Sequence[RowResult], target: Path, about: str,
                 language: Language = Language.VIETNAMESE, kind: TableKind = TableKind.XLSX) -> Path:
    """What became of each row. about: the spreadsheet's name. Raises: FolderNotWritable, DiskFull."""
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())
    say = {name: phrase(f"sheet_report.{name}", language)
           for name in ("title", "row", "subject", "state", "number", "why")}
    write_table(TablePaper(
        agency=facts.header or (facts.agency_name,), title=say["title"], about=(about,),
        columns=(TableColumn(say["row"], 14, centred=True), TableColumn(say["state"], 34),
                 TableColumn(say["number"], 26), TableColumn(say["subject"], 95), TableColumn(say["why"], 96)),
        rows=((str(each.row), phrase(f"row_state.{each.state}", language), each.number, each.subject, each.why)
              for each in results),
        made_at=now(), journal_head=PrintedHead(head.entries, head.head)), target, kind)
    return target
