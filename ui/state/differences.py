"""Where two pictures of a page differ: boxes around what changed, from pixels alone."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 900                 # pixels that a page is drawn wide for comparing: a comma is still some pixels
FAINT = 40                  # of 255: less is the smoothing of letters and not a change
SMALLEST = 6                # pixels: less is dust
MOST_BOXES = 60             # more is a page that changed as a whole


@dataclass(frozen=True, slots=True)
class GreyPage:
    """A page drawn in grey: one byte a pixel, rows of `stride` bytes."""

    width: int
    height: int
    stride: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Spot:
    """A box as parts of the page's width and height, from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, left: float, top: float, width: float, height: float) -> bool:
        """Does its middle lie in that box?"""
        across, down = self.left + self.width / 2, self.top + self.height / 2
        return left <= across <= left + width and top <= down <= top + height


WHOLE_PAGE = Spot(0.0, 0.0, 1.0, 1.0)


def differing_spots(before: GreyPage | None, after: GreyPage | None) -> tuple[Spot, ...]:
    """What differs, from the top of the page down. A page that only one of them has, or that has another size, differs
    as a whole."""
    if before is None or after is None or (before.width, before.height) != (after.width, after.height):
        return (WHOLE_PAGE,)
    import cv2
    import numpy as np

    def grey(page: GreyPage) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
        rows = np.frombuffer(page.pixels, np.uint8, page.stride * page.height).reshape(page.height, page.stride)
        return np.ascontiguousarray(rows[:, :page.width])

    differs = (cv2.absdiff(grey(before), grey(after)) > FAINT).astype(np.uint8)
    if not differs.any():
        return ()
    joined = cv2.dilate(differs, np.ones((9, 21), np.uint8))       # letters of a word, words of a line
    count, _, found, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = sorted(((int(x), int(y), int(w), int(h)) for x, y, w, h, _ in found[1:count]), key=lambda box: box[1])
    spots = tuple(Spot(x / before.width, y / before.height, w / before.width, h / before.height)
                  for x, y, w, h in boxes if differs[y:y + h, x:x + w].sum() >= SMALLEST)
    return (WHOLE_PAGE,) if len(spots) > MOST_BOXES else spots
