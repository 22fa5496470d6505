"""A line to a server that stays open from call to call while a round of the post lasts: greeting, encryption and
entering take longer than what is asked.

    with line.round():
        with line.at_hand() as box: …        # opened by the first call, the same one for the next
    with line.at_hand() as box: …            # outside a round each call has its own
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Generic, TypeVar

from signing.errors import Trouble

T = TypeVar("T")


class KeptLine(Generic[T]):
    """One line at a time; one caller at a time has it. `open` enters and, when left, closes it.

    harmless: troubles after which the line still stands; after any other it is closed, and opened anew by the next
    call. uses: how often one line serves.
    """

    def __init__(self, open: Callable[[], AbstractContextManager[T]], *, harmless: tuple[type[Trouble], ...] = (),
                 uses: int | None = None) -> None:
        self._open, self._harmless, self._uses = open, harmless, uses
        self._lock = threading.Lock()
        self._rounds = 0
        self._kept: tuple[ExitStack, T] | None = None
        self._used = 0

    @contextmanager
    def round(self) -> Iterator[None]:
        with self._lock:
            self._rounds += 1
        try:
            yield
        finally:
            with self._lock:
                self._rounds -= 1
                if not self._rounds:
                    self._close()

    @contextmanager
    def at_hand(self) -> Iterator[T]:
        """Raises: what `open` raises, and what is raised inside."""
        if not self._rounds:
            with self._open() as line:
                yield line
            return
        with self._lock:
            stack, line = self._line()
            self._used += 1
            try:
                yield line
            except self._harmless:
                raise
            except BaseException as error:
                self._kept = None
                # the line's own end says what the error means
                if not stack.__exit__(type(error), error, error.__traceback__):
                    raise
            if self._used == self._uses:
                self._close()

    def _line(self) -> tuple[ExitStack, T]:
        if self._kept is None:
            stack = ExitStack()
            self._kept = stack, stack.enter_context(self._open())
            self._used = 0
        return self._kept

    def _close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[0].close()
