"""PDFium, one caller at a time: the library keeps global state and may not be entered by two threads at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pypdfium2

_gate = threading.RLock()


@contextmanager
def opened(stream: IO[bytes]) -> Iterator[Any]:
    """The document in `stream`, for the one thread inside. Raises pypdfium2.PdfiumError for what PDFium cannot open."""
    with _gate:
        document = pypdfium2.PdfDocument(stream)
        try:
            yield document
        finally:
            document.close()
