"""Copies of documents that are here (NĐ 30 Arts 25–27): in full (SY), of a copy (SL), as an extract (TrS).

What may become what (Annex I, part II): paper becomes an electronic copy that the agency signs at the top right; an
electronic original becomes a copy on paper. An extract is typed anew and signed by the agency. All copies share one run
of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from docclient.office import numbering, series
from docclient.office.certificate_proof import must_be_of
from docclient.office.commands.outgoing import keep_check
from docclient.office.delivering import ON_PAPER
from docclient.office.door import Act, Command, Receipt
from docclient.office.drafting import set_recipients
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import AGENCY_OWNER, Evidence, examine_agency_signature
from docclient.office.model import (
    Actor,
    Channel,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    Handler,
    LinkKind,
    Role,
    State,
    Step,
    WaitKind,
    today,
)
from docclient.office.pdf_files import must_be_a_whole_pdf
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

FULL, OF_A_COPY, EXTRACT = "SY", "SL", "TrS"
COPY_FORMS = {FULL: "Sao y", OF_A_COPY: "Sao lục", EXTRACT: "Trích sao"}
"""As the line at the top right of a copy names its form."""

HERE = frozenset({
    State.REGISTERED, State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK, State.FINISHED, State.KEPT,
    State.ISSUED, State.CORRECTED})
"""Registered or issued, and not recalled or replaced: what is no longer valid is not copied."""
MAY_ORDER = frozenset({Role.CLERK, Role.CHIEF_OF_OFFICE})
PDF = "application/pdf"


def source_of(work: Work, document: Document) -> Digest | None:
    """The file that is copied: paper as it was scanned, before our own signature on it; else the newest."""
    newest = work.latest(document.id)
    if newest is None or newest["media_type"] != PDF:
        return None
    scanned = work.connection.scalar(
        select(tables.file_version.c.digest).where(tables.file_version.c.file == newest["file"],
                                                   tables.file_version.c.step == Step.DIGITISED)
        .order_by(tables.file_version.c.number.desc()).limit(1)) if document.channel is Channel.PAPER else None
    return Digest(scanned if scanned is not None else newest["digest"])


def may_be_copied(work: Work, me: Actor, document: Document) -> bool:
    return not document.copy_kind and source_of(work, document) is not None


def is_a_full_copy(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind == FULL and source_of(work, document) is not None


@dataclass(frozen=True, slots=True)
class CopyInFull(Command):
    """SAO Y of an original or official copy, under the next number of the copies' run. Of paper: an electronic copy,
    which the agency then signs; of an electronic document: a copy on paper, to be printed, sealed and sent by hand."""

    document: DocumentId
    version: int
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()


@rule(CopyInFull, by=MAY_ORDER, in_states=HERE, when=may_be_copied, order=75)
def copy_in_full(work: Work, me: Actor, c: CopyInFull) -> Receipt:
    source = work.document(c.document)
    return copied(work, me, c, source, FULL, source_of(work, source))


@dataclass(frozen=True, slots=True)
class CopyOfCopy(Command):
    """SAO LỤC of a full copy; otherwise as `CopyInFull`."""

    document: DocumentId
    version: int
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()


@rule(CopyOfCopy, by=MAY_ORDER, in_states=HERE, when=is_a_full_copy, order=75)
def copy_of_copy(work: Work, me: Actor, c: CopyOfCopy) -> Receipt:
    source = work.document(c.document)
    return copied(work, me, c, source, OF_A_COPY, source_of(work, source))


@dataclass(frozen=True, slots=True)
class CopyExtract(Command):
    """TRÍCH SAO: a part of an original, typed anew with all elements of the layout; an electronic copy. pdf: that
    text."""

    document: DocumentId
    version: int
    name: str
    pdf: Digest
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()


def examine_extract(blobs: Blobs, work: Work, c: CopyExtract) -> Evidence:
    must_be_a_whole_pdf(blobs, c.pdf, c.name)
    return Evidence()


@rule(CopyExtract, by=MAY_ORDER, in_states=HERE, when=may_be_copied, act=Act.ANNEX, order=76, hidden={"name", "pdf"},
      examine=examine_extract)
def copy_extract(work: Work, me: Actor, c: CopyExtract, evidence: Evidence) -> Receipt:
    return copied(work, me, c, work.document(c.document), EXTRACT, c.pdf)


def copied(work: Work, me: Actor, c: CopyInFull | CopyOfCopy | CopyExtract, source: Document, kind: str,
           pdf: Digest | None) -> Receipt:
    if not c.recipients and not c.inside:
        raise FieldWrong("recipients", Why.EMPTY)
    if pdf is None:
        raise FieldWrong("document", Why.NO_FILE)
    own, day = work.own_agency(), today()
    on_paper = kind != EXTRACT and source.channel is not Channel.PAPER
    notation = numbering.copy_symbol(kind, work.fact("symbol"))
    document = work.new_document(
        flow=Flow.OUTGOING, state=State.NUMBERED, type_name=source.type_name, subject=source.subject,
        code_notation=notation, issuer_code=own["code"], issuer_name=own["name"], issued_place=own["place"],
        drafter=me.person, unit=me.posts[0].unit if me.posts else None, copy_kind=kind, copy_of=source.id,
        channel=Channel.PAPER if on_paper else None)
    given = series.give_number(work, document, series.COPIES, None, day, notation)
    changed = work.change(document, state=State.SEALED if on_paper else State.NUMBERED, register=given.register,
                          out_number=given.number, code_number=given.written, issued_date=day)
    work.add_file(document.id, FileKind.MAIN, f"{given.written}-{notation}.pdf", pdf, Step.COPIED, me.by, PDF)
    set_recipients(work, document.id, c.recipients, c.inside)
    if on_paper:
        work.connection.execute(update(tables.delivery).where(tables.delivery.c.document == document.id)
                                .values(transport_state=ON_PAPER))
    work.connection.execute(insert(tables.link).values(source=document.id, target=source.id, kind=LinkKind.COPY_OF))
    work.wait_for(document.id, WaitKind.ISSUE if on_paper else WaitKind.NUMBER_AND_SEAL, role=Role.CLERK)
    return receipt_for(work, c, changed, number=changed.number_and_symbol)


@dataclass(frozen=True, slots=True)
class SignCopy(Command):
    """The agency has signed an electronic copy at the top right of its first page, without a picture (NĐ 30 Annex I,
    box 14). Refused unless the file is the copied one with that signature appended."""

    document: DocumentId
    version: int
    seen: Digest
    sealed: Digest
    certificate_check: Digest | None = None


def is_electronic_copy(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is not None


def examine_copy(blobs: Blobs, work: Work, c: SignCopy) -> Evidence:
    found = examine_agency_signature(blobs, work, c.seen, c.sealed)
    must_be_of(blobs, c.certificate_check, found.signer)
    return found


@rule(SignCopy, by=Role.CLERK, in_states={State.NUMBERED}, when=is_electronic_copy, act=Act.NUMBER_AND_SEAL, order=5,
      hidden={"seen", "sealed", "certificate_check"}, examine=examine_copy)
def sign_copy(work: Work, me: Actor, c: SignCopy, evidence: Evidence) -> Receipt:
    evidence.must_be_signed_by(work, AGENCY_OWNER, work.own_agency()["name"])
    newest = work.latest(c.document)
    if newest is None or newest["digest"] != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    work.add_version(newest["file"], c.sealed, Step.COPY_SIGNED, me.by, PDF)
    keep_check(work, me, c.document, c.certificate_check)
    evidence.keep(work, c.document, me.by)
    changed = work.change(work.document(c.document), state=State.SEALED)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.ISSUE, role=Role.CLERK)
    return receipt_for(work, c, changed)
