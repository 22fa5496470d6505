"""Two readings of one thing: agreement makes surer, dispute makes doubtful and shows both."""

from __future__ import annotations

from docclient.capture.fields.agreement import DISPUTED, confirmed
from docclient.capture.fields.model import Field
from docclient.capture.page_text import Word


def words(*said: tuple[str, float]) -> list[Word]:
    return [Word(text, sure, (30 + 10 * at, 50, 38 + 10 * at, 54)) for at, (text, sure) in enumerate(said)]


def field_of(read: list[Word], certainty: float = 0.9) -> Field:
    return Field(" ".join(word.text for word in read), certainty, 1, (30, 50, 100, 54))


FIRST = words(("Tình", 0.95), ("hình", 0.95), ("thu,", 0.9), ("chỉ", 0.6), ("chỉ", 0.9))


def test_equal_readings_are_surer_than_one():
    agreed = confirmed(field_of(FIRST), FIRST, lambda box: FIRST, str.strip)
    assert agreed.value == "Tình hình thu, chỉ chỉ"
    assert agreed.certainty > 0.9


def test_a_reading_that_cannot_be_confirmed_is_a_little_less_sure():
    for look in (None, lambda box: []):
        assert 0.85 < confirmed(field_of(FIRST), FIRST, look, str.strip).certainty < 0.9


def test_each_disputed_word_is_taken_from_the_surer_reading():
    again = words(("Tinh", 0.5), ("hình", 0.95), ("thu,", 0.9), ("chi", 0.9), ("chỉ", 0.8))
    disputed = confirmed(field_of(FIRST), FIRST, lambda box: again, str.strip)
    assert disputed.value == "Tình hình thu, chi chỉ"
    assert disputed.certainty <= DISPUTED
    assert disputed.alternatives == ("Tình hình thu, chỉ chỉ", "Tinh hình thu, chi chỉ")


def test_readings_of_different_length_keep_the_first():
    again = words(("Tình", 0.99), ("hình", 0.99), ("thu", 0.99))
    disputed = confirmed(field_of(FIRST), FIRST, lambda box: again, str.strip)
    assert (disputed.value, disputed.alternatives) == ("Tình hình thu, chỉ chỉ", ("Tình hình thu",))


def test_letters_of_a_pdf_need_no_second_look():
    certain = words(("Tình", 1.0), ("hình", 1.0))

    def unwanted(box):
        raise AssertionError("looked at a page that was never read")

    assert confirmed(field_of(certain, 1.0), certain, unwanted, str.strip).certainty == 1.0
