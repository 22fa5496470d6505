"""A document that its sender takes back, and one that also comes on paper (NĐ 30 Arts 18.4, 21; Annex VI)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from docclient.office.changes import RECALLING, ChangeKind, open_changes
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.handling import Handling, must_read_content
from docclient.office.model import Actor, Channel, Digest, Document, DocumentId, Flow, PersonId, Role, State, today
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

HERE = frozenset({State.WAITING_RECEIPT, State.REGISTERED, State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK,
                  State.FINISHED, State.KEPT})


@dataclass(frozen=True, slots=True)
class MarkRecalled(Command):
    """The sender recalls the document and the clerk confirms it: nobody works on it any more, document and metadata
    are frozen, the recall's own data are kept (Annex VI, H1). The number in the register stays.

    notice: number and symbol of the sender's letter. asked_on: its date. packet: the recall as it came, if by packet.
    A recall that came by packet is answered instead (`AgreeToChange`), which tells the sender.
    """

    document: DocumentId
    version: int
    reason: str
    notice: str = ""
    asked_on: date | None = None
    packet: Digest | None = None


def nothing_is_asked(work: Work, me: Actor, document: Document) -> bool:
    return document.flow is Flow.INCOMING and not any(
        ChangeKind(each["kind"]) in RECALLING for each in open_changes(work, document.id))


@rule(MarkRecalled, by=Role.CLERK, in_states=HERE, when=nothing_is_asked, order=95, negative=True, hidden={"packet"},
      kinds={"reason": AskKind.LONG_TEXT})
def mark_recalled(work: Work, me: Actor, c: MarkRecalled) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    if c.asked_on is not None and c.asked_on > today():
        raise FieldWrong("asked_on", Why.WRONG_KIND)
    if c.packet is not None:
        work.name_blob(c.packet)
    return receipt_for(work, c, end_as_recalled(work, me, work.document(c.document), reason=c.reason, notice=c.notice,
                                                asked_on=c.asked_on, packet=c.packet))


def end_as_recalled(work: Work, me: Actor, document: Document, *, reason: str, notice: str = "",
                    asked_on: date | None = None, packet: Digest | None = None) -> Document:
    """Freeze it and keep the recall's own data; whoever handled it is told."""
    work.connection.execute(insert(tables.recall_notice).values(
        document=document.id, by=me.by, at=work.at, reason=reason, asked_on=asked_on, notice=notice or None,
        packet=packet, state_before=document.state))
    notify(work, [share.person for share in Handling.read(work, document.id).shares], NoticeKind.TAKEN_BACK,
           document=document.id, words=reason)
    work.nobody_waits(document.id)
    return work.change(document, state=State.RECALLED, frozen_at=work.at)


@dataclass(frozen=True, slots=True)
class MarkPaperReceived(Command):
    """The document that came electronically has now come on paper too: work goes on with the electronic one, the paper
    goes to the lead handler (NĐ 30 Art 21). handed_to: who has it now; nobody while it lies with the clerk."""

    document: DocumentId
    version: int
    handed_to: PersonId | None = None
    note: str = ""


def has_no_paper(work: Work, me: Actor, document: Document) -> bool:
    """Came electronically, and not yet on paper."""
    return document.flow is Flow.INCOMING and document.channel in (Channel.PACKET, Channel.MAIL) \
        and paper_of(work, document.id) is None


def paper_of(work: Work, document: DocumentId) -> Mapping[str, Any] | None:
    row = work.connection.execute(select(tables.paper_copy).where(
        tables.paper_copy.c.document == document)).mappings().first()
    return None if row is None else dict(row)


def has_lead(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    handling = Handling.read(work, document.id)
    return {"handed_to": handling.holder.person if handling.holder else None}


@rule(MarkPaperReceived, by=Role.CLERK, in_states=HERE - {State.WAITING_RECEIPT}, when=has_no_paper, order=74,
      prefill=has_lead, kinds={"handed_to": AskKind.PERSON})
def mark_paper_received(work: Work, me: Actor, c: MarkPaperReceived) -> Receipt:
    if c.handed_to is not None:
        must_read_content(work, c.handed_to, "handed_to")
        work.let_see(c.document, [c.handed_to])
    work.connection.execute(insert(tables.paper_copy).values(
        document=c.document, received_by=me.by, received_at=work.at, note=c.note, handed_to=c.handed_to,
        handed_at=work.at if c.handed_to else None))
    return receipt_for(work, c, work.change(work.document(c.document), paper_follows=False))


@dataclass(frozen=True, slots=True)
class HandOverPaper(Command):
    """The paper is handed over, as the hand-over list has it signed for."""

    document: DocumentId
    version: int
    handed_to: PersonId


def paper_lies_here(work: Work, me: Actor, document: Document) -> bool:
    paper = paper_of(work, document.id)
    return paper is not None and paper["handed_to"] is None


@rule(HandOverPaper, by=Role.CLERK, in_states=HERE - {State.WAITING_RECEIPT}, when=paper_lies_here, order=74,
      prefill=has_lead, kinds={"handed_to": AskKind.PERSON})
def hand_over_paper(work: Work, me: Actor, c: HandOverPaper) -> Receipt:
    must_read_content(work, c.handed_to, "handed_to")
    work.let_see(c.document, [c.handed_to])
    work.connection.execute(update(tables.paper_copy).where(tables.paper_copy.c.document == c.document)
                            .values(handed_to=c.handed_to, handed_at=work.at))
    return receipt_for(work, c, work.change(work.document(c.document)))
