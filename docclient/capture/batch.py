"""A pile of pages on its way from scanner or folder to a document: kept on disk page by page; a crash loses none.

One folder a batch: the pages as they came, numbered, and `index.json`, which is replaced in one step after each page is
safely there. A lock that the system releases with the process tells a batch at work from one left by a crash.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from docclient.errors import BadInput, NotAllowed, trouble_of_os_error

INDEX, LOCK = "index.json", "lock"


class BatchInUse(NotAllowed):
    """Another process works on this batch. facts: folder."""

    code = "capture.batch_in_use"


class BatchDamaged(BadInput):
    """The index cannot be read; the pages lie beside it. facts: folder."""

    code = "capture.batch_damaged"


@dataclass(frozen=True, slots=True)
class LeftBatch:
    """A batch that a crash or power cut left: its folder, when it was begun (aware UTC), how many pages are safe."""

    folder: Path
    begun: datetime
    pages: int


class Batch:
    """An open batch. Use `begin` or `reopen`; `close` keeps it for later, `discard` removes it with its pages."""

    def __init__(self, folder: Path, begun: datetime, names: list[str], aside: list[str], lock: IO[bytes]) -> None:
        self.folder = folder
        self.begun = begun
        self._names = names
        self._aside = aside
        self._lock = lock

    @classmethod
    def begin(cls, root: Path) -> Batch:
        """A new, empty batch below `root`. Raises: FolderNotWritable, DiskFull."""
        begun = datetime.now(UTC)
        return cls._begin(root / f"{begun:%Y%m%dT%H%M%S}-{uuid4().hex[:8]}", begun)

    @classmethod
    def at(cls, folder: Path) -> Batch:
        """The batch in this very folder, whatever else lies there: the one begun there before, or a new one.

        Raises: BatchInUse, BatchDamaged, FolderNotWritable, DiskFull.
        """
        return cls.reopen(folder) if (folder / INDEX).is_file() else cls._begin(folder, datetime.now(UTC))

    @classmethod
    def _begin(cls, folder: Path, begun: datetime) -> Batch:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            batch = cls(folder, begun, [], [], _locked(folder))
            batch._write_index()
        except OSError as error:
            raise trouble_of_os_error(error, folder) from error
        return batch

    @classmethod
    def reopen(cls, folder: Path) -> Batch:
        """Go on with a batch left earlier. A page that was on disk but not yet in the index is taken in.

        Raises: BatchInUse, BatchDamaged, FileNotReadable.
        """
        try:
            lock = _locked(folder)
        except OSError as error:
            raise trouble_of_os_error(error, folder) from error
        try:
            begun, names, aside = _read_index(folder)
            known = {*names, *aside}
            names += sorted(file.name for file in folder.glob("page-*") if file.name not in known)
            return cls(folder, begun, names, aside, lock)
        except BaseException:
            lock.close()
            raise

    def add(self, content: bytes, suffix: str) -> Path:
        """Keep a page; when this returns, it is on disk and in the index. `suffix`: ".jpg", ".png", ".tif", ".pdf".

        Raises: FolderNotWritable, DiskFull; the batch is then as before.
        """
        number = 1 + max((int(name[5:9]) for name in (*self._names, *self._aside)), default=0)
        page = self.folder / f"page-{number:04d}{suffix.lower()}"
        try:
            _write_safely(page, content)
            self._names.append(page.name)
            try:
                self._write_index()
            except OSError:
                self._names.pop()
                page.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise trouble_of_os_error(error, page) from error
        return page

    def pages(self) -> tuple[Path, ...]:
        """The pages' files in order, ready for `digitise`."""
        return tuple(self.folder / name for name in self._names)

    def reorder(self, pages: tuple[Path, ...]) -> None:
        """Give the pages a new order, or set some aside, or bring those back; no file is removed before `discard`.

        Raises: ValueError for a page not of this batch; FolderNotWritable, DiskFull.
        """
        names, every = [page.name for page in pages], {*self._names, *self._aside}
        if len(set(names)) != len(names) or not set(names) <= every:
            raise ValueError("not the pages of this batch")
        before = self._names, self._aside
        self._names, self._aside = names, sorted(every - set(names))
        try:
            self._write_index()
        except OSError as error:
            self._names, self._aside = before
            raise trouble_of_os_error(error, self.folder) from error

    def close(self) -> None:
        """Let go of the batch; it stays on disk and is offered at the next start."""
        self._lock.close()

    def forget(self) -> None:
        """Let go of an empty batch and leave nothing of it in its folder, which may hold other things."""
        with suppress(OSError):
            (self.folder / INDEX).unlink()
        self._lock.close()
        with suppress(OSError):
            (self.folder / LOCK).unlink()
            self.folder.rmdir()

    def discard(self) -> None:
        """Remove the batch and its pages: the document made of them is safe elsewhere."""
        with suppress(OSError):
            (self.folder / INDEX).unlink()          # first: half a removed batch is none
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write_index(self) -> None:
        index = {"begun": self.begun.isoformat(), "pages": self._names, "aside": self._aside}
        _write_safely(self.folder / INDEX, json.dumps(index, indent=1).encode())


def recoverable(root: Path) -> list[LeftBatch]:
    """Batches below `root` with pages that no living process holds, the oldest first."""
    left = []
    for folder in sorted(folder for folder in root.glob("*") if (folder / INDEX).is_file()):
        try:
            lock = _locked(folder)
        except (BatchInUse, OSError):
            continue
        try:
            begun, _, aside = _read_index(folder)
            pages = len({file.name for file in folder.glob("page-*")} - set(aside))
        except BatchDamaged:
            begun = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
            pages = sum(1 for _ in folder.glob("page-*"))
        finally:
            lock.close()
        if pages:
            left.append(LeftBatch(folder, begun, pages))
    return left


def _read_index(folder: Path) -> tuple[datetime, list[str], list[str]]:
    """When it was begun, the pages in order, the pages set aside; only those whose files are there."""
    try:
        index: Any = json.loads((folder / INDEX).read_bytes())
        begun = datetime.fromisoformat(index["begun"])
        names, aside = ([str(name) for name in index[key]] for key in ("pages", "aside"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BatchDamaged(folder=str(folder)) from error
    if begun.tzinfo is None or any(not re.fullmatch(r"page-\d{4}\.\w+", name) for name in (*names, *aside)):
        raise BatchDamaged(folder=str(folder))
    names, aside = ([name for name in some if (folder / name).is_file()] for some in (names, aside))
    return begun, names, aside


def _write_safely(file: Path, content: bytes) -> None:
    """The file under its name holds all of `content` or does not change, also through a power cut."""
    beside = file.with_name(f".{file.name}.new")
    try:
        with beside.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    for folder in _synced_by_hand(file):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _synced_by_hand(file: Path) -> Iterator[Path]:
    """POSIX keeps a rename only when the folder is synced too; Windows has no such call and needs none."""
    if sys.platform != "win32":
        yield file.parent


def _locked(folder: Path) -> IO[bytes]:
    """Hold the batch's lock until the file is closed or the process ends. Raises: BatchInUse, OSError."""
    lock = (folder / LOCK).open("ab")
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise BatchInUse(folder=str(folder)) from error
    return lock
