"""What a sender asks of a document that it sent: to take it back, update it, replace it (exchange, sections 3 and 4).

Each packet asks once. The old document stays as it is until a clerk has answered; the answer is status 15 or 16.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import RowMapping, select, update

from docclient.office.model import Actor, Digest, Document, DocumentId, LinkKind, Role, State, WaitKind, new_id
from docclient.office.twins import Marks, TwinBy, twins_of
from docclient.store import tables
from docclient.store.work import Work


class ChangeKind(StrEnum):
    """How it was asked; words codes `changekind.…`."""

    REVOKE = "revoke"          # packet of operation 1: thu hồi
    UPDATE = "update"          # 2: cập nhật
    REPLACE = "replace"        # 3: thay thế
    TAKE_BACK = "take_back"    # status packet 13: lấy lại


RECALLING = frozenset({ChangeKind.REVOKE, ChangeKind.TAKE_BACK})
LINK_OF = {ChangeKind.UPDATE: LinkKind.UPDATES, ChangeKind.REPLACE: LinkKind.REPLACES}
GONE = frozenset({State.RECALLED, State.REPLACED})


@dataclass(frozen=True, slots=True)
class Meant:
    """The document that a packet means, in the sender's words. number_and_symbol: as printed, `12/QĐ-VP`."""

    exchange_id: str = ""
    number_and_symbol: str = ""
    issued_date: date | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, by which packet, and why. said_at: by the sender's clock."""

    kind: ChangeKind
    packet: Digest
    asker_code: str
    asker_name: str
    reason: str
    said_at: datetime | None = None


def documents_meant(work: Work, asker_code: str, asker_name: str, about: Iterable[Meant],
                    but: DocumentId | None = None) -> tuple[Document, ...]:
    """By identifier, else by number, symbol and date; only documents of the agency that asks. Of several the newest
    that still runs: an update comes under the identifier of what it updates."""
    found: dict[DocumentId, Document] = {}
    for each in about:
        number, _, notation = each.number_and_symbol.partition("/")
        twins = twins_of(work, Marks(number, notation, each.issued_date, asker_code.strip(), asker_name,
                                     each.exchange_id.strip()), but=but)
        named = [twin.document for twin in twins if twin.by is TwinBy.IDENTIFIER] or [twin.document for twin in twins]
        documents = [work.document(identity) for identity in named]
        if documents:
            newest = ([document for document in documents if document.state not in GONE] or documents)[-1]
            found[newest.id] = newest
    return tuple(found.values())


def ask_change(work: Work, document: Document, asking: Asking, successor: DocumentId | None = None) -> bool:
    """Keep what is asked and let the clerk answer. Returns whether it has to be answered: of a document that was
    taken back before there is nothing left to decide."""
    decided = document.state is State.RECALLED
    put_in = work.insert_once(
        tables.asked_change, id=new_id(), document=document.id, kind=asking.kind, packet=asking.packet,
        asker_code=asking.asker_code, asker_name=asking.asker_name, reason=asking.reason, successor=successor,
        said_at=asking.said_at, at=work.at, answered_by=None, answered_at=work.at if decided else None,
        agreed=True if decided else None, answer="" if decided else None)
    if successor is not None and asking.kind in LINK_OF:
        work.insert_once(tables.link, source=successor, target=document.id, kind=LINK_OF[asking.kind])
        work.touched.add(successor)
    work.touched.add(document.id)
    if not put_in or decided:
        return False
    if work.connection.scalar(select(tables.waiting.c.id).where(
            tables.waiting.c.document == document.id, tables.waiting.c.kind == WaitKind.ASKED_CHANGE)) is None:
        work.wait_for(document.id, WaitKind.ASKED_CHANGE, role=Role.CLERK)
    work.change(document)
    return True


def open_changes(work: Work, document: DocumentId) -> Sequence[RowMapping]:
    """What is asked and not answered yet, oldest first."""
    return work.connection.execute(
        select(tables.asked_change).where(tables.asked_change.c.document == document,
                                          tables.asked_change.c.answered_at.is_(None))
        .order_by(tables.asked_change.c.id)).mappings().all()


def settle_changes(work: Work, me: Actor, document: DocumentId, *, agreed: bool, words: str) -> None:
    """All that is open on this document has this answer: the sender is told once per document and code."""
    work.connection.execute(
        update(tables.asked_change).where(tables.asked_change.c.document == document,
                                          tables.asked_change.c.answered_at.is_(None))
        .values(answered_by=me.by, answered_at=work.at, agreed=agreed, answer=words))
    work.nobody_waits(document, WaitKind.ASKED_CHANGE)

