"""Number, seal, issue: the clerk's part of an outgoing document (NĐ 30 Arts 14–18, 32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from docclient.office import series
from docclient.office.certificate_proof import must_be_of
from docclient.office.commands.outgoing import keep_check
from docclient.office.delivering import issue, warnings_before_issue
from docclient.office.door import Act, AskKind, Command, Receipt
from docclient.office.errors import AnnexUnsealed, FieldWrong, Why, YearPrinted
from docclient.office.evidence import AGENCY_OWNER, Evidence, examine_agency_signature, examine_seal, printed_year
from docclient.office.model import Actor, Digest, Document, DocumentId, FileKind, Role, State, Step, WaitKind, today
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


def has_its_run(work: Work, me: Actor, document: Document) -> bool:
    return series.must_be_numbered(work, document)


@rule(NumberOutgoing, by=Role.CLERK, in_states={State.SIGNED}, when=has_its_run, act=Act.NUMBER_AND_SEAL, order=5,
      examine=examine_year)
def number_outgoing(work: Work, me: Actor, c: NumberOutgoing, printed: int | None) -> Receipt:
    day, document = today(), work.document(c.document)
    if printed is not None and printed != day.year:
        raise YearPrinted(printed=printed, year=day.year)
    given = number_document(work, document, day)
    changed = work.change(document, state=State.NUMBERED, register=given.register, out_number=given.number,
                          code_number=given.written, issued_date=day)
    return receipt_for(work, c, changed, number=changed.number_and_symbol)


def number_document(work: Work, document: Document, day: date) -> series.Given:
    """From the document's own run. Raises: YearPrinted: a normative text's symbol names another year; CouncilEnded; as
    `series.give_number`."""
    run = series.series_for(work, document.type_name, document.series, day.year)
    notation = document.code_notation or ""
    year, slash, _ = notation.partition("/")
    if slash and year.isdecimal() and int(year) != day.year:
        raise YearPrinted(printed=int(year), year=day.year)
    return series.give_number(work, document, series.OUTGOING, run, day, notation)


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


def is_no_copy(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is None


@rule(SealOutgoing, by=Role.CLERK, in_states={State.NUMBERED}, when=is_no_copy, act=Act.NUMBER_AND_SEAL, order=5,
      hidden={"seen", "sealed", "certificate_check"}, examine=examine_sealed)
def seal_outgoing(work: Work, me: Actor, c: SealOutgoing, evidence: Evidence) -> Receipt:
    evidence.must_be_signed_by(work, AGENCY_OWNER, work.own_agency()["name"])
    newest = work.latest(c.document)
    if newest is None or newest["digest"] != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    for name, step in annexes_of(work, c.document):
        if step != Step.SEALED:
            raise AnnexUnsealed(file=name)
    work.add_version(newest["file"], c.sealed, Step.SEALED, me.person, "application/pdf")
    keep_check(work, me, c.document, c.certificate_check)
    evidence.keep(work, c.document, me.person)
    changed = work.change(work.document(c.document), state=State.SEALED)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.ISSUE, role=Role.CLERK)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class SealAnnex(Command):
    """The agency has signed an annex that is a file of its own, at the top right of its first page and without a
    picture (NĐ 30 Annex I). seen: its newest version; sealed: the result. The desk gives this just before
    `SealOutgoing`, which refuses a document with an annex that is not signed."""

    document: DocumentId
    version: int
    file: str
    seen: Digest
    sealed: Digest


def has_open_annex(work: Work, me: Actor, document: Document) -> bool:
    return is_no_copy(work, me, document) and any(step != Step.SEALED for _, step in annexes_of(work, document.id))


def examine_annex(blobs: Blobs, work: Work, c: SealAnnex) -> Evidence:
    return examine_agency_signature(blobs, work, c.seen, c.sealed)


@rule(SealAnnex, by=Role.CLERK, in_states={State.NUMBERED}, when=has_open_annex, offered=False, examine=examine_annex,
      hidden={"file", "seen", "sealed"})
def seal_annex(work: Work, me: Actor, c: SealAnnex, evidence: Evidence) -> Receipt:
    evidence.must_be_signed_by(work, AGENCY_OWNER, work.own_agency()["name"])
    newest = work.connection.execute(
        select(tables.file_version.c.digest).join(tables.file, tables.file.c.id == tables.file_version.c.file)
        .where(tables.file.c.id == c.file, tables.file.c.document == c.document, tables.file.c.kind == FileKind.ANNEX)
        .order_by(tables.file_version.c.number.desc()).limit(1)).scalar()
    if newest is None:
        raise FieldWrong("file", Why.NOT_OF_THE_DOCUMENT)
    if newest != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    work.add_version(c.file, c.sealed, Step.SEALED, me.by, "application/pdf")
    evidence.keep(work, c.document, me.by)
    return receipt_for(work, c, work.change(work.document(c.document)))


def annexes_of(work: Work, document: DocumentId) -> list[tuple[str, str]]:
    """(name, newest step) of every annex in a file of its own."""
    rows = work.connection.execute(
        select(tables.file.c.id, tables.file.c.name, tables.file_version.c.step)
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file.c.document == document, tables.file.c.kind == FileKind.ANNEX,
               tables.file_version.c.media_type == "application/pdf")
        .order_by(tables.file.c.position, tables.file_version.c.number)).all()
    return [(row.name, row.step) for row in {row.id: row for row in rows}.values()]


@dataclass(frozen=True, slots=True)
class IssueOutgoing(Command):
    """Issue (Art 18): one packet per agency goes to the outbox, and it appears for those inside to read. Its identity
    for others is `agency code,date,number/symbol` (exchange, section 2.3)."""

    document: DocumentId
    version: int


def nothing_to_heed(work: Work, me: Actor, document: Document) -> bool:
    return not warnings_before_issue(work, document)


@rule(IssueOutgoing, by=Role.CLERK, in_states={State.SEALED}, when=nothing_to_heed, act=Act.ISSUE, order=5)
def issue_outgoing(work: Work, me: Actor, c: IssueOutgoing) -> Receipt:
    changed = issue(work, work.document(c.document))
    return receipt_for(work, c, changed, exchange_id=changed.exchange_id or "")


@dataclass(frozen=True, slots=True)
class IssueAllTheSame(Command):
    """Issue a document although there is something to heed: it was answered already, goes out a second time, replaces a
    document that a recipient is working on, or a signature in it no longer holds. The reason stays in the journal."""

    document: DocumentId
    version: int
    reason: str


def something_to_heed(work: Work, me: Actor, document: Document) -> bool:
    return bool(warnings_before_issue(work, document))


@rule(IssueAllTheSame, by=Role.CLERK, in_states={State.SEALED}, when=something_to_heed, order=8,
      kinds={"reason": AskKind.LONG_TEXT})
def issue_all_the_same(work: Work, me: Actor, c: IssueAllTheSame) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    changed = issue(work, work.document(c.document))
    return receipt_for(work, c, changed, exchange_id=changed.exchange_id or "")
