"""The journal's head is stamped once a day, by whoever keeps the office; the token is kept in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from docclient.office.commands.journal_stamps import StampJournal
from docclient.office.door import Office
from docclient.office.model import now
from docclient.office.queries.journal_stamps import JournalStamps, JournalStampView
from docclient.office.queries.office import JournalHead
from signing.loose_stamps import stamp_digest
from signing.timestamps import TimestampService

DAILY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StampedJournal:
    """number, hash: of the entry that was the head. token: DER. at: its time, aware UTC."""

    number: int
    hash: str
    token: bytes
    at: datetime


def stamp_journal(office: Office, services: TimestampService) -> StampedJournal | None:
    """Stamp the head as it is now; None where nothing but the last stamp has happened since that stamp.

    Raises: TimestampRefused, TimestampUnreachable, TimestampResting, NotYours.
    """
    head = office.ask(JournalHead())
    newest = newest_stamp(office)
    if head.entries == 0 or (newest is not None and newest.number + 1 >= head.entries):
        return None
    token = stamp_digest(bytes.fromhex(head.head), services)
    receipt = office.do(StampJournal(head.entries, office.put(token), ", ".join(services.addresses)))
    return StampedJournal(head.entries, head.head, token, datetime.fromisoformat(receipt.facts["at"]))


def stamp_is_due(office: Office) -> bool:
    """Has a day passed since the last stamp, and anything happened?"""
    newest = newest_stamp(office)
    entries = office.ask(JournalHead()).entries
    return newest is None or (now() - newest.at >= DAILY and entries > newest.number + 1)


def newest_stamp(office: Office) -> JournalStampView | None:
    stamps = office.ask(JournalStamps(most=1))
    return stamps[0] if stamps else None
