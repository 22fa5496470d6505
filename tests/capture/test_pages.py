"""Pages become upright, straight and white, keep their colours, and say what is wrong with their scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from docclient.capture import pages, upright
from docclient.capture.originals import Picture
from docclient.capture.pages import clean, find_scale, find_skew, is_blank, trim_dark_border, whiten_paper
from tests.capture.letters import COMMUNE_LETTER, MINISTRY_LETTER, Wear, render, wear


def picture_of(image: Image.Image, dpi: float | None = 150, colour: bool = True) -> Picture:
    return Picture(np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1]), dpi, colour)


def as_it_lies(grey: pages.Grey, dpi: float) -> int:
    return 0


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    return render(COMMUNE_LETTER, 150)[0]


@pytest.mark.parametrize("skew", [-6.5, -2.3, -0.4, 0.0, 0.7, 1.7, 4.9])
def test_the_tilt_is_found_to_a_tenth_of_a_degree(letter, skew):
    worn = wear(letter, Wear(skew=skew, noise=6, shade=25))
    page = clean(picture_of(worn), as_it_lies)
    assert page.skew_deg == pytest.approx(skew, abs=0.1)
    assert find_skew(pages.grey_of(page.pixels), page.dpi) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_each_way_round_is_brought_upright(letter, turn):
    worn = wear(letter, Wear(turn=turn, skew=1.2, noise=4))
    page = clean(picture_of(worn), upright.find_turn)
    assert page.rotation == turn            # Pillow turns counter-clockwise: as many degrees clockwise bring it back
    assert page.pixels.shape[0] > page.pixels.shape[1]
    head, foot = page.pixels[:400], page.pixels[-400:]
    assert (head < 128).mean() > 3 * (foot < 128).mean()


def test_a_page_of_few_letters_is_turned_by_reading_it(letter):
    few = Image.new("RGB", letter.size, "white")
    few.paste(letter.crop((0, 100, letter.width, 220)), (0, 300))
    grey = np.asarray(few.rotate(180).convert("L"))
    assert upright.find_turn(np.ascontiguousarray(grey), 150.0) == 180


def test_paper_becomes_white_and_ink_stays_dark_under_shadow_and_tint(letter):
    worn = wear(letter, Wear(shade=90, paper=(244, 232, 200), noise=5))
    page = whiten_paper(picture_of(worn).pixels, 150.0)
    body = page[500:700, 200:1000]
    assert np.percentile(body, 60) == 255
    assert body.min() < 70
    assert (page[1500:, :].min(axis=2) > 245).mean() > 0.99


def test_the_red_of_a_seal_and_the_blue_of_a_pen_stay(letter):
    inked = letter.copy()
    pen = Image.new("RGB", (200, 12), (30, 50, 180))
    inked.paste(pen, (760, 1140))
    page = whiten_paper(picture_of(wear(inked, Wear(paper=(248, 240, 225), shade=40))).pixels, 150.0).astype(int)
    blue, green, red = page[..., 0], page[..., 1], page[..., 2]
    assert ((red - green > 90) & (red - blue > 90)).sum() > 500
    stroke = page[1142:1150, 765:955].reshape(-1, 3)
    assert (stroke[:, 0] - stroke[:, 2]).mean() > 90


@pytest.mark.parametrize("size", [(7, 300), (300, 7), (1, 1)])
def test_a_strip_of_a_few_pixels_is_whitened_too(size):
    assert (whiten_paper(picture_of(Image.new("RGB", size, (245, 240, 225))).pixels, 150.0) == 255).all()


def test_a_dark_picture_on_the_page_is_not_bleached(letter):
    pictured = letter.copy()
    pictured.paste(Image.new("RGB", (400, 300), (90, 70, 60)), (400, 1250))
    page = whiten_paper(picture_of(pictured).pixels, 150.0)
    assert page[1300:1500, 500:700].mean() < 120


def test_the_black_beyond_the_paper_is_cut_off(letter):
    framed = wear(letter, Wear(dark_border_px=40, noise=4))
    trimmed = trim_dark_border(picture_of(framed).pixels)
    assert abs(trimmed.shape[0] - letter.height) <= 4
    assert abs(trimmed.shape[1] - letter.width) <= 4
    untouched = picture_of(letter).pixels
    assert trim_dark_border(untouched) is untouched


def test_a_wholly_dark_picture_is_not_cut_to_nothing():
    dark = np.full((1000, 700, 3), 20, np.uint8)
    assert trim_dark_border(dark).shape == dark.shape


@pytest.mark.parametrize("how", [Wear(noise=6), Wear(paper=(240, 228, 200), shade=60, noise=6),
                                 Wear(specks=300, noise=4), Wear(dark_border_px=15, noise=4)])
def test_blank_sheets_are_known_whatever_their_dirt(how):
    sheet = Image.new("RGB", (1240, 1754), "white")
    for hole in (780, 980):                                 # punched for the folder
        sheet.paste(Image.new("RGB", (34, 34), (60, 60, 60)), (40, hole))
    page = clean(picture_of(wear(sheet, how)), as_it_lies)
    assert (page.blank, page.rotation, page.skew_deg) == (True, 0, None)


def test_a_sheet_with_one_line_is_not_blank(letter):
    sheet = Image.new("RGB", letter.size, "white")
    sheet.paste(letter.crop((180, 900, 600, 960)), (180, 700))
    assert not is_blank(whiten_paper(picture_of(sheet).pixels, 150.0), 150.0)


@pytest.mark.parametrize(("size", "stated", "dpi", "warnings"), [
    ((1654, 2339), 200.0, 200.0, ()),
    ((2339, 1654), 200.0, 200.0, ()),                                        # lying
    ((2480, 3508), None, 300.0, ("capture_warning.resolution_estimated",)),
    ((2480, 3508), 72.0, 300.0, ("capture_warning.not_full_size",)),         # A4 printed over a metre
    ((1748, 2480), 300.0, 300.0, ()),                                        # A5
    ((1700, 2200), 200.0, 200.0, ()),                                        # Letter
    ((1200, 800), 200.0, 200.0, ()),                                         # a slip of paper
])
def test_resolution_is_the_files_word_where_it_fits_and_else_reckoned_from_a4(size, stated, dpi, warnings):
    scale = find_scale(size, stated)
    assert scale.dpi == pytest.approx(dpi, rel=0.01)
    assert scale.warnings == warnings


def test_a_resolution_nothing_tells_stays_unknown():
    slip = picture_of(Image.new("RGB", (1200, 800), "white"), None)
    page = clean(slip, as_it_lies)
    assert page.scan_dpi is None
    assert page.warnings == ("capture_warning.resolution_unknown",)


@pytest.mark.parametrize(("dpi", "colour", "warnings"), [
    (150, True, ("capture_warning.below_200_dpi",)), (200, False, ("capture_warning.not_colour",)), (200, True, ()),
])
def test_scans_below_the_rule_are_reported(dpi, colour, warnings):
    page = clean(picture_of(render(MINISTRY_LETTER, dpi)[0], dpi, colour), as_it_lies)
    assert page.warnings == warnings
    assert page.scan_dpi == pytest.approx(dpi)


def test_a_scan_made_coarser_on_opening_still_reports_its_own_resolution():
    halved = picture_of(render(MINISTRY_LETTER, 300)[0], 300)
    page = clean(replace(halved, reduced=2), as_it_lies)
    assert (page.dpi, page.scan_dpi) == (300, 600)


def test_finer_scans_are_kept_at_300_dpi():
    page = clean(picture_of(render(MINISTRY_LETTER, 400)[0], 400), as_it_lies)
    assert (page.dpi, page.scan_dpi) == (300, 400)
    assert page.size_mm == pytest.approx((210, 297), abs=0.5)
