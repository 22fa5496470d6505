"""A page's inks apart: black without dust, red by itself, the insides of stamps' frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from docclient.capture import ocr
from docclient.capture.fields.stamps import read_urgency
from docclient.capture.layers import black_ink, coloured_ink, framed, without_specks
from docclient.capture.pages import CleanPage
from docclient.tools import tesseract
from tests.capture.letters import FONTS, MINISTRY_LETTER, OFFICE_INVITATION, render

RED = (42, 35, 210)


def clean_page(pixels: np.ndarray, dpi: float = 200.0) -> CleanPage:
    return CleanPage(np.ascontiguousarray(pixels), dpi, dpi, 0, 0.0, False, ())


@pytest.fixture
def letter() -> CleanPage:
    return clean_page(np.asarray(render(MINISTRY_LETTER, 200)[0])[:, :, ::-1])


def test_a_seal_across_a_word_does_not_hide_it(letter):
    pixels = letter.pixels.copy()
    over = pixels[300:330, 300:700].min(axis=2) < 128       # the number's line
    cv2.line(pixels, (300, 315), (700, 315), RED, 6)
    pixels[300:330, 300:700][over] = 0                      # ink of a stamp lets black through
    black = black_ink(clean_page(pixels), coloured_ink(clean_page(pixels)))
    assert (black[300:330, 300:700] < 128).sum() == pytest.approx(over.sum(), rel=0.05)


def test_dust_goes_and_marks_and_stops_stay(letter):
    grey = cv2.cvtColor(letter.pixels, cv2.COLOR_BGR2GRAY)
    dusty = grey.copy()
    for x, y in ((100, 1900), (800, 2000), (1500, 1700), (60, 300)):
        dusty[y:y + 2, x:x + 2] = 0
    cleaned = without_specks(dusty, 200.0)
    assert (cleaned[1650:] > 200).all()
    assert cleaned[300, 60] == 255
    assert ((grey < 128) & (cleaned >= 128)).sum() < 8      # no letter lost its mark


@pytest.mark.parametrize("letter_with", [MINISTRY_LETTER, OFFICE_INVITATION], ids=["khẩn", "hỏa tốc"])
def test_the_frame_of_a_stamp_is_found(letter_with):
    (frame,) = framed(clean_page(np.asarray(render(letter_with, 200)[0])[:, :, ::-1]))
    assert frame[0] < 400
    assert 300 < frame[1] < 800


def test_rules_and_letters_are_no_frames(letter):
    pixels = letter.pixels.copy()
    pixels[400:800, :460] = 255                             # without its stamp
    assert framed(clean_page(pixels)) == []


@pytest.mark.parametrize("tilt", [-3, 2])
@pytest.mark.parametrize("colour", [RED, (20, 20, 20)])
def test_a_stamp_set_by_hand_is_read_in_red_and_in_black(tmp_path, tilt, colour):
    from PIL import Image, ImageDraw, ImageFont

    from tests.capture.letters import FONTS

    stamp = Image.new("RGBA", (340, 90), (255, 255, 255, 0))
    draw = ImageDraw.Draw(stamp)
    ink = tuple(reversed(colour))
    draw.rectangle((3, 3, 336, 86), outline=ink, width=4)
    draw.text((25, 14), "THƯỢNG KHẨN", font=ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 40), fill=ink)
    turned = stamp.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    sheet = Image.new("RGB", (1654, 2339), "white")
    sheet.paste(turned, (250, 600), turned)
    ImageDraw.Draw(sheet).text((250, 900), "Kính gửi: Ủy ban nhân dân các xã", fill=(0, 0, 0),
                               font=ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), 38))
    text = ocr.read(clean_page(np.asarray(sheet)[:, :, ::-1]), tmp_path)
    assert read_urgency(text).value == "Thượng khẩn"


def test_a_further_look_with_data_that_cannot_be_opened_sees_nothing(tmp_path: Path) -> None:
    sheet = Image.new("RGB", (1000, 300), "white")
    font = ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), 60)
    ImageDraw.Draw(sheet).text((60, 100), "Ủy ban nhân dân", font=font, fill="black")
    page = clean_page(np.asarray(sheet)[:, :, ::-1])
    box = (0.0, 0.0, *page.size_mm)
    unopened, opened = (ocr.read_pieces(page, [box], tmp_path, data=data)[0] for data in ("xyz", tesseract.BEST))
    assert unopened == [] and [word.text for word in opened] == ["Ủy", "ban", "nhân", "dân"]
