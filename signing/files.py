"""Files in, files out: read without touching, write under a temporary name, take the real name in one step."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from signing.errors import DiskFull, FileNotReadable, FolderNotWritable, Trouble, WrongUse, reason_of_os_error

CHUNK = 1 << 20
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class SameFile(WrongUse):
    """The result would replace its own source. facts: file."""

    code = "file.same"


@contextmanager
def reading(path: Path) -> Iterator[IO[bytes]]:
    """`path` open for reading. Raises FileNotReadable."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise FileNotReadable(file=str(path), reason=reason_of_os_error(error)) from error
    with stream:
        yield stream


@contextmanager
def replacing(target: Path, *, source: Path | None = None) -> Iterator[IO[bytes]]:
    """A file open for reading and writing that becomes `target` when the block ends well, and vanishes otherwise.

    It lies in the target's own folder, is flushed to the disk before it takes the name, and the name changes in one
    step (`os.replace`), so that whoever looks sees the old file or the whole new one.

    Args:
        source: a file that must stay as it is; the same file as `target` is refused.
    Raises: SameFile, FolderNotWritable, DiskFull; whatever the block raises goes through.
    """
    if source is not None and same_file(source, target):
        raise SameFile(file=str(target))
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=folder)
    except OSError as error:
        raise trouble_of_writing(error, folder) from error
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            try:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            except OSError as error:
                raise trouble_of_writing(error, folder) from error
        take_name(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def new_part(target: Path, name: str | None = None) -> Path:
    """An empty file in the target's own folder, for this user alone, that may take the target's name later.

    Args:
        name: of the file; without it one that no other file has. What lies there under that name is replaced.
    Raises: FolderNotWritable, DiskFull.
    """
    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if name is None:
            descriptor, made = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=folder)
        else:
            made = str(folder / name)
            Path(made).unlink(missing_ok=True)
            descriptor = os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        os.close(descriptor)
    except OSError as error:
        raise trouble_of_writing(error, folder) from error
    return Path(made)


def take_name(part: Path, target: Path) -> None:
    """The last step: `part`, flushed to the disk already, becomes `target`. Raises FolderNotWritable, DiskFull."""
    _open_to_umask(part)
    try:
        part.replace(target)
    except OSError as error:
        raise trouble_of_writing(error, target.parent) from error
    _flush_folder(target.parent)


def trouble_of_writing(error: OSError, folder: Path) -> Trouble:
    """The trouble behind an OSError met while writing into `folder`."""
    if error.errno in _FULL:
        return DiskFull(folder=str(folder))
    return FolderNotWritable(folder=str(folder), reason=reason_of_os_error(error))


def sha256_of(path: Path) -> str:
    """The file's SHA-256, 64 lower-case hexadecimal digits. Raises FileNotReadable."""
    with reading(path) as stream:
        return digest_of(stream)


def digest_of(stream: IO[bytes]) -> str:
    """The SHA-256 of all of `stream`, from its beginning."""
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def begins_with(longer: IO[bytes], shorter: IO[bytes]) -> bool:
    """Whether the first bytes of `longer` are exactly the whole of `shorter`."""
    longer.seek(0)
    shorter.seek(0)
    while chunk := shorter.read(CHUNK):
        if longer.read(len(chunk)) != chunk:
            return False
    return True


def same_file(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def _open_to_umask(path: Path) -> None:
    """mkstemp makes files private; a result should be readable as any new file of this user is."""
    if sys.platform != "win32":
        umask = os.umask(0)
        os.umask(umask)
        path.chmod(0o666 & ~umask)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut; Windows keeps names in its own journal."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
