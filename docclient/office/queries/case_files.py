"""Case files as lists and pages: mine and my unit's, one file with what lies in it, the year's list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Table, case, func, select

from docclient.office.access import visible
from docclient.office.case_file_review import ReviewFinding, review_of
from docclient.office.case_files import (
    WARNING_DAYS,
    CaseFile,
    CaseFileState,
    case_file_of,
    load_case_file,
    near,
    visible_files,
)
from docclient.office.door import Query
from docclient.office.errors import NotFound
from docclient.office.model import Actor, DocumentId, PersonId, today
from docclient.office.queries.document_page import seen_document
from docclient.office.queries.documents import DocumentRow, rows_of
from docclient.office.registry import answers
from docclient.office.search import fold
from docclient.office.things import ThingOffer, acts_on
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class CaseFileRow:
    """near_due: hand-in is due within thirty days, or past. documents: how many lie in it."""

    file: CaseFile
    owner_name: str
    unit_name: str
    documents: int
    near_due: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class CaseFileList:
    """rows: newest first. next: give it as `after` for those that follow; None at the end. counts: by state."""

    rows: tuple[CaseFileRow, ...]
    next: str | None
    counts: dict[CaseFileState, int]


@dataclass(frozen=True, slots=True)
class CaseFiles(Query[CaseFileList]):
    """Case files this person may see. text: words of symbol or title, with or without marks. due: only those whose
    hand-in is due within thirty days or past. owner: only this person's. What was taken off a list shows only where
    that state is asked for."""

    text: str = ""
    states: tuple[CaseFileState, ...] = ()
    year: int | None = None
    owner: PersonId | None = None
    due: bool = False
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class InsideRow:
    """One document of a file. ordinal: DocOrdinal. document: None where this person may not see it."""

    ordinal: int
    document: DocumentRow | None
    day: date | None
    pages: int | None


@dataclass(frozen=True, slots=True)
class CaseFileView:
    """inside: by number. findings: what speaks against closing it now. offers: what this person may do with it."""

    file: CaseFile
    row: CaseFileRow
    heading_name: str
    inside: tuple[InsideRow, ...]
    findings: tuple[ReviewFinding, ...]
    offers: tuple[ThingOffer, ...]


@dataclass(frozen=True, slots=True)
class CaseFilePage(Query[CaseFileView]):
    """Raises: NotFound."""

    case_file: str


@dataclass(frozen=True, slots=True)
class PlanHeadingView:
    """number: `I`, or `1` within a large one."""

    id: str
    parent: str | None
    number: str
    name: str
    abbreviation: str
    files: tuple[CaseFileRow, ...]


@dataclass(frozen=True, slots=True)
class FilePlanView:
    """The year's list: headings in order, each with its files. unlisted: opened beside it."""

    year: int
    per_heading: bool
    decision: str
    approved: bool
    headings: tuple[PlanHeadingView, ...]
    unlisted: tuple[CaseFileRow, ...]


@dataclass(frozen=True, slots=True)
class FilePlan(Query[FilePlanView]):
    """Danh mục hồ sơ of a year; only files this person may see. Raises: NotFound: no list was made for that year."""

    year: int


@dataclass(frozen=True, slots=True)
class FiledIn(Query[tuple[CaseFileRow, ...]]):
    """The case files in which a document lies, as far as this person may see them. Raises: NotFound."""

    document: DocumentId


@answers(CaseFiles)
def case_files(work: Work, me: Actor, q: CaseFiles) -> CaseFileList:
    limit = max(1, min(q.limit, 1_000))
    files = tables.case_file
    query = select(files).where(visible_files(me))
    for word in fold(q.text).split():
        query = query.where(files.c.folded.contains(word, autoescape=True))
    if q.year is not None:
        query = query.where(files.c.year == q.year)
    if q.owner is not None:
        query = query.where(files.c.owner == q.owner)
    if q.due:
        query = query.where(files.c.state == CaseFileState.CLOSED, near_due_files())
    found = query.subquery()
    counts = work.connection.execute(select(found.c.state, func.count()).group_by(found.c.state)).all()
    query = query.where(files.c.state.in_(q.states) if q.states else files.c.state != CaseFileState.REMOVED)
    if q.after:
        query = query.where(files.c.id < q.after)
    rows = work.connection.execute(query.order_by(files.c.id.desc()).limit(limit + 1)).mappings().all()
    shown = rows_with_names(work, [case_file_of(each) for each in rows[:limit]])
    return CaseFileList(shown, shown[-1].file.id if len(rows) > limit else None,
                        {CaseFileState(state): number for state, number in counts})


def near_due_files() -> ColumnElement[bool]:
    """The condition on `case_file`: due at the archive within the days of warning."""
    files = tables.case_file
    return func.coalesce(files.c.kept_until, files.c.hand_in_due) <= today() + timedelta(days=WARNING_DAYS)


def rows_with_names(work: Work, files: Sequence[CaseFile]) -> tuple[CaseFileRow, ...]:
    inside = tables.case_file_document
    wanted = [each.id for each in files]
    counts = {row[0]: row[1] for row in work.connection.execute(
        select(inside.c.case_file, func.count()).where(inside.c.case_file.in_(wanted)).group_by(inside.c.case_file))}
    people = names_of(work, tables.person, {each.owner for each in files})
    units = names_of(work, tables.unit, {each.unit for each in files if each.unit})
    day = today()
    return tuple(CaseFileRow(
        each, people.get(each.owner, ""), units.get(each.unit or "", ""), counts.get(each.id, 0),
        each.state is CaseFileState.CLOSED and near(each.due, day),
        each.state is CaseFileState.CLOSED and each.due is not None and each.due < day) for each in files)


def names_of(work: Work, table: Table, wanted: Iterable[str]) -> dict[str, str]:
    """By identity, of persons or units."""
    return {row[0]: row[1] for row in work.connection.execute(
        select(table.c.id, table.c.name).where(table.c.id.in_(list(wanted))))}


@answers(CaseFilePage)
def case_file_page(work: Work, me: Actor, q: CaseFilePage) -> CaseFileView:
    file = load_case_file(work, me, q.case_file)
    (row,) = rows_with_names(work, [file])
    heading = work.connection.scalar(select(tables.file_plan_heading.c.name).where(
        tables.file_plan_heading.c.id == file.heading)) if file.heading else None
    inside = inside_of(work, me, file)
    seen = {each.document.id for each in inside if each.document is not None}
    findings = tuple(each if each.document is None or each.document in seen
                     else replace(each, document=None, about="")
                     for each in review_of(work, file)) if file.state is CaseFileState.OPEN else ()
    return CaseFileView(file, row, heading or "", inside, findings,
                        acts_on(work, me, "case_file", file))


def inside_of(work: Work, me: Actor, file: CaseFile) -> tuple[InsideRow, ...]:
    inside = tables.case_file_document
    found = work.connection.execute(
        select(inside.c.ordinal, case((visible(me), 1), else_=0).label("seen"), tables.document)
        .join(tables.document, tables.document.c.id == inside.c.document)
        .where(inside.c.case_file == file.id).order_by(inside.c.ordinal)).mappings().all()
    seen = [each for each in found if each["seen"]]
    rows = {row.id: row for row in rows_of(work, seen)}
    return tuple(InsideRow(
        each["ordinal"], rows.get(each["id"]), each["issued_date"] or each["arrival_date"], each["page_amount"])
        for each in found)


@answers(FilePlan)
def file_plan(work: Work, me: Actor, q: FilePlan) -> FilePlanView:
    plan = work.connection.execute(select(tables.file_plan).where(tables.file_plan.c.year == q.year)).mappings().first()
    if plan is None:
        raise NotFound(what="file_plan", id=str(q.year))
    files = work.connection.execute(select(tables.case_file).where(
        tables.case_file.c.year == q.year, tables.case_file.c.state != CaseFileState.REMOVED, visible_files(me))
        .order_by(tables.case_file.c.position)).mappings().all()
    rows = rows_with_names(work, [case_file_of(each) for each in files])
    headings = work.connection.execute(select(tables.file_plan_heading).where(
        tables.file_plan_heading.c.plan == plan["id"]).order_by(tables.file_plan_heading.c.position)).mappings().all()
    views = []
    for large in (each for each in headings if each["parent"] is None):
        for each in (large, *(small for small in headings if small["parent"] == large["id"])):
            number = roman(each["position"]) if each is large else str(each["position"])
            views.append(PlanHeadingView(each["id"], each["parent"], number, each["name"], each["abbreviation"],
                                         tuple(row for row in rows if row.file.heading == each["id"])))
    return FilePlanView(q.year, bool(plan["per_heading"]), plan["decision"] or "", plan["approved_at"] is not None,
                        tuple(views), tuple(row for row in rows if row.file.heading is None))


@answers(FiledIn)
def filed_in(work: Work, me: Actor, q: FiledIn) -> tuple[CaseFileRow, ...]:
    seen_document(work, me, q.document)
    inside = tables.case_file_document
    rows = work.connection.execute(
        select(tables.case_file).join(inside, inside.c.case_file == tables.case_file.c.id)
        .where(inside.c.document == q.document, visible_files(me)).order_by(tables.case_file.c.id)).mappings().all()
    return rows_with_names(work, [case_file_of(each) for each in rows])


ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """1 → I. Lists have a few dozen large headings at most."""
    said = ""
    for value, letters in ROMAN:
        said += letters * (number // value)
        number %= value
    return said
