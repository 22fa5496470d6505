"""A few worn letters read as `digitise` reads them, and the reckoning behind docs/reading-score.md."""

from __future__ import annotations

import pytest

from docclient.capture.fields import SURE, calibration
from docclient.capture.fields.model import Field
from tests.capture.reading.calibrate import table
from tests.capture.reading.judging import Judged, judged, same
from tests.capture.reading.score import interval, page_of, percent

# tuning letters of one page: a copy with a pen's number and day; a stamp over the head at 150 dpi, with noise
COPIED_BY_PEN, STAMPED = 10_012, 10_001


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> dict[int, dict[str, Judged]]:
    folder = tmp_path_factory.mktemp("letters")
    return {seed: {one.field: one for one in judged(seed, folder)} for seed in (COPIED_BY_PEN, STAMPED)}


def test_a_pen_is_found_in_its_place_and_never_taken_for_print(letters):
    for name in ("code_number", "issued_date"):
        one = letters[COPIED_BY_PEN][name]
        assert one.by_hand and one.place and not one.green
        assert one.certainty <= 0.5


@pytest.mark.parametrize("seed", [COPIED_BY_PEN, STAMPED])
def test_what_is_printed_is_read(letters, seed):
    found = letters[seed]
    for name in ("code_notation", "issued_place", "type_name", "organ_name", "signer_position"):
        assert found[name].state == "right", found[name]
    assert found["subject"].closeness > 0.95
    assert not [one for one in found.values() if one.green and one.state == "wrong"]


def test_print_is_not_taken_for_a_pen(letters):
    assert letters[STAMPED]["code_number"].state == letters[STAMPED]["issued_date"].state == "right"


def test_certainty_is_the_share_that_was_right_and_rises():
    readings = [(0.5 + at / 100, at % 4 != 0) for at in range(20)] + [(0.9 + at / 1000, True) for at in range(40)]
    steps = table(readings)
    assert [start for start, _ in steps] == sorted(start for start, _ in steps)
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    assert 0.6 < steps[0][1] < 0.8 and 0.97 < steps[-1][1] < 1
    assert table([(0.9, True)] * 1000)[0][1] < 1, "no count makes certain"


def test_a_certainty_is_looked_up_by_its_step(monkeypatch):
    monkeypatch.setattr(calibration, "TABLES", {"subject": ((0.7, 0.5), (0.9, 0.95)), "code_number": ((0.4, 0.99),)})
    said = [calibration.calibrated("subject", Field("x", raw)).certainty for raw in (0.2, 0.75, 0.9, 0.99)]
    assert said == [0.2, 0.5, 0.95, 0.95]
    assert calibration.calibrated("subject", Field(None, 0.0)).certainty == 0.0
    assert calibration.calibrated("place", Field("x", 0.3)).certainty == 0.3
    assert calibration.calibrated("code_number", Field("05", 0.5)).certainty == 0.5, "perhaps a pen's: not counted"


def test_the_tables_rise_and_promise_less_than_all():
    assert calibration.PAGES > 0
    for steps in calibration.TABLES.values():
        assert [share for _, share in steps] == sorted(share for _, share in steps)
        assert all(0 < share < 1 for _, share in steps)


def test_same_means_letter_for_letter():
    assert same("UBND XÃ TÂN HIỆP", "UBND xã Tân Hiệp") and same("2026 – 2030", "2026 - 2030")
    assert not same("Tân Hiệp", "Tan Hiệp") and not same("05", "5") and not same(("A", "B"), ("A",))


def test_percentages_are_rounded_down_and_carry_their_doubt():
    assert percent(6835, 6836) == "99.9 %" and percent(3, 3) == "100.0 %" and percent(0, 0) == "–"
    low, high = (float(side) for side in interval(98, 100).split("–"))
    assert 92 < low < 95 and 99 < high < 100


def test_the_page_names_each_wrong_field_that_was_shown_as_certain():
    def one(**changes: object) -> Judged:
        facts: dict[str, object] = {
            "seed": 1, "field": "subject", "state": "right", "certainty": 0.99, "green": True, "by_hand": False,
            "place": None, "closeness": 1.0, "read": "a", "true": "a", "wears": ("fold",), "dpi": 200, "maker": "typst"}
        return Judged(**(facts | changes))  # type: ignore[arg-type]

    page = "\n".join(page_of([one(), one(field="code_number", state="wrong", read="12", true="72")]))
    assert f"certainty of {SURE:g}" in page
    assert "code_number: read “12”, printed “72” (fold, 200 dpi, seed 1)" in page
