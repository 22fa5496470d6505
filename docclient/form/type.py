"""How the letters of a page are set: family, weight, slant, colour; and the lines that are drawn there.

Words and rows come from `signing.page_text`; this adds what a layout does not need and a form check does.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from signing.files import reading
from signing.layout_parts import Segment, folded, segments_of
from signing.page import Box, PageFrame, frame_of
from signing.page_text import Letter, PageText, text_of
from signing.pdf import PARSER_ERRORS, Damaged, open_reader, pages_of
from signing.pdfium import opened

TIMES = "Times New Roman"
METRIC_COMPATIBLE = ("liberationserif", "tinos", "nimbusroman", "texgyretermes", "thorndale", "freeserif",
                     "nimbusromno9l", "timesnewroman", "times", "timesroman")
"""Families with the widths of Times New Roman, drawn to look alike. Offices without it print with these."""

LEGACY = re.compile(r"^\.?vn[a-z]|^vni[- ]", re.IGNORECASE)
"""Fonts of the time before Unicode: TCVN3 (.VnTime) and VNI (VNI-Times)."""

MOST = 0.7
"""So great a part of the letters makes a line bold, italic or red."""

THIN = 2.6
"""Points: what is no higher is a drawn line."""


@dataclass(frozen=True, slots=True)
class Manner:
    """family: without subset tag, weight and slant. colour: red, green, blue, 0 to 255."""

    family: str
    bold: bool
    italic: bool
    colour: tuple[int, int, int]

    @property
    def black(self) -> bool:
        """Black, or what a printer makes of it."""
        return max(self.colour) <= 90 and max(self.colour) - min(self.colour) <= 40


Where = tuple[float, float]


@dataclass(frozen=True)
class TypedLine:
    """One column's part of a row, with the manner of its letters."""

    page: int
    segment: Segment
    manners: dict[Where, Manner] = field(repr=False)

    @cached_property
    def text(self) -> str:
        return self.segment.text

    @cached_property
    def folded(self) -> str:
        return self.segment.folded

    @property
    def box(self) -> Box:
        return self.segment.box

    @property
    def baseline(self) -> float:
        return self.segment.baseline

    @property
    def middle(self) -> float:
        return self.box.middle[0]

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(letter for word in self.segment.words for letter in word.letters)

    @cached_property
    def sizes(self) -> Counter[float]:
        return Counter(round(letter.size * 2) / 2 if abs(letter.size * 2 - round(letter.size * 2)) < 0.25
                       else round(letter.size, 1) for letter in self.letters if letter.text.isalnum())

    @cached_property
    def size(self) -> float:
        """Of most letters, in points, to the half point where it is near one."""
        return self.sizes.most_common(1)[0][0] if self.sizes else round(self.segment.size, 1)

    def manners_of(self, letters: Iterable[Letter] | None = None) -> list[Manner]:
        """Of the letters and digits (dashes and dots have no weight to see)."""
        chosen = self.letters if letters is None else tuple(letters)
        return [found for letter in chosen if letter.text.isalnum()
                and (found := self.manners.get((letter.box.x0, letter.baseline))) is not None]

    @cached_property
    def bold(self) -> float:
        return _share([each.bold for each in self.manners_of()])

    @cached_property
    def italic(self) -> float:
        return _share([each.italic for each in self.manners_of()])

    @cached_property
    def has_lower(self) -> bool:
        """More than a stray letter is lower case."""
        letters = [c for c in self.text if c.isalpha()]
        return sum(c.islower() for c in letters) > max(0, len(letters) // 12)

    @cached_property
    def all_upper(self) -> bool:
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) >= 2 and all(c.isupper() for c in letters)

    def part(self, begin: int, end: int) -> TypedLine:
        """The words from `begin` to before `end`."""
        return TypedLine(self.page, Segment(self.segment.words[begin:end]), self.manners)


@dataclass(frozen=True)
class TypedPage:
    """rules: lines drawn across. uprights: lines drawn downwards (of tables)."""

    text: PageText
    manners: dict[Where, Manner] = field(repr=False)
    rules: tuple[Box, ...]
    uprights: tuple[Box, ...]

    @property
    def number(self) -> int:
        return self.text.number

    @property
    def frame(self) -> PageFrame:
        return self.text.frame

    @cached_property
    def lines(self) -> tuple[TypedLine, ...]:
        """From the top down, left to right."""
        return tuple(TypedLine(self.number, segment, self.manners) for segment in segments_of(self.text))

    @cached_property
    def rows(self) -> tuple[TypedLine, ...]:
        """Whole rows, columns not parted."""
        return tuple(TypedLine(self.number, Segment(row.words), self.manners) for row in self.text.rows)


def read_typed_pages(path: Path) -> tuple[TypedPage, ...]:
    """Every page. Raises: FileNotReadable, NotAPdf, Damaged, Encrypted."""
    with reading(path) as stream:
        reader = open_reader(stream, str(path))
        try:
            frames = [frame_of(page) for page in pages_of(reader.root)]
            stream.seek(0)
            with opened(stream) as document:
                if len(document) != len(frames):
                    raise Damaged(file=str(path))
                return tuple(_typed(document, index, frame) for index, frame in enumerate(frames))
        except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
            raise Damaged(file=str(path)) from error


def _typed(document: Any, index: int, frame: PageFrame) -> TypedPage:
    text = text_of(document, index, frame)
    page = document[index]
    text_page = page.get_textpage()
    try:
        manners = dict(_manners(text_page, frame))
        rules, uprights = _drawn_lines(page, frame)
    finally:
        text_page.close()
        page.close()
    return TypedPage(text, manners, rules, uprights)


def _manners(text_page: Any, frame: PageFrame) -> Iterable[tuple[Where, Manner]]:
    """Keyed as `Letter` holds them: left edge and baseline."""
    known: dict[tuple[str, int, int], tuple[str, bool, bool]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    matrix = pdfium.FS_MATRIX()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if not (0 < code < 0x110000) or not chr(code).isalnum():
            continue
        length = pdfium.FPDFText_GetFontInfo(text_page, index, name, 200, ctypes.byref(flags))
        raw = name.raw[:max(min(length, 200) - 1, 0)].decode("utf-8", "replace")
        weight = pdfium.FPDFText_GetFontWeight(text_page, index)
        key = raw, flags.value, weight
        if key not in known:
            known[key] = _font(*key)
        family, bold, italic = known[key]
        if not bold:
            shape = pdfium.FPDFText_GetTextObject(text_page, index)
            bold = bool(shape) and pdfium.FPDFTextObj_GetTextRenderMode(shape) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
        if not italic and pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)) and matrix.d:
            italic = abs(matrix.c / matrix.d) > 0.1 and abs(matrix.b) < 0.05 * abs(matrix.a)
        colour = (0, 0, 0)
        if pdfium.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha):
            colour = red.value, green.value, blue.value
        box = frame.from_user(text_page.get_charbox(index, loose=True))
        pdfium.FPDFText_GetCharOrigin(text_page, index, ctypes.byref(x), ctypes.byref(y))
        yield (box.x0, frame.point_from_user(x.value, y.value)[1]), Manner(family, bold, italic, colour)


def _font(raw: str, flags: int, weight: int) -> tuple[str, bool, bool]:
    """Family, bold, italic of a font's name as the file writes it: `ABCDEF+LiberationSerif-BoldItalic`."""
    bare = re.sub(r"^[A-Z]{6}\+", "", raw)
    style = bare.lower()
    bold = "bold" in style or "heavy" in style or bool(flags & 1 << 18) or weight >= 600
    italic = "italic" in style or "oblique" in style or bool(flags & 1 << 6)
    family = re.sub(r"[-,]?(bold|italic|oblique|regular|roman$|heavy|psmt|mt$|ps$)", "", bare, flags=re.IGNORECASE)
    family = re.sub(r"[-,]?(mt|ps)$", "", family).strip("-, ")
    return family or bare, bold, italic


def family_kind(family: str) -> str:
    """`times`, `compatible`, `legacy` or `other`."""
    bare = re.sub(r"[^a-z0-9]", "", family.lower())
    if LEGACY.match(family):
        return "legacy"
    if bare.startswith("timesnewroman"):
        return "times"
    return "compatible" if bare in METRIC_COMPATIBLE else "other"


def _drawn_lines(page: Any, frame: PageFrame) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    across, down = [], []
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        box = frame.from_user(shape.get_bounds())
        if box.height <= THIN and box.width >= 12:
            across.append(box)
        elif box.width <= THIN and box.height >= 8:
            down.append(box)
        elif box.width >= 12 and box.height >= 8:       # a frame counts as its four sides
            across += [Box(box.x0, box.y0, box.x1, box.y0 + 1), Box(box.x0, box.y1 - 1, box.x1, box.y1)]
            down += [Box(box.x0, box.y0, box.x0 + 1, box.y1), Box(box.x1 - 1, box.y0, box.x1, box.y1)]
    return tuple(across), tuple(down)


def _share(marks: list[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


__all__ = ["Manner", "TypedLine", "TypedPage", "family_kind", "folded", "read_typed_pages"]
