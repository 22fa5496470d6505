"""Reading a clean page: Vietnamese words with their boxes and how sure the reader is.

The page is read twice where it has coloured ink: first the black alone, so that a seal or a pen stroke across a word
does not hide it, then the coloured ink alone (an urgency stamp is red). Tesseract runs as a child process.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey
from docclient.tools import tesseract
from docclient.tools.running import Stop

LANGUAGE = "vie"
SURE_IN_COLOUR = 0.6
"""Coloured strokes are mostly signatures and seals: only words read at least this surely are kept from them."""


def read(page: CleanPage, work: Path, stop: Stop | None = None) -> PageText:
    """The words of a clean page; none on a blank one. `work` takes the images handed to the reader.

    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    if page.blank:
        return PageText((), page.size_mm)
    coloured = coloured_ink(page)
    words = _read_layer(_black_ink(page, coloured), page.dpi, work / "black.png", 3, stop)
    if (box := _extent(coloured, page.dpi)) is not None:
        found = _read_layer(_colour_layer(page, coloured, box), page.dpi, work / "colour.png", 11, stop,
                            shift=box[:2], first_line=1 + max((word.line for word in words), default=0), is_colour=True)
        words += [word for word in found if word.certainty >= SURE_IN_COLOUR and not _covered(word, words)]
    return PageText(tuple(words), page.size_mm)


def coloured_ink(page: CleanPage) -> npt.NDArray[np.bool_]:
    """Where the ink is clearly coloured: seals, stamps, pens."""
    highest, lowest = page.pixels.max(axis=2), page.pixels.min(axis=2)
    return np.asarray((highest - lowest > 60) & (highest > 100), np.bool_)


def _black_ink(page: CleanPage, coloured: npt.NDArray[np.bool_]) -> Grey:
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
    grey[coloured] = 255
    return np.asarray(grey, np.uint8)


def _colour_layer(page: CleanPage, coloured: npt.NDArray[np.bool_], box: tuple[int, int, int, int]) -> Grey:
    left, top, right, bottom = box
    # edges of coloured strokes are paler than the strokes: take a neighbour of coloured ink along
    near = cv2.dilate(coloured[top:bottom, left:right].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    lowest = page.pixels[top:bottom, left:right].min(axis=2)
    return np.asarray(np.where(near, lowest, 255), np.uint8)


def _extent(coloured: npt.NDArray[np.bool_], dpi: float) -> tuple[int, int, int, int] | None:
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


def _read_layer(grey: Grey, dpi: float, image: Path, layout: int, stop: Stop | None, *,
                shift: Iterable[int] = (0, 0), first_line: int = 1, is_colour: bool = False) -> list[Word]:
    done, data = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    image.write_bytes(data.tobytes())
    mm = dpi / MM_PER_INCH
    across, down = shift
    numbers: dict[tuple[int, int, int], int] = {}
    words = []
    for word in tesseract.read_words(image, dpi=round(dpi), language=LANGUAGE, layout=layout, stop=stop):
        left, top, right, bottom = word.box
        words.append(Word(
            word.text, max(0.0, min(1.0, word.confidence / 100)),
            ((left + across) / mm, (top + down) / mm, (right + across) / mm, (bottom + down) / mm), is_colour,
            numbers.setdefault(word.line, first_line + len(numbers))))
    image.unlink(missing_ok=True)
    return words


def _covered(word: Word, others: list[Word]) -> bool:
    left, top, right, bottom = word.box_mm
    area = max(0.01, (right - left) * (bottom - top))
    for other in others:
        wide = min(right, other.box_mm[2]) - max(left, other.box_mm[0])
        high = min(bottom, other.box_mm[3]) - max(top, other.box_mm[1])
        if wide > 0 and high > 0 and wide * high > 0.4 * area:
            return True
    return False
