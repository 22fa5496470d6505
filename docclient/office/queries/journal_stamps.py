"""What is known of the journal's age: the stamps over its head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from docclient.office.door import Query
from docclient.office.model import Actor, Digest
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class JournalStampView:
    """number, hash: of the entry that was the head. at: the token's time, aware UTC."""

    number: int
    hash: str
    token: Digest
    service: str
    at: datetime


@dataclass(frozen=True, slots=True)
class JournalStamps(Query[tuple[JournalStampView, ...]]):
    """The newest first. most: at most so many."""

    most: int = 30


@answers(JournalStamps)
def journal_stamps(work: Work, me: Actor, q: JournalStamps) -> tuple[JournalStampView, ...]:
    stamp = tables.journal_stamp
    rows = work.connection.execute(select(stamp).order_by(stamp.c.number.desc()).limit(max(q.most, 0))).mappings()
    return tuple(JournalStampView(row["number"], row["hash"], row["token"], row["service"], row["at"]) for row in rows)
