"""Writing PDF by hand: what no library would write, a forger does."""

from __future__ import annotations

import io
import re
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader


def reader_of(data: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(data), strict=False)


def updated(data: bytes, change: Any) -> bytes:
    """`data` with an incremental update that `change(writer)` puts into it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def startxref(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def root_number(data: bytes) -> int:
    return int(reader_of(data).root_ref.idnum)


def size_of(data: bytes) -> int:
    return int(reader_of(data).trailer["/Size"])


def object_bytes(data: bytes, number: int) -> bytes:
    """An object's dictionary as it stands in the file now, without `obj` and `endobj`."""
    out = io.BytesIO()
    reader_of(data).get_object(_reference(number)).write_to_stream(out)
    return out.getvalue()


def appended(data: bytes, objects: dict[int, bytes], *, trailer: bytes = b"", previous: int | None = None,
             root: int | None = None, with_table: bool = True, with_trailer: bool = True,
             start: int | None = None) -> bytes:
    """An update written by hand with a classic table.

    Args:
        objects: bodies by object number. previous: /Prev, the real one without it. root: the catalogue's number.
        with_table, with_trailer: leave one out as the published variants do. start: a false startxref.
    """
    out = bytearray(data if data.endswith(b"\n") else data + b"\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    if with_table:
        out += table_of(places)
    if with_trailer:
        out += b"trailer\n<</Size %d /Root %d 0 R /Prev %d %b>>\n" % (
            max([size_of(data), *(n + 1 for n in objects)]), root or root_number(data),
            startxref(data) if previous is None else previous, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % (table if start is None else start)


def trailer_of(data: bytes, table: int) -> bytes:
    """The trailer of an update that brings nothing but a table; `table`: its place."""
    return b"trailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        size_of(data), root_number(data), startxref(data), table)


def table_of(places: dict[int, int]) -> bytes:
    """A classic cross-reference table; a place below 0 marks the object as free."""
    out = b"xref\n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n" % number + (b"%010d 00000 n \n" % place if place >= 0 else b"0000000000 65535 f \n")
    return out


def hole_of(data: bytes, which: int = -1) -> tuple[int, int]:
    """Offsets of `<` and behind `>` of a signature's /Contents; the last one's without a number."""
    found = [m.start(1) for m in re.finditer(rb"/Contents\s*(<)(?!<)", data)]
    start = found[which]
    return start, data.index(b">", start) + 1


def contents_of(data: bytes, which: int = -1) -> bytes:
    """The CMS object, its padding of zeros included."""
    start, end = hole_of(data, which)
    return bytes.fromhex(data[start + 1:end - 1].decode())


def with_contents(data: bytes, cms: bytes, which: int = -1) -> bytes:
    """The same file with another CMS object in the hole; it must fit."""
    start, end = hole_of(data, which)
    room = end - start - 2
    assert len(cms) * 2 <= room
    return data[:start + 1] + cms.hex().encode().ljust(room, b"0") + data[end - 1:]


def byte_range_of(data: bytes, which: int = -1) -> tuple[int, int, list[int]]:
    """Offsets of `[` and behind `]`, and the numbers, of a /ByteRange; the last one's without a number."""
    found = list(re.finditer(rb"/ByteRange\s*(\[[^\]]*\])", data))[which]
    return found.start(1), found.end(1), [int(n) for n in re.findall(rb"-?\d+", found.group(1))]


def with_byte_range(data: bytes, text: bytes, which: int = -1) -> bytes:
    """Another /ByteRange in the place of the old one, padded to the same length."""
    start, end, _ = byte_range_of(data, which)
    assert len(text) <= end - start, "does not fit"
    return data[:start] + text.ljust(end - start) + data[end:]


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """The last occurrence replaced by something of the same length."""
    at = data.rindex(old)
    assert len(old) == len(new)
    return data[:at] + new + data[at + len(old):]


def _reference(number: int) -> Any:
    from pyhanko.pdf_utils.generic import Reference

    return Reference(number, 0)
