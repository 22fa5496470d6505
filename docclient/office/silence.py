"""Deliveries of which nothing was heard for too long: not that they arrived (01), not that they were accepted (03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from docclient.office.deadlines import office_calendar
from docclient.office.model import VIETNAM, DocumentId, State, start_of, today
from docclient.store import tables
from docclient.store.work import Work

ARRIVED_DAYS, ACCEPTED_DAYS = "silence_arrived_days", "silence_accepted_days"
"""Facts of the office: working days after which a missing 01, a missing 03 counts as silence."""
USUAL = {ARRIVED_DAYS: 1, ACCEPTED_DAYS: 2}
NOT_YET_ACCEPTED = "01"


@dataclass(frozen=True, slots=True)
class Silent:
    """status_code: heard last, None for nothing. working_days: since it was sent. urged_at: the last reminder."""

    document: DocumentId
    number_and_symbol: str
    subject: str
    agency_code: str
    agency_name: str
    sent_at: datetime
    working_days: int
    status_code: str | None
    urged_at: datetime | None


MOST = 2_000
"""Lines of a list of everything that is silent."""


def silent_of(work: Work, document: DocumentId | None = None) -> tuple[Silent, ...]:
    """Of one document, or of all that still run (`MOST` of them); longest silence first."""
    d, delivery, outbox, urged = (tables.document.c, tables.delivery.c, tables.outbox.c, tables.recipient_urging.c)
    query = silently(work, d.id, d.code_number, d.code_notation, d.subject, delivery.agency_code,
                     delivery.agency_name, delivery.status_code, SENT_AT.label("sent_at"))
    if document is not None:
        query = query.where(d.id == document)
    rows = work.connection.execute(query.order_by(SENT_AT, outbox.id).limit(MOST)).all()
    reminded: dict[tuple[str, str], datetime] = {}
    for each in work.connection.execute(select(urged.document, urged.agency_code, urged.at).where(
            urged.document.in_({row.id for row in rows})).order_by(urged.id)):
        reminded[each.document, each.agency_code] = each.at
    calendar, day = office_calendar(work), today()
    return tuple(Silent(
        DocumentId(row.id), f"{row.code_number}/{row.code_notation}", row.subject, row.agency_code, row.agency_name,
        row.sent_at, calendar.between(row.sent_at.astimezone(VIETNAM).date(), day), row.status_code,
        reminded.get((row.id, row.agency_code))) for row in rows)


def count_silent(work: Work) -> int:
    return work.connection.scalar(silently(work, func.count())) or 0


SENT_AT = func.coalesce(tables.outbox.c.tried_at, tables.outbox.c.at)


def silently(work: Work, *columns: Any) -> Select[Any]:
    """What has been silent for the office's days: sent before the working day from which that is so."""
    d, delivery, outbox = (tables.document.c, tables.delivery.c, tables.outbox.c)
    return (
        select(*columns).select_from(tables.outbox)
        .join(tables.delivery, (delivery.document == outbox.document) & (delivery.agency_code == outbox.recipient_code))
        .join(tables.document, d.id == outbox.document)
        .where(outbox.kind == "document", outbox.state == "sent", d.state.in_([State.ISSUED, State.CORRECTED]), or_(
            delivery.status_code.is_(None) & (silent_before(work, ARRIVED_DAYS) > SENT_AT),
            (delivery.status_code == NOT_YET_ACCEPTED) & (silent_before(work, ACCEPTED_DAYS) > SENT_AT))))


def silent_before(work: Work, name: str) -> datetime:
    """Whatever was sent before this moment has waited so many working days, or longer."""
    calendar, day, days = office_calendar(work), today(), days_set(work, name)
    last = day
    while calendar.between(last, day) < days:
        last -= timedelta(days=1)
    return start_of(last + timedelta(days=1))


def days_set(work: Work, name: str) -> int:
    text = work.fact(name, str(USUAL[name]))
    return int(text) if text.isascii() and text.isdecimal() else USUAL[name]
