"""Where tests write: into memory where there is plenty of it, else where temporary files go.

A test office is some four hundred small files on PostgreSQL; an ordinary disk takes half a second to copy them, memory
a twentieth. Nothing is lost by it: no test cuts the power, and what a killed process has written stays in both.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

MEMORY = Path("/dev/shm")
LEAST_FREE = 6 * 2**30
"""In bytes. A whole run writes about one GiB and keeps less; the programs it starts want memory too."""


@cache
def quick_folder() -> Path:
    """An existing folder that outlives the run; callers make folders of their own in it."""
    if memory_free() < LEAST_FREE or not os.access(MEMORY, os.W_OK):
        return Path(tempfile.gettempdir())
    return MEMORY


def memory_free() -> int:
    """Bytes that may be written to memory without pushing anything out; 0 where there is no such folder."""
    try:
        told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        room = os.statvfs(MEMORY)
    except (OSError, AttributeError):
        return 0
    return min(int(told["MemAvailable"].split()[0]) * 1024, room.f_bavail * room.f_frsize)
