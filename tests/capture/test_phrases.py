"""Everyday pairs vouch for marks; whole expressions get theirs back, all else stays; numerals get their strokes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from docclient.capture.fields.numerals import mended_numerals
from docclient.capture.fields.phrases import BRIDGES, EXPRESSIONS, PAIRS, SINGLE, doubtful_words, mended
from docclient.capture.fields.slips import plain
from tests.generators.pages import TUNING, invent


@pytest.mark.parametrize(("read", "meant"), [
    ("công tác thu, chỉ ngân sách nhà nước", "công tác thu, chi ngân sách nhà nước"),
    ("trên địa bản tỉnh Ninh Bình", "trên địa bàn tỉnh Ninh Bình"),
    ("ỦY BAN NHẦN DÂN", "ỦY BAN NHÂN DÂN"), ("Kiếm tra, tống kết", "Kiểm tra, tổng kết"),
    ("V/v tố chức CHUYỂN ĐỐI số", "V/v tổ chức CHUYỂN ĐỔI số"), ("Bảo hiếm xã hội", "Bảo hiểm xã hội"),
])
def test_whole_expressions_get_their_marks_back(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize("said", [
    "quy định tại khoản 2 Điều 5", "xây dựng nhà đa năng", "theo dõi diễn biến dịch bệnh", "đường Phạm Văn Đồng",
    "văn bản hằng năm", "tại sân vận động", "cộng tác viên", "chống chuyển giá", "nghi lễ chào cờ", "xác định giá lại",
    "phần bổ sung dự toán", "bảo đảm tính an toàn", "Khu kinh tế Vân Phong", "quý, 6 tháng đầu năm", "lĩnh vực VH-XH",
    "Cổng TTĐT angiang.gov.vn", "trên địa bàn phường An Khánh", "văn hoá, uỷ ban", "thủ chi ngân",
    "tìm kiếm cứu nạn", "",
])
def test_what_is_right_or_may_be_stays(said: str) -> None:
    assert mended(said) == said


def test_the_sentences_of_this_program_stay() -> None:
    said = [line for file in sorted((Path(resources.__file__).parent / "words" / "vi").glob("*.toml"))
            for line in file.read_text("utf-8").splitlines()]
    assert len(said) > 2000 and not [line for line in said if mended(line) != line]


def test_the_subjects_of_letters_come_out_as_they_were_printed() -> None:
    for seed in TUNING[:300]:
        truth = invent(seed).truth()
        for value in (truth["subject"], *(truth["recipients"] or ()), *(truth["addressees"] or ())):
            assert mended(str(value or "")) == str(value or "")


@given(st.text(alphabet="aàảãáạăâbcdđeêghiklmnoôơprstuưvxy ,.-/0123456789HIVX", max_size=80))
def test_only_marks_and_strokes_are_ever_changed(said: str) -> None:
    assert plain(mended(said)) == plain(mended_numerals(said))
    assert mended(mended(said)) == mended(said)
    assert 0 <= doubtful_words(said) <= len(said)


def test_words_that_nothing_vouches_for_are_counted() -> None:
    assert doubtful_words("Về việc tổng kết công tác thu, chi ngân sách nhà nước năm 2026") == 0
    assert doubtful_words("xã Nậm Nhùn") == 2
    assert doubtful_words("trên địa bàn") == 0 < doubtful_words("trên địa bản")


def test_the_pairs_are_pairs_and_no_word_stands_for_itself_and_in_none() -> None:
    pairs = [pair.split() for pair in (PAIRS + BRIDGES).replace("\n", "|").split("|") if pair]
    assert all(len(pair) == 2 and all(word.islower() for word in pair) for pair in pairs)
    assert all(len(expression.split()) > 2 for expression in EXPRESSIONS)
    assert all(" " not in word for word in SINGLE)


@pytest.mark.parametrize(("read", "meant"), [
    ("Kho bạc Nhà nước Khu vực XIH", "Kho bạc Nhà nước Khu vực XIII"), ("quý IH năm 2026", "quý III năm 2026"),
    ("quý HI", "quý III"), ("HI", "HI"), ("XIHI", "XIHI"), ("HTX", "HTX"), ("VH-XH", "VH-XH"), ("KHCN", "KHCN"),
    ("Chương VIH", "Chương VIII"),
])
def test_two_strokes_are_not_an_h(read: str, meant: str) -> None:
    assert mended_numerals(read) == meant
