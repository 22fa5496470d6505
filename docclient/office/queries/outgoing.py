"""What an outgoing document's page shows beside `DocumentPage`: opinions, approvals, changes, recipients, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, select

from docclient.office import numbering, series
from docclient.office.deadlines import office_calendar
from docclient.office.delivering import IssueWarning, warnings_before_issue
from docclient.office.door import Ask, Query
from docclient.office.drafting import text_print
from docclient.office.errors import CouncilEnded
from docclient.office.model import (
    VIETNAM,
    Actor,
    Document,
    DocumentId,
    Flow,
    PersonId,
    Role,
    State,
    Urgency,
    today,
)
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers, asks_of, rule_for
from docclient.office.rights import sees_whole
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class OpinionView:
    """verdict: agree, with_remarks, disagree; None while nothing was said. awaited: it is their turn. on_present_text:
    the opinion speaks of the file as it is now. file: identity of what was shown beside it."""

    person: PersonId
    name: str
    awaited: bool
    verdict: str | None
    words: str
    at: datetime | None
    on_present_text: bool
    file: str | None


@dataclass(frozen=True, slots=True)
class OpinionRound:
    """closed_at: None while it is running."""

    by_name: str
    question: str
    due_date: date | None
    in_turn: bool
    at: datetime
    closed_at: datetime | None
    opinions: tuple[OpinionView, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """kind: content, format, initial, signed. holds: it covers the present text and was not made void."""

    kind: str
    by_name: str
    words: str
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    field: str
    previous: str
    present: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InsideView:
    """A person or unit of the office. The moments are None as long as it has not happened."""

    name: str
    delivered_at: datetime | None
    read_at: datetime | None
    read_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecallView:
    by_name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelledNumber:
    number_and_symbol: str
    day: date
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingView:
    """next_number: `Số: 06/UBND-KT` that would be given now, in register next_register; empty once there is a number.
    issue_due: the day by which it is to go out (NĐ 30 Art 18.1); None before it is signed. lacks: what a draft needs
    before it can be submitted (file, signer, recipients). council_ended: the name of its council, whose run of numbers
    has ended, so that it cannot be numbered; else empty."""

    rounds: tuple[OpinionRound, ...]
    approvals: tuple[ApprovalView, ...]
    changes: tuple[ChangeView, ...]
    inside: tuple[InsideView, ...]
    recalls: tuple[RecallView, ...]
    cancelled: tuple[CancelledNumber, ...]
    warnings: tuple[IssueWarning, ...]
    lacks: tuple[str, ...]
    next_number: str
    next_register: str
    signed_at: datetime | None
    issued_at: datetime | None
    issue_due: date | None
    council_ended: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingPage(Query[OutgoingView]):
    """Raises: NotFound."""

    document: DocumentId


@answers(OutgoingPage)
def outgoing_page(work: Work, me: Actor, q: OutgoingPage) -> OutgoingView:
    document = seen_document(work, me, q.document)
    if me.marked and not sees_whole(work, me, document.id):            # one file alone: nothing of how it came about
        return OutgoingView((), (), (), (), (), (), (), (), "", "", None, None, None)
    moments = work.connection.execute(select(tables.document.c.signed_at, tables.document.c.issued_moment).where(
        tables.document.c.id == document.id)).one()
    number, register, council_ended = "", "", ""
    try:
        number, register = number_preview(work, document)
    except CouncilEnded as ended:
        council_ended = str(ended.facts["council"])
    return OutgoingView(
        rounds=rounds_of(work, document), approvals=approvals_of(work, document), changes=changes_of(work, document.id),
        inside=inside_views(work, document.id), recalls=recalls_of(work, document.id),
        cancelled=cancelled_of(work, document.id),
        warnings=warnings_before_issue(work, document) if document.state is State.SEALED else (),
        lacks=lacks_of(work, document), next_number=number, next_register=register, signed_at=moments.signed_at,
        issued_at=moments.issued_moment, issue_due=issue_due(work, document, moments.signed_at),
        council_ended=council_ended)


def number_preview(work: Work, document: Document) -> tuple[str, str]:
    """(line, register); empty where it has its number or gets none. Raises: CouncilEnded."""
    if document.flow is not Flow.OUTGOING or document.code_number is not None or document.state is State.CANCELLED:
        return "", ""
    year = today().year
    run = series.series_for(work, document.type_name, document.series, year)
    number, title = series.next_number(work, series.OUTGOING, run, year)
    return numbering.number_line(number, document.code_notation or ""), f"{title} {year}".strip()


def issue_due(work: Work, document: Document, signed_at: datetime | None) -> date | None:
    """The day of signing where it is urgent; else the next working day at the latest (Art 18.1)."""
    if signed_at is None or document.state not in {State.SIGNED, State.NUMBERED, State.SEALED}:
        return None
    day = signed_at.astimezone(VIETNAM).date()
    return day if document.urgency is not Urgency.NORMAL else office_calendar(work).after(day, 1)


def lacks_of(work: Work, document: Document) -> tuple[str, ...]:
    if document.state is not State.DRAFT:
        return ()
    newest = work.latest(document.id)
    recipients = work.connection.scalar(select(tables.delivery.c.id).where(
        tables.delivery.c.document == document.id).limit(1)) or work.connection.scalar(
        select(tables.inside_recipient.c.id).where(tables.inside_recipient.c.document == document.id).limit(1))
    found = {"file": newest is None or newest["step"] != "prepared", "signer": document.signer_person is None,
             "recipients": recipients is None}
    return tuple(name for name, lacking in found.items() if lacking)


def rounds_of(work: Work, document: Document) -> tuple[OpinionRound, ...]:
    newest = work.latest(document.id)
    said: dict[str, list[RowMapping]] = {}
    for row in work.connection.execute(
            select(tables.opinion, tables.person.c.name)
            .join(tables.person, tables.person.c.id == tables.opinion.c.person)
            .where(tables.opinion.c.document == document.id).order_by(tables.opinion.c.position)).mappings():
        said.setdefault(row["round"], []).append(row)
    rows = work.connection.execute(
        select(tables.opinion_round, tables.person.c.name)
        .join(tables.person, tables.person.c.id == tables.opinion_round.c.by)
        .where(tables.opinion_round.c.document == document.id).order_by(tables.opinion_round.c.id)).mappings().all()
    return tuple(OpinionRound(
        row["name"], row["question"], row["due_date"], row["in_turn"], row["at"], row["closed_at"],
        opinions_in(row, said.get(row["id"], ()), newest["digest"] if newest else None)) for row in rows)


def opinions_in(asked: RowMapping, rows: Sequence[RowMapping], digest: str | None) -> tuple[OpinionView, ...]:
    open_ones = [row["id"] for row in rows if row["answered_at"] is None]
    turn = () if asked["closed_at"] else open_ones[:1] if asked["in_turn"] else open_ones
    return tuple(OpinionView(row["person"], row["name"], row["id"] in turn, row["verdict"], row["words"] or "",
                             row["answered_at"], row["digest"] == digest, row["file"]) for row in rows)


def approvals_of(work: Work, document: Document) -> tuple[ApprovalView, ...]:
    rows = work.connection.execute(
        select(tables.approval, tables.person.c.name).join(tables.person, tables.person.c.id == tables.approval.c.by)
        .where(tables.approval.c.document == document.id).order_by(tables.approval.c.id)).mappings().all()
    present = text_print(work, document) if rows else ""
    return tuple(ApprovalView(row["kind"], row["name"], row["words"], row["at"],
                              row["void_at"] is None and row["covers"] == present) for row in rows)


def changes_of(work: Work, document: DocumentId) -> tuple[ChangeView, ...]:
    changes = tables.draft_change
    rows = work.connection.execute(
        select(changes, tables.person.c.name).join(tables.person, tables.person.c.id == changes.c.by)
        .where(changes.c.document == document).order_by(changes.c.id)).mappings()
    return tuple(ChangeView(row["field"], row["previous"], row["present"], row["name"], row["at"]) for row in rows)


def inside_views(work: Work, document: DocumentId) -> tuple[InsideView, ...]:
    reader, inside = tables.person.alias(), tables.inside_recipient
    rows = work.connection.execute(
        select(inside, tables.person.c.name.label("person_name"), tables.unit.c.name.label("unit_name"),
               reader.c.name.label("reader_name"))
        .outerjoin(tables.person, tables.person.c.id == inside.c.person)
        .outerjoin(tables.unit, tables.unit.c.id == inside.c.unit).outerjoin(reader, reader.c.id == inside.c.read_by)
        .where(inside.c.document == document).order_by(inside.c.id)).mappings()
    return tuple(InsideView(row["person_name"] or row["unit_name"], row["delivered_at"], row["read_at"],
                            row["reader_name"] or "", row["withdrawn_at"]) for row in rows)


def recalls_of(work: Work, document: DocumentId) -> tuple[RecallView, ...]:
    rows = work.connection.execute(
        select(tables.recall, tables.person.c.name).join(tables.person, tables.person.c.id == tables.recall.c.by)
        .where(tables.recall.c.document == document).order_by(tables.recall.c.id)).mappings()
    return tuple(RecallView(row["name"], row["reason"], row["at"]) for row in rows)


def cancelled_of(work: Work, document: DocumentId) -> tuple[CancelledNumber, ...]:
    given = tables.given_number
    rows = work.connection.execute(
        select(given, tables.person.c.name).outerjoin(tables.person, tables.person.c.id == given.c.cancelled_by)
        .where(given.c.document == document, given.c.cancelled_at.is_not(None)).order_by(given.c.id)).mappings()
    return tuple(CancelledNumber(f"{row['code_number']}/{row['code_notation']}", row["day"], row["reason"] or "",
                                 row["name"] or "", row["cancelled_at"]) for row in rows)


@dataclass(frozen=True, slots=True)
class CommandAsks(Query[tuple[Ask, ...]]):
    """The inputs of a command that is about no document yet (AssignDrafting, RegisterOutgoingPaper, SetNumberSeries);
    empty when this person may not give it. Raises: UnknownCommand."""

    command: str


@answers(CommandAsks)
def command_asks(work: Work, me: Actor, q: CommandAsks) -> tuple[Ask, ...]:
    found = rule_for(q.command)
    return asks_of(found, {}) if not found.about_a_document and found.by & me.roles else ()


# --- series --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeriesView:
    """next_number: that the run would give now; 1 where it has given none this year."""

    id: str
    name: str
    types: tuple[str, ...]
    normative: bool
    council: str
    from_year: int
    to_year: int | None
    next_number: int


@dataclass(frozen=True, slots=True)
class NumberSeries(Query[tuple[SeriesView, ...]]):
    """Every run beside the common one, in the order in which they were opened."""


@answers(NumberSeries)
def number_series(work: Work, me: Actor, q: NumberSeries) -> tuple[SeriesView, ...]:
    year = today().year
    return tuple(SeriesView(each.id, each.name, each.types, each.normative, each.council, each.from_year, each.to_year,
                            series.next_number(work, series.OUTGOING, each, year)[0])
                 for each in series.all_series(work))


@dataclass(frozen=True, slots=True)
class NumberPreviewView:
    """line: `Số: 06/UBND-KT`; register: where it would be entered."""

    line: str
    register: str


@dataclass(frozen=True, slots=True)
class NumberPreview(Query[NumberPreviewView]):
    """The number that a document of this type, drafted by this person, would get now. Nothing is taken. Raises:
    FieldWrong: no such type or council."""

    type_name: str
    council: str = ""


@answers(NumberPreview)
def number_preview_answer(work: Work, me: Actor, q: NumberPreview) -> NumberPreviewView:
    posts = [post for post in me.posts if post.role is not Role.ADMINISTRATOR]
    if not posts:
        return NumberPreviewView("", "")
    year = today().year
    council = series.council_named(work, q.council, year).id if q.council.strip() else None
    notation = series.symbol_of(work, q.type_name, posts[0].unit, council, year)
    number, title = series.next_number(
        work, series.OUTGOING, series.series_for(work, q.type_name, council, year), year)
    return NumberPreviewView(numbering.number_line(number, notation), f"{title} {year}".strip())
