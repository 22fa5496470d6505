"""Everyday words get their marks back, others are left as they were read; numerals get their strokes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.capture.fields.numerals import mended_numerals
from docclient.capture.fields.phrases import BRIDGES, PAIRS, SINGLE, doubtful_words, mended
from docclient.capture.fields.slips import plain
from tests.generators.pages import TUNING, invent


@pytest.mark.parametrize(("read", "meant"), [
    ("công tác thu, chỉ ngân sách nhà nước", "công tác thu, chi ngân sách nhà nước"),
    ("trên địa bản tỉnh Ninh Bình", "trên địa bàn tỉnh Ninh Bình"),
    ("CHUYỀN ĐỒI SỐ", "CHUYỂN ĐỔI SỐ"),
    ("Kiếm tra việc bảo vệ môi trường", "Kiểm tra việc bảo vệ môi trường"),
    ("chấn chinh công tác văn thư", "chấn chỉnh công tác văn thư"),
])
def test_marks_lost_or_put_on_are_mended(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize("said", [
    "trên địa bàn phường An Khánh",         # not "phương án"
    "văn hoá, uỷ ban",                      # the tone on the other vowel is no mistake
    "truyền thông và truyền thống", "lưu trú và lưu trữ", "Chấn chỉnh công tác", "xã Nậm Nhùn, xã Krông Pắc", "",
])
def test_what_is_right_or_may_be_stays(said: str) -> None:
    assert mended(said) == said


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


def test_the_pairs_are_pairs_and_no_two_have_the_same_letters() -> None:
    pairs = [pair.split() for text in (PAIRS, BRIDGES) for line in text.split("\n") for pair in line.split("|") if pair]
    assert all(len(pair) == 2 and all(word.islower() for word in pair) for pair in pairs)
    of_letters: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for pair in PAIRS.replace("\n", "|").split("|"):
        if pair:
            of_letters.setdefault(tuple(map(plain, pair.split())), set()).add(tuple(pair.split()))
    assert not [meant for meant in of_letters.values() if len(meant) > 1]
    assert all(" " not in word for word in SINGLE)


@pytest.mark.parametrize(("read", "meant"), [
    ("Kho bạc Nhà nước Khu vực XIH", "Kho bạc Nhà nước Khu vực XIII"), ("quý IH năm 2026", "quý III năm 2026"),
    ("quý HI", "quý III"), ("HI", "HI"), ("XIHI", "XIHI"), ("HTX", "HTX"), ("KHCN", "KHCN"),
    ("Chương VIH", "Chương VIII"),
])
def test_two_strokes_are_not_an_h(read: str, meant: str) -> None:
    assert mended_numerals(read) == meant
