"""Going on with a batch after a kill, a power cut or a pulled token."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from signing.batch.items import Item, Progress, State
from signing.batch.key_life import Revive
from signing.batch.pipeline import Bring, Hand, sign_batch
from signing.batch.store import FolderStore
from signing.errors import BadInput, NotAllowed, WrongUse
from signing.keys import Key

OF_THE_DOCUMENT = (BadInput, WrongUse, NotAllowed)
"""Trying again changes nothing about these; key, service and place may be well again."""


def resume(folder: Path, key: Key | None, *, progress: Progress | None = None, stop: threading.Event | None = None,
           bring: Bring | None = None, deliver: Hand | None = None, children: int | None = None,
           revive: Revive | None = None) -> Sequence[Item]:
    """Go on with the batch in `folder`, with a key unlocked once more.

    Nothing is signed twice: a result that lies under its name and is sound is taken; a signature that the key gave and
    that was written down is completed. One thing cannot be known: a signature that the key made in the moment of a
    kill, before it was written down. It is in no file, and its document is signed again.
    What failed for the document's own sake stays failed; the rest is tried again. Arguments as for `sign_batch`.
    Raises: FileNotReadable (no batch there), BatchBusy, BatchUnreadable, FolderNotWritable.
    """
    with FolderStore.open(folder) as store:
        items = [again(item, delivers=deliver is not None) for item in store.items]
        return sign_batch(items, key, store.request, store=store, progress=progress, stop=stop, bring=bring,
                          deliver=deliver, children=children, revive=revive)


def again(item: Item, *, delivers: bool) -> Item:
    """An item of an earlier run, as it enters the next. delivers: a verified one is looked at once more."""
    match item.state:
        case State.DELIVERED:
            return item
        case State.VERIFIED if not delivers:
            return item
        case State.FAILED if isinstance(item.trouble, OF_THE_DOCUMENT):
            return item
        case State.FAILED | State.CANCELLED | State.PAUSED | State.WAITING:
            return replace(item, state=State.WAITING, trouble=None)
        case _:
            return replace(item, state=State.WAITING)
