"""A page's inks taken apart for the reader: black without specks, colour by itself, and the frames of stamps."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey, brightest, darkest

Cut = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page."""

MOST_FRAMES = 4


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
    mm = dpi / MM_PER_INCH
    dark = (grey < 170).astype(np.uint8)
    reach = 2 * max(1, round(0.8 * mm)) + 1
    near = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    found, groups = cv2.connectedComponents(near)
    area = np.bincount(groups.ravel(), weights=dark.ravel(), minlength=found)
    dust = area < 0.15 * mm**2
    dust[0] = False
    clean = grey.copy()
    clean[dust[groups]] = 255
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
