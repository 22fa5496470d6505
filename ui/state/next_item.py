"""Where to land after acting: hands stay on the keyboard, and the next thing is there already."""

from __future__ import annotations

from docclient.office.model import DocumentId, WaitKind
from docclient.office.queries.documents import WaitingList


def next_after(waiting: WaitingList, acted_on: DocumentId, why: WaitKind | None) -> DocumentId | None:
    """The document to show next.

    The same one while it still waits for this person (accepting work is followed by doing it); else the first that
    waits for the same reason; None when nothing of that kind is left, or the person came only to look.
    """
    if any(row.document.id == acted_on for row in waiting.rows):
        return acted_on
    if why is None:
        return None
    return next((row.document.id for row in waiting.rows if row.kind is why), None)
