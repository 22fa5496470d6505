"""Working days, by the officials' calendar of 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.office.working_days import CalendarDay, DayKind, WorkingCalendar, days_of_the_country

NEXT = [("2025-12-31", "2026-01-05"), ("2026-01-09", "2026-01-10"), ("2026-02-13", "2026-02-23"),
        ("2026-04-24", "2026-04-28"), ("2026-04-29", "2026-05-04"), ("2026-08-21", "2026-08-22"),
        ("2026-08-28", "2026-09-03"), ("2026-11-23", "2026-11-25")]
COUNTRY = WorkingCalendar()


@pytest.mark.parametrize(("event", "following"), NEXT)
def test_the_next_working_day(event: str, following: str):
    assert COUNTRY.after(date.fromisoformat(event), 1) == date.fromisoformat(following)


@pytest.mark.parametrize(("event", "days", "last"), [
    ("2026-02-09", 5, "2026-02-23"), ("2026-08-24", 5, "2026-09-03"), ("2026-11-20", 3, "2026-11-26")])
def test_n_working_days_leave_out_the_day_of_the_event(event: str, days: int, last: str):
    assert COUNTRY.after(date.fromisoformat(event), days) == date.fromisoformat(last)


def test_n_days_that_end_on_a_day_off_end_on_the_next_working_day():
    assert COUNTRY.after_calendar_days(date(2026, 2, 2), 15) == date(2026, 2, 23)     # 17 Feb is Tết
    assert COUNTRY.after_calendar_days(date(2026, 3, 2), 2) == date(2026, 3, 4)


def test_what_the_office_set_wins_over_the_country():
    closed = WorkingCalendar.of([CalendarDay(date(2026, 3, 5), DayKind.CLOSED, "Mất điện"),
                                 CalendarDay(date(2026, 11, 24), DayKind.SWAP_WORK)])
    assert closed.after(date(2026, 3, 4), 1) == date(2026, 3, 6)
    assert closed.works(date(2026, 11, 24)) and not COUNTRY.works(date(2026, 11, 24))
    assert [day.note for day in closed.unusual(2026) if day.day == date(2026, 3, 5)] == ["Mất điện"]


def test_each_kind_is_told_apart():
    kinds = {day.isoformat(): each.kind for day, each in days_of_the_country(2026).items()}
    assert kinds["2026-08-31"] is DayKind.SWAP_OFF and kinds["2026-08-22"] is DayKind.SWAP_WORK
    assert kinds["2026-01-02"] is DayKind.SWAP_OFF and kinds["2026-01-10"] is DayKind.SWAP_WORK
    assert kinds["2026-09-02"] is DayKind.HOLIDAY and kinds["2026-04-27"] is DayKind.HOLIDAY


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(DAYS, st.integers(1, 60))
def test_counting_there_and_back_agrees(day: date, count: int):
    due = COUNTRY.after(day, count)
    assert COUNTRY.works(due) and COUNTRY.between(day, due) == count
    assert COUNTRY.between(due, day) == -count
    assert COUNTRY.after(day, count + 1) > due


@given(DAYS, st.integers(0, 40))
def test_days_that_are_off_count_for_nothing(day: date, count: int):
    end = day + timedelta(days=count)
    worked = sum(COUNTRY.works(day + timedelta(days=n)) for n in range(1, count + 1))
    assert COUNTRY.between(day, end) == worked


def test_a_deadline_lost_in_time_is_still_answered():
    assert COUNTRY.between(date(2026, 1, 1), date(9999, 12, 31)) > 3_000
    with pytest.raises(ValueError, match="0"):
        COUNTRY.after(date(2026, 1, 1), 0)
