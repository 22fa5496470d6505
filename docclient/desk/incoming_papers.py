"""Papers about incoming documents: the handling slip of several levels, the hand-over list, the follow-up register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from docclient.office import numbering
from docclient.office.door import Office
from docclient.office.handling import Origin
from docclient.office.model import VIETNAM, DocumentId, HandlerRole, State, UnitId, now
from docclient.office.queries.books import FollowUp, FollowUpLine, HandOverLine, HandOverList
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.handling import DirectionStep, HandlingOf, HandlingView, ShareView
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.papers.model import (
    FollowUpRow,
    HandlersProposal,
    HandlingSlip,
    HandOverRow,
    LeadersOpinion,
    RegisterCover,
    RegisterKind,
    RegisterPaper,
    RegisterRow,
    UnitOpinion,
)
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.registers import print_register
from docclient.papers.slips import print_handling_slip
from docclient.words import phrase


def print_slip_of(office: Office, document: DocumentId, target: Path) -> Path:
    """The handling slip of an incoming document (Phiếu giải quyết văn bản đến): every level that stands, in its part.
    Raises: NotFound, FolderNotWritable, DiskFull."""
    found, handling = office.ask(DocumentPage(document)).document, office.ask(HandlingOf(document))
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())
    steps = [(level.depth, step) for level in handling.levels for step in level.steps]
    return print_handling_slip(HandlingSlip(
        agency=facts.header, parent=facts.parent_name.upper(), place=facts.place, made_on=vietnam_day(now()),
        arrival_number=str(found.arrival_number or ""), arrived_on=numbering.short_date(found.arrival_date),
        type_name=found.type_name, number_and_symbol=found.number_and_symbol,
        issued_on=numbering.short_date(found.issued_date), issuer=found.issuer_name or "", subject=found.subject,
        leaders=tuple(leaders_opinion(step) for depth, step in steps if depth == 0),
        units=tuple(unit_opinion(step) for depth, step in steps if depth > 0),
        proposals=proposals_of(handling), journal_head=PrintedHead(head.entries, head.head), printed_at=now()), target)


def leaders_opinion(step: DirectionStep) -> LeadersOpinion:
    helping_due = {share.limit for share in step.shares if share.role is HandlerRole.HELPING and share.limit}
    by = step.by_name
    if step.origin is Origin.RULE:
        by = phrase("papers.slip_by_rule", basis=step.rule_basis)
    return LeadersOpinion(
        lead=names(step, HandlerRole.LEAD), helping=names(step, HandlerRole.HELPING),
        informed=names(step, HandlerRole.INFORMED), following=names(step, HandlerRole.FOLLOWER),
        due=numbering.short_date(step.due_date), words=step.words, given_by=by, given_on=vietnam_day(step.at),
        helping_due=numbering.short_date(min(helping_due)) if helping_due else "")


def unit_opinion(step: DirectionStep) -> UnitOpinion:
    return UnitOpinion(
        handler=names(step, HandlerRole.LEAD), helping=names(step, HandlerRole.HELPING, HandlerRole.INFORMED),
        due=numbering.short_date(step.due_date), words=step.words, given_by=step.by_name, given_on=vietnam_day(step.at))


def names(step: DirectionStep, *roles: HandlerRole) -> str:
    return ", ".join(named(share) for share in step.shares if share.role in roles)


def named(share: ShareView) -> str:
    return share.unit_name or share.name


def proposals_of(handling: HandlingView) -> tuple[HandlersProposal, ...]:
    """What the handlers wrote: their opinions, and how it ended."""
    said = [(each.at, HandlersProposal(words=each.words, given_by=each.by_name, given_on=vietnam_day(each.at)))
            for each in handling.remarks]
    said += [(each.at, HandlersProposal(words=each.words, given_by=each.by_name, given_on=vietnam_day(each.at)))
             for each in handling.closings if each.words]
    return tuple(each for _, each in sorted(said, key=lambda pair: pair[0]))


def print_hand_over_list(office: Office, first_day: date, last_day: date, target: Path,
                         unit: UnitId | None = None) -> Path:
    """What was passed on in these days, to be signed for. Raises: NotYours, FolderNotWritable, DiskFull."""
    lines = office.ask(HandOverList(first_day, last_day, unit))
    return print_register(book(office, RegisterKind.HAND_OVER, map(hand_over_row, lines), first_day, last_day), target)


def hand_over_row(line: HandOverLine) -> HandOverRow:
    return HandOverRow(
        arrival_number=str(line.arrival_number or ""), number_and_symbol=line.number_and_symbol,
        type_and_subject=f"{line.type_name}: {line.subject}", receiver=line.receiver,
        passed_on=numbering.short_date(vietnam_day(line.passed_on)), copies="1" if line.on_paper else "",
        received_by=phrase("papers.received_in_system", day=numbering.short_date(vietnam_day(line.received_at)))
        if line.received_at else "",
        note=phrase(f"handler_role.{line.role}") if line.role is not HandlerRole.LEAD else "")


def print_follow_up(office: Office, first_day: date, last_day: date, target: Path) -> Path:
    """The follow-up register (NĐ 30 Annex IV, 7 columns). Raises: NotYours, FolderNotWritable, DiskFull."""
    return print_register(follow_up_paper(office, first_day, last_day), target)


def follow_up_paper(office: Office, first_day: date, last_day: date) -> RegisterPaper:
    lines = office.ask(FollowUp(first_day, last_day))
    return book(office, RegisterKind.FOLLOW_UP, map(follow_up_row, lines), first_day, last_day)


def follow_up_row(line: FollowUpLine) -> FollowUpRow:
    document = "; ".join(part for part in (line.type_name, line.number_and_symbol,
                                           numbering.short_date(line.issued_date), line.issuer_name) if part)
    return FollowUpRow(
        arrival_number=str(line.arrival_number), document=document, handled_by=line.receiver,
        due=numbering.short_date(line.due_date), progress=progress_of(line), answer=line.answer)


def progress_of(line: FollowUpLine) -> str:
    state = phrase(f"state.{line.state}")
    if line.state is State.FINISHED and line.finished_at is not None:
        return f"{state} {numbering.short_date(vietnam_day(line.finished_at))}"
    parts = [state, f"{line.percent} %" if line.percent is not None else "", line.progress]
    return "; ".join(part for part in parts if part)


def book(office: Office, kind: RegisterKind, rows: Iterable[RegisterRow], first_day: date,
         last_day: date) -> RegisterPaper:
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())
    cover = RegisterCover(agency=facts.header, parent=facts.parent_name.upper(), year=last_day.year,
                          first_day=first_day, last_day=last_day)
    return RegisterPaper(kind=kind, cover=cover, rows=tuple(rows), journal_head=PrintedHead(head.entries, head.head),
                         printed_at=now(), printed_by=office.me.name)


def vietnam_day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
