"""Issuing: what becomes of a document when it goes out, to whom it goes, and what should be seen before it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, select, update

from docclient.office.drafting import inside_of, outside_of, readers_of
from docclient.office.model import (
    Document,
    DocumentId,
    Handler,
    LinkKind,
    State,
    WaitKind,
    new_id,
)
from docclient.office.queries.verdicts import newest_verdicts
from docclient.store import tables
from docclient.store.work import Work

BEING_WORKED_ON = ("04", "05")      # exchange, section 4: assigned, in work
WITHDRAWN = "withdrawn"             # recalled before a transport took it
SET_ASIDE = "set_aside"             # refused too often, or given up by a clerk: no longer tried
ON_PAPER = "paper"                  # a delivery's transport: by hand or by post
RECALLING = "13"                    # status that asks for a document back


class Warning(StrEnum):
    """Why one should look again before issuing; words codes `issue_warning.…`."""

    NOT_VALID = "not_valid"              # a signature in the file does not hold by the newest check
    ANSWERED_ALREADY = "answered_already"    # another answer to the same document was issued
    SENT_ALREADY = "sent_already"        # the same subject went to one of the same recipients today
    REPLACES_RUNNING = "replaces_running"    # it replaces a document that a recipient is working on


@dataclass(frozen=True, slots=True)
class IssueWarning:
    """about: number and symbol of the other document, or the recipient's name."""

    kind: Warning
    about: str = ""


def warnings_before_issue(work: Work, document: Document) -> tuple[IssueWarning, ...]:
    return (*signature_warnings(work, document), *earlier_sent(work, document), *running(work, document))


def signature_warnings(work: Work, document: Document) -> tuple[IssueWarning, ...]:
    newest = work.latest(document.id)
    if newest is None:
        return ()
    verdicts = newest_verdicts(and_(tables.verdict.c.document == document.id,
                                    tables.verdict.c.digest == newest["digest"]))
    conclusion = work.connection.scalar(select(verdicts.c.conclusion).where(verdicts.c.place == 1))
    return (IssueWarning(Warning.NOT_VALID),) if conclusion == "invalid" else ()


def earlier_sent(work: Work, document: Document) -> tuple[IssueWarning, ...]:
    if document.copy_kind is not None:
        return ()
    answered = work.connection.scalars(select(tables.link.c.target).where(
        tables.link.c.source == document.id, tables.link.c.kind == LinkKind.ANSWERS)).all()
    if answered:
        other = other_issued(work, document, exists(select(1).where(
            tables.link.c.source == tables.document.c.id, tables.link.c.kind == LinkKind.ANSWERS,
            tables.link.c.target.in_(answered))))
        return (IssueWarning(Warning.ANSWERED_ALREADY, other),) if other else ()
    recipients = outside_of(work, document.id)
    other = other_issued(work, document, and_(
        tables.document.c.register == document.register, tables.document.c.issued_date == document.issued_date,
        tables.document.c.subject == document.subject, exists(select(1).where(
            tables.delivery.c.document == tables.document.c.id, tables.delivery.c.agency_code.in_(recipients)))))
    return (IssueWarning(Warning.SENT_ALREADY, other),) if other else ()


def other_issued(work: Work, document: Document, which: ColumnElement[bool]) -> str:
    """Number and symbol of an issued document, or empty. Looked for among those numbered shortly before."""
    number = work.connection.scalar(select(tables.document.c.out_number).where(tables.document.c.id == document.id))
    if number is None:
        return ""
    row = work.connection.execute(
        select(tables.document.c.code_number, tables.document.c.code_notation).where(
            tables.document.c.register == document.register, tables.document.c.out_number.between(
                number - 500, number - 1),
            tables.document.c.state.in_([State.ISSUED, State.CORRECTED]), which).limit(1)).first()
    return f"{row.code_number}/{row.code_notation}" if row is not None else ""


def running(work: Work, document: Document) -> tuple[IssueWarning, ...]:
    rows = work.connection.execute(
        select(tables.delivery.c.agency_name)
        .join(tables.link, tables.link.c.target == tables.delivery.c.document)
        .where(tables.link.c.source == document.id, tables.link.c.kind == LinkKind.REPLACES,
               tables.delivery.c.status_code.in_(BEING_WORKED_ON)).order_by(tables.delivery.c.id))
    return tuple(IssueWarning(Warning.REPLACES_RUNNING, row.agency_name) for row in rows)


def issue(work: Work, document: Document) -> Document:
    """A packet per agency goes into the outbox, the document to each reader inside; what it replaces or corrects is
    so now."""
    changed = work.change(document, state=State.ISSUED, exchange_id=exchange_identity(document),
                          issued_moment=work.at)
    work.nobody_waits(document.id)
    queue_packets(work, document.id, outside_of(work, document.id))
    deliver_inside(work, document.id, [handler_of(each) for each in inside_of(work, document.id)])
    for kind, state in ((LinkKind.REPLACES, State.REPLACED), (LinkKind.CORRECTS, State.CORRECTED)):
        for target in work.connection.scalars(select(tables.link.c.target).where(
                tables.link.c.source == document.id, tables.link.c.kind == kind)).all():
            earlier = work.document(DocumentId(target))
            if earlier.state in {State.ISSUED, State.CORRECTED}:
                work.change(earlier, state=state)
    return changed


def exchange_identity(document: Document) -> str:
    """`agency code,date,number/symbol` (exchange, section 2.3)."""
    day = document.issued_date.strftime("%Y/%m/%d") if document.issued_date else ""
    return f"{document.issuer_code},{day},{document.number_and_symbol}"


def queue_packets(work: Work, document: DocumentId, codes: Iterable[str], kind: str = "document", *,
                  description: str = "") -> None:
    """One item of the outbox per agency. kind: document, or recall. Documents on paper have no packets."""
    wanted = set(codes)
    for each in work.connection.execute(select(tables.delivery).where(
            tables.delivery.c.document == document).order_by(tables.delivery.c.id)).mappings().all():
        if each["agency_code"] in wanted and each["transport_state"] not in {ON_PAPER, WITHDRAWN}:
            work.insert_once(
                tables.outbox, id=new_id(), document=document, kind=kind, recipient_code=each["agency_code"],
                recipient_name=each["agency_name"], status_code="", description=description, state="waiting",
                digest=None, tries=0, error=None, at=work.at)


def handler_of(text: str) -> Handler:
    kind, _, identity = text.partition(":")
    return Handler("person" if kind == "person" else "unit", identity)


def deliver_inside(work: Work, document: DocumentId, recipients: Iterable[Handler]) -> None:
    """It appears for them to read; in a unit, for its head."""
    waiting: set[str] = set()
    for each in recipients:
        work.connection.execute(
            update(tables.inside_recipient).where(
                tables.inside_recipient.c.document == document,
                (tables.inside_recipient.c.person if each.kind == "person" else tables.inside_recipient.c.unit)
                == each.id).values(delivered_at=work.at))
        for reader in readers_of(work, each):
            if reader not in waiting:
                waiting.add(reader)
                work.wait_for(document, WaitKind.READ, person=reader)


def withdraw_inside(work: Work, document: DocumentId) -> None:
    work.connection.execute(update(tables.inside_recipient).where(
        tables.inside_recipient.c.document == document, tables.inside_recipient.c.withdrawn_at.is_(None))
        .values(withdrawn_at=work.at))

