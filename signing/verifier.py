"""Verification in a process of its own, with a deadline and a memory limit per file.

A file that makes the parser run in circles or eat memory costs that file a verdict "undetermined" and nothing else. The
process is started when first needed, kept for the next file, and started again after one that had to be ended.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Self

from signing.report import Conclusion, FileReport, Reason
from signing.trust import NOBODY, TrustStore

LENGTH = struct.Struct(">Q")
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows would open a console for the process."""

START_S = 30.0
"""Allowed on top of the first file's deadline, for the process to come up on a slow machine."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the process is asked: one file, and everything `verify_file` wants to know."""

    path: Path
    trust: TrustStore
    at: datetime | None
    online: bool
    deadline_s: float


class Verifier:
    """A verification process. One file at a time; `close` (or the end of `with`) ends it."""

    def __init__(self, *, deadline_s: float = 60.0) -> None:
        """deadline_s: for each file, in seconds."""
        self.deadline_s = deadline_s
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def verify(self, path: Path, trust: TrustStore, *, at: datetime | None = None, online: bool = False) -> FileReport:
        """As `signing.verify.verify_file`, ended by force when the deadline has passed. Never raises for the file."""
        question = Question(path.absolute(), trust, at, online, self.deadline_s)
        with self._lock:
            grace = 5.0
            if self._child is None:
                self._child, grace = _Child(), START_S
            try:
                report = self._child.ask(question, self.deadline_s + grace)
            except TimeoutError:
                return self._given_up(path, at, Reason.TIME_OVER)
            except (EOFError, OSError):
                return self._given_up(path, at, Reason.GENERIC)
        return replace(report, file=str(path))

    def warm(self) -> None:
        """Bring the process up before it is needed: the first verdict then comes as fast as the next."""
        self.verify(Path("no such file"), NOBODY)

    def close(self) -> None:
        with self._lock:
            if self._child is not None:
                self._child.end()
                self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def _given_up(self, path: Path, at: datetime | None, reason: Reason) -> FileReport:
        assert self._child is not None
        self._child.end()
        self._child = None
        return FileReport(str(path), Conclusion.UNDETERMINED, reason, checked_at=at or datetime.now(UTC))


class _Child:
    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(
            part for part in (root, os.environ.get("PYTHONPATH", "")) if part)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "signing.verifier_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment, creationflags=NO_WINDOW)
        assert self.process.stdin is not None and self.process.stdout is not None
        self._to, self._from = self.process.stdin, self.process.stdout
        self._answers: SimpleQueue[FileReport | None] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="verification answers", daemon=True)
        self._reader.start()

    def ask(self, question: Question, wait_s: float) -> FileReport:
        """Raises TimeoutError, EOFError (the process died), OSError (it was dead already)."""
        write_message(self._to, pickle.dumps(question))
        try:
            answer = self._answers.get(timeout=wait_s)
        except Empty:
            raise TimeoutError from None
        if answer is None:
            raise EOFError
        return answer

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(timeout=5)
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()

    def _read(self) -> None:
        with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):
            while True:
                answer = pickle.loads(read_message(self._from))   # our own child's, over our own pipe
                if not isinstance(answer, FileReport):
                    break
                self._answers.put(answer)
        self._answers.put(None)


def write_message(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> bytes:
    """Raises EOFError when the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
