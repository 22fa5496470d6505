"""Print or pen? What stands in the place of a number or a day is held against the print beside it.

On real letters the number and the day are mostly written by hand (records practice; the draft leaves the place empty).
Hands differ without end, so nothing here knows how a hand looks: it knows how *print* looks. The figures of one line
of print have one height, one foot, one stroke and narrow spaces. What departs from any of these is not taken for print,
and then no reading of it is ever shown as sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from docclient.capture.fields.model import Box, Field

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Pixels = npt.NDArray[np.uint8]

# OpenCV and numpy are loaded by the functions that need them: a PDF's own letters are read without

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Patch:
    """A piece of the cleaned page: BGR pixels, pixels a millimetre, where its left and top lie on the page (mm)."""

    pixels: Pixels
    per_mm: float
    left: float
    top: float


Crop = Callable[[Box], Patch]
"""Cuts a box (millimetres) out of the page; beyond the page's edge there is paper."""

# what print keeps to, in heights of its capitals or figures (found on the tuning pages, with room for worn ones)
RISES, SINKS = 0.17, 0.17           # above the others' top, below their foot
SHORTEST = 0.80
WIDEST_GAP = 0.85                   # after "Số:", before the slash, around a day; a double space is 0.75
THINNEST, THICKEST = 0.55, 1.8      # of the stroke beside it
COLOURED = 0.25                     # share of pen-blue in the ink
PERHAPS_PEN = 0.5
"""No reading of what may be written by hand is surer."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """What the place holds, measured in heights of the print beside it; None where nothing could be compared."""

    rises: float
    sinks: float
    shortest: float
    gap_before: float
    gap_after: float
    widest_between: float
    stroke: float
    coloured: float
    pieces: int

    @property
    def by_pen(self) -> bool:
        """Is this beyond what wear does to print?"""
        return (self.coloured > 0.5 or self.rises > 0.35 or self.sinks > 0.45 or self.gap_before > 1.3
                or self.gap_after > 1.3 or self.pieces == 0)

    @property
    def printed(self) -> bool:
        """Does everything fit print?"""
        return (self.rises <= RISES and self.sinks <= SINKS and self.shortest >= SHORTEST
                and self.gap_before <= WIDEST_GAP and self.gap_after <= WIDEST_GAP and self.widest_between <= WIDEST_GAP
                and THINNEST <= self.stroke <= THICKEST and self.coloured <= COLOURED and self.pieces > 0)


def strokes(place: Box, print_beside: Box, crop: Crop) -> Strokes | None:
    """Measure what stands within `place` (from the end of the word before to the beginning of the one after) against
    the letters in `print_beside`, of the same line. None where the print itself cannot be measured."""
    beside = crop(print_beside)
    ink, _ = inks(beside)
    letters = [piece for piece in pieces(ink, beside.per_mm) if piece[3] > 1.2 * beside.per_mm]
    if not letters:
        return None
    tallest = max(piece[3] for piece in letters)
    letters = [piece for piece in letters if piece[3] > 0.7 * tallest]
    height = float(median(piece[3] for piece in letters)) / beside.per_mm
    top = beside.top + float(median(piece[1] for piece in letters)) / beside.per_mm
    foot = top + height
    if not 1.5 < height < 5.5:
        return None
    rim = 1.1 * height
    patch = crop((place[0], top - rim, place[2], foot + rim))
    ink, blue = inks(patch)
    mm = patch.per_mm
    found: list[Box] = []
    for left, up, wide, high, area in sorted(pieces(ink, mm)):
        upper, lower = patch.top + up / mm, patch.top + (up + high) / mm
        # specks, dotted lines, and what reaches in from the lines above and below
        if (area < 0.06 * mm**2 or high < 0.25 * height * mm
                or lower < top + 0.1 * height or upper > foot - 0.1 * height):
            continue
        # what the place's end cuts through is the slash, or a letter of the word after
        if found and left + wide >= ink.shape[1] - 1 and wide < 0.6 * height * mm:
            continue
        found.append((patch.left + left / mm, upper, patch.left + (left + wide) / mm, lower))
    if not found:
        return Strokes(0, 0, 0, 9, 9, 9, 1, 0, 0)
    gaps = [(after[0] - before[2]) / height for before, after in pairwise(found)]
    inked = int(ink.sum())
    return Strokes(
        rises=max(top - piece[1] for piece in found) / height, sinks=max(piece[3] - foot for piece in found) / height,
        shortest=min(piece[3] - piece[1] for piece in found) / height, gap_before=(found[0][0] - place[0]) / height,
        gap_after=(place[2] - max(piece[2] for piece in found)) / height, widest_between=max(gaps, default=0.0),
        stroke=_stroke(ink, mm) / max(0.01, _stroke(inks(beside)[0], beside.per_mm)),
        coloured=int(blue.sum()) / inked if inked else 0.0, pieces=len(found))


def doubted(field: Field, place: Box, found: Strokes | None) -> Field:
    """The field when what stands in its place was measured: as it was where that is print; unread, with its place and
    what was read as another reading, where a pen wrote; doubtful where neither is plain."""
    if found is None:
        return field
    if found.printed:
        return field
    rim = 0.5 * (place[3] - place[1])
    box = (place[0], place[1] - rim, place[2], place[3] + rim)
    others = (field.value, *field.alternatives) if isinstance(field.value, str) else field.alternatives
    if found.by_pen or field.value is None:
        return Field(None, 0.0, field.page, box, others)
    return Field(field.value, min(field.certainty, PERHAPS_PEN), field.page, field.box_mm, field.alternatives)


def inks(patch: Patch) -> tuple[Bools, Bools]:
    """(ink without red stamps, the pen-blue part of it)."""
    import cv2
    import numpy as np

    blue, green, red = (side.astype(np.int16) for side in cv2.split(patch.pixels))
    dark = np.minimum(np.minimum(blue, green), red) < 150
    is_red = (red - np.maximum(blue, green) > 45)
    ink = np.asarray(dark & ~is_red, np.bool_)
    return ink, np.asarray(ink & (blue - red > 40), np.bool_)


def pieces(ink: Bools, per_mm: float) -> list[tuple[int, int, int, int, int]]:
    """Connected ink: left, top, width, height, area in pixels, without specks; what lies one above the other is one."""
    import cv2
    import numpy as np

    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found = [tuple(int(side) for side in row) for row in stats[1:count] if row[4] >= 0.03 * per_mm**2]
    return [(left, top, wide, high, area) for left, top, wide, high, area in found]


def _stroke(ink: Bools, per_mm: float) -> float:
    """Half the thickness of the strokes, in millimetres: the median along their middles."""
    import cv2
    import numpy as np

    if not ink.any():
        return 0.0
    depth = cv2.distanceTransform(ink.astype(np.uint8), cv2.DIST_L2, 5)
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)) - 1e-3) & ink
    return float(np.median(depth[ridge])) / per_mm


def cropper(pixels: Pixels, dpi: float) -> Crop:
    """Cuts out of one page's BGR pixels."""
    import numpy as np

    per_mm = dpi / MM_PER_INCH
    height, width = pixels.shape[:2]

    def cut(box: Box) -> Patch:
        left, top = max(0, min(width - 1, int(box[0] * per_mm))), max(0, min(height - 1, int(box[1] * per_mm)))
        right = max(left + 1, min(width, int(box[2] * per_mm) + 1))
        bottom = max(top + 1, min(height, int(box[3] * per_mm) + 1))
        return Patch(np.ascontiguousarray(pixels[top:bottom, left:right]), per_mm, left / per_mm, top / per_mm)

    return cut
