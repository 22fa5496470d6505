"""How many pages a PDF says it has, without reading them: the page tree's own count (ISO 32000-1, 7.7.3.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from signing.pdf import PARSER_ERRORS, entry

MOST = 1_000_000          # a count beyond it is a lie


def stated_pages(path: Path) -> int | None:
    """None where the file is no PDF, is locked or damaged, or states no sensible number. Raises: OSError."""
    try:
        with path.open("rb") as stream:
            root: Any = PdfReader(stream).root_object
            pages = root["/Pages"].get_object()
            count = pages["/Count"].get_object() if isinstance(pages, DictionaryObject) else 0
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError, IndexError):
        return None
    return sensible(count)


def pages_stated_by(reader: PdfFileReader) -> int | None:
    """As `stated_pages`, of a file that is open already."""
    try:
        return sensible(entry(entry(reader.root, "/Pages"), "/Count"))
    except PARSER_ERRORS:
        return None


def sensible(count: Any) -> int | None:
    return int(count) if isinstance(count, int) and not isinstance(count, bool) and 0 < count <= MOST else None
