"""The life of an incoming document: register, return, present, direct, accept, finish (NĐ 30 Arts 20–24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, insert, select, update

from docclient.office.commands.statuses import queue_status
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.earlier_choices import proposed, remember_choice
from docclient.office.errors import DuplicateFound, FieldWrong, SignatureMissing, Why
from docclient.office.handling import Handling, Origin, accept, direct, named
from docclient.office.model import (
    Actor,
    Channel,
    Document,
    DocumentId,
    Handler,
    HandlerRole,
    LinkKind,
    PersonId,
    Role,
    State,
    Step,
    Urgency,
    WaitKind,
    new_id,
    today,
)
from docclient.office.one_of import First
from docclient.office.posts import persons_with
from docclient.office.receipts import receipt_for
from docclient.office.registering import (
    Arrived,
    Route,
    after_working_days,
    incoming_register,
    route_for,
    title_by_rule,
    usual_limit,
)
from docclient.office.registry import rule
from docclient.office.twins import Marks, names_of_agency, remember, twins_of
from docclient.office.wording import count_use
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class RegisterIncoming(Command):
    """Enter an incoming document in a register of the year under its next number (số đến, NĐ 30 Art 22).

    `leader` presents it at once. Without, the office's rule sends it straight to the handler where one fits (Art 23);
    else it waits to be presented. `register_title`: which of several incoming registers; empty for the one that the
    office's rules name, or its first. `duplicate_seen`: the earlier document that this one seems to be, looked at; it
    is registered all the same. Answers the sender with status 03, and 04 where a rule assigned it.
    """

    document: DocumentId
    version: int
    type_name: str
    code_number: str
    code_notation: str
    issued_date: date
    issuer_name: str
    subject: str
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    leader: PersonId | None = None
    register_title: str = ""
    duplicate_seen: DocumentId | None = None


def first_leader(work: Work) -> PersonId | None:
    return next(iter(persons_with(work.connection, Role.LEADER)), None)


def registration_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    """What the packet or the page said, to be confirmed; whom the office's rules name. Number and symbol must stay
    where another office's packet brought them; letters of citizens bear neither, and on paper one may be misread."""
    arrived, codes = arrived_of(work, document)
    official = document.channel is Channel.PACKET
    straight = route_for(work, arrived, codes)
    return {
        "type_name": document.type_name,
        "code_number": First(document.code_number or "", needed=official and bool(document.code_number)),
        "code_notation": First(document.code_notation or "", needed=official and bool(document.code_notation)),
        "issued_date": document.issued_date.isoformat() if document.issued_date else None,
        "issuer_name": document.issuer_name, "subject": document.subject, "urgency": document.urgency.value,
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "leader": None if straight else first_leader(work),
        "register_title": title_by_rule(work, arrived, codes) or "",
    }


def arrived_of(work: Work, document: Document) -> tuple[Arrived, frozenset[str]]:
    """What rules look at, and every code of the sender."""
    arrived = Arrived(document.type_name, document.issuer_code or "", document.issuer_name or "", document.subject)
    return arrived, names_of_agency(work, arrived.sender_code, arrived.sender_name)[0]


def not_digitised_here(work: Work, me: Actor, document: Document) -> bool:
    return document.channel is not Channel.PAPER


@rule(RegisterIncoming, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, prefill=registration_facts, order=10,
      kinds={"subject": AskKind.LONG_TEXT, "leader": AskKind.PERSON, "due_date": AskKind.DEADLINE,
             "register_title": AskKind.REGISTER}, hidden={"duplicate_seen"}, when=not_digitised_here)
def register_incoming(work: Work, me: Actor, c: RegisterIncoming) -> Receipt:
    return enter_in_register(work, me, c)


def enter_in_register(work: Work, me: Actor, c: RegisterIncoming) -> Receipt:
    document = work.document(c.document)
    for name in ("type_name", "issuer_name", "subject"):
        if not getattr(c, name).strip():
            raise FieldWrong(name, Why.EMPTY)
    if document.channel is Channel.PAPER:
        newest = work.latest(c.document)
        if newest is None or newest["step"] != Step.COPY_SIGNED:
            raise SignatureMissing(whose="agency", reason="missing")
    if c.leader is not None:
        must_lead(work, c.leader)
    twin = must_be_new(work, document, c)
    arrival = today()
    arrived = Arrived(c.type_name, document.issuer_code or "", c.issuer_name, c.subject)
    codes = names_of_agency(work, arrived.sender_code, arrived.sender_name)[0]
    register = incoming_register(work, arrival.year, c.register_title or title_by_rule(work, arrived, codes))
    number = work.take_number(register)
    changed = work.change(
        document, state=State.WAITING_DIRECTION if c.leader else State.REGISTERED, register=register,
        arrival_number=number, arrival_date=arrival, type_name=c.type_name, code_number=c.code_number or None,
        code_notation=c.code_notation or None, issued_date=c.issued_date, issuer_name=c.issuer_name,
        subject=c.subject, urgency=c.urgency, due_date=c.due_date or usual_limit(work, c.type_name, arrival))
    remember(work, changed)
    facts: dict[str, str] = {}
    if twin is not None:
        facts["twin"] = twin
        work.insert_once(tables.link, source=c.document, target=twin, kind=LinkKind.SAME_NUMBER)
    work.nobody_waits(c.document)
    queue_status(work, changed, "03", f"{number}")
    route = None if c.leader else route_for(work, arrived, codes)
    if c.leader:
        present(work, me, c.document, c.leader)
    elif route is not None:
        changed = send_straight(work, me, changed, route)
        facts["routing"] = route.id
    else:
        work.wait_for(c.document, WaitKind.PRESENT, role=Role.CLERK)
    return receipt_for(work, c, changed, number=str(number), **facts)


def must_be_new(work: Work, document: Document, c: RegisterIncoming) -> DocumentId | None:
    """The twin that was seen, or None for a document without one. Whoever registers at the same moment waits for the
    journal's head, so that of two alike one is first. Raises: DuplicateFound, FieldWrong."""
    twins = [each.document for each in twins_of(work, Marks(
        c.code_number, c.code_notation, c.issued_date, document.issuer_code or "", c.issuer_name,
        document.exchange_id or ""), but=document.id)]
    if c.duplicate_seen is not None:
        if c.duplicate_seen not in twins:
            raise FieldWrong("duplicate_seen", Why.UNKNOWN)
        return c.duplicate_seen
    if not twins:
        return None
    changed = set(work.connection.scalars(select(tables.link.c.target).where(
        tables.link.c.source == document.id, tables.link.c.kind.in_([LinkKind.UPDATES, LinkKind.REPLACES]))))
    registered = [each for each in map(work.document, twins) if each.state is not State.WAITING_RECEIPT
                  and each.id not in changed]
    if registered:
        first = registered[0]
        raise DuplicateFound(twin=first.id, number=first.number_and_symbol, arrival=str(first.arrival_number or ""),
                             issuer=first.issuer_name or "")
    return None


def send_straight(work: Work, me: Actor, document: Document, route: Route) -> Document:
    """The handler is fixed by the office's rules: no leader directs, one sees it for information (NĐ 30 Art 23.1)."""
    due = document.due_date or after_working_days(work, today(), route.due_days)
    everybody = named(work, route.lead)
    direct(work, me, document, everybody, words=route.words, due=due, origin=Origin.RULE, routing=route.id)
    if route.leader not in {each.person for each in everybody}:
        work.wait_for(document.id, WaitKind.READ, person=route.leader)
    changed = work.change(document, state=State.ASSIGNED, due_date=due)
    queue_status(work, changed, "04", "")
    return changed


@dataclass(frozen=True, slots=True)
class ReturnIncoming(Command):
    """Return a document to its sender with a reason: misaddressed, or its signatures do not hold (Art 21.2)."""

    document: DocumentId
    version: int
    reason: str


@rule(ReturnIncoming, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, order=90, negative=True,
      kinds={"reason": AskKind.PHRASED})
def return_incoming(work: Work, me: Actor, c: ReturnIncoming) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    count_use(work, me, "return_incoming", c.reason)
    changed = work.change(work.document(c.document), state=State.RETURNED)
    work.nobody_waits(c.document)
    queue_status(work, changed, "02", c.reason)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class PresentIncoming(Command):
    """Present a registered document to the leader who directs (Art 23)."""

    document: DocumentId
    version: int
    leader: PersonId


@rule(PresentIncoming, by={Role.CLERK, Role.CHIEF_OF_OFFICE}, in_states={State.REGISTERED}, order=10,
      kinds={"leader": AskKind.PERSON}, prefill=registration_facts)
def present_incoming(work: Work, me: Actor, c: PresentIncoming) -> Receipt:
    must_lead(work, c.leader)
    changed = work.change(work.document(c.document), state=State.WAITING_DIRECTION)
    work.nobody_waits(c.document)
    present(work, me, c.document, c.leader)
    return receipt_for(work, c, changed)


def present(work: Work, me: Actor, document: DocumentId, leader: PersonId) -> None:
    work.put(tables.presentation, id=new_id(), document=document, leader=leader, by=me.person, at=work.at)
    work.wait_for(document, WaitKind.DIRECT, person=leader)


@dataclass(frozen=True, slots=True)
class DirectIncoming(Command):
    """A leader's direction on an incoming document (bút phê): who leads, who helps, who is told, who follows it up,
    by when (Art 24). helping_due_date: a limit of their own for those who help (form 7.6, part 1)."""

    document: DocumentId
    version: int
    lead: Handler
    helping: tuple[Handler, ...] = ()
    informed: tuple[Handler, ...] = ()
    words: str = ""
    due_date: date | None = None
    following: tuple[Handler, ...] = ()
    helping_due_date: date | None = None


def waits_for_my_direction(work: Work, me: Actor, document: Document) -> bool:
    return waiting_to_direct().scalar(work.connection, {"of_document": document.id, "person": me.person}) is not None


@cache
def waiting_to_direct() -> Prepared:
    waiting = tables.waiting.c
    return Prepared(select(waiting.id).where(
        waiting.document == bindparam("of_document", type_=String), waiting.kind == WaitKind.DIRECT,
        waiting.person == bindparam("person", type_=String)))


def direction_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    """The date asked for, and whom earlier directions on the like named."""
    return {"due_date": document.due_date.isoformat() if document.due_date else None, **proposed(work, document)}


@rule(DirectIncoming, by=Role.LEADER, in_states={State.WAITING_DIRECTION}, when=waits_for_my_direction, order=10,
      kinds={"words": AskKind.PHRASED, "due_date": AskKind.DEADLINE, "helping_due_date": AskKind.DEADLINE},
      prefill=direction_facts)
def direct_incoming(work: Work, me: Actor, c: DirectIncoming) -> Receipt:
    document = work.document(c.document)
    due = c.due_date or document.due_date
    everybody = named(work, c.lead, c.helping, c.informed, c.following)
    limit_within("helping_due_date", c.helping_due_date, due)
    work.nobody_waits(c.document)
    direct(work, me, document, everybody, words=c.words, due=due, helping_due=c.helping_due_date)
    presentation_seen().run(work.connection, {
        "of_document": c.document, "of_leader": me.person, "opened_at": work.at})
    remember_choice(work, document, everybody)
    count_use(work, me, "direction", c.words)
    changed = work.change(document, state=State.ASSIGNED, due_date=due)
    queue_status(work, changed, "04", "")
    return receipt_for(work, c, changed)


@cache
def presentation_seen() -> Prepared:
    presentation = tables.presentation.c
    return Prepared(update(tables.presentation).where(
        presentation.document == bindparam("of_document", type_=String),
        presentation.leader == bindparam("of_leader", type_=String), presentation.opened_at.is_(None)))


def limit_within(field: str, limit: date | None, upper: date | None) -> None:
    """Nobody below has longer than the level above. Raises: FieldWrong."""
    if limit is not None and upper is not None and limit > upper:
        raise FieldWrong(field, Why.LATER_THAN_ABOVE)


def must_lead(work: Work, person: PersonId) -> None:
    """Only a leader directs. Raises: FieldWrong, NotFound."""
    if Role.LEADER not in work.actor(person).roles:
        raise FieldWrong("leader", Why.NOT_A_LEADER)


def leads(work: Work, me: Actor, document: Document) -> bool:
    """Does this person lead toward the document: the leader's choice, or whoever it was passed on to from there?"""
    return work.is_handler(document.id, me.person, HandlerRole.LEAD)


@dataclass(frozen=True, slots=True)
class AcceptWork(Command):
    """The lead handler begins (đang xử lý). Answers the sender with status 05."""

    document: DocumentId
    version: int


def may_begin(work: Work, me: Actor, document: Document) -> bool:
    """A lead who has neither begun nor passed it on."""
    handling = Handling.read(work, document.id)
    return any(share.accepted_at is None and handling.below(share) is None
               for share in handling.of(me.person, HandlerRole.LEAD))


@rule(AcceptWork, in_states={State.ASSIGNED, State.IN_WORK}, when=may_begin, order=10)
def accept_work(work: Work, me: Actor, c: AcceptWork) -> Receipt:
    for share in Handling.read(work, c.document).of(me.person, HandlerRole.LEAD):
        accept(work, share)
    changed = work.change(work.document(c.document), state=State.IN_WORK)
    queue_status(work, changed, "05", "")
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class FinishIncoming(Command):
    """The lead handler, of whichever level, declares the matter finished, with its result in a sentence. Answers with
    status 06. Whoever was to be informed still is."""

    document: DocumentId
    version: int
    result: str = ""


def issued_answer(work: Work, document: DocumentId) -> str | None:
    """The outgoing document that answers it, where one was issued: then the result speaks for itself.

    The state is compared here, not in the statement: a database without statistics may go through every
    issued document of the office to find the one or two linked to this.
    """
    linked = work.connection.execute(
        select(tables.document.c.id, tables.document.c.state)
        .join(tables.link, tables.link.c.source == tables.document.c.id)
        .where(tables.link.c.target == document, tables.link.c.kind == LinkKind.ANSWERS))
    return next((each.id for each in linked if each.state in (State.ISSUED, State.CORRECTED)), None)


def result_to_give(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"result": First("", needed=issued_answer(work, document.id) is None)}


@rule(FinishIncoming, in_states={State.ASSIGNED, State.IN_WORK}, when=leads, order=40, prefill=result_to_give,
      kinds={"result": AskKind.PHRASED})
def finish_incoming(work: Work, me: Actor, c: FinishIncoming) -> Receipt:
    answer = issued_answer(work, c.document)
    if answer is None and not c.result.strip():
        raise FieldWrong("result", Why.RESULT_NEEDED)
    count_use(work, me, "finish", c.result)
    changed = close(work, me, c.document, State.FINISHED, "finished", c.result)
    queue_status(work, changed, "06", c.result)
    return receipt_for(work, c, changed, **({"answer": answer} if answer else {}))


def close(work: Work, me: Actor, document: DocumentId, state: State, kind: str, words: str) -> Document:
    """The work ends here: kept with who, when and in which words; nobody waits but who is still to be informed."""
    work.connection.execute(
        update(tables.handler).where(tables.handler.c.document == document, tables.handler.c.person == me.person)
        .values(finished_at=work.at))
    work.connection.execute(insert(tables.closing).values(
        id=new_id(), document=document, by=me.person, kind=kind, words=words, at=work.at))
    work.nobody_waits(document, *(set(WaitKind) - {WaitKind.READ, WaitKind.ASKED_CHANGE}))
    return work.change(work.document(document), state=state)


@dataclass(frozen=True, slots=True)
class MarkRead(Command):
    """Somebody to be informed, or helping, has taken note; it no longer waits for them."""

    document: DocumentId
    version: int


def waits_to_be_read(work: Work, me: Actor, document: Document) -> bool:
    return work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.person == me.person,
        tables.waiting.c.kind.in_([WaitKind.READ, WaitKind.HELP]))) is not None


@rule(MarkRead, in_states={State.ASSIGNED, State.IN_WORK, State.FINISHED, State.KEPT}, when=waits_to_be_read, order=20)
def mark_read(work: Work, me: Actor, c: MarkRead) -> Receipt:
    work.connection.execute(update(tables.handler).where(
        tables.handler.c.document == c.document, tables.handler.c.person == me.person,
        tables.handler.c.opened_at.is_(None)).values(opened_at=work.at))
    work.nobody_waits(c.document, WaitKind.READ, WaitKind.HELP, person=me.person)
    return receipt_for(work, c, work.change(work.document(c.document)))


@dataclass(frozen=True, slots=True)
class KeepForReference(Command):
    """For information only: nobody has to act (lưu tham khảo). A leader says so instead of directing; a lead handler
    says why."""

    document: DocumentId
    version: int
    words: str = ""


def directs_or_leads(work: Work, me: Actor, document: Document) -> bool:
    if document.state is State.WAITING_DIRECTION:
        return Role.LEADER in me.roles and waits_for_my_direction(work, me, document)
    return leads(work, me, document)


@rule(KeepForReference, in_states={State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK}, when=directs_or_leads,
      order=60, kinds={"words": AskKind.PHRASED})
def keep_for_reference(work: Work, me: Actor, c: KeepForReference) -> Receipt:
    document = work.document(c.document)
    if document.state is not State.WAITING_DIRECTION and not c.words.strip():
        raise FieldWrong("words", Why.EMPTY)
    changed = close(work, me, c.document, State.KEPT, "kept", c.words)
    queue_status(work, changed, "06", c.words)
    return receipt_for(work, c, changed)
