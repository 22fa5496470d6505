"""Many PDFs, one key: a truth per document. The key is unlocked once; one failure never stops the others.

Only a trouble that says so (a refused PIN: another try may lock the token) ends the batch. States are kept by a
`BatchStore`, so that a batch can live on disk and go on later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from signing.errors import Trouble
from signing.keys import Key
from signing.sign import SignedFile, SigningRequest, sign_pdf


class State(StrEnum):
    """Of one document. `verified` means: signed, written, read again, and every signature in it sound."""

    WAITING = "waiting"
    SIGNING = "signing"
    VERIFIED = "verified"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Item:
    """One document of a batch. request: None takes the batch's own."""

    source: Path
    target: Path
    request: SigningRequest | None = None
    state: State = State.WAITING
    signed: SignedFile | None = None
    trouble: Trouble | None = None

    @property
    def finished(self) -> bool:
        return self.state in {State.VERIFIED, State.FAILED, State.CANCELLED}


class BatchStore(Protocol):
    """Where the state of each item is kept; called before and after each step, from the batch's thread."""

    def put(self, index: int, item: Item) -> None: ...


class InMemory:
    """A store that lasts as long as the program."""

    def __init__(self) -> None:
        self.items: dict[int, Item] = {}

    def put(self, index: int, item: Item) -> None:
        self.items[index] = item


Progress = Callable[[int, int, Item], None]
"""Called with how many items are finished, how many there are, and the item that changed."""

Signs = Callable[[Path, Path, Key, SigningRequest], SignedFile]


def sign_batch(items: Iterable[Item], key: Key, request: SigningRequest, *, store: BatchStore | None = None,
               progress: Progress | None = None, stop: threading.Event | None = None,
               signs: Signs = sign_pdf) -> Sequence[Item]:
    """Sign every item that is not finished yet, in order; the finished ones are left as they are.

    Args:
        stop: set by another thread; the document at the key is finished, the rest become cancelled.
        signs: what is done with one document; `sign_pdf` unless each needs more (number, date and seal).
    Returns: all items with their final state. Raises nothing for a document's trouble: that stands in its item.
    """
    batch = list(items)
    keep = store or InMemory()
    ended: Trouble | None = None

    def put(index: int, item: Item) -> None:
        batch[index] = item
        keep.put(index, item)
        if progress is not None:
            progress(sum(1 for one in batch if one.finished), len(batch), item)

    for index, item in enumerate(batch):
        if item.finished:
            continue
        if ended is not None or (stop is not None and stop.is_set()):
            put(index, replace(item, state=State.CANCELLED, trouble=ended))
            continue
        put(index, replace(item, state=State.SIGNING))
        try:
            signed = signs(item.source, item.target, key, item.request or request)
        except CancelledError:
            put(index, replace(item, state=State.CANCELLED))
        except Trouble as trouble:
            put(index, replace(item, state=State.FAILED, trouble=trouble))
            ended = trouble if trouble.stops_batch else None
        else:
            put(index, replace(item, state=State.VERIFIED, signed=signed))
    return batch
