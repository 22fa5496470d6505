"""Jobs off the window's thread: lanes that run them, one long-lived object that brings their outcomes back.

A job is a plain function `job(report, stop)`. It calls `report(...)` as it gets on, looks at `stop` where it can end
cleanly, and raises `concurrent.futures.CancelledError` when it ended because it was asked to. It must close over plain
values, never over widgets: a widget touched from a lane crashes the process.

Outcomes: any number of `progress`, then exactly one of `done`, `stopped`, `failed`. Stopped is an outcome of its own,
never a failure. A failure for which the caller named no handler is announced by the signal `failed_unheard`, so that
none is swallowed.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from signing.errors import Trouble

log = logging.getLogger(__name__)

Report = Callable[..., None]
Job = Callable[[Report, Event], Any]
Handler = Callable[..., None]


class Lane(StrEnum):
    """Where a job runs. One worker where two at once would harm; several where they only wait."""

    TOKEN = "token"             # one at a time: the key obeys one caller
    STORE = "store"             # one at a time: reads and commands of this window keep their order
    NET = "net"                 # wide: waiting for other machines
    PROCESSOR = "processor"     # as many as there are cores: reading pages, verifying, converting


WORKERS = {
    Lane.TOKEN: 1,
    Lane.STORE: 1,
    Lane.NET: 8,
    Lane.PROCESSOR: max(1, os.cpu_count() or 1),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is kept on the window's side while a job runs."""

    owner: QObject
    stop: Event
    on: dict[str, Handler]
    lasting: bool


class Background(QObject):
    """Runs jobs on lanes; outcomes arrive in the window's thread. Lives as long as the application.

    One object for all jobs on purpose: one QObject per job, held only by the job's thread, loses outcomes or crashes.
    """

    failed_unheard = Signal(object)      # the exception
    busy_changed = Signal(int)           # how many jobs have not ended yet

    # Job id, outcome, arguments. `object` for the arguments also because Signal(int) wraps above 2,147,483,647:
    # byte counts travel as Python objects.
    _arrived = Signal(int, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes = {lane: ThreadPoolExecutor(WORKERS[lane], thread_name_prefix=f"lane-{lane}") for lane in Lane}
        self._waiting: dict[int, Waiting] = {}
        self._ids = count(1)
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> int:
        """How many jobs have not ended yet, those that only listen left out."""
        return sum(not each.lasting for each in self._waiting.values())

    def run(self, owner: QObject, lane: Lane, job: Job, *, lasting: bool = False, **on: Handler | None) -> Event:
        """Start `job` on `lane`; the handlers named in `on` (progress, done, stopped, failed) hear of it.

        Args:
            owner: whom the outcome is for. Once that object is gone, nobody is called.
            lasting: it listens for news and has no end of its own; nobody waits for it.
        Returns: the event that asks the job to stop: `.set()` it. A job still waiting for its lane never begins.
        Raises: ValueError for a handler of another name; RuntimeError after `close`.
        """
        on = {outcome: handler for outcome, handler in on.items() if handler is not None}
        strange = set(on) - {"progress", "done", "stopped", "failed"}
        if strange:
            raise ValueError(f"no such outcome: {sorted(strange)}")
        if self._closed:
            raise RuntimeError("the background is closed")
        key, stop = next(self._ids), Event()
        self._waiting[key] = Waiting(owner, stop, on, lasting)
        self._lanes[lane].submit(self._work, key, job, stop)
        self.busy_changed.emit(self.running)
        return stop

    def close(self) -> None:
        """Ask every job to stop, wait until all lanes are still, forget what nobody will hear. May be called twice.

        Waits as long as the slowest job takes to notice; jobs bound their own waiting by deadlines.
        """
        if self._closed:
            return
        self._closed = True
        for waiting in self._waiting.values():
            waiting.stop.set()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._waiting.clear()

    def _work(self, key: int, job: Job, stop: Event) -> None:
        """In the lane: exactly one last outcome, whatever the job does."""

        def report(*what: object) -> None:
            self._arrived.emit(key, "progress", what)

        try:
            if stop.is_set():
                raise CancelledError
            result = job(report, stop)
        except CancelledError:
            self._arrived.emit(key, "stopped", ())
        except Exception as error:
            # a trouble of the world is told to the person; a bug of ours must also be loud in the log
            log.log(logging.INFO if isinstance(error, Trouble) else logging.ERROR, "a job failed", exc_info=True)
            self._arrived.emit(key, "failed", (error,))
        else:
            self._arrived.emit(key, "done", (result,))

    def _deliver(self, key: int, outcome: str, what: tuple[object, ...]) -> None:
        """In the window's thread."""
        last = outcome != "progress"
        waiting = self._waiting.pop(key, None) if last else self._waiting.get(key)
        if waiting is None:         # closed meanwhile
            return
        try:
            if isValid(waiting.owner) and outcome in waiting.on:       # the dialog may be gone by now
                waiting.on[outcome](*what)
            elif outcome == "failed":
                self.failed_unheard.emit(what[0])
        finally:
            if last:
                self.busy_changed.emit(self.running)
