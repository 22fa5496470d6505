"""Deliveries of which nothing was heard for too long: not that they arrived (01), not that they were accepted (03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from docclient.office.deadlines import office_calendar
from docclient.office.model import VIETNAM, DocumentId, State, today
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


def silent_of(work: Work, document: DocumentId | None = None) -> tuple[Silent, ...]:
    """Of one document, or of all that still run; longest silence first."""
    d, delivery, outbox, urged = (tables.document.c, tables.delivery.c, tables.outbox.c, tables.recipient_urging.c)
    query = (
        select(d.id, d.code_number, d.code_notation, d.subject, delivery.agency_code, delivery.agency_name,
               delivery.status_code, outbox.tried_at, outbox.at)
        .join(tables.delivery, delivery.document == d.id)
        .join(tables.outbox, (outbox.document == d.id) & (outbox.recipient_code == delivery.agency_code))
        .where(d.state.in_([State.ISSUED, State.CORRECTED]), outbox.kind == "document", outbox.state == "sent",
               or_(delivery.status_code.is_(None), delivery.status_code == NOT_YET_ACCEPTED)))
    if document is not None:
        query = query.where(d.id == document)
    rows = work.connection.execute(query.order_by(outbox.id)).all()
    if not rows:
        return ()
    reminded: dict[tuple[str, str], datetime] = {}
    for each in work.connection.execute(select(urged.document, urged.agency_code, urged.at).where(
            urged.document.in_({row.id for row in rows})).order_by(urged.id)):
        reminded[each.document, each.agency_code] = each.at
    calendar, day = office_calendar(work), today()
    limits = {code: days_set(work, name) for code, name in ((None, ARRIVED_DAYS), (NOT_YET_ACCEPTED, ACCEPTED_DAYS))}
    found = []
    for row in rows:
        sent = row.tried_at or row.at
        passed = calendar.between(sent.astimezone(VIETNAM).date(), day)
        if passed >= limits[row.status_code]:
            found.append(Silent(
                DocumentId(row.id), f"{row.code_number}/{row.code_notation}", row.subject, row.agency_code,
                row.agency_name, sent, passed, row.status_code, reminded.get((row.id, row.agency_code))))
    return tuple(sorted(found, key=lambda each: -each.working_days))


def days_set(work: Work, name: str) -> int:
    text = work.fact(name, str(USUAL[name]))
    return int(text) if text.isascii() and text.isdecimal() else USUAL[name]
