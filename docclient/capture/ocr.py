"""Reading a clean page: Vietnamese words with their boxes and how sure the reader is.

The page is read twice where it has coloured ink: first the black alone, so that a seal or a pen stroke across a word
does not hide it, then the coloured ink alone (an urgency stamp is red). Tesseract runs as a child process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.layers import (
    Cut,
    Inks,
    black_ink,
    colour_layer,
    coloured_ink,
    extent,
    framed,
    inks_of,
    printed_part,
)
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import MM_PER_INCH, CleanPage, Grey, darkest
from docclient.capture.red_lines import red_lines
from docclient.errors import ProgramFailed
from docclient.tools import tesseract
from docclient.tools.running import Stop
from docclient.tools.tesseract import LanguageMissing

LANGUAGE = "vie"
WHOLE_PAGE, ONE_BLOCK, ONE_LINE, SCATTERED = 3, 6, 7, 11
"""Tesseract's page segmentation modes."""

LOOKED_CLOSELY_DPI = 400.0
RIM_MM, WHITE_RIM = 1.2, 10
"""Around a piece read by itself: of the page, and beyond that in white pixels."""

SAME_LETTER = str.maketrans({"Ð": "Đ", "ð": "đ"})
"""The reader's data confuse the Icelandic letter with the Vietnamese one, which looks the same."""

SURE_IN_COLOUR, SURE_CAPITALS_IN_COLOUR = 0.6, 0.3
"""Coloured strokes are mostly signatures and seals: only words read at least this surely are kept from them."""


def read(page: CleanPage, work: Path, stop: Stop | None = None, *, inks: Inks | None = None) -> PageText:
    """The words of a clean page; none on a blank one. `work` takes the images handed to the reader; `inks`: the page's,
    where they are known already.

    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    if page.blank:
        return PageText((), page.size_mm)
    inks = inks or inks_of(page)
    coloured = inks.coloured
    words: list[Word] = []
    if (printed := printed_part(inks.black, page.dpi)) is not None:
        left, top, right, bottom = printed
        words = _read_layer(inks.black[top:bottom, left:right], page.dpi, work / "black.bmp", WHOLE_PAGE, stop,
                            shift=(left, top))
    if (box := extent(coloured, page.dpi)) is not None:
        found = _read_layer(colour_layer(page, coloured, box), page.dpi, work / "colour.bmp", SCATTERED, stop,
                            shift=box[:2], first_line=1 + max((word.line for word in words), default=0), is_colour=True)
        words += [word for word in found if _worth_keeping(word) and not _covered(word, words)]
    return PageText(tuple(_with_stamps(page, coloured, words, work, stop)), page.size_mm)


def _worth_keeping(word: Word) -> bool:
    """Of coloured ink. Capitals are kept more readily: a secrecy stamp hardly read must still raise the alarm."""
    capitals = len(word.text) >= 3 and word.text.isupper()
    return word.certainty >= (SURE_CAPITALS_IN_COLOUR if capitals else SURE_IN_COLOUR)


def _with_stamps(page: CleanPage, coloured: npt.NDArray[np.bool_], words: list[Word], work: Path,
                 stop: Stop | None) -> list[Word]:
    """The words with those of stamps, each read by itself, in place of what was read across their frames; all by one
    run of the reader."""
    frames = framed(page)
    mm = page.dpi / MM_PER_INCH
    lines = [cut for cut in red_lines(page, coloured)
             if not any(_overlap(cut, frame) for frame in frames) and not _read_already(cut, words, mm)]
    cuts = [*frames, *lines]
    inks = [_stamp_ink(page, cut, coloured) for cut in cuts]
    images = [_enlarged(ink, page.dpi, work / f"stamp-{at}.bmp") for at, (ink, _) in enumerate(inks)]
    read = tesseract.read_pieces(images, dpi=round(LOOKED_CLOSELY_DPI), language=LANGUAGE, layout=ONE_LINE, stop=stop)
    for cut, (_, is_colour), image, said in zip(cuts, inks, images, read, strict=True):
        image.unlink(missing_ok=True)
        first_line = 1 + max((word.line for word in words), default=0)
        found = [word for word in _words_of(said, LOOKED_CLOSELY_DPI, _shift(page.dpi, cut), first_line, is_colour)
                 if word.certainty > 0.4 and any(letter.isalpha() for letter in word.text)]
        # black words under a red stamp stay: they were read without it
        kept = [word for word in words if (is_colour and not word.coloured) or not _covered(word, found)]
        words = kept + found if found else words
    return words


def _stamp_ink(page: CleanPage, cut: Cut, coloured: npt.NDArray[np.bool_]) -> tuple[Grey, bool]:
    """The ink within a cut, and whether it is taken by its colour: a red stamp may lie upon black text."""
    left, top, right, bottom = cut
    ink = darkest(np.ascontiguousarray(page.pixels[top:bottom, left:right]))
    is_colour = int(coloured[top:bottom, left:right].sum()) * 5 > int((ink < 170).sum())
    return (colour_layer(page, coloured, cut) if is_colour else ink), is_colour


def _overlap(one: Cut, other: Cut) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def _read_already(cut: Cut, words: list[Word], per_mm: float) -> bool:
    """Were most of a cut's coloured words read surely?"""
    left, top, right, bottom = (side / per_mm for side in cut)
    sure = sum(word.box_mm[2] - word.box_mm[0] for word in words if word.coloured and word.certainty > 0.85
               and left - 1 < word.box_mm[0] and word.box_mm[2] < right + 1
               and top - 1 < (word.box_mm[1] + word.box_mm[3]) / 2 < bottom + 1)
    return sure > 0.6 * (right - left)


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
              stop: Stop | None = None, *, inks: Inks | None = None, data: str = LANGUAGE,
              scattered: bool = False) -> list[Word]:
    """Read one line (or a block of few lines) of the page again by itself, enlarged: a further opinion. `inks`: the
    page's, where they are known already; data: those that read the page, or `tesseract.BEST` for other eyes;
    scattered: words are to be expected anywhere in the box, not in lines.

    Raises: as `read`.
    """
    (words,) = read_pieces(page, (box_mm,), work, stop, inks=inks, data=data, scattered=scattered)
    return words


def read_pieces(page: CleanPage, boxes_mm: Sequence[tuple[float, float, float, float]], work: Path,
                stop: Stop | None = None, *, inks: Inks | None = None, data: str = LANGUAGE,
                scattered: bool = False) -> list[list[Word]]:
    """Several lines or blocks, each as `read_line` reads it, by one run of the reader for lines and one for blocks.

    Raises: as `read`.
    """
    cuts = [_cut_at(page, box) for box in boxes_mm]
    found: list[list[Word]] = [[] for _ in boxes_mm]
    layouts = [SCATTERED if scattered else _layout_of(box) for box in boxes_mm]
    for layout in sorted(set(layouts)):
        mine = [at for at, cut in enumerate(cuts) if cut is not None and layouts[at] == layout]
        images = [_enlarged(_black_of(page, cuts[at], inks), page.dpi, work / f"piece-{at}.bmp") for at in mine]
        read = _read_images(images, layout, data, stop)
        for at, image, words in zip(mine, images, read, strict=True):
            image.unlink(missing_ok=True)
            found[at] = _words_of(words, LOOKED_CLOSELY_DPI, _shift(page.dpi, cuts[at]), 1, False)
    return found


def _read_images(images: Sequence[Path], layout: int, data: str,
                 stop: Stop | None) -> list[list[tesseract.RecognisedWord]]:
    """Nothing where other data than the installed cannot be opened or used (a folder whose name the reader does not
    understand, on Windows): the same eyes twice would only seem to agree."""
    try:
        return tesseract.read_pieces(images, dpi=round(LOOKED_CLOSELY_DPI), language=data, layout=layout, stop=stop)
    except (LanguageMissing, ProgramFailed):
        if data == LANGUAGE:
            raise
        return [[] for _ in images]


def _layout_of(box_mm: tuple[float, float, float, float]) -> int:
    return ONE_LINE if box_mm[3] - box_mm[1] < 8 else ONE_BLOCK


def _cut_at(page: CleanPage, box_mm: tuple[float, float, float, float]) -> Cut | None:
    """The box with a rim around it, in pixels; None where nothing of it lies on the page."""
    mm = page.dpi / MM_PER_INCH
    height, width = page.pixels.shape[:2]
    left, top = max(0, round((box_mm[0] - RIM_MM) * mm)), max(0, round((box_mm[1] - RIM_MM) * mm))
    right, bottom = min(width, round((box_mm[2] + RIM_MM) * mm)), min(height, round((box_mm[3] + RIM_MM) * mm))
    return None if right - left < 8 or bottom - top < 8 else (left, top, right, bottom)


def _black_of(page: CleanPage, cut: Cut | None, inks: Inks | None) -> Grey:
    assert cut is not None
    left, top, right, bottom = cut
    if inks is not None:
        return np.ascontiguousarray(inks.black[top:bottom, left:right])
    piece = replace(page, pixels=np.ascontiguousarray(page.pixels[top:bottom, left:right]))
    return black_ink(piece, coloured_ink(piece))


def _enlarged(grey: Grey, dpi: float, image: Path) -> Path:
    """A piece of a page, enlarged and a little softened, written for the reader."""
    larger = LOOKED_CLOSELY_DPI / dpi
    with_rim = cv2.copyMakeBorder(grey, WHITE_RIM, WHITE_RIM, WHITE_RIM, WHITE_RIM, cv2.BORDER_CONSTANT, value=(255,))
    enlarged = cv2.resize(with_rim, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
    _write(np.asarray(cv2.GaussianBlur(enlarged, (0, 0), 0.8), np.uint8), image)
    return image


def _shift(dpi: float, cut: Cut | None) -> tuple[float, float]:
    """From an enlarged piece's pixels to those of the enlarged page."""
    assert cut is not None
    larger = LOOKED_CLOSELY_DPI / dpi
    return (cut[0] - WHITE_RIM) * larger, (cut[1] - WHITE_RIM) * larger


def _read_layer(grey: Grey, dpi: float, image: Path, layout: int, stop: Stop | None, *,
                shift: tuple[float, float] = (0, 0), first_line: int = 1, is_colour: bool = False) -> list[Word]:
    _write(grey, image)
    words = tesseract.read_words(image, dpi=round(dpi), language=LANGUAGE, layout=layout, stop=stop)
    image.unlink(missing_ok=True)
    return _words_of(words, dpi, shift, first_line, is_colour)


def _write(grey: Grey, image: Path) -> None:
    # not packed, for it is read once, at once; and not as PGM, which Tesseract's library reads byte by byte
    done, data = cv2.imencode(".bmp", np.ascontiguousarray(grey))
    assert done
    image.write_bytes(data.tobytes())


def _words_of(read: Iterable[tesseract.RecognisedWord], dpi: float, shift: tuple[float, float], first_line: int,
              is_colour: bool) -> list[Word]:
    """In the page's millimetres; their lines numbered from `first_line` on."""
    mm = dpi / MM_PER_INCH
    across, down = shift
    numbers: dict[tuple[int, int, int], int] = {}
    words = []
    for word in read:
        left, top, right, bottom = word.box
        words.append(Word(
            word.text.translate(SAME_LETTER), max(0.0, min(1.0, word.confidence / 100)),
            ((left + across) / mm, (top + down) / mm, (right + across) / mm, (bottom + down) / mm), is_colour,
            numbers.setdefault(word.line, first_line + len(numbers))))
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
