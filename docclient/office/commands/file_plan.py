"""The year's list of case files (danh mục hồ sơ): headings, files with their symbols, approval (NĐ 30 Art 28)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update

from docclient.office.case_files import (
    CaseFile,
    CaseFileState,
    Retention,
    Rights,
    change_case_file,
    load_case_file,
    new_case_file,
)
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, Why
from docclient.office.model import Actor, PersonId, Role, UnitId, new_id
from docclient.office.notices import NoticeKind, notify
from docclient.office.posts import held
from docclient.office.registry import rule
from docclient.office.things import FilePlanApproved, thing_rule
from docclient.store import tables
from docclient.store.work import Work

FIRST_YEAR, LAST_YEAR = 1945, 2200
LANGUAGE = "Tiếng Việt"


@dataclass(frozen=True, slots=True)
class PlanYear(Command):
    """Begin a year's list. per_heading: symbols are counted within each large heading, else over the whole list.
    copy_of: take headings and files from that year's list, with new symbols and the same owners."""

    year: int
    per_heading: bool = False
    copy_of: int | None = None


@rule(PlanYear, by={Role.CLERK, Role.CHIEF_OF_OFFICE})
def plan_year(work: Work, me: Actor, c: PlanYear) -> Receipt:
    if not FIRST_YEAR <= c.year <= LAST_YEAR:
        raise FieldWrong("year", Why.NOT_A_NUMBER)
    if plan_of(work, c.year) is not None:
        raise FieldWrong("year", Why.TAKEN)
    earlier = plan_of(work, c.copy_of) if c.copy_of is not None else None
    if c.copy_of is not None and earlier is None:
        raise FieldWrong("copy_of", Why.UNKNOWN)
    plan = new_id()
    work.connection.execute(insert(tables.file_plan).values(id=plan, year=c.year, per_heading=c.per_heading))
    copied = copy_plan(work, earlier, plan, c.year) if earlier is not None else 0
    return Receipt(type(c).__name__, work.entry, facts={"plan": plan, "files": str(copied)})


def copy_plan(work: Work, earlier: str, plan: str, year: int) -> int:
    """Headings and listed files of an earlier year, in their order."""
    new: dict[str, str] = {}
    for row in work.connection.execute(select(tables.file_plan_heading).where(
            tables.file_plan_heading.c.plan == earlier).order_by(tables.file_plan_heading.c.id)).mappings().all():
        new[row["id"]] = add_heading(work, plan, new.get(row["parent"]), row["name"], row["abbreviation"])
    rows = work.connection.execute(select(tables.case_file).where(
        tables.case_file.c.heading.in_(list(new))).order_by(tables.case_file.c.position)).mappings().all()
    for row in rows:
        heading = new[row["heading"]]
        position, notation = next_symbol(work, plan, heading)
        new_case_file(
            work, state=CaseFileState.PLANNED, organ_id=row["organ_id"], year=year, notation=notation, heading=heading,
            position=position, title=row["title"], retention_code=row["retention_code"],
            retention_years=row["retention_years"], rights=row["rights"], owner=row["owner"], unit=row["unit"],
            language=row["language"], note=row["note"], construction=row["construction"])
    return len(rows)


@dataclass(frozen=True, slots=True)
class AddHeading(Command):
    """A heading of the list: large (with the abbreviation that its files' symbols end in) or small, within a large."""

    year: int
    name: str
    abbreviation: str = ""
    parent: str | None = None


@rule(AddHeading, by={Role.CLERK, Role.CHIEF_OF_OFFICE})
def add_heading_rule(work: Work, me: Actor, c: AddHeading) -> Receipt:
    plan = open_plan(work, c.year, "AddHeading")
    if not c.name.strip():
        raise FieldWrong("name", Why.EMPTY)
    if c.parent is None and not c.abbreviation.strip():
        raise FieldWrong("abbreviation", Why.EMPTY)
    if c.parent is not None:
        upper = work.connection.execute(select(tables.file_plan_heading).where(
            tables.file_plan_heading.c.id == c.parent, tables.file_plan_heading.c.plan == plan)).mappings().first()
        if upper is None or upper["parent"] is not None:       # two levels, as the form has them
            raise FieldWrong("parent", Why.UNKNOWN)
    made = add_heading(work, plan, c.parent, c.name.strip(), c.abbreviation.strip())
    return Receipt(type(c).__name__, work.entry, facts={"heading": made})


def add_heading(work: Work, plan: str, parent: str | None, name: str, abbreviation: str) -> str:
    headings = tables.file_plan_heading
    position = work.connection.scalar(select(func.count()).select_from(headings).where(
        headings.c.plan == plan, headings.c.parent == parent if parent else headings.c.parent.is_(None))) or 0
    identity = new_id()
    work.connection.execute(insert(headings).values(
        id=identity, plan=plan, parent=parent, position=position + 1, name=name, abbreviation=abbreviation))
    return identity


@dataclass(frozen=True, slots=True)
class ChangeHeading(Command):
    """Another name or abbreviation for a heading while the list is made. The abbreviation stands in its files' symbols,
    which are never given twice: it stays once a file was put there."""

    heading: str
    name: str
    abbreviation: str = ""


@rule(ChangeHeading, by={Role.CLERK, Role.CHIEF_OF_OFFICE})
def change_heading(work: Work, me: Actor, c: ChangeHeading) -> Receipt:
    row = heading_being_made(work, c.heading, "ChangeHeading")
    name, abbreviation = c.name.strip(), c.abbreviation.strip()
    if not name:
        raise FieldWrong("name", Why.EMPTY)
    if row["parent"] is None and not abbreviation:
        raise FieldWrong("abbreviation", Why.EMPTY)
    if abbreviation != row["abbreviation"] and files_beneath(work, c.heading):
        raise FieldWrong("abbreviation", Why.SYMBOLS_GIVEN)
    work.connection.execute(update(tables.file_plan_heading).where(tables.file_plan_heading.c.id == c.heading)
                            .values(name=name, abbreviation=abbreviation))
    return Receipt(type(c).__name__, work.entry, facts={"heading": c.heading})


@dataclass(frozen=True, slots=True)
class RemoveHeading(Command):
    """Take a heading off the list while it is made; refused where files or small headings stand under it. Those after
    it move up."""

    heading: str


@rule(RemoveHeading, by={Role.CLERK, Role.CHIEF_OF_OFFICE}, negative=True)
def remove_heading(work: Work, me: Actor, c: RemoveHeading) -> Receipt:
    row, headings = heading_being_made(work, c.heading, "RemoveHeading"), tables.file_plan_heading
    small = work.connection.scalar(select(headings.c.id).where(headings.c.parent == c.heading).limit(1))
    if small is not None or files_beneath(work, c.heading):
        raise FieldWrong("heading", Why.NOT_EMPTY)
    beside = headings.c.parent.is_(None) if row["parent"] is None else headings.c.parent == row["parent"]
    work.connection.execute(delete(headings).where(headings.c.id == c.heading))
    work.connection.execute(update(headings).where(
        headings.c.plan == row["plan"], beside, headings.c.position > row["position"])
        .values(position=headings.c.position - 1))
    return Receipt(type(c).__name__, work.entry)


def heading_being_made(work: Work, heading: str, command: str) -> RowMapping:
    """Of a list that is not approved yet. Raises: NotFound, FilePlanApproved."""
    headings, plan = tables.file_plan_heading, tables.file_plan
    row = work.connection.execute(select(headings, plan.c.approved_at).join(plan, plan.c.id == headings.c.plan).where(
        headings.c.id == heading)).mappings().first()
    if row is None:
        raise NotFound(what="heading", id=heading)
    if row["approved_at"] is not None:
        raise FilePlanApproved(command=command, state="approved")
    return row


def files_beneath(work: Work, heading: str) -> bool:
    """Does a file stand under this heading, or under a small one in it?"""
    headings, files = tables.file_plan_heading, tables.case_file
    return work.connection.scalar(select(files.c.id).join(headings, headings.c.id == files.c.heading).where(
        or_(headings.c.id == heading, headings.c.parent == heading)).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class PlanCaseFile(Command):
    """Put a file on the year's list under a heading; it takes the next symbol."""

    heading: str
    title: str
    retention: Retention
    owner: PersonId
    note: str = ""
    construction: bool = False


@rule(PlanCaseFile, by={Role.CLERK, Role.CHIEF_OF_OFFICE}, kinds={"owner": AskKind.PERSON})
def plan_case_file(work: Work, me: Actor, c: PlanCaseFile) -> Receipt:
    row = work.connection.execute(
        select(tables.file_plan.c.id, tables.file_plan.c.year, tables.file_plan.c.approved_at)
        .join(tables.file_plan_heading, tables.file_plan_heading.c.plan == tables.file_plan.c.id)
        .where(tables.file_plan_heading.c.id == c.heading)).first()
    if row is None:
        raise NotFound(what="heading", id=c.heading)
    if row.approved_at is not None:
        raise FilePlanApproved(command="PlanCaseFile", state="approved")
    if not c.title.strip():
        raise FieldWrong("title", Why.EMPTY)
    unit = unit_of(work, c.owner)
    position, notation = next_symbol(work, row.id, c.heading)
    made = new_case_file(
        work, state=CaseFileState.PLANNED, organ_id=work.own_agency()["code"], year=row.year, notation=notation,
        heading=c.heading, position=position, title=c.title.strip(), retention_code=c.retention.code,
        retention_years=c.retention.years, rights=Rights.PUBLIC, owner=c.owner, unit=unit, language=LANGUAGE,
        note=c.note.strip(), construction=c.construction)
    return Receipt(type(c).__name__, work.entry, number=notation, facts={"case_file": made})


@dataclass(frozen=True, slots=True)
class ApproveFilePlan(Command):
    """The head approves and issues the year's list; its owners are told, and may open what is theirs."""

    year: int
    decision: str


@rule(ApproveFilePlan, by=Role.LEADER)
def approve_file_plan(work: Work, me: Actor, c: ApproveFilePlan) -> Receipt:
    plan = open_plan(work, c.year, "ApproveFilePlan")
    if not c.decision.strip():
        raise FieldWrong("decision", Why.EMPTY)
    files = work.connection.execute(
        select(tables.case_file.c.id, tables.case_file.c.owner)
        .join(tables.file_plan_heading, tables.file_plan_heading.c.id == tables.case_file.c.heading)
        .where(tables.file_plan_heading.c.plan == plan).order_by(tables.case_file.c.position)).all()
    if not files:
        raise FieldWrong("year", Why.EMPTY)
    work.connection.execute(update(tables.file_plan).where(tables.file_plan.c.id == plan).values(
        approved_at=work.at, approved_by=me.person, decision=c.decision.strip()))
    for file in files:
        notify(work, [file.owner], NoticeKind.NEW, case_file=file.id)
    return Receipt(type(c).__name__, work.entry, facts={"plan": plan, "files": str(len(files))})


@dataclass(frozen=True, slots=True)
class RemovePlannedCaseFile(Command):
    """Take a file off the list while it is made. It keeps its row, and its symbol is not given again."""

    case_file: str
    version: int


def stands_on_an_open_list(work: Work, me: Actor, file: CaseFile) -> bool:
    return bool(me.roles & {Role.CLERK, Role.CHIEF_OF_OFFICE}) and work.connection.scalar(
        select(tables.file_plan.c.id)
        .join(tables.file_plan_heading, tables.file_plan_heading.c.plan == tables.file_plan.c.id)
        .where(tables.file_plan_heading.c.id == file.heading, tables.file_plan.c.approved_at.is_(None))) is not None


@thing_rule(RemovePlannedCaseFile, "case_file", load_case_file, in_states={CaseFileState.PLANNED},
            when=stands_on_an_open_list, order=90, negative=True)
def remove_planned_case_file(work: Work, me: Actor, c: RemovePlannedCaseFile, file: CaseFile) -> Receipt:
    changed = change_case_file(work, file, state=CaseFileState.REMOVED, heading=None)
    return Receipt(type(c).__name__, work.entry, number=file.notation,
                   facts={"case_file": file.id, "version": str(changed.version), "state": changed.state.value})


# --- what the rules share ------------------------------------------------------------------------------------------

def plan_of(work: Work, year: int) -> str | None:
    return work.connection.scalar(select(tables.file_plan.c.id).where(tables.file_plan.c.year == year))


def open_plan(work: Work, year: int, command: str) -> str:
    """A list that is still being made. Raises: FieldWrong, FilePlanApproved."""
    row = work.connection.execute(select(tables.file_plan).where(tables.file_plan.c.year == year)).mappings().first()
    if row is None:
        raise FieldWrong("year", Why.UNKNOWN)
    if row["approved_at"] is not None:
        raise FilePlanApproved(command=command, state="approved")
    return str(row["id"])


def large_heading(work: Work, heading: str) -> tuple[str, str]:
    """(identity, abbreviation) of the large heading that this one is or lies in."""
    row = work.connection.execute(select(tables.file_plan_heading).where(
        tables.file_plan_heading.c.id == heading)).mappings().one()
    return large_heading(work, row["parent"]) if row["parent"] else (row["id"], row["abbreviation"])


def next_symbol(work: Work, plan: str, heading: str) -> tuple[int, str]:
    """(number, `01.TCCB`): the next of the list, or of its large heading. Commands come one after the other (the
    journal's head is locked), so counting gives each number once."""
    year, per_heading = work.connection.execute(select(tables.file_plan.c.year, tables.file_plan.c.per_heading).where(
        tables.file_plan.c.id == plan)).one()
    _, abbreviation = large_heading(work, heading)
    return symbol_after(work, year, abbreviation, per_heading=per_heading)


def symbol_after(work: Work, year: int, abbreviation: str, *, per_heading: bool) -> tuple[int, str]:
    files = tables.case_file
    query = select(func.coalesce(func.max(files.c.position), 0)).where(files.c.year == year)
    if per_heading:
        query = query.where(files.c.notation.endswith(f".{abbreviation}", autoescape=True))
    number = (work.connection.scalar(query) or 0) + 1
    return number, f"{number:02}.{abbreviation}"


def unit_of(work: Work, person: PersonId, field: str = "owner") -> UnitId | None:
    """Of the first post held today. Raises: FieldWrong (no such person, or without a post)."""
    unit = work.connection.scalar(
        select(tables.post.c.unit).join(tables.person, tables.person.c.id == tables.post.c.person)
        .where(tables.post.c.person == person, tables.person.c.active.is_(True), *held())
        .order_by(tables.post.c.id).limit(1))
    if unit is None:
        raise FieldWrong(field, Why.NO_POST)
    return UnitId(unit)
