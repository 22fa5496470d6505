"""What every way of carrying packets offers: list what waits, fetch it, send, confirm, name the units it knows.

A transport carries bytes. It reads no packet and knows no office; what it was given to send it sends at least once
under the same key, and what waits it hands out again and again until it is confirmed. Whoever receives stores first
and confirms then."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType, Protocol

from docclient.exchange.directory import Unit

TransportId = NewType("TransportId", str)
"""The transport's own name for an item; another thing than the packet's DocumentId. Keep both."""


class Message(StrEnum):
    """What an item carries, as far as its sender tells the transport."""

    DOCUMENT = "edoc"
    STATUS = "status"


class Outcome(StrEnum):
    """What became of an item at the receiver: the transport's own status, not the business status of the document."""

    DONE = "done"
    FAILED = "fail"


class Carries(StrEnum):
    """What an item's bytes are."""

    PACKET = "packet"
    MAIL = "mail"              # a whole message (RFC 5322); what it brings: docclient.exchange.mail_letter


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that can be fetched. size in bytes where the transport tells; since: aware, when it was there first."""

    id: TransportId
    name: str
    size: int | None = None
    since: datetime | None = None
    carries: Carries = Carries.PACKET


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A packet to be sent. key: sent again under the same key it is the same packet. recipients: agency codes."""

    key: uuid.UUID
    content: bytes = field(repr=False)
    message: Message
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """id: the transport's. repeated: it had been sent under this key before, and was not sent again."""

    id: TransportId
    repeated: bool = False


class Transport(Protocol):
    """One way of carrying packets. What its methods raise is a Trouble."""

    def list(self) -> Sequence[Waiting]:
        """What can be fetched now, oldest first. An item stays listed until it is confirmed."""
        ...

    def fetch(self, item: TransportId) -> bytes:
        """The packet's bytes; as often as asked. Raises ItemGone, ItemNotReadable."""
        ...

    def send(self, packet: Outgoing) -> Sent:
        """Carry a packet away. When it returns, the packet is safe with the transport."""
        ...

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        """Say what became of an item, once it is stored or refused; again is no fault. Raises ItemGone."""
        ...

    def round(self) -> AbstractContextManager[None]:
        """Within it a line may stay open from one call to the next; when it ends, none does."""
        ...

    def directory(self) -> Sequence[Unit]:
        """The units that this transport reaches, as far as it knows any."""
        ...
