"""The rings of a seal that a copier made black, taken away so that the words beneath can be read.

A seal on the original is red and is told from black print by its colour; on a copy it is as black as the name and the
position it lies upon (NĐ 30/2020, Annex I, box 8: over a third of the signature). Its rings are the only large circles
on a page. Only the reader sees the page without them; the kept image has all.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.pages import MM_PER_INCH, Grey

SMALLEST_MM, LARGEST_MM = 8.0, 22.0
"""Radius. Seals of offices are 35 to 42 mm wide, with a second ring within."""

LOOKED_FOR_AT_DPI = 60.0
MOST_SEALS = 3
LEAST_OF_RING = 0.55
"""Share of a circle that is inked on a ring; letters and rules give a third of this."""

ARC_MM = 5.0
"""No stroke of a letter follows a circle for so long."""

BEYOND_MM = 0.45
"""A stroke that goes on this far beyond the ring's own thickness crosses it, and stays."""


def without_rings(grey: Grey, dpi: float) -> Grey:
    """The page's black ink without the rings of seals, and with the strokes that cross them; `grey` itself where there
    are none."""
    cleaned: Grey | None = None
    for x, y in _middles(grey, dpi):
        cleaned = _without(grey.copy() if cleaned is None else cleaned, dpi, (x, y))
    return grey if cleaned is None else cleaned


def _middles(grey: Grey, dpi: float) -> list[tuple[float, float]]:
    """Where seals have their middles, in pixels of the page."""
    factor = LOOKED_FOR_AT_DPI / dpi
    if factor >= 1:
        return []
    size = (max(8, round(grey.shape[1] * factor)), max(8, round(grey.shape[0] * factor)))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    mm = LOOKED_FOR_AT_DPI / MM_PER_INCH
    found = cv2.HoughCircles(small, cv2.HOUGH_GRADIENT, dp=1.5, minDist=6 * mm, param1=120, param2=38,
                             minRadius=round(10 * mm), maxRadius=round(LARGEST_MM * mm))
    if found is None:
        return []
    dark = small < 190
    sure = [(float(x), float(y)) for x, y, radius in found[0][:24]
            if _inked(dark, (x, y), float(radius)) > LEAST_OF_RING]
    apart: list[tuple[float, float]] = []
    for x, y in sure:
        if all(math.hypot(x - other[0], y - other[1]) > 6 * mm for other in apart):
            apart.append((x, y))
    return [((x + 0.5) / factor, (y + 0.5) / factor) for x, y in apart[:MOST_SEALS]]


def _inked(dark: npt.NDArray[np.bool_], middle: tuple[float, float], radius: float) -> float:
    """Share of the circle's angles where ink lies on it, a pixel more or less."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    hit = np.zeros(len(angles), np.bool_)
    height, width = dark.shape
    for away in (-1.0, 0.0, 1.0):
        xs = np.rint(middle[0] + (radius + away) * np.cos(angles)).astype(int)
        ys = np.rint(middle[1] + (radius + away) * np.sin(angles)).astype(int)
        inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
        hit[inside] |= dark[ys[inside], xs[inside]]
    return float(hit.mean())


def _without(grey: Grey, dpi: float, middle: tuple[float, float]) -> Grey:
    """Seen from the middle, by angle and distance, rings are straight and long, and letters are not."""
    mm = dpi / MM_PER_INCH
    reach = round((LARGEST_MM + 2) * mm)
    left, top = max(0, round(middle[0]) - reach), max(0, round(middle[1]) - reach)
    right, bottom = min(grey.shape[1], round(middle[0]) + reach), min(grey.shape[0], round(middle[1]) + reach)
    patch = np.ascontiguousarray(grey[top:bottom, left:right])
    centre = (middle[0] - left, middle[1] - top)
    around = round(2 * math.pi * 16 * mm)           # a row for each pixel of a usual ring
    seen = cv2.warpPolar(255 - patch, (reach, around), centre, reach, cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS)
    ink = (np.asarray(seen) > 90).astype(np.uint8)
    ink[:, :round(SMALLEST_MM * mm)] = 0
    arc = max(3, round(ARC_MM * mm))
    wrapped = np.vstack([ink[-arc:], ink, ink[:arc]])
    # a ring that is not quite round drifts a little: let it, then look for what is long
    eased = cv2.morphologyEx(wrapped, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    long = np.asarray(cv2.morphologyEx(eased, cv2.MORPH_OPEN, np.ones((arc, 1), np.uint8)), np.uint8)
    rings = cv2.dilate(long, np.ones((3, 3), np.uint8))
    thick = round(_thickness(long, mm) + BEYOND_MM * mm)
    crossing = cv2.morphologyEx(wrapped, cv2.MORPH_OPEN, np.ones((1, max(3, thick)), np.uint8))
    gone = np.ascontiguousarray(((rings > 0) & (crossing == 0)).astype(np.uint8)[arc:-arc] * 255)
    flat = cv2.warpPolar(gone, (patch.shape[1], patch.shape[0]), centre, reach,
                         cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS)
    erased = cv2.dilate(np.asarray(flat), np.ones((3, 3), np.uint8)) > 90
    without = np.where(erased, np.uint8(255), patch)
    # where ink stands on both sides of what was taken, a letter's stroke ran through
    gap = round(_thickness(long, mm) + 2) | 1
    bridged = cv2.morphologyEx((without < 150).astype(np.uint8), cv2.MORPH_CLOSE,
                               cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))) > 0
    grey[top:bottom, left:right] = np.where(erased & bridged, patch, without)
    return grey


def _thickness(long: npt.NDArray[np.uint8], mm: float) -> float:
    """Of a ring in pixels: the usual length of its runs across."""
    edges = np.diff(np.pad(long, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    if not len(starts):
        return 0.4 * mm
    return float(np.median(ends[:, 1] - starts[:, 1]))
