"""Tokens that come and go, brought into the window's thread while somebody looks."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal

from signing.tokens.host import ModuleHost
from signing.tokens.listing import ListedToken
from signing.tokens.watch import Event, TokenWatcher


class TokenNews(QObject):
    """Watches the tokens of some modules from `watch` to `stop`. The watcher asks a module only while it is idle."""

    arrived = Signal(object)        # signing.tokens.watch.Event, in the window's thread

    _told = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watch: _Watch | None = None
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @property
    def watching(self) -> bool:
        return self._watch is not None

    @property
    def tokens(self) -> tuple[ListedToken, ...]:
        """What is plugged in now, as last seen."""
        return self._watch.watcher.tokens if self._watch is not None else ()

    def watch(self, hosts: Iterable[ModuleHost]) -> None:
        """From now on these, in place of those watched so far. The first look tells every token that is there."""
        self.stop()
        watch = self._watch = _Watch(hosts, self)
        watch.watcher.start()

    def stop(self) -> None:
        """Tell no more."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.end()

    def _hear(self, watch: object, event: Event) -> None:
        if watch is self._watch:
            self.arrived.emit(event)


class _Watch:
    """One watcher; once it has been ended it touches no Qt object any more."""

    def __init__(self, hosts: Iterable[ModuleHost], news: TokenNews) -> None:
        self._news: TokenNews | None = news
        self._lock = threading.Lock()
        self.watcher = TokenWatcher(hosts, self._tell)

    def end(self) -> None:
        """Its threads end by themselves: waiting for a module that hangs would hold up the window."""
        with self._lock:
            self._news = None
        threading.Thread(target=self.watcher.stop, name="end of a token watch", daemon=True).start()

    def _tell(self, event: Event) -> None:
        with self._lock:
            if self._news is not None:
                self._news._told.emit(self, event)
