"""Moving and resizing places: whatever is dragged where, the place stays whole on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.page import MM, Box, PageFrame
from signing.placement import LEAST_MM, Edge, clamped, guides_of, moved, moved_to_mm, resized, snapped
from tests.signing.conftest import Stages

A4 = PageFrame((0, 0, 210 * MM, 297 * MM), 0)
boxes = st.builds(lambda x, y, w, h: clamped(Box(x, y, x + w, y + h), A4), st.floats(-100, 700), st.floats(-100, 900),
                  st.floats(12, 400), st.floats(12, 400))
shifts = st.floats(-900, 900)


@given(boxes, shifts, shifts)
def test_a_moved_place_keeps_its_size_and_stays_on_the_page(box: Box, dx: float, dy: float) -> None:
    found = moved(box, A4, dx, dy)

    assert A4.contains(found, slack=1e-6)
    assert (found.width, found.height) == pytest.approx((box.width, box.height))


@given(boxes, st.sampled_from(list(Edge)), shifts, shifts, st.sampled_from([None, 1.0, 2.5]))
def test_a_resized_place_is_never_too_small_nor_off_the_page(box: Box, edge: Edge, dx: float, dy: float,
                                                             ratio: float | None) -> None:
    found = resized(box, A4, edge, dx, dy, ratio=ratio)

    assert A4.contains(found, slack=1e-6)
    if ratio is None:
        assert min(found.width, found.height) >= min(LEAST_MM * MM, box.width, box.height) - 1e-6
        across, up = edge.value
        assert across > 0 or up > 0 or found.x1 == pytest.approx(box.x1)
        assert (found.x0 == pytest.approx(box.x0)) or across <= 0
        assert (found.y0 == pytest.approx(box.y0)) or up <= 0
    else:
        assert found.width / found.height == pytest.approx(ratio, rel=1e-6)


def test_millimetres_are_exact() -> None:
    found = moved_to_mm(Box(0, 0, 50 * MM, 20 * MM), A4, 120.5, 190.25)

    assert A4.to_mm(found) == pytest.approx((120.5, 190.25, 50, 20))


def test_a_place_takes_the_middle_of_a_name_nearby() -> None:
    name = Box(300, 100, 400, 112)
    found = snapped(Box(302.5, 140, 402.5, 180), A4, [name])

    assert found.box.middle[0] == pytest.approx(350)
    assert ("x", pytest.approx(300)) in found.lines or ("x", pytest.approx(350)) in found.lines
    far = Box(200, 300, 290, 340)
    assert snapped(far, A4, [name]).box == far and snapped(far, A4, [name]).lines == ()


def test_guides_are_the_lines_around_a_signature(stages: Stages) -> None:
    found = guides_of(stages.prepared, 1)

    assert len(found) >= 7   # authority, name, recipients, date, and the fields
    assert guides_of(Path(stages.prepared), 2) == []
