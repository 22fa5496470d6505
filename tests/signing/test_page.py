"""Frames of reference: the page as shown against its user space, and the text layer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.page import MM, Box, PageFrame
from signing.page_text import read_pages
from tests.signing.drafts import write_draft, write_turned

frames = st.builds(
    lambda x, y, width, height, rotation, unit: PageFrame((x, y, x + width, y + height), rotation, unit),
    st.floats(-500, 500), st.floats(-500, 500), st.floats(50, 2000), st.floats(50, 2000),
    st.sampled_from([0, 90, 180, 270]), st.floats(0.5, 10))
parts = st.floats(0, 1)


@given(frames, parts, parts)
def test_a_point_comes_back_from_user_space(frame: PageFrame, across: float, up: float) -> None:
    point = across * frame.width, up * frame.height

    assert frame.point_from_user(*frame.point_to_user(*point)) == pytest.approx(point, abs=1e-6)


@given(frames)
def test_the_whole_page_is_the_crop_box(frame: PageFrame) -> None:
    assert frame.to_user(frame.as_box) == pytest.approx(frame.crop, abs=1e-6)


@given(frames, parts, parts, parts, parts)
def test_a_box_in_millimetres_from_the_top_left_comes_back(frame: PageFrame, a: float, b: float, c: float,
                                                           d: float) -> None:
    box = Box(min(a, b) * frame.width, min(c, d) * frame.height, max(a, b) * frame.width, max(c, d) * frame.height)

    assert frame.from_mm(*frame.to_mm(box)).as_tuple() == pytest.approx(box.as_tuple(), abs=1e-6)


def test_a_page_turned_clockwise_has_its_left_at_the_bottom_of_user_space() -> None:
    frame = PageFrame((0, 0, 600, 800), 90)

    assert (frame.width, frame.height) == (800, 600)
    assert frame.to_user(Box(0, 0, 100, 50)) == (550, 0, 600, 100)


def test_millimetres_count_from_the_top() -> None:
    frame = PageFrame((0, 0, 210 * MM, 297 * MM), 0)

    assert frame.to_mm(Box(10 * MM, 277 * MM, 30 * MM, 287 * MM)) == pytest.approx((10, 10, 20, 10))


@pytest.mark.parametrize(("angle", "offset", "unit"), [
    (0, (0, 0), 1), (90, (0, 0), 1), (180, (13, 7), 1), (270, (40, 20), 1), (0, (30, 50), 1), (90, (40, 20), 2)])
def test_text_stands_where_it_is_shown_however_the_page_lies(tmp_path: Path, angle: int, offset: tuple[float, float],
                                                             unit: float) -> None:
    plain = write_draft(tmp_path / "plain.pdf")
    turned = write_turned(plain, tmp_path / "turned.pdf", angle=angle, offset=offset, unit=unit)
    expected, found = read_pages(plain)[0], read_pages(turned)[0]

    assert found.frame.width == pytest.approx(expected.frame.width, abs=0.01)
    assert found.frame.height == pytest.approx(expected.frame.height, abs=0.01)
    assert [row.text for row in found.rows] == [row.text for row in expected.rows]
    for here, there in zip(found.rows, expected.rows, strict=True):
        assert here.box.as_tuple() == pytest.approx(there.box.as_tuple(), abs=0.6)
        assert here.baseline == pytest.approx(there.baseline, abs=0.1)
        assert here.size == pytest.approx(there.size, abs=0.1)
