"""Stamps that are due, on disk: what could not be stamped when it was signed is worked through later.

One small file per entry, written in one step. Before an entry is worked on it is marked as begun, so that one which
brings the program down is known after the third time and set aside, with its reason, like one that can never be
stamped; it does not hold up the others. A service that is away costs an entry nothing but time.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from signing.errors import BadInput, NotAllowed, PlaceTrouble, ServiceTrouble, Trouble
from signing.files import replacing
from signing.locks import locked
from signing.timestamp_record import Clock

FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 6 * 3600.0
"""Between two tries of one entry; doubled each time."""
CRASHES_ALLOWED = 3
MAY_PASS = (ServiceTrouble, PlaceTrouble)
"""Another day may be better. Everything else is the entry's own fault, and stays."""


class StampQueueBusy(NotAllowed):
    """Another program works through the queue. facts: folder."""

    code = "stamp.busy"


class StampingCrashed(BadInput):
    """The program ended again and again at this entry. facts: file."""

    code = "stamp.crashed"


class EntryUnreadable(BadInput):
    """facts: file."""

    code = "stamp.queue_unreadable"


class DueState(StrEnum):
    WAITING = "waiting"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Due:
    """One entry. key: of whoever put it there; the same key is the same entry. facts: what the work needs, as text.

    since, next_at: seconds since the epoch. tries: so far. begun: how often it was begun since it last came to an end,
    well or not. code, trouble_facts: of the last trouble.
    """

    key: str
    facts: Mapping[str, str]
    since: float
    state: DueState = DueState.WAITING
    tries: int = 0
    begun: int = 0
    next_at: float = 0.0
    code: str = ""
    trouble_facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def trouble(self) -> Trouble | None:
        """The last one, for words; of a code that is not known here, its words are the general ones."""
        if not self.code:
            return None
        kind = next((each for each in _kinds(Trouble) if each.code == self.code), Trouble)
        trouble = kind.__new__(kind)
        Trouble.__init__(trouble, **self.trouble_facts)
        return trouble


Work = Callable[[Due], bool]
"""Does what is due; False when something of it is still to come. Its Trouble is written down with the entry."""
Told = Callable[[Due, bool], None]
"""Called after each entry with the entry as it is now, and whether it is finished."""


class StampQueue:
    """The queue in `folder`."""

    def __init__(self, folder: Path, clock: Clock = time.time) -> None:
        self.folder, self.clock = folder, clock

    def add(self, key: str, **facts: str) -> Due:
        """Put an entry in, on the disk when this returns; one that is there already stays as it is.

        Raises FolderNotWritable, DiskFull.
        """
        known = self._read(self._file(key))
        if known is not None:
            return known
        due = Due(key, facts, self.clock())
        self._write(due)
        return due

    def entries(self) -> tuple[Due, ...]:
        """All, oldest first."""
        found = (self._read(file) for file in self.folder.glob("*.json"))
        return tuple(sorted((due for due in found if due is not None), key=lambda due: due.since))

    def remove(self, key: str) -> None:
        with suppress(OSError):
            self._file(key).unlink(missing_ok=True)

    def again(self, key: str) -> None:
        """A person wants an entry tried now, one that was set aside too."""
        due = self._read(self._file(key))
        if due is not None:
            self._write(replace(due, state=DueState.WAITING, next_at=0.0, begun=0))

    def work_through(self, work: Work, *, told: Told | None = None, stop: threading.Event | None = None,
                     all_now: bool = False) -> None:
        """Work on every entry whose time has come, oldest first.

        Args:
            all_now: also on those that are to wait longer (a person asked).
        Raises: StampQueueBusy, FolderNotWritable, DiskFull.
        """
        try:
            with locked(self.folder / "lock", wait_s=0):
                for due in self.entries():
                    if stop is not None and stop.is_set():
                        return
                    if due.state is DueState.WAITING and (all_now or due.next_at <= self.clock()):
                        self._work_on(due, work, told)
        except TimeoutError as error:
            raise StampQueueBusy(folder=str(self.folder)) from error

    def _work_on(self, due: Due, work: Work, told: Told | None) -> None:
        if due.begun >= CRASHES_ALLOWED:
            due = _with(due, StampingCrashed(file=due.facts.get("file", due.key)), state=DueState.SET_ASIDE)
            self._write(due)
            finished = False
        else:
            due = replace(due, begun=due.begun + 1)
            self._write(due)
            try:
                finished = work(due)
                due = replace(due, code="", trouble_facts={})
            except Trouble as trouble:
                finished = False
                state = DueState.WAITING if isinstance(trouble, MAY_PASS) else DueState.SET_ASIDE
                due = _with(due, trouble, state=state)
            due = replace(due, begun=0, tries=due.tries + 1,
                          next_at=self.clock() + min(FIRST_PAUSE_S * 2.0 ** min(due.tries, 20), LONGEST_PAUSE_S))
            if finished:
                self.remove(due.key)
            else:
                self._write(due)
        if told is not None:
            told(due, finished)

    def _file(self, key: str) -> Path:
        return self.folder / f"{sha256(key.encode()).hexdigest()[:32]}.json"

    def _write(self, due: Due) -> None:
        with replacing(self._file(due.key)) as out:
            out.write(json.dumps(asdict(due), ensure_ascii=False, indent=1).encode())

    def _read(self, file: Path) -> Due | None:
        """An entry that cannot be read is shown as set aside: it is never silently lost."""
        try:
            content = file.read_bytes()
        except OSError:
            return None
        try:
            found = json.loads(content)
            return Due(**{**found, "state": DueState(found["state"]), "since": float(found["since"]),
                          "next_at": float(found["next_at"])})
        except (ValueError, TypeError, KeyError):
            return Due(file.name, {}, self.clock(), DueState.SET_ASIDE, code=EntryUnreadable.code,
                       trouble_facts={"file": str(file)})


def _with(due: Due, trouble: Trouble, *, state: DueState) -> Due:
    facts = {name: fact if isinstance(fact, str | int | float) or fact is None else str(fact)
             for name, fact in trouble.facts.items()}
    return replace(due, state=state, code=trouble.code, trouble_facts=facts)


def _kinds(kind: type[Trouble]) -> Iterator[type[Trouble]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)
