"""A PDF reader that leaves the contents of large streams in the file until somebody asks for them.

pyHanko reads an object whole, and to judge what came after a signature it walks every object of the signed revision,
once for each revision: with a scan, all of its page images would come to lie in memory. They are not needed for it: an
object that no later table names again is the same in every revision.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import IO, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

LARGE = 64 << 10
"""Bytes. Shorter contents are read with their object: fonts' tables, page contents, references."""

SMALL_FILE = 4 << 20
"""Bytes. A file up to this size is read as pyHanko reads it: nothing in it is worth looking at each request."""


class Place:
    """Where a stream's contents lie in the file; stands for them, and is read anew each time."""

    def __init__(self, stream: IO[bytes], start: int, length: int) -> None:
        self.stream, self.start, self.length = stream, start, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> Place:
        start, stop, step = part.indices(self.length)
        assert step == 1
        return Place(self.stream, self.start + start, max(0, stop - start))

    def read(self) -> bytes:
        """Moves the file's position, and puts it back."""
        kept = self.stream.tell()
        try:
            self.stream.seek(self.start)
            return self.stream.read(self.length)
        finally:
            self.stream.seek(kept)


class LargePartsUnread:
    """A file that answers a request for many bytes with their place. For pyHanko's parser, which asks so for contents
    alone."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes | Place:
        if size < 0:
            raise PdfReadError("a length below zero")
        if size <= LARGE:
            return self.stream.read(size)
        start = self.stream.tell()
        end = min(self.stream.seek(0, io.SEEK_END), start + size)
        self.stream.seek(max(start, end))
        return Place(self.stream, start, max(0, end - start))


class StoredStream(generic.StreamObject):
    """A stream whose encoded contents are read from the file each time they are asked for.

    decrypt: what makes them readable in an encrypted file.
    """

    place: Place | None
    _set: bytes | None

    def __init__(self, entries: Mapping[Any, Any], place: Place, *, handler: Any = None,
                 decrypt: Callable[[bytes], bytes] | None = None) -> None:
        self.decrypt = decrypt
        super().__init__(dict(entries), handler=handler)
        self.place = place

    def with_entries(self, entries: Mapping[Any, Any]) -> generic.StreamObject:
        """The same contents under another dictionary."""
        if self.place is None:
            return generic.StreamObject(dict(entries), encoded_data=self.encoded_data, handler=self._handler)
        return StoredStream(entries, self.place, handler=self._handler, decrypt=self.decrypt)

    @property
    def _encoded_data(self) -> bytes | None:
        if self.place is None:
            return self._set
        data = self.place.read()
        return data if self.decrypt is None else self.decrypt(data)

    @_encoded_data.setter
    def _encoded_data(self, data: bytes | None) -> None:
        self.place, self._set = None, data

    def _implicit_decrypt_stream_content(self, handler: Any, ref: Any, decrypted_entries: Any) -> generic.StreamObject:
        if self.place is None or self.decrypt is not None:
            return super()._implicit_decrypt_stream_content(handler, ref, decrypted_entries)   # type: ignore[no-any-return]
        self._handler = handler
        if self._has_crypt_filter:
            return StoredStream(decrypted_entries, self.place, handler=handler)
        chosen = handler.get_embedded_file_filter() if self.is_embedded_file_stream else handler.get_stream_filter()
        key = chosen.derive_object_key(ref.idnum, ref.generation)
        return StoredStream(decrypted_entries, self.place, handler=handler,
                            decrypt=lambda data: chosen.decrypt(key, data))


class SparingReader(PdfFileReader):
    """pyHanko's reader, with large contents left where they are."""

    def __init__(self, stream: IO[bytes], strict: bool = True) -> None:
        self._is_small = stream.seek(0, io.SEEK_END) <= SMALL_FILE
        super().__init__(stream, strict=strict)

    def _read_object(self, ref: Any, marker: Any, never_decrypt: bool = False, as_metadata_stream: bool = False) -> Any:
        if self._is_small:
            return super()._read_object(ref, marker, never_decrypt, as_metadata_stream)
        stream = self.stream
        if not isinstance(marker, int) or as_metadata_stream or isinstance(stream, LargePartsUnread):
            return _without_places(super()._read_object(ref, marker, never_decrypt, as_metadata_stream))
        self.stream = LargePartsUnread(stream)
        try:
            return _without_places(super()._read_object(ref, marker, never_decrypt, as_metadata_stream))
        finally:
            self.stream = stream

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        known = self._historical_resolver_cache
        if revision not in known:
            known[revision] = SparingResolver(self, revision)
        return known[revision]


class SparingResolver(HistoricalResolver):
    """An earlier revision, seen through a `SparingReader`."""

    def _subsume_object(self, obj: Any) -> Any:
        if not isinstance(obj, StoredStream):
            return super()._subsume_object(obj)   # type: ignore[no-untyped-call]
        mine = obj.with_entries({key: self._subsume_object(value) for key, value in obj.items()})
        reference: Any = obj.get_container_ref()
        mine.container_ref = generic.Reference(idnum=reference.idnum, generation=reference.generation, pdf=self)
        return mine


def _without_places(found: Any) -> Any:
    """A stream that was given a place instead of its contents knows what to do with it afterwards."""
    if isinstance(found, generic.DecryptedObjectProxy):
        found.raw_object = _without_places(found.raw_object)
        return found
    place = found.__dict__.get("_encoded_data") if type(found) is generic.StreamObject else None
    if not isinstance(place, Place):
        return found
    stored = StoredStream(found, place)
    stored.container_ref = found.container_ref
    return stored
