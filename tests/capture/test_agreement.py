"""Two readings of one thing: agreement makes surer, dispute makes doubtful and shows both."""

from __future__ import annotations

import pytest

from docclient.capture.fields import SURE, calibration
from docclient.capture.fields.agreement import DISPUTED, OUTVOTED, Eyes, agreed_words, confirmed
from docclient.capture.fields.model import Field
from docclient.capture.fields.shaky import is_shaky
from docclient.capture.page_text import Word


def words(*said: tuple[str, float]) -> list[Word]:
    return [Word(text, sure, (30 + 10 * at, 50, 38 + 10 * at, 54)) for at, (text, sure) in enumerate(said)]


def field_of(read: list[Word], certainty: float = 0.9) -> Field:
    return Field(" ".join(word.text for word in read), certainty, 1, (30, 50, 100, 54))


def once(again: list[Word], third: list[Word] | None = None):
    """Looks: by other eyes, then by the same."""
    return lambda box, eyes=Eyes.OTHER: again if eyes is Eyes.OTHER else third or []


FIRST = words(("Tình", 0.95), ("hình", 0.95), ("thu,", 0.9), ("chỉ", 0.6), ("chỉ", 0.9))


def test_equal_readings_are_surer_than_one():
    agreed = confirmed(field_of(FIRST), FIRST, lambda box, eyes=Eyes.OTHER: FIRST, str.strip)
    assert agreed.value == "Tình hình thu, chỉ chỉ"
    assert agreed.certainty > 0.9


def test_a_reading_that_cannot_be_confirmed_is_a_little_less_sure():
    for look in (None, lambda box, eyes=Eyes.OTHER: []):
        assert 0.85 < confirmed(field_of(FIRST), FIRST, look, str.strip).certainty < 0.9


def test_each_disputed_word_is_taken_from_the_surer_reading():
    again = words(("Tinh", 0.5), ("hình", 0.95), ("thu,", 0.9), ("chi", 0.9), ("chỉ", 0.8))
    disputed = confirmed(field_of(FIRST), FIRST, once(again), str.strip)
    assert disputed.value == "Tình hình thu, chi chỉ"
    assert disputed.certainty <= DISPUTED
    assert disputed.alternatives == ("Tình hình thu, chỉ chỉ", "Tinh hình thu, chi chỉ")


def test_readings_of_different_length_keep_the_first():
    again = words(("Tình", 0.99), ("hình", 0.99), ("thu", 0.99))
    disputed = confirmed(field_of(FIRST), FIRST, once(again), str.strip)
    assert (disputed.value, disputed.alternatives) == ("Tình hình thu, chỉ chỉ", ("Tình hình thu",))


def test_of_three_readings_two_decide_each_word():
    again = words(("Tinh", 0.99), ("hình", 0.95), ("thu,", 0.9), ("chi", 0.5), ("chỉ", 0.8))
    third = words(("Tình", 0.5), ("hình", 0.5), ("thu,", 0.5), ("chi", 0.5), ("chỉ", 0.5))
    settled = confirmed(field_of(FIRST), FIRST, once(again, third), str.strip)
    assert settled.value == "Tình hình thu, chi chỉ"
    assert DISPUTED < settled.certainty <= OUTVOTED


def test_a_third_reading_that_is_as_long_as_one_vouches_for_that():
    again = words(("Tình", 0.99), ("hình", 0.99), ("thu", 0.99))
    settled = confirmed(field_of(FIRST), FIRST, once(again, again), str.strip)
    assert settled.value == "Tình hình thu" and settled.certainty <= OUTVOTED


def test_words_of_a_list_are_taken_from_the_surer_reading():
    again = words(("Tình", 0.9), ("hình", 0.9), ("thu,", 0.9), ("chi", 0.9), ("chỉ", 0.5))
    taken, agree = agreed_words(FIRST, (30, 50, 100, 54), lambda box, eyes=Eyes.OTHER: again)
    assert not agree and [word.text for word in taken] == ["Tình", "hình", "thu,", "chi", "chỉ"]
    assert [word.box_mm for word in taken] == [word.box_mm for word in FIRST]
    assert agreed_words(FIRST, (30, 50, 100, 54), lambda box, eyes=Eyes.OTHER: FIRST) == (FIRST, True)


@pytest.mark.parametrize("said", ["thu, chỉ ngân sách", "quý IH năm 2026", "kiểm soát thủtục", "Kiếm tra", "năm: 2026"])
def test_what_the_reader_slips_on_again_and_again_is_doubted(said):
    assert is_shaky(said)


@pytest.mark.parametrize("said", ["chỉ đạo, điều hành", "Thông tư số 05/2025/TT-BNV", "công tác kiểm tra năm 2026",
                                  "UBND xã Krông Pắc", "quý I năm 2026"])
def test_ordinary_words_are_not_doubted(said):
    assert not is_shaky(said)


def test_letters_of_a_pdf_need_no_second_look():
    certain = words(("Tình", 1.0), ("hình", 1.0))

    def unwanted(box):
        raise AssertionError("looked at a page that was never read")

    assert confirmed(field_of(certain, 1.0), certain, unwanted, str.strip).certainty == 1.0


def test_numerals_and_signs_of_a_list_are_settled_word_by_word():
    first = words(("Khu", 0.9), ("vực", 0.9), ("XI;", 0.9), ("-", 0.9), ("Lưu:", 0.9), ("VI,", 0.7), ("HTKT.", 0.9))
    other = words(("Khu", 0.9), ("vực", 0.9), ("XIII;", 0.8), ("-Lưu:", 0.9), ("VT,HTKT.", 0.8))
    taken, agree = agreed_words(first, (30, 50, 100, 54), once(other, first))
    assert not agree
    assert " ".join(word.text for word in taken) == "Khu vực XIII; - Lưu: VI, HTKT."
    assert agreed_words(first, (30, 50, 100, 54), once(other), lambda said: "the same")[1]


@pytest.mark.parametrize("name", sorted(calibration.TABLES))
@pytest.mark.parametrize("disputed", [DISPUTED, OUTVOTED])
def test_what_was_disputed_is_never_green(name, disputed):
    assert calibration.calibrated(name, Field("x", disputed)).certainty < SURE
