"""`docclient sign --keep DIR` and `--go-on DIR`: a batch that outlives the program.

The folder holds what is to be done and what has happened, no PIN and no key. It goes away when nothing is left to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from docclient.errors import WrongUse
from signing.batch import BatchStore, FolderStore, InMemory, Item, State, again
from signing.sign import SigningRequest


class NothingToSign(WrongUse):
    """Neither files with a folder for the results were named, nor a batch to go on with; or both were."""

    code = "sign.nothing_to_sign"


@dataclass(frozen=True, slots=True)
class Signing:
    """What one run of the command works on. kept: the batch's folder, None where nothing is kept."""

    items: Sequence[Item]
    request: SigningRequest
    store: BatchStore
    kept: Path | None


@contextmanager
def kept(items: Sequence[Item], request: SigningRequest, keep: Path | None) -> Iterator[Signing]:
    """A new batch, in the folder `keep` if one is named. Raises: BatchBusy, BatchUnreadable (one lies there),
    FolderNotWritable, DiskFull."""
    if keep is None:
        yield Signing(items, request, InMemory(), None)
        return
    with FolderStore.create(keep, items, request) as store:
        for index, item in enumerate(items):
            if item.finished:     # refused before it began: it stays so
                store.put(index, item)
        try:
            yield Signing(items, request, store, keep)
        except BaseException:
            if all(item.state in {State.WAITING, State.FAILED} for item in store.items):
                store.remove()      # no document was begun: a wrong PIN, a certificate that is not used
            raise
        _take_away(store)


@contextmanager
def taken_up(folder: Path) -> Iterator[Signing]:
    """The batch in `folder` as far as it came; what is finished is looked at once more, so that its result can be told.
    Raises: FileNotReadable (no batch there), BatchBusy, BatchUnreadable, FolderNotWritable."""
    with FolderStore.open(folder) as store:
        items = [again(item, delivers=item.prepared is not None) for item in store.items]
        yield Signing(items, store.request, store, folder)
        _take_away(store)


def _take_away(store: FolderStore) -> None:
    if not any(item.state in {State.PAUSED, State.CANCELLED} for item in store.items):
        store.remove()
