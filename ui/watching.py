"""Tokens that come and go, brought into the window's thread while somebody looks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal

from signing.tokens.host import ModuleHost
from signing.tokens.listing import ListedToken
from signing.tokens.watch import TokenWatcher
from ui.background import Background, Lane


class TokenNews(QObject):
    """Watches the tokens of some modules from `watch` to `stop`. The watcher asks a module only while it is idle."""

    arrived = Signal(object)        # signing.tokens.watch.Event, in the window's thread

    _told = Signal(object, object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._watcher: TokenWatcher | None = None
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)

    @property
    def watching(self) -> bool:
        return self._watcher is not None

    @property
    def tokens(self) -> tuple[ListedToken, ...]:
        """What is plugged in now, as last seen."""
        return self._watcher.tokens if self._watcher is not None else ()

    def watch(self, hosts: Iterable[ModuleHost]) -> None:
        """From now on these, in place of those watched so far. The first look tells every token that is there."""
        self.stop()
        watcher = TokenWatcher(hosts, lambda event: self._told.emit(watcher, event))
        self._watcher = watcher
        watcher.start()

    def stop(self) -> None:
        """Tell no more. The threads end in a lane: a module that hangs would hold up the window."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            self._background.run(self, Lane.NET, lambda _report, _stop: stopped(watcher))

    def _hear(self, watcher: TokenWatcher, event: object) -> None:
        if watcher is self._watcher:
            self.arrived.emit(event)


def stopped(watcher: TokenWatcher) -> None:
    watcher.stop()


