"""The process a PKCS#11 module lives in: `python -P -m signing.tokens.child`, started by `signing.tokens.host`.

It reads asks from standard input and writes answers to what was standard output; the module gets neither (some print).
One thread reads, so that the process ends with its parent even while the module hangs; one thread calls the module.
Nothing is written anywhere else: no log, no core dump, no crash dialog.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO

from signing.tokens.messages import ChildFault, Garbled, Message, frame, read_exactly, read_frame, wipe, write_all
from signing.tokens.module import Module


def main() -> None:
    _leave_no_dump()
    asks_from, answers_to = _take_the_pipes()
    asks: SimpleQueue[tuple[Message, bytearray]] = SimpleQueue()
    threading.Thread(target=_read, args=(asks_from, asks), daemon=True).start()
    module = Module()
    while True:
        ask, secret = asks.get()
        try:
            answer: Message = module.answer(ask, secret)
        except Exception as error:  # our own fault; its message could quote a value, its place cannot
            answer = ChildFault(_place_of(error))
        finally:
            if not module.keeps(secret):
                wipe(secret)
        write_all(answers_to, frame(answer))


def _read(source: BinaryIO, asks: SimpleQueue[tuple[Message, bytearray]]) -> None:
    with suppress(EOFError, OSError, Garbled):
        while True:
            asks.put(read_frame(lambda length: read_exactly(source, length)))
    # the host is gone, or is not our host: end now, whatever the module is doing, and without unloading it
    # (C_Finalize of some modules takes 15 seconds)
    os._exit(0)


def _take_the_pipes() -> tuple[BinaryIO, BinaryIO]:
    taken = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    if sys.platform == "win32":
        import msvcrt
        for descriptor in taken:
            msvcrt.setmode(descriptor, os.O_BINARY)
    return os.fdopen(taken[0], "rb", buffering=0), os.fdopen(taken[1], "wb", buffering=0)


def _leave_no_dump() -> None:
    """No memory image of a process that has held a PIN."""
    if sys.platform == "win32":
        import ctypes
        ctypes.windll.kernel32.SetErrorMode(0x1 | 0x2 | 0x8000)   # no dialogs, no error report
        return
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)                    # PR_SET_DUMPABLE: also against other processes' eyes


def _place_of(error: Exception) -> str:
    steps = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {steps[-1].name}, line {steps[-1].lineno}" if steps else type(error).__name__


if __name__ == "__main__":
    main()
