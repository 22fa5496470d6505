"""The office's books and slips on paper: what the office knows, in the columns that NĐ 30 Annex IV prescribes."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from docclient.desk.incoming_papers import print_slip_of as print_slip_of
from docclient.office import numbering
from docclient.office.door import Office
from docclient.office.model import RegisterId, now
from docclient.office.queries.office import (
    AboutOffice,
    JournalHead,
    RegisterContent,
    RegisterPage,
    RegisterRow,
)
from docclient.papers.model import (
    IncomingRow,
    OutgoingRow,
    RegisterCover,
    RegisterKind,
    RegisterPaper,
)
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.registers import print_register
from docclient.papers.workbook import write_register_workbook

INCOMING_NAMES = tuple(each.name for each in fields(IncomingRow))
OUTGOING_NAMES = tuple(each.name for each in fields(OutgoingRow))


def register_paper(office: Office, register: RegisterId) -> RegisterPaper:
    """A whole register as it is printed. Raises: NotFound, NotYours."""
    content, rows = all_rows(office, register)
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())
    kind = RegisterKind.INCOMING if content.register.kind == "incoming" else RegisterKind.OUTGOING
    days = [each.day for each in rows if each.day is not None]
    first_day, last_day = (min(days), max(days)) if days else (None, None)
    cover = RegisterCover(
        agency=facts.header, parent=facts.parent_name.upper(), year=content.register.year,
        first_day=first_day, last_day=last_day,
        first_number=numbering.written_number(rows[0].number) if rows else "",
        last_number=numbering.written_number(rows[-1].number) if rows else "")
    return RegisterPaper(kind=kind, cover=cover, rows=tuple(printed_row(kind, row) for row in rows),
                         journal_head=PrintedHead(head.entries, head.head), printed_at=now(), printed_by=office.me.name)


def printed_row(kind: RegisterKind, row: RegisterRow) -> IncomingRow | OutgoingRow:
    """The ten columns under their names; both kinds have theirs in the order of Annex IV."""
    if kind is RegisterKind.INCOMING:
        return IncomingRow(**dict(zip(INCOMING_NAMES, row.columns, strict=True)))
    return OutgoingRow(**dict(zip(OUTGOING_NAMES, row.columns, strict=True)))


def all_rows(office: Office, register: RegisterId) -> tuple[RegisterContent, list[RegisterRow]]:
    content = office.ask(RegisterPage(register))
    rows = list(content.rows)
    while content.next is not None:
        content = office.ask(RegisterPage(register, after=content.next))
        rows += content.rows
    return content, rows


def print_register_of(office: Office, register: RegisterId, target: Path) -> Path:
    """To PDF/A. Raises: NotFound, NotYours, FolderNotWritable, DiskFull."""
    return print_register(register_paper(office, register), target)


def export_register_of(office: Office, register: RegisterId, target: Path) -> Path:
    """To a spreadsheet. Raises as `print_register_of`."""
    return write_register_workbook(register_paper(office, register), target)
