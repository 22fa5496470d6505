"""Number, seal, issue: the clerk's part of an outgoing document (NĐ 30 Arts 14–18, 32)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from docclient.office import numbering
from docclient.office.certificate_proof import must_be_of
from docclient.office.commands.outgoing import keep_check
from docclient.office.door import Act, Command, Receipt
from docclient.office.errors import FieldWrong, Why, YearPrinted
from docclient.office.evidence import AGENCY_OWNER, Evidence, examine_seal, printed_year
from docclient.office.model import Actor, Digest, Document, DocumentId, Role, State, Step, WaitKind, new_id, today
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class NumberOutgoing(Command):
    """Give the signed document the next number of the year's register and today's date (Arts 14, 15.3).

    The number stays with the document even if sealing fails afterwards: no number is ever given twice or back.
    """

    document: DocumentId
    version: int


def examine_year(blobs: Blobs, work: Work, c: NumberOutgoing) -> int | None:
    newest = work.latest(c.document)
    return printed_year(blobs.path(newest["digest"])) if newest is not None else None


@rule(NumberOutgoing, by=Role.CLERK, in_states={State.SIGNED}, act=Act.NUMBER_AND_SEAL, order=5, examine=examine_year)
def number_outgoing(work: Work, me: Actor, c: NumberOutgoing, printed: int | None) -> Receipt:
    day = today()
    if printed is not None and printed != day.year:
        raise YearPrinted(printed=printed, year=day.year)
    register = work.register_for("outgoing", day.year)
    number = work.take_number(register)
    changed = work.change(work.document(c.document), state=State.NUMBERED, register=register, out_number=number,
                          code_number=numbering.written_number(number), issued_date=day)
    return receipt_for(work, c, changed, number=changed.number_and_symbol)


@dataclass(frozen=True, slots=True)
class SealOutgoing(Command):
    """The agency has sealed: number and date filled in and its signature added, in one revision.

    Refused unless the competent person's signature holds in the sealed file too (Art 32), with nothing after it but
    form filling and the seal, and unless the page shows the number and date that the register gave.
    """

    document: DocumentId
    version: int
    seen: Digest
    sealed: Digest
    certificate_check: Digest | None = None


def examine_sealed(blobs: Blobs, work: Work, c: SealOutgoing) -> Evidence:
    found = examine_seal(blobs, work, work.document(c.document), c.seen, c.sealed)
    must_be_of(blobs, c.certificate_check, found.signer)
    return found


@rule(SealOutgoing, by=Role.CLERK, in_states={State.NUMBERED}, act=Act.NUMBER_AND_SEAL, order=5,
      hidden={"seen", "sealed", "certificate_check"}, examine=examine_sealed)
def seal_outgoing(work: Work, me: Actor, c: SealOutgoing, evidence: Evidence) -> Receipt:
    evidence.must_be_signed_by(work, AGENCY_OWNER, work.own_agency()["name"])
    newest = work.latest(c.document)
    if newest is None or newest["digest"] != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    work.add_version(newest["file"], c.sealed, Step.SEALED, me.person, "application/pdf")
    keep_check(work, me, c.document, c.certificate_check)
    evidence.keep(work, c.document, me.person)
    changed = work.change(work.document(c.document), state=State.SEALED)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.ISSUE, role=Role.CLERK)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class IssueOutgoing(Command):
    """Issue: one packet per recipient goes to the outbox (Art 18). Its identity for others is
    `agency code,date,number/symbol` (exchange, section 2.3)."""

    document: DocumentId
    version: int


@rule(IssueOutgoing, by=Role.CLERK, in_states={State.SEALED}, act=Act.ISSUE, order=5)
def issue_outgoing(work: Work, me: Actor, c: IssueOutgoing) -> Receipt:
    document = work.document(c.document)
    changed = work.change(document, state=State.ISSUED, exchange_id=exchange_identity(document))
    for each in work.connection.execute(select(tables.delivery).where(
            tables.delivery.c.document == c.document).order_by(tables.delivery.c.id)).mappings().all():
        work.insert_once(
            tables.outbox, id=new_id(), document=c.document, kind="document", recipient_code=each["agency_code"],
            recipient_name=each["agency_name"], status_code="", description="", state="waiting", digest=None, tries=0,
            error=None, at=work.at)
    work.nobody_waits(c.document)
    return receipt_for(work, c, changed, exchange_id=changed.exchange_id or "")


def exchange_identity(document: Document) -> str:
    day = document.issued_date.strftime("%Y/%m/%d") if document.issued_date else ""
    return f"{document.issuer_code},{day},{document.number_and_symbol}"
