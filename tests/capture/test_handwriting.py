"""Print is told from pen where a number and a day stand, on pages whose words and places are known."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from docclient.capture import pdf_input
from docclient.capture.fields.handwriting import PERHAPS_PEN, cropper, doubted, strokes
from docclient.capture.fields.head import read_head
from docclient.capture.fields.model import Field
from docclient.capture.page_text import PageText
from tests.generators.pages import TUNING, hand, invent, typeset

DPI = 200.0


def printed_page(seed: int, folder) -> tuple[PageText, np.ndarray]:
    sheet = invent(seed)
    file = folder / f"{seed}.pdf"
    file.write_bytes(typeset.as_pdf(sheet))
    text = pdf_input.letters(file, 0)
    assert text is not None
    pixels = cv2.imdecode(np.frombuffer(typeset.drawn(sheet, DPI)[0], np.uint8), cv2.IMREAD_COLOR)
    return text, np.asarray(pixels, np.uint8)


def printed_seeds(count: int) -> list[int]:
    some = (seed for seed in TUNING if invent(seed).number and not invent(seed).by_hand)
    return [next(some) for _ in range(count)]


@pytest.mark.parametrize("seed", printed_seeds(4))
def test_print_is_taken_for_print(seed, tmp_path):
    text, pixels = printed_page(seed, tmp_path)
    head = read_head(text, crop=cropper(pixels, DPI))
    sheet = invent(seed)
    assert (head.code_number.value, head.issued_date.value) == (sheet.number, sheet.day.isoformat())


@pytest.mark.parametrize("seed", printed_seeds(4))
@pytest.mark.parametrize("ink", [(150, 60, 20), (40, 35, 35)], ids=["blue", "black"])
def test_a_pen_in_its_place_is_not(seed, ink, tmp_path, monkeypatch):
    """The printed number is painted over by hand, as if the reader had read the pen's figures for print."""
    text, pixels = printed_page(seed, tmp_path)
    plain = read_head(text)
    monkeypatch.setattr(hand, "INKS", (ink,))
    per_mm = DPI / 25.4
    for field, digits in ((plain.code_number, "27"), (plain.issued_date, "14")):
        left, top, right, bottom = (round(side * per_mm) for side in field.box_mm)
        if field is plain.code_number:
            right = left + round((right - left) * 0.22)
        else:
            left, right = left + round(9.5 * per_mm), left + round(15 * per_mm)
        pixels[top - 1:bottom + 1, left - 2:right] = 255
        hand.write(pixels, digits, (left, top, right, bottom), DPI, random.Random(seed))
    head = read_head(text, crop=cropper(pixels, DPI))
    for field in (head.code_number, head.issued_date):
        assert field.value is None or field.certainty <= PERHAPS_PEN
        assert field.box_mm is not None


def test_an_empty_place_is_no_print():
    pixels = np.full((400, 800, 3), 255, np.uint8)
    cv2.putText(pixels, "KH-UBND", (500, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0, 0, 0), 3)
    found = strokes((10, 20, 60, 26), (62, 20, 90, 27), cropper(pixels, DPI))
    assert found is not None and not found.printed and found.by_pen
    field = doubted(Field("05", 0.99, 1, (10, 20, 60, 26)), (10, 20, 60, 26), found)
    assert (field.value, field.certainty, field.alternatives) == (None, 0.0, ("05",))


def test_where_nothing_can_be_compared_the_reading_stays():
    blank = np.full((400, 800, 3), 255, np.uint8)
    field = Field("05", 0.9, 1, (10, 20, 60, 26))
    assert strokes((10, 20, 60, 26), (62, 20, 90, 27), cropper(blank, DPI)) is None
    assert doubted(field, (10, 20, 60, 26), None) == field
