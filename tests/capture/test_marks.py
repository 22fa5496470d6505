"""Separators and labels are found however the sheet lies and however worn it is; letters are not taken for them."""

from __future__ import annotations

import io

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw

from docclient.capture.marks import NARROW_MM, PATTERNS, SEPARATOR, WIDE_MM, Marks, find_marks, label_of, qr_svg
from tests.capture.letters import ALL, COMMUNE_LETTER, Wear, render, wear

IDENTITY = "0198c1de-8a5b-7c3d-9e2f-0123456789ab"


def grey(image: Image.Image) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(image.convert("L")))


def with_code(page: Image.Image, text: str, dpi: int, size_mm: float = 25.0) -> Image.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    picture = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(code, scale=8, add_quiet_zones=True)))
    side = round(size_mm * dpi / 25.4)
    page = page.copy()
    page.paste(picture.convert("RGB").resize((side, side)), (page.width - side - 60, 60))
    return page


def with_bars(page: Image.Image, pattern: str, dpi: int, *, narrow: float = NARROW_MM, length_mm: float = 63.0,
              ) -> Image.Image:
    page, mm = page.copy(), dpi / 25.4
    pen, y = ImageDraw.Draw(page), 8.0
    for kind in pattern:
        high = WIDE_MM if kind == "W" else narrow
        pen.rectangle([70 * mm, y * mm, (70 + length_mm) * mm, (y + high) * mm], fill="black")
        y += high + narrow
    return page


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_our_own_separator_and_label(dpi: int, turn: int):
    page = render(COMMUNE_LETTER, dpi)[0]
    how = Wear(turn=turn, skew=2.0, noise=8, blur=0.8, shade=40)
    assert find_marks(grey(wear(with_code(page, SEPARATOR, dpi), how)), dpi) == Marks(separator=True)
    assert find_marks(grey(wear(with_code(page, label_of(IDENTITY), dpi), how)), dpi) == Marks(document=IDENTITY)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_patch_codes(pattern: str, turn: int):
    blank = Image.new("RGB", render(COMMUNE_LETTER, 200)[0].size, "white")
    worn = wear(with_bars(blank, pattern, 200), Wear(turn=turn, skew=0.8, noise=8, blur=1.0))
    assert find_marks(grey(worn), 200).separator


@pytest.mark.parametrize("pattern", ["WWWW", "NNNN", "WWN", "WNWW"])
def test_other_bars_are_none(pattern: str):
    blank = Image.new("RGB", (1654, 2339), "white")
    assert not find_marks(grey(with_bars(blank, pattern, 200)), 200).separator


def test_bars_that_are_too_short_are_none():
    blank = Image.new("RGB", (1654, 2339), "white")
    assert not find_marks(grey(with_bars(blank, "WNNW", 200, length_mm=25.0)), 200).separator


@pytest.mark.parametrize("text", ["https://example.org/docclient:separator", "docclient:document:none",
                                  label_of(IDENTITY) + "\n", "docclient:separator "])
def test_other_codes_say_nothing(text: str):
    assert find_marks(grey(with_code(render(COMMUNE_LETTER, 200)[0], text, 200)), 200) == Marks()


def test_letters_are_no_separators():
    for letter in ALL:
        for page in render(letter, 200):
            assert find_marks(grey(wear(page, Wear(skew=1.0, noise=5, shade=40))), 200) == Marks()


def test_black_or_empty_pages_are_none():
    assert find_marks(np.zeros((2339, 1654), np.uint8), 200) == Marks()
    assert find_marks(np.full((2339, 1654), 255, np.uint8), 200) == Marks()


def test_the_code_for_print_is_svg():
    svg = qr_svg(label_of(IDENTITY))
    assert b"<svg" in svg and io.BytesIO(svg).read(5) == b"<?xml"
