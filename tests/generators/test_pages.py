"""The pages that reading is measured on: always the same for a seed, of every type, tuning and score kept apart."""

from __future__ import annotations

import numpy as np

from docclient.capture.fields.kinds import ADMINISTRATIVE
from tests.generators.pages import HELD_OUT, TUNING, draw, invent


def test_the_same_seed_gives_the_same_page(tmp_path):
    one, other = (draw(10_014, tmp_path) for _ in range(2))
    assert (one.sheet, one.wears, one.dpi, one.hand_mm) == (other.sheet, other.wears, other.dpi, other.hand_mm)
    assert all(np.array_equal(a, b) for a, b in zip(one.pages, other.pages, strict=True))


def test_a_round_of_seeds_has_every_type_with_its_abbreviation():
    sheets = [invent(seed) for seed in HELD_OUT[:29]]
    assert {sheet.kind for sheet in sheets} == set(ADMINISTRATIVE)
    for sheet in sheets:
        code = ADMINISTRATIVE[sheet.kind]
        assert not code or sheet.notation.split("-")[0] == code


def test_half_are_numbered_by_hand_some_by_a_word_processor_and_ranges_never_meet():
    sheets = [invent(seed) for seed in HELD_OUT[:580]]
    assert 0.42 < sum(sheet.by_hand for sheet in sheets) / len(sheets) < 0.56
    assert 0.1 < sum(sheet.maker == "LibreOffice" for sheet in sheets) / len(sheets) < 0.15
    assert not set(TUNING) & set(HELD_OUT)


def test_a_clean_page_tells_where_the_pen_wrote(tmp_path):
    drawn = draw(next(seed for seed in TUNING if invent(seed).by_hand), tmp_path, clean=True)
    for left, top, right, bottom in drawn.hand_mm.values():
        assert 20 < left < right < 200
        assert 25 < top < bottom < 90
