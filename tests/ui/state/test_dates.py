"""Dates as typed, deadlines as told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from docclient.office.deadlines import Standing
from docclient.office.model import State
from docclient.office.working_days import WorkingCalendar
from docclient.words import Language
from ui.state.dates import Deadline, read_date
from ui.texts import Texts

pytestmark = pytest.mark.window
TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(("typed", "expected"), [
    ("5/3/2026", TODAY), ("05/03/2026", TODAY), ("5/3", TODAY), ("5-3-26", TODAY), (" 5.3.2026 ", TODAY),
    ("05032026", TODAY), ("5 3", TODAY), ("", None), ("   ", None), ("29/2/2028", date(2028, 2, 29)),
])
def test_a_typed_date_is_read_day_first(typed: str, expected: date | None) -> None:
    assert read_date(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ["31/2/2026", "13/13/2026", "hôm nay", "5", "2026-03-05", "0/1", "1/0", "5/3/206"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_date(typed, TODAY)


@pytest.mark.parametrize(("due", "tone", "words"), [
    (None, None, "Không có hạn"),
    (date(2026, 3, 3), "bad", "Quá hạn 2 ngày làm việc (03/03/2026)"),
    (date(2026, 3, 5), "bad", "Hạn hôm nay (05/03/2026)"),
    (date(2026, 3, 6), "doubt", "Còn 1 ngày làm việc (06/03/2026)"),
    (date(2026, 3, 10), "doubt", "Còn 3 ngày làm việc (10/03/2026)"),
    (date(2026, 3, 11), "good", "Còn 4 ngày làm việc (11/03/2026)"),
])
def test_a_deadline_is_told_in_colour_and_words(due: date | None, tone: str | None, words: str) -> None:
    assert told(due, TODAY) == Deadline(tone, words)


def test_days_on_which_nobody_works_are_not_counted() -> None:
    saturday = date(2026, 3, 7)
    assert told(date(2026, 3, 6), saturday) == Deadline("bad", "Quá hạn (06/03/2026)")
    assert told(date(2026, 3, 8), saturday) == Deadline("bad", "Hạn 08/03/2026: không còn ngày làm việc nào")


def told(due: date | None, day: date, state: State = State.IN_WORK) -> Deadline:
    return Deadline.of(due, Standing.of(state, due, day, WorkingCalendar()), day, Texts())


def test_a_finished_matter_shows_its_date_without_alarm() -> None:
    assert told(date(2026, 1, 1), TODAY, State.FINISHED) == Deadline(None, "01/01/2026")


def test_a_moment_is_told_in_vietnams_time_wherever_the_machine_stands() -> None:
    assert Texts().moment(datetime(2026, 3, 4, 17, 30, tzinfo=UTC)) == "05/03/2026 00:30"
    with pytest.raises(ValueError):
        Texts().moment(datetime(2026, 3, 4, 17, 30))  # noqa: DTZ001


def test_numbers_and_sizes_follow_the_language() -> None:
    assert (Texts().number(6836), Texts(Language.ENGLISH).number(6836)) == ("6.836", "6,836")
    assert (Texts().size(2_140_000), Texts(Language.ENGLISH).size(2_140_000)) == ("2,1 MB", "2.1 MB")
    assert Texts().size(812) == "812 B"
