"""A time-stamp over the journal's head: from then on nobody can write the journal anew without its showing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from docclient.office.checking_stamps import digest_of
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import office_trust
from docclient.office.journal import Head
from docclient.office.model import Actor, Digest, Role
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work
from signing.loose_stamps import NotAStamp, judge_loose_stamp


@dataclass(frozen=True, slots=True)
class StampJournal(Command):
    """A token (RFC 3161) over the hash of journal entry `number`, which was the head when it was asked for. Given by a
    program's daily work, never asked of a person. service: where it came from."""

    number: int
    token: Digest
    service: str


@dataclass(frozen=True, slots=True)
class StampedHead:
    head: Head
    at: datetime


def examine_stamp(blobs: Blobs, work: Work, c: StampJournal) -> StampedHead:
    """Raises: FieldWrong, BlobMissing, BlobChanged."""
    hash_ = work.connection.scalar(select(tables.journal.c.hash).where(tables.journal.c.number == c.number))
    if hash_ is None:
        raise FieldWrong("number", Why.UNKNOWN)
    head = Head(c.number, hash_)
    with blobs.open(c.token) as stream:
        token = stream.read()
    try:
        judged = judge_loose_stamp(token, digest_of(head), office_trust(blobs, work))
    except NotAStamp:
        raise FieldWrong("token", Why.NOT_A_STAMP) from None
    if not judged.intact or judged.at is None:
        raise FieldWrong("token", Why.NOT_A_STAMP)
    return StampedHead(head, judged.at)


@rule(StampJournal, by={Role.ADMINISTRATOR, Role.CLERK, Role.CHIEF_OF_OFFICE}, examine=examine_stamp, offered=False)
def stamp_journal(work: Work, me: Actor, c: StampJournal, found: StampedHead) -> Receipt:
    work.name_blob(c.token)
    if not work.insert_once(tables.journal_stamp, number=found.head.number, hash=found.head.hash, token=c.token,
                            service=c.service, at=found.at):
        raise FieldWrong("number", Why.TAKEN)
    return Receipt(type(c).__name__, work.entry, facts={"at": found.at.isoformat()})
