"""Bytes in a bucket that speaks S3 (obstore), with a folder near by for programs that need files.

An object's name is its digest (`ab/cdef…`), so writing it twice writes the same. It is written under the condition that
it is not there yet; a large one goes up in parts and has its name only when all of them are there. What is near by is a
copy and never the truth: it is hashed whenever it is handed out, and brought anew when it is not what it should be.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from docclient.errors import trouble_of_os_error
from docclient.office.errors import BlobChanged, BlobMissing, BlobsRefused, BlobsUnreachable
from docclient.office.model import Digest
from docclient.secrets import Secrets
from docclient.store.blobs import CHUNK, write_hashed
from signing.tokens.messages import wipe

if TYPE_CHECKING:
    from obstore.store import S3Config

    from docclient.store.place import Place

IN_PARTS_FROM = 16 << 20
"""Bytes: from here on an object goes up in parts, which S3 cannot make conditional; up to here the whole of it lies in
memory once."""
NEAR_BYTES = 4 << 30
"""How much is kept near by."""
IN_USE_S = 900.0
"""A copy that was handed out is left alone for so long: a program may not have opened it yet."""
PATIENCE = timedelta(seconds=120)
"""For each request."""


class S3Blobs:
    """A bucket, or a part of one. near: the folder of copies; name: what a person is shown."""

    def __init__(self, store: S3Store, near: Path, name: str, *, near_bytes: int = NEAR_BYTES) -> None:
        self.store, self.near, self.name, self.near_bytes = store, near, name, near_bytes
        self._sizes: dict[str, int] = {}         # of what this program has seen in the bucket
        self._lock = threading.Lock()

    def put(self, content: BinaryIO | bytes) -> Digest:
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        with self._arriving() as arriving:
            handle = os.open(arriving, os.O_WRONLY | getattr(os, "O_BINARY", 0))
            digest = write_hashed(handle, stream)
            size = arriving.stat().st_size
            self._upload(arriving, digest, size)
            self._keep_near(arriving, digest)
        with self._lock:
            self._sizes[digest] = size
        return digest

    def _upload(self, file: Path, digest: Digest, size: int) -> None:
        if self._size_there(digest) == size:
            return
        with self._asking(digest), file.open("rb") as stream:
            if size < IN_PARTS_FROM:
                with suppress(AlreadyExistsError):       # another put it there a moment ago: the same bytes
                    obstore.put(self.store, key_of(digest), stream, mode="create", use_multipart=False)
            else:
                obstore.put(self.store, key_of(digest), stream, use_multipart=True)
        if self._size_there(digest) != size:
            raise BlobsUnreachable(place=self.name)

    def _size_there(self, digest: Digest) -> int | None:
        try:
            with self._asking(digest):
                return int(obstore.head(self.store, key_of(digest))["size"])
        except BlobMissing:
            return None

    def path(self, digest: Digest) -> Path:
        copy = self.near / digest[:2] / digest[2:]
        if self._holds(copy, digest):
            with suppress(OSError):
                os.utime(copy)
            return copy
        with self._arriving() as arriving:
            if self._download(digest, arriving) != digest:
                raise BlobChanged(digest=digest)
            self._keep_near(arriving, digest)
        return copy

    def _holds(self, copy: Path, digest: Digest) -> bool:
        try:
            with copy.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == digest
        except OSError:
            return False

    def _download(self, digest: Digest, target: Path) -> str:
        """Bring the bytes into a file; their real SHA-256."""
        found = hashlib.sha256()
        with target.open("wb") as stream:
            for chunk in self._stream(digest):
                found.update(chunk)
                stream.write(chunk)
        return found.hexdigest()

    def _stream(self, digest: Digest) -> Iterator[bytes]:
        with self._asking(digest):
            for chunk in obstore.get(self.store, key_of(digest)).stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    def size(self, digest: Digest) -> int:
        with self._lock:
            known = self._sizes.get(digest)
        if known is not None:
            return known
        found = self._size_there(digest)
        if found is None:
            raise BlobMissing(digest=digest)
        with self._lock:
            self._sizes[digest] = found
        return found

    def open(self, digest: Digest) -> BinaryIO:
        path = self.path(digest)
        try:
            return path.open("rb")
        except OSError as error:
            raise trouble_of_os_error(error, path) from error

    def prove(self, digest: Digest) -> int:
        found, size = hashlib.sha256(), 0
        for chunk in self._stream(digest):
            found.update(chunk)
            size += len(chunk)
        if found.hexdigest() != digest:
            raise BlobChanged(digest=digest)
        return size

    # --- near by -----------------------------------------------------------------------------------------------

    @contextmanager
    def _arriving(self) -> Iterator[Path]:
        """An empty file of our own near by, gone afterwards unless it was given a name."""
        try:
            self.near.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="arriving-", dir=self.near)
            os.close(handle)
        except OSError as error:
            raise trouble_of_os_error(error, self.near / "new") from error
        try:
            yield Path(name)
        except OSError as error:
            raise trouble_of_os_error(error, self.near / "new") from error
        finally:
            Path(name).unlink(missing_ok=True)

    def _keep_near(self, arriving: Path, digest: Digest) -> None:
        copy = self.near / digest[:2] / digest[2:]
        copy.parent.mkdir(exist_ok=True)
        arriving.replace(copy)
        self._make_room()

    def _make_room(self) -> None:
        """Let the copies go that were used longest ago, as far as there are too many bytes."""
        copies = []
        for file in self.near.glob("??/*"):
            with suppress(OSError):
                status = file.stat()
                copies.append((status.st_mtime, status.st_size, file))
        left = sum(size for _, size, _ in copies)
        for used, size, file in sorted(copies, key=lambda each: each[0]):
            if left <= self.near_bytes or time.time() - used < IN_USE_S:
                return
            with suppress(OSError):
                file.unlink()
                left -= size

    @contextmanager
    def _asking(self, digest: Digest) -> Iterator[None]:
        """Errors of the bucket as ours. Nothing of its answer is repeated: it may name keys and hosts."""
        try:
            yield
        except AlreadyExistsError:
            raise
        except (NotFoundError, FileNotFoundError):
            raise BlobMissing(digest=digest) from None
        except (PermissionDeniedError, UnauthenticatedError, PermissionError):
            raise BlobsRefused(place=self.name) from None
        except BaseError:
            raise BlobsUnreachable(place=self.name) from None


def key_of(digest: Digest) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def secret_name(bucket: str) -> str:
    """Under which name the bucket's key lies in the system's safe: `{"access_key_id": …, "secret_access_key": …}`."""
    return f"bucket: {bucket}"


def bucket_of(place: Place, secrets: Secrets | None = None) -> S3Blobs:
    """The bucket of a place. Its key comes from the system's safe, else from the process's environment
    (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and what else obstore reads there). Raises: BlobsRefused."""
    bucket, _, prefix = place.bucket.removeprefix("s3://").partition("/")
    config: S3Config = kept_key(bucket, secrets or Secrets(), place.bucket)
    if place.endpoint:
        config["endpoint"] = place.endpoint
    if place.region:
        config["region"] = place.region
    try:
        store = S3Store(bucket, prefix=prefix.strip("/") or None, config=config or None,
                        client_options={"timeout": PATIENCE, "allow_http": allows_http(place.endpoint)},
                        retry_config={"max_retries": 4, "retry_timeout": PATIENCE})
    except (BaseError, ValueError, OSError):
        raise BlobsRefused(place=place.bucket) from None
    return S3Blobs(store, place.blobs, place.bucket)


def allows_http(endpoint: str) -> bool:
    """Plain HTTP goes to this machine only."""
    return endpoint.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:"))


def kept_key(bucket: str, secrets: Secrets, name: str) -> S3Config:
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return {}
    kept = secrets.get(secret_name(bucket))
    if kept is None:
        return {}
    try:
        found = json.loads(kept.decode())
        return {"access_key_id": str(found["access_key_id"]), "secret_access_key": str(found["secret_access_key"])}
    except (ValueError, KeyError, TypeError):
        raise BlobsRefused(place=name) from None
    finally:
        wipe(kept)
