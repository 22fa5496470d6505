"""Tokens that come and go while the program runs: a watcher that tells, and knows a token again.

    with TokenWatcher([host], told) as watcher:        # told(Plugged(...)), told(Unplugged(...)), …
        ... watcher.tokens ...                         # what is plugged in now

A thread per module asks the module's process, never while a signature or a login is on its way: whatever works with
the token notices by itself that it is gone. The slot events of PKCS#11 are used where a module has proved that it sends
them; until then, and now and then afterwards, the slots are read. Waiting inside the module (C_WaitForSlotEvent without
CKF_DONT_BLOCK) would keep it from everything else, so that is never done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from signing.errors import KeyTrouble
from signing.tokens.host import ModuleHost
from signing.tokens.listing import ListedToken, listed_slot, pin_state
from signing.tokens.messages import LookAround, LookedAround, SlotFound

INTERVAL_S = 1.0
SELDOM_S = 15.0         # how often slots are read although the module announces changes by itself
GIVE_UP_S = 60.0        # the longest pause after a module that crashed or hung
STOP_S = 1.0
RETRIES = 10            # how often a token that could not be read is read again: some need seconds to wake up


@dataclass(frozen=True, slots=True)
class Plugged:
    """A token is there. `again`: it was there before, as its serial and certificates say; its login is gone."""

    token: ListedToken
    again: bool


@dataclass(frozen=True, slots=True)
class Unplugged:
    """A token is gone; as it was last seen."""

    token: ListedToken


@dataclass(frozen=True, slots=True)
class Changed:
    """The token in a slot is the same and something about it is not: the state of its PIN, what can be read of it."""

    token: ListedToken


@dataclass(frozen=True, slots=True)
class Unwell:
    """A module crashed, hung or refused to list its slots. Its tokens count as gone; it is tried again, ever later."""

    module: Path
    trouble: KeyTrouble


Event = Plugged | Unplugged | Changed | Unwell


class TokenWatcher:
    """Watches the tokens of some modules. `start`, `stop`, or `with`."""

    def __init__(self, hosts: Iterable[ModuleHost], told: Callable[[Event], None], *,
                 interval_s: float = INTERVAL_S, seldom_s: float = SELDOM_S) -> None:
        """
        Args:
            told: called for one event at a time, from a thread of the watcher: hand the event on and return. The first
                look tells every token that is plugged in.
            interval_s: pause between two looks; also how long a module must have been idle for a look.
            seldom_s: pause between two readings of the slots once a module's own events have proved true.
        """
        self._told = told
        self._told_lock = threading.Lock()
        self._stop = threading.Event()
        self._watches = [_Watch(host, self._tell, self._stop, interval_s, seldom_s) for host in hosts]

    @property
    def tokens(self) -> tuple[ListedToken, ...]:
        """What is plugged in, as last seen; no module is asked."""
        return tuple(token for watch in self._watches for token in watch.tokens)

    def start(self) -> None:
        for watch in self._watches:
            watch.start()

    def stop(self) -> None:
        """No event is told after this has returned. A thread whose module hangs ends with that module's deadline."""
        self._stop.set()
        if threading.current_thread() not in self._watches:
            with self._told_lock:       # an event that is being told comes to its end
                pass
        for watch in self._watches:
            if watch is not threading.current_thread() and watch.is_alive():
                watch.join(STOP_S)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def _tell(self, event: Event) -> None:
        with self._told_lock:
            if not self._stop.is_set():
                self._told(event)


class _Watch(threading.Thread):
    """One module."""

    def __init__(self, host: ModuleHost, tell: Callable[[Event], None], stop: threading.Event,
                 interval_s: float, seldom_s: float) -> None:
        super().__init__(name=f"token watch {host.module.name}", daemon=True)
        self._host, self._tell, self._stopped = host, tell, stop
        self._interval_s, self._seldom_s = interval_s, seldom_s
        self._here: dict[tuple[str, ...], ListedToken] = {}
        self._came_at: dict[tuple[str, ...], float] = {}
        self._retries: dict[tuple[str, ...], int] = {}
        self._known: dict[tuple[str, ...], frozenset[str]] = {}
        self._events_prove_true = False
        self._since_reading_s = float("inf")
        self._pause_s = interval_s

    @property
    def tokens(self) -> tuple[ListedToken, ...]:
        return tuple(self._here.values())

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look()
                self._pause_s = self._interval_s
            except KeyTrouble as trouble:
                self._unwell(trouble)
            except CancelledError:      # somebody ended the module's process: the next look starts it again
                pass
            self._stopped.wait(self._pause_s)
            self._since_reading_s += self._pause_s

    def _look(self) -> None:
        unread = any(token.hindrance and self._retries[identity] for identity, token in self._here.items())
        whole = unread or not self._events_prove_true or self._since_reading_s >= self._seldom_s
        first = self._since_reading_s == float("inf")
        seen = self._host.ask_if_free(LookAround(whole), LookedAround, idle_s=0 if first else self._interval_s)
        if seen is None or not seen.whole:
            return
        self._since_reading_s = 0.0
        changed = self._compare(seen.slots, set(seen.announced))
        if changed and not first:       # an event too many does no harm; one that is missing does
            self._events_prove_true = seen.tells and bool(seen.announced)

    def _compare(self, slots: Iterable[SlotFound], announced: set[int]) -> bool:
        """Tell what differs from the last look. Returns whether a token came or went."""
        now: dict[tuple[str, ...], SlotFound] = {}
        for slot in slots:
            if slot.token is not None or slot.code is not None:
                now[_identity(slot)] = slot
        # the event of a token that was seen just before its event was fetched is no second coming
        settled = time.monotonic() - 3 * self._interval_s
        moved = {identity for identity, token in self._here.items()
                 if identity not in now or now[identity].slot != token.slot
                 or (token.slot in announced and self._came_at[identity] < settled)}
        for identity in moved:
            self._tell(Unplugged(self._here.pop(identity)))
        came = [identity for identity in now if identity not in self._here]
        for identity in came:
            self._plugged(identity, now[identity])
        for identity, slot in now.items():
            if identity not in came:
                self._same(identity, slot)
        return bool(moved or came)

    def _plugged(self, identity: tuple[str, ...], slot: SlotFound) -> None:
        token = listed_slot(self._host, slot)
        if token is None:
            return
        self._here[identity], self._came_at[identity], self._retries[identity] = token, time.monotonic(), RETRIES
        certificates = _certificates(token)
        again = identity in self._known and (self._known[identity] == certificates or token.hindrance is not None)
        if token.hindrance is None:
            self._known[identity] = certificates
        self._tell(Plugged(token, again))

    def _same(self, identity: tuple[str, ...], slot: SlotFound) -> None:
        """Still there: read anew only what could not be read before; the certificates of a good token stay as read."""
        before, after = self._here[identity], None
        if before.hindrance and self._retries[identity]:
            self._retries[identity] -= 1
            after = listed_slot(self._host, slot)
        if after is None and slot.token is not None:
            after = replace(before, pin=pin_state(slot.token.flags))
        if after is not None and after != before:
            self._here[identity] = after
            if after.hindrance is None:
                self._known[identity] = _certificates(after)
            self._tell(Changed(after))

    def _unwell(self, trouble: KeyTrouble) -> None:
        for token in list(self._here.values()):
            self._tell(Unplugged(token))
        self._here.clear()
        if self._pause_s == self._interval_s:       # told once; then it is tried again in ever longer pauses
            self._tell(Unwell(self._host.module, trouble))
        self._pause_s = min(max(self._pause_s, self._interval_s) * 2, GIVE_UP_S)


def _identity(slot: SlotFound) -> tuple[str, ...]:
    """What tells one token from another: the serial; without one (blank, unreadable) the place it is in."""
    token = slot.token
    if token is None or not token.serial:
        return (str(slot.slot), slot.description)
    return (token.serial, token.manufacturer, token.model)


def _certificates(token: ListedToken) -> frozenset[str]:
    return frozenset(one.facts.fingerprint for one in token.certificates if one.facts is not None)
