"""What is drawn on a page, however it came there (text, pictures, lines, scans): rendered coarsely, held as a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2

from signing.files import reading
from signing.page import MM, Box, PageFrame, frame_of
from signing.pdf import PARSER_ERRORS, Damaged, open_reader, pages_of
from signing.pdfium import opened

Grid = npt.NDArray[np.bool_]

CELL = 2.0
"""Points in one cell of the grid: the page is rendered at 36 dots per inch, enough to see a thin line."""

DARKER_BY = 40
"""So much darker than the paper (0–255) is ink; the shade of a bad scan stays below."""

MARGIN_MM = 8.0


@dataclass(frozen=True)
class Ink:
    """drawn: True where ink is; the first row is the page's top, the first column its left."""

    frame: PageFrame
    drawn: Grid

    def cells(self, box: Box) -> Grid:
        """The part of the grid that a box in points covers."""
        rows, columns = self.drawn.shape
        top, bottom = round((self.frame.height - box.y1) / CELL), round((self.frame.height - box.y0) / CELL)
        left, right = round(box.x0 / CELL), round(box.x1 / CELL)
        return self.drawn[max(top, 0):min(max(bottom, top + 1), rows), max(left, 0):min(max(right, left + 1), columns)]

    def share(self, box: Box) -> float:
        """Which part of the box carries ink, 0 to 1."""
        cells = self.cells(box)
        return float(cells.mean()) if cells.size else 0.0

    def free(self, width: float, height: float, *, taken: Iterable[Box] = (), margin_mm: float = MARGIN_MM,
             most: int = 6) -> list[Box]:
        """The largest rectangles without ink, at least `width` × `height` points, that do not lie over each other.

        taken: boxes that count as drawn (fields, signatures). margin_mm: kept free along the page's edge.
        """
        busy = self._busy(taken, margin_mm)
        found: list[Box] = []
        while len(found) < most:
            best = _largest(busy, max(int(np.ceil(width / CELL)), 1), max(int(np.ceil(height / CELL)), 1))
            if best is None:
                break
            top, left, bottom, right = best
            busy[top:bottom, left:right] = True
            found.append(Box(left * CELL, self.frame.height - bottom * CELL, right * CELL,
                             self.frame.height - top * CELL))
        return found

    def nearest_free(self, wanted: Box, *, taken: Iterable[Box] = (), margin_mm: float = MARGIN_MM) -> Box | None:
        """The box of the size of `wanted` nearest to it that lies on nothing; None when the page is full."""
        busy = self._busy(taken, margin_mm)
        width, height = max(int(np.ceil(wanted.width / CELL)), 1), max(int(np.ceil(wanted.height / CELL)), 1)
        if busy.shape[0] < height or busy.shape[1] < width:
            return None
        sums = np.zeros((busy.shape[0] + 1, busy.shape[1] + 1), dtype=np.int32)
        sums[1:, 1:] = busy.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
        inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
        tops, lefts = np.nonzero(inside == 0)
        if not tops.size:
            return None
        top, left = (self.frame.height - wanted.y1) / CELL, wanted.x0 / CELL
        best = int(np.argmin((tops - top) ** 2 + (lefts - left) ** 2))
        x0, y1 = float(lefts[best]) * CELL, self.frame.height - float(tops[best]) * CELL
        return Box(x0, y1 - wanted.height, x0 + wanted.width, y1)

    def _busy(self, taken: Iterable[Box], margin_mm: float) -> Grid:
        """Ink with the cells around it, what is taken, and the page's edge."""
        busy = self.drawn.copy()
        busy[1:] |= self.drawn[:-1]
        busy[:-1] |= self.drawn[1:]
        busy[:, 1:] |= self.drawn[:, :-1]
        busy[:, :-1] |= self.drawn[:, 1:]
        edge = round(margin_mm * MM / CELL)
        if edge:
            busy[:edge] = busy[-edge:] = True
            busy[:, :edge] = busy[:, -edge:] = True
        for box in taken:
            self._part(busy, box)[...] = True
        return busy

    def _part(self, grid: Grid, box: Box) -> Grid:
        rows, columns = grid.shape
        top, bottom = int((self.frame.height - box.y1) / CELL), int(np.ceil((self.frame.height - box.y0) / CELL))
        left, right = int(box.x0 / CELL), int(np.ceil(box.x1 / CELL))
        return grid[max(top, 0):min(bottom, rows), max(left, 0):min(right, columns)]


def read_ink(path: Path, page: int) -> Ink:
    """The ink of a page, counted from 1. Raises: FileNotReadable, NotAPdf, Damaged, Encrypted; IndexError."""
    with reading(path) as stream:
        reader = open_reader(stream, str(path))
        try:
            frame = frame_of(list(pages_of(reader.root))[page - 1])
            stream.seek(0)
            with opened(stream) as document:
                return ink_of(document, page - 1, frame)
        except pypdfium2.PdfiumError as error:
            raise Damaged(file=str(path)) from error
        except PARSER_ERRORS as error:
            if isinstance(error, IndexError):
                raise
            raise Damaged(file=str(path)) from error


def ink_of(document: Any, index: int, frame: PageFrame) -> Ink:
    """The ink of one page of a document open in PDFium; call it inside `signing.pdfium.opened`. index: from 0."""
    page = document[index]
    try:
        # PDFium leaves /UserUnit out of account, so it goes into the scale
        bitmap = page.render(scale=frame.user_unit / CELL, grayscale=True, may_draw_forms=False)
        grey = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]
        bitmap.close()
    finally:
        page.close()
    paper = float(np.percentile(grey, 80))
    return Ink(frame, grey < max(paper - DARKER_BY, 30))


def _largest(busy: Grid, least_width: int, least_height: int) -> tuple[int, int, int, int] | None:
    """top, left, bottom, right of the largest free rectangle: the largest under the histogram of every row."""
    heights = np.zeros(busy.shape[1] + 1, dtype=np.int64)
    best, found = 0, None
    for row in range(busy.shape[0]):
        heights[:-1] = np.where(busy[row], 0, heights[:-1] + 1)
        if int(heights.max()) < least_height:
            continue
        if row + 1 < busy.shape[0] and not bool((busy[row + 1] & (heights[:-1] >= least_height)).any()):
            continue   # every tall column goes on: the next row holds at least as large a rectangle
        stack: list[int] = []
        for column, height in enumerate(heights.tolist()):
            while stack and int(heights[stack[-1]]) >= height:
                tall = int(heights[stack.pop()])
                left = stack[-1] + 1 if stack else 0
                wide = column - left
                if tall >= least_height and wide >= least_width and tall * wide > best:
                    best, found = tall * wide, (row + 1 - tall, left, row + 1, column)
            stack.append(column)
    return found
