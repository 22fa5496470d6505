"""Who does the work beside the key: child processes, and a thread here until they are up.

A thread alone would do for a slow token, but it shares one interpreter lock with the key's thread and the window;
processes leave both alone and use every core. A child that dies costs its speed, not its work: that is done here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from signing.batch.jobs import Job
from signing.errors import Trouble
from signing.request import SignedFile, SigningRequest
from signing.stages import Prepared
from signing.verifier import NO_WINDOW, read_message, write_message

Result = Prepared | SignedFile | None
Told = Callable[[int, Result | Exception], None]

WORTH_CHILDREN = 4
"""Jobs' worth of documents from which on children are started; coming up takes one as long as some ten documents."""
MOST_CHILDREN = 4


def children_for(documents: int) -> int:
    return 0 if documents < WORTH_CHILDREN else max(1, min(MOST_CHILDREN, os.cpu_count() or 1))


class Crew:
    """Runs jobs; each result or exception is told to `told` from some thread."""

    def __init__(self, request: SigningRequest, told: Told, children: int, held: tuple[int, ...] = ()) -> None:
        """held: descriptors that the children keep open too, until they have ended."""
        self._request, self._told, self._held = request, told, held
        self._jobs: SimpleQueue[tuple[int, Job, SigningRequest | None] | None] = SimpleQueue()
        self._up, self._over = threading.Event(), threading.Event()
        self._children: list[_Child] = []
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._work_here, name="signing work", daemon=True)]
        self._threads += [threading.Thread(target=self._work_there, name="signing child", daemon=True)
                          for _ in range(children)]
        for thread in self._threads:
            thread.start()

    def submit(self, index: int, job: Job, request: SigningRequest | None) -> None:
        """request: None means the crew's own."""
        self._jobs.put((index, job, request))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Jobs that were not begun are dropped; those begun are finished here and lost in a child."""
        self._over.set()
        with suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in self._threads:
            self._jobs.put(None)
        with self._lock:
            children = list(self._children)
        for child in children:
            child.end()
        for thread in self._threads:
            thread.join()

    def _work_here(self) -> None:
        while not self._up.is_set() and (task := self._jobs.get()) is not None:
            self._do_here(*task)

    def _work_there(self) -> None:
        with self._lock:
            if self._over.is_set():
                return
            child = _Child(self._held)
            self._children.append(child)
        try:
            child.begin(self._request)
            self._up.set()
        except (EOFError, OSError):
            return
        lost = False
        while (task := self._jobs.get()) is not None:
            if lost:
                self._do_here(*task)
                continue
            index, job, request = task
            try:
                result = child.ask(job, request)
            except (EOFError, OSError):
                if self._over.is_set():
                    return
                lost = True
                self._do_here(*task)
            else:
                self._told(index, result)

    def _do_here(self, index: int, job: Job, request: SigningRequest | None) -> None:
        try:
            self._told(index, job.run(request or self._request))
        except Exception as error:   # told as the job's result: the batch's thread decides
            self._told(index, error)


class _Child:
    def __init__(self, held: tuple[int, ...]) -> None:
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(
            part for part in (root, os.environ.get("PYTHONPATH", "")) if part)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "signing.batch.crew_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment, creationflags=NO_WINDOW,
            pass_fds=held if sys.platform != "win32" else ())
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._ended = threading.Lock()

    def begin(self, request: SigningRequest) -> None:
        write_message(self._to, pickle.dumps(request))
        read_message(self._from)

    def ask(self, job: Job, request: SigningRequest | None) -> Result | Exception:
        """Raises EOFError, OSError when the child is gone."""
        write_message(self._to, pickle.dumps((job, request)))
        kind, content = pickle.loads(read_message(self._from))   # our own child's, over our own pipe
        match kind:
            case "result":
                result: Result = content
                return result
            case "trouble":
                type_of, facts = content
                trouble: Trouble = type_of.__new__(type_of)
                Trouble.__init__(trouble, **facts)
                return trouble
            case _:
                return RuntimeError(content)

    def end(self) -> None:
        with self._ended:
            self._process.kill()
            self._process.wait()
            for pipe in (self._to, self._from):
                with suppress(OSError):
                    pipe.close()
