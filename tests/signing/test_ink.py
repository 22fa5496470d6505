"""Free space on a page: nothing drawn there, whether as text, as a picture or as a scan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from signing.ink import CELL, Ink, read_ink
from signing.page import MM, Box, PageFrame
from signing.page_text import read_pages
from tests.signing.drafts import write_draft, write_turned
from tests.signing.looking import ink, part_of, picture_of


@pytest.mark.parametrize(("angle", "unit", "offset"), [(0, 1.0, (0, 0)), (90, 2.0, (40, 20)), (180, 1.0, (13, 7)),
                                                      (270, 0.5, (30, 60))])
def test_free_rectangles_hold_nothing(tmp_path: Path, angle: int, unit: float, offset: tuple[float, float]) -> None:
    page = write_turned(write_draft(tmp_path / "d.pdf"), tmp_path / "t.pdf", angle=angle, unit=unit, offset=offset)
    found = read_ink(page, 1).free(40 * MM, 15 * MM)
    words = [word for row in read_pages(page)[0].rows for word in row.words]

    assert found and found[0].height > 100
    for box in found:
        assert box.width >= 40 * MM and box.height >= 15 * MM
        assert not any(box.x0 < word.box.x1 and word.box.x0 < box.x1 and box.y0 < word.baseline + 3 < box.y1
                       for word in words)
    if unit == 1:
        assert all(ink(part_of(picture_of(page), box)) == 0 for box in found)
    assert not any(one.overlaps(other) for one in found for other in found if one is not other)


def test_a_scan_without_text_has_free_space_only_beside_its_ink(tmp_path: Path) -> None:
    scan = Image.new("RGB", (1654, 2339), (232, 228, 214))   # A4 at 200 dpi, yellowish paper
    ImageDraw.Draw(scan).rectangle([200, 200, 1450, 1700], fill=(40, 40, 60))
    scan.save(tmp_path / "scan.pdf", resolution=200)
    read = read_ink(tmp_path / "scan.pdf", 1)
    wanted = Box.centred((300, 500), 50 * MM, 20 * MM)
    moved = read.nearest_free(wanted)

    assert read.share(wanted) == 1
    assert moved is not None and read.share(moved) == 0
    assert (moved.width, moved.height) == pytest.approx((wanted.width, wanted.height))
    assert moved.y1 < (2339 - 1700) / 200 * 72


def test_a_full_page_has_no_free_space() -> None:
    full = Ink(PageFrame((0, 0, 200, 200), 0), np.ones((100, 100), dtype=bool))

    assert full.free(20, 20) == []
    assert full.nearest_free(Box(0, 0, 20, 20)) is None


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39), st.integers(1, 12), st.integers(1, 12)), max_size=6),
       st.integers(2, 8), st.integers(2, 8))
def test_the_largest_rectangle_is_the_largest(blots: list[tuple[int, int, int, int]], wide: int, high: int) -> None:
    drawn = np.zeros((40, 40), dtype=bool)
    for row, column, height, width in blots:
        drawn[row:row + height, column:column + width] = True
    page = Ink(PageFrame((0, 0, 80, 80), 0), drawn)
    found = page.free(wide * CELL, high * CELL, margin_mm=0, most=1)

    grown = page._busy((), 0)   # with its breadth of a hair around ink
    best = 0
    for top in range(40):
        for bottom in range(top + high, 41):
            run = longest = 0
            for column in range(40):
                run = 0 if grown[top:bottom, column].any() else run + 1
                longest = max(longest, run)
            if longest >= wide:
                best = max(best, longest * (bottom - top))
    assert (round(found[0].width * found[0].height / CELL ** 2) if found else 0) == best
