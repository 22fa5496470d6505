"""Moving and resizing a place by hand, as pure geometry: points as shown, y upward; always whole on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal

from signing.form import fields_of
from signing.layout import pages_to_read, read_layout
from signing.page import MM, Box, PageFrame
from signing.page_text import read_chosen
from signing.pdf import open_reader

LEAST_MM = 4.0
"""A place is never dragged smaller than this."""

SNAP_WITHIN = 4.0
"""Points within which a dragged edge takes a guide's position."""


class Edge(Enum):
    """What is dragged: dx, dy tell which side moves (-1 the left or bottom one, 1 the right or top one, 0 neither)."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    TOP = (0, 1)
    BOTTOM = (0, -1)
    TOP_LEFT = (-1, 1)
    TOP_RIGHT = (1, 1)
    BOTTOM_LEFT = (-1, -1)
    BOTTOM_RIGHT = (1, -1)


@dataclass(frozen=True, slots=True)
class Snapped:
    """box: after snapping. lines: what it took its position from, to be drawn: the axis and the position in points."""

    box: Box
    lines: tuple[tuple[Literal["x", "y"], float], ...] = ()


def clamped(box: Box, frame: PageFrame) -> Box:
    """The box whole on the page: shifted first, made smaller only when it is larger than the page."""
    width, height = min(box.width, frame.width), min(box.height, frame.height)
    x0 = min(max(box.x0, 0.0), frame.width - width)
    y1 = max(min(box.y1, frame.height), height)
    return Box(x0, y1 - height, x0 + width, y1)


def moved(box: Box, frame: PageFrame, dx: float, dy: float) -> Box:
    """Shifted by dx, dy points (y upward), whole on the page."""
    return clamped(Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy), frame)


def moved_to_mm(box: Box, frame: PageFrame, x: float, y: float) -> Box:
    """Its top left corner x, y millimetres from the page's top left; whole on the page."""
    return clamped(frame.from_mm(x, y, box.width / MM, box.height / MM), frame)


def resized(box: Box, frame: PageFrame, edge: Edge, dx: float, dy: float, *, ratio: float | None = None,
            least_mm: float = LEAST_MM) -> Box:
    """One side or corner dragged by dx, dy points; the opposite one stays, and no side leaves the page.

    ratio: width by height to be kept (a seal is as wide as high).
    """
    across, up = edge.value
    least = min(least_mm * MM, frame.width, frame.height)
    width = box.width + across * dx if across else box.width
    height = box.height + up * dy if up else box.height
    room_x = (box.x1 if across < 0 else frame.width - box.x0) if across else frame.width
    room_y = (frame.height - box.y0 if up > 0 else box.y1) if up else frame.height
    width, height = min(max(width, least), room_x), min(max(height, least), room_y)
    if ratio is not None:
        if across and not up:
            height = width / ratio
        elif up and not across:
            width = height * ratio
        else:
            width = min(max(width, height * ratio), room_x)
            height = width / ratio
        scale = min(1.0, room_x / width, room_y / height)
        width, height = width * scale, height * scale
    x0 = box.x1 - width if across < 0 else box.x0
    y0 = box.y1 - height if up < 0 else box.y0
    if ratio is not None and across and not up:
        y0 = box.middle[1] - height / 2
    if ratio is not None and up and not across:
        x0 = box.middle[0] - width / 2
    return clamped(Box(x0, y0, x0 + width, y0 + height), frame)


def snapped(box: Box, frame: PageFrame, guides: Sequence[Box], *, within: float = SNAP_WITHIN) -> Snapped:
    """Shifted to the nearest edge or middle of a guide or of the page, if one lies within `within` points."""
    across = _nearest((box.x0, box.middle[0], box.x1), [frame.width / 2, *_positions((g.x0, g.middle[0], g.x1)
                                                                                      for g in guides)], within)
    up = _nearest((box.y0, box.middle[1], box.y1), _positions((g.y0, g.middle[1], g.y1) for g in guides), within)
    lines: list[tuple[Literal["x", "y"], float]] = []
    if across is not None:
        lines.append(("x", across[1]))
    if up is not None:
        lines.append(("y", up[1]))
    shifted = moved(box, frame, across[0] if across else 0.0, up[0] if up else 0.0)
    return Snapped(shifted, tuple(lines))


def guides_of(pdf: Path, page: int) -> list[Box]:
    """What a place on this page lines up with: authority and name lines, recipients, date line, other fields.

    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    layout = read_layout(read_chosen(pdf, pages_to_read))
    found = [box for block in layout.signers if block.page == page for box in (block.authority, block.name) if box]
    found += [box for line in (layout.recipients, layout.date_line) if line and line[0] == page for box in (line[1],)]
    with pdf.open("rb") as stream:
        fields = fields_of(open_reader(stream, str(pdf)))
        found += [one.box for one in fields.values() if one.page == page and one.box.width > 1]
    return found


def _positions(triples: Iterable[tuple[float, float, float]]) -> list[float]:
    return [position for triple in triples for position in triple]


def _nearest(own: Sequence[float], positions: Sequence[float], within: float) -> tuple[float, float] | None:
    """The smallest shift that brings one of `own` onto one of `positions`, and that position."""
    shifts = [(position - mine, position) for mine in own for position in positions if abs(position - mine) <= within]
    return min(shifts, key=lambda shift: abs(shift[0]), default=None)
