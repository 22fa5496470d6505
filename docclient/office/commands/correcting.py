"""After the issue: recall, replacement, correction, further recipients, and who inside has read it (NĐ 30 Art 18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from docclient.office.authority import must_have_authority
from docclient.office.commands.outgoing import new_draft
from docclient.office.delivering import ON_PAPER, WITHDRAWN, deliver_inside, handler_of, queue_packets, withdraw_inside
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import add_inside, add_outside, inside_of, outside_of, readers_of, set_recipients
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import (
    Actor,
    Channel,
    Document,
    DocumentId,
    Flow,
    Handler,
    LinkKind,
    PersonId,
    Role,
    State,
    WaitKind,
    new_id,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

RUNNING = frozenset({State.ISSUED, State.CORRECTED})
MAY_DRAFT = frozenset({Role.OFFICER, Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE, Role.CLERK})
CORRECTION_TYPE = "Công văn"      # đính chính bằng công văn, Art 18.3


@dataclass(frozen=True, slots=True)
class RecallIssued(Command):
    """Recall an issued document (thu hồi): every agency is asked to cancel it in its system, readers inside see it no
    longer as running, document and data are frozen; the recall's own data stay (Art 18.4, Annex VI)."""

    document: DocumentId
    version: int
    reason: str


def is_outgoing(work: Work, me: Actor, document: Document) -> bool:
    return document.flow is Flow.OUTGOING


@rule(RecallIssued, by={Role.LEADER, Role.CHIEF_OF_OFFICE, Role.CLERK}, in_states=RUNNING, when=is_outgoing, order=90,
      negative=True, kinds={"reason": AskKind.LONG_TEXT})
def recall_issued(work: Work, me: Actor, c: RecallIssued) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    document = work.document(c.document)
    work.connection.execute(insert(tables.recall).values(
        id=new_id(), document=c.document, by=me.by, reason=c.reason, at=work.at))
    forget_unsent(work, c.document)
    queue_packets(work, c.document, outside_of(work, c.document), "recall", description=c.reason)
    withdraw_inside(work, c.document)
    work.nobody_waits(c.document)
    return receipt_for(work, c, work.change(document, state=State.RECALLED, frozen_at=work.at))


def forget_unsent(work: Work, document: DocumentId) -> None:
    """Packets that no transport took yet are not sent any more; their recipients need not cancel anything."""
    for row in work.connection.execute(select(tables.outbox.c.id, tables.outbox.c.recipient_code).where(
            tables.outbox.c.document == document, tables.outbox.c.kind == "document",
            tables.outbox.c.state != "sent")).all():
        work.connection.execute(update(tables.outbox).where(tables.outbox.c.id == row.id).values(state=WITHDRAWN))
        work.connection.execute(update(tables.delivery).where(
            tables.delivery.c.document == document, tables.delivery.c.agency_code == row.recipient_code)
            .values(transport_state=WITHDRAWN))


@dataclass(frozen=True, slots=True)
class ReplaceIssued(Command):
    """Begin the document that is to replace this one, because its content is wrong (Art 18.3): of equal form, to the
    same recipients. When it is issued, this one is replaced, and each says so of the other."""

    document: DocumentId
    version: int
    subject: str
    signer: PersonId
    reason: str = ""


def same_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"subject": document.subject, "signer": document.signer_person}


def has_no_successor(work: Work, me: Actor, document: Document) -> bool:
    """Nobody is drafting a replacement yet."""
    return document.flow is Flow.OUTGOING and document.copy_kind is None and bool(me.posts) and work.connection.scalar(
        select(tables.document.c.id).join(tables.link, tables.link.c.source == tables.document.c.id)
        .where(tables.link.c.target == document.id, tables.link.c.kind == LinkKind.REPLACES,
               tables.document.c.state != State.CANCELLED).limit(1)) is None


@rule(ReplaceIssued, by=MAY_DRAFT, in_states=RUNNING, when=has_no_successor, order=60, prefill=same_facts,
      kinds={"subject": AskKind.LONG_TEXT, "signer": AskKind.PERSON, "reason": AskKind.LONG_TEXT})
def replace_issued(work: Work, me: Actor, c: ReplaceIssued) -> Receipt:
    document = work.document(c.document)
    return receipt_for(work, c, follow_up(work, me, document, c, document.type_name, LinkKind.REPLACES),
                       replaces=c.document)


@dataclass(frozen=True, slots=True)
class CorrectIssued(Command):
    """Begin the official letter that corrects this document, because its layout or the procedure was wrong (Art 18.3).
    When it is issued, this one is corrected, and each says so of the other."""

    document: DocumentId
    version: int
    subject: str
    signer: PersonId
    reason: str = ""


def correction_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"subject": f"Đính chính {document.type_name} số {document.number_and_symbol}",
            "signer": document.signer_person}


def may_be_corrected(work: Work, me: Actor, document: Document) -> bool:
    return document.flow is Flow.OUTGOING and document.copy_kind is None and bool(me.posts)


@rule(CorrectIssued, by=MAY_DRAFT, in_states=RUNNING, when=may_be_corrected, order=65, prefill=correction_facts,
      kinds={"subject": AskKind.LONG_TEXT, "signer": AskKind.PERSON, "reason": AskKind.LONG_TEXT})
def correct_issued(work: Work, me: Actor, c: CorrectIssued) -> Receipt:
    return receipt_for(work, c, follow_up(work, me, work.document(c.document), c, CORRECTION_TYPE, LinkKind.CORRECTS),
                       corrects=c.document)


def follow_up(work: Work, me: Actor, document: Document, c: ReplaceIssued | CorrectIssued, type_name: str,
              kind: LinkKind) -> Document:
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    unit = me.posts[0].unit
    must_have_authority(work, c.signer, type_name, unit)
    signer = work.actor(c.signer)
    series = document.series if type_name == document.type_name else None
    draft = new_draft(work, me.person, unit, type_name=type_name, subject=c.subject, urgency=document.urgency,
                      signer_person=c.signer, signer_name=signer.name, signer_position=signer.title, series=series)
    set_recipients(work, draft.id, outside_of(work, document.id),
                   [handler_of(each) for each in inside_of(work, document.id)])
    work.let_see(draft.id, [c.signer])
    work.connection.execute(insert(tables.link).values(source=draft.id, target=document.id, kind=kind))
    return draft


@dataclass(frozen=True, slots=True)
class AddRecipients(Command):
    """Send an issued document to further agencies, persons or units. Whoever has it already gets nothing again."""

    document: DocumentId
    version: int
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()


@rule(AddRecipients, by=Role.CLERK, in_states=RUNNING, when=is_outgoing, order=30)
def add_recipients(work: Work, me: Actor, c: AddRecipients) -> Receipt:
    outside = add_outside(work, c.document, c.recipients)
    inside = add_inside(work, c.document, c.inside)
    if not outside and not inside:
        raise FieldWrong("recipients", Why.EMPTY)
    document = work.document(c.document)
    if document.channel is Channel.PAPER:
        work.connection.execute(update(tables.delivery).where(
            tables.delivery.c.document == c.document, tables.delivery.c.agency_code.in_([code for code, _ in outside]))
            .values(transport_state=ON_PAPER))
    queue_packets(work, c.document, [code for code, _ in outside])
    deliver_inside(work, c.document, inside)
    return receipt_for(work, c, work.change(document))


@dataclass(frozen=True, slots=True)
class ReadIssued(Command):
    """Somebody inside to whom a document was issued has read it."""

    document: DocumentId
    version: int


def has_to_read(work: Work, me: Actor, document: Document) -> bool:
    return document.flow is Flow.OUTGOING and work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.person == me.person,
        tables.waiting.c.kind == WaitKind.READ)) is not None


@rule(ReadIssued, in_states={State.ISSUED, State.CORRECTED, State.REPLACED}, when=has_to_read, order=10)
def read_issued(work: Work, me: Actor, c: ReadIssued) -> Receipt:
    work.nobody_waits(c.document, WaitKind.READ, person=me.person)
    for row in work.connection.execute(select(tables.inside_recipient).where(
            tables.inside_recipient.c.document == c.document, tables.inside_recipient.c.read_at.is_(None))).mappings():
        each = Handler("person", row["person"]) if row["person"] else Handler("unit", row["unit"])
        if me.person in readers_of(work, each):
            work.connection.execute(update(tables.inside_recipient).where(tables.inside_recipient.c.id == row["id"])
                                    .values(read_at=work.at, read_by=me.by))
    return receipt_for(work, c, work.change(work.document(c.document)))
