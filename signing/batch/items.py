"""A document of a batch and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from signing.errors import Trouble
from signing.request import Filling, SignedFile, SigningRequest
from signing.stages import Prepared


class State(StrEnum):
    """Of one document.

    prepared: lacks nothing but the key's operation. signing: at the key. paused: the key is away (pulled out, its
    program dead, its service out of reach), the item waits for it; a batch may end so and be gone on with. signed: the
    key has signed, the result is not written yet. verified: written, read again, every signature in it sound, under its
    name. delivered: handed on, in batches that hand their results on.
    """

    WAITING = "waiting"
    PREPARED = "prepared"
    SIGNING = "signing"
    PAUSED = "paused"
    SIGNED = "signed"
    VERIFIED = "verified"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a batch. request: None takes the batch's own. title: what it is called where a person is asked
    for it (on a phone); its file's name without one. filling: number and date to be written into their fields in the
    same revision. prepared, value: what lies ready between the stages of an item that is not finished."""

    source: Path
    target: Path
    request: SigningRequest | None = None
    state: State = State.WAITING
    signed: SignedFile | None = None
    trouble: Trouble | None = None
    prepared: Prepared | None = None
    value: bytes | None = None
    title: str = ""
    filling: Filling | None = None

    @property
    def called(self) -> str:
        return self.title or self.source.name

    @property
    def finished(self) -> bool:
        """Nothing more happens to it, unless its batch hands results on: there a verified one is delivered yet."""
        return self.state in {State.VERIFIED, State.DELIVERED, State.FAILED, State.CANCELLED}


class BatchStore(Protocol):
    """Where the state of each item is kept; called before and after each step, from the batch's own thread."""

    def put(self, index: int, item: Item) -> None: ...


class InMemory:
    """A store that lasts as long as the program."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}

    def put(self, index: int, item: Item) -> None:
        self.items[index] = item


Progress = Callable[[int, int, Item], None]
"""Called with how many items are finished, how many there are, and the item that changed."""
