"""A private folder for the files an act works on; gone when the act ends, however it ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docclient.errors import trouble_of_os_error
from docclient.office.door import Office
from docclient.office.model import Digest


@contextmanager
def workplace() -> Iterator[Path]:
    """A new folder that only this user may read. Raises: DiskFull, FolderNotWritable."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="docclient-"))
    except OSError as error:
        raise trouble_of_os_error(error, Path(tempfile.gettempdir()) / "new") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fetch_file(office: Office, digest: Digest, target: Path) -> Path:
    """Copy a file of the office to `target`. Raises: NotFound, BlobMissing, BlobChanged, DiskFull."""
    try:
        with office.read(digest) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except OSError as error:
        raise trouble_of_os_error(error, target) from error
    return target


def fetch_bytes(office: Office, digest: Digest) -> bytes:
    with office.read(digest) as source:
        return source.read()


def put_file(office: Office, path: Path) -> Digest:
    """Store a file in the office. Raises: FileNotReadable, DiskFull."""
    try:
        with path.open("rb") as source:
            return office.put(source)
    except OSError as error:
        raise trouble_of_os_error(error, path) from error
