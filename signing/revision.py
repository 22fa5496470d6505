"""A revision appended to a file: made in memory over the open source, then written behind a copy of it.

What is there already is read once, digested and copied in the same pass; only the appended bytes are ever held in
memory, so that a scan of any size takes as much as a letter. pyHanko alone would copy the file and then read the copy
again to digest it.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from typing import IO, Any, cast

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_byterange import PdfByteRangeDigest

SMALL = 8 << 20
"""Bytes up to which a file is simply held in memory."""

PIECE, UNDER_WAY = 1 << 20, 4
"""Bytes read, written and digested at a time, and pieces under way at once."""


class OverSource(io.RawIOBase):
    """The open source with room behind it: what is written there stays in memory, the source is never written to."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        """size: of `source`, in bytes; nothing may be written before that offset."""
        super().__init__()
        self._source, self._size, self._tail, self._at = source, size, io.BytesIO(), 0

    @property
    def appended(self) -> bytes:
        return self._tail.getvalue()

    def source(self) -> Iterator[bytes]:
        """All of the source, from its start."""
        self._source.seek(0)
        return _chunks(self._source, self._size)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (self._size + len(self._tail.getbuffer()) if begin is None else begin)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        wanted = (1 << 62) if size is None or size < 0 else size
        found = b""
        if self._at < self._size:
            self._source.seek(self._at)
            found = self._source.read(min(wanted, self._size - self._at))
            self._at += len(found)
        if len(found) < wanted and self._at >= self._size:
            self._tail.seek(self._at - self._size)
            more = self._tail.read(wanted - len(found))
            self._at += len(more)
            found += more
        return found

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[:len(data)] = data
        return len(data)

    def write(self, data: Any) -> int:
        if self._at < self._size:
            raise OSError("what is there already stays as it is")
        self._tail.seek(self._at - self._size)
        written = self._tail.write(data)
        self._at += written
        return written


class InMemory(io.BytesIO):
    """The same for a small file, held as a whole: parsing is a good deal faster that way."""

    def __init__(self, source: IO[bytes]) -> None:
        source.seek(0)
        super().__init__(source.read())
        self._size = len(self.getbuffer())

    @property
    def appended(self) -> bytes:
        return self.getvalue()[self._size:]

    def source(self) -> Iterator[bytes]:
        yield self.getvalue()[:self._size]


def over(source: IO[bytes]) -> OverSource | InMemory:
    """What a writer may append to without touching `source`."""
    size = source.seek(0, os.SEEK_END)
    return InMemory(source) if size <= SMALL else OverSource(source, size)


@dataclass(frozen=True, slots=True)
class Written:
    """digest: of the bytes that are signed. source_size, source_sha256: of what was there before, as it was copied."""

    digest: bytes
    source_size: int
    source_sha256: str


def append_signature(writer: IncrementalPdfFileWriter, into: OverSource | InMemory) -> tuple[int, int]:
    """Let pyHanko append its objects, with an empty signature among them. Its hole: first and behind the last byte."""
    (signature,) = (one for one in writer.objects.values() if isinstance(one, PdfByteRangeDigest))
    writer.digest_aware_write = True
    writer.write_in_place()
    first, behind = signature.contents.offsets
    signature.byte_range.fill_offsets(into, first, behind, into.seek(0, os.SEEK_END))
    return first, behind


def write_behind_copy(grown: OverSource | InMemory, part: IO[bytes], hole: tuple[int, int], digest: str) -> Written:
    """Copy the source to `part`, write what was appended behind it, and digest both on the way."""
    whole, signed = hashlib.sha256(), hashlib.new(digest)
    states = [whole] if digest == "sha256" else [whole, signed]
    size = 0
    for chunk in _digested(grown.source(), states):
        part.write(chunk)
        size += len(chunk)
    if digest == "sha256":
        signed = whole.copy()
    appended = grown.appended
    signed.update(appended[:hole[0] - size])
    signed.update(appended[hole[1] - size:])
    part.write(appended)
    return Written(signed.digest(), size, whole.hexdigest())


@dataclass(frozen=True, slots=True)
class Measured:
    """A file as it lies there. size: bytes. sha256: of the whole. beginning: SHA-256 of the first bytes asked for.
    signed: digest of all but the hole."""

    size: int
    sha256: str
    beginning: str
    signed: bytes


def measure(file: IO[bytes], beginning: int, hole: tuple[int, int], digest: str) -> Measured:
    """Read `file` once, from its start. beginning: bytes, no more than the hole's first offset."""
    whole = hashlib.sha256()
    signed = hashlib.new(digest)
    states = [whole] if digest == "sha256" else [whole, signed]
    file.seek(0)
    for _ in _digested(_chunks(file, beginning), states):
        pass
    first = whole.hexdigest()
    if digest == "sha256":
        signed = whole.copy()
    for _ in _digested(_chunks(file, hole[0] - beginning), [whole, signed]):
        pass
    for _ in _digested(_chunks(file, hole[1] - hole[0]), [whole]):
        pass
    for _ in _digested(iter(lambda: file.read(PIECE), b""), [whole, signed]):
        pass
    return Measured(file.tell(), whole.hexdigest(), first, signed.digest())


def _chunks(file: IO[bytes], length: int) -> Iterator[bytes]:
    """The next `length` bytes. Each piece is good until UNDER_WAY more were taken: the memory is used again, because
    asking the system for fresh pages takes as long as copying what comes into them."""
    if length <= PIECE:
        yield from filter(None, (file.read(length),))
        return
    ring = [bytearray(PIECE) for _ in range(UNDER_WAY + 2)]
    for turn in cycle(ring):
        room = memoryview(turn)[:min(length, PIECE)]
        read = file.readinto(room)   # type: ignore[attr-defined]   # every binary file has it, IO does not say so
        if not read:
            return
        length -= read
        yield cast(bytes, room[:read])


def _digested(chunks: Iterable[bytes], states: list[Any]) -> Iterator[bytes]:
    """Each chunk on its way through, digested beside what is done with it. When this ends, all are digested."""
    chunks = iter(chunks)
    small = next(chunks, b"")
    if len(small) < PIECE:   # the only one, or the first of little: a thread would cost more than it brings
        for state in states:
            state.update(small)
        yield small
        small = b""
    with ThreadPoolExecutor(1) as beside:
        waiting: list[Future[None]] = []
        for chunk in _first_then(small, chunks):
            waiting.append(beside.submit(_update, states, chunk))
            yield chunk
            if len(waiting) >= UNDER_WAY:
                waiting.pop(0).result()
        for one in waiting:
            one.result()


def _first_then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _update(states: list[Any], chunk: bytes) -> None:
    for state in states:
        state.update(chunk)
