"""A transport in memory that behaves as the interface says, and one that is broken off at a chosen moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from docclient.exchange.directory import Unit
from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, TransportId, Waiting


class BrokenOff(BaseException):
    """The process ended here."""


@dataclass(slots=True)
class Moments:
    """Counts the moments at which a process can be broken off: before and after each call. at: the one at which it
    is."""

    at: int | None = None
    passed: int = 0

    def pass_one(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise BrokenOff

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **more: Any) -> Any:
            self.pass_one()
            answer = call(*args, **more)
            try:
                self.pass_one()
            except BrokenOff:
                if hasattr(answer, "close"):       # what a process that ends gives back to the system
                    answer.close()
                raise
            return answer

        return called


class Breakable:
    """Anything whose calls are such moments."""

    def __init__(self, inner: Any, moments: Moments) -> None:
        self._inner, self._moments = inner, moments

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._moments.around(found) if callable(found) else found


@dataclass(slots=True)
class MemoryTransport:
    """sent: what was carried away by key, in order. answers: called before each sending, may raise for it."""

    waiting: dict[str, bytes] = field(default_factory=dict)
    confirmed: dict[str, tuple[Outcome, str]] = field(default_factory=dict)
    sent: dict[UUID, Outgoing] = field(default_factory=dict)
    tried: list[UUID] = field(default_factory=list)
    answers: Callable[[Outgoing], None] = lambda packet: None

    def list(self) -> Sequence[Waiting]:
        return [Waiting(TransportId(name), name) for name in self.waiting]

    def fetch(self, item: TransportId) -> bytes:
        if item not in self.waiting:
            raise ItemGone(item=item)
        return self.waiting[item]

    def send(self, packet: Outgoing) -> Sent:
        self.tried.append(packet.key)
        self.answers(packet)
        before = self.sent.setdefault(packet.key, packet)
        assert before.content == packet.content, "one key, two packets"
        return Sent(TransportId(str(packet.key)), repeated=before is not packet)

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        if item not in self.waiting and item not in self.confirmed:
            raise ItemGone(item=item)
        self.waiting.pop(item, None)
        self.confirmed[item] = (outcome, reason)

    def round(self) -> AbstractContextManager[None]:
        return nullcontext()

    def directory(self) -> Sequence[Unit]:
        return ()
