"""A batch on disk: `batch.json` says what is to be done, `steps.jsonl` what has happened, a line per step.

The first is written once and takes its name in one step; the second only grows, and a step that something rests on is
on the disk before the next begins. A last line that was cut off by a power cut has not happened. Nobody else can have
the folder open at the same time: two programs going on with one batch would sign everything twice. A reserve is given
back to a disk that fills up, so that what the key has signed by then can still be written down.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from uuid import uuid4

from signing.batch.items import Item, State
from signing.batch.record import MALFORMED, Json, after_step, of_item, of_request, of_step, to_item, to_request
from signing.errors import BadInput, FileNotReadable, NotAllowed, reason_of_os_error
from signing.files import reading, replacing, trouble_of_writing
from signing.request import SigningRequest

PLAN, STEPS, LOCK, RESERVE = "batch.json", "steps.jsonl", "lock", "reserve"
RESERVE_BYTES = 256 * 1024
"""Some hundred steps; one that says what the key has given takes less than 1 KB."""
RESTED_ON = frozenset({State.SIGNED, State.DELIVERED})
"""Steps that must not be lost: a lost one would be done again (signed twice, handed on twice). The earlier ones are on
the disk with them, and what comes after `signed` is found in the results."""
FORM = 1
"""Of these files; another number is another program's."""

LAST_WORK_S = 3.0
"""How long the children of a program that was killed may take for the documents in their hands."""


class BatchBusy(NotAllowed):
    """Another program works on this batch. facts: folder."""

    code = "batch.busy"


class BatchUnreadable(BadInput):
    """What lies there is no batch, or another version's. facts: folder."""

    code = "batch.unreadable"


class FolderStore:
    """A batch in a folder of its own. Close it, or use it as a context, so that others may go on with it.

    on_reserve: the disk was full when a step was to be written, and the reserve was given back for it; nothing new
    should be begun.
    """

    def __init__(self, folder: Path, name: str, items: list[Item], request: SigningRequest, lock: IO[bytes]) -> None:
        """`create` and `open` are what is called."""
        self.folder, self.name, self.items, self.request = folder, name, items, request
        self._lock = lock
        self.on_reserve = False
        try:
            self._steps = (folder / STEPS).open("ab", buffering=0)
            self._reserve()
        except OSError as error:
            lock.close()
            raise trouble_of_writing(error, folder) from error

    @classmethod
    def create(cls, folder: Path, items: Iterable[Item], request: SigningRequest) -> Self:
        """Write a new batch into `folder`. Raises BatchBusy, BatchUnreadable (one lies there), FolderNotWritable,
        DiskFull."""
        batch = list(items)
        lock = _locked(folder)
        try:
            if (folder / PLAN).exists():
                raise BatchUnreadable(folder=str(folder))
            name = uuid4().hex[:12]
            plan = {"form": FORM, "name": name, "request": of_request(request),
                    "items": [of_item(item) for item in batch]}
            with replacing(folder / PLAN) as file:
                file.write(json.dumps(plan).encode())
        except BaseException:
            lock.close()
            raise
        return cls(folder, name, batch, request, lock)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """A batch as far as it came. Raises FileNotReadable, BatchBusy, BatchUnreadable, FolderNotWritable."""
        with reading(folder / PLAN) as file:
            content = file.read()
        lock = _locked(folder)
        try:
            plan = _plan(content, folder)
            items = _items(plan, _steps_of(folder / STEPS))
            _sweep(str(plan["name"]), items)
            return cls(folder, str(plan["name"]), items, to_request(plan["request"]), lock)
        except MALFORMED as error:
            lock.close()
            raise BatchUnreadable(folder=str(folder)) from error
        except BaseException:
            lock.close()
            raise

    @staticmethod
    def look(folder: Path) -> list[Item]:
        """How far a batch has come, without touching it; somebody else may be working on it. Raises FileNotReadable,
        BatchUnreadable."""
        with reading(folder / PLAN) as file:
            content = file.read()
        try:
            steps = (folder / STEPS).read_bytes() if (folder / STEPS).exists() else b""
            return _items(_plan(content, folder), [json.loads(line) for line in steps.split(b"\n")[:-1]])
        except MALFORMED as error:
            raise BatchUnreadable(folder=str(folder)) from error
        except OSError as error:
            raise FileNotReadable(file=str(folder / STEPS), reason=reason_of_os_error(error)) from error

    def put(self, index: int, item: Item) -> None:
        """Write a step down. It is on the disk when this returns where something rests on it (`RESTED_ON`).
        Raises DiskFull, FolderNotWritable."""
        self.items[index] = item
        line = json.dumps(of_step(index, item)).encode() + b"\n"
        try:
            try:
                self._write(line, lasting=item.state in RESTED_ON)
            except OSError:
                (self.folder / RESERVE).unlink()     # raises when it was given already
                self.on_reserve = True
                self._write(line, lasting=item.state in RESTED_ON)
        except OSError as error:
            raise trouble_of_writing(error.__context__ if isinstance(error.__context__, OSError) else error,
                                     self.folder) from error

    def _write(self, line: bytes, *, lasting: bool) -> None:
        end = self._steps.seek(0, os.SEEK_END)
        try:
            while line:
                line = line[self._steps.write(line):]
            if lasting:
                os.fsync(self._steps.fileno())
        except OSError:
            self._steps.truncate(end)
            raise

    def _reserve(self) -> None:
        """Room that is really taken: a file of zeros might take none."""
        path = self.folder / RESERVE
        if not path.exists():
            path.write_bytes(os.urandom(RESERVE_BYTES))

    @property
    def held(self) -> int:
        """The lock's descriptor. A child process that has it too keeps the batch locked until it has ended itself."""
        return self._lock.fileno()

    def remove(self) -> None:
        """The batch is over: nothing of it stays but its results. The plan goes first; without it there is no batch."""
        self.close()
        with suppress(OSError):
            for name in (PLAN, STEPS, RESERVE, LOCK):
                (self.folder / name).unlink(missing_ok=True)
            self.folder.rmdir()

    def close(self) -> None:
        self._steps.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()


def is_busy(folder: Path) -> bool:
    """Whether somebody works on the batch at this moment. Raises FolderNotWritable."""
    try:
        _locked(folder, wait_s=0.0).close()
    except BatchBusy:
        return True
    return False


def _plan(content: bytes, folder: Path) -> Json:
    plan: Json = json.loads(content)
    if plan["form"] != FORM:
        raise BatchUnreadable(folder=str(folder))
    return plan


def _items(plan: Json, steps: Iterable[Json]) -> list[Item]:
    items = [to_item(found) for found in plan["items"]]
    for step in steps:
        items[step["item"]] = after_step(items[step["item"]], step)
    return items


def _steps_of(path: Path) -> list[Json]:
    """The steps that have happened; half a line at the end is cut off, so that the next one stands for itself."""
    if not path.exists():
        return []
    with path.open("r+b") as file:
        content = file.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            file.truncate(whole)
            file.flush()
            os.fsync(file.fileno())
    return [json.loads(line) for line in content[:whole].splitlines()]


def _sweep(name: str, items: Iterable[Item]) -> None:
    """Take away what an earlier run left half-written beside the results; what the key has signed is kept."""
    batch = list(items)
    kept = {item.prepared.part for item in batch if item.prepared is not None and item.value is not None}
    for folder in {item.target.parent for item in batch}:
        with suppress(OSError):
            for part in folder.glob(f".*.{name}-*.part"):
                if part not in kept:
                    part.unlink(missing_ok=True)


def _locked(folder: Path, wait_s: float | None = None) -> IO[bytes]:
    """The folder's lock, held while the file is open; a program that dies lets it go, as soon as the work that its
    children had begun is done."""
    over = time.monotonic() + (LAST_WORK_S if wait_s is None else wait_s)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise trouble_of_writing(error, folder) from error
    while True:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if time.monotonic() > over:
                file.close()
                raise BatchBusy(folder=str(folder)) from error
            time.sleep(0.05)
        else:
            return file
