"""One act on many deliveries: sent again, set aside, reminded; each told apart, none stops the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docclient.errors import Trouble
from docclient.office.commands.outbox import SendAgain, SetAside, UrgeRecipient
from docclient.office.door import Command, Office
from docclient.office.model import DocumentId
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.outbox import OutboxRow
from docclient.office.silence import Silent

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ActDone:
    """name: the recipient's."""

    name: str
    trouble: Trouble | None = None


def send_again(office: Office, rows: Sequence[OutboxRow], progress: Progress | None = None,
               stop: threading.Event | None = None) -> list[ActDone]:
    """Those that failed or were set aside are due at once; the others are due anyway and left alone."""
    stuck = [row for row in rows if row.state != "waiting"]
    return carry_out(office, [(row.recipient_name, row.document, again(row)) for row in stuck], progress, stop)


def again(row: OutboxRow) -> Callable[[int], Command]:
    return lambda version: SendAgain(row.document, version, row.item)


def set_aside(office: Office, rows: Sequence[OutboxRow], reason: str, progress: Progress | None = None,
              stop: threading.Event | None = None) -> list[ActDone]:
    """Only what failed can be given up: what waits has not been tried."""

    def given_up(row: OutboxRow) -> Callable[[int], Command]:
        return lambda version: SetAside(row.document, version, reason, row.item)

    failed = [row for row in rows if row.state == "failed"]
    return carry_out(office, [(row.recipient_name, row.document, given_up(row)) for row in failed], progress, stop)


def urge(office: Office, silent: Sequence[Silent], words: str, progress: Progress | None = None,
         stop: threading.Event | None = None) -> list[ActDone]:
    """Note the same reminder for each."""

    def reminded(each: Silent) -> Callable[[int], Command]:
        return lambda version: UrgeRecipient(each.document, version, each.agency_code, words)

    return carry_out(office, [(each.agency_name, each.document, reminded(each)) for each in silent], progress, stop)


def carry_out(office: Office, acts: Sequence[tuple[str, DocumentId, Callable[[int], Command]]],
              progress: Progress | None, stop: threading.Event | None) -> list[ActDone]:
    """Each act with the version its document has by then: the act before may have changed it."""
    done = []
    for number, (name, document, make) in enumerate(acts):
        if stop is not None and stop.is_set():
            break
        if progress is not None:
            progress(number, len(acts))
        try:
            office.do(make(office.ask(DocumentPage(document)).document.version))
        except Trouble as trouble:
            done.append(ActDone(name, trouble))
        else:
            done.append(ActDone(name))
    return done
