"""Lines at the end of a PDF read backwards, up to a bound.

pyHanko 0.38 reads the last lines of a file byte by byte, however long they are: a few megabytes without a line end,
behind a file or at the place a signature names as its end, keep it busy for minutes. The lines it looks for there
(`startxref`, a number, `%%EOF`) have a dozen bytes. Installed when a file is first opened (signing.pdf).
"""

from __future__ import annotations

import os
from typing import IO

from pyhanko.pdf_utils import reader
from pyhanko.pdf_utils.misc import PdfReadError

LONGEST_LINE = 4096
"""Bytes. Readers seek the end mark within the last 1,024."""


def line_before(stream: IO[bytes]) -> bytes:
    """As `pyhanko.pdf_utils.reader.read_next_end_line`: the line that ends where the stream stands.

    Raises: PdfReadError, also for a line that is too long.
    """
    found = bytearray()
    while True:
        if stream.tell() == 0:
            raise PdfReadError("Could not read malformed PDF file")
        byte = stream.read(1)
        if stream.tell() < 2 or not byte:
            raise PdfReadError("EOL marker not found")
        stream.seek(-2, os.SEEK_CUR)
        if byte in {b"\n", b"\r"}:
            break
        found += byte
        if len(found) > LONGEST_LINE:
            raise PdfReadError("EOL marker not found within the longest line")
    pair = False
    while byte in {b"\n", b"\r"}:
        byte = stream.read(1)
        if byte in {b"\n", b"\r"}:
            stream.seek(-1, os.SEEK_CUR)
            pair = True
        stream.seek(-2, os.SEEK_CUR)
    stream.seek(2 if pair else 1, os.SEEK_CUR)
    return bytes(reversed(found))


def install() -> None:
    """From now on pyHanko reads these lines so, in this process."""
    reader.read_next_end_line = line_before
