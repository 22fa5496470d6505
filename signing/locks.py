"""A file that only one process holds at a time; a process that dies lets it go."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOOK_AGAIN_S = 0.02
"""Between two looks at a lock that another process holds; the operating systems' own waiting knows no deadline."""


@contextmanager
def locked(path: Path, *, wait_s: float) -> Iterator[IO[bytes]]:
    """Hold the lock file `path` while the block lasts; it stays behind, empty.

    Raises: TimeoutError when another holds it for longer than `wait_s`; OSError when it cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    over = time.monotonic() + wait_s
    with path.open("ab") as file:
        while not _taken(file):
            if time.monotonic() > over:
                raise TimeoutError(str(path))
            time.sleep(LOOK_AGAIN_S)
        try:
            yield file
        finally:
            _let_go(file)


def _taken(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _let_go(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)
