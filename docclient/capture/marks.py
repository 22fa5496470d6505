"""Marks on a page that tell the program something: separator sheets between documents, and register labels.

A separator is our own sheet (a QR code) or any patch code (four bars, two wide and two narrow, 20 mm high and at least
50 mm long). A register label is a QR code that names a document of the office. Other QR codes say nothing to us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from docclient.capture.pages import MM_PER_INCH, Grey

SEPARATOR = "docclient:separator"
LABEL = "docclient:document:"
_LABEL = re.compile(re.escape(LABEL) + r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")

NARROW_MM, WIDE_MM, SLACK = 2.03, 5.08, 0.35      # Kodak's sizes; a copy of a copy grows or loses up to a third
SHORTEST_MM = 40.0
PATTERNS = frozenset({"WWNN", "WNWN", "WNNW", "NWWN", "NWNW", "NNWW"})
QR_MM = 30.0              # of a printed separator's code


@dataclass(frozen=True, slots=True)
class Marks:
    """document: the identity on a register label, None without one."""

    separator: bool = False
    document: str | None = None


def find_marks(grey: Grey, dpi: float) -> Marks:
    """The marks of a page, whichever way it lies."""
    scale = min(1.0, 200 / dpi)
    if scale < 1:
        height, width = grey.shape
        grey = np.asarray(cv2.resize(grey, (round(width * scale), round(height * scale)),
                                     interpolation=cv2.INTER_AREA), np.uint8)
        dpi *= scale
    separator, document = False, None
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(grey),
                                       formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        separator = separator or code.text == SEPARATOR
        label = _LABEL.fullmatch(code.text)
        document = document or (label[1] if label else None)
    return Marks(separator or has_patch_code(grey, dpi), document)


def qr_svg(text: str) -> bytes:
    """A QR code that stands some dirt (a quarter of it may be lost), as SVG."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    return str(zxingcpp.write_barcode_to_svg(code, scale=8)).encode()


def label_of(document: str) -> str:
    """What a register label's code says."""
    return LABEL + document


def has_patch_code(grey: Grey, dpi: float) -> bool:
    """Whether a patch code stands on the page, along either side."""
    dark = np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], np.uint8)
    if float(dark.mean()) > 0.5 * 255:
        return False
    return _bars_across(dark, dpi) or _bars_across(np.ascontiguousarray(dark.T), dpi)


def _bars_across(dark: npt.NDArray[np.uint8], dpi: float) -> bool:
    """Four bars that lie across the page, one under the other."""
    mm = dpi / MM_PER_INCH
    width = dark.shape[1]
    length = round(SHORTEST_MM * mm)
    if width < length:
        return False
    # what stays is dark over a bar's whole length: no letter, and of a rule only a line too thin to count
    bars = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    step = max(1, round(5 * mm))
    return any(_is_pattern(bars[:, column] > 0, mm) for column in range(0, width, step))


def _is_pattern(line: npt.NDArray[np.bool_], mm: float) -> bool:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(np.int8), [0]))))
    starts, stops = edges[::2], edges[1::2]
    for first in range(len(starts) - 3):
        bars = (stops[first:first + 4] - starts[first:first + 4]) / mm
        gaps = (starts[first + 1:first + 4] - stops[first:first + 3]) / mm
        if all(abs(gap - NARROW_MM) < SLACK * NARROW_MM + 0.4 for gap in gaps):
            kinds = "".join(_kind(float(bar)) for bar in bars)
            if kinds in PATTERNS:
                return True
    return False


def _kind(bar_mm: float) -> str:
    if abs(bar_mm - NARROW_MM) < SLACK * NARROW_MM + 0.4:
        return "N"
    return "W" if abs(bar_mm - WIDE_MM) < SLACK * WIDE_MM else "?"
