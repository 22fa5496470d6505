"""The receipt of a command that touched one document."""

from __future__ import annotations

from docclient.office.door import Command, Receipt
from docclient.office.model import Document
from docclient.store.work import Work


def receipt_for(work: Work, command: Command, document: Document, number: str | None = None, **facts: str) -> Receipt:
    return Receipt(type(command).__name__, work.entry, document.id, document.version, document.state, number, facts)
