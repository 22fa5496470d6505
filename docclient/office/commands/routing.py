"""What the office lays down for its mail: straight to the handler, and into which register (NĐ 30 Arts 22, 23)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, Why
from docclient.office.handling import named
from docclient.office.model import Actor, Handler, PersonId, Role, new_id, today
from docclient.office.registering import register_titles
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

LAY_DOWN = frozenset({Role.CHIEF_OF_OFFICE, Role.ADMINISTRATOR})
LONGEST = 250      # working days


@dataclass(frozen=True, slots=True)
class AddRoutingRule(Command):
    """Documents of this type, from this sender, with these words in the subject go straight to the handler, without a
    leader's direction. At least one condition; where several rules fit, the one with most conditions counts, then the
    older one. leader: who sees it for information and may decide otherwise. due_days: working days from registering.
    basis: the office's decision it rests on."""

    lead: Handler
    leader: PersonId
    type_name: str = ""
    sender_code: str = ""
    subject_words: str = ""
    words: str = ""
    due_days: int = 0
    basis: str = ""


@rule(AddRoutingRule, by=LAY_DOWN, kinds={
    "leader": AskKind.PERSON, "sender_code": AskKind.AGENCY, "words": AskKind.LONG_TEXT, "basis": AskKind.LONG_TEXT})
def add_routing_rule(work: Work, me: Actor, c: AddRoutingRule) -> Receipt:
    must_have_a_condition(c.type_name, c.sender_code, c.subject_words)
    if not 0 <= c.due_days <= LONGEST:
        raise FieldWrong("due_days", Why.NOT_A_NUMBER_OF_DAYS)
    if Role.LEADER not in work.actor(c.leader).roles:
        raise FieldWrong("leader", Why.NOT_A_LEADER)
    named(work, c.lead)
    must_be_a_type(work, c.type_name)
    identity = new_id()
    work.connection.execute(insert(tables.routing_rule).values(
        id=identity, type_name=c.type_name or None, sender_code=c.sender_code or None,
        subject_words=c.subject_words or None, lead_kind=c.lead.kind, lead_id=c.lead.id, leader=c.leader,
        words=c.words, due_days=c.due_days or None, basis=c.basis, active=True, by=me.by, at=work.at))
    return Receipt(type(c).__name__, work.entry, facts={"routing": identity})


@dataclass(frozen=True, slots=True)
class RemoveRoutingRule(Command):
    """It decides nothing more. What it decided keeps naming it."""

    routing: str


@rule(RemoveRoutingRule, by=LAY_DOWN)
def remove_routing_rule(work: Work, me: Actor, c: RemoveRoutingRule) -> Receipt:
    table = tables.routing_rule
    if work.connection.scalar(select(table.c.id).where(table.c.id == c.routing, table.c.active.is_(True))) is None:
        raise NotFound(what="item", id=c.routing)
    work.connection.execute(update(table).where(table.c.id == c.routing).values(active=False))
    return Receipt(type(c).__name__, work.entry)


@dataclass(frozen=True, slots=True)
class AddRegisterRule(Command):
    """Documents like these are entered in the incoming register of this title, unless the clerk chooses another."""

    title: str
    type_name: str = ""
    sender_code: str = ""
    subject_words: str = ""


@rule(AddRegisterRule, by=LAY_DOWN, kinds={"title": AskKind.REGISTER, "sender_code": AskKind.AGENCY})
def add_register_rule(work: Work, me: Actor, c: AddRegisterRule) -> Receipt:
    must_have_a_condition(c.type_name, c.sender_code, c.subject_words)
    must_be_a_type(work, c.type_name)
    if c.title not in register_titles(work, today().year):
        raise FieldWrong("title", Why.UNKNOWN, c.title)
    identity = new_id()
    work.connection.execute(insert(tables.register_rule).values(
        id=identity, title=c.title, type_name=c.type_name or None, sender_code=c.sender_code or None,
        subject_words=c.subject_words or None))
    return Receipt(type(c).__name__, work.entry, facts={"rule": identity})


@dataclass(frozen=True, slots=True)
class RemoveRegisterRule(Command):
    rule: str


@rule(RemoveRegisterRule, by=LAY_DOWN)
def remove_register_rule(work: Work, me: Actor, c: RemoveRegisterRule) -> Receipt:
    table = tables.register_rule
    if work.connection.scalar(select(table.c.id).where(table.c.id == c.rule)) is None:
        raise NotFound(what="item", id=c.rule)
    work.connection.execute(delete(table).where(table.c.id == c.rule))
    return Receipt(type(c).__name__, work.entry)


def must_have_a_condition(*conditions: str) -> None:
    """A rule without any would take every document. Raises: FieldWrong."""
    if not any(each.strip() for each in conditions):
        raise FieldWrong("type_name", Why.NO_CONDITION)


def must_be_a_type(work: Work, name: str) -> None:
    """Raises: FieldWrong."""
    table = tables.document_type
    if name and work.connection.scalar(select(table.c.name).where(table.c.name == name)) is None:
        raise FieldWrong("type_name", Why.UNKNOWN, name)
