"""Lines of red capitals in the upper half of a page: where stamps of urgency and secrecy stand (boxes 10a, 10b).

Among a page's scattered coloured strokes (seals, pens, notes) the reader passes over a single word, were it ever so
clear; cut out by itself it is read. Source of the colours: Decree 30/2020, Annex I.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.layers import Cut
from docclient.capture.pages import MM_PER_INCH, CleanPage

MOST = 5
LOOKED_AT_DPI = 75.0
WIDEST_SPACE_MM = 3.2
LOWEST_MM, HIGHEST_MM = 2.2, 9.0
NARROWEST_MM, WIDEST_MM = 6.0, 75.0
RIM_MM = 0.8
LEAST_INK, MOST_INK = 0.1, 0.6
"""Share of the line's box that strokes of capitals take; frames' edges take less, filled patches more."""


def red_lines(page: CleanPage, coloured: npt.NDArray[np.bool_]) -> list[Cut]:
    """What may be words in red, from top to bottom."""
    height, width = coloured.shape
    upper = page.pixels[:height // 2]
    blue, _, red = cv2.split(upper)
    ink = (cv2.subtract(red, blue) > 40) & coloured[:height // 2]
    step = max(1, round(page.dpi / LOOKED_AT_DPI))
    mm = page.dpi / step / MM_PER_INCH
    small = cv2.resize(ink.astype(np.uint8) * 255, (width // step, height // 2 // step), interpolation=cv2.INTER_AREA)
    dark = (np.asarray(small) > 70).astype(np.uint8)
    reach = np.ones((max(3, round(1.6 * mm)), round(WIDEST_SPACE_MM * mm)), np.uint8)
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, reach)
    found, marks, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    cuts: list[Cut] = []
    for number in range(1, found):
        left, top, wide, high, _ = (int(side) for side in stats[number])
        if top + high >= joined.shape[0]:           # it goes on below: the upper rim of a seal
            continue
        if not (LOWEST_MM * mm < high < HIGHEST_MM * mm and NARROWEST_MM * mm < wide < WIDEST_MM * mm and wide > high):
            continue
        inside = dark[top:top + high, left:left + wide] & (marks[top:top + high, left:left + wide] == number)
        if LEAST_INK < float(inside.mean()) < MOST_INK:
            rim = round(RIM_MM * mm)
            cuts.append((max(0, left - rim) * step, max(0, top - rim) * step,
                         min(width, (left + wide + rim) * step), min(height, (top + high + rim) * step)))
    return sorted(cuts, key=lambda cut: cut[1])[:MOST]
