"""A red word that stands by itself is read, whatever other coloured strokes the page has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import ImageDraw, ImageFont

from docclient.capture import ocr
from docclient.capture.fields.stamps import read_urgency, secrecy_stamp
from docclient.capture.layers import coloured_ink
from docclient.capture.pages import CleanPage
from docclient.capture.red_lines import red_lines
from tests.capture.letters import COMMUNE_LETTER, FONTS, render

DPI = 200.0
RED, PEN = (205, 30, 45), (35, 70, 200)


def page_with_red(word: str) -> CleanPage:
    """A letter with a red word at the left, a pen's strokes in the number's place and a seal at the foot."""
    image = render(COMMUNE_LETTER, round(DPI))[0].convert("RGB")
    draw = ImageDraw.Draw(image)
    bold = ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 38)
    draw.text((270, 560), word, font=bold, fill=RED)
    draw.arc((420, 300, 450, 350), 20, 340, fill=PEN, width=5)
    draw.line((460, 345, 480, 300), fill=PEN, width=5)
    draw.ellipse((1050, 1800, 1340, 2090), outline=RED, width=8)
    draw.text((1120, 1920), "U.B.N.D", font=bold, fill=RED)
    return CleanPage(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), DPI, DPI, 0, 0.0, False, ())


@pytest.mark.parametrize(("word", "urgency", "secret"), [("KHẨN", "Khẩn", False), ("MẬT", None, True)])
def test_a_word_alone_is_read(tmp_path: Path, word: str, urgency: str | None, secret: bool) -> None:
    text = ocr.read(page_with_red(word), tmp_path)
    assert read_urgency(text).value == urgency
    assert secrecy_stamp(text) == secret


def test_where_it_stands_is_found_and_no_seal_is_taken_for_it() -> None:
    page = page_with_red("KHẨN")
    (cut,) = red_lines(page, coloured_ink(page))
    left, top, right, bottom = cut
    assert left < 272 and top < 570 and 370 < right < 420 and 590 < bottom < 630
    white = CleanPage(np.full_like(page.pixels, 255), DPI, DPI, 0, 0.0, False, ())
    assert red_lines(white, coloured_ink(white)) == []
