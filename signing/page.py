"""Where things are on a page: boxes, places and the frames of reference between which they are turned.

A `Box` is in points (1/72 inch) from the bottom left of the page as shown: after CropBox, /Rotate and /UserUnit. That
is the frame of the command line, of screens and of everything else here; `PageFrame` turns it into the user space in
which annotations are written (ISO 32000-2, 8.3.2.3 and 14.11.2), and into millimetres from the top left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signing.files import reading
from signing.pdf import PARSER_ERRORS, Damaged, entry, open_reader, pages_of

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Box:
    """x0, y0 bottom left, x1, y1 top right, in points from the bottom left of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1

    def overlaps(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        every = list(boxes)
        return cls(min(b.x0 for b in every), min(b.y0 for b in every),
                   max(b.x1 for b in every), max(b.y1 for b in every))

    @classmethod
    def centred(cls, middle: tuple[float, float], width: float, height: float) -> Box:
        return cls(middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page. page: counted from 1. certain: found on the page, not merely put where it usually is."""

    page: int
    box: Box
    certain: bool = True


@dataclass(frozen=True, slots=True)
class PageFrame:
    """How a page lies in its user space.

    crop: the visible part in user space units, normalised. rotation: 0, 90, 180, 270, clockwise as shown.
    user_unit: points in one user space unit.
    """

    crop: tuple[float, float, float, float]
    rotation: int
    user_unit: float = 1.0

    @property
    def width(self) -> float:
        """As shown, in points."""
        return (self._crop_height if self.rotation % 180 else self._crop_width) * self.user_unit

    @property
    def height(self) -> float:
        return (self._crop_width if self.rotation % 180 else self._crop_height) * self.user_unit

    @property
    def as_box(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def point_to_user(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown, in user space units."""
        x, y = x / self.user_unit, y / self.user_unit
        left, bottom, right, top = self.crop
        if self.rotation == 90:
            return right - y, bottom + x
        if self.rotation == 180:
            return right - x, top - y
        if self.rotation == 270:
            return left + y, top - x
        return left + x, bottom + y

    def point_from_user(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.crop
        if self.rotation == 90:
            shown = y - bottom, right - x
        elif self.rotation == 180:
            shown = right - x, top - y
        elif self.rotation == 270:
            shown = top - y, x - left
        else:
            shown = x - left, y - bottom
        return shown[0] * self.user_unit, shown[1] * self.user_unit

    def to_user(self, box: Box) -> tuple[float, float, float, float]:
        """The box as an annotation's /Rect: user space units, normalised."""
        ax, ay = self.point_to_user(box.x0, box.y0)
        bx, by = self.point_to_user(box.x1, box.y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def from_user(self, rect: Sequence[float]) -> Box:
        ax, ay = self.point_from_user(rect[0], rect[1])
        bx, by = self.point_from_user(rect[2], rect[3])
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def to_mm(self, box: Box) -> tuple[float, float, float, float]:
        """x, y of the top left corner from the page's top left, width, height; millimetres."""
        return box.x0 / MM, (self.height - box.y1) / MM, box.width / MM, box.height / MM

    def from_mm(self, x: float, y: float, width: float, height: float) -> Box:
        """The box of a rectangle given in millimetres from the top left."""
        return Box(x * MM, self.height - (y + height) * MM, (x + width) * MM, self.height - y * MM)

    def contains(self, box: Box, *, slack: float = 0.5) -> bool:
        return (box.x0 >= -slack and box.y0 >= -slack
                and box.x1 <= self.width + slack and box.y1 <= self.height + slack)

    @property
    def _crop_width(self) -> float:
        return self.crop[2] - self.crop[0]

    @property
    def _crop_height(self) -> float:
        return self.crop[3] - self.crop[1]


def frame_of(page: Any) -> PageFrame:
    """The frame of a page dictionary (pyHanko's or another with dictionary access), inherited entries followed."""
    media = _rectangle(_inherited(page, "/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _rectangle(_inherited(page, "/CropBox")) or media
    crop = (max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3]))
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        crop = media
    try:
        rotation = round(float(_inherited(page, "/Rotate") or 0) / 90) * 90 % 360
        unit = float(entry(page, "/UserUnit", 1) or 1)
    except (TypeError, ValueError):
        rotation, unit = 0, 1.0
    return PageFrame(crop, rotation, unit if unit > 0 else 1.0)


def frames_of(path: Path) -> list[PageFrame]:
    """The frame of every page. Raises: FileNotReadable, NotAPdf, Damaged, Encrypted."""
    with reading(path) as stream:
        reader = open_reader(stream, str(path))
        try:
            return [frame_of(page) for page in pages_of(reader.root)]
        except PARSER_ERRORS as error:
            raise Damaged(file=str(path)) from error


def _inherited(page: Any, key: str) -> Any:
    for _ in range(50):
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _rectangle(value: Any) -> tuple[float, float, float, float] | None:
    try:
        a, b, c, d = (float(value[index]) for index in range(4))
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if found[2] > found[0] and found[3] > found[1] else None
