"""A page's inks taken apart for the reader: black without specks, colour by itself, and the frames of stamps."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey, brightest, darkest
from docclient.capture.rings import without_rings

Cut = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page."""

MOST_FRAMES = 4

LINES_AT_DPI = 50.0
WIDEST_SPACE_MM = 4.0
"""Between the words of a justified line; columns are farther apart."""

READING_RIM_MM = 5.0

FULL_LINE = 0.68
"""Of the paper's width: a line of the body from margin to margin (NĐ 30: at least 155 of 210 mm), its indent aside."""


@dataclass(frozen=True, slots=True)
class Inks:
    """coloured: where the ink has a colour; black: the rest as the reader is to see it."""

    coloured: npt.NDArray[np.bool_]
    black: Grey


def inks_of(page: CleanPage) -> Inks:
    """A whole page's inks; of a piece of a page, `black_ink` alone (a seal's ring is only known whole)."""
    coloured = coloured_ink(page)
    return Inks(coloured, without_rings(black_ink(page, coloured), page.dpi))


def without_body(inks: Inks, dpi: float) -> Inks:
    """The inks without the full lines of the text, but for the first two, and without the colour of the lower half: no
    field stands in them, and they take the reader most of its time. Head, title, addressees and foot are narrower or
    stand in two columns; coloured stamps stand in the upper half (boxes 10a, 10b), below are seals and signatures."""
    mm = LINES_AT_DPI / MM_PER_INCH
    factor = LINES_AT_DPI / dpi
    if factor >= 1:
        return inks
    small = cv2.resize(inks.black, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dark = (np.asarray(small) < 200).astype(np.uint8)
    joined = cv2.dilate(dark, np.ones((1, round(WIDEST_SPACE_MM * mm) | 1), np.uint8))
    found, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    height, width = dark.shape
    full = sorted((int(top), int(top + high)) for _, top, wide, high, _ in stats[1:found]
                  if wide > FULL_LINE * width and 1.5 * mm < high < 9 * mm and top > 0.22 * height)
    coloured = inks.coloured.copy()
    coloured[coloured.shape[0] // 2:] = False
    if len(full) < 3:
        return Inks(coloured, inks.black)
    black = inks.black.copy()
    for top, bottom in full[2:]:
        black[max(0, round((top - 0.3 * mm) / factor)):round((bottom + 0.3 * mm) / factor)] = 255
    return Inks(coloured, black)


def printed_part(black: Grey, dpi: float) -> Cut | None:
    """What holds all the black ink, with some paper around; None when there is none. The reader takes a third of its
    time for finding its way about the paper."""
    dark = np.asarray(cv2.inRange(black, np.array(0), np.array(199)), np.uint8)
    left, top, wide, high = cv2.boundingRect(dark)
    if not wide:
        return None
    rim = round(READING_RIM_MM * dpi / MM_PER_INCH)
    height, width = black.shape
    return max(0, left - rim), max(0, top - rim), min(width, left + wide + rim), min(height, top + high + rim)


def coloured_ink(page: CleanPage) -> npt.NDArray[np.bool_]:
    """Where the ink is clearly coloured: seals, stamps, pens."""
    highest = brightest(page.pixels)
    return np.asarray((cv2.subtract(highest, darkest(page.pixels)) > 60) & (highest > 100), np.bool_)


def black_ink(page: CleanPage, coloured: npt.NDArray[np.bool_]) -> Grey:
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
    grey[coloured] = 255
    return without_specks(np.asarray(grey, np.uint8), page.dpi)


def without_specks(grey: Grey, dpi: float) -> Grey:
    """The page without dust: dots smaller than 0.15 mm² that stand farther than 1.6 mm from any other ink.

    Marks and full stops stand nearer to their letters. Only the reader sees the page like this; the kept image has all.
    """
    height, width = grey.shape
    step = max(1, round(dpi / 100))
    mm = dpi / step / MM_PER_INCH
    # looked for on a smaller picture, whose points say how much of them is ink: the page has millions of points
    size = (-(-width // step), -(-height // step))
    dark = cv2.threshold(grey, 169, 255, cv2.THRESH_BINARY_INV)[1]
    padded = cv2.copyMakeBorder(dark, 0, size[1] * step - height, 0, size[0] * step - width, cv2.BORDER_CONSTANT)
    share = np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), np.uint8)
    reach = 2 * max(1, round(0.8 * mm)) + 1
    near = cv2.dilate((share > 0).astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    found, groups = cv2.connectedComponents(near)
    area = np.bincount(groups.ravel(), weights=share.ravel(), minlength=found) / 255
    dust = area < 0.15 * mm**2
    dust[0] = False
    where = dust[groups].astype(np.uint8)
    clean = grey.copy()
    if where.any():
        clean[cv2.resize(where, (size[0] * step, size[1] * step), interpolation=cv2.INTER_NEAREST)
              [:height, :width] > 0] = 255
    return clean


def colour_layer(page: CleanPage, coloured: npt.NDArray[np.bool_], box: tuple[int, int, int, int]) -> Grey:
    left, top, right, bottom = box
    # edges of coloured strokes are paler than the strokes: take a neighbour of coloured ink along
    near = cv2.dilate(coloured[top:bottom, left:right].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    lowest = darkest(np.ascontiguousarray(page.pixels[top:bottom, left:right]))
    return np.asarray(np.where(near, lowest, 255), np.uint8)


def extent(coloured: npt.NDArray[np.bool_], dpi: float) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom of all coloured ink, with some paper around; None when there is not enough to read."""
    mm = dpi / MM_PER_INCH
    small = cv2.morphologyEx(coloured.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    if int(small.sum()) < 4 * mm**2:
        return None
    rows, columns = np.flatnonzero(small.any(axis=1)), np.flatnonzero(small.any(axis=0))
    rim = round(3 * mm)
    height, width = coloured.shape
    return (max(0, int(columns[0]) - rim), max(0, int(rows[0]) - rim),
            min(width, int(columns[-1]) + rim), min(height, int(rows[-1]) + rim))


def framed(page: CleanPage) -> list[Cut]:
    """The insides of frames the size of a stamp (urgency stamps are 20 to 40 by 8 mm) in the page's upper half.

    A stamp's frame spoils the reading of its word, so the inside is read by itself.
    """
    mm = page.dpi / MM_PER_INCH
    upper = page.pixels[:page.pixels.shape[0] // 2]
    dark = np.asarray(cv2.inRange(darkest(np.ascontiguousarray(upper)), np.array(0), np.array(170)), np.uint8)
    # strokes of letters are shorter than these; a frame that leans a few degrees still has runs this long
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, max(3, round(4.0 * mm))), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((max(3, round(4.5 * mm)), 1), np.uint8))
    joined = cv2.dilate(cv2.max(across, down), np.ones((round(0.8 * mm) | 1, round(0.8 * mm) | 1), np.uint8))
    found, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inside = []
    for left, top, wide, high, area in stats[1:found]:
        sized = 12 * mm < wide < 75 * mm and 5 * mm < high < 18 * mm and wide > 1.3 * high
        hollow = area < 0.5 * wide * high
        has_down = down[top:top + high, left:left + round(3 * mm)].any() and \
            down[top:top + high, max(0, left + wide - round(3 * mm)):left + wide].any()
        if sized and hollow and has_down:
            rim = round(1.3 * mm)
            inside.append((int(left) + rim, int(top) + rim, int(left + wide) - rim, int(top + high) - rim))
    return sorted(inside, key=lambda cut: cut[1])[:MOST_FRAMES]
