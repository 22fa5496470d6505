"""Bytes by their SHA-256. Written once, never changed, safe before any row names them, hashed again on each reading.

Two stores behind the same few methods: a folder (`FolderBlobs`), and a bucket that speaks S3 (`s3_blobs.py`).
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from docclient.errors import trouble_of_os_error
from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.model import Digest
from docclient.store.disk import sync_folder

if TYPE_CHECKING:
    from docclient.store.place import Place

CHUNK = 1 << 20


class Blobs(Protocol):
    """Where an office's bytes are. Safe to use from several threads."""

    def put(self, content: BinaryIO | bytes) -> Digest:
        """Store and return the digest; the bytes are safe on return. On failure nothing is left behind.

        Raises: DiskFull, FolderNotWritable; of a bucket BlobsUnreachable, BlobsRefused.
        """

    def path(self, digest: Digest) -> Path:
        """A file with these bytes, for programs that need one. Never to be written to. A folder gives the place itself,
        also for bytes that are not there; a bucket brings them first. Raises, of a bucket: as `open`."""

    def size(self, digest: Digest) -> int:
        """In bytes. Raises: BlobMissing."""

    def open(self, digest: Digest) -> BinaryIO:
        """Open for reading, after hashing the whole content once. Raises: BlobMissing, BlobChanged."""

    def prove(self, digest: Digest) -> int:
        """Hash what is stored, where it is stored (no copy nearer by counts), and give its size in bytes.
        Raises: BlobMissing, BlobChanged."""


def blobs_of(place: Place) -> Blobs:
    """The bytes of the office at `place`. Raises: BlobsRefused (no usable credentials)."""
    if place.bucket:
        from docclient.store.s3_blobs import bucket_of  # with its library: only where it is needed

        return bucket_of(place)
    return FolderBlobs(place.blobs)


class FolderBlobs:
    """A folder of blobs: `ab/cdef…` holds the bytes whose SHA-256 is abcdef….

    Why our own few lines and not obstore: its local store neither fsyncs nor hashes, and both are the point here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lasting: set[str] = set()
        """Folders in it whose own names survive a power cut."""

    def put(self, content: BinaryIO | bytes) -> Digest:
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="arriving-", dir=self.folder)
        except OSError as error:
            raise trouble_of_os_error(error, self.folder / "new") from error
        arriving = Path(name)
        try:
            digest = write_hashed(handle, stream)
            self._take_name(arriving, self.path(digest))
        except OSError as error:
            raise trouble_of_os_error(error, self.folder / "new") from error
        finally:
            arriving.unlink(missing_ok=True)
        return digest

    def _take_name(self, arriving: Path, final: Path) -> None:
        if final.exists():
            return
        final.parent.mkdir(exist_ok=True)
        arriving.replace(final)
        sync_folder(final.parent)
        if final.parent.name not in self._lasting:
            sync_folder(self.folder)
            self._lasting.add(final.parent.name)

    def path(self, digest: Digest) -> Path:
        return self.folder / digest[:2] / digest[2:]

    def size(self, digest: Digest) -> int:
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            raise BlobMissing(digest=digest) from None

    def open(self, digest: Digest) -> BinaryIO:
        try:
            stream = self.path(digest).open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest=digest) from None
        except OSError as error:
            raise trouble_of_os_error(error, self.path(digest)) from error
        if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
            stream.close()
            raise BlobChanged(digest=digest)
        stream.seek(0)
        return stream

    def prove(self, digest: Digest) -> int:
        with self.open(digest) as stream:
            return stream.seek(0, os.SEEK_END)


def write_hashed(handle: int, stream: BinaryIO) -> Digest:
    """Write everything to the file of `handle`, down to the disk, and close it. Raises: OSError."""
    found = hashlib.sha256()
    with os.fdopen(handle, "wb") as target:
        for chunk in chunks(stream):
            found.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return Digest(found.hexdigest())


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
