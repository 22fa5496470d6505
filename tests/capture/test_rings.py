"""A copied seal's rings go, and the words beneath them stay; nothing else on a page is taken for a ring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from docclient.capture import ocr
from docclient.capture.layers import Inks, inks_of, without_body
from docclient.capture.pages import CleanPage, grey_of
from docclient.capture.rings import without_rings
from tests.capture.letters import COMMUNE_LETTER, MINISTRY_LETTER, render

DPI = 200.0
MM = DPI / 25.4
FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "LiberationSerif-Bold.ttf"


def grey_letter(letter=COMMUNE_LETTER) -> np.ndarray:
    bare = replace(letter, seal=False)
    return grey_of(np.ascontiguousarray(np.asarray(render(bare, int(DPI))[0])[:, :, ::-1]))


def sealed(grey: np.ndarray, middle_mm: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """With two black rings; and where they are drawn."""
    rings = np.full_like(grey, 255)
    for radius in (17.5, 16.3):
        cv2.circle(rings, tuple(round(side * MM) for side in middle_mm), round(radius * MM), (0,), round(0.4 * MM),
                   cv2.LINE_AA)
    return np.minimum(grey, rings), rings < 128


def test_the_rings_go():
    blank = np.full((2339, 1654), 255, np.uint8)
    with_seal, rings = sealed(blank, (130, 200))
    left = without_rings(with_seal, DPI) < 128
    assert left.sum() < 0.02 * rings.sum()


def test_the_words_beside_them_stay():
    grey = grey_letter()
    with_seal, rings = sealed(grey, (105.0, 95.0))
    cleaned = without_rings(with_seal, DPI)
    words = (grey < 128) & ~rings
    assert ((cleaned < 128) & words).sum() > 0.98 * words.sum()
    bare = rings & (grey > 200)
    assert ((cleaned < 128) & bare).sum() < 0.1 * bare.sum()


def test_a_name_under_a_copied_seal_is_read(tmp_path):
    sheet = Image.new("RGB", (1654, 2339), "white")
    font = ImageFont.truetype(str(FONT), 38)            # 13.5 points at 200 dpi
    ImageDraw.Draw(sheet).text((round(122 * MM), round(200 * MM)), "Phạm Ngọc Uyên", (0, 0, 0), font)
    grey, _ = sealed(grey_of(np.asarray(sheet)), (118.0, 189.0))
    page = CleanPage(np.repeat(grey[:, :, None], 3, axis=2), DPI, DPI, 0, 0.0, False, ())
    name = (119.0, 199.5, 160.0, 206.5)
    read = [" ".join(word.text for word in ocr.read_line(page, name, tmp_path, inks=inks))
            for inks in (None, inks_of(page))]
    assert read[1] == "Phạm Ngọc Uyên" != read[0]


@pytest.mark.parametrize("letter", [COMMUNE_LETTER, MINISTRY_LETTER])
def test_a_page_without_a_seal_is_left_alone(letter):
    grey = grey_letter(letter)
    assert without_rings(grey, DPI) is grey


def test_half_a_circle_is_no_ring():
    blank = np.full((2339, 1654), 255, np.uint8)
    cv2.ellipse(blank, (round(130 * MM), round(200 * MM)), (round(17 * MM), round(17 * MM)), 0, 0, 150, (0,),
                round(0.4 * MM))
    assert without_rings(blank, DPI) is blank


def test_the_full_lines_of_the_body_go_and_all_else_stays():
    pixels = np.ascontiguousarray(np.asarray(render(COMMUNE_LETTER, int(DPI))[0])[:, :, ::-1])
    inks = inks_of(CleanPage(pixels, DPI, DPI, 0, 0.0, False, ()))
    few = without_body(inks, DPI)
    gone = (inks.black < 128) & (few.black > 200)
    rows = np.flatnonzero(gone.any(axis=1)) / MM
    assert len(rows) and rows.min() > 75, "nothing of the head"
    # what goes is whole lines, from margin to margin
    columns = np.flatnonzero(gone.any(axis=0)) / MM
    assert columns.max() - columns.min() > 140
    assert inks.coloured.any() and not few.coloured[few.coloured.shape[0] // 2:].any()


def test_a_page_of_few_lines_keeps_them_all():
    black = np.full((2339, 1654), 255, np.uint8)
    for top in (100, 120):
        cv2.line(black, (round(30 * MM), round(top * MM)), (round(190 * MM), round(top * MM)), (0,), round(2 * MM))
    inks = Inks(np.zeros(black.shape, np.bool_), black)
    assert without_body(inks, DPI).black is black
