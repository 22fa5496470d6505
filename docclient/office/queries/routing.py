"""What the office has laid down for its mail, and the words at hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from docclient.office.door import Query
from docclient.office.model import Actor, Handler, PersonId, today
from docclient.office.registering import INCOMING, Arrived, register_titles, route_for, title_by_rule
from docclient.office.registry import answers
from docclient.office.twins import names_of_agency
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class PhraseView:
    """everybody: the office's, not one's own. uses: by this person."""

    id: str
    kind: str
    words: str
    everybody: bool
    uses: int


@dataclass(frozen=True, slots=True)
class MyPhrases(Query[tuple[PhraseView, ...]]):
    """One's own and the office's; what this person uses most comes first. kind: only these."""

    kind: str = ""


@answers(MyPhrases)
def my_phrases(work: Work, me: Actor, q: MyPhrases) -> tuple[PhraseView, ...]:
    phrase, use = tables.phrase, tables.phrase_use
    query = (select(phrase, func.coalesce(use.c.uses, 0).label("uses"))
             .outerjoin(use, and_(use.c.phrase == phrase.c.id, use.c.person == me.person))
             .where(or_(phrase.c.person == me.person, phrase.c.person.is_(None))))
    if q.kind:
        query = query.where(phrase.c.kind == q.kind)
    rows = work.connection.execute(query.order_by(
        func.coalesce(use.c.uses, 0).desc(), phrase.c.person.is_(None), phrase.c.position, phrase.c.id)).mappings()
    return tuple(PhraseView(row["id"], row["kind"], row["words"], row["person"] is None, row["uses"]) for row in rows)


@dataclass(frozen=True, slots=True)
class RoutingRuleView:
    id: str
    type_name: str
    sender_code: str
    subject_words: str
    lead: Handler
    lead_name: str
    leader: PersonId
    leader_name: str
    words: str
    due_days: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class RoutingRules(Query[tuple[RoutingRuleView, ...]]):
    """Those that decide now, the oldest first."""


@answers(RoutingRules)
def routing_rules(work: Work, me: Actor, q: RoutingRules) -> tuple[RoutingRuleView, ...]:
    table = tables.routing_rule
    rows = work.connection.execute(select(table).where(table.c.active.is_(True)).order_by(table.c.id)).mappings()
    return tuple(RoutingRuleView(
        row["id"], row["type_name"] or "", row["sender_code"] or "", row["subject_words"] or "",
        Handler(row["lead_kind"], row["lead_id"]), name_of(work, row["lead_kind"], row["lead_id"]),
        PersonId(row["leader"]), work.person_name(row["leader"]), row["words"], row["due_days"], row["basis"])
        for row in rows)


def name_of(work: Work, kind: str, identity: str) -> str:
    table = tables.unit if kind == "unit" else tables.person
    return str(work.connection.scalar(select(table.c.name).where(table.c.id == identity)) or "")


@dataclass(frozen=True, slots=True)
class StraightTo:
    """Where the office's rules would send a document: nothing in `lead_name` when a leader directs it."""

    routing: str
    lead_name: str
    leader_name: str
    register_title: str


@dataclass(frozen=True, slots=True)
class RouteFor(Query[StraightTo]):
    """What the office's rules say of a document like this one."""

    type_name: str
    subject: str
    sender_code: str = ""
    sender_name: str = ""


@answers(RouteFor)
def route_of(work: Work, me: Actor, q: RouteFor) -> StraightTo:
    arrived = Arrived(q.type_name, q.sender_code, q.sender_name, q.subject)
    codes = names_of_agency(work, q.sender_code, q.sender_name)[0]
    route = route_for(work, arrived, codes)
    title = title_by_rule(work, arrived, codes) or ""
    if route is None:
        return StraightTo("", "", "", title)
    return StraightTo(route.id, name_of(work, route.lead.kind, route.lead.id), work.person_name(route.leader), title)


@dataclass(frozen=True, slots=True)
class RegisterRuleView:
    id: str
    title: str
    type_name: str
    sender_code: str
    subject_words: str


@dataclass(frozen=True, slots=True)
class RegisterRules(Query[tuple[RegisterRuleView, ...]]):
    pass


@answers(RegisterRules)
def register_rules(work: Work, me: Actor, q: RegisterRules) -> tuple[RegisterRuleView, ...]:
    table = tables.register_rule
    return tuple(RegisterRuleView(row["id"], row["title"], row["type_name"] or "", row["sender_code"] or "",
                                  row["subject_words"] or "")
                 for row in work.connection.execute(select(table).order_by(table.c.id)).mappings())


@dataclass(frozen=True, slots=True)
class IncomingRegisterView:
    """next_number: what the next document will get. missing: numbers below it that no document of this register has
    (at most the first twenty): the books are not whole. opens: takes its first number of the year."""

    title: str
    year: int
    next_number: int
    missing: tuple[int, ...]
    closed: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class IncomingRegisters(Query[tuple[IncomingRegisterView, ...]]):
    """The incoming registers of this year, the office's first one first."""


MISSING_TOLD = 20


@answers(IncomingRegisters)
def incoming_registers(work: Work, me: Actor, q: IncomingRegisters) -> tuple[IncomingRegisterView, ...]:
    year, table = today().year, tables.register
    views = []
    for title in register_titles(work, year):
        row = work.connection.execute(select(table).where(
            table.c.kind == INCOMING, table.c.year == year, table.c.title == title)).mappings().first()
        if row is None:
            views.append(IncomingRegisterView(title, year, 1, (), False, True))
        else:
            views.append(IncomingRegisterView(title, year, row["last_number"] + 1,
                                              missing_numbers(work, row["id"], row["last_number"]), row["closed"],
                                              False))
    return tuple(views)


def missing_numbers(work: Work, register: str, last: int) -> tuple[int, ...]:
    """Holes between the register's first number and its last; looked for only where the count says there are some."""
    column = tables.document.c.arrival_number
    here = tables.document.c.register == register
    first, highest, count = work.connection.execute(select(
        func.min(column), func.max(column), func.count(column)).where(here)).one()
    if not count or (highest == last and highest - first + 1 == count):
        return ()
    taken = set(work.connection.scalars(select(column).where(here, column.is_not(None))))
    return tuple(number for number in range(first, last + 1) if number not in taken)[:MISSING_TOLD]


@dataclass(frozen=True, slots=True)
class TypeDeadlineView:
    """days: working days from its arrival."""

    type_name: str
    days: int


@dataclass(frozen=True, slots=True)
class TypeDeadlines(Query[tuple[TypeDeadlineView, ...]]):
    """The office's own limits for types of incoming documents (NĐ 30 Art 24.2)."""


@answers(TypeDeadlines)
def type_deadlines(work: Work, me: Actor, q: TypeDeadlines) -> tuple[TypeDeadlineView, ...]:
    table = tables.type_deadline
    return tuple(TypeDeadlineView(row.type_name, row.days)
                 for row in work.connection.execute(select(table).order_by(table.c.type_name)))
