"""The signing queue: a truth per document, what may be signed, where to land next. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Self

from docclient.desk.signing_desk import Outcome, SigningResult
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.documents import QueuedForSigning
from ui.state.rows import ListRow, ago
from ui.texts import Texts


class Truth(StrEnum):
    """Of one document, as the person may rely on it. SIGNED: written, read again, accepted by the office; what the key
    has merely signed (WRITTEN) or what was merely read again (CHECKED) is not there yet. PAUSED: waits for the key."""

    WAITING = "waiting"
    PREPARED = "prepared"
    SIGNING = "signing"
    PAUSED = "paused"
    WRITTEN = "written"
    CHECKED = "checked"
    SIGNED = "signed"
    FAILED = "failed"
    RETURNED = "returned"          # sent back to its drafter


TONE_OF_TRUTH = {Truth.WAITING: None, Truth.PREPARED: "quiet", Truth.SIGNING: "news", Truth.PAUSED: "doubt",
                 Truth.WRITTEN: "news", Truth.CHECKED: "news", Truth.SIGNED: "good", Truth.FAILED: "bad",
                 Truth.RETURNED: "quiet"}
TRUTH_OF = {Outcome.WAITING: Truth.WAITING, Outcome.PREPARED: Truth.PREPARED, Outcome.SIGNING: Truth.SIGNING,
            Outcome.PAUSED: Truth.PAUSED, Outcome.SIGNED: Truth.WRITTEN, Outcome.VERIFIED: Truth.CHECKED,
            Outcome.RETURNED: Truth.SIGNED, Outcome.FAILED: Truth.FAILED, Outcome.CANCELLED: Truth.WAITING}
UNDER_WAY = frozenset({Truth.PREPARED, Truth.SIGNING, Truth.WRITTEN, Truth.CHECKED})


@dataclass(frozen=True, slots=True)
class QueueItem:
    """seen: the very bytes that will be signed have stood on the screen. why, advice: what went wrong, what to do."""

    queued: QueuedForSigning
    row: ListRow
    since: str
    truth: Truth = Truth.WAITING
    seen: bool = False
    why: str = ""
    advice: str = ""

    @property
    def id(self) -> DocumentId:
        return self.queued.document.id

    @property
    def open(self) -> bool:
        """Still to be decided on."""
        return self.truth in (Truth.WAITING, Truth.FAILED, Truth.PAUSED)

    def words(self, texts: Texts) -> str:
        if self.truth is Truth.WAITING:
            return texts("queue.seen" if self.seen else "queue.unseen")
        return texts(f"queue.{self.truth}")


@dataclass(frozen=True, slots=True)
class QueueView:
    """Items in the office's order; those dealt with during this visit stay, so that their truth can be read."""

    items: tuple[QueueItem, ...] = ()

    @classmethod
    def of(cls, queued: Sequence[QueuedForSigning], before: QueueView, today: date, texts: Texts) -> Self:
        """The queue as the office has it now, with what this visit knows of each document."""
        known = {item.id: item for item in before.items}
        fresh = []
        for each in queued:
            item = QueueItem(each, ListRow.of(each.document, today, texts), ago(each.since, today, texts))
            old = known.pop(each.document.id, None)
            if old is not None and old.queued.file == each.file:        # the same bytes: what was seen stays seen
                truth = Truth.WAITING if old.truth in (Truth.SIGNED, Truth.RETURNED) else old.truth
                item = replace(item, seen=old.seen, truth=truth, why=old.why, advice=old.advice)
            fresh.append(item)
        done = tuple(item for item in known.values()
                     if item.truth in (Truth.SIGNED, Truth.RETURNED) or item.truth in UNDER_WAY)
        return cls((*fresh, *done))

    def item(self, document: DocumentId | None) -> QueueItem | None:
        return next((item for item in self.items if item.id == document), None)

    def with_item(self, document: DocumentId, change: Callable[[QueueItem], QueueItem]) -> QueueView:
        return QueueView(tuple(change(item) if item.id == document else item for item in self.items))

    def seen(self, document: DocumentId, file: Digest) -> QueueView:
        """The viewer has shown these bytes of this document."""
        return self.with_item(document, lambda item: replace(item, seen=True) if item.queued.file == file else item)

    def told(self, result: SigningResult, texts: Texts) -> QueueView:
        words = texts.trouble(result.trouble) if result.trouble is not None else None
        return self.with_item(result.document, lambda item: replace(
            item, truth=TRUTH_OF[result.outcome], why=words.sentence if words else "",
            advice=words.advice if words else ""))

    def returned(self, document: DocumentId) -> QueueView:
        return self.with_item(document, lambda item: replace(item, truth=Truth.RETURNED, why="", advice=""))

    @property
    def waiting(self) -> tuple[QueueItem, ...]:
        return tuple(item for item in self.items if item.open)

    @property
    def to_sign(self) -> tuple[QueueItem, ...]:
        """What may be signed together: waiting and seen. What nobody has looked at is never signed."""
        return tuple(item for item in self.items if item.open and item.seen)

    def next_after(self, document: DocumentId | None) -> DocumentId | None:
        """The next one that waits, after this one and round to the beginning; None when none does."""
        places = [item.id for item in self.items]
        start = places.index(document) + 1 if document in places else 0
        for item in (*self.items[start:], *self.items[:start]):
            if item.open and item.id != document:
                return item.id
        mine = self.item(document)
        return mine.id if mine is not None and mine.open else None

    def headline(self, texts: Texts) -> str:
        waiting, signed = len(self.waiting), sum(item.truth is Truth.SIGNED for item in self.items)
        if not waiting:
            return texts("queue.all_done", signed=signed) if signed else texts("queue.nothing")
        return texts("queue.waiting_signed", waiting=waiting, signed=signed) if signed else texts(
            "queue.waiting_only", waiting=waiting)
