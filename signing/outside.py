"""What stands in a file outside of what its signatures and its reference tables account for.

Readers differ in what they do with such bytes: one passes over them, another searches the whole file for objects when
a table looks wrong to it. So they count against a signature as soon as they could be taken for parts of a document.
Sources: ISO 32000-2, 7.5.8 and 12.8.1 (ByteRange); Mladenov et al., "1 Trillion Dollar Refund" (CCS 2019).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.files import CHUNK

HEADER_WITHIN = 1024
"""Readers accept bytes before the header (mail gateways add them) when it begins within the first 1,024."""

SYNTAX = re.compile(rb"\bobj\b|\bendobj\b|trailer|startxref|\bxref\b|\bstream\b|%PDF-|%%EOF|/Root\b|/ByteRange\b")
END = re.compile(rb"%%EOF")
NOT_SPACE = re.compile(rb"[^\r\n\t\f ]")
OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj\b")
RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,19})\s+(\d{1,19})\s+(\d{1,19})\s+(\d{1,19})\s*\]")
LONGEST_RANGE = 200
LONGEST_TAIL = 64 << 20
LARGEST_HOLE = 16 << 20


class Tail(Enum):
    """What follows the end of the newest revision."""

    NOTHING = "nothing"      # white space at most
    HARMLESS = "harmless"    # zeros or text that no reader takes for a part of the document
    FOREIGN = "foreign"      # looks like objects, tables, or another document


def header_at(stream: IO[bytes]) -> int:
    """Where `%PDF-` begins; 0 when it is not within reach, or when what stands before it looks like PDF itself."""
    stream.seek(0)
    head = stream.read(HEADER_WITHIN)
    at = max(head.find(b"%PDF-"), 0)
    return 0 if SYNTAX.search(head[:at]) else at


class FromHeader(io.RawIOBase):
    """A file as if it began at its header: mail gateways put lines before it, which shifts every offset."""

    def __init__(self, stream: IO[bytes], at: int) -> None:
        super().__init__()
        self.stream, self.at = stream, at
        self.stream.seek(at)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = self.stream.seek(offset + self.at if whence == io.SEEK_SET else offset, whence)
        if place < self.at:
            raise ValueError("before the header")
        return place - self.at

    def tell(self) -> int:
        return self.stream.tell() - self.at

    def readinto(self, buffer: Any) -> int:
        data = self.stream.read(len(buffer))
        buffer[:len(data)] = data
        return len(data)


class UpTo(io.RawIOBase):
    """The first bytes of a file, as a file: an earlier revision without a copy of it."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        super().__init__()
        self.stream, self.length, self.at = stream, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.length}[whence]
        self.at = max(0, start + offset)
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        self.stream.seek(self.at)
        data = self.stream.read(max(0, min(len(buffer), self.length - self.at)))
        buffer[:len(data)] = data
        self.at += len(data)
        return len(data)


def from_header(stream: IO[bytes], at: int) -> IO[bytes]:
    return io.BufferedReader(FromHeader(stream, at), CHUNK)


def numbers_of(embedded: EmbeddedPdfSignature) -> tuple[int, ...]:
    """The byte range; empty when it does not consist of whole numbers."""
    numbers = embedded.byte_range
    whole = isinstance(numbers, list) and all(isinstance(n, int) for n in numbers)
    return tuple(numbers) if whole else ()


def range_trouble(embedded: EmbeddedPdfSignature) -> str:
    """Why the byte range is not "the whole up to its end but for the value of /Contents"; empty when it is.

    More than what pyHanko asks: the hole must hold exactly this signature's value, written as one hexadecimal string.
    """
    numbers = numbers_of(embedded)
    if len(numbers) != 4:
        return "not two ranges"
    begin, first, second, length = numbers
    stream = embedded.reader.stream
    size = stream.seek(0, io.SEEK_END)
    if begin != 0 or first <= 0 or length <= 0 or second <= first + 2:
        return "ranges empty or overlapping"
    if second + length > size:
        return "ranges beyond the file"
    if second - first > LARGEST_HOLE:
        return "a hole larger than any signature"
    stream.seek(first)
    hole = stream.read(second - first)
    if hole[:1] != b"<" or hole[-1:] != b">" or not re.fullmatch(rb"[0-9A-Fa-f\s]*", hole[1:-1]):
        return "the hole holds something else than one hexadecimal string"
    digits = b"".join(hole[1:-1].split())
    if bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()) != bytes(embedded.pkcs7_content):
        return "the hole holds another signature's value"
    return ""


def padding_is_plain(content: bytes) -> bool:
    """Whether nothing but one repeated byte follows the CMS object in its place."""
    length = _encoded_length(content)
    return length is None or len(set(content[length:])) <= 1


def signed_end(embedded: EmbeddedPdfSignature) -> int:
    """Offset behind the last signed byte."""
    return int(embedded.byte_range[-2]) + int(embedded.byte_range[-1])


def tail_of(reader: PdfFileReader) -> Tail:
    """What follows the end of the newest revision."""
    stream: IO[bytes] = reader.stream
    newest = reader.xrefs.get_xref_container_info(reader.xrefs.total_revisions - 1)
    size = stream.seek(0, io.SEEK_END)
    if size - newest.end_location > LONGEST_TAIL:
        return Tail.FOREIGN
    marker = next(_found(stream, END, newest.end_location), None)
    if marker is None:
        return Tail.NOTHING
    behind = marker[0] + len(b"%%EOF")
    if next(_found(stream, SYNTAX, behind), None) is not None:
        return Tail.FOREIGN
    return Tail.NOTHING if next(_found(stream, NOT_SPACE, behind), None) is None else Tail.HARMLESS


def harmless_end(stream: IO[bytes]) -> int | None:
    """Where the document ends, when so much zeros or text stands behind it that no reader finds the end mark any more
    (within the last 1,024 bytes), and nothing of that could be taken for a part of a document; None otherwise."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - HEADER_WITHIN))
    if b"%%EOF" in stream.read() or size <= HEADER_WITHIN:
        return None
    marks = [at for at, _ in _found(stream, END, max(0, size - LONGEST_TAIL))]
    if not marks:
        return None
    behind = marks[-1] + len(b"%%EOF")
    if next(_found(stream, SYNTAX, behind), None) is not None:
        return None
    stream.seek(behind)
    line_end = re.match(rb"\r?\n?", stream.read(2))
    return behind + (line_end.end() if line_end else 0)


def up_to(stream: IO[bytes], length: int) -> IO[bytes]:
    return io.BufferedReader(UpTo(stream, length), CHUNK)


def unlisted_objects(reader: PdfFileReader, start: int) -> list[int]:
    """Offsets, from `start` on, where an object begins that no reference table names. For updates, which are small."""
    listed = set()
    for revision in range(reader.xrefs.total_revisions):
        data = reader.xrefs.get_xref_data(revision)
        for part in (data, data.hybrid.xref_data if data.hybrid is not None else None):
            listed |= {place for _, place in part.standard_xrefs.values()} if part is not None else set()
        info = reader.xrefs.get_xref_container_info(revision)
        listed.add(info.start_location)
    return [at for at, _ in _found(reader.stream, OBJECT, start) if at not in listed]


@dataclass(frozen=True)
class FoundRange:
    """A byte range that stands in the file and fits its own hole. content: the value in the hole."""

    numbers: tuple[int, int, int, int]
    content: bytes


def ranges_in(stream: IO[bytes]) -> Iterator[FoundRange]:
    """Every byte range that describes a signature of this very file, whether a reference leads to it or not."""
    seen = set()
    for _, match in list(_found(stream, RANGE, 0, needle=b"/ByteRange")):
        numbers = tuple(int(group) for group in match.groups())
        begin, first, second, _length = numbers
        if begin != 0 or numbers in seen or not 2 < second - first <= LARGEST_HOLE:
            continue
        seen.add(numbers)
        stream.seek(first)
        hole = stream.read(second - first)
        digits = hole[1:-1].strip()
        if hole[:1] == b"<" and hole[-1:] == b">" and re.fullmatch(rb"(?:[0-9A-Fa-f]{2})+", digits):
            yield FoundRange((begin, first, second, _length), bytes.fromhex(digits.decode()))


def is_signed(stream: IO[bytes]) -> bool:
    """Whether a byte range stands anywhere in the file."""
    return next(_found(stream, RANGE, 0, needle=b"/ByteRange"), None) is not None


def _found(stream: IO[bytes], what: re.Pattern[bytes], start: int, *,
           needle: bytes = b"") -> Iterator[tuple[int, re.Match[bytes]]]:
    """Matches with their offsets, in pieces, so that a large file does not fill the memory. needle: sought first."""
    stream.seek(start)
    place, kept, last = start, b"", -1
    while chunk := stream.read(CHUNK):
        piece = kept + chunk
        begin = place - len(kept)
        place += len(chunk)
        if not needle or needle in piece:
            for match in what.finditer(piece):
                # where a later piece begins, a match may be the rest of a longer word; a true one was seen before
                if begin + match.start() > last and (match.start() > 0 or not kept):
                    last = begin + match.start()
                    yield last, match
            stream.seek(place)
        kept = piece[-LONGEST_RANGE:]


def _encoded_length(content: Sequence[int] | bytes) -> int | None:
    """Of the ASN.1 object at the beginning, header included; None for the indefinite form."""
    data = bytes(content[:8])
    if len(data) < 2 or data[1] == 0x80:
        return None
    if data[1] < 0x80:
        return 2 + data[1]
    octets = data[1] & 0x7F
    if octets > 4 or len(data) < 2 + octets:
        return None
    return 2 + octets + int.from_bytes(data[2:2 + octets], "big")
