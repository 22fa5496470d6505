"""Numbers, symbols and dates as NĐ 30 writes them: the test vectors of the records-work rules."""

from datetime import date

import pytest

from docclient.office.numbering import date_line, number_line, symbol, written_number
from docclient.office.search import fold


@pytest.mark.parametrize(("number", "type_abbreviation", "unit", "line"), [
    (5, "QĐ", None, "Số: 05/QĐ-UBND"),
    (15, None, "VP", "Số: 15/UBND-VP"),
    (3, "SY", None, "Số: 03/SY-UBND"),
    (812, "QĐ", "KT", "Số: 812/QĐ-UBND"),
])
def test_number_and_symbol(number, type_abbreviation, unit, line):
    assert number_line(number, symbol(type_abbreviation, "UBND", unit)) == line


@pytest.mark.parametrize(("day", "line"), [
    (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
    (date(2026, 1, 15), "ngày 15 tháng 01 năm 2026"),
    (date(2026, 10, 9), "ngày 09 tháng 10 năm 2026"),
    (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
])
def test_date_line(day, line):
    assert date_line(day) == line


def test_numbers_below_ten_get_a_zero():
    assert [written_number(n) for n in (1, 9, 10, 123)] == ["01", "09", "10", "123"]


def test_folding_takes_marks_and_d_bar_away():
    assert fold("Quyết  định SỐ 05/QĐ-UBND") == "quyet dinh so 05/qd-ubnd"
    assert fold("ĐƯỜNG Nguyễn Huệ") == "duong nguyen hue"
