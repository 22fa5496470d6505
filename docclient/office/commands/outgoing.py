"""The life of an outgoing document up to the signature: draft, checks, signature (NĐ 30 Arts 10–13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select

from docclient.office import numbering
from docclient.office.certificate_proof import MEDIA_TYPE, NAME, must_be_of
from docclient.office.commands.incoming import leads
from docclient.office.commands.statuses import queue_status
from docclient.office.door import Act, AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence, examine_personal_signature, examine_prepared
from docclient.office.model import (
    Actor,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    HandlerRole,
    LinkKind,
    PersonId,
    Role,
    State,
    Step,
    UnitId,
    Urgency,
    WaitKind,
    new_id,
    today,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class StartDraft(Command):
    """Begin an outgoing document. recipients: agency codes. signer: the competent person who is to sign.

    The symbol (ký hiệu) follows from type, agency and the drafter's unit (NĐ 30 Annex III).
    """

    type_name: str
    subject: str
    signer: PersonId
    recipients: tuple[str, ...]
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None


@rule(StartDraft, by={Role.OFFICER, Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE, Role.CLERK},
      kinds={"signer": AskKind.PERSON, "subject": AskKind.LONG_TEXT})
def start_draft(work: Work, me: Actor, c: StartDraft) -> Receipt:
    return receipt_for(work, c, begin_draft(work, me, c))


def begin_draft(work: Work, me: Actor, c: StartDraft | DraftAnswer) -> Document:
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    if not c.recipients:
        raise FieldWrong("recipients", Why.EMPTY)
    post = me.posts[0] if me.posts else None
    if post is None:
        raise FieldWrong("signer", Why.NO_POST)
    signer = work.actor(c.signer)
    if not may_sign(work, c.signer):
        raise FieldWrong("signer", Why.NO_AUTHORITY)
    own = work.own_agency()
    document = work.new_document(
        flow=Flow.OUTGOING, state=State.DRAFT, type_name=c.type_name, subject=c.subject, urgency=c.urgency,
        due_date=c.due_date, code_notation=symbol_for(work, c.type_name, post.unit), issuer_code=own["code"],
        issuer_name=own["name"], issued_place=own["place"], signer_person=c.signer, signer_name=signer.name,
        signer_position=signer.title, drafter=me.person, unit=post.unit)
    for code in dict.fromkeys(c.recipients):
        if code == own["code"]:
            raise FieldWrong("recipients", Why.OWN_AGENCY)
        name = work.connection.scalar(select(tables.agency.c.name).where(tables.agency.c.code == code))
        if name is None:
            raise FieldWrong("recipients", Why.UNKNOWN, code)
        work.connection.execute(insert(tables.delivery).values(
            id=new_id(), document=document.id, agency_code=code, agency_name=name, transport_state="waiting"))
    work.wait_for(document.id, WaitKind.DRAFT, person=me.person)
    work.let_see(document.id, [me.person, c.signer, *work.heads_of(post.unit)])
    return document


def may_sign(work: Work, person: PersonId) -> bool:
    """Has the person a post that signs (TM., KT., TL., TUQ., Q.; NĐ 30 Art 13)?"""
    day = today()
    return work.connection.scalar(select(tables.post.c.id).where(
        tables.post.c.person == person, tables.post.c.authority_form.is_not(None),
        or_(tables.post.c.valid_from.is_(None), tables.post.c.valid_from <= day),
        or_(tables.post.c.valid_to.is_(None), tables.post.c.valid_to >= day)).limit(1)) is not None


def symbol_for(work: Work, type_name: str, unit: UnitId) -> str:
    known = work.connection.execute(select(tables.document_type.c.abbreviation).where(
        tables.document_type.c.name == type_name)).first()
    if known is None:
        raise FieldWrong("type_name", Why.UNKNOWN, type_name)
    abbreviation = work.connection.scalar(select(tables.unit.c.abbreviation).where(tables.unit.c.id == unit))
    return numbering.symbol(known[0], work.fact("symbol"), abbreviation)


@dataclass(frozen=True, slots=True)
class DraftAnswer(Command):
    """Begin the answer to an incoming document; a lead handler who had not begun has begun with it."""

    document: DocumentId
    version: int
    type_name: str
    subject: str
    signer: PersonId
    recipients: tuple[str, ...]
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None


def handles(work: Work, me: Actor, document: Document) -> bool:
    return work.is_handler(document.id, me.person, HandlerRole.LEAD, HandlerRole.HELPING)


def answer_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    leader = work.connection.scalar(select(tables.direction.c.by).where(tables.direction.c.document == document.id)
                                    .order_by(tables.direction.c.id.desc()).limit(1))
    known = work.connection.scalar(select(tables.agency.c.code).where(tables.agency.c.code == document.issuer_code))
    return {"type_name": "Công văn", "subject": "", "signer": leader, "recipients": [known] if known else [],
            "due_date": document.due_date.isoformat() if document.due_date else None}


@rule(DraftAnswer, in_states={State.ASSIGNED, State.IN_WORK}, when=handles, act=Act.DRAFT, order=20,
      prefill=answer_facts, kinds={"signer": AskKind.PERSON, "subject": AskKind.LONG_TEXT})
def draft_answer(work: Work, me: Actor, c: DraftAnswer) -> Receipt:
    incoming = work.document(c.document)
    draft = begin_draft(work, me, c)
    work.connection.execute(insert(tables.link).values(source=draft.id, target=c.document, kind=LinkKind.ANSWERS))
    if incoming.state is State.ASSIGNED and leads(work, me, incoming):
        changed = work.change(incoming, state=State.IN_WORK)
        queue_status(work, changed, "05", "")
    return receipt_for(work, c, draft, answers=c.document)


def drafts(work: Work, me: Actor, document: Document) -> bool:
    return document.drafter == me.person


@dataclass(frozen=True, slots=True)
class PutDraftFile(Command):
    """A new version of the draft: its editable file (if any), the PDF made of it, and that PDF with the number, date
    and signature fields prepared on the page."""

    document: DocumentId
    version: int
    name: str
    pdf: Digest
    prepared: Digest
    source: Digest | None = None


def examine_put_draft(blobs: Blobs, work: Work, c: PutDraftFile) -> Evidence:
    return examine_prepared(blobs, work, c.pdf, c.prepared)


@rule(PutDraftFile, in_states={State.DRAFT}, when=drafts, act=Act.DRAFT, order=10, examine=examine_put_draft,
      hidden={"name", "pdf", "prepared", "source"})
def put_draft_file(work: Work, me: Actor, c: PutDraftFile, evidence: Evidence) -> Receipt:
    document = work.document(c.document)
    if c.source is not None:
        add_or_renew(work, me, c.document, FileKind.SOURCE, c.name, c.source, Step.DRAFTED, "application/octet-stream")
    add_or_renew(work, me, c.document, FileKind.MAIN, pdf_name(c.name), c.pdf, Step.CONVERTED, "application/pdf")
    add_or_renew(work, me, c.document, FileKind.MAIN, pdf_name(c.name), c.prepared, Step.PREPARED, "application/pdf")
    evidence.keep(work, c.document, me.person)
    return receipt_for(work, c, work.change(document))


def pdf_name(name: str) -> str:
    stem, dot, _ = name.rpartition(".")
    return (stem if dot else name) + ".pdf"


def keep_check(work: Work, me: Actor, document: DocumentId, check: Digest | None) -> None:
    """What was found about the signer's certificate stays with the document, each signature's for itself (S10)."""
    if check is not None:
        add_or_renew(work, me, document, FileKind.CERTIFICATE_CHECK, NAME, check, Step.CHECKED, MEDIA_TYPE)


def add_or_renew(work: Work, me: Actor, document: DocumentId, kind: FileKind, name: str, digest: Digest, step: Step,
                 media_type: str) -> None:
    file = work.connection.scalar(select(tables.file.c.id).where(
        tables.file.c.document == document, tables.file.c.kind == kind))
    if file is None:
        work.add_file(document, kind, name, digest, step, me.person, media_type)
    else:
        work.add_version(file, digest, step, me.person, media_type)


@dataclass(frozen=True, slots=True)
class SubmitDraft(Command):
    """Submit the draft to the head of the unit, who answers for the content (NĐ 30 Art 12); where the unit has none
    (the leaders' own), the drafter answers and it goes to the format check."""

    document: DocumentId
    version: int


def has_prepared_file(work: Work, me: Actor, document: Document) -> bool:
    newest = work.latest(document.id)
    return drafts(work, me, document) and newest is not None and newest["step"] == Step.PREPARED


@rule(SubmitDraft, in_states={State.DRAFT}, when=has_prepared_file, order=5)
def submit_draft(work: Work, me: Actor, c: SubmitDraft) -> Receipt:
    document = work.document(c.document)
    work.nobody_waits(c.document)
    if document.unit is None or not work.heads_of(document.unit):
        return receipt_for(work, c, to_format_check(work, document))
    changed = work.change(document, state=State.CONTENT_CHECK)
    work.wait_for(c.document, WaitKind.CHECK_CONTENT, role=Role.HEAD_OF_UNIT, unit=document.unit)
    return receipt_for(work, c, changed)


def to_format_check(work: Work, document: Document) -> Document:
    """To the chief of office; what a chief of office drafted goes to the clerk: nobody checks the form of his own."""
    changed = work.change(document, state=State.FORMAT_CHECK)
    work.wait_for(document.id, WaitKind.CHECK_FORMAT, role=checks_format(work, document))
    return changed


def checks_format(work: Work, document: Document) -> Role:
    drafter = work.actor(document.drafter) if document.drafter is not None else None
    return Role.CLERK if drafter is not None and Role.CHIEF_OF_OFFICE in drafter.roles else Role.CHIEF_OF_OFFICE


@dataclass(frozen=True, slots=True)
class ApproveContent(Command):
    """The head of the drafting unit answers for the content (kiểm tra nội dung)."""

    document: DocumentId
    version: int
    opinion: str = ""


def heads_its_unit(work: Work, me: Actor, document: Document) -> bool:
    return document.unit is not None and me.person in work.heads_of(document.unit)


@rule(ApproveContent, by={Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE}, in_states={State.CONTENT_CHECK},
      when=heads_its_unit, order=10, kinds={"opinion": AskKind.LONG_TEXT})
def approve_content(work: Work, me: Actor, c: ApproveContent) -> Receipt:
    work.nobody_waits(c.document)
    return receipt_for(work, c, to_format_check(work, work.document(c.document)))


@dataclass(frozen=True, slots=True)
class ApproveFormat(Command):
    """The chief of office answers for form and procedure (kiểm tra thể thức); it goes to the signing queue."""

    document: DocumentId
    version: int
    opinion: str = ""


def checks_its_format(work: Work, me: Actor, document: Document) -> bool:
    return checks_format(work, document) in me.roles and document.drafter != me.person


@rule(ApproveFormat, by={Role.CHIEF_OF_OFFICE, Role.CLERK}, in_states={State.FORMAT_CHECK}, when=checks_its_format,
      order=10, kinds={"opinion": AskKind.LONG_TEXT})
def approve_format(work: Work, me: Actor, c: ApproveFormat) -> Receipt:
    document = work.document(c.document)
    changed = work.change(document, state=State.WAITING_SIGNATURE)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.SIGN, person=document.signer_person)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class ReturnDraft(Command):
    """Send a draft back to its drafter with a reason: from the content check, the format check, the signer; or, signed
    but not yet numbered, from the clerk (it will be signed anew)."""

    document: DocumentId
    version: int
    reason: str


def decides_now(work: Work, me: Actor, document: Document) -> bool:
    if document.state is State.CONTENT_CHECK:
        return heads_its_unit(work, me, document)
    if document.state is State.FORMAT_CHECK:
        return checks_its_format(work, me, document)
    if document.state is State.SIGNED:
        return Role.CLERK in me.roles
    return document.signer_person == me.person


@rule(ReturnDraft, in_states={State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE, State.SIGNED},
      when=decides_now, order=90, negative=True, kinds={"reason": AskKind.LONG_TEXT})
def return_draft(work: Work, me: Actor, c: ReturnDraft) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    document = work.document(c.document)
    changed = work.change(document, state=State.DRAFT)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.DRAFT, person=document.drafter)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class CancelDraft(Command):
    """The drafter gives the draft up; it keeps its place in the history."""

    document: DocumentId
    version: int


@rule(CancelDraft, in_states={State.DRAFT}, when=drafts, order=95, negative=True)
def cancel_draft(work: Work, me: Actor, c: CancelDraft) -> Receipt:
    changed = work.change(work.document(c.document), state=State.CANCELLED)
    work.nobody_waits(c.document)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class SignOutgoing(Command):
    """The competent person has signed (NĐ 30 Art 13). seen: the digest that was shown and signed; signed: the result.

    certificate_check: what was found about the certificate before it signed (docclient.office.certificate_proof), kept
    with the document.

    Counts only when the signed file is that very file with a signature appended, and the signature holds.
    """

    document: DocumentId
    version: int
    seen: Digest
    signed: Digest
    certificate_check: Digest | None = None


def signs(work: Work, me: Actor, document: Document) -> bool:
    return document.signer_person == me.person


def examine_sign(blobs: Blobs, work: Work, c: SignOutgoing) -> Evidence:
    found = examine_personal_signature(blobs, work, c.seen, c.signed)
    must_be_of(blobs, c.certificate_check, found.signer)
    return found


@rule(SignOutgoing, in_states={State.WAITING_SIGNATURE}, when=signs, act=Act.SIGN, order=5,
      hidden={"seen", "signed", "certificate_check"}, examine=examine_sign)
def sign_outgoing(work: Work, me: Actor, c: SignOutgoing, evidence: Evidence) -> Receipt:
    newest = work.latest(c.document)
    if newest is None or newest["digest"] != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    evidence.must_be_signed_by(work, me.person, me.name)
    work.add_version(newest["file"], c.signed, Step.SIGNED, me.person, "application/pdf")
    keep_check(work, me, c.document, c.certificate_check)
    evidence.keep(work, c.document, me.person)
    changed = work.change(work.document(c.document), state=State.SIGNED)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.NUMBER_AND_SEAL, role=Role.CLERK)
    return receipt_for(work, c, changed)
