"""Working days and deadlines (records-work practice: Labour Code Art 112, Civil Code Arts 147–148; the yearly plans).

Three layers, the later one wins: Monday to Friday without the public holidays (the `holidays` library, swapped days
that it knows included); the swapped days shipped in `resources/calendar`; what this office's administrator has set.
Never computed alone: each year's plan is decided anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate

import holidays

SATURDAY = 5
LONGEST = 3_660
"""Days that are walked at most, some ten years: no deadline lies further."""


class DayKind(StrEnum):
    HOLIDAY = "holiday"          # a public holiday
    SWAP_OFF = "swap_off"        # off, another day is worked for it
    SWAP_WORK = "swap_work"      # a Saturday or Sunday that is worked
    CLOSED = "closed"            # this office alone is closed

    @property
    def works(self) -> bool:
        return self is DayKind.SWAP_WORK


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is not what its weekday says. basis: who decided it, as far as known."""

    day: date
    kind: DayKind
    note: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """own: the office's days over those of the country."""

    own: Mapping[date, CalendarDay] = field(default_factory=dict)

    @classmethod
    def of(cls, days: Iterable[CalendarDay]) -> WorkingCalendar:
        return cls({each.day: each for each in days})

    def works(self, day: date) -> bool:
        known = self.own.get(day) or days_of_the_country(day.year).get(day)
        return known.kind.works if known is not None else day.weekday() < SATURDAY

    def unusual(self, year: int) -> tuple[CalendarDay, ...]:
        """Every day of the year that is not what its weekday says, in order."""
        days = {**days_of_the_country(year), **{day: each for day, each in self.own.items() if day.year == year}}
        return tuple(days[day] for day in sorted(days))

    def after(self, day: date, working_days: int) -> date:
        """`n working days` from an event on `day`, which is not counted itself. Raises ValueError below 1."""
        if working_days < 1:
            raise ValueError(working_days)
        for _ in range(LONGEST):
            day += timedelta(days=1)
            working_days -= self.works(day)
            if working_days == 0:
                return day
        raise ValueError(day)

    def after_calendar_days(self, day: date, days: int) -> date:
        """`n days` from `day`; where the last one is off, the next working day (Civil Code Art 148.5)."""
        last = day + timedelta(days=days)
        return last if self.works(last) else self.after(last, 1)

    def between(self, today: date, due: date) -> int:
        """Working days from today to a deadline, today not counted: 0 on the day itself, negative when it is past."""
        if abs((due - today).days) > LONGEST:
            return (due - today).days
        if due < today:
            return -self.between(due, today)
        years = sum(self._worked(year)[-1] for year in range(today.year, due.year))
        return (years + self._worked(due.year)[due.timetuple().tm_yday]
                - self._worked(today.year)[today.timetuple().tm_yday])

    def _worked(self, year: int) -> tuple[int, ...]:
        return worked_days(year, self._own(year))

    def _own(self, year: int) -> tuple[CalendarDay, ...]:
        return tuple(each for each in self.own.values() if each.day.year == year) if self.own else ()


@lru_cache(maxsize=256)
def worked_days(year: int, own: tuple[CalendarDay, ...]) -> tuple[int, ...]:
    """How many days are worked until each day of the year: [0] is 0, [-1] those of the whole year."""
    calendar, first = WorkingCalendar.of(own), date(year, 1, 1)
    return (0, *accumulate(int(calendar.works(first + timedelta(days=n)))
                           for n in range((date(year + 1, 1, 1) - first).days)))


@cache
def days_of_the_country(year: int) -> Mapping[date, CalendarDay]:
    """Holidays and swapped days of Vietnam as shipped."""
    country = holidays.country_holidays("VN", years=year, language="vi")
    swapped = country.tr(country.substituted_label).partition("%s")[0]
    days = {day: CalendarDay(day, DayKind.SWAP_OFF if name.startswith(swapped) else DayKind.HOLIDAY, name)
            for day, name in country.items() if day.year == year}
    days.update({day: CalendarDay(day, DayKind.SWAP_WORK) for day in country.weekend_workdays if day.year == year})
    days.update({each.day: each for each in shipped_days() if each.day.year == year})
    return days


@cache
def shipped_days() -> tuple[CalendarDay, ...]:
    """Swapped days the library does not know, each with what speaks for it."""
    shipped = resources.files("resources") / "calendar" / "vietnam.toml"
    table = tomllib.loads(shipped.read_text(encoding="utf-8"))
    return tuple(CalendarDay(each["day"], DayKind(each["kind"]), each["note"], each["basis"]) for each in table["days"])
