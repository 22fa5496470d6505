"""Opening a file whose signatures are to be looked at: as strictly as the file allows, and from its header on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from pyhanko.pdf_utils.reader import PdfFileReader

from signing.outside import from_header, header_at
from signing.pdf import Damaged, open_reader
from signing.report import Remark


@dataclass(frozen=True)
class SignedReader:
    """reader: over the file from its header on. before: bytes that stand before the header. remarks: what to tell."""

    reader: PdfFileReader
    before: int = 0
    remarks: tuple[Remark, ...] = ()


def open_signed(stream: IO[bytes], name: str) -> SignedReader:
    """A strict reader, else one over the file from its header on, else a tolerant one.

    Byte ranges of signatures count from the header when bytes stand before it: mail gateways put them there after
    signing. Raises: NotAPdf, Damaged, Encrypted.
    """
    try:
        reader = open_reader(stream, name, strict=True, with_empty_password=True)
        # a strict reader refuses to judge signatures of files with two kinds of tables, which office programs write
        reader.strict = not reader.xrefs.hybrid_xrefs_present
        return SignedReader(reader)
    except Damaged:
        before = header_at(stream)
        if before:
            with suppress(Damaged):
                shifted = open_reader(from_header(stream, before), name, strict=True, with_empty_password=True)
                return SignedReader(shifted, before, (Remark.BYTES_BEFORE_HEADER,))
        tolerant = open_reader(stream, name, with_empty_password=True)
        return SignedReader(tolerant, 0, (Remark.STRUCTURE_IRREGULAR,))
