"""What is on its way out, across documents: items that wait, failed or were set aside, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from docclient.office.delivering import SET_ASIDE
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, DocumentId, Flow, Role
from docclient.office.queries.document_page import seen_document
from docclient.office.queries.fate import SendingView
from docclient.office.queries.office import OutboxItem, next_try
from docclient.office.registry import answers
from docclient.office.silence import count_silent
from docclient.store import tables
from docclient.store.work import Work

WAITING = ("waiting", "failed", SET_ASIDE)
MOST = 2_000


@dataclass(frozen=True, slots=True)
class OutboxRow(SendingView):
    """kind: document, recall, status. number_and_symbol, subject, version: of its document."""

    document: DocumentId
    flow: Flow
    number_and_symbol: str
    subject: str
    version: int

    @property
    def id(self) -> str:
        return self.item


@dataclass(frozen=True, slots=True)
class OutboxRows(Query[tuple[OutboxRow, ...]]):
    """What was set aside first, then what failed, then what waits; the oldest of each first. Raises: NotYours."""

    limit: int = MOST


@dataclass(frozen=True, slots=True)
class PacketsOf(Query[tuple[OutboxItem, ...]]):
    """The packets of one document, one for each recipient, whatever became of them; statuses and recalls apart.
    Raises: NotYours, NotFound."""

    document: DocumentId


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """silent: recipients that have said nothing for longer than the office waits."""

    waiting: int = 0
    failed: int = 0
    set_aside: int = 0
    silent: int = 0


@dataclass(frozen=True, slots=True)
class CountOutbox(Query[OutboxCounts]):
    """Raises: NotYours."""


@answers(OutboxRows)
def outbox_rows(work: Work, me: Actor, q: OutboxRows) -> tuple[OutboxRow, ...]:
    must_be_clerk(me, "OutboxRows")
    item, document = tables.outbox.c, tables.document.c
    rows = work.connection.execute(
        select(tables.outbox, document.flow, document.code_number, document.code_notation, document.subject,
               document.version)
        .join(tables.document, document.id == item.document)
        .where(item.state.in_(WAITING)).order_by(item.id)).mappings().all()
    order = (SET_ASIDE, "failed", "waiting")
    found = sorted(rows, key=lambda row: order.index(row["state"]))[:max(1, min(q.limit, MOST))]
    return tuple(OutboxRow(
        row["id"], row["kind"], row["status_code"], row["recipient_code"], row["recipient_name"], row["state"],
        row["tries"], row["error"], row["tried_at"] or row["at"],
        next_try(row["state"], row["tries"], row["tried_at"]), row["document"], Flow(row["flow"]),
        "/".join(part for part in (row["code_number"], row["code_notation"]) if part), row["subject"], row["version"])
        for row in found)


@answers(PacketsOf)
def packets_of(work: Work, me: Actor, q: PacketsOf) -> tuple[OutboxItem, ...]:
    must_be_clerk(me, "PacketsOf")
    document, item = seen_document(work, me, q.document), tables.outbox.c
    rows = work.connection.execute(
        select(tables.outbox).where(item.document == document.id, item.kind == "document").order_by(item.id)).mappings()
    return tuple(OutboxItem(
        row["id"], row["kind"], row["document"], document.flow, row["recipient_code"], row["recipient_name"],
        row["status_code"], row["description"], row["state"], row["digest"], row["error"], row["at"],
        row["tries"], row["refused"] or 0, next_try(row["state"], row["tries"], row["tried_at"])) for row in rows)


@answers(CountOutbox)
def count_outbox(work: Work, me: Actor, q: CountOutbox) -> OutboxCounts:
    must_be_clerk(me, "CountOutbox")
    item = tables.outbox.c
    counted = {row.state: row.number for row in work.connection.execute(
        select(item.state, func.count().label("number")).where(item.state.in_(WAITING)).group_by(item.state))}
    return OutboxCounts(counted.get("waiting", 0), counted.get("failed", 0), counted.get(SET_ASIDE, 0),
                        count_silent(work))


def must_be_clerk(me: Actor, query: str) -> None:
    if Role.CLERK not in me.roles:
        raise NotYours(command=query)
