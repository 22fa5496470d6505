"""Do two PDF files show the same: every page drawn by PDFium and compared dot by dot, and its text word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pypdfium2 import PdfiumError

from signing.files import reading
from signing.pdfium import opened

SCALE = 1.5
"""Dots per point: 108 to the inch, where a comma is two dots wide."""
LARGEST_SIDE = 4000
"""In dots; larger pages are drawn smaller, so that a plan of many metres does not fill the memory."""


def differing_page(one: Path, other: Path) -> int | None:
    """The first page, counted from 1, that is not the same in both; None when all are. A missing page differs.

    Raises FileNotReadable, ValueError (PDFium cannot show one of them).
    """
    try:
        with reading(one) as first, reading(other) as second, opened(first) as left, opened(second) as right:
            for document in (left, right):
                document.init_forms()
            for number in range(max(len(left), len(right))):
                if number >= min(len(left), len(right)) or _shown(left, number) != _shown(right, number):
                    return number + 1
    except (PdfiumError, OSError) as error:
        raise ValueError(type(error).__name__) from error
    return None


def _shown(document: Any, number: int) -> tuple[object, ...]:
    page = document[number]
    try:
        size = page.get_size()
        scale = min(SCALE, LARGEST_SIDE / max(size))
        bitmap = page.render(scale=scale)
        text = page.get_textpage()
        try:
            return size, page.get_rotation(), bytes(bitmap.buffer), text.get_text_range()
        finally:
            text.close()
            bitmap.close()
    finally:
        page.close()
