"""The life of a case file: open, change, close, reopen, hand over, hand in (NĐ 30/2020 Arts 28–31)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from docclient.office.case_file_review import review_of
from docclient.office.case_files import (
    ARCHIVE,
    KEEP_ALL_FILES,
    LONGER_YEARS,
    CaseFile,
    CaseFileState,
    Retention,
    Rights,
    change_case_file,
    hand_in_due,
    headed_units,
    load_case_file,
    may_keep,
    months_later,
    new_case_file,
)
from docclient.office.commands.file_plan import LANGUAGE, symbol_after, unit_of
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotYours, Why
from docclient.office.model import Actor, DocumentId, PersonId, Role, today
from docclient.office.notices import NoticeKind, notify
from docclient.office.registry import rule
from docclient.office.things import ThingNotNow, thing_rule
from docclient.store import tables
from docclient.store.work import Work

KEEPERS = frozenset({Role.OFFICER, Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE, Role.CLERK, Role.LEADER})


def receipt_of(work: Work, command: Command, file: CaseFile, **facts: str) -> Receipt:
    return Receipt(type(command).__name__, work.entry, number=file.notation,
                   facts={"case_file": file.id, "version": str(file.version), "state": file.state.value, **facts})


@dataclass(frozen=True, slots=True)
class OpenCaseFile(Command):
    """Open a file that is not on the year's list: whoever is in charge says title, symbol, period and owner (Art 29).

    notation: empty takes the next number with the abbreviation of the owner's unit. owner: empty is oneself.
    """

    title: str
    retention: Retention
    notation: str = ""
    owner: PersonId | None = None
    start_date: date | None = None
    rights: Rights = Rights.PUBLIC
    construction: bool = False
    note: str = ""


@rule(OpenCaseFile, by=KEEPERS, kinds={"note": AskKind.LONG_TEXT, "owner": AskKind.PERSON})
def open_case_file(work: Work, me: Actor, c: OpenCaseFile) -> Receipt:
    if not c.title.strip():
        raise FieldWrong("title", Why.EMPTY)
    owner = c.owner or me.person
    if owner != me.person and not (me.roles & KEEP_ALL_FILES or headed_units(me)):
        raise FieldWrong("owner", Why.NOT_YOURS)
    unit = unit_of(work, owner)
    start = c.start_date or today()
    organ = work.own_agency()["code"]
    position, notation = symbol_for(work, start.year, unit, c.notation.strip(), organ)
    made = new_case_file(
        work, state=CaseFileState.OPEN, organ_id=organ, year=start.year, notation=notation, heading=None,
        position=position, title=c.title.strip(), retention_code=c.retention.code, retention_years=c.retention.years,
        rights=c.rights, owner=owner, unit=unit, language=LANGUAGE, note=c.note.strip(), construction=c.construction,
        start_date=start, opened_at=work.at)
    notify(work, [owner], NoticeKind.HANDED_OVER, case_file=made)
    return receipt_of(work, c, load_case_file(work, me, made))


def symbol_for(work: Work, year: int, unit: str | None, wanted: str, organ: str) -> tuple[int, str]:
    """The symbol asked for if it is free, else the next of the year with the unit's abbreviation."""
    if wanted:
        taken = work.connection.scalar(select(tables.case_file.c.id).where(
            tables.case_file.c.organ_id == organ, tables.case_file.c.year == year,
            tables.case_file.c.notation == wanted))
        if taken is not None:
            raise FieldWrong("notation", Why.TAKEN)
        number = wanted.partition(".")[0]
        return (int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0), wanted
    abbreviation = work.connection.scalar(select(tables.unit.c.abbreviation).where(tables.unit.c.id == unit)) or "HS"
    per_heading = work.connection.scalar(
        select(tables.file_plan.c.per_heading).where(tables.file_plan.c.year == year))
    return symbol_after(work, year, abbreviation, per_heading=bool(per_heading))


@dataclass(frozen=True, slots=True)
class BeginCaseFile(Command):
    """Open a file of the approved list."""

    case_file: str
    version: int
    start_date: date | None = None


def listed_and_approved(work: Work, me: Actor, file: CaseFile) -> bool:
    return may_keep(work, me, file) and work.connection.scalar(
        select(tables.file_plan.c.approved_at)
        .join(tables.file_plan_heading, tables.file_plan_heading.c.plan == tables.file_plan.c.id)
        .where(tables.file_plan_heading.c.id == file.heading)) is not None


@thing_rule(BeginCaseFile, "case_file", load_case_file, in_states={CaseFileState.PLANNED}, when=listed_and_approved,
            order=10)
def begin_case_file(work: Work, me: Actor, c: BeginCaseFile, file: CaseFile) -> Receipt:
    return receipt_of(work, c, change_case_file(
        work, file, state=CaseFileState.OPEN, start_date=c.start_date or today(), opened_at=work.at))


@dataclass(frozen=True, slots=True)
class ChangeCaseFile(Command):
    """Put right what the file says of itself."""

    case_file: str
    version: int
    title: str
    retention: Retention
    rights: Rights = Rights.PUBLIC
    construction: bool = False
    note: str = ""


def present_facts(work: Work, me: Actor, file: CaseFile) -> Mapping[str, Any]:
    return {"title": file.title, "retention": file.retention.value, "rights": file.rights.value,
            "construction": file.construction, "note": file.note}


@thing_rule(ChangeCaseFile, "case_file", load_case_file, in_states={CaseFileState.PLANNED, CaseFileState.OPEN},
            when=may_keep, prefill=present_facts, kinds={"note": AskKind.LONG_TEXT}, order=60)
def change_case_file_rule(work: Work, me: Actor, c: ChangeCaseFile, file: CaseFile) -> Receipt:
    if not c.title.strip():
        raise FieldWrong("title", Why.EMPTY)
    return receipt_of(work, c, change_case_file(
        work, file, title=c.title.strip(), retention_code=c.retention.code, retention_years=c.retention.years,
        rights=c.rights, construction=c.construction, note=c.note.strip()))


@dataclass(frozen=True, slots=True)
class CloseCaseFile(Command):
    """The work has ended: the file is reviewed and closed; its documents are numbered in the order of time.

    warnings_seen: what the review found (drafts, doubles, missing facts) was looked at and stays as it is.
    """

    case_file: str
    version: int
    ended_on: date
    warnings_seen: bool = False


def ends_today(work: Work, me: Actor, file: CaseFile) -> Mapping[str, Any]:
    return {"ended_on": today().isoformat()}


@thing_rule(CloseCaseFile, "case_file", load_case_file, in_states={CaseFileState.OPEN}, when=may_keep,
            prefill=ends_today, order=20)
def close_case_file(work: Work, me: Actor, c: CloseCaseFile, file: CaseFile) -> Receipt:
    if c.ended_on > today():
        raise FieldWrong("ended_on", Why.IN_THE_FUTURE)
    if file.start_date is not None and c.ended_on < file.start_date:
        raise FieldWrong("ended_on", Why.NOT_LATER)
    warnings = review_of(work, file)
    if warnings and not c.warnings_seen:
        raise FieldWrong("warnings_seen", Why.WARNINGS_UNSEEN, str(len(warnings)))
    last = number_in_time(work, file)
    closed = change_case_file(
        work, file, state=CaseFileState.CLOSED, ended_on=c.ended_on, end_date=last or c.ended_on, closed_at=work.at,
        hand_in_due=hand_in_due(c.ended_on, file.retention, construction=file.construction))
    return receipt_of(work, c, closed, warnings=str(len(warnings)))


def number_in_time(work: Work, file: CaseFile) -> date | None:
    """DocOrdinal anew, 1, 2, 3 … by the documents' dates. Returns the last date."""
    inside, document = tables.case_file_document, tables.document
    rows = work.connection.execute(
        select(inside.c.document, document.c.issued_date, document.c.arrival_date, document.c.created_at)
        .join(document, document.c.id == inside.c.document).where(inside.c.case_file == file.id)).all()
    ordered = sorted(rows, key=lambda row: (row.issued_date or row.arrival_date or row.created_at.date(),
                                            row.created_at, row.document))
    of_file = inside.c.case_file == file.id
    work.connection.execute(update(inside).where(of_file).values(ordinal=-inside.c.ordinal))   # out of the way first
    for number, row in enumerate(ordered, start=1):
        work.connection.execute(update(inside).where(of_file, inside.c.document == row.document).values(ordinal=number))
    work.connection.execute(update(tables.case_file).where(tables.case_file.c.id == file.id).values(
        last_ordinal=len(ordered)))
    if not ordered:
        return None
    latest = ordered[-1]
    last: date = latest.issued_date or latest.arrival_date or latest.created_at.date()
    return last


@dataclass(frozen=True, slots=True)
class ReopenCaseFile(Command):
    """Open a closed file again, with the reason."""

    case_file: str
    version: int
    reason: str


@thing_rule(ReopenCaseFile, "case_file", load_case_file, in_states={CaseFileState.CLOSED}, when=may_keep,
            kinds={"reason": AskKind.LONG_TEXT}, order=70, negative=True)
def reopen_case_file(work: Work, me: Actor, c: ReopenCaseFile, file: CaseFile) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    return receipt_of(work, c, change_case_file(
        work, file, state=CaseFileState.OPEN, ended_on=None, end_date=None, closed_at=None, hand_in_due=None,
        kept_until=None, kept_basis=None))


@dataclass(frozen=True, slots=True)
class KeepLonger(Command):
    """The head lets the unit keep a file for longer, at most two years past its day (Art 31). basis: the consent."""

    case_file: str
    version: int
    until: date
    basis: str


def head_decides(work: Work, me: Actor, file: CaseFile) -> bool:
    return Role.LEADER in me.roles and file.hand_in_due is not None


@thing_rule(KeepLonger, "case_file", load_case_file, in_states={CaseFileState.CLOSED}, when=head_decides, order=40)
def keep_longer(work: Work, me: Actor, c: KeepLonger, file: CaseFile) -> Receipt:
    assert file.hand_in_due is not None
    if not c.basis.strip():
        raise FieldWrong("basis", Why.EMPTY)
    if c.until <= file.hand_in_due:
        raise FieldWrong("until", Why.NOT_LATER)
    if c.until > months_later(file.hand_in_due, 12 * LONGER_YEARS):
        raise FieldWrong("until", Why.TOO_LATE)
    changed = change_case_file(work, file, kept_until=c.until, kept_basis=c.basis.strip())
    notify(work, [file.owner], NoticeKind.DEADLINE_CHANGED, case_file=file.id, words=c.basis.strip())
    return receipt_of(work, c, changed)


# --- several files at once -----------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class HandOverCaseFiles(Command):
    """Give files to another person: before retiring, moving or long study (Art 30). The one who gets them sees what
    lies in them; several at once, all or none."""

    case_files: tuple[str, ...]
    to: PersonId
    reason: str


@rule(HandOverCaseFiles, by=KEEPERS)
def hand_over_case_files(work: Work, me: Actor, c: HandOverCaseFiles) -> Receipt:
    if not c.case_files:
        raise FieldWrong("case_files", Why.EMPTY)
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    unit = unit_of(work, c.to, "to")
    for identity in c.case_files:
        file = load_case_file(work, me, identity)
        if not may_keep(work, me, file) and Role.LEADER not in me.roles:
            raise NotYours(command="HandOverCaseFiles")
        if file.state in {CaseFileState.HANDED_IN, CaseFileState.REMOVED}:
            raise ThingNotNow(command="HandOverCaseFiles", state=file.state.value)
        if file.owner == c.to:
            raise FieldWrong("to", Why.ALREADY_THERE)
        change_case_file(work, file, owner=c.to, unit=unit)
        for document in work.connection.scalars(select(tables.case_file_document.c.document).where(
                tables.case_file_document.c.case_file == file.id)).all():
            work.let_see(DocumentId(document), [c.to])
        notify(work, [c.to], NoticeKind.HANDED_OVER, case_file=file.id, words=c.reason.strip())
    return Receipt(type(c).__name__, work.entry, facts={"files": str(len(c.case_files))})


@dataclass(frozen=True, slots=True)
class HandIn(Command):
    """The archive takes in closed files, all or none; what comes after its day is marked as late."""

    case_files: tuple[str, ...]


@rule(HandIn, by=ARCHIVE)
def hand_in(work: Work, me: Actor, c: HandIn) -> Receipt:
    if not c.case_files:
        raise FieldWrong("case_files", Why.EMPTY)
    late = 0
    for identity in c.case_files:
        file = load_case_file(work, me, identity)
        if file.state is not CaseFileState.CLOSED:
            raise ThingNotNow(command="HandIn", state=file.state.value)
        if file.hand_in_due is None:
            raise FieldWrong("case_files", Why.NOT_DUE, file.notation)
        is_late = file.due is not None and today() > file.due
        late += is_late
        change_case_file(work, file, state=CaseFileState.HANDED_IN, handed_in_at=work.at, handed_in_late=is_late)
        notify(work, [file.owner], NoticeKind.FINISHED, case_file=file.id)
    return Receipt(type(c).__name__, work.entry, facts={"files": str(len(c.case_files)), "late": str(late)})
