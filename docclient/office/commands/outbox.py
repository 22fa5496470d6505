"""What a clerk does about the outbox: send again at once, give an item up, remind a recipient that says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from docclient.office.commands.exchanging import item_of
from docclient.office.delivering import SET_ASIDE
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Document, DocumentId, Role, State, new_id
from docclient.office.one_of import OneOf
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.silence import silent_of
from docclient.store import tables
from docclient.store.work import Work

EVERY_STATE = frozenset(State)
STUCK = ("failed", SET_ASIDE)


@dataclass(frozen=True, slots=True)
class SendAgain(Command):
    """Try an item of the outbox again at once, as if it had never failed. item: empty for everything of this document
    that failed or was set aside."""

    document: DocumentId
    version: int
    item: str = ""


@dataclass(frozen=True, slots=True)
class SetAside(Command):
    """Give an item of the outbox up: it is not tried any more until somebody sends it again. item: empty for everything
    of this document that failed."""

    document: DocumentId
    version: int
    reason: str
    item: str = ""


def has_stuck(work: Work, me: Actor, document: Document) -> bool:
    return bool(items(work, document.id, tables.outbox.c.state.in_(STUCK)))


def has_failed(work: Work, me: Actor, document: Document) -> bool:
    return bool(items(work, document.id, tables.outbox.c.state == "failed"))


def items(work: Work, document: DocumentId, which: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(item, recipient) of this document."""
    rows = work.connection.execute(select(tables.outbox).where(tables.outbox.c.document == document, which)
                                   .order_by(tables.outbox.c.id)).mappings()
    return [(row["id"], " ".join(each for each in (row["recipient_name"], row["status_code"]) if each)) for row in rows]


def stuck_items(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"item": OneOf((("", "–"), *items(work, document.id, tables.outbox.c.state.in_(STUCK))), "")}


def failed_items(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"item": OneOf((("", "–"), *items(work, document.id, tables.outbox.c.state == "failed")), "")}


@rule(SendAgain, by=Role.CLERK, in_states=EVERY_STATE, when=has_stuck, order=32, prefill=stuck_items, on_frozen=True)
def send_again(work: Work, me: Actor, c: SendAgain) -> Receipt:
    return change_items(work, c, STUCK, state="waiting", tries=0, refused=None, error=None, tried_at=None)


@rule(SetAside, by=Role.CLERK, in_states=EVERY_STATE, when=has_failed, order=93, negative=True, prefill=failed_items,
      on_frozen=True, kinds={"reason": AskKind.LONG_TEXT})
def set_aside(work: Work, me: Actor, c: SetAside) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    return change_items(work, c, ("failed",), state=SET_ASIDE)


def change_items(work: Work, c: SendAgain | SetAside, states: tuple[str, ...], **values: Any) -> Receipt:
    wanted = [each for each, _ in items(work, c.document, tables.outbox.c.state.in_(states))]
    if c.item:
        if c.item not in wanted:
            raise FieldWrong("item", Why.UNKNOWN)
        wanted = [c.item]
    for each in wanted:
        row = item_of(work, each)
        work.connection.execute(update(tables.outbox).where(tables.outbox.c.id == each).values(**values))
        if row["kind"] == "document":
            work.connection.execute(update(tables.delivery).where(
                tables.delivery.c.document == c.document, tables.delivery.c.agency_code == row["recipient_code"])
                .values(transport_state=values["state"]))
    return receipt_for(work, c, work.change(work.document(c.document)), items=str(len(wanted)))


@dataclass(frozen=True, slots=True)
class UrgeRecipient(Command):
    """A recipient that has said nothing for too long was reminded: who did it, when, in which words. The exchange
    format knows no reminder, and sending a document again is an update, for changed content only (exchange, section
    3): the words go out by telephone or e-mail, and this is the note of it."""

    document: DocumentId
    version: int
    recipient: str
    words: str


def somebody_is_silent(work: Work, me: Actor, document: Document) -> bool:
    return bool(silent_of(work, document.id))


def silent_ones(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    silent = silent_of(work, document.id)
    return {"recipient": OneOf(tuple((each.agency_code, each.agency_name) for each in silent),
                               silent[0].agency_code if silent else None)}


@rule(UrgeRecipient, by=Role.CLERK, in_states={State.ISSUED, State.CORRECTED}, when=somebody_is_silent, order=35,
      prefill=silent_ones, kinds={"words": AskKind.LONG_TEXT})
def urge_recipient(work: Work, me: Actor, c: UrgeRecipient) -> Receipt:
    if c.recipient not in {each.agency_code for each in silent_of(work, c.document)}:
        raise FieldWrong("recipient", Why.UNKNOWN)
    if not c.words.strip():
        raise FieldWrong("words", Why.EMPTY)
    work.connection.execute(insert(tables.recipient_urging).values(
        id=new_id(), document=c.document, agency_code=c.recipient, by=me.by, words=c.words, at=work.at))
    return receipt_for(work, c, work.change(work.document(c.document)))
