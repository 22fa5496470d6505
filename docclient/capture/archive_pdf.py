"""The archival file: PDF/A-2b, each page its colour image at true size with the words invisible beneath.

Made from the words already read, so no page is read twice, and checked against PDF/A after it was written: the file
says PDF/A only because what was written passed.

Sources: ISO 19005-2 (PDF/A-2); Decree 30/2020, Annex I part II (PDF 1.4 or later, colour, 200 dpi, 100 %).
"""

from __future__ import annotations

import io
import logging
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String, pdfa

from docclient.capture.page_text import PageText, Word
from docclient.errors import trouble_of_os_error
from docclient.tools.running import deliver

POINTS_PER_MM = 72 / 25.4
FLAVOUR = "2b"

DOUBTED = 0.9
"""A word that was read less surely than this is marked in the file as doubted, with its certainty in per cent, until a
person has looked at it (`hidden_text`). On worn pages that is one word in fifty, and every third of the wrong ones:
Tesseract is sure of many of its slips, for a mark more or less makes another Vietnamese word."""

# it remarks on the dates in other makers' fonts while they are checked; nothing a person could act on
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """A page to keep: a JPEG file in RGB (three components), its size in pixels, its words and true size. full: the
    value in it that is shown as 255, and all above it (`page_jpeg.PageJpeg`)."""

    jpeg: Path
    size_px: tuple[int, int]
    text: PageText
    full: int = 255


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What the written file is: its header's version, its checked PDF/A level, whether text lies under a page."""

    version: str
    pdfa: str | None
    text_layer: bool


def write(pages: Iterable[ArchivePage], out: Path, *, title: str) -> PdfFacts:
    """Write `out` as PDF/A-2b; it appears whole or not at all.

    Raises: FolderNotWritable, DiskFull. A file that fails the PDF/A check is our own fault and raises PdfaError.
    """
    with tempfile.TemporaryDirectory(prefix="docclient-archive-") as work, Pdf.new() as pdf:
        made = Path(work) / "archive.pdf"
        font = pdf.make_indirect(_font(pdf))
        has_text = False
        for page in pages:
            _add_page(pdf, page, font)
            has_text = has_text or bool(page.text.words)
        pdf.Root.Lang = String("vi-VN")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["xmp:CreatorTool"] = "docclient"
            metadata["dc:language"] = {"vi-VN"}
        try:
            pdfa.save(pdf, made, FLAVOUR)
        except OSError as error:
            raise trouble_of_os_error(error, made) from error
        deliver(made, out)
    return facts(out, has_text)


def keep(source: Path, out: Path, *, title: str) -> PdfFacts | None:
    """Write a PDF made of letters as PDF/A-2b with its pages as they are; None when something in it does not allow it.

    What is taken out shows on no page: the action on opening, LibreOffice's own check sum, and the optional lists of
    embedded glyphs (CIDSet), which the check cannot follow. Raises: FolderNotWritable, DiskFull.
    """
    with tempfile.TemporaryDirectory(prefix="docclient-archive-") as work, pikepdf.open(source) as pdf:
        made = Path(work) / "archive.pdf"
        for thing in pdf.objects:
            if isinstance(thing, Dictionary) and thing.get("/Type") == Name.FontDescriptor and "/CIDSet" in thing:
                del thing["/CIDSet"]
        for place, key in ((pdf.trailer, "/DocChecksum"), (pdf.Root, "/OpenAction")):
            if key in place:
                del place[key]
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
        try:
            pdfa.save(pdf, made, FLAVOUR)
        except pdfa.PdfaError:
            return None
        except OSError as error:
            raise trouble_of_os_error(error, made) from error
        deliver(made, out)
    return facts(out, True)


def facts(file: Path, has_text: bool) -> PdfFacts:
    """Version and claimed PDF/A level, read back from the file itself."""
    with pikepdf.open(file) as pdf:
        with pdf.open_metadata() as metadata:
            level = metadata.pdfa_status
        return PdfFacts(pdf.pdf_version, level or None, has_text)


def _add_page(pdf: Pdf, page: ArchivePage, font: pikepdf.Object) -> None:
    width, height = (side * POINTS_PER_MM for side in page.text.size_mm)
    image = Stream(pdf, page.jpeg.read_bytes(), {
        "/Type": Name.XObject, "/Subtype": Name.Image, "/Width": page.size_px[0], "/Height": page.size_px[1],
        "/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8, "/Filter": Name.DCTDecode})
    if page.full != 255:        # what comes out above the full brightness is shown as that (ISO 32000-1, 8.9.5.2)
        image.Decode = Array([0, Decimal(f"{255 / page.full:.5f}")] * 3)
    content = (b"".join(_line(words, height) for words in _lines(page.text.words))
               + b"q %.3f 0 0 %.3f 0 0 cm /Page Do Q\n" % (width, height))
    pdf.add_blank_page(page_size=(round(width, 3), round(height, 3)))
    sheet = pdf.pages[-1]
    sheet.Resources = Dictionary(XObject=Dictionary(Page=image), Font=Dictionary(Words=font))
    sheet.Contents = pdf.make_stream(content)


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _line(words: list[Word], page_height: float) -> bytes:
    """One line's words as invisible text (rendering mode 3), each stretched over its own box.

    The whole line shares base line and size, so that a selection in a reader is even.
    """
    bottom = sorted(word.box_mm[3] for word in words)[len(words) // 2]
    size = max(1.0, sorted((word.box_mm[3] - word.box_mm[1]) for word in words)[len(words) // 2] * POINTS_PER_MM)
    parts = [b"BT 3 Tr /Words %.2f Tf\n" % size]
    for word, after in zip(words, [*words[1:], None], strict=True):
        left, _, right, _ = word.box_mm
        said = _shown(unicodedata.normalize("NFC", word.text), left, right, page_height - bottom * POINTS_PER_MM, size)
        parts.append(b"/Doubted <</Certainty %d>> BDC\n%sEMC\n" % (100 * word.certainty, said)
                     if is_doubted(word) else said)
        # a space of its own between words, none across the gap between columns
        if after is not None and 0 < (after.box_mm[0] - right) * POINTS_PER_MM < 2 * size:
            parts.append(_shown(" ", right, after.box_mm[0], page_height - bottom * POINTS_PER_MM, size))
    return b"".join((*parts, b"ET\n"))


def is_doubted(word: Word) -> bool:
    """Is this a word that a person should look at? Specks read as signs are none."""
    return word.certainty < DOUBTED and any(letter.isalnum() for letter in word.text)


def _shown(text: str, left_mm: float, right_mm: float, base_line: float, size: float) -> bytes:
    """Text stretched from `left_mm` to `right_mm`; base line and size in points."""
    width = max(0.1, (right_mm - left_mm) * POINTS_PER_MM)
    return b"%.2f Tz 1 0 0 1 %.2f %.2f Tm <%s> Tj\n" % (
        stretch(text, width, size), left_mm * POINTS_PER_MM, base_line, codes(text).hex().upper().encode())


def stretch(text: str, width: float, size: float) -> float:
    """The horizontal scaling (operator Tz, per cent) that spreads `text` over `width`; width and size in points."""
    return 100 * width / (len(text) * ADVANCE / 1000 * size)


def codes(text: str) -> bytes:
    """Two bytes a letter, its own Unicode number; what lies beyond those (no Vietnamese does) becomes U+FFFD."""
    return b"".join((ord(letter) if 0x20 <= ord(letter) < 0xD800 else 0xFFFD).to_bytes(2, "big") for letter in text)


INVISIBLE_FONT = "DocclientInvisible"
ADVANCE = 500
"""Width of every glyph of the invisible font, in thousandths of its size."""


def _font(pdf: Pdf) -> Dictionary:
    """A font without shapes: every code is one empty glyph of the same width, and means the letter of its number."""
    name = Name(f"/{INVISIBLE_FONT}")
    program = Stream(pdf, _font_program())
    program.Length1 = len(_font_program())
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([0, -200, ADVANCE, 800]), ItalicAngle=0,
        Ascent=800, Descent=-200, CapHeight=700, StemV=80, FontFile2=pdf.make_indirect(program)))
    glyphs = Stream(pdf, b"\x00\x01" * 65536)               # every code is glyph 1; glyph 0 is .notdef and forbidden
    descendant = pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, FontDescriptor=descriptor, DW=ADVANCE,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=pdf.make_indirect(glyphs)))
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([descendant]), ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode())))


def _to_unicode() -> bytes:
    # a range may change only the last byte of its code (ISO 32000-1, 9.10.3)
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(0xD8)] + ["<FFFD> <FFFD> <FFFD>"]
    blocks = [ranges[start:start + 100] for start in range(0, len(ranges), 100)]
    mapping = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    return ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapping}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end").encode()


@cache
def _font_program() -> bytes:
    """A TrueType program with two empty glyphs."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "empty"])
    builder.setupCharacterMap({0x20: "empty"})
    builder.setupGlyf({".notdef": Glyph(), "empty": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "empty": (ADVANCE, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": INVISIBLE_FONT, "styleName": "Regular", "psName": INVISIBLE_FONT})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = 3_800_000_000    # any fixed time (2024)
    program = io.BytesIO()
    builder.save(program)
    return program.getvalue()
