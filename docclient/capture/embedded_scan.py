"""A scanner's PDF page that is nothing but one picture: the picture itself, as the scanner wrote it.

Taken out of the file it is the scan's own pixels, not a drawing of them at some resolution, and it costs a fifth of
the drawing. Whatever is not plainly such a page (ISO 32000-1: letters, a second image, a mask, other colours than
DeviceRGB and DeviceGray, notes upon the page) is left to be drawn as it is shown (`pdf_input.draw`).
"""

from __future__ import annotations

import io
import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Name, Stream
from PIL import Image

LONGEST_CONTENT = 4_000
"""Bytes of a content stream that may be looked at; one image is placed in fewer than a hundred."""

PASSED_OVER = frozenset(("q", "Q", "BMC", "EMC"))
SPILL_PT = 1.0
"""By so much the picture may miss the page's edge, or reach over it."""

SQUARE = 0.02
"""Share by which the resolutions across and down may differ."""


@dataclass(frozen=True, slots=True)
class EmbeddedScan:
    """image: upright as the page is shown. dpi: of its pixels on the page. colour: it keeps colours."""

    image: Image.Image
    dpi: float
    colour: bool


def embedded_scan(page: pikepdf.Page, pixel_limit: int, smallest_side: int = 1) -> EmbeddedScan | None:
    """The scan that is all of this page; None where the page is anything else, or the picture is damaged, has more
    than `pixel_limit` pixels or a side shorter than `smallest_side` pixels: drawn, such a page has more of them."""
    with suppress(pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
                  ZeroDivisionError, RuntimeError, OSError, SyntaxError, Image.DecompressionBombError,
                  Image.DecompressionBombWarning):
        return _scan_of(page, pixel_limit, smallest_side)
    return None


def _scan_of(page: pikepdf.Page, pixel_limit: int, smallest_side: int) -> EmbeddedScan | None:
    if len(page.get("/Annots", [])) or "/UserUnit" in page:
        return None
    placed = _only_picture(page)
    if placed is None:
        return None
    picture, (a, b, c, d, across, down) = placed
    left, bottom, right, top = (float(side) for side in page.cropbox)
    if b or c or a <= 0 or d <= 0 or max(abs(across - left), abs(down - bottom), abs(across + a - right),
                                         abs(down + d - top)) > SPILL_PT:
        return None
    wide, high = int(picture.Width), int(picture.Height)
    x_dpi, y_dpi = 72 * wide / a, 72 * high / d
    if wide * high > pixel_limit or min(wide, high) < smallest_side:
        return None
    if not _is_plain_jpeg(picture) or not math.isclose(x_dpi, y_dpi, rel_tol=SQUARE):
        return None
    image = Image.open(io.BytesIO(picture.read_raw_bytes()), formats=("JPEG",))
    bands = {"/DeviceRGB": "RGB", "/DeviceGray": "L"}
    if image.size != (wide, high) or image.mode != bands[str(picture.ColorSpace)]:
        return None
    turn = int(page.get("/Rotate", 0)) % 360
    if turn % 90:
        return None
    colour = image.mode == "RGB"
    upright = image.convert("RGB")          # whatever turn the picture's own notes ask for: a page knows its own
    if turn:
        upright = upright.transpose({90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180,
                                     270: Image.Transpose.ROTATE_90}[turn])
    return EmbeddedScan(upright, math.sqrt(x_dpi * y_dpi), colour)


def _only_picture(page: pikepdf.Page) -> tuple[Stream, tuple[float, ...]] | None:
    """The one image the page shows, and its matrix; None where it shows more, or anything else."""
    contents: Any = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if not all(isinstance(each, Stream) and len(each.read_raw_bytes()) <= LONGEST_CONTENT for each in streams):
        return None
    matrix: tuple[float, ...] | None = None
    found: tuple[Stream, tuple[float, ...]] | None = None
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "cm" and matrix is None and found is None:
            matrix = tuple(float(str(side)) for side in operands)
        elif operator == "Do" and matrix is not None and found is None:
            thing: Any = page.resources.XObject[str(operands[0])]
            if thing.Subtype != Name.Image:
                return None
            found = thing, matrix
        elif operator not in PASSED_OVER or (operator == "Q" and found is None):
            return None
    return found


def _is_plain_jpeg(picture: Stream) -> bool:
    kept: Any = picture.Filter
    filters = [str(each) for each in kept] if isinstance(kept, pikepdf.Array) else [str(kept)]
    odd = ("/SMask", "/Mask", "/Decode", "/OC", "/ImageMask", "/SMaskInData")
    return (filters == ["/DCTDecode"] and str(picture.ColorSpace) in ("/DeviceRGB", "/DeviceGray")
            and int(picture.BitsPerComponent) == 8 and not any(key in picture for key in odd)
            and "/DecodeParms" not in picture)
