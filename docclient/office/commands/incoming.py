"""The life of an incoming document: receive, register, present, direct, handle, finish (NĐ 30 Arts 20–24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from docclient.office.commands.statuses import queue_status
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, SignatureMissing, Why
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
    UnitId,
    Urgency,
    WaitKind,
    new_id,
    today,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class RegisterIncoming(Command):
    """Enter an incoming document in the year's register under the next number (số đến, NĐ 30 Art 22).

    `leader` presents it at once; without, it waits to be presented. Answers the sender with status 03.
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


def registration_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    """What the packet or the page said, to be confirmed."""
    leaders = work.connection.scalars(select(tables.post.c.person).where(tables.post.c.role == Role.LEADER)
                                      .order_by(tables.post.c.id)).all()
    return {
        "type_name": document.type_name, "code_number": document.code_number, "code_notation": document.code_notation,
        "issued_date": document.issued_date.isoformat() if document.issued_date else None,
        "issuer_name": document.issuer_name, "subject": document.subject, "urgency": document.urgency.value,
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "leader": leaders[0] if leaders else None,
    }


def came_by_packet(work: Work, me: Actor, document: Document) -> bool:
    return document.channel is Channel.PACKET


@rule(RegisterIncoming, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, prefill=registration_facts, order=10,
      kinds={"subject": AskKind.LONG_TEXT, "leader": AskKind.PERSON}, when=came_by_packet)
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
    arrival = today()
    register = work.register_for("incoming", arrival.year)
    number = work.take_number(register)
    changed = work.change(
        document, state=State.WAITING_DIRECTION if c.leader else State.REGISTERED, register=register,
        arrival_number=number, arrival_date=arrival, type_name=c.type_name, code_number=c.code_number or None,
        code_notation=c.code_notation or None, issued_date=c.issued_date, issuer_name=c.issuer_name,
        subject=c.subject, urgency=c.urgency, due_date=c.due_date)
    work.nobody_waits(c.document)
    if c.leader:
        work.wait_for(c.document, WaitKind.DIRECT, person=c.leader)
    else:
        work.wait_for(c.document, WaitKind.PRESENT, role=Role.CLERK)
    queue_status(work, changed, "03", f"{number}")
    return receipt_for(work, c, changed, number=str(number))


@dataclass(frozen=True, slots=True)
class ReturnIncoming(Command):
    """Return a document to its sender with a reason: misaddressed, or its signatures do not hold (Art 21.2)."""

    document: DocumentId
    version: int
    reason: str


@rule(ReturnIncoming, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, order=90, negative=True,
      kinds={"reason": AskKind.LONG_TEXT})
def return_incoming(work: Work, me: Actor, c: ReturnIncoming) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
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
    work.wait_for(c.document, WaitKind.DIRECT, person=c.leader)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class DirectIncoming(Command):
    """A leader's direction on an incoming document (bút phê): who leads, who helps, who is told, by when (Art 24)."""

    document: DocumentId
    version: int
    lead: Handler
    helping: tuple[Handler, ...] = ()
    informed: tuple[Handler, ...] = ()
    words: str = ""
    due_date: date | None = None


def waits_for_my_direction(work: Work, me: Actor, document: Document) -> bool:
    return work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.kind == WaitKind.DIRECT,
        tables.waiting.c.person == me.person)) is not None


def due_asked(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"due_date": document.due_date.isoformat() if document.due_date else None}


@rule(DirectIncoming, by=Role.LEADER, in_states={State.WAITING_DIRECTION}, when=waits_for_my_direction, order=10,
      kinds={"words": AskKind.LONG_TEXT}, prefill=due_asked)
def direct_incoming(work: Work, me: Actor, c: DirectIncoming) -> Receipt:
    named = handlers_named(work, c)
    document = work.document(c.document)
    due = c.due_date or document.due_date
    direction = new_id()
    work.connection.execute(insert(tables.direction).values(
        id=direction, document=c.document, by=me.person, words=c.words, due_date=due, at=work.at))
    work.nobody_waits(c.document)
    for role, handler, person in named:
        work.connection.execute(insert(tables.handler).values(
            id=new_id(), document=c.document, person=person, unit=handler.id if handler.kind == "unit" else None,
            role=role, direction=direction))
        work.wait_for(c.document, WAITS_FOR[role], person=person)
    work.let_see(c.document, [me.person])
    changed = work.change(document, state=State.ASSIGNED, due_date=due)
    queue_status(work, changed, "04", "")
    return receipt_for(work, c, changed)


WAITS_FOR = {HandlerRole.LEAD: WaitKind.HANDLE, HandlerRole.HELPING: WaitKind.HELP, HandlerRole.INFORMED: WaitKind.READ}


def handlers_named(work: Work, c: DirectIncoming) -> list[tuple[HandlerRole, Handler, PersonId]]:
    """Everybody named, units by their heads; nobody twice. Raises: FieldWrong, NotFound."""
    named = [(role, handler, person_behind(work, handler)) for role, handlers in
             ((HandlerRole.LEAD, (c.lead,)), (HandlerRole.HELPING, c.helping), (HandlerRole.INFORMED, c.informed))
             for handler in handlers]
    if len({person for _, _, person in named}) != len(named):
        raise FieldWrong("helping", Why.TWICE)
    return named


def must_lead(work: Work, person: PersonId) -> None:
    """Only a leader directs. Raises: FieldWrong, NotFound."""
    if Role.LEADER not in work.actor(person).roles:
        raise FieldWrong("leader", Why.NOT_A_LEADER)


def person_behind(work: Work, handler: Handler) -> PersonId:
    """The person, or the unit's head. Administrators handle nothing: they read no content (records-work 13.1).
    Raises: FieldWrong, NotFound."""
    if handler.kind == "person":
        if work.actor(PersonId(handler.id)).roles <= {Role.ADMINISTRATOR}:
            raise FieldWrong("lead", Why.NO_CONTENT)
        return PersonId(handler.id)
    heads = work.heads_of(UnitId(handler.id))
    if not heads:
        raise FieldWrong("lead", Why.NO_HEAD)
    return heads[0]


def leads(work: Work, me: Actor, document: Document) -> bool:
    return work.is_handler(document.id, me.person, HandlerRole.LEAD)


@dataclass(frozen=True, slots=True)
class AcceptWork(Command):
    """The lead handler begins (đang xử lý). Answers the sender with status 05."""

    document: DocumentId
    version: int


@rule(AcceptWork, in_states={State.ASSIGNED}, when=leads, order=10)
def accept_work(work: Work, me: Actor, c: AcceptWork) -> Receipt:
    work.connection.execute(
        update(tables.handler).where(tables.handler.c.document == c.document, tables.handler.c.person == me.person)
        .values(accepted_at=work.at))
    changed = work.change(work.document(c.document), state=State.IN_WORK)
    queue_status(work, changed, "05", "")
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class FinishIncoming(Command):
    """The lead handler declares the matter finished, with its result in a sentence. Answers with status 06."""

    document: DocumentId
    version: int
    result: str = ""


@rule(FinishIncoming, in_states={State.ASSIGNED, State.IN_WORK}, when=leads, order=40,
      kinds={"result": AskKind.LONG_TEXT})
def finish_incoming(work: Work, me: Actor, c: FinishIncoming) -> Receipt:
    answer = work.connection.scalar(
        select(tables.document.c.id).join(tables.link, tables.link.c.source == tables.document.c.id)
        .where(tables.link.c.target == c.document, tables.link.c.kind == LinkKind.ANSWERS,
               tables.document.c.state == State.ISSUED).limit(1))
    if answer is None and not c.result.strip():
        raise FieldWrong("result", Why.RESULT_NEEDED)
    work.connection.execute(
        update(tables.handler).where(tables.handler.c.document == c.document, tables.handler.c.person == me.person)
        .values(finished_at=work.at))
    changed = work.change(work.document(c.document), state=State.FINISHED)
    work.nobody_waits(c.document)
    queue_status(work, changed, "06", c.result)
    return receipt_for(work, c, changed, **({"answer": answer} if answer else {}))


@dataclass(frozen=True, slots=True)
class MarkRead(Command):
    """Somebody to be informed, or helping, has taken note; it no longer waits for them."""

    document: DocumentId
    version: int


def waits_to_be_read(work: Work, me: Actor, document: Document) -> bool:
    return work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.person == me.person,
        tables.waiting.c.kind.in_([WaitKind.READ, WaitKind.HELP]))) is not None


@rule(MarkRead, in_states={State.ASSIGNED, State.IN_WORK}, when=waits_to_be_read, order=20)
def mark_read(work: Work, me: Actor, c: MarkRead) -> Receipt:
    work.nobody_waits(c.document, WaitKind.READ, WaitKind.HELP, person=me.person)
    return receipt_for(work, c, work.change(work.document(c.document)))


@dataclass(frozen=True, slots=True)
class KeepForReference(Command):
    """For information only: nobody has to act (lưu tham khảo)."""

    document: DocumentId
    version: int
    words: str = ""


@rule(KeepForReference, by=Role.LEADER, in_states={State.WAITING_DIRECTION}, when=waits_for_my_direction, order=60)
def keep_for_reference(work: Work, me: Actor, c: KeepForReference) -> Receipt:
    changed = work.change(work.document(c.document), state=State.KEPT)
    work.nobody_waits(c.document)
    queue_status(work, changed, "06", c.words)
    return receipt_for(work, c, changed)



