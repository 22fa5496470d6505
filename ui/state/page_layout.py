"""Where the pages of a document lie in the viewer: one under another, centred. No Qt: sizes in, places out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

GAP = 14        # pixels between and around the pages
SMALLEST, LARGEST = 0.25, 5.0
STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)


class Fit(StrEnum):
    """What decides the zoom."""

    WIDTH = "width"      # the widest page fills the view's width
    PAGE = "page"        # the current page is seen whole
    FREE = "free"        # the person chose a factor


@dataclass(frozen=True, slots=True)
class Place:
    """A page's rectangle in the scrolled area, pixels from its top left."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Every page's place and the whole area's size, pixels. zoom: 1.0 shows a point as one 72nd of an inch."""

    places: tuple[Place, ...]
    width: int
    height: int
    zoom: float

    def pages_between(self, top: int, bottom: int) -> range:
        """Which pages (from 0) show between two heights."""
        showing = [number for number, place in enumerate(self.places)
                   if place.top < bottom and place.top + place.height > top]
        return range(showing[0], showing[-1] + 1) if showing else range(0)

    def page_at(self, top: int, bottom: int) -> int:
        """The page (from 0) that fills most of the view; the upper one of equals."""
        def seen(number: int) -> int:
            place = self.places[number]
            return min(bottom, place.top + place.height) - max(top, place.top)

        showing = self.pages_between(top, bottom)
        return max(showing, key=lambda number: (seen(number), -number)) if showing else 0


def lay_out(sizes: Sequence[tuple[float, float]], fit: Fit, zoom: float, view: tuple[int, int], dots_per_inch: float,
            current: int = 0) -> Layout:
    """Lay the pages out.

    Args:
        sizes: width, height of each page as shown, in points.
        zoom: the factor for Fit.FREE; held between SMALLEST and LARGEST.
        view: width, height of the viewport, pixels.
        current: the page (from 0) that Fit.PAGE shows whole.
    """
    scale = dots_per_inch / 72
    if sizes and fit is Fit.WIDTH:
        zoom = (view[0] - 2 * GAP) / (max(width for width, _ in sizes) * scale)
    elif sizes and fit is Fit.PAGE:
        width, height = sizes[min(current, len(sizes) - 1)]
        zoom = min((view[0] - 2 * GAP) / (width * scale), (view[1] - 2 * GAP) / (height * scale))
    zoom = min(max(zoom, SMALLEST), LARGEST)
    pixels = [(round(width * scale * zoom), round(height * scale * zoom)) for width, height in sizes]
    total_width = max([width for width, _ in pixels], default=0) + 2 * GAP
    total_width = max(total_width, view[0])
    places, top = [], GAP
    for width, height in pixels:
        places.append(Place((total_width - width) // 2, top, width, height))
        top += height + GAP
    return Layout(tuple(places), total_width, top, zoom)


def next_step(zoom: float, up: bool) -> float:
    """The next usual factor above or below."""
    if up:
        return next((step for step in STEPS if step > zoom * 1.01), LARGEST)
    return next((step for step in reversed(STEPS) if step < zoom * 0.99), SMALLEST)
