"""What the exchange with other offices reports: sent, failed, and the fate of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, select, update

from docclient.office.delivering import SET_ASIDE, WITHDRAWN, queue_packets
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, Why
from docclient.office.model import Actor, Digest, DocumentId, Flow, Role, new_id
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.twins import names_of_agency
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class PackItem(Command):
    """The packet of this item of the outbox is made; whatever is sent from now on, however often, is these bytes."""

    item: str
    packet: Digest


@dataclass(frozen=True, slots=True)
class MarkSent(Command):
    """A transport took this item of the outbox."""

    item: str


@dataclass(frozen=True, slots=True)
class MarkSendFailed(Command):
    """A transport could not be reached, or refused this item; it stays in the outbox and is tried again later. One that
    was refused, or could not be made, a third time is set aside for a clerk. reason: the error's code."""

    item: str
    reason: str
    refused: bool = False


REFUSALS = 3           # after so many an item is set aside


@rule(PackItem, by=Role.CLERK)
def pack_item(work: Work, me: Actor, c: PackItem) -> Receipt:
    work.name_blob(c.packet)
    row = item_of(work, c.item)
    if row["digest"] is None:
        work.connection.execute(update(tables.outbox).where(tables.outbox.c.id == c.item).values(digest=c.packet))
    return receipt_for(work, c, work.document(row["document"]), packet=row["digest"] or c.packet)


@rule(MarkSent, by=Role.CLERK)
def mark_sent(work: Work, me: Actor, c: MarkSent) -> Receipt:
    document = settle(work, c.item, state="sent", error=None)
    return receipt_for(work, c, work.document(document))


@rule(MarkSendFailed, by=Role.CLERK)
def mark_send_failed(work: Work, me: Actor, c: MarkSendFailed) -> Receipt:
    times = (item_of(work, c.item)["refused"] or 0) + c.refused
    state = SET_ASIDE if times >= REFUSALS else "failed"
    document = settle(work, c.item, state=state, error=c.reason[:500], refused=times or None)
    return receipt_for(work, c, work.document(document))


def item_of(work: Work, item: str) -> RowMapping:
    row = work.connection.execute(select(tables.outbox).where(tables.outbox.c.id == item)).mappings().first()
    if row is None:
        raise NotFound(what="item", id=item)
    return row


def settle(work: Work, item: str, **values: object) -> DocumentId:
    row = item_of(work, item)
    if row["state"] == "sent":          # two rounds at once: what was sent stays sent
        return DocumentId(row["document"])
    document = DocumentId(row["document"])
    if row["state"] in {WITHDRAWN, SET_ASIDE} and values["state"] != "sent":
        return document
    work.connection.execute(update(tables.outbox).where(tables.outbox.c.id == item)
                            .values(tries=row["tries"] + 1, tried_at=work.at, **values))
    work.touched.add(document)
    if row["kind"] == "document":
        work.connection.execute(
            update(tables.delivery).where(tables.delivery.c.document == row["document"],
                                          tables.delivery.c.agency_code == row["recipient_code"])
            .values(transport_state=values["state"]))
    if row["state"] == WITHDRAWN:       # on its way when the document was recalled: that one has to cancel it too
        queue_packets(work, document, [row["recipient_code"]], "recall")
    return document


@dataclass(frozen=True, slots=True)
class RecordStatus(Command):
    """A recipient reports what became of a document we sent (status codes of exchange, section 4).

    Matched by our identity of the document, else by its number, symbol and date; an unknown one is an error for the
    caller to set aside. A code is kept as it came; the furthest, then the newest by its own time, is what the delivery
    shows.
    at: aware UTC by the reporter's clock; None where the packet says nothing.
    """

    packet: Digest
    exchange_id: str
    reporter_code: str
    code: str
    description: str
    at: datetime | None = None
    number_and_symbol: str = ""
    issued_date: date | None = None


@rule(RecordStatus, by=Role.CLERK)
def record_status(work: Work, me: Actor, c: RecordStatus) -> Receipt:
    row = delivery_meant(work, c)
    if row is None:
        raise NotFound(what="document", id=c.exchange_id)
    if not c.code.strip():
        raise FieldWrong("code", Why.EMPTY)
    work.name_blob(c.packet)
    at = min(c.at or work.at, work.at)          # a sender's clock that runs ahead must not rule for ever
    work.insert_once(tables.delivery_status, id=new_id(), delivery=row["id"], code=c.code, description=c.description,
                     at=at)
    if row["status_at"] is None or (rank(row["status_code"]), row["status_at"]) <= (rank(c.code), at):
        work.connection.execute(update(tables.delivery).where(tables.delivery.c.id == row["id"])
                                .values(status_code=c.code, status_at=at))
    work.insert_once(tables.inbox, packet=c.packet, transport_id=c.exchange_id, document=row["document"], at=work.at)
    return receipt_for(work, c, work.document(row["document"]))


def delivery_meant(work: Work, c: RecordStatus) -> RowMapping | None:
    """Identifiers get altered: then number, symbol and date tell. The reporter goes by any of its codes."""
    document, delivery = tables.document.c, tables.delivery.c
    codes, _ = names_of_agency(work, c.reporter_code.strip(), "")
    query = (select(delivery.id, delivery.document, delivery.status_at, delivery.status_code)
             .join(tables.document, document.id == delivery.document)
             .where(document.flow == Flow.OUTGOING, delivery.agency_code.in_(codes)))
    found = work.connection.execute(query.where(document.exchange_id == c.exchange_id)).mappings().first()
    number, _, notation = c.number_and_symbol.partition("/")
    if found is not None or not (number and notation and c.issued_date):
        return found
    return work.connection.execute(query.where(
        document.code_number == number, document.code_notation == notation, document.issued_date == c.issued_date,
        document.exchange_id.is_not(None))).mappings().first()


def rank(code: str | None) -> int:
    """How far a status is along the way; codes count up, unknown ones lie before all."""
    return int(code) if code is not None and code.isdecimal() and len(code) == 2 else -1
