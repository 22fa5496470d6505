"""Cancelled numbers as the outgoing register prints them: they keep their row, with why, and are never given again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from docclient.office import numbering
from docclient.office.model import DocumentId
from docclient.store import tables
from docclient.store.work import Work
from docclient.words import Language, phrase


@dataclass(frozen=True, slots=True)
class CancelledRow:
    """columns: the ten of the outgoing register (NĐ 30 Annex IV)."""

    document: DocumentId
    number: int
    day: date
    columns: tuple[str, ...]


def cancelled_rows(work: Work, register: str, after: int, upto: int | None) -> list[CancelledRow]:
    """Of the numbers above `after`, up to and with `upto` (None: to the end)."""
    given = tables.given_number
    query = select(given).where(given.c.register == register, given.c.cancelled_at.is_not(None), given.c.number > after)
    if upto is not None:
        query = query.where(given.c.number <= upto)
    return [CancelledRow(
        DocumentId(row["document"]), row["number"], row["day"],
        (f"{row['code_number']}/{row['code_notation']}", numbering.short_date(row["day"]),
         f"{row['type_name']}: {row['subject']}", "", "", "", "", "", "",
         phrase("papers.number_cancelled", Language.VIETNAMESE, reason=row["reason"] or "")))
        for row in work.connection.execute(query.order_by(given.c.number)).mappings()]
