"""Many files verified at once: a process per processor, the answers in the order asked.

Each process is a `Verifier` of its own, with its deadline and its memory limit: a file that hangs one of them holds up
none of the others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from signing.report import FileReport
from signing.trust import TrustStore
from signing.verifier import Verifier

FILES_A_PROCESS = 4
"""Fewer are not worth the start of a further process."""


class Verifiers:
    """Several verification processes. `close` (or the end of `with`) ends them."""

    def __init__(self, *, processes: int | None = None, deadline_s: float = 60.0) -> None:
        """processes: at the most; as many as there are processors without it. deadline_s: for each file."""
        self._most = max(1, processes or os.cpu_count() or 1)
        self._deadline_s = deadline_s
        self._all: list[Verifier] = []
        self._free: SimpleQueue[Verifier] = SimpleQueue()

    def verify(self, paths: Sequence[Path], trust: TrustStore, *, at: datetime | None = None, online: bool = False,
               stop: threading.Event | None = None,
               ask: Callable[[Verifier, Path], FileReport] | None = None) -> Iterator[FileReport]:
        """The report on each file, in their order, as soon as it and those before it are there.

        Args:
            at, online: as `Verifier.verify` takes them. stop: when set, no further file is begun and the reports end.
            ask: how one file is verified, where that is more than one question.
        """
        def one(path: Path) -> FileReport | None:
            if stop is not None and stop.is_set():
                return None
            verifier = self._free.get()
            try:
                return ask(verifier, path) if ask else verifier.verify(path, trust, at=at, online=online)
            finally:
                self._free.put(verifier)

        wanted = min(self._most, max(1, len(paths) // FILES_A_PROCESS))
        while len(self._all) < wanted:
            self._all.append(Verifier(deadline_s=self._deadline_s))
            self._free.put(self._all[-1])
        with ThreadPoolExecutor(wanted, thread_name_prefix="verifying") as pool:
            for report in pool.map(one, paths):
                if report is None:
                    return
                yield report

    def close(self) -> None:
        for verifier in self._all:
            verifier.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
