"""A pile of pages on its way from scanner or folder to a document: kept on disk page by page; a crash loses none.

One folder a batch: the pages as they came, numbered, and `index.json`, which is replaced in one step after each page is
safely there and after each act of arranging. A lock that the system releases with the process tells a batch at work
from one left by a crash.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from docclient.capture.arranging import Arrangement, Aside, Leaf
from docclient.errors import BadInput, NotAllowed, trouble_of_os_error

INDEX, LOCK = "index.json", "lock"
NAME = re.compile(r"page-\d{4}\.\w+")


class BatchInUse(NotAllowed):
    """Another process works on this batch. facts: folder."""

    code = "capture.batch_in_use"


class BatchLocked(NotAllowed):
    """A secrecy mark was read in this batch: it is opened no more, only thrown away. facts: folder."""

    code = "capture.batch_locked"


class BatchDamaged(BadInput):
    """The index cannot be read; the pages lie beside it. facts: folder."""

    code = "capture.batch_damaged"


@dataclass(frozen=True, slots=True)
class LeftBatch:
    """A batch that a crash or power cut left: its folder, when it was begun (aware UTC), how many pages are safe.
    locked: a secrecy mark was read in it; it can only be thrown away."""

    folder: Path
    begun: datetime
    pages: int
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """What `index.json` says. origins: by page, which file of a watched folder it came from (`taking.origin_of`).
    done: pages whose document is safe elsewhere; their files may still lie there. judged: pages that were looked at
    for being blank or a separator: where they stand now is where a person wants them. locked: see `LeftBatch`."""

    begun: datetime
    arrangement: Arrangement = field(default_factory=Arrangement)
    origins: Mapping[str, str] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    locked: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "begun": self.begun.isoformat(),
            "pages": [{"name": leaf.name, "turn": leaf.turn, "begins": leaf.begins}
                      for leaf in self.arrangement.leaves],
            "aside": [{"name": leaf.name, "turn": leaf.turn, "why": why.value}
                      for leaf, why in self.arrangement.aside],
            "origins": dict(self.origins),
            "done": sorted(self.done),
            "judged": sorted(self.judged),
            "locked": self.locked,
        }


class Batch:
    """An open batch. Use `begin` or `reopen`; `close` keeps it for later, `discard` removes it with its pages."""

    def __init__(self, folder: Path, index: Index, lock: IO[bytes]) -> None:
        self.folder = folder
        self._index = index
        self._lock = lock

    @property
    def begun(self) -> datetime:
        return self._index.begun

    @property
    def arrangement(self) -> Arrangement:
        return self._index.arrangement

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(self._index.origins.values())

    @property
    def judged(self) -> frozenset[str]:
        return self._index.judged

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
            batch = cls(folder, Index(begun), _locked(folder))
            batch._write_index()
        except OSError as error:
            raise trouble_of_os_error(error, folder) from error
        return batch

    @classmethod
    def reopen(cls, folder: Path, *, to_discard: bool = False) -> Batch:
        """Go on with a batch left earlier. A page that was on disk but not yet in the index is taken in.

        to_discard: it will only be thrown away, so it may be locked.
        Raises: BatchInUse, BatchLocked, BatchDamaged, FileNotReadable.
        """
        try:
            lock = _locked(folder)
        except OSError as error:
            raise trouble_of_os_error(error, folder) from error
        try:
            index = _read_index(folder)
            if index.locked and not to_discard:
                raise BatchLocked(folder=str(folder))
            arranged = index.arrangement
            known = arranged.names | index.done
            late = sorted(file.name for file in folder.glob("page-*") if file.name not in known)
            arranged = arranged.inserted(len(arranged.leaves), *(Leaf(name) for name in late))
            return cls(folder, replace(index, arrangement=arranged), lock)
        except BaseException:
            lock.close()
            raise

    def add(self, content: bytes, suffix: str, *, instead_of: str | None = None, at: int | None = None,
            origin: str = "") -> Path:
        """Keep a page; when this returns, it is on disk and in the index. `suffix`: ".jpg", ".png", ".tif", ".pdf".

        instead_of: the page that this is a better scan of: it takes its place. at: its place in the order; else last.
        Raises: ValueError (no such page, no such place); FolderNotWritable, DiskFull; the batch is then as before.
        """
        arranged = self.arrangement
        number = 1 + max((int(name[5:9]) for name in arranged.names | self._index.done), default=0)
        page = self.folder / f"page-{number:04d}{suffix.lower()}"
        if instead_of is not None:
            arranged = arranged.replaced(arranged.place_of(instead_of), page.name)
        else:
            arranged = arranged.inserted(len(arranged.leaves) if at is None else at, Leaf(page.name))
        origins = {**self._index.origins, page.name: origin} if origin else self._index.origins
        try:
            _write_safely(page, content)
            try:
                self._keep(replace(self._index, arrangement=arranged, origins=origins))
            except OSError:
                page.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise trouble_of_os_error(error, page) from error
        return page

    def pages(self) -> tuple[Path, ...]:
        """The pages' files in order, ready for `digitise`."""
        return tuple(self.folder / leaf.name for leaf in self.arrangement.leaves)

    def arrange(self, arrangement: Arrangement) -> None:
        """Keep what a person did to the order; no file is removed before `discard`.

        Raises: ValueError when a page of the batch is missing or another named; FolderNotWritable, DiskFull.
        """
        if arrangement.names != self.arrangement.names:
            raise ValueError("not the pages of this batch")
        try:
            self._keep(replace(self._index, arrangement=arrangement))
        except OSError as error:
            raise trouble_of_os_error(error, self.folder) from error

    def judge(self, names: Iterable[str]) -> None:
        """These pages were looked at; kept with the next order. (Cut off before that, they are looked at again.)"""
        self._index = replace(self._index, judged=self._index.judged | frozenset(names))

    def reorder(self, pages: tuple[Path, ...]) -> None:
        """Give the pages a new order, or set some aside, or bring those back; no file is removed before `discard`.

        Raises: ValueError for a page not of this batch; FolderNotWritable, DiskFull.
        """
        names, arranged = [page.name for page in pages], self.arrangement
        known = {leaf.name: leaf for leaf in (*(leaf for leaf, _ in arranged.aside), *arranged.leaves)}
        if len(set(names)) != len(names) or not set(names) <= set(known):
            raise ValueError("not the pages of this batch")
        reasons = {leaf.name: why for leaf, why in arranged.aside}
        self.arrange(Arrangement(
            tuple(known[name] for name in names),
            tuple((known[name], reasons.get(name, Aside.TAKEN_OUT)) for name in sorted(set(known) - set(names)))))

    def became(self, names: Iterable[str]) -> None:
        """The document made of these pages is safe elsewhere: they leave the batch. Raises: FolderNotWritable."""
        gone = frozenset(names)
        arranged = Arrangement(tuple(leaf for leaf in self.arrangement.leaves if leaf.name not in gone),
                               tuple(pair for pair in self.arrangement.aside if pair[0].name not in gone))
        try:
            self._keep(replace(self._index, arrangement=arranged, done=self._index.done | gone))
        except OSError as error:
            raise trouble_of_os_error(error, self.folder) from error
        for name in gone:
            with suppress(OSError):             # what stays lies there until the batch goes, and is offered no more
                (self.folder / name).unlink(missing_ok=True)

    def lock(self) -> None:
        """A secrecy mark was read in it: from now on it can only be discarded. Raises: FolderNotWritable, DiskFull."""
        try:
            self._keep(replace(self._index, locked=True))
        except OSError as error:
            raise trouble_of_os_error(error, self.folder) from error

    @property
    def locked(self) -> bool:
        return self._index.locked

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

    def _keep(self, index: Index) -> None:
        before, self._index = self._index, index
        try:
            self._write_index()
        except OSError:
            self._index = before
            raise

    def _write_index(self) -> None:
        _write_safely(self.folder / INDEX, json.dumps(self._index.as_json(), indent=1).encode())


def recoverable(root: Path) -> list[LeftBatch]:
    """Batches below `root` with pages that no living process holds, the oldest first."""
    left = []
    for folder in _batches(root):
        try:
            lock = _locked(folder)
        except (BatchInUse, OSError):
            continue
        try:
            index = _read_index(folder)
            begun, locked = index.begun, index.locked
            aside = {leaf.name for leaf, _ in index.arrangement.aside} | index.done
            pages = len({file.name for file in folder.glob("page-*")} - aside)
        except BatchDamaged:
            begun, locked = datetime.fromtimestamp(folder.stat().st_mtime, UTC), False
            pages = sum(1 for _ in folder.glob("page-*"))
        finally:
            lock.close()
        if pages:
            left.append(LeftBatch(folder, begun, pages, locked))
    return left


def origins_below(root: Path) -> frozenset[str]:
    """Which files of watched folders the batches below `root` have, whoever holds them."""
    found: set[str] = set()
    for folder in _batches(root):
        with suppress(BatchDamaged):
            found.update(_read_index(folder).origins.values())
    return frozenset(found)


def _batches(root: Path) -> list[Path]:
    return sorted(folder for folder in root.glob("*") if (folder / INDEX).is_file())


def _read_index(folder: Path) -> Index:
    """Only pages whose files are there. Raises: BatchDamaged."""
    try:
        said: Any = json.loads((folder / INDEX).read_bytes())
        begun = datetime.fromisoformat(said["begun"])
        arranged = Arrangement(
            tuple(_leaf(each) for each in said["pages"]),
            tuple((_leaf(each), Aside(each["why"]) if isinstance(each, dict) else Aside.TAKEN_OUT)
                  for each in said["aside"]))
        origins = {str(name): str(origin) for name, origin in said.get("origins", {}).items()}
        done, judged = (frozenset(str(name) for name in said.get(key, ())) for key in ("done", "judged"))
        locked = said.get("locked", False) is not False
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BatchDamaged(folder=str(folder)) from error
    if begun.tzinfo is None or any(not NAME.fullmatch(name) for name in arranged.names):
        raise BatchDamaged(folder=str(folder))
    there = frozenset(name for name in arranged.names if (folder / name).is_file())
    return Index(begun, Arrangement(tuple(leaf for leaf in arranged.leaves if leaf.name in there),
                                    tuple(pair for pair in arranged.aside if pair[0].name in there)), origins, done,
                 judged, locked)


def _leaf(said: Any) -> Leaf:
    """As it is written now, or only its name, as batches of earlier versions say it. Raises: ValueError, KeyError."""
    if isinstance(said, str):
        return Leaf(said)
    turn = int(said["turn"])
    if turn not in (0, 90, 180, 270):
        raise ValueError("a page lies straight")
    return Leaf(str(said["name"]), turn, bool(said.get("begins", False)))


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
