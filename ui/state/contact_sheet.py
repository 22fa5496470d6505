"""The contact sheet of a round: each document with the place of its signature, before any PIN. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from docclient.desk.contact_sheet import QueuedPlan
from docclient.office.model import DocumentId
from docclient.office.queries.documents import QueuedForSigning
from ui.state.queue import QueueItem
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class SheetItem:
    """plan: None until it is known. left_out: the person does not sign it this time."""

    queued: QueuedForSigning
    kind: str
    subject: str
    plan: QueuedPlan | None = None
    left_out: bool = False

    @property
    def id(self) -> DocumentId:
        return self.queued.document.id

    @property
    def hopeless(self) -> bool:
        """It cannot be signed at all; trying would only fail."""
        return self.plan is not None and self.plan.trouble is not None

    @property
    def doubtful(self) -> bool:
        return self.plan is not None and self.plan.doubtful

    @property
    def to_sign(self) -> bool:
        return not self.left_out and not self.hopeless

    @property
    def tone(self) -> str:
        if self.left_out or self.plan is None:
            return "quiet"
        return "bad" if self.hopeless else "doubt" if self.doubtful else "good"

    def word(self, texts: Texts) -> str:
        """One or two words under the picture."""
        if self.left_out:
            return texts("places_sheet.left_out")
        if self.plan is None:
            return texts("places_sheet.waiting")
        if self.hopeless:
            return texts("places_sheet.not_plannable")
        said = self.warnings(texts)
        if said:
            return said[0]
        return texts("places_sheet.moved" if self.plan.place is not None else "places_sheet.fine")

    def warnings(self, texts: Texts) -> tuple[str, ...]:
        """What is doubtful about the place, as sentences; why it cannot be signed."""
        if self.plan is None:
            return ()
        if self.plan.trouble is not None:
            words = texts.trouble(self.plan.trouble)
            return tuple(part for part in (words.sentence, words.advice) if part)
        assert self.plan.plan is not None
        return tuple(texts(f"spot_warning.{warning.value}") for warning in self.plan.plan.warnings)

    def spoken(self, texts: Texts) -> str:
        page = self.plan.plan.page if self.plan is not None and self.plan.plan is not None else None
        parts = [f"{self.kind}: {self.subject}.", texts("places_sheet.place", page=page) + "." if page else "",
                 self.word(texts) + ".", *self.warnings(texts)[1:]]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Sheet:
    """In the order of the queue: who goes through it finds each document where the list had it."""

    items: tuple[SheetItem, ...]

    @classmethod
    def of(cls, items: Sequence[QueueItem], plan_of: Callable[[QueuedForSigning], QueuedPlan | None]) -> Self:
        return cls(tuple(SheetItem(item.queued, item.row.kind, item.row.subject, plan_of(item.queued))
                         for item in items))

    def planned(self, plan_of: Callable[[QueuedForSigning], QueuedPlan | None]) -> Sheet:
        """With what is known by now."""
        return Sheet(tuple(replace(item, plan=plan_of(item.queued)) for item in self.items))

    def item(self, document: DocumentId | None) -> SheetItem | None:
        return next((item for item in self.items if item.id == document), None)

    def turned(self, document: DocumentId) -> Sheet:
        """Left out, or taken in again."""
        return Sheet(tuple(replace(item, left_out=not item.left_out) if item.id == document else item
                           for item in self.items))

    @property
    def looked_at(self) -> int:
        """How many places are known."""
        return sum(item.plan is not None for item in self.items)

    @property
    def complete(self) -> bool:
        return self.looked_at == len(self.items)

    @property
    def doubtful(self) -> int:
        return sum(item.doubtful for item in self.items)

    @property
    def to_sign(self) -> tuple[DocumentId, ...]:
        return tuple(item.id for item in self.items if item.to_sign)

    @property
    def first_doubtful(self) -> DocumentId | None:
        return next((item.id for item in self.items if item.doubtful), None)

    def headline(self, texts: Texts) -> str:
        if not self.complete:
            return texts("places_sheet.looking", done=self.looked_at, total=len(self.items))
        code = "places_sheet.count_warned" if self.doubtful else "places_sheet.count_good"
        return texts(code, count=len(self.items), warned=self.doubtful)
