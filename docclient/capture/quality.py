"""Is a page good enough to keep? Each fault by its code, so that only the bad page is scanned again.

What NĐ 30/2020 Annex I asks (200 dpi, colour, 100 %) is seen where a page is cleaned (`pages`); here: whether it can be
read at all, whether a piece of it is missing, and whether pages are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np

from docclient.capture.originals import Pixels
from docclient.capture.page_text import PageText
from docclient.capture.pages import MM_PER_INCH, Grey, grey_of, ink

BLURRED, TOO_DARK, CUT, PAGE_MISSING, PAGE_TWICE = (
    f"capture_warning.{name}" for name in ("blurred", "too_dark", "cut_edge", "page_missing", "page_twice"))

SHARPEST_SHARE = 0.26
"""Steepest rise of a letter's edge, as a share of its whole rise, per 1/200 inch: a clear scan has 0.4 and more, one
whose edges are spread over 0.3 mm (a letter's stroke is 0.35 mm wide) has less than this."""

DARK_PAPER = 95            # brightness of 255 that the paper's lighter half reaches
STRONG = 90                # a rise in brightness that only ink makes
TOUCHING_LINES = 4         # lines of text that run into one edge
TOP_MARGIN_MM = 22.0       # NĐ 30: page numbers stand in the middle of the top margin
NUMBER = re.compile(r"^[-–—]?\s*(\d{1,3})\s*[-–—]?$")


def faults_of(scanned: Pixels, whitened: Pixels, dpi: float) -> tuple[str, ...]:
    """Of a page with text. scanned: as it came (BGR, trimmed); whitened: cleaned and upright; dpi: of `whitened`."""
    found = []
    if too_dark(grey_of(scanned)):
        found.append(TOO_DARK)
    if blurred(grey_of(whitened), dpi):
        found.append(BLURRED)
    if cut_off(whitened, dpi):
        found.append(CUT)
    return tuple(found)


def too_dark(grey: Grey) -> bool:
    """The paper itself is dark: a copy of a copy, or a lamp that fails."""
    return float(np.percentile(grey[::4, ::4], 75)) < DARK_PAPER


def blurred(grey: Grey, dpi: float) -> bool:
    """Whether the letters' edges rise too slowly. Judged where there is much ink against paper, wherever that is."""
    sharpness = edge_share(grey, dpi)
    return sharpness is not None and sharpness < SHARPEST_SHARE


def edge_share(grey: Grey, dpi: float) -> float | None:
    """Of the strong edges, how much of the whole rise happens within 1/200 inch: its median; None without edges.

    Brought to 200 dpi first, so that a fine scan is judged as an ordinary one is.
    """
    scale = 200 / dpi
    if scale < 1:
        height, width = grey.shape
        grey = np.asarray(cv2.resize(grey, (max(1, round(width * scale)), max(1, round(height * scale))),
                                     interpolation=cv2.INTER_AREA), np.uint8)
        scale = 1.0
    around = np.ones((9, 9), np.uint8)
    rise = cv2.subtract(cv2.dilate(grey, around), cv2.erode(grey, around))
    steep = np.zeros_like(grey)
    steep[:, :-1] = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    steep[:-1] = cv2.max(steep[:-1], cv2.absdiff(grey[1:], grey[:-1]))
    # an edge is where the steepest of its neighbourhood lies
    edge = (rise > STRONG) & (steep >= np.asarray(cv2.dilate(steep, np.ones((5, 5), np.uint8)))) & (steep > 8)
    if int(edge.sum()) < 400:
        return None
    return float(np.median(steep[edge] / rise[edge].astype(np.float32))) / scale


def cut_off(whitened: Pixels, dpi: float) -> bool:
    """Lines of text run into the left or right edge: the sheet lay askew or too far out."""
    mm = dpi / MM_PER_INCH
    height, width = whitened.shape[:2]
    band, side = max(2, round(0.6 * mm)), min(width, round(12 * mm))
    inner = slice(round(10 * mm), max(round(10 * mm) + 1, height - round(10 * mm)))
    sides = whitened[inner, :side], whitened[inner, width - side:]
    left, right = (ink(np.ascontiguousarray(strip)) for strip in sides)
    for edge, beside in ((left[:, :band], left[:, band:]), (right[:, side - band:], right[:, :side - band])):
        touched = np.asarray((edge > 0).any(axis=1), np.uint8)[:, np.newaxis]
        count, _, stats, _ = cv2.connectedComponentsWithStats(touched, connectivity=8)
        lines = 0
        runs = stats.tolist()
        for index in range(1, count):
            top, high = runs[index][cv2.CC_STAT_TOP], runs[index][cv2.CC_STAT_HEIGHT]
            # a letter's height, with more of its line beside it: not a shadow along the edge, not a punch hole
            if 0.4 * mm < high < 7 * mm and float((beside[top:top + high] > 0).mean()) > 0.03:
                lines += 1
        if lines >= TOUCHING_LINES:
            return True
    return False


def printed_number(text: PageText) -> int | None:
    """The page number in the middle of the top margin (NĐ 30 Annex I, part I.3); None where none stands."""
    width = text.size_mm[0]
    found = [word for word in text.words if word.box_mm[3] < TOP_MARGIN_MM
             and abs((word.box_mm[0] + word.box_mm[2]) / 2 - width / 2) < 0.08 * width]
    if len(found) != 1:
        return None
    match = NUMBER.match(found[0].text.strip("."))
    return int(match[1]) if match else None


def sequence_faults(texts: Sequence[PageText]) -> dict[int, str]:
    """Index of a page → what its number says of the pages before it: some are missing (probably two sheets were taken
    at once), or one came twice.

    Pages without a number count on from the one before. A number 1, or 2 after a page without any, begins anew: the
    document itself, then each annex with its own numbers. A single number that fits neither its neighbours is taken
    for a slip in reading.
    """
    return faults_of_numbers([printed_number(text) for text in texts])


def faults_of_numbers(numbers: Sequence[int | None]) -> dict[int, str]:
    """`sequence_faults` of pages whose numbers are known."""
    faults: dict[int, str] = {}
    before: int | None = None
    for index, number in enumerate(numbers):
        if number is None:
            # a first page bears no number; an unread one is what its neighbours make it
            following = numbers[index + 1] if index + 1 < len(numbers) else None
            before = 1 if following == 2 or before is None else before + 1
            continue
        expected = 1 if before is None else before + 1
        follows = numbers[index + 1] if index + 1 < len(numbers) else None
        slip = number != expected and follows == expected + 1
        if slip or number == 1:
            before = expected if slip else 1
            continue
        if number > expected and number - expected <= 4:
            faults[index] = PAGE_MISSING
        elif before is not None and number == before:
            faults[index] = PAGE_TWICE
        before = number
    return faults
