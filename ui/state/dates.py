"""Dates as people type them, and deadlines as a clerk wants to see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.deadlines import Standing, Timeliness
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
    """A deadline's tone and words: `Quá hạn 2 ngày làm việc`, `Hạn hôm nay`, `Còn 3 ngày làm việc`. Colour never
    stands alone."""

    tone: str | None
    words: str

    @classmethod
    def of(cls, due: date | None, standing: Standing, today: date, texts: Texts) -> Self:
        """Warnings begin three working days before (records work asks for 3 and 1); of what has ended only the date
        is told."""
        if due is None:
            return cls(None, texts("deadline.none"))
        left, told = standing.working_days, texts.date(due)
        if left is None:
            return cls(None, told)
        if due < today:
            return cls("bad", texts("deadline.late" if left else "deadline.just_late", days=-left, date=told))
        if left == 0:
            return cls("bad", texts("deadline.today" if due == today else "deadline.no_day_left", date=told))
        tone = "doubt" if standing.timeliness is Timeliness.SOON else "good"
        return cls(tone, texts("deadline.tomorrow" if left == 1 else "deadline.left", days=left, date=told))
