"""A sender takes a document back, updates or replaces it; a clerk agrees (status 15) or refuses (status 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from docclient.office.changes import (
    RECALLING,
    Asking,
    ChangeKind,
    Meant,
    ask_change,
    documents_meant,
    open_changes,
    settle_changes,
)
from docclient.office.commands.recalling import HERE, end_as_recalled
from docclient.office.commands.statuses import answer
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.handling import Handling
from docclient.office.held import hold
from docclient.office.model import Actor, Digest, Document, DocumentId, Flow, PersonId, Role, State
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

AGREED, REFUSED = "15", "16"
ANSWERABLE = HERE | {State.RETURNED, State.REPLACED}


@dataclass(frozen=True, slots=True)
class ReceiveRequest(Command):
    """A sender asks for a document back (packet of operation 1, status 13), or says without any file that it was
    updated or replaced. The same packet given again asks nothing again.

    about: the documents meant; where none of them is here, the request is held until one comes.
    """

    transport_id: str
    packet: Digest
    change: ChangeKind
    sender_code: str
    sender_name: str
    about: tuple[Meant, ...]
    reason: str = ""
    said_at: datetime | None = None


@rule(ReceiveRequest, by=Role.CLERK)
def receive_request(work: Work, me: Actor, c: ReceiveRequest) -> Receipt:
    work.name_blob(c.packet)
    known = work.connection.execute(select(tables.inbox.c.document).where(tables.inbox.c.packet == c.packet)).first()
    if known is not None and known.document is not None:
        return receipt_for(work, c, work.document(DocumentId(known.document)), repeated="yes")
    documents = documents_meant(work, c.sender_code, c.sender_name, c.about) if known is None else ()
    if not documents:
        if known is None:
            work.insert_once(tables.inbox, packet=c.packet, transport_id=c.transport_id, document=None, at=work.at)
            hold(work)
        return Receipt(type(c).__name__, work.entry, facts={"asked": c.change.value, "held": "yes"})
    asking = Asking(c.change, c.packet, c.sender_code, c.sender_name, c.reason, c.said_at)
    for document in documents:
        if not ask_change(work, document, asking):
            answer(work, document, AGREED, "", to=c.sender_code, name=c.sender_name)
    first = documents[0].id
    work.insert_once(tables.inbox, packet=c.packet, transport_id=c.transport_id, document=first, at=work.at)
    return receipt_for(work, c, work.document(first), asked=c.change.value)


@dataclass(frozen=True, slots=True)
class AgreeToChange(Command):
    """The clerk agrees to what the sender asks, all of it: a document taken back is frozen with the recall's own data
    (NĐ 30 Annex VI), a replaced one is worked on no longer, whoever handles an updated one is told of the new one.
    Answers with status 15."""

    document: DocumentId
    version: int
    words: str = ""


def change_is_asked(work: Work, me: Actor, document: Document) -> bool:
    return document.flow is Flow.INCOMING and bool(open_changes(work, document.id))


@rule(AgreeToChange, by=Role.CLERK, in_states=ANSWERABLE, when=change_is_asked, order=4,
      kinds={"words": AskKind.LONG_TEXT})
def agree_to_change(work: Work, me: Actor, c: AgreeToChange) -> Receipt:
    document, asked = work.document(c.document), open_changes(work, c.document)
    kinds = {ChangeKind(each["kind"]) for each in asked}
    handlers = [share.person for share in Handling.read(work, c.document).shares]
    tell_answer(work, document, AGREED, c.words)
    settle_changes(work, me, c.document, agreed=True, words=c.words)
    if kinds & RECALLING:
        first = next(each for each in asked if ChangeKind(each["kind"]) in RECALLING)
        return receipt_for(work, c, end_as_recalled(
            work, me, document, reason=first["reason"] or c.words or first["kind"], packet=Digest(first["packet"])))
    show_successors(work, [each["successor"] for each in asked], handlers, c.document, asked[-1]["reason"])
    if ChangeKind.REPLACE in kinds:
        work.nobody_waits(c.document)
        return receipt_for(work, c, work.change(document, state=State.REPLACED))
    return receipt_for(work, c, work.change(document))


def show_successors(work: Work, successors: list[str | None], persons: list[PersonId], document: DocumentId,
                    reason: str) -> None:
    """Whoever worked with the old one may read what came in its place, and is told."""
    for successor in successors:
        if successor is not None:
            work.let_see(DocumentId(successor), persons)
    notify(work, persons, NoticeKind.SENDER_CHANGED, document=document, words=reason)


@dataclass(frozen=True, slots=True)
class RefuseChange(Command):
    """The clerk refuses what the sender asks, with the reason: work goes on. Answers with status 16."""

    document: DocumentId
    version: int
    reason: str


@rule(RefuseChange, by=Role.CLERK, in_states=ANSWERABLE, when=change_is_asked, order=5, negative=True,
      kinds={"reason": AskKind.LONG_TEXT})
def refuse_change(work: Work, me: Actor, c: RefuseChange) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    document = work.document(c.document)
    tell_answer(work, document, REFUSED, c.reason)
    settle_changes(work, me, c.document, agreed=False, words=c.reason)
    return receipt_for(work, c, work.change(document))


def tell_answer(work: Work, document: Document, code: str, words: str) -> None:
    for each in open_changes(work, document.id):
        answer(work, document, code, words, to=each["asker_code"], name=each["asker_name"])
