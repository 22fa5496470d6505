"""The batch itself: documents are made ready and checked around the key, which is used for one at a time, in order.

Three parties: the crew prepares and completes; the key's thread does nothing but sign, and waits for the key when it is
gone; the caller's thread moves the items between them, writes every state down and tells the progress.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue
from uuid import uuid4

from signing.batch.crew import Crew, Result, children_for
from signing.batch.items import BatchStore, InMemory, Item, Progress, State
from signing.batch.jobs import Complete, Prepare, TakeUp
from signing.batch.key_life import (
    KeyGone,
    OtherKey,
    Revive,
    expect,
    pauses,
    same_twice,
    sign_all,
    takes_at_once,
)
from signing.batch.store import FolderStore
from signing.certificates import certificate_facts
from signing.errors import DiskFull, Trouble
from signing.keys import Key
from signing.request import SignedFile, SigningRequest
from signing.stages import KeyFacts, Prepared

AHEAD = 8
"""Documents in hand at once; the others wait, so that a batch of any length takes the same memory and disk."""

Event = tuple[str, int, Result | bytes | Exception]
Hand = Callable[[Item], None]
Bring = Callable[[Item], Item | None]
Task = tuple[int, Prepared, str]
"""An item at the key: its index, what lies ready, what it is called."""


def sign_batch(items: Iterable[Item], key: Key | None, request: SigningRequest, *, store: BatchStore | None = None,
               progress: Progress | None = None, stop: threading.Event | None = None, bring: Bring | None = None,
               deliver: Hand | None = None, children: int | None = None,
               revive: Revive | None = None) -> Sequence[Item]:
    """Sign every item that is not finished yet; the key takes them in order. The finished ones are left as they are.

    When the key is gone (token pulled out, its module dead, its service out of reach), the item at the key becomes
    paused and the others go on as far as they can without it. With `revive` the batch then waits for the key; without
    it, or when that gives none, the batch ends, and what is not signed stays paused: not failed, to be gone on with.

    Args:
        key: None finishes and hands on what is signed already; the rest is left paused.
        stop: set by another thread; the document at the key is finished, the rest become cancelled.
        bring: called before an item is prepared, to put its source there; what only then is known of the item (its
            filling) comes back in a new one.
        deliver: hands a verified item on; after that it is `delivered`. It must bear being called twice for an item
            when the program ended in between. Both are called from this thread; their Trouble fails the item.
        children: processes to prepare and check in; without it as many as this machine and this batch are worth.
        revive: see `signing.batch.key_life.Revive`.
    Returns: all items with their final state. Raises nothing for a document's trouble: that stands in its item.
    Raises: what `store` raises when a step cannot be written down; nothing more is signed then.
    """
    run = _Run(list(items), key, request, store or InMemory(), progress, stop or threading.Event(), bring, deliver,
               revive)
    return run.through(children)


class _Run:
    def __init__(self, items: list[Item], key: Key | None, request: SigningRequest, store: BatchStore,
                 progress: Progress | None, stop: threading.Event, bring: Bring | None, deliver: Hand | None,
                 revive: Revive | None) -> None:
        self.items, self.key, self.request, self.revive = items, key, request, revive
        self.store, self.progress, self.stop, self.bring, self.deliver = store, progress, stop, bring, deliver
        self.facts = KeyFacts.of(key) if key is not None else None
        run = uuid4().hex[:8]
        self.part_name = f"{store.name}-{run}" if isinstance(store, FolderStore) else run
        self.ended: Trouble | None = None     # nothing more is signed: the rest is cancelled
        self.gone: Trouble | None = KeyGone() if key is None else None    # the same, but the rest is left paused
        self.refused: Exception | None = None   # what the key said to the document before
        self.abandoned = False
        todo = [index for index, item in enumerate(items) if not self.is_finished(item)]
        self.done = len(items) - len(todo)
        self.expected = sum(items[index].value is None for index in todo)
        self.waiting, self.order = deque(todo), deque(todo)
        self.open: set[int] = set()       # taken in hand and not finished
        self.ready: set[int] = set()      # prepared by this run, not at the key yet
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.at_the_key: SimpleQueue[list[Task] | None] = SimpleQueue()
        self.gathered: list[Task] = []    # for one confirmation
        self.at_once = takes_at_once(key) if key is not None else 1
        self.ahead = max(AHEAD, self.at_once)

    def is_finished(self, item: Item) -> bool:
        return item.finished and not (item.state is State.VERIFIED and self.deliver is not None)

    @property
    def halted(self) -> bool:
        return self.ended is not None or self.gone is not None or self.abandoned or self.stop.is_set()

    def through(self, children: int | None) -> list[Item]:
        if not self.waiting:
            return self.items
        wanted = children_for(len(self.waiting)) if children is None else children
        signer = threading.Thread(target=self.use_the_key, name="key", daemon=True)
        signer.start()
        try:
            held = (self.store.held,) if isinstance(self.store, FolderStore) else ()
            with Crew(self.request, self.worked, wanted, held) as crew:
                self.crew = crew
                while self.begin_more():
                    self.handle(*self.events.get())
        finally:
            self.abandoned = True
            self.at_the_key.put(None)
            signer.join()
            self.save_what_is_signed()
        return self.items

    def save_what_is_signed(self) -> None:
        """Whatever ended the batch before its time: what the key has given until then is not lost."""
        while not self.events.empty():
            kind, index, content = self.events.get()
            if kind == "signed" and isinstance(content, bytes):
                self.items[index] = item = replace(self.items[index], state=State.SIGNED, value=content)
                with suppress(Exception):
                    self.store.put(index, item)
        for index in self.open:
            self.throw_away(self.items[index])

    def worked(self, index: int, result: Result | Exception) -> None:
        self.events.put(("worked", index, result))

    def use_the_key(self) -> None:
        """The key's thread."""
        left = self.expected
        if self.key is not None:
            expect(self.key, left)
        while (tasks := self.at_the_key.get()) is not None:
            while not self.signed_or_given_up(tasks):
                if self.key is not None:
                    expect(self.key, left)
            left -= len(tasks)

    def signed_or_given_up(self, tasks: list[Task]) -> bool:
        """One use of the key. False: the key was gone and is here again, so these are still to be signed."""
        if self.halted or self.key is None:
            self.tell("passed", tasks, None)
            return True
        self.tell("signing", tasks, None)
        try:
            values = sign_all(self.key, [prepared for _, prepared, _ in tasks], [title for *_, title in tasks])
        except Exception as error:   # told to the batch's thread, which decides
            if pauses(error) or same_twice(self.refused, error):
                assert isinstance(error, Trouble)
                self.tell("paused", tasks, error)
                self.refused = None
                self.key = self.revived(error)
                return False
            self.refused = error
            if isinstance(error, Trouble) and error.stops_batch:
                self.ended = error
            self.tell("refused", tasks, error)
        else:
            self.refused = None
            for (index, *_), value in zip(tasks, values, strict=True):
                self.events.put(("signed", index, value))
        return True

    def tell(self, kind: str, tasks: list[Task], content: Exception | None) -> None:
        for index, *_ in tasks:
            self.events.put((kind, index, content))

    def revived(self, trouble: Trouble) -> Key | None:
        """The key, back again; without it the batch is over for now."""
        key = None
        with suppress(CancelledError):
            try:
                if self.revive is not None and not self.halted:
                    key = self.revive(trouble)
            except Trouble as error:
                trouble = error
        if key is not None and self.facts is not None and key.certificate != self.facts.certificate:
            trouble = OtherKey(wanted=certificate_facts(self.facts.certificate).fingerprint,
                               given=certificate_facts(key.certificate).fingerprint)
            key = None
        if key is None:
            self.gone = trouble
        return key

    def begin_more(self) -> bool:
        """Take in hand what may be; False when nothing is left to do."""
        while self.waiting and (self.halted or len(self.open) < self.ahead):
            index = self.waiting.popleft()
            self.open.add(index)
            item = self.items[index]
            if item.prepared is not None:
                self.crew.submit(index, TakeUp(item.prepared, item.value), item.request)
            elif self.halted:
                self.cancel(index)
            else:
                self.prepare(index)
        return bool(self.open)

    def prepare(self, index: int) -> None:
        item = self.items[index]
        try:
            if self.bring is not None:
                self.items[index] = item = self.bring(item) or item
        except Trouble as trouble:
            self.fail(index, trouble)
            return
        assert self.facts is not None
        part = f".{item.target.name[:40]}.{self.part_name}-{index}.part"
        durable = isinstance(self.store, FolderStore)   # else nobody takes it up again
        self.crew.submit(index, Prepare(item.source, item.target, self.facts, part, durable, item.filling),
                         item.request)

    def handle(self, kind: str, index: int, content: Result | bytes | Exception) -> None:
        item = self.items[index]
        match kind, content:
            case "signing", _:
                self.put(index, replace(item, state=State.SIGNING, trouble=None))
            case "paused", Trouble():
                self.put(index, replace(item, state=State.PAUSED, trouble=content))
            case "signed", bytes():
                self.put(index, replace(item, state=State.SIGNED, value=content))
                assert item.prepared is not None
                self.crew.submit(index, Complete(item.prepared, content), item.request)
            case "passed", _:
                self.cancel(index)
            case "refused", CancelledError():
                self.cancel(index)
            case _, Trouble():
                self.fail(index, content)
            case _, Exception():
                raise content
            case _, Prepared() if self.halted:
                self.items[index] = replace(item, prepared=content)
                self.cancel(index)
            case _, Prepared():
                self.put(index, replace(item, state=State.PREPARED, prepared=content))
                self.ready.add(index)
                self.line_up()
            case _, SignedFile():
                self.verified(index, content)
            case _:
                self.left_behind(index)

    def line_up(self) -> None:
        """Whatever is next in order and ready goes to the key."""
        while self.order:
            index = self.order[0]
            prepared = self.items[index].prepared
            if index in self.ready and prepared is not None:
                self.ready.discard(index)
                self.gathered.append((index, prepared, self.items[index].called))
            elif index in self.open or index in self.waiting:
                break   # a later one waits, however ready it is
            self.order.popleft()
            self.hand_to_the_key()
        self.hand_to_the_key()

    def hand_to_the_key(self) -> None:
        """As many as the key takes at once; fewer at the end."""
        if self.gathered and (len(self.gathered) >= self.at_once or not self.order):
            self.at_the_key.put(self.gathered)
            self.gathered = []

    def left_behind(self, index: int) -> None:
        """An earlier run has left nothing of use: prepared anew, unless it was finished as far as this batch goes."""
        item = replace(self.items[index], state=State.WAITING, prepared=None, value=None)
        self.put(index, item)
        if self.halted:
            self.cancel(index)
        else:
            self.prepare(index)

    def verified(self, index: int, signed: SignedFile) -> None:
        item = replace(self.items[index], state=State.VERIFIED, signed=signed, trouble=None, value=None)
        if self.deliver is None:
            self.finish(index, item)
            return
        self.put(index, item)
        try:
            self.deliver(item)
        except Trouble as trouble:
            self.fail(index, trouble)
        else:
            self.finish(index, replace(item, state=State.DELIVERED))

    def cancel(self, index: int) -> None:
        item = self.items[index]
        self.throw_away(item)
        if self.gone is not None and self.ended is None:
            self.open.discard(index)
            self.put(index, replace(item, state=State.PAUSED, trouble=self.gone, prepared=None, value=None))
            self.line_up()
            return
        self.finish(index, replace(item, state=State.CANCELLED, trouble=self.ended, prepared=None, value=None))

    def fail(self, index: int, trouble: Trouble) -> None:
        item = self.items[index]
        self.throw_away(item)
        self.finish(index, replace(item, state=State.FAILED, trouble=trouble, value=None))
        if trouble.stops_batch and self.ended is None:
            self.ended = trouble

    def throw_away(self, item: Item) -> None:
        if item.prepared is not None and item.value is None:
            item.prepared.discard()

    def finish(self, index: int, item: Item) -> None:
        self.open.discard(index)
        self.done += 1
        self.put(index, item)
        self.line_up()

    def put(self, index: int, item: Item) -> None:
        self.items[index] = item
        self.store.put(index, item)
        if isinstance(self.store, FolderStore) and self.store.on_reserve and self.gone is None:
            self.gone = DiskFull(folder=str(self.store.folder))     # what is in hand is finished, nothing new is begun
        if self.progress is not None:
            self.progress(self.done, len(self.items), item)
