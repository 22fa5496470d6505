"""What was asked of each time-stamp service and until when it rests: on disk, for every process of this user.

Services count: one was seen to give 20 stamps in 20 minutes and to shut out for a day whoever asked for more. A request
is written down before it is sent, so that a crash cannot lose count. One small file per service, changed under a lock.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from signing.errors import Trouble
from signing.files import replacing
from signing.locks import locked

T = TypeVar("T")
log = logging.getLogger(__name__)

LOCK_WAIT_S = 10.0
DAY_S = 24 * 3600.0
LONGEST_REST_S = 7 * DAY_S
"""No service is believed that wants to be left alone for longer; it would be a clock gone wrong, ours or its own."""

REST_AFTER_FAILURE_S, LONGEST_AFTER_FAILURE_S = 30.0, 3600.0
REST_AFTER_REFUSAL_S, LONGEST_AFTER_REFUSAL_S = 15 * 60.0, DAY_S
"""Our own back-off, doubled with each failure or refusal in a row; a service's own demand goes before it."""

Clock = Callable[[], float]
"""Seconds since the epoch, UTC: it has to mean the same to the next process."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What is known of a service's limit: so many stamps within so many seconds."""

    stamps: int
    within_s: float


@dataclass(frozen=True, slots=True)
class Rest:
    """A service that is not asked now. until: seconds since the epoch. answer: what it said last, empty for a quota
    that is used up before it had to say so. demanded: by the service or its quota, not guessed by us."""

    until: float
    answer: str
    demanded: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands. used: stamps asked for within the quota's time, or within a day without one. left: what
    the quota allows now, None without one."""

    used: int
    left: int | None
    rest: Rest | None


@dataclass(slots=True)
class _Entry:
    """One service. used: moments of requests. bad: failures or refusals in a row. rested_at: when the rest began."""

    used: list[float] = field(default_factory=list)
    rests_until: float = 0.0
    rested_at: float = 0.0
    answer: str = ""
    demanded: bool = False
    bad: int = 0


class ServiceRecord:
    """The record in `folder`. Without a folder nothing is kept and every service may always be asked.

    A record that cannot be read or written never keeps anybody from a stamp: that is logged, and the service asked.
    """

    def __init__(self, folder: Path | None, clock: Clock = time.time) -> None:
        self.folder, self.clock = folder, clock

    def may_ask(self, address: str, quota: Quota | None, *, anew_since: float | None = None) -> Rest | None:
        """None: it may be asked now, and the request is counted. Otherwise why not and until when.

        Args:
            anew_since: a person asked at this moment: rests of ours from before it do not hold.
        """
        def ask(entry: _Entry) -> Rest | None:
            rest = self._rest(entry, quota)
            if rest is not None and (rest.demanded or anew_since is None or entry.rested_at >= anew_since):
                return rest
            entry.used.append(self.clock())
            return None

        return self._change(address, ask)

    def standing(self, address: str, quota: Quota | None) -> Standing:
        """For people to look at; counts nothing."""
        def look(entry: _Entry) -> Standing:
            used = len(self._within(entry, quota))
            return Standing(used, max(0, quota.stamps - used) if quota else None, self._rest(entry, quota))

        return self._change(address, look)

    def gave(self, address: str) -> None:
        """A stamp came: whatever was wrong is over."""
        def forget(entry: _Entry) -> None:
            entry.bad, entry.rests_until, entry.answer, entry.demanded = 0, 0.0, "", False

        self._change(address, forget)

    def not_counted(self, address: str) -> None:
        """The last request never reached the service."""
        def take_back(entry: _Entry) -> None:
            if entry.used:
                entry.used.pop()

        self._change(address, take_back)

    def failed(self, address: str, answer: str, *, refused: bool, demanded_s: float | None = None) -> None:
        """No stamp came, for good this time: let the service rest.

        Args:
            refused: it answered, and no; otherwise it was away, slow or in trouble.
            demanded_s: how long it asked to be left alone (Retry-After).
        """
        first, longest = ((REST_AFTER_REFUSAL_S, LONGEST_AFTER_REFUSAL_S) if refused else
                          (REST_AFTER_FAILURE_S, LONGEST_AFTER_FAILURE_S))

        def rest(entry: _Entry) -> None:
            own = min(first * 2.0 ** min(entry.bad, 30), longest)
            entry.bad += 1
            entry.rested_at, entry.answer = self.clock(), answer
            entry.demanded = demanded_s is not None
            entry.rests_until = entry.rested_at + min(own if demanded_s is None else demanded_s, LONGEST_REST_S)

        self._change(address, rest)

    def _rest(self, entry: _Entry, quota: Quota | None) -> Rest | None:
        now = self.clock()
        if now < entry.rests_until <= now + LONGEST_REST_S:
            return Rest(entry.rests_until, entry.answer, entry.demanded)
        used = self._within(entry, quota)
        if quota is not None and len(used) >= quota.stamps:
            return Rest(sorted(used)[-quota.stamps] + quota.within_s, "", demanded=True)
        return None

    def _within(self, entry: _Entry, quota: Quota | None) -> list[float]:
        """Requests that still count; those from a future that a corrected clock took back count from now on."""
        now = self.clock()
        span = quota.within_s if quota else DAY_S
        return [min(moment, now) for moment in entry.used if moment > now - span]

    def _change(self, address: str, act: Callable[[_Entry], T]) -> T:
        """What `act` returns for the service's entry; the entry is written back when it has changed."""
        if self.folder is None:
            return act(_Entry())
        file = self.folder / f"{sha256(address.encode()).hexdigest()[:24]}.json"
        try:
            with locked(file.with_suffix(".lock"), wait_s=LOCK_WAIT_S):
                entry = _read(file, address)
                before = _as_json(entry, address)
                result = act(entry)
                entry.used = [moment for moment in entry.used if moment > self.clock() - LONGEST_REST_S]
                if _as_json(entry, address) != before:
                    with replacing(file) as out:
                        out.write(_as_json(entry, address))
                return result
        except (OSError, Trouble):
            log.warning("the record of time-stamp services cannot be kept in %s", self.folder)
            return act(_Entry())


def _as_json(entry: _Entry, address: str) -> bytes:
    return json.dumps({"address": address, **asdict(entry)}, ensure_ascii=False, indent=1).encode()


def _read(file: Path, address: str) -> _Entry:
    """A file that is missing, spoiled or another's counts as none: the service will say what it thinks of us."""
    try:
        found = json.loads(file.read_bytes())
        if found.pop("address") != address:
            return _Entry()
        entry = _Entry(**found)
        entry.used = [float(moment) for moment in entry.used]
        entry.rests_until, entry.rested_at, entry.bad = float(entry.rests_until), float(entry.rested_at), int(entry.bad)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return _Entry()
    return entry
