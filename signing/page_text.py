"""The text layer of a page as letters, words and rows, in the frame of the page as shown (`signing.page`)."""

from __future__ import annotations

import ctypes
import math
import statistics
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from signing.files import reading
from signing.page import Box, PageFrame, frame_of
from signing.pdf import PARSER_ERRORS, Damaged, open_reader, pages_of
from signing.pdfium import opened

MOST_SLANT = 12.0
"""Degrees by which a line of a badly laid scan may lean; text beyond that is a watermark or stands on its side."""

LEAST_SPACED = 4
"""So many lone letters in a row are one spaced text, not words of one letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One character, its box, the height of the baseline it stands on, and the size of its type in points, as shown."""

    text: str
    box: Box
    baseline: float
    size: float


@dataclass(frozen=True)
class Word:
    letters: tuple[Letter, ...]

    @cached_property
    def text(self) -> str:
        return unicodedata.normalize("NFC", "".join(letter.text for letter in self.letters))

    @cached_property
    def box(self) -> Box:
        return Box.around(letter.box for letter in self.letters)

    @property
    def baseline(self) -> float:
        return self.letters[0].baseline

    @cached_property
    def size(self) -> float:
        return max(letter.size for letter in self.letters)


@dataclass(frozen=True)
class Row:
    """Words on one baseline, left to right, gaps of any width between them."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        return Box.around(word.box for word in self.words)

    @property
    def baseline(self) -> float:
        return self.words[0].baseline

    @cached_property
    def size(self) -> float:
        """The size of the type, in points: the largest of the row."""
        return max(word.size for word in self.words)


@dataclass(frozen=True)
class PageText:
    """A page's frame and what its text layer says (an OCR layer counts). Empty rows for a picture without one."""

    number: int
    frame: PageFrame
    rows: tuple[Row, ...]

    def rows_in(self, box: Box) -> list[Row]:
        return [row for row in self.rows if row.box.overlaps(box)]

    def words_in(self, box: Box) -> list[Word]:
        return [word for row in self.rows for word in row.words if word.box.overlaps(box)]


def read_pages(path: Path, only: Collection[int] | None = None) -> list[PageText]:
    """The text of every page, or of those numbered (from 1) in `only`.

    Frames are read from the page dictionaries: PDFium 5 leaves /UserUnit out of account.
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    with reading(path) as stream:
        reader = open_reader(stream, str(path))
        try:
            frames = [frame_of(page) for page in pages_of(reader.root)]
            stream.seek(0)
            with opened(stream) as document:
                if len(document) != len(frames):
                    raise Damaged(file=str(path))
                return [text_of(document, index, frame) for index, frame in enumerate(frames)
                        if only is None or index + 1 in only]
        except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
            raise Damaged(file=str(path)) from error


def read_chosen(path: Path, choose: Callable[[list[str]], Collection[int]]) -> list[PageText]:
    """Every page in its order, but only the chosen ones with their rows: reading a page letter by letter takes a while.

    choose: given the plain text of each page, the numbers (from 1) of those worth reading.
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    with reading(path) as stream:
        reader = open_reader(stream, str(path))
        try:
            frames = [frame_of(page) for page in pages_of(reader.root)]
            stream.seek(0)
            with opened(stream) as document:
                if len(document) != len(frames):
                    raise Damaged(file=str(path))
                chosen = choose([_plain_text(document, index) for index in range(len(frames))])
                return [text_of(document, index, frame) if index + 1 in chosen else PageText(index + 1, frame, ())
                        for index, frame in enumerate(frames)]
        except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
            raise Damaged(file=str(path)) from error


def _plain_text(document: Any, index: int) -> str:
    page = document[index]
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()


def text_of(document: Any, index: int, frame: PageFrame) -> PageText:
    """The text of one page of a document open in PDFium; call it inside `signing.pdfium.opened`. index: from 0."""
    page = document[index]
    text_page = page.get_textpage()
    try:
        return PageText(index + 1, frame, tuple(_rows(_letters(text_page, frame))))
    finally:
        text_page.close()
        page.close()


def _letters(text_page: Any, frame: PageFrame) -> list[Letter]:
    """The letters that stand upright on the visible page; what is turned (a watermark, a stamp) is no line of text."""
    found: list[Letter] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        text = chr(code) if 0 < code < 0x110000 else ""
        if not text or text.isspace():
            continue
        category = unicodedata.category(text)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            continue
        if category == "Mn":   # decomposed text (NFD): the mark belongs to the letter written before it
            if found:
                whole = Box.around([found[-1].box, frame.from_user(text_page.get_charbox(index, loose=True))])
                near = whole.width < 2 * found[-1].size and whole.height < 2 * found[-1].size
                found[-1] = replace(found[-1], text=unicodedata.normalize("NFC", found[-1].text + text),
                                    box=whole if near else found[-1].box)
            continue
        box = frame.from_user(text_page.get_charbox(index, loose=True))
        upright, size = _manner(text_page, index, box, frame)
        middle = box.middle
        if not upright or not (0 <= middle[0] <= frame.width and 0 <= middle[1] <= frame.height):
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
        found.append(Letter(text, box, frame.point_from_user(x.value, y.value)[1], size))
    return found


def _manner(text_page: Any, index: int, box: Box, frame: PageFrame) -> tuple[bool, float]:
    """Whether the letter stands upright as shown, and its size: the font size times the scale of the text's matrix.

    An OCR layer may say 0 or 1 for the size; then the box must do.
    """
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
        return True, box.height
    angle = (math.degrees(math.atan2(matrix.b, matrix.a)) - frame.rotation + 180) % 360 - 180
    scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    size = float(pdfium.FPDFText_GetFontSize(text_page, index) * scale * frame.user_unit)
    return abs(angle) <= MOST_SLANT, size if 4 <= size <= 100 else box.height


def _rows(letters: list[Letter]) -> list[Row]:
    """Letters on (nearly) one baseline make a row; rows from the top down."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: -one.baseline):
        last = rows[-1] if rows else None
        if last is not None and abs(last[0].baseline - letter.baseline) <= 0.25 * letter.size:
            last.append(letter)
        else:
            rows.append([letter])
    return [Row(tuple(_words(row))) for row in rows]


def _words(letters: list[Letter]) -> list[Word]:
    words: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (round(one.box.x0, 1), one.box.x1)):
        last = words[-1][-1] if words else None
        if last is not None and last.text == letter.text and letter.box.x0 - last.box.x0 < 0.12 * letter.size:
            continue   # drawn twice, a hair apart, to look bold
        # a blank in Times is a quarter of the size; letters of a word lie closer than half of that
        if last is not None and letter.box.x0 - last.box.x1 <= 0.12 * max(letter.size, last.size):
            words[-1].append(letter)
        else:
            words.append([letter])
    return [Word(tuple(word)) for word in _spaced_joined(words)]


def _spaced_joined(words: list[list[Letter]]) -> list[list[Letter]]:
    """Letters set apart (G I Á M   Đ Ố C) joined to words again: a wider gap than their own parts words."""
    joined: list[list[Letter]] = []
    index = 0
    while index < len(words):
        run = [words[index][0]] if _is_lone(words[index]) else []
        while run and index + len(run) < len(words) and _is_lone(words[index + len(run)]) and \
                words[index + len(run)][0].box.x0 - run[-1].box.x1 < 1.5 * run[-1].size:
            run.append(words[index + len(run)][0])
        if len(run) < LEAST_SPACED:
            joined.append(words[index])
            index += 1
            continue
        own = statistics.median(right.box.x0 - left.box.x1 for left, right in pairwise(run))
        for number, letter in enumerate(run):
            if number and letter.box.x0 - run[number - 1].box.x1 <= own + 0.14 * letter.size:
                joined[-1].append(letter)
            else:
                joined.append([letter])
        index += len(run)
    return joined


def _is_lone(word: list[Letter]) -> bool:
    return len(word) == 1 and word[0].text[0].isalpha()
