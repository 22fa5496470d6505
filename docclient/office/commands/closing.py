"""Ends beside the usual one, and going on again: finished without an answer, reopened."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from docclient.office.commands.incoming import close, leads, present
from docclient.office.commands.statuses import queue_status
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.handling import WAITS_FOR, Handling
from docclient.office.model import Actor, Document, DocumentId, HandlerRole, PersonId, Role, State, WaitKind
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.wording import count_use
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class FinishWithoutAnswer(Command):
    """The lead handler ends the matter without a written answer, and says why. Answers with status 06."""

    document: DocumentId
    version: int
    reason: str


@rule(FinishWithoutAnswer, in_states={State.ASSIGNED, State.IN_WORK}, when=leads, order=45,
      kinds={"reason": AskKind.PHRASED})
def finish_without_answer(work: Work, me: Actor, c: FinishWithoutAnswer) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    count_use(work, me, "finish", c.reason)
    changed = close(work, me, c.document, State.FINISHED, "without_answer", c.reason)
    queue_status(work, changed, "06", c.reason)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    """What was finished or kept goes on: a leader, or who led the work, says why. Who handled it handles it again."""

    document: DocumentId
    version: int
    reason: str


def leader_or_lead(work: Work, me: Actor, document: Document) -> bool:
    return Role.LEADER in me.roles or leads(work, me, document)


@rule(Reopen, in_states={State.FINISHED, State.KEPT}, when=leader_or_lead, order=70,
      kinds={"reason": AskKind.LONG_TEXT})
def reopen(work: Work, me: Actor, c: Reopen) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    work.connection.execute(
        update(tables.closing).where(tables.closing.c.document == c.document, tables.closing.c.reopened_at.is_(None))
        .values(reopened_by=me.person, reopened_at=work.at, reopened_why=c.reason))
    document, handling = work.document(c.document), Handling.read(work, c.document)
    if not handling.shares:                    # a leader had kept it without directing
        present(work, me, c.document, who_kept(work, me, c.document))
        return receipt_for(work, c, work.change(document, state=State.WAITING_DIRECTION))
    work.connection.execute(update(tables.handler).where(tables.handler.c.document == c.document)
                            .values(finished_at=None))
    for share in handling.shares:
        if share.role is HandlerRole.INFORMED:
            continue
        passed_on = handling.below(share) is not None
        work.wait_for(c.document, WaitKind.FOLLOW if passed_on else WAITS_FOR[share.role], person=share.person)
    return receipt_for(work, c, work.change(document, state=State.IN_WORK))


def who_kept(work: Work, me: Actor, document: DocumentId) -> PersonId:
    if Role.LEADER in me.roles:
        return me.person
    return PersonId(work.connection.execute(
        select(tables.closing.c.by).where(tables.closing.c.document == document)
        .order_by(tables.closing.c.id.desc()).limit(1)).scalar_one())
