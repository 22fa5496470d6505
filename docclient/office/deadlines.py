"""How a document stands in time: in working days of this office's calendar (NĐ 30/2020 Art 24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Self

from sqlalchemy import select

from docclient.office.model import ISSUED_STATES, State
from docclient.office.working_days import CalendarDay, DayKind, WorkingCalendar
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work


class Timeliness(StrEnum):
    """Computed from the deadline; shown in colour and in words."""

    NONE = "none"              # no deadline, or finished
    WITHIN = "within"          # trong hạn
    SOON = "soon"              # three working days or fewer
    OVERDUE = "overdue"        # quá hạn


ENDED = frozenset({State.FINISHED, State.RETURNED, State.KEPT, State.CANCELLED}) | ISSUED_STATES
SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """working_days: from today to the deadline, negative when it has passed; None where nothing is due."""

    timeliness: Timeliness
    working_days: int | None

    @classmethod
    def of(cls, state: State, due: date | None, day: date, calendar: WorkingCalendar) -> Self:
        if due is None or state in ENDED:
            return cls(Timeliness.NONE, None)
        left = calendar.between(day, due)
        if due < day:
            return cls(Timeliness.OVERDUE, left)
        return cls(Timeliness.SOON if left <= SOON_DAYS else Timeliness.WITHIN, left)


def office_calendar(work: Work) -> WorkingCalendar:
    """The country's working days under those this office has set."""
    return WorkingCalendar.of(CalendarDay(row["day"], DayKind(row["kind"]), row["note"], row["basis"])
                              for row in days_set().rows(work.connection))


@cache
def days_set() -> Prepared:
    return Prepared(select(tables.calendar_day))
