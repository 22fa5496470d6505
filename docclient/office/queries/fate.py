"""What became of a document between agencies: each recipient's time line, what senders ask, who says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from docclient.office.changes import ChangeKind
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, DocumentId, Role
from docclient.office.queries.document_page import DeliveryView, deliveries_of, seen_document
from docclient.office.queries.office import next_try
from docclient.office.registry import answers
from docclient.office.rights import sees_whole
from docclient.office.silence import ACCEPTED_DAYS, ARRIVED_DAYS, Silent, days_set, silent_of
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class SendingView:
    """An item of the outbox. kind: document, recall, status. state: waiting, sent, failed, set_aside, withdrawn. at: of
    the last try, else of its making. error: why the last try failed, a code of words. next_try: None: at once or
    never again."""

    item: str
    kind: str
    status_code: str
    recipient_code: str
    recipient_name: str
    state: str
    tries: int
    error: str | None
    at: datetime
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class UrgingView:
    by_name: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RecipientView:
    """What is known of one recipient; transport (sendings) and business (delivery.statuses) apart."""

    delivery: DeliveryView
    sendings: tuple[SendingView, ...]
    urgings: tuple[UrgingView, ...]
    silent_days: int | None


@dataclass(frozen=True, slots=True)
class AskedChangeView:
    """agreed: None while it waits for a clerk."""

    kind: ChangeKind
    asker_name: str
    reason: str
    at: datetime
    successor: DocumentId | None
    agreed: bool | None
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class FateView:
    """asked: what its sender asks of an incoming document, oldest first. answers: the statuses we owe its sender."""

    recipients: tuple[RecipientView, ...]
    asked: tuple[AskedChangeView, ...]
    answers: tuple[SendingView, ...]


@dataclass(frozen=True, slots=True)
class FateOf(Query[FateView]):
    """Raises: NotFound."""

    document: DocumentId


@answers(FateOf)
def fate_of(work: Work, me: Actor, q: FateOf) -> FateView:
    document = seen_document(work, me, q.document)
    if me.marked and not sees_whole(work, me, document.id):            # one file alone: nothing of where it went
        return FateView((), (), ())
    sendings = sendings_of(work, document.id)
    silent = {each.agency_code: each.working_days for each in silent_of(work, document.id)}
    urgings: dict[str, list[UrgingView]] = {}
    for row in work.connection.execute(
            select(tables.recipient_urging, tables.person.c.name)
            .join(tables.person, tables.person.c.id == tables.recipient_urging.c.by)
            .where(tables.recipient_urging.c.document == document.id)
            .order_by(tables.recipient_urging.c.id)).mappings():
        urgings.setdefault(row["agency_code"], []).append(UrgingView(row["name"], row["words"], row["at"]))
    recipients = tuple(RecipientView(
        each, tuple(sending for sending in sendings if sending.recipient_code == each.agency_code),
        tuple(urgings.get(each.agency_code, ())), silent.get(each.agency_code))
        for each in deliveries_of(work, document.id))
    return FateView(recipients, asked_of(work, document.id), () if recipients else sendings)


def sendings_of(work: Work, document: DocumentId) -> tuple[SendingView, ...]:
    rows = work.connection.execute(select(tables.outbox).where(tables.outbox.c.document == document)
                                   .order_by(tables.outbox.c.id)).mappings()
    return tuple(SendingView(
        row["id"], row["kind"], row["status_code"], row["recipient_code"], row["recipient_name"], row["state"],
        row["tries"], row["error"], row["tried_at"] or row["at"],
        next_try(row["state"], row["tries"], row["tried_at"])) for row in rows)


def asked_of(work: Work, document: DocumentId) -> tuple[AskedChangeView, ...]:
    asked = tables.asked_change
    rows = work.connection.execute(
        select(asked, tables.person.c.name).outerjoin(tables.person, tables.person.c.id == asked.c.answered_by)
        .where(asked.c.document == document).order_by(asked.c.id)).mappings()
    return tuple(AskedChangeView(
        ChangeKind(row["kind"]), row["asker_name"], row["reason"], row["at"], row["successor"], row["agreed"],
        row["answer"] or "", row["name"] or "", row["answered_at"]) for row in rows)


@dataclass(frozen=True, slots=True)
class SilentDeliveries(Query[tuple[Silent, ...]]):
    """Every recipient that has said nothing for longer than the office waits. Raises: NotYours."""


@dataclass(frozen=True, slots=True)
class SilenceDaysView:
    """In working days: without 01; with 01 and without 03."""

    arrived_days: int
    accepted_days: int


@dataclass(frozen=True, slots=True)
class SilenceDays(Query[SilenceDaysView]):
    """How long the office waits before a recipient counts as silent."""


@answers(SilenceDays)
def silence_days(work: Work, me: Actor, q: SilenceDays) -> SilenceDaysView:
    return SilenceDaysView(days_set(work, ARRIVED_DAYS), days_set(work, ACCEPTED_DAYS))


@answers(SilentDeliveries)
def silent_deliveries(work: Work, me: Actor, q: SilentDeliveries) -> tuple[Silent, ...]:
    if not me.roles & {Role.CLERK, Role.CHIEF_OF_OFFICE}:
        raise NotYours(command="SilentDeliveries")
    return silent_of(work)
