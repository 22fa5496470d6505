"""What a sender asks of a document that has not come yet: packets travel by several ways and in any order.

The request is taken in and held; when the document comes, it is asked of it as if it had come after. What is held are
journal entries: their commands say everything. After `DAYS` a document is no longer waited for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from docclient.office.changes import Asking, ChangeKind, Meant, ask_change, documents_meant
from docclient.office.model import Digest, Document, DocumentId
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.work import Work

HELD = "held_requests"
"""The fact of the office that names the entries."""
ASKING = ("ReceivePacket", "ReceiveRequest")
MOST = 200
DAYS = 60


@dataclass(frozen=True, slots=True)
class Held:
    """entry: of the journal. successor: what came in place of the document, if something did."""

    entry: int
    asking: Asking
    about: tuple[Meant, ...]
    at: datetime
    successor: DocumentId | None = None


def hold(work: Work) -> None:
    """What is being carried out asks for a change of a document that is not here."""
    keep(work, [*entries(work), work.entry])


def entries(work: Work) -> list[int]:
    try:
        found = json.loads(work.fact(HELD, "[]"))
    except ValueError:
        return []
    return [each for each in found if isinstance(each, int)] if isinstance(found, list) else []


def keep(work: Work, numbers: list[int]) -> None:
    work.set_fact(HELD, json.dumps(numbers[-MOST:]))


def held_requests(work: Work) -> tuple[Held, ...]:
    """What still waits for its document, oldest first."""
    numbers = entries(work)
    if not numbers:
        return ()
    journal = tables.journal.c
    rows = work.connection.execute(select(journal.number, journal.at, journal.fields).where(
        journal.number.in_(numbers), journal.command.in_(ASKING)).order_by(journal.number)).all()
    found = [held_in(work, row.number, datetime.fromisoformat(row.at), json.loads(row.fields)) for row in rows]
    return tuple(each for each in found if each.at > work.at - timedelta(days=DAYS))


def held_in(work: Work, entry: int, at: datetime, fields: dict[str, Any]) -> Held:
    """What the command of this entry asks: a request without files, or a document that comes for another."""
    packet = Digest(fields["packet"])
    said_at = fields.get("said_at")
    brought = work.connection.scalar(select(tables.inbox.c.document).where(tables.inbox.c.packet == packet))
    return Held(
        entry, Asking(ChangeKind(fields["change"]), packet, fields["sender_code"], fields["sender_name"],
                      fields["reason"], datetime.fromisoformat(said_at) if said_at else None),
        tuple(Meant(each["exchange_id"], each["number_and_symbol"],
                    date.fromisoformat(each["issued_date"]) if each["issued_date"] else None)
              for each in fields["about"]),
        at, DocumentId(brought) if brought is not None else None)


def ask_what_was_held(work: Work, document: Document) -> tuple[DocumentId, ...]:
    """Ask of a document that has just come what was held for it. Returns what came in its place before it."""
    waiting = held_requests(work)
    asked = [each for each in waiting if may_mean(each.about, document) and document.id in {
        meant.id for meant in documents_meant(work, each.asking.asker_code, each.asking.asker_name, each.about,
                                              but=each.successor)}]
    for each in asked:
        ask_change(work, work.document(document.id), each.asking, each.successor)
        work.connection.execute(update(tables.inbox).where(
            tables.inbox.c.packet == each.asking.packet, tables.inbox.c.document.is_(None)
        ).values(document=document.id))
    if asked:
        keep(work, [each.entry for each in waiting if each not in asked])
    return tuple(each.successor for each in asked if each.successor is not None)


def may_mean(about: tuple[Meant, ...], document: Document) -> bool:
    """A quick look before the careful one."""
    number = pressed(document.number_and_symbol)
    return any((each.exchange_id and each.exchange_id.strip() == document.exchange_id)
               or (each.number_and_symbol and pressed(each.number_and_symbol) == number) for each in about)


def pressed(text: str) -> str:
    return fold(text).replace(" ", "").lstrip("0")
