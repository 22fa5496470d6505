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

from docclient.capture.layers import Cut, black_ink, colour_layer, coloured_ink, extent, framed
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey, darkest
from docclient.tools import tesseract
from docclient.tools.running import Stop

LANGUAGE = "vie"
WHOLE_PAGE, ONE_BLOCK, ONE_LINE, SCATTERED = 3, 6, 7, 11
"""Tesseract's page segmentation modes."""

LOOKED_CLOSELY_DPI = 400.0
SAME_LETTER = str.maketrans({"Ð": "Đ", "ð": "đ"})
"""The reader's data confuse the Icelandic letter with the Vietnamese one, which looks the same."""

SURE_IN_COLOUR, SURE_CAPITALS_IN_COLOUR = 0.6, 0.3
"""Coloured strokes are mostly signatures and seals: only words read at least this surely are kept from them."""


def read(page: CleanPage, work: Path, stop: Stop | None = None) -> PageText:
    """The words of a clean page; none on a blank one. `work` takes the images handed to the reader.

    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    if page.blank:
        return PageText((), page.size_mm)
    coloured = coloured_ink(page)
    words = _read_layer(black_ink(page, coloured), page.dpi, work / "black.png", WHOLE_PAGE, stop)
    if (box := extent(coloured, page.dpi)) is not None:
        found = _read_layer(colour_layer(page, coloured, box), page.dpi, work / "colour.png", SCATTERED, stop,
                            shift=box[:2], first_line=1 + max((word.line for word in words), default=0), is_colour=True)
        words += [word for word in found if _worth_keeping(word) and not _covered(word, words)]
    for cut in framed(page):
        words = _with_stamp(page, cut, coloured, words, work, stop)
    return PageText(tuple(words), page.size_mm)


def _worth_keeping(word: Word) -> bool:
    """Of coloured ink. Capitals are kept more readily: a secrecy stamp hardly read must still raise the alarm."""
    capitals = len(word.text) >= 3 and word.text.isupper()
    return word.certainty >= (SURE_CAPITALS_IN_COLOUR if capitals else SURE_IN_COLOUR)


def _with_stamp(page: CleanPage, cut: Cut, coloured: npt.NDArray[np.bool_], words: list[Word], work: Path,
                stop: Stop | None) -> list[Word]:
    """The words with those of a stamp in place of what was read across its frame."""
    left, top, right, bottom = cut
    ink = darkest(np.ascontiguousarray(page.pixels[top:bottom, left:right]))
    # a red stamp may lie upon black text
    if is_colour := int(coloured[top:bottom, left:right].sum()) * 5 > int((ink < 170).sum()):
        ink = colour_layer(page, coloured, cut)
    found = [word for word in _read_closely(ink, page.dpi, (left, top), work, stop, is_colour,
                                            1 + max((word.line for word in words), default=0))
             if word.certainty > 0.4 and any(letter.isalpha() for letter in word.text)]
    # black words under a red stamp stay: they were read without it
    kept = [word for word in words if (is_colour and not word.coloured) or not _covered(word, found)]
    return kept + found if found else words


def reads_well(text: PageText) -> bool:
    """Is this surely text the right way up? Upside down, few words are read surely; sideways, Tesseract may read them
    as well as ever, but the words are then taller than wide."""
    long = [word.box_mm for word in text.words if len(word.text) > 3]
    if sum(bottom - top > right - left for left, top, right, bottom in long) * 5 > len(long):
        return False
    letters = sum(len(word.text) for word in text.words)
    sure = sum(len(word.text) for word in text.words if word.certainty > 0.85 and len(word.text) > 1)
    return sure >= 40 and sure >= 0.6 * letters


def read_line(page: CleanPage, box_mm: tuple[float, float, float, float], work: Path,
              stop: Stop | None = None) -> list[Word]:
    """Read one line (or a block of few lines) of the page again by itself, enlarged: a second opinion.

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
    layout = ONE_LINE if box_mm[3] - box_mm[1] < 8 else ONE_BLOCK
    return _read_closely(black_ink(cut, coloured_ink(cut)), page.dpi, (left, top), work, stop, layout=layout)


def _read_closely(grey: Grey, dpi: float, at: tuple[int, int], work: Path, stop: Stop | None, is_colour: bool = False,
                  first_line: int = 1, layout: int = ONE_LINE) -> list[Word]:
    """A piece of a page, enlarged and a little softened. `at`: its left and top in the page's pixels."""
    larger, rim = LOOKED_CLOSELY_DPI / dpi, 10
    with_rim = cv2.copyMakeBorder(grey, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(255,))
    enlarged = cv2.resize(with_rim, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    soft = np.asarray(cv2.GaussianBlur(enlarged, (0, 0), 0.8), np.uint8)
    return _read_layer(soft, LOOKED_CLOSELY_DPI, work / "piece.png", layout, stop,
                       shift=((at[0] - rim) * larger, (at[1] - rim) * larger), first_line=first_line,
                       is_colour=is_colour)


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
            word.text.translate(SAME_LETTER), max(0.0, min(1.0, word.confidence / 100)),
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
