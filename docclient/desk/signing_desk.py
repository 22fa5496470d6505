"""Sign what is queued, number and seal what is signed: the office's documents and a person's or the agency's key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file, workplace
from docclient.errors import Trouble
from docclient.office.commands.issuing import NumberOutgoing, SealOutgoing
from docclient.office.commands.outgoing import SignOutgoing
from docclient.office.door import Office, Receipt
from docclient.office.errors import NotNow
from docclient.office.model import Digest, DocumentId, State
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.documents import QueuedForSigning
from docclient.office.queries.office import MySignaturePicture, PictureView, SealPicture
from signing.batch import Item, sign_batch
from signing.batch import State as ItemState
from signing.keys import Key
from signing.sign import Role, SigningRequest, fill_and_seal


class Outcome(StrEnum):
    """Of one queued document. RETURNED: signed, checked by reading it again, and accepted by the office."""

    WAITING = "waiting"
    SIGNING = "signing"
    RETURNED = "returned"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SigningResult:
    """The truth about one document of a batch; trouble: why it failed."""

    document: DocumentId
    outcome: Outcome
    receipt: Receipt | None = None
    trouble: Trouble | None = None


SigningProgress = Callable[[int, int, SigningResult], None]


def unwatched(done: int, total: int, result: SigningResult) -> None:
    """Progress that nobody watches."""


def sign_queued(office: Office, queued: Sequence[QueuedForSigning], key: Key, *, progress: SigningProgress = unwatched,
                stop: threading.Event | None = None) -> list[SigningResult]:
    """Sign queued documents with one key, each for itself: one that fails does not hold up the others, unless the
    trouble says so (a refused PIN). What is signed is the digest that was queued, and nothing else."""
    with workplace() as folder:
        request = SigningRequest(role=Role.PERSONAL, image=picture(office, office.ask(MySignaturePicture()), folder),
                                 trust=trust_of(office))
        places = [folder / f"{number}.pdf" for number in range(len(queued))]
        by_source = dict(zip(places, queued, strict=True))
        receipts: dict[Path, Receipt] = {}

        def bring(item: Item) -> None:
            fetch_file(office, by_source[item.source].file, item.source)

        def deliver(item: Item) -> None:
            wanted = by_source[item.source]
            digest = put_file(office, item.target)
            receipts[item.source] = office.do(
                SignOutgoing(wanted.document.id, wanted.document.version, wanted.file, digest),
                key=f"sign:{wanted.document.id}:{wanted.document.version}:{digest}")
            item.source.unlink()
            item.target.unlink()

        def told(done: int, total: int, item: Item) -> None:
            progress(done, total, result_of(item, by_source[item.source], receipts.get(item.source)))

        items = sign_batch([Item(place, place.with_suffix(".signed.pdf")) for place in places], key, request,
                           progress=told, stop=stop, bring=bring, deliver=deliver)
    return [result_of(item, by_source[item.source], receipts.get(item.source)) for item in items]


OUTCOMES = {ItemState.WAITING: Outcome.WAITING, ItemState.PREPARED: Outcome.WAITING,
            ItemState.SIGNING: Outcome.SIGNING, ItemState.SIGNED: Outcome.SIGNING, ItemState.VERIFIED: Outcome.SIGNING,
            ItemState.DELIVERED: Outcome.RETURNED, ItemState.FAILED: Outcome.FAILED,
            ItemState.CANCELLED: Outcome.CANCELLED}


def result_of(item: Item, queued: QueuedForSigning, receipt: Receipt | None) -> SigningResult:
    return SigningResult(queued.document.id, OUTCOMES[item.state], receipt, item.trouble)


def number_and_seal(office: Office, document: DocumentId, key: Key) -> Receipt:
    """Take the number, write number and date into their fields and seal, in one revision.

    If sealing fails, the number stays with the document; giving this act again seals it under that same number.
    Raises: NotNow, what the office and the signer raise.
    """
    view = office.ask(DocumentPage(document))
    if view.document.state is State.SIGNED:
        office.do(NumberOutgoing(document, view.document.version), key=f"number:{document}")
        view = office.ask(DocumentPage(document))
    if view.document.state is not State.NUMBERED:
        raise NotNow(command="SealOutgoing", state=view.document.state.value)
    with workplace() as folder:
        return seal_numbered(office, view, key, folder)


def seal_numbered(office: Office, view: DocumentView, key: Key, folder: Path) -> Receipt:
    document, main = view.document, view.main_file()
    assert main is not None and document.code_number is not None and document.issued_date is not None
    source = fetch_file(office, main.current.digest, folder / "signed.pdf")
    target = folder / "sealed.pdf"
    request = SigningRequest(role=Role.AGENCY, image=picture(office, office.ask(SealPicture()), folder),
                             trust=trust_of(office))
    fill_and_seal(source, target, key, number=document.code_number, issued=document.issued_date, request=request)
    sealed = put_file(office, target)
    return office.do(SealOutgoing(document.id, document.version, main.current.digest, sealed),
                     key=f"seal:{document.id}:{document.version}:{sealed}")


def picture(office: Office, view: PictureView, folder: Path) -> Path | None:
    """The picture a signature shows, as a file; None when the office has none."""
    return None if view.digest is None else fetch_file(office, Digest(view.digest), folder / f"{view.digest}.png")
