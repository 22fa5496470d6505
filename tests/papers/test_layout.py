from datetime import UTC, date, datetime

import pytest

from docclient.papers.layout import date_line, day_text, grouped, journal_line, printable
from docclient.papers.model import JournalHead


@pytest.mark.parametrize(("day", "words"), [
    (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
    (date(2026, 1, 15), "ngày 15 tháng 01 năm 2026"),
    (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
    (date(2026, 10, 9), "ngày 09 tháng 10 năm 2026"),
    (None, "ngày …… tháng …… năm ……"),
])
def test_a_date_line_pads_days_and_the_first_two_months(day, words):
    assert date_line(day) == words


def test_days_and_numbers_as_papers_write_them():
    assert (day_text(date(2026, 3, 5)), day_text(None)) == ("05/03/2026", "")
    assert (grouped(7), grouped(1234), grouped(6_909_000)) == ("7", "1.234", "6.909.000")


def test_the_time_at_the_foot_is_vietnams_even_past_midnight():
    line = journal_line(JournalHead(1, "ab" * 32), datetime(2026, 12, 31, 17, 0, 1, tzinfo=UTC))
    assert line.endswith("00:00:01 01/01/2027")


def test_every_vietnamese_letter_is_printable_and_decomposed_ones_are_composed():
    marks = "\u0300\u0301\u0303\u0309\u0323"              # huyền, sắc, ngã, hỏi, nặng
    for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
        for mark in marks:
            assert len(printable(letter + mark)) == 1
            assert printable(letter + mark) != "□"
    assert printable("đĐ – “Nhân dân” № ½") == "đĐ – “Nhân dân” № ½"
