"""Opening a file whose signatures are to be looked at: as strictly as the file allows, and from its header on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO

from pyhanko.pdf_utils.reader import PdfFileReader

from signing.outside import from_header, harmless_end, header_at, up_to
from signing.pdf import Damaged, open_reader
from signing.report import Remark


@dataclass(frozen=True)
class SignedReader:
    """reader: over the file from its header on, to its end mark when a long tail is cut off (is_cut).

    before: bytes that stand before the header. remarks: what to tell.
    """

    reader: PdfFileReader
    before: int = 0
    remarks: tuple[Remark, ...] = ()
    is_cut: bool = False


def open_signed(stream: IO[bytes], name: str) -> SignedReader:
    """A strict reader, else one over the file from its header on, else a tolerant one.

    Byte ranges of signatures count from the header when bytes stand before it: mail gateways put them there after
    signing. Zeros or text behind the end, too long for readers to find the end, are left out.
    Raises: NotAPdf, Damaged, Encrypted.
    """
    end = harmless_end(stream)
    if end is None:
        return _opened(stream, name)
    found = _opened(up_to(stream, end), name)
    return replace(found, remarks=(*found.remarks, Remark.BYTES_AFTER_END), is_cut=True)


def _opened(stream: IO[bytes], name: str) -> SignedReader:
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
