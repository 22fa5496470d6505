"""What becomes of each document of a batch that is signed or sealed at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from docclient.errors import Trouble
from docclient.office.door import Receipt
from docclient.office.model import DocumentId
from signing.batch import Item
from signing.batch import State as ItemState


class Outcome(StrEnum):
    """Of one document. PREPARED: lacks the key's operation only. PAUSED: waits for the key to come back. SIGNED: the
    key has signed. VERIFIED: written and every signature checked by reading it again. RETURNED: accepted by the office
    as well; nothing before that is done."""

    WAITING = "waiting"
    PREPARED = "prepared"
    SIGNING = "signing"
    PAUSED = "paused"
    SIGNED = "signed"
    VERIFIED = "verified"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SigningResult:
    """The truth about one document of a batch; trouble: why it failed, or waits. receipt: None also for what an earlier
    run gave to the office."""

    document: DocumentId
    outcome: Outcome
    receipt: Receipt | None = None
    trouble: Trouble | None = None


SigningProgress = Callable[[int, int, SigningResult], None]


def unwatched(done: int, total: int, result: SigningResult) -> None:
    """Progress that nobody watches."""


OUTCOMES = {ItemState.WAITING: Outcome.WAITING, ItemState.PREPARED: Outcome.PREPARED,
            ItemState.SIGNING: Outcome.SIGNING, ItemState.PAUSED: Outcome.PAUSED, ItemState.SIGNED: Outcome.SIGNED,
            ItemState.VERIFIED: Outcome.VERIFIED, ItemState.DELIVERED: Outcome.RETURNED,
            ItemState.FAILED: Outcome.FAILED, ItemState.CANCELLED: Outcome.CANCELLED}


def result_of(item: Item, document: DocumentId, receipt: Receipt | None) -> SigningResult:
    return SigningResult(document, OUTCOMES[item.state], receipt, item.trouble)
