"""The office itself: its people, units, types, agencies, registers, outbox, journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, select

from docclient.office.access import sees_all
from docclient.office.cancelled_numbers import cancelled_rows
from docclient.office.door import Ask, Query
from docclient.office.errors import NotFound, NotYours
from docclient.office.model import (
    Actor,
    Digest,
    DocumentId,
    Flow,
    PersonId,
    RegisterId,
    Role,
    UnitId,
    today,
)
from docclient.office.posts import held
from docclient.office.queries.register_lines import columns_of, lines_of
from docclient.office.registry import answers, asks_of, rule_for
from docclient.office.search import fold
from docclient.office.series import all_series
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class PersonView:
    id: PersonId
    name: str
    title: str
    unit: UnitId
    unit_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class UnitView:
    id: UnitId
    name: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class AgencyView:
    """old_code: its code before. valid_to: the day it ended, None while it is there; successor: the code of the agency
    that took over. former: names and codes it had, newest first."""

    code: str
    name: str
    own: bool
    old_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeView:
    name: str
    abbreviation: str | None


@dataclass(frozen=True, slots=True)
class RegisterView:
    """kind: incoming, outgoing, copies."""

    id: RegisterId
    kind: str
    year: int
    title: str
    last_number: int
    closed: bool


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """header: the printed lines of the agency's name. seal_diameter_mm: the seal's real size (NĐ 30 gives no number:
    the agency measures its own)."""

    agency_code: str
    agency_name: str
    parent_name: str
    place: str
    symbol: str
    seal_diameter_mm: float
    header: tuple[str, ...] = ()
    old_code: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that others may know this agency by."""
        return (self.agency_code, self.old_code) if self.old_code else (self.agency_code,)


@dataclass(frozen=True, slots=True)
class AboutOffice(Query[OfficeFacts]):
    pass


@dataclass(frozen=True, slots=True)
class People(Query[tuple[PersonView, ...]]):
    """Everybody with a post, by unit. role: only these."""

    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Units(Query[tuple[UnitView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class Agencies(Query[tuple[AgencyView, ...]]):
    """Agencies of the directory whose name or code, present or former, holds the text (marks do not matter). Those that
    ended are among them where a text was given, or with `ended`: what is chosen from is what is there."""

    text: str = ""
    limit: int = 200
    ended: bool = False


@dataclass(frozen=True, slots=True)
class DocumentTypes(Query[tuple[TypeView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class Registers(Query[tuple[RegisterView, ...]]):
    pass


@dataclass(frozen=True, slots=True)
class NewDraftAsks(Query[tuple[Ask, ...]]):
    """The inputs of `StartDraft`; empty when this person may not draft."""


@answers(AboutOffice)
def about_office(work: Work, me: Actor, q: AboutOffice) -> OfficeFacts:
    own = work.own_agency()
    return OfficeFacts(own["code"], own["name"], own["parent_name"] or "", own["place"] or "", work.fact("symbol"),
                       float(work.fact("seal_diameter_mm", "36")),
                       tuple(work.fact("header", own["name"].upper()).split("\n")), own["old_code"])


@answers(People)
def people(work: Work, me: Actor, q: People) -> tuple[PersonView, ...]:
    query = (select(tables.person.c.id, tables.person.c.name, tables.post.c.title, tables.unit.c.id.label("unit"),
                    tables.unit.c.name.label("unit_name"), tables.post.c.role)
             .join(tables.post, tables.post.c.person == tables.person.c.id)
             .join(tables.unit, tables.unit.c.id == tables.post.c.unit)
             .where(tables.person.c.active.is_(True), *held())
             .order_by(tables.unit.c.position, tables.post.c.id))
    if q.role is not None:
        query = query.where(tables.post.c.role == q.role)
    return tuple(PersonView(row["id"], row["name"], row["title"], row["unit"], row["unit_name"], Role(row["role"]))
                 for row in work.connection.execute(query).mappings())


@answers(Units)
def units(work: Work, me: Actor, q: Units) -> tuple[UnitView, ...]:
    day = today()
    rows = work.connection.execute(select(tables.unit).where(
        tables.unit.c.valid_to.is_(None) | (tables.unit.c.valid_to >= day)).order_by(tables.unit.c.position)).mappings()
    return tuple(UnitView(row["id"], row["name"], row["abbreviation"]) for row in rows)


@answers(Agencies)
def agencies(work: Work, me: Actor, q: Agencies) -> tuple[AgencyView, ...]:
    wanted = fold(q.text).split()
    rows = work.connection.execute(select(tables.agency).order_by(tables.agency.c.name)).mappings().all()
    former: dict[str, list[str]] = {}
    for each in work.connection.execute(select(tables.former_name).where(tables.former_name.c.agency.is_not(None))
                                        .order_by(tables.former_name.c.until.desc(), tables.former_name.c.id.desc())):
        former.setdefault(each.agency, []).append(f"{each.name} ({each.code})")
    codes = {row["id"]: row["code"] for row in rows}
    found = (AgencyView(row["code"], row["name"], row["own"], row["old_code"] or "", row["valid_from"], row["valid_to"],
                        codes.get(row["successor"], ""), tuple(former.get(row["id"], ()))) for row in rows
             if (row["valid_to"] is None or q.ended or wanted)
             and all(word in fold(" ".join((row["name"], row["code"], row["old_code"] or "",
                                            *former.get(row["id"], ())))) for word in wanted))
    return tuple(view for view, _ in zip(found, range(max(1, q.limit)), strict=False))


@answers(DocumentTypes)
def document_types(work: Work, me: Actor, q: DocumentTypes) -> tuple[TypeView, ...]:
    retired = tables.document_type.c.valid_to
    rows = work.connection.execute(select(tables.document_type).where(
        retired.is_(None) | (retired >= today())).order_by(tables.document_type.c.position)).mappings()
    return tuple(TypeView(row["name"], row["abbreviation"]) for row in rows)


@answers(Registers)
def registers(work: Work, me: Actor, q: Registers) -> tuple[RegisterView, ...]:
    rows = work.connection.execute(
        select(tables.register).order_by(tables.register.c.year.desc(), tables.register.c.kind)).mappings()
    return tuple(map(register_view, rows))


def register_view(row: Mapping[Any, Any]) -> RegisterView:
    return RegisterView(row["id"], row["kind"], row["year"], row["title"], row["last_number"], row["closed"])


@answers(NewDraftAsks)
def new_draft_asks(work: Work, me: Actor, q: NewDraftAsks) -> tuple[Ask, ...]:
    found = rule_for("StartDraft")
    asks = asks_of(found, {}) if found.by & me.roles else ()
    councils = any(each.council for each in all_series(work))
    return tuple(ask for ask in asks if councils or ask.name != "council")


# --- registers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of a register, its ten columns as text in the order of NĐ 30 Annex IV. day: of arrival or of issue."""

    document: DocumentId
    number: int
    day: date | None
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterContent:
    register: RegisterView
    rows: tuple[RegisterRow, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class RegisterPage(Query[RegisterContent]):
    """Rows of a register in the order of their numbers. after: the last number already shown. Raises: NotFound."""

    register: RegisterId
    after: int = 0
    limit: int = 500


@answers(RegisterPage)
def register_page(work: Work, me: Actor, q: RegisterPage) -> RegisterContent:
    if not sees_all(me):
        raise NotYours(command="RegisterPage")
    register = one_register().first(work.connection, {"of_register": q.register})
    if register is None:
        raise NotFound(what="register", id=q.register)
    view = register_view(register)
    found = lines_of(work, view.kind, q.register, q.after, q.limit + 1)
    shown = found[:q.limit]
    rows = [RegisterRow(DocumentId(row.id), row.number, row.day, columns)
            for row, columns in zip(shown, columns_of(work, view.kind, shown), strict=True)]
    after = rows[-1].number if len(found) > q.limit else None
    cancelled = cancelled_rows(work, q.register, q.after, after)
    if cancelled:
        rows += [RegisterRow(each.document, each.number, each.day, each.columns) for each in cancelled]
        rows.sort(key=lambda row: row.number)
    return RegisterContent(view, tuple(rows), after)


@cache
def one_register() -> Prepared:
    return Prepared(select(tables.register).where(tables.register.c.id == bindparam("of_register", type_=String)))


# --- outbox, journal, trust ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """kind: document or status. state: waiting, sent, failed. at: when the office decided it, aware UTC.
    digest: of its packet, once that is made. due_at: before then it is not tried again; None: at once. refused: how
    often it was refused, which is more than not carried."""

    id: str
    kind: str
    document: DocumentId
    flow: Flow
    recipient_code: str
    recipient_name: str
    status_code: str
    description: str
    state: str
    digest: Digest | None
    error: str | None
    at: datetime
    tries: int = 0
    refused: int = 0
    due_at: datetime | None = None

    @property
    def awaits_server(self) -> bool:
        """It failed for nothing but that the transport could not be reached."""
        return self.state == "failed" and self.refused == 0


WAITS_MIN = (1, 2, 4, 8, 16, 32, 60)
"""Minutes until the next try, after the first, second, … failed one; then hourly."""


def next_try(state: str, tries: int, tried_at: datetime | None) -> datetime | None:
    """None: at once, or never again."""
    if state != "failed" or tried_at is None or tries < 1:
        return None
    return tried_at + timedelta(minutes=WAITS_MIN[min(tries, len(WAITS_MIN)) - 1])


@dataclass(frozen=True, slots=True)
class Outbox(Query[tuple[OutboxItem, ...]]):
    """Items in the order they were made; states: only these."""

    states: tuple[str, ...] = ("waiting", "failed")


@dataclass(frozen=True, slots=True)
class JournalHeadView:
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class JournalHead(Query[JournalHeadView]):
    pass


@dataclass(frozen=True, slots=True)
class TrustItemView:
    kind: str
    digest: Digest
    name: str


@dataclass(frozen=True, slots=True)
class TrustMaterial(Query[tuple[TrustItemView, ...]]):
    pass


@answers(Outbox)
def outbox(work: Work, me: Actor, q: Outbox) -> tuple[OutboxItem, ...]:
    if Role.CLERK not in me.roles:
        raise NotYours(command="Outbox")
    rows = work.connection.execute(
        select(tables.outbox, tables.document.c.flow)
        .join(tables.document, tables.document.c.id == tables.outbox.c.document)
        .where(tables.outbox.c.state.in_(q.states)).order_by(tables.outbox.c.id)).mappings()
    return tuple(OutboxItem(
        row["id"], row["kind"], row["document"], Flow(row["flow"]), row["recipient_code"], row["recipient_name"],
        row["status_code"], row["description"], row["state"], row["digest"], row["error"], row["at"],
        row["tries"], row["refused"] or 0, next_try(row["state"], row["tries"], row["tried_at"])) for row in rows)


@dataclass(frozen=True, slots=True)
class PictureView:
    """What a signature shows: digest of a PNG, or None when none was set. diameter_mm: of the seal."""

    digest: Digest | None
    diameter_mm: float


@dataclass(frozen=True, slots=True)
class MySignaturePicture(Query[PictureView]):
    pass


@dataclass(frozen=True, slots=True)
class SealPicture(Query[PictureView]):
    """For clerks, who keep the seal."""


@answers(MySignaturePicture)
def my_signature_picture(work: Work, me: Actor, q: MySignaturePicture) -> PictureView:
    return picture_of(work, me.person)


@answers(SealPicture)
def seal_picture(work: Work, me: Actor, q: SealPicture) -> PictureView:
    if Role.CLERK not in me.roles:
        raise NotYours(command="SealPicture")
    return picture_of(work, "agency")


def picture_of(work: Work, owner: str) -> PictureView:
    digest = work.connection.scalar(select(tables.picture.c.digest).where(tables.picture.c.owner == owner))
    return PictureView(digest, float(work.fact("seal_diameter_mm", "36")))


@answers(JournalHead)
def journal_head(work: Work, me: Actor, q: JournalHead) -> JournalHeadView:
    row = work.connection.execute(select(tables.journal_head)).mappings().one()
    return JournalHeadView(row["number"], row["hash"])


@answers(TrustMaterial)
def trust_material(work: Work, me: Actor, q: TrustMaterial) -> tuple[TrustItemView, ...]:
    rows = work.connection.execute(select(tables.trust_item).order_by(tables.trust_item.c.name)).mappings()
    return tuple(TrustItemView(row["kind"], row["digest"], row["name"]) for row in rows)
