"""Where two pictures of a page differ."""

from __future__ import annotations

import numpy as np

from ui.state.differences import WHOLE_PAGE, GreyPage, differing_spots


def page(*marks: tuple[int, int, int, int], width: int = 300, height: int = 400, paper: int = 255) -> GreyPage:
    """marks: left, top, width, height, in black. The rows are padded as Qt pads them."""
    stride = width + 4
    pixels = np.full((height, stride), paper, np.uint8)
    pixels[:, width:] = 7                               # never to be looked at
    for left, top, across, down in marks:
        pixels[top:top + down, left:left + across] = 0
    return GreyPage(width, height, stride, pixels.tobytes())


def test_what_is_alike_does_not_differ() -> None:
    assert differing_spots(page((10, 10, 50, 8)), page((10, 10, 50, 8))) == ()
    assert differing_spots(page(), page(paper=240)) == ()               # the smoothing of a renderer


def test_each_change_has_its_box_from_the_top_down() -> None:
    first, second = differing_spots(page((20, 20, 30, 8)), page((20, 20, 30, 8), (200, 300, 40, 10), (100, 60, 30, 8)))
    assert first.top < second.top
    assert first.meets(90 / 300, 50 / 400, 50 / 300, 30 / 400) and not first.meets(0.6, 0.7, 0.3, 0.2)
    assert second.left <= 200 / 300 and second.left + second.width >= 240 / 300
    assert second.top <= 300 / 400 and second.top + second.height >= 310 / 400


def test_a_comma_is_found_and_dust_is_not() -> None:
    assert len(differing_spots(page(), page((150, 200, 3, 4)))) == 1
    assert differing_spots(page(), page((150, 200, 2, 2))) == ()


def test_a_page_that_came_went_or_grew_differs_as_a_whole() -> None:
    assert differing_spots(None, page()) == differing_spots(page(), None) == (WHOLE_PAGE,)
    assert differing_spots(page(), page(height=500)) == (WHOLE_PAGE,)
    many = [(left, top, 6, 6) for left in range(10, 290, 40) for top in range(10, 390, 30)]
    assert differing_spots(page(), page(*many)) == (WHOLE_PAGE,)
