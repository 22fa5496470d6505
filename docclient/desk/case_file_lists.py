"""Lists of case files on paper and as spreadsheets (NĐ 30, Annex V), and a document's trail."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docclient.desk.case_file_facts import retention_text
from docclient.office.commands.using import NoteUse, Use
from docclient.office.door import Office
from docclient.office.model import VIETNAM, DocumentId, now
from docclient.office.queries.case_files import (
    CaseFilePage,
    CaseFileRow,
    CaseFiles,
    FilePlan,
    InsideRow,
    PlanHeadingView,
)
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.office.queries.trail import Trail
from docclient.papers.columns import Column
from docclient.papers.layout import VIETNAM as LOCAL
from docclient.papers.layout import day_text
from docclient.papers.listing import TablePaper, TableRow, print_table, write_table_workbook
from docclient.papers.model import JournalHead as PrintedHead
from docclient.words import Language, has_words, phrase
from signing.files import replacing

SPREADSHEET = ".xlsx"

PLAN_COLUMNS = (
    Column("notation", "Số và ký hiệu hồ sơ", 26, "center"), Column("title", "Tên đề mục và tiêu đề hồ sơ", 82, "left"),
    Column("retention", "Thời hạn bảo quản", 24, "center"), Column("owner", "Người lập hồ sơ", 36, "left"),
    Column("note", "Ghi chú", 26, "left"))
CONTENTS_COLUMNS = (
    Column("ordinal", "STT", 11, "center"), Column("number", "Số, ký hiệu văn bản", 30, "left"),
    Column("day", "Ngày, tháng, năm văn bản", 24, "center"), Column("subject", "Tên loại và trích yếu", 74, "left"),
    Column("issuer", "Tác giả văn bản", 34, "left"), Column("pages", "Trang số", 16, "center"),
    Column("note", "Ghi chú", 20, "left"))
HAND_IN_COLUMNS = (
    Column("ordinal", "Số TT", 12, "center"), Column("notation", "Số, ký hiệu hồ sơ", 26, "center"),
    Column("title", "Tiêu đề hồ sơ", 78, "left"), Column("time", "Thời gian tài liệu", 34, "center"),
    Column("retention", "Thời hạn bảo quản", 24, "center"), Column("pages", "Số trang", 18, "center"),
    Column("note", "Ghi chú", 26, "left"))
MINUTES_COLUMNS = (
    Column("ordinal", "STT", 14, "center"), Column("what", "Nội dung", 60, "left"),
    Column("said", "Ghi nhận", 100, "left"))
TRAIL_COLUMNS = (
    Column("at", "Lúc", 34, "left"), Column("person", "Người", 42, "left"), Column("act", "Việc", 46, "left"),
    Column("words", "Nội dung", 56, "left"))


def say(name: str, **blanks: object) -> str:
    return phrase(f"case_file_paper.{name}", Language.VIETNAMESE, **blanks)


def paper_of(office: Office, **facts: Any) -> TablePaper:
    """What every list shares, filled from the office."""
    about, head, at = office.ask(AboutOffice()), office.ask(JournalHead()), now()
    return TablePaper(
        agency=about.header, parent=about.parent_name.upper(), place=about.place, made_on=at.astimezone(VIETNAM).date(),
        journal_head=PrintedHead(head.entries, head.head), printed_at=at,
        printed_by=say("printed_by", person=office.me.name), **facts)


def write_paper(office: Office, paper: TablePaper, target: Path, *, document: DocumentId | None = None,
                case_file: str | None = None) -> Path:
    """PDF, or a spreadsheet where the name ends in .xlsx; noted in the use history first.

    Raises: FolderNotWritable, DiskFull.
    """
    spreadsheet = target.suffix.lower() == SPREADSHEET
    office.do(NoteUse(Use.EXPORT if spreadsheet else Use.PRINT, document, case_file,
                      paper="" if document or case_file else paper.title))
    return write_table_workbook(paper, target) if spreadsheet else print_table(paper, target)


def write_file_plan(office: Office, year: int, target: Path) -> Path:
    """Danh mục hồ sơ of the year. Raises: NotFound."""
    plan = office.ask(FilePlan(year))
    rows = [row for heading in plan.headings for row in plan_rows(heading)]
    rows += [file_row(each) for each in plan.unlisted]
    return write_paper(office, paper_of(
        office, title=say("plan_title", year=year), sheet=str(year), columns=PLAN_COLUMNS, rows=tuple(rows),
        lines=(say("plan_line", decision=plan.decision) if plan.approved else say("plan_draft"),),
        signers=(say("maker"), say("head"))), target)


def plan_rows(heading: PlanHeadingView) -> list[TableRow]:
    named = f"{heading.number}. {heading.name}"
    return [TableRow(("", named, "", "", ""), heading=True), *(file_row(each) for each in heading.files)]


def file_row(row: CaseFileRow) -> TableRow:
    return TableRow((row.file.notation, row.file.title, retention_text(row.file), row.owner_name, row.file.note))


def write_contents_list(office: Office, case_file: str, target: Path) -> Path:
    """Mục lục văn bản trong hồ sơ, by the numbers inside. Raises: NotFound."""
    view = office.ask(CaseFilePage(case_file))
    page, rows = 1, []
    for each in view.inside:
        rows.append(contents_row(each, page))
        page += each.pages or 0
    return write_paper(office, paper_of(
        office, title=say("contents"), sheet=view.file.notation.replace("/", "-"), columns=CONTENTS_COLUMNS,
        rows=tuple(rows), lines=(say("contents_line", notation=view.file.notation, title=view.file.title),),
        notes=(say("contents_total", count=len(rows)),), signers=(say("maker"),), landscape=True), target,
        case_file=case_file)


def contents_row(row: InsideRow, page: int) -> TableRow:
    document = row.document
    if document is None:
        return TableRow((str(row.ordinal), "", "", say("hidden"), "", "", ""))
    return TableRow((str(row.ordinal), document.number_and_symbol, day_text(document.issued_date),
                     f"{document.type_name}: {document.subject}", document.issuer_name,
                     str(page) if row.pages else "", ""))


def write_hand_in_list(office: Office, rows: Sequence[CaseFileRow], target: Path) -> Path:
    """Mục lục hồ sơ, tài liệu nộp lưu of these files."""
    found = tuple(hand_in_row(office, number, each) for number, each in enumerate(rows, start=1))
    return write_paper(office, paper_of(
        office, title=say("hand_in_title"), sheet="Nộp lưu", columns=HAND_IN_COLUMNS, rows=found,
        notes=(say("hand_in_total", count=len(found)),), signers=(say("maker"), say("taker")), landscape=True), target)


def write_hand_over_minutes(office: Office, rows: Sequence[CaseFileRow], target: Path) -> Path:
    """Biên bản giao nhận hồ sơ, tài liệu: the unit that hands over, the archive that takes, the block of records, its
    period, how many files, documents and computer files, in what condition, the list that goes with it (NĐ 30 Art 30,
    Annex V). Printed twice, one for each."""
    units = tuple(dict.fromkeys(each.unit_name for each in rows if each.unit_name))
    inside = [document for each in rows for document in office.ask(CaseFilePage(each.file.id)).inside]
    days = [day for each in rows for day in (each.file.start_date, each.file.end_date) if day is not None]
    facts = (
        ("minutes_from", "; ".join(units)), ("minutes_to", office.ask(AboutOffice()).agency_name),
        ("minutes_block", "; ".join(dict.fromkeys(each.file.title for each in rows[:3])) + (" …" if rows[3:] else "")),
        ("minutes_period", f"{day_text(min(days))} – {day_text(max(days))}" if days else ""),
        ("minutes_files", str(len(rows))), ("minutes_documents", str(len(inside))),
        ("minutes_pages", str(sum(each.pages or 0 for each in inside))),
        ("minutes_condition", say("minutes_whole")), ("minutes_list", say("minutes_with_list", count=len(rows))))
    return write_paper(office, paper_of(
        office, title=say("minutes_title"), sheet="Giao nhận", columns=MINUTES_COLUMNS,
        rows=tuple(TableRow((str(number), say(name), value)) for number, (name, value) in enumerate(facts, start=1)),
        notes=(say("minutes_copies"),), signers=(say("giver"), say("taker"))), target)


def due_for_hand_in(office: Office) -> tuple[CaseFileRow, ...]:
    """Closed files due within thirty days or past, as far as this person sees them, nearest first."""
    rows = office.ask(CaseFiles(due=True, limit=1_000)).rows
    return tuple(sorted(rows, key=lambda row: (str(row.file.due), row.file.notation)))


def hand_in_row(office: Office, number: int, row: CaseFileRow) -> TableRow:
    file = row.file
    pages = sum(each.pages or 0 for each in office.ask(CaseFilePage(file.id)).inside)
    return TableRow((str(number), file.notation, file.title,
                     f"{day_text(file.start_date)} – {day_text(file.end_date)}", retention_text(file),
                     str(pages) if pages else "", file.note))


def write_trail(office: Office, document: DocumentId, target: Path) -> Path:
    """Every act and look of a document, as PDF, .xlsx, or .csv by the name's ending. Raises: NotFound."""
    trail = office.ask(Trail(document))
    rows = tuple(TableRow((moment_text(each.at), each.person_name, words_of_code(each.code),
                           " ".join(part for part in (each.words, each.mark) if part))) for each in trail.entries)
    paper = paper_of(office, title=say("trail_title"), sheet="Lịch sử", columns=TRAIL_COLUMNS, rows=rows)
    if target.suffix.lower() == ".csv":
        office.do(NoteUse(Use.EXPORT, document))
        return write_csv(paper, target)
    return write_paper(office, paper, target, document=document)


def moment_text(moment: datetime) -> str:
    local = moment.astimezone(LOCAL)
    return f"{local:%H:%M:%S} {day_text(local.date())}"


def words_of_code(code: str) -> str:
    return phrase(code, Language.VIETNAMESE) if has_words(code) else code


def write_csv(paper: TablePaper, target: Path) -> Path:
    """UTF-8 with a byte-order mark, so that spreadsheets read the marks. A cell that they would take for a formula gets
    an apostrophe before it."""
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow([each.heading for each in paper.columns])
    for row in paper.rows:
        lines.writerow([f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell for cell in row.cells])
    with replacing(target) as stream:
        stream.write(b"\xef\xbb\xbf" + written.getvalue().encode())
    return target
