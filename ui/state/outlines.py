"""Boxes drawn over a page: where a field was read, where a signature stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Outline:
    """One box on a page.

    page: from 1. left, top, width, height: points (1/72 inch) from the top left corner of the page as shown (CropBox,
    after rotation). tone: the name of a theme tone. label: what it is; also its accessible text. key: the owner's own
    name for it.
    """

    page: int
    left: float
    top: float
    width: float
    height: float
    tone: str
    label: str = ""
    key: str = ""

    @classmethod
    def from_mm(cls, page: int, box_mm: tuple[float, float, float, float], tone: str, label: str = "",
                key: str = "") -> Self:
        """From x0, y0, x1, y1 in millimetres from the top left of the page as shown."""
        x0, y0, x1, y1 = (length * POINTS_PER_MM for length in box_mm)
        return cls(page, min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0), tone, label, key)

    @classmethod
    def from_points(cls, page: int, box: tuple[float, float, float, float], page_height: float, tone: str,
                    label: str = "", key: str = "") -> Self:
        """From x0, y0, x1, y1 in points from the bottom left of the page as shown; `page_height` in points too."""
        x0, y0, x1, y1 = box
        return cls(page, min(x0, x1), page_height - max(y0, y1), abs(x1 - x0), abs(y1 - y0), tone, label, key)
