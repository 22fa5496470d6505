"""Reading a clean page: Vietnamese words with their boxes and how sure the reader is.

The page is read twice where it has coloured ink: first the black alone, so that a seal or a pen stroke across a word
does not hide it, then the coloured ink alone (an urgency stamp is red). Tesseract runs as a child process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey, brightest, darkest
from docclient.tools import tesseract
from docclient.tools.running import Stop

LANGUAGE = "vie"
LOOKED_CLOSELY_DPI = 400.0
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


def read_line(page: CleanPage, box_mm: tuple[float, float, float, float], work: Path,
              stop: Stop | None = None) -> list[Word]:
    """Read one line of the page again by itself, enlarged: a second opinion on what matters most.

    Raises: as `read`.
    """
    mm = page.dpi / MM_PER_INCH
    height, width = page.pixels.shape[:2]
    rim = 1.2
    left, top = max(0, round((box_mm[0] - rim) * mm)), max(0, round((box_mm[1] - rim) * mm))
    right, bottom = min(width, round((box_mm[2] + rim) * mm)), min(height, round((box_mm[3] + rim) * mm))
    if right - left < 8 or bottom - top < 8:
        return []
    cut = replace(page, pixels=np.ascontiguousarray(page.pixels[top:bottom, left:right]))
    grey = _black_ink(cut, coloured_ink(cut))
    larger = LOOKED_CLOSELY_DPI / page.dpi
    framed = cv2.copyMakeBorder(grey, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=(255,))
    enlarged = cv2.resize(framed, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    soft = np.asarray(cv2.GaussianBlur(enlarged, (0, 0), 0.8), np.uint8)
    return _read_layer(soft, LOOKED_CLOSELY_DPI, work / "line.png", 7, stop,
                       shift=((left - 10) * larger, (top - 10) * larger))


def coloured_ink(page: CleanPage) -> npt.NDArray[np.bool_]:
    """Where the ink is clearly coloured: seals, stamps, pens."""
    highest = brightest(page.pixels)
    return np.asarray((cv2.subtract(highest, darkest(page.pixels)) > 60) & (highest > 100), np.bool_)


def _black_ink(page: CleanPage, coloured: npt.NDArray[np.bool_]) -> Grey:
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


def _colour_layer(page: CleanPage, coloured: npt.NDArray[np.bool_], box: tuple[int, int, int, int]) -> Grey:
    left, top, right, bottom = box
    # edges of coloured strokes are paler than the strokes: take a neighbour of coloured ink along
    near = cv2.dilate(coloured[top:bottom, left:right].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    lowest = darkest(np.ascontiguousarray(page.pixels[top:bottom, left:right]))
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
                shift: Iterable[float] = (0, 0), first_line: int = 1, is_colour: bool = False) -> list[Word]:
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
