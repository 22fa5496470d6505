"""Cancelled numbers as the outgoing register prints them: they keep their row, with why, and are never given again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Integer, String, bindparam, select

from docclient.office import numbering
from docclient.office.model import DocumentId
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work
from docclient.words import Language, phrase

HIGHEST = 2**31 - 1
"""No number is above it: the column holds no more."""


@dataclass(frozen=True, slots=True)
class CancelledRow:
    """columns: the ten of the outgoing register (NĐ 30 Annex IV)."""

    document: DocumentId
    number: int
    day: date
    columns: tuple[str, ...]


def cancelled_rows(work: Work, register: str, after: int, upto: int | None) -> list[CancelledRow]:
    """Of the numbers above `after`, up to and with `upto` (None: to the end)."""
    asked = {"of_register": register, "after": after, "upto": HIGHEST if upto is None else upto}
    return [CancelledRow(
        DocumentId(row["document"]), row["number"], row["day"],
        (f"{row['code_number']}/{row['code_notation']}", numbering.short_date(row["day"]),
         f"{row['type_name']}: {row['subject']}", "", "", "", "", "", "",
         phrase("papers.number_cancelled", Language.VIETNAMESE, reason=row["reason"] or "")))
        for row in cancelled_between().rows(work.connection, asked)]


@cache
def cancelled_between() -> Prepared:
    given = tables.given_number.c
    return Prepared(select(tables.given_number).where(
        given.register == bindparam("of_register", type_=String), given.cancelled_at.is_not(None),
        given.number > bindparam("after", type_=Integer), given.number <= bindparam("upto", type_=Integer))
        .order_by(given.number))
