"""Statistics of a period (records-work 15; 9.1 A8, F1): counts, on time and late, electronic, signed, case files.

Incoming documents count by the day of arrival, outgoing ones by the day of issue. Clerks, leaders and the chief of
office see the whole office; the head of a unit sees the unit's share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from docclient.office.access import sees_all
from docclient.office.case_files import WARNING_DAYS, CaseFileState, headed_units
from docclient.office.deadlines import office_calendar
from docclient.office.door import Query
from docclient.office.errors import FieldWrong, NotYours, Why
from docclient.office.model import (
    ISSUED_STATES,
    VIETNAM,
    Actor,
    Channel,
    FileKind,
    Flow,
    HandlerRole,
    State,
    Step,
    Urgency,
    start_of,
    today,
)
from docclient.office.posts import post_on, posts_by
from docclient.office.queries.verdicts import conclusions_of
from docclient.office.rates import OnTime, Rate, outcome_of
from docclient.office.registry import answers
from docclient.office.working_days import WorkingCalendar
from docclient.store import tables
from docclient.store.work import Work


class GroupBy(StrEnum):
    """Words codes `group.<value>`."""

    UNIT = "unit"
    PERSON = "person"
    TYPE = "type"
    AGENCY = "agency"          # who issued an incoming one
    MONTH = "month"
    URGENCY = "urgency"
    CHANNEL = "channel"


class SignedBy(StrEnum):
    """Whose valid signatures an issued document carries (words codes `signed_by.<value>`)."""

    BOTH = "both"
    AGENCY_ONLY = "agency_only"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class IncomingNumbers:
    """registered: entered in a register in the period. electronic: of these, came as packets or mail."""

    registered: int = 0
    handling: OnTime = field(default_factory=OnTime)
    finished: int = 0
    electronic: Rate = field(default_factory=lambda: Rate(0, 0))


@dataclass(frozen=True, slots=True)
class OutgoingNumbers:
    """issued: numbered and issued in the period. both, agency_only, unsigned: by valid signatures; they add up to it.
    same_day, next_day: from signing to issue, of the `timed` ones whose two moments are known."""

    issued: int = 0
    both: int = 0
    agency_only: int = 0
    unsigned: int = 0
    electronic: Rate = field(default_factory=lambda: Rate(0, 0))
    same_day: int = 0
    next_day: int = 0
    timed: int = 0

    @property
    def signed(self) -> Rate:
        """Tỷ lệ văn bản ký số: both signatures, of all that were issued (NĐ 30 Art 5)."""
        return Rate(self.both, self.issued)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """name: of the group; empty for documents without one."""

    name: str
    incoming: IncomingNumbers
    outgoing: OutgoingNumbers


@dataclass(frozen=True, slots=True)
class MovementNumbers:
    """Acts in the period: returned to senders, recalled by them, drafts sent back, own documents recalled, deliveries
    refused (status 02), deliveries acknowledged on the day of issue, deliveries altogether."""

    returned: int
    recalled_by_sender: int
    drafts_returned: int
    recalled: int
    refused: int
    acknowledged: Rate


@dataclass(frozen=True, slots=True)
class CaseFileNumbers:
    """due: closed files whose hand-in is due within thirty days of today, or past. late: of those handed in."""

    opened: int
    closed: int
    due: int
    handed_in: int
    late: int


@dataclass(frozen=True, slots=True)
class OfficeReportView:
    """rows: the groups, most first. unit_name: the unit whose share this is; empty for the whole office."""

    first: date
    last: date
    group: GroupBy
    unit_name: str
    total: ReportRow
    rows: tuple[ReportRow, ...]
    movements: MovementNumbers
    case_files: CaseFileNumbers
    accesses: int


@dataclass(frozen=True, slots=True)
class OfficeReport(Query[OfficeReportView]):
    """Raises: FieldWrong (the period ends before it begins), NotYours."""

    first: date
    last: date
    group: GroupBy = GroupBy.UNIT
    unit: str | None = None


@answers(OfficeReport)
def office_report(work: Work, me: Actor, q: OfficeReport) -> OfficeReportView:
    if q.last < q.first:
        raise FieldWrong("last", Why.NOT_LATER)
    units = [q.unit] if q.unit else None
    if not sees_all(me):
        units = [each for each in headed_units(me) if q.unit in (None, each)]
        if not units:
            raise NotYours(command="OfficeReport")
    incoming, outgoing = incoming_facts(work, q, units), outgoing_facts(work, q, units)
    names: dict[str, tuple[list[InFact], list[OutFact]]] = {}
    for one in incoming:
        names.setdefault(one.groups[q.group], ([], []))[0].append(one)
    for other in outgoing:
        names.setdefault(other.groups[q.group], ([], []))[1].append(other)
    rows = [ReportRow(name, count_incoming(ins), count_outgoing(outs)) for name, (ins, outs) in names.items()]
    rows.sort(key=(lambda row: row.name) if q.group is GroupBy.MONTH else most_first)
    unit_name = work.connection.scalar(
        select(tables.unit.c.name).where(tables.unit.c.id == units[0])) if units and len(units) == 1 else ""
    total = ReportRow("", count_incoming(incoming), count_outgoing(outgoing))
    return OfficeReportView(q.first, q.last, q.group, unit_name or "", total, tuple(rows),
                            movements(work, q, units), case_file_numbers(work, q, units), accesses(work, q))


def most_first(row: ReportRow) -> tuple[int, str]:
    return -(row.incoming.registered + row.outgoing.issued), row.name


# --- incoming ------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class InFact:
    groups: dict[GroupBy, str]
    due: date | None
    solved: date | None
    ended: bool
    electronic: bool


ELECTRONIC = frozenset({Channel.PACKET, Channel.MAIL})
FOR_INFORMATION = frozenset({State.KEPT, State.RETURNED, State.RECALLED, State.REPLACED})
"""States in which nothing was to be solved: they count as registered and in no rate."""


def lead_of(document: Any) -> ColumnElement[Any]:
    """The identity of the handler who leads last: who has it now, or finished it."""
    leading = tables.handler.alias("leading")
    return select(func.max(leading.c.id)).where(
        leading.c.document == document, leading.c.role == HandlerRole.LEAD).correlate(tables.document).scalar_subquery()


def incoming_facts(work: Work, q: OfficeReport, units: list[str] | None) -> list[InFact]:
    document, handler, person, held = tables.document, tables.handler, tables.person, tables.holding
    ended = select(func.max(held.c.until)).where(held.c.document == document.c.id).correlate(
        document).scalar_subquery()
    rows = work.connection.execute(
        select(document.c.state, document.c.type_name, document.c.issuer_name, document.c.arrival_date,
               document.c.due_date, document.c.urgency, document.c.channel, document.c.updated_at,
               handler.c.finished_at, ended.label("ended_at"), person.c.name.label("person_name"),
               handler.c.person.label("lead"), handler.c.unit)
        .select_from(document).outerjoin(handler, handler.c.id == lead_of(document.c.id))
        .outerjoin(person, person.c.id == handler.c.person)
        .where(document.c.flow == Flow.INCOMING, document.c.arrival_number.is_not(None),
               document.c.arrival_date.between(q.first, q.last)))
    known, names = units_of_people(work), unit_names(work)
    facts = []
    for row in rows:
        unit = row.unit or known.get(row.lead)
        if units is None or unit in units:
            facts.append(in_fact(row, names.get(unit or "", "")))
    return facts


def units_of_people(work: Work) -> dict[str | None, str]:
    """The unit of each person's first post today; who has left is still counted where they were."""
    found: dict[str | None, str] = {}
    for person, posts in posts_by(work.connection, tables.post.c.person).items():
        last = post_on(posts, today())
        if last is not None:
            found[person] = last.unit
    return found


def unit_names(work: Work) -> dict[str, str]:
    return {row.id: row.name for row in work.connection.execute(select(tables.unit.c.id, tables.unit.c.name))}


def in_fact(row: Any, unit_name: str) -> InFact:
    state = State(row.state)
    moment: datetime | None = None
    if state is State.FINISHED:
        moment = row.finished_at or row.ended_at or row.updated_at
    return InFact(
        groups_of(row, row.arrival_date, row.issuer_name or "", unit_name),
        None if state in FOR_INFORMATION else row.due_date,
        moment.astimezone(VIETNAM).date() if moment else None, state is State.FINISHED,
        row.channel in ELECTRONIC)


def groups_of(row: Any, day: date, agency: str, unit_name: str) -> dict[GroupBy, str]:
    return {
        GroupBy.UNIT: unit_name, GroupBy.PERSON: row.person_name or "", GroupBy.TYPE: row.type_name,
        GroupBy.AGENCY: agency, GroupBy.MONTH: f"{day:%Y-%m}", GroupBy.URGENCY: Urgency(row.urgency).name.lower(),
        GroupBy.CHANNEL: row.channel or ""}


def count_incoming(facts: Iterable[InFact]) -> IncomingNumbers:
    handling, registered, finished, electronic = OnTime(), 0, 0, 0
    day = today()
    for each in facts:
        handling = handling.plus(outcome_of(each.due, each.solved, day))
        registered, finished = registered + 1, finished + each.ended
        electronic += each.electronic
    return IncomingNumbers(registered, handling, finished, Rate(electronic, registered))


# --- outgoing ------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class OutFact:
    """days: working days from signing to issue, None where a moment is not known."""

    groups: dict[GroupBy, str]
    signed: SignedBy
    electronic: bool
    days: int | None


def outgoing_facts(work: Work, q: OfficeReport, units: list[str] | None) -> list[OutFact]:
    document, person, unit = tables.document, tables.person, tables.unit
    query = (
        select(document.c.id, document.c.type_name, document.c.issued_date, document.c.urgency, document.c.channel,
               document.c.signed_at, document.c.issued_moment, person.c.name.label("person_name"),
               unit.c.name.label("unit_name"),
               has_step(document.c.id, Step.SIGNED).label("by_person"),
               has_step(document.c.id, Step.SEALED, Step.COPY_SIGNED).label("by_agency"),
               exists(select(1).where(tables.delivery.c.document == document.c.id)).label("electronic"))
        .select_from(document).outerjoin(person, person.c.id == document.c.drafter)
        .outerjoin(unit, unit.c.id == document.c.unit)
        .where(document.c.flow == Flow.OUTGOING, document.c.state.in_(ISSUED_STATES),
               document.c.issued_date.between(q.first, q.last)))
    if units is not None:
        query = query.where(document.c.unit.in_(units))
    rows = work.connection.execute(query).all()
    calendar = office_calendar(work)
    verdicts: dict[str, str | None] = {}
    for start in range(0, len(rows), 500):
        verdicts.update(conclusions_of(work, [row.id for row in rows[start:start + 500]]))
    own = work.own_agency()["name"]
    return [OutFact(groups_of(row, row.issued_date, own, row.unit_name or ""), signed_by(row, verdicts.get(row.id)),
                    bool(row.electronic), days_to_issue(row, calendar)) for row in rows]


def has_step(document: Any, *steps: Step) -> ColumnElement[bool]:
    file, version = tables.file, tables.file_version
    return exists(select(1).select_from(file.join(version, version.c.file == file.c.id)).where(
        file.c.document == document, file.c.kind == FileKind.MAIN, version.c.step.in_(steps)))


def signed_by(row: Any, conclusion: str | None) -> SignedBy:
    """What is not verified as valid counts as unsigned: the rate claims nothing that was not checked."""
    if conclusion != "valid" or not row.by_agency:
        return SignedBy.NONE
    return SignedBy.BOTH if row.by_person else SignedBy.AGENCY_ONLY


def days_to_issue(row: Any, calendar: WorkingCalendar) -> int | None:
    if row.signed_at is None or row.issued_moment is None:
        return None
    return calendar.between(row.signed_at.astimezone(VIETNAM).date(), row.issued_moment.astimezone(VIETNAM).date())


def count_outgoing(facts: Iterable[OutFact]) -> OutgoingNumbers:
    listed = list(facts)
    signed = [each.signed for each in listed]
    days = [each.days for each in listed if each.days is not None]
    return OutgoingNumbers(
        len(listed), signed.count(SignedBy.BOTH), signed.count(SignedBy.AGENCY_ONLY), signed.count(SignedBy.NONE),
        Rate(sum(each.electronic for each in listed), len(listed)), sum(each <= 0 for each in days),
        sum(each == 1 for each in days), len(days))


# --- what else happened in the period ------------------------------------------------------------------------------

RETURNS = ("ReturnDraft", "RefuseDraft")


def movements(work: Work, q: OfficeReport, units: list[str] | None) -> MovementNumbers:
    journal, document, status, delivery = tables.journal, tables.document, tables.delivery_status, tables.delivery
    since, until = start_of(q.first), start_of(q.last + timedelta(days=1))
    own = [document.c.unit.in_(units)] if units is not None else []
    acts: dict[str, int] = {row[0]: row[1] for row in work.connection.execute(
        select(journal.c.command, func.count()).select_from(journal)
        .join(document, document.c.id == journal.c.document)
        .where(journal.c.at >= since.astimezone(UTC).isoformat(), journal.c.at < until.astimezone(UTC).isoformat(),
               *own).group_by(journal.c.command))}

    def counted(*names: str) -> int:
        return sum(acts.get(name, 0) for name in names)

    refused = select(func.count(delivery.c.id.distinct())).select_from(delivery).join(
        status, status.c.delivery == delivery.c.id).join(document, document.c.id == delivery.c.document).where(
        status.c.code == "02", status.c.at >= since, status.c.at < until, *own)
    first_word = select(func.min(status.c.at)).where(status.c.delivery == delivery.c.id).scalar_subquery()
    words = work.connection.execute(
        select(document.c.issued_date, first_word.label("at")).select_from(delivery)
        .join(document, document.c.id == delivery.c.document)
        .where(document.c.issued_date.between(q.first, q.last), *own)).all()
    same_day = sum(row.at is not None and row.at.astimezone(VIETNAM).date() == row.issued_date for row in words)
    return MovementNumbers(
        counted("ReturnIncoming"), counted("MarkRecalled"), counted(*RETURNS), counted("RecallIssued"),
        work.connection.scalar(refused) or 0, Rate(same_day, len(words)))


def case_file_numbers(work: Work, q: OfficeReport, units: list[str] | None) -> CaseFileNumbers:
    files = tables.case_file
    since, until = start_of(q.first), start_of(q.last + timedelta(days=1))
    due = func.coalesce(files.c.kept_until, files.c.hand_in_due) <= today() + timedelta(days=WARNING_DAYS)

    def count(*where: ColumnElement[bool]) -> int:
        own = [files.c.unit.in_(units)] if units is not None else []
        return work.connection.scalar(select(func.count()).select_from(files).where(*where, *own)) or 0

    handed = (files.c.handed_in_at >= since, files.c.handed_in_at < until)
    return CaseFileNumbers(
        count(files.c.opened_at >= since, files.c.opened_at < until),
        count(files.c.closed_at >= since, files.c.closed_at < until),
        count(files.c.state == CaseFileState.CLOSED, due), count(*handed),
        count(*handed, files.c.handed_in_late.is_(True)))


def accesses(work: Work, q: OfficeReport) -> int:
    log = tables.view_log
    return work.connection.scalar(select(func.count()).select_from(log).where(
        log.c.at >= start_of(q.first), log.c.at < start_of(q.last + timedelta(days=1)))) or 0
