"""Bytes by their SHA-256, in a folder. Written once, never changed, on disk before any row names them."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from docclient.errors import trouble_of_os_error
from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.model import Digest

CHUNK = 1 << 20


class Blobs:
    """A folder of blobs: `ab/cdef…` holds the bytes whose SHA-256 is abcdef….

    Why our own few lines and not obstore: its local store neither fsyncs nor hashes, and both are the point here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: BinaryIO | bytes) -> Digest:
        """Store and return the digest; the bytes and their name are on disk on return.

        Raises: DiskFull, FolderNotWritable. On failure nothing is left behind.
        """
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="arriving-", dir=self.folder)
        except OSError as error:
            raise trouble_of_os_error(error, self.folder / "new") from error
        arriving = Path(name)
        try:
            digest = self._write(handle, stream)
            self._take_name(arriving, self.path(digest))
        except OSError as error:
            raise trouble_of_os_error(error, self.folder / "new") from error
        finally:
            arriving.unlink(missing_ok=True)
        return digest

    def _write(self, handle: int, stream: BinaryIO) -> Digest:
        found = hashlib.sha256()
        with os.fdopen(handle, "wb") as target:
            while chunk := stream.read(CHUNK):
                found.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        return Digest(found.hexdigest())

    def _take_name(self, arriving: Path, final: Path) -> None:
        if final.exists():
            return
        final.parent.mkdir(exist_ok=True)
        arriving.replace(final)
        sync_folder(final.parent)
        sync_folder(self.folder)

    def path(self, digest: Digest) -> Path:
        return self.folder / digest[:2] / digest[2:]

    def size(self, digest: Digest) -> int:
        """In bytes. Raises: BlobMissing."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            raise BlobMissing(digest=digest) from None

    def open(self, digest: Digest) -> BinaryIO:
        """Open for reading, after hashing the whole content once. Raises: BlobMissing, BlobChanged."""
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


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut. Windows writes names through and has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
