"""Where things are on a page: frames of reference, and the text layer as words and rows.

A `Box` is in points (1/72 inch) from the bottom left of the page as shown: after CropBox, /Rotate and /UserUnit. That
is the frame of the command line, of screens and of everything else here; `PageFrame` turns it into the user space in
which annotations are written (ISO 32000-2, 8.3.2.3 and 14.11.2), and into millimetres from the top left.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from signing.files import reading
from signing.pdf import PARSER_ERRORS, Damaged, entry, open_reader, pages_of
from signing.pdfium import opened

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Box:
    """x0, y0 bottom left, x1, y1 top right, in points from the bottom left of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def as_tuple(self) -> tuple[float, float, float, float]:
        return self.x0, self.y0, self.x1, self.y1

    def overlaps(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        every = list(boxes)
        return cls(min(b.x0 for b in every), min(b.y0 for b in every),
                   max(b.x1 for b in every), max(b.y1 for b in every))

    @classmethod
    def centred(cls, middle: tuple[float, float], width: float, height: float) -> Box:
        return cls(middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page. page: counted from 1. certain: found on the page, not merely put where it usually is."""

    page: int
    box: Box
    certain: bool = True


@dataclass(frozen=True, slots=True)
class PageFrame:
    """How a page lies in its user space.

    crop: the visible part in user space units, normalised. rotation: 0, 90, 180, 270, clockwise as shown.
    user_unit: points in one user space unit.
    """

    crop: tuple[float, float, float, float]
    rotation: int
    user_unit: float = 1.0

    @property
    def width(self) -> float:
        """As shown, in points."""
        return (self._crop_height if self.rotation % 180 else self._crop_width) * self.user_unit

    @property
    def height(self) -> float:
        return (self._crop_width if self.rotation % 180 else self._crop_height) * self.user_unit

    @property
    def as_box(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def point_to_user(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as shown, in user space units."""
        x, y = x / self.user_unit, y / self.user_unit
        left, bottom, right, top = self.crop
        if self.rotation == 90:
            return right - y, bottom + x
        if self.rotation == 180:
            return right - x, top - y
        if self.rotation == 270:
            return left + y, top - x
        return left + x, bottom + y

    def point_from_user(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.crop
        if self.rotation == 90:
            shown = y - bottom, right - x
        elif self.rotation == 180:
            shown = right - x, top - y
        elif self.rotation == 270:
            shown = top - y, x - left
        else:
            shown = x - left, y - bottom
        return shown[0] * self.user_unit, shown[1] * self.user_unit

    def to_user(self, box: Box) -> tuple[float, float, float, float]:
        """The box as an annotation's /Rect: user space units, normalised."""
        ax, ay = self.point_to_user(box.x0, box.y0)
        bx, by = self.point_to_user(box.x1, box.y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def from_user(self, rect: Sequence[float]) -> Box:
        ax, ay = self.point_from_user(rect[0], rect[1])
        bx, by = self.point_from_user(rect[2], rect[3])
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def to_mm(self, box: Box) -> tuple[float, float, float, float]:
        """x, y of the top left corner from the page's top left, width, height; millimetres."""
        return box.x0 / MM, (self.height - box.y1) / MM, box.width / MM, box.height / MM

    def from_mm(self, x: float, y: float, width: float, height: float) -> Box:
        """The box of a rectangle given in millimetres from the top left."""
        return Box(x * MM, self.height - (y + height) * MM, (x + width) * MM, self.height - y * MM)

    def contains(self, box: Box, *, slack: float = 0.5) -> bool:
        return (box.x0 >= -slack and box.y0 >= -slack
                and box.x1 <= self.width + slack and box.y1 <= self.height + slack)

    @property
    def _crop_width(self) -> float:
        return self.crop[2] - self.crop[0]

    @property
    def _crop_height(self) -> float:
        return self.crop[3] - self.crop[1]


def frame_of(page: Any) -> PageFrame:
    """The frame of a page dictionary (pyHanko's or another with dictionary access), inherited entries followed."""
    media = _rectangle(_inherited(page, "/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _rectangle(_inherited(page, "/CropBox")) or media
    crop = (max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3]))
    if crop[0] >= crop[2] or crop[1] >= crop[3]:
        crop = media
    try:
        rotation = round(float(_inherited(page, "/Rotate") or 0) / 90) * 90 % 360
        unit = float(entry(page, "/UserUnit", 1) or 1)
    except (TypeError, ValueError):
        rotation, unit = 0, 1.0
    return PageFrame(crop, rotation, unit if unit > 0 else 1.0)


@dataclass(frozen=True, slots=True)
class Letter:
    """One character, its box, the height of the baseline it stands on, and the size of its type in points, as shown."""

    text: str
    box: Box
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Word:
    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        return unicodedata.normalize("NFC", "".join(letter.text for letter in self.letters))

    @property
    def box(self) -> Box:
        return Box.around(letter.box for letter in self.letters)

    @property
    def baseline(self) -> float:
        return self.letters[0].baseline

    @property
    def size(self) -> float:
        return max(letter.size for letter in self.letters)


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline, left to right, gaps of any width between them."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return Box.around(word.box for word in self.words)

    @property
    def baseline(self) -> float:
        return self.words[0].baseline

    @property
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


def read_pages(path: Path) -> list[PageText]:
    """The text of every page. Frames are read from the page dictionaries: PDFium 5 leaves /UserUnit out of account.

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
                return [_read_page(document, index, frame) for index, frame in enumerate(frames)]
        except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
            raise Damaged(file=str(path)) from error


def _read_page(document: Any, index: int, frame: PageFrame) -> PageText:
    page = document[index]
    text_page = page.get_textpage()
    try:
        return PageText(index + 1, frame, tuple(_rows(_letters(text_page, frame))))
    finally:
        text_page.close()
        page.close()


def _letters(text_page: Any, frame: PageFrame) -> list[Letter]:
    found: list[Letter] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        text = chr(code) if 0 < code < 0x110000 else ""
        if not text or text.isspace() or unicodedata.category(text) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            continue
        box = frame.from_user(text_page.get_charbox(index, loose=True))
        pdfium.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
        found.append(Letter(text, box, frame.point_from_user(x.value, y.value)[1], _size(text_page, index, box, frame)))
    return found


def _size(text_page: Any, index: int, box: Box, frame: PageFrame) -> float:
    """The font size times the scale of the text's matrix. An OCR layer may say 0 or 1; then the box must do."""
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
        scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
        size = pdfium.FPDFText_GetFontSize(text_page, index) * scale * frame.user_unit
        if 4 <= size <= 100:
            return float(size)
    return box.height


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
        # a blank in Times is a quarter of the size; letters of a word lie closer than half of that
        if last is not None and letter.box.x0 - last.box.x1 <= 0.12 * max(letter.size, last.size):
            words[-1].append(letter)
        else:
            words.append([letter])
    return [Word(tuple(word)) for word in words]


def _inherited(page: Any, key: str) -> Any:
    for _ in range(50):
        if key in page:
            return page[key]
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _rectangle(value: Any) -> tuple[float, float, float, float] | None:
    try:
        a, b, c, d = (float(value[index]) for index in range(4))
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    found = min(a, c), min(b, d), max(a, c), max(b, d)
    return found if found[2] > found[0] and found[3] > found[1] else None
