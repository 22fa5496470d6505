"""A job in a lane asks the person before the window for something, and waits for it.

    answer = questions.ask(lambda reply: show_dialog(reply))      # in a lane; raises CancelledError when given up

Every question that is open when the window closes is given up, so that no lane waits for nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal


class Reply:
    """Where the answer comes in: the first one counts."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._value: Any = None
        self.given_up = False

    def give(self, value: Any) -> bool:
        """Answer. False when the question was given up meanwhile: what was handed over is the caller's to overwrite."""
        with self._lock:
            if self._event.is_set():
                return False
            self._value = value
            self._event.set()
            return True

    def give_up(self) -> None:
        with self._lock:
            if not self._event.is_set():
                self.given_up = True
                self._event.set()

    @property
    def answered(self) -> bool:
        return self._event.is_set()

    def wait(self) -> Any:
        """Raises: CancelledError."""
        self._event.wait()
        if self.given_up:
            raise CancelledError
        value, self._value = self._value, None
        return value


class Questions(QObject):
    """Carries questions from lanes into the window's thread."""

    _asked = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: set[Reply] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._asked.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def ask(self, show: Callable[[Reply], None], reply: Reply | None = None) -> Any:
        """Have `show` called in the window's thread, and wait for its reply. Not from the window's thread.

        reply: this one, which something else than a person may answer too.
        Raises: CancelledError when the person gives up or the window closes.
        """
        reply = reply or Reply()
        with self._lock:
            if self._closed:
                raise CancelledError
            self._open.add(reply)
        self._asked.emit(show, reply)
        try:
            return reply.wait()
        finally:
            with self._lock:
                self._open.discard(reply)

    def close(self) -> None:
        """Give up every open question and all to come."""
        with self._lock:
            self._closed = True
            still_open = list(self._open)
        for reply in still_open:
            reply.give_up()

    def _show(self, show: Callable[[Reply], None], reply: Reply) -> None:
        if not reply.answered:
            show(reply)
