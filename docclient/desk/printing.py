"""The office's books and slips on paper: what the office knows, in the columns that NĐ 30 Annex IV prescribes."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

from docclient.office import numbering
from docclient.office.door import Office
from docclient.office.model import VIETNAM, DocumentId, HandlerRole, RegisterId, now
from docclient.office.queries.document_page import DirectionView, DocumentPage, DocumentView
from docclient.office.queries.office import (
    AboutOffice,
    JournalHead,
    RegisterContent,
    RegisterPage,
    RegisterRow,
)
from docclient.papers.model import (
    HandlingSlip,
    IncomingRow,
    LeadersOpinion,
    OutgoingRow,
    RegisterCover,
    RegisterKind,
    RegisterPaper,
)
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.registers import print_register
from docclient.papers.slips import print_handling_slip
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


def print_slip_of(office: Office, document: DocumentId, target: Path) -> Path:
    """The handling slip of an incoming document (Phiếu giải quyết văn bản đến). Raises: NotFound, DiskFull …"""
    view, facts, head = office.ask(DocumentPage(document)), office.ask(AboutOffice()), office.ask(JournalHead())
    found = view.document
    return print_handling_slip(HandlingSlip(
        agency=facts.header, parent=facts.parent_name.upper(), place=facts.place, made_on=vietnam_day(now()),
        arrival_number=str(found.arrival_number or ""), arrived_on=numbering.short_date(found.arrival_date),
        type_name=found.type_name, number_and_symbol=found.number_and_symbol,
        issued_on=numbering.short_date(found.issued_date), issuer=found.issuer_name or "", subject=found.subject,
        leaders=leaders_opinion(view), journal_head=PrintedHead(head.entries, head.head), printed_at=now()), target)


def leaders_opinion(view: DocumentView) -> LeadersOpinion:
    if not view.directions:
        return LeadersOpinion()
    last = view.directions[-1]
    names = {role: ", ".join(each.unit_name or each.name for each in view.handlers if each.role is role)
             for role in HandlerRole}
    return LeadersOpinion(
        lead=names[HandlerRole.LEAD], helping=names[HandlerRole.HELPING], informed=names[HandlerRole.INFORMED],
        due=numbering.short_date(last.due_date), words=last.words, given_by=given_by(last), given_on=vietnam_day(last.at))


def given_by(direction: DirectionView) -> str:
    """Whose direction it is; who wrote it, where somebody stood in."""
    return f"{direction.hand_name} (thay {direction.by_name})" if direction.hand_name else direction.by_name


def vietnam_day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
