"""The office's calendar: which days are not what their weekday says."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.deadlines import office_calendar
from docclient.office.door import Query
from docclient.office.model import Actor
from docclient.office.registry import answers
from docclient.office.working_days import CalendarDay
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class CalendarOf(Query[tuple[CalendarDay, ...]]):
    """Holidays, swapped and closed days of a year, in order: the country's and, over them, the office's own."""

    year: int


@answers(CalendarOf)
def calendar_of(work: Work, me: Actor, q: CalendarOf) -> tuple[CalendarDay, ...]:
    return office_calendar(work).unusual(q.year)
