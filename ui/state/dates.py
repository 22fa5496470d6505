"""Dates as people type them, and deadlines as a clerk wants to see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from ui.texts import Texts

TYPED = re.compile(r"^\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})(?:\s*[/.\-\s]\s*(\d{2}|\d{4}))?\s*$")
RUN = re.compile(r"^\s*(\d{2})(\d{2})(\d{4})\s*$")


def read_date(typed: str, today: date) -> date | None:
    """The date of `5/3`, `5/3/26`, `05.03.2026`, `5-3-2026` or `05032026` (day first); this year when none is typed.

    None for an empty line. Raises ValueError for anything that is no date.
    """
    if not typed.strip():
        return None
    found = RUN.match(typed) or TYPED.match(typed)
    if found is None:
        raise ValueError(typed)
    day, month, year = found.groups()
    full = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return date(full, int(month), int(day))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline's tone and words: `Quá hạn 2 ngày`, `Hạn hôm nay`, `Còn 3 ngày`. Colour never stands alone."""

    tone: str | None
    words: str

    @classmethod
    def of(cls, due: date | None, today: date, texts: Texts, *, ended: bool = False) -> Self:
        """Warnings begin three days before (records work asks for 3 and 1).

        Args:
            ended: the work is done; then only the date is told.
        """
        if due is None:
            return cls(None, texts("deadline.none"))
        if ended:
            return cls(None, texts.date(due))
        left = (due - today).days
        if left < 0:
            return cls("bad", texts("deadline.late", days=-left, date=texts.date(due)))
        if left == 0:
            return cls("bad", texts("deadline.today", date=texts.date(due)))
        if left == 1:
            return cls("doubt", texts("deadline.tomorrow", date=texts.date(due)))
        return cls("doubt" if left <= 3 else "good", texts("deadline.left", days=left, date=texts.date(due)))
