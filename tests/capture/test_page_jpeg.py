"""How large a kept page is, and what is lost by keeping it small: noise goes, stamps and pens stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ImageDraw

from docclient.capture.originals import pictures
from docclient.capture.page_jpeg import ENOUGH, page_jpeg
from docclient.capture.pages import CleanPage, clean
from tests.capture.letters import ALL, COMMUNE_LETTER, Letter, Wear, render, wear

SCANNED = Wear(skew=0.6, noise=5, blur=0.6, shade=25, paper=(250, 245, 232), specks=30)


def cleaned(letter: Letter, folder: Path) -> CleanPage:
    """As a scanner gives it at 200 dpi, and what is kept of it."""
    wear(render(letter, 200)[0].convert("RGB"), SCANNED).save(folder / "scan.jpg", quality=85, dpi=(200, 200))
    (picture,) = pictures(folder / "scan.jpg", folder)
    return clean(picture, lambda grey, dpi: 0)


@pytest.mark.parametrize("letter", ALL[:2], ids=lambda letter: letter.notation)
def test_a_colour_page_of_text_is_small_and_nothing_that_is_seen_is_lost(tmp_path: Path, letter: Letter) -> None:
    page = cleaned(letter, tmp_path)
    content = page_jpeg(page.pixels)
    assert len(content) < ENOUGH
    kept = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert kept.shape == page.pixels.shape and cv2.PSNR(kept, page.pixels) > 36
    assert len(content) < (tmp_path / "scan.jpg").stat().st_size / 2


def test_noise_goes_and_the_seal_over_the_words_stays(tmp_path: Path) -> None:
    page = cleaned(replace(COMMUNE_LETTER, seal=True), tmp_path)
    kept = cv2.imdecode(np.frombuffer(page_jpeg(page.pixels), np.uint8), cv2.IMREAD_COLOR).astype(int)
    drawn = np.asarray(render(replace(COMMUNE_LETTER, seal=True), 200)[0].convert("RGB")).astype(int)
    red_drawn = int(((drawn[..., 0] - drawn[..., 2]) > 60).sum())
    red_kept = int(((kept[..., 2] - kept[..., 0]) > 60).sum())
    assert red_drawn > 2_000 and red_kept > 0.8 * red_drawn
    assert float((kept.min(axis=2) >= 245).mean()) > 0.9, "paper is white again"


def test_a_page_that_cannot_be_small_is_kept_as_it_is(tmp_path: Path) -> None:
    busy = np.random.default_rng(1).integers(0, 255, (1400, 1000, 3), np.uint8)
    content = page_jpeg(busy)
    assert len(content) > ENOUGH
    best = cv2.imencode(".jpg", busy, [cv2.IMWRITE_JPEG_QUALITY, 75, cv2.IMWRITE_JPEG_OPTIMIZE, 1,
                                       cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    assert content == best


def test_the_colour_of_a_pen_stays_stroke_by_stroke(tmp_path: Path) -> None:
    """A number written and a name signed in blue. Colour is kept at half the fineness of light (4:2:0), so that a
    stroke of three dots pales; it stays plainly blue, and the print beside it black."""
    sheet = render(replace(COMMUNE_LETTER, seal=False), 200)[0].convert("RGB")
    pen = ImageDraw.Draw(sheet)
    for at in range(6):
        left = 900 + 60 * at
        pen.line([(left, 1500), (left + 25, 1430), (left + 40, 1520), (left + 70, 1450)], (35, 60, 165), 3)
        pen.line([(260 + 18 * at, 330), (268 + 18 * at, 358)], (35, 60, 165), 3)
    wear(sheet, SCANNED).save(tmp_path / "scan.jpg", quality=85, dpi=(200, 200))
    (picture,) = pictures(tmp_path / "scan.jpg", tmp_path)
    page = clean(picture, lambda grey, dpi: 0)
    before = page.pixels.astype(int)
    kept = cv2.imdecode(np.frombuffer(page_jpeg(page.pixels), np.uint8), cv2.IMREAD_COLOR).astype(int)
    blue = before[..., 0] - before[..., 2] > 60
    strength, kept_strength = ((page[..., 0] - page[..., 2])[blue] for page in (before, kept))
    assert int(blue.sum()) > 3_000 and kept_strength.mean() > 0.65 * strength.mean()
    assert float((kept_strength > 30).mean()) > 0.98, "no stroke turns grey"
    black = (np.ptp(before, axis=2) < 12) & (before.max(axis=2) < 90)
    assert float((np.ptp(kept, axis=2)[black] > 30).mean()) < 0.005
