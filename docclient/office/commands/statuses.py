"""Telling the sender what became of its document: each status once per document and code (exchange, section 4)."""

from __future__ import annotations

from docclient.office.model import Channel, Document, new_id
from docclient.store import tables
from docclient.store.work import Work


def queue_status(work: Work, document: Document, code: str, description: str) -> None:
    """Put a status for the sender in the outbox; nothing for paper, which has no electronic sender."""
    if document.channel is Channel.PACKET and document.issuer_code is not None:
        answer(work, document, code, description, to=document.issuer_code, name=document.issuer_name or "")


def answer(work: Work, document: Document, code: str, description: str, *, to: str, name: str) -> None:
    """Put a status for this agency in the outbox, once per document and code."""
    work.insert_once(
        tables.outbox, id=new_id(), document=document.id, kind="status", recipient_code=to, recipient_name=name,
        status_code=code, description=description, state="waiting", digest=None, tries=0, error=None, at=work.at)
