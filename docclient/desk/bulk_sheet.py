"""A spreadsheet of documents as rows of text and dates: .xlsx and .csv, headings as offices write them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from docclient.errors import BadInput, FileNotReadable, reason_of_os_error
from docclient.office.model import Flow
from docclient.office.search import words_of

MOST_ROWS = 5_000
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_PART = 400 * 1024 * 1024
LONGEST_CELL = 10_000
HEADING_WITHIN = 20
"""The headings stand in one of the first rows: a title and the agency's name may stand above."""

FEWEST_HEADINGS = 2


class SheetUnreadable(BadInput):
    """Neither .xlsx nor .csv, damaged, or with a password. facts: file."""

    code = "sheet.unreadable"


class SheetWithoutHeadings(BadInput):
    """No row has the headings that are needed. facts: file, needed."""

    code = "sheet.without_headings"


class SheetTooLong(BadInput):
    """facts: file, most."""

    code = "sheet.too_long"


HEADINGS: dict[Flow, dict[str, tuple[str, ...]]] = {
    Flow.INCOMING: {
        "number": ("số ký hiệu", "số, ký hiệu văn bản", "số hiệu", "số văn bản", "number and symbol"),
        "code_number": ("số", "số của văn bản", "number"),
        "code_notation": ("ký hiệu", "ký hiệu của văn bản", "symbol"),
        "issued_date": ("ngày văn bản", "ngày ban hành", "ngày tháng văn bản", "ngày tháng năm văn bản", "ngày vb",
                        "ngày, tháng, năm của văn bản", "issued", "date"),
        "issuer_name": ("cơ quan ban hành", "tác giả", "tên cơ quan ban hành", "nơi gửi", "cơ quan gửi",
                        "tên cơ quan, tổ chức ban hành", "issuer"),
        "issuer_code": ("mã cơ quan", "mã định danh", "mã định danh cơ quan", "issuer code"),
        "type_name": ("loại văn bản", "tên loại", "tên loại văn bản", "loại", "type"),
        "subject": ("trích yếu", "trích yếu nội dung", "nội dung", "tên loại và trích yếu nội dung", "về việc",
                    "subject"),
        "urgency": ("độ khẩn", "mức độ khẩn", "khẩn", "urgency"),
        "due_date": ("hạn xử lý", "hạn giải quyết", "thời hạn giải quyết", "hạn", "deadline", "due"),
        "channel": ("cách nhận", "hình thức nhận", "nhận qua", "came by"),
        "leader": ("lãnh đạo", "trình lãnh đạo", "người chỉ đạo", "leader"),
        "register_title": ("sổ văn bản", "sổ đăng ký", "sổ đăng ký văn bản", "register"),
        "files": ("tệp", "file", "tên tệp", "tập tin", "tệp đính kèm", "files"),
        "note": ("ghi chú", "note"),
        "secrecy": ("độ mật", "mức độ mật", "secrecy"),
    },
    Flow.OUTGOING: {
        "type_name": ("loại văn bản", "tên loại", "tên loại văn bản", "loại", "type"),
        "subject": ("trích yếu", "trích yếu nội dung", "nội dung", "tên loại và trích yếu nội dung", "về việc",
                    "subject"),
        "signer": ("người ký", "họ tên người ký", "signer"),
        "unit": ("đơn vị soạn thảo", "đơn vị", "phòng soạn thảo", "đơn vị trình", "unit"),
        "recipients": ("nơi nhận", "nơi nhận văn bản", "cơ quan nhận", "recipients"),
        "copies": ("số lượng bản", "số bản", "số lượng", "copies"),
        "urgency": ("độ khẩn", "mức độ khẩn", "khẩn", "urgency"),
        "note": ("ghi chú", "note"),
        "secrecy": ("độ mật", "mức độ mật", "secrecy"),
    },
}
"""For each field the headings it may have; the first one is the template's."""

NEEDED = {Flow.INCOMING: ("subject", "issuer_name", "issued_date"), Flow.OUTGOING: ("subject", "signer", "unit")}
_KNOWN = {flow: {tuple(words_of(heading)): field for field, headings in fields.items() for heading in headings}
          for flow, fields in HEADINGS.items()}

Cell = str | date | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """number: as the spreadsheet counts, from 1. cells: by field; empty ones are absent."""

    number: int
    cells: dict[str, str | date]


@dataclass(frozen=True, slots=True)
class Sheet:
    """digest: of the file, SHA-256. ignored: headings that mean nothing here. date1904 is taken care of."""

    file: Path
    digest: str
    flow: Flow
    rows: tuple[SheetRow, ...]
    ignored: tuple[str, ...]


def read_sheet(file: Path, flow: Flow) -> Sheet:
    """Read the first sheet of a workbook, or a .csv in any of its usual forms (comma, semicolon, tab; UTF-8, UTF-16,
    Vietnamese Windows). Raises: FileNotReadable, SheetUnreadable, SheetWithoutHeadings, SheetTooLong."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise SheetTooLong(file=file.name, most=MOST_ROWS)
        content = file.read_bytes()
    except OSError as error:
        raise FileNotReadable(file=str(file), reason=reason_of_os_error(error)) from error
    lines = workbook_lines(content, file.name) if content.startswith(b"PK") else csv_lines(content, file)
    kept: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in enumerate(lines, start=1):
        if any(cell is not None for cell in cells):
            kept.append((number, cells))
        if len(kept) > MOST_ROWS + HEADING_WITHIN:
            raise SheetTooLong(file=file.name, most=MOST_ROWS)
    place, fields, ignored = headings_of(kept[:HEADING_WITHIN], flow)
    if place is None:
        needed = ", ".join(HEADINGS[flow][name][0] for name in NEEDED[flow])
        raise SheetWithoutHeadings(file=file.name, needed=needed)
    rows = tuple(SheetRow(number, {name: cell for name, cell in zip(fields, cells, strict=False)
                                   if name and cell is not None}) for number, cells in kept[place + 1:])
    return Sheet(file, hashlib.sha256(content).hexdigest(), flow, tuple(row for row in rows if row.cells), ignored)


def headings_of(lines: Sequence[tuple[int, Sequence[Cell]]], flow: Flow,
                ) -> tuple[int | None, list[str], tuple[str, ...]]:
    """The row with the most headings, the field of each column ("" for none), the headings nobody knows."""
    best: tuple[int, int, list[str]] = (0, -1, [])
    for place, (_, cells) in enumerate(lines):
        fields: list[str] = []
        for cell in cells:
            known = _KNOWN[flow].get(tuple(words_of(cell)), "") if isinstance(cell, str) else ""
            fields.append(known if known not in fields else "")
        count = sum(bool(each) for each in fields)
        if count > best[0]:
            best = (count, place, fields)
    count, place, fields = best
    if count < FEWEST_HEADINGS or not set(NEEDED[flow]) <= set(fields):
        return None, [], ()
    ignored = tuple(str(cell) for cell, name in zip(lines[place][1], fields, strict=False)
                    if not name and isinstance(cell, str) and words_of(cell) not in (["tt"], ["stt"], ["so", "tt"]))
    return place, fields, ignored


def workbook_lines(content: bytes, name: str) -> Iterator[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(each.file_size for each in parts.infolist()) > LARGEST_PART:
                raise SheetTooLong(file=name, most=MOST_ROWS)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2 * HEADING_WITHIN, values_only=True):
            yield [cell_of(value) for value in row]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, TypeError,
            AttributeError, SyntaxError) as error:      # SyntaxError: what XML readers raise
        raise SheetUnreadable(file=name) from error


def csv_lines(content: bytes, file: Path) -> Iterator[Sequence[Cell]]:
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if file.suffix.lower() not in {".csv", ".tsv", ".txt"} or (b"\x00" in content[:4000] and not utf_16):
        raise SheetUnreadable(file=file.name)
    text = decoded(content)
    first = "\n".join(text.splitlines()[:HEADING_WITHIN])
    delimiter = max(";\t,", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell_of(value) for value in row]
    except csv.Error as error:
        raise SheetUnreadable(file=file.name) from error


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1258", "replace")


def cell_of(value: object) -> Cell:
    """Text without outer spaces, a date, or nothing. Whole numbers lose the decimals that a spreadsheet gives them."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else " ".join(str(value).split())[:LONGEST_CELL]
    return text or None


# --- dates ---------------------------------------------------------------------------------------------------------

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000        # 1954 to 2119
_SERIAL_ZERO = date(1899, 12, 30)


def date_of(cell: str | date) -> date | None:
    """A date as offices write it: 5/3/2026, 05-03-26, 2026-03-05, `ngày 5 tháng 3 năm 2026`, or a spreadsheet's own
    count of days. None where it is no date. Day before month, always (NĐ 30 Annex I)."""
    if isinstance(cell, date):
        return cell
    text = cell.strip()
    if text.isascii() and text.isdigit() and _SERIAL_FROM <= int(text) <= _SERIAL_TO:
        return _SERIAL_ZERO + timedelta(days=int(text))
    for pattern, said, order in ((_YEAR_FIRST, text, (0, 1, 2)), (_DAY_FIRST, text, (2, 1, 0)),
                                 (_IN_WORDS, " ".join(words_of(text)), (2, 1, 0))):
        found = pattern.fullmatch(said)
        if found:
            year, month, day = (int(found.groups()[place]) for place in order)
            try:
                return date(year + 2000 if year < 100 else year, month, day)
            except ValueError:
                return None
    return None


def texts(cells: Iterable[str | date]) -> list[str]:
    return [cell if isinstance(cell, str) else f"{cell:%d/%m/%Y}" for cell in cells]
