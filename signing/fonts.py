"""Liberation Serif, the metric twin of Times New Roman that comes with the program, cut to what files embed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import BasePdfFileWriter

if TYPE_CHECKING:   # fontTools takes a while to load, and who shows a picture needs none of it
    from fontTools.ttLib import TTFont

ASCENT, DESCENT = 0.891, 0.216
"""In parts of the size (the font's hhea table), the same as Times New Roman's."""

PRINTABLE_ASCII = range(0x20, 0x7F)
LETTERS = (*range(0x20, 0x250), *range(0x300, 0x330), *range(0x1E00, 0x1F00), *range(0x2010, 0x2040), 0x20AB, 0x2116)
"""Latin with all Vietnamese letters, combining marks, punctuation, đồng and numero signs."""


class FontStyle(StrEnum):
    REGULAR = "Regular"
    ITALIC = "Italic"
    BOLD = "Bold"
    BOLD_ITALIC = "BoldItalic"

    @property
    def leans(self) -> bool:
        return self in {FontStyle.ITALIC, FontStyle.BOLD_ITALIC}


@lru_cache(maxsize=4)
def letters_font(style: FontStyle) -> bytes:
    """The letters of `LETTERS` on a grid of 1,000 units.

    WORKAROUND: pyHanko 0.38 writes glyph widths in the font's own units where PDF wants thousandths, which spreads the
    letters of a font with 2,048 units; on a grid of 1,000 both are the same. Text must be composed (NFC).
    """
    from fontTools.ttLib.scaleUpem import scale_upem

    font = _cut(style, LETTERS)
    scale_upem(font, 1000)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


@lru_cache(maxsize=4)
def advances(style: FontStyle) -> Callable[[str], float]:
    """How wide a composed text is, in parts of the size: the sum of its letters, as the font sets them."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(letters_font(style)))
    widths = {code: font["hmtx"][name][0] / 1000 for code, name in font.getBestCmap().items()}
    missing = font["hmtx"][".notdef"][0] / 1000

    def width_of(text: str) -> float:
        return float(sum(widths.get(ord(letter), missing) for letter in text))

    return width_of


@dataclass(frozen=True)
class _FieldFont:
    name: str
    program: bytes
    widths: tuple[int, ...]
    bounds: tuple[int, ...]


def field_font(writer: BasePdfFileWriter, style: FontStyle) -> generic.IndirectObject:
    """Printable ASCII embedded as a simple font: what readers take to draw a form field anew."""
    font = _field_font(style)
    stream = generic.StreamObject({pdf_name("/Length1"): generic.NumberObject(len(font.program))},
                                  stream_data=font.program)
    stream.compress()
    name = pdf_name(f"/{font.name}")
    descriptor = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/FontDescriptor"),
        pdf_name("/FontName"): name,
        pdf_name("/Flags"): generic.NumberObject(34 + (64 if style.leans else 0)),   # serif, not symbolic, italic
        pdf_name("/FontBBox"): generic.ArrayObject([generic.NumberObject(n) for n in font.bounds]),
        pdf_name("/ItalicAngle"): generic.NumberObject(-16 if style.leans else 0),
        pdf_name("/Ascent"): generic.NumberObject(round(ASCENT * 1000)),
        pdf_name("/Descent"): generic.NumberObject(-round(DESCENT * 1000)),
        pdf_name("/CapHeight"): generic.NumberObject(662),
        pdf_name("/StemV"): generic.NumberObject(82),
        pdf_name("/FontFile2"): writer.add_object(stream),
    })
    return writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Font"),
        pdf_name("/Subtype"): pdf_name("/TrueType"),
        pdf_name("/BaseFont"): name,
        pdf_name("/Encoding"): pdf_name("/WinAnsiEncoding"),
        pdf_name("/FirstChar"): generic.NumberObject(PRINTABLE_ASCII.start),
        pdf_name("/LastChar"): generic.NumberObject(PRINTABLE_ASCII.stop - 1),
        pdf_name("/Widths"): generic.ArrayObject([generic.NumberObject(n) for n in font.widths]),
        pdf_name("/FontDescriptor"): writer.add_object(descriptor),
    }))


@lru_cache(maxsize=4)
def _field_font(style: FontStyle) -> _FieldFont:
    font = _cut(style, PRINTABLE_ASCII)
    units, characters, head = font["head"].unitsPerEm, font.getBestCmap(), font["head"]
    widths = tuple(round(font["hmtx"][characters[code]][0] * 1000 / units) for code in PRINTABLE_ASCII)
    bounds = tuple(round(n * 1000 / units) for n in (head.xMin, head.yMin, head.xMax, head.yMax))
    out = io.BytesIO()
    font.save(out)
    suffix = "" if style is FontStyle.REGULAR else f"-{style.value}"
    return _FieldFont(f"DOCFLD+LiberationSerif{suffix}", out.getvalue(), widths, bounds)


def _cut(style: FontStyle, letters: range | tuple[int, ...]) -> TTFont:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    data = (resources.files("resources") / "fonts" / f"LiberationSerif-{style.value}.ttf").read_bytes()
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[6],
                             drop_tables=["FFTM", "GSUB", "GPOS", "GDEF", "kern", "DSIG"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    return font
