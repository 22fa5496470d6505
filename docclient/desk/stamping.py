"""Time-stamps for documents of the office that were signed without: fetched, stamped, given back, each for itself.

Called by a window in the background, or by whoever keeps the office. What can never be stamped is set aside on this
machine with its reason; a service that is away ends the pass, and the rest waits for the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from platformdirs import user_data_path

from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file, workplace
from docclient.errors import Trouble
from docclient.office.commands.stamping import AddStamp
from docclient.office.door import Office
from docclient.office.errors import StaleDocument
from docclient.office.model import DocumentId, State
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.stamps import StampDue, StampsDue
from docclient.time_stamping import StampWish
from signing.late_stamps import add_document_stamp
from signing.levels import Level
from signing.order import Role
from signing.request import SigningRequest
from signing.stamp_queue import Due, StampQueue
from signing.timestamps import NoTimestamp
from signing.trust import TrustStore

SEALED = frozenset({State.SEALED, State.ISSUED, State.CORRECTED, State.REPLACED})
"""A stamp over the sealed document proves both signatures at once, and does not come between the clerk and the seal."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """What came of one document. level: reached, when a stamp came. trouble: why none did, or why it is set aside."""

    document: DocumentId
    level: Level | None = None
    trouble: Trouble | None = None


def with_stamps(request: SigningRequest, wish: StampWish) -> SigningRequest:
    """A request for an office signature at the level wanted; a signature is never lost for want of a stamp.

    A personal signature gets no archive stamp of its own: number and seal follow, and the seal's covers both.
    """
    if wish.services is None or wish.level is Level.B_B:
        return request
    level = Level.B_LT if wish.level is Level.B_LTA and request.role is Role.PERSONAL else wish.level
    return replace(request, level=level, stamps=wish.services, stamp_later=True)


def queue_of_office(office: Office) -> StampQueue:
    """This person's own on this machine; persons' identities are unique over all offices."""
    return StampQueue(user_data_path("docclient", appauthor=False) / "stamps-of-offices" / office.me.person)


def stamp_due_documents(office: Office, wish: StampWish, queue: StampQueue, *, stop: threading.Event | None = None,
                        progress: Callable[[int, int], None] | None = None, unsealed_too: bool = False,
                        all_now: bool = False) -> tuple[Stamped, ...]:
    """Stamp what is due; waits for services and for the network.

    Args:
        queue: where tries, waiting times and reasons are kept, one for each office and person.
        unsealed_too: also what waits for its number and seal yet.
        all_now: also what was tried a moment ago (a person asked).
    Raises: StampQueueBusy, FolderNotWritable, DiskFull.
    """
    if wish.services is None or wish.level is Level.B_B:
        return ()
    due = {f"{each.document} {each.file}": each for each in office.ask(StampsDue(wish.level))
           if unsealed_too or each.state in SEALED}
    for entry in queue.entries():
        if entry.key not in due:
            queue.remove(entry.key)   # stamped elsewhere, or another version came
    for key, each in due.items():
        queue.add(key, file=each.document)
    found: list[Stamped] = []
    ended = _Ended(stop or threading.Event())
    trust = trust_of(office)
    reached: dict[str, Level] = {}

    def work(entry: Due) -> bool:
        try:
            with workplace() as folder:
                whole, reached[entry.key] = _stamp(office, due[entry.key], wish, trust, folder)
                return whole
        except StaleDocument:
            return False   # somebody worked on it meanwhile; it is looked at again
        except NoTimestamp:
            ended.set()
            raise

    def told(entry: Due, _finished: bool) -> None:
        found.append(Stamped(due[entry.key].document, reached.get(entry.key), entry.trouble))
        if progress is not None:
            progress(len(found), len(due))

    queue.work_through(work, told=told, stop=ended, all_now=all_now)
    return tuple(found)


def _stamp(office: Office, due: StampDue, wish: StampWish, trust: TrustStore, folder: Path) -> tuple[bool, Level]:
    assert wish.services is not None
    source = fetch_file(office, due.file, folder / "signed.pdf")
    stamped = add_document_stamp(source, folder / "stamped.pdf", wish.services, trust, level=wish.level)
    if stamped.added:
        version = office.ask(DocumentPage(due.document)).document.version
        digest = put_file(office, stamped.target)
        office.do(AddStamp(due.document, version, due.file, digest), key=f"stamp:{due.document}:{version}:{digest}")
    return not stamped.warnings, stamped.level


class _Ended(threading.Event):
    """Set by itself or together with another event."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()
