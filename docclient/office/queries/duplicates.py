"""Duplicates of a document before it is registered (NĐ 30 Annex VI, A6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, DocumentId, Role, State
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers
from docclient.office.twins import Marks, TwinBy, twins_of
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class TwinView:
    """An earlier incoming document that seems to be the same. by: identifier, or number (with symbol and issuer)."""

    document: DocumentId
    by: TwinBy
    state: State
    type_name: str
    number_and_symbol: str
    issued_date: date | None
    issuer_name: str
    subject: str
    arrival_number: int | None
    arrival_date: date | None
    register_title: str


@dataclass(frozen=True, slots=True)
class Duplicates(Query[tuple[TwinView, ...]]):
    """For clerks. document: the one to be registered, whose own facts count where no others are given; None while it
    is only being typed. Raises: NotYours, NotFound."""

    document: DocumentId | None = None
    code_number: str = ""
    code_notation: str = ""
    issued_date: date | None = None
    issuer_code: str = ""
    issuer_name: str = ""
    exchange_id: str = ""


@answers(Duplicates)
def duplicates(work: Work, me: Actor, q: Duplicates) -> tuple[TwinView, ...]:
    if Role.CLERK not in me.roles:
        raise NotYours(command="Duplicates")
    marks = Marks(q.code_number, q.code_notation, q.issued_date, q.issuer_code, q.issuer_name, q.exchange_id)
    if q.document is not None:
        own = seen_document(work, me, q.document)
        marks = Marks(q.code_number or own.code_number or "", q.code_notation or own.code_notation or "",
                      q.issued_date or own.issued_date, q.issuer_code or own.issuer_code or "",
                      q.issuer_name or own.issuer_name or "", q.exchange_id or own.exchange_id or "")
    return tuple(view_of(work, each.document, each.by) for each in twins_of(work, marks, but=q.document))


def view_of(work: Work, identity: DocumentId, by: TwinBy) -> TwinView:
    found = work.document(identity)
    title = work.connection.scalar(select(tables.register.c.title).where(tables.register.c.id == found.register))
    return TwinView(found.id, by, found.state, found.type_name, found.number_and_symbol, found.issued_date,
                    found.issuer_name or "", found.subject, found.arrival_number, found.arrival_date, title or "")
