"""The life of an outgoing document up to the signature: draft, checks, signature (NĐ 30 Arts 10–13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select

from docclient.form import FormReport
from docclient.office import series
from docclient.office.authority import (
    has_authority_to_sign,
    must_have_authority,
    must_sign_by_own_authority,
    signed_by_the_hand,
)
from docclient.office.certificate_proof import MEDIA_TYPE, NAME, must_be_of
from docclient.office.commands.incoming import leads
from docclient.office.commands.statuses import queue_status
from docclient.office.door import Act, AskKind, Command, Receipt
from docclient.office.drafting import (
    CHECKED,
    CONTENT,
    FORMAT,
    SIGNED,
    approvals_void,
    approve,
    awaits_no_opinion,
    checks_its_format,
    drafts,
    heads_its_unit,
    inside_of,
    may_change_text,
    must_be_the_approved_text,
    outside_of,
    set_recipients,
    text_changed,
    to_drafter,
    to_first_check,
    to_format_check,
    to_signer,
)
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence, examine_personal_signature, examine_prepared
from docclient.office.form import CHECKER, DRAFTER, examine_draft, must_pass
from docclient.office.handling import Handling, accept
from docclient.office.model import (
    Actor,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    Handler,
    HandlerRole,
    LinkKind,
    PersonId,
    Role,
    State,
    Step,
    UnitId,
    Urgency,
    WaitKind,
    today,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class StartDraft(Command):
    """Begin an outgoing document. recipients: agency codes; inside: persons and units of the office itself. signer: the
    competent person who is to sign. council: name or abbreviation of a council that uses the agency's seal.

    The symbol (ký hiệu) follows from type, agency and the drafter's unit (NĐ 30 Annex III).
    """

    type_name: str
    subject: str
    signer: PersonId
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    council: str = ""


@rule(StartDraft, by={Role.OFFICER, Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE, Role.CLERK},
      kinds={"signer": AskKind.PERSON, "subject": AskKind.LONG_TEXT})
def start_draft(work: Work, me: Actor, c: StartDraft) -> Receipt:
    return receipt_for(work, c, begin_draft(work, me, c))


def begin_draft(work: Work, me: Actor, c: StartDraft | DraftAnswer) -> Document:
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    if not c.recipients and not c.inside:
        raise FieldWrong("recipients", Why.EMPTY)
    post = me.posts[0] if me.posts else None
    if post is None:
        raise FieldWrong("signer", Why.NO_POST)
    signer = work.actor(c.signer)
    must_have_authority(work, c.signer, c.type_name, post.unit)
    named = c.council if isinstance(c, StartDraft) else ""
    council = series.council_named(work, named, today().year).id if named.strip() else None
    document = new_draft(
        work, me.person, post.unit, type_name=c.type_name, subject=c.subject, urgency=c.urgency, due_date=c.due_date,
        signer_person=c.signer, signer_name=signer.name, signer_position=signer.title, series=council)
    set_recipients(work, document.id, c.recipients, c.inside)
    work.let_see(document.id, [c.signer])
    return document


def new_draft(work: Work, drafter: PersonId, unit: UnitId, **facts: Any) -> Document:
    """A draft of this office that waits for its drafter. Raises: FieldWrong: no such type."""
    own = work.own_agency()
    notation = series.symbol_of(work, facts["type_name"], unit, facts.get("series"), today().year)
    document = work.new_document(
        flow=Flow.OUTGOING, state=State.DRAFT, code_notation=notation, issuer_code=own["code"],
        issuer_name=own["name"], issued_place=own["place"], drafter=drafter, unit=unit, **facts)
    work.wait_for(document.id, WaitKind.DRAFT, person=drafter)
    work.let_see(document.id, [drafter, *work.heads_of(unit)])
    return document


@dataclass(frozen=True, slots=True)
class DraftAnswer(Command):
    """Begin the answer to an incoming document; a lead handler who had not begun has begun with it."""

    document: DocumentId
    version: int
    type_name: str
    subject: str
    signer: PersonId
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None


def handles(work: Work, me: Actor, document: Document) -> bool:
    return work.is_handler(document.id, me.person, HandlerRole.LEAD, HandlerRole.HELPING)


def answer_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    leader = work.connection.scalar(select(tables.direction.c.by).where(
        tables.direction.c.document == document.id, tables.direction.c.origin.is_(None))
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
        for share in Handling.read(work, c.document).of(me.person, HandlerRole.LEAD):
            accept(work, share)
        changed = work.change(incoming, state=State.IN_WORK)
        queue_status(work, changed, "05", "")
    return receipt_for(work, c, draft, answers=c.document)


@dataclass(frozen=True, slots=True)
class PutDraftFile(Command):
    """A new version of the draft: its editable file (if any), the PDF made of it, and that PDF with the number, date
    and signature fields prepared on the page. A draft that is before somebody who approves goes back to the first who
    must approve: what was approved was another text."""

    document: DocumentId
    version: int
    name: str
    pdf: Digest
    prepared: Digest
    source: Digest | None = None


def may_change_file(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is None and may_change_text(work, me, document)


def examine_put_draft(blobs: Blobs, work: Work, c: PutDraftFile) -> Evidence:
    return examine_prepared(blobs, work, c.pdf, c.prepared)


@rule(PutDraftFile, in_states={State.DRAFT, *CHECKED}, when=may_change_file, act=Act.DRAFT, order=15,
      examine=examine_put_draft, hidden={"name", "pdf", "prepared", "source"})
def put_draft_file(work: Work, me: Actor, c: PutDraftFile, evidence: Evidence) -> Receipt:
    document = work.document(c.document)
    if c.source is not None:
        add_or_renew(work, me, c.document, FileKind.SOURCE, c.name, c.source, Step.DRAFTED, "application/octet-stream")
    add_or_renew(work, me, c.document, FileKind.MAIN, pdf_name(c.name), c.pdf, Step.CONVERTED, "application/pdf")
    add_or_renew(work, me, c.document, FileKind.MAIN, pdf_name(c.name), c.prepared, Step.PREPARED, "application/pdf")
    evidence.keep(work, c.document, me.person)
    return receipt_for(work, c, text_changed(work, document))


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


def is_complete(work: Work, me: Actor, document: Document) -> bool:
    """Its file is prepared, somebody is to sign it, somebody is to have it."""
    newest = work.latest(document.id)
    return (drafts(work, me, document) and newest is not None and newest["step"] == Step.PREPARED
            and document.signer_person is not None and has_authority_to_sign(work, document)
            and series.must_be_numbered(work, document)
            and bool(outside_of(work, document.id) or inside_of(work, document.id)))


def examine_form(blobs: Blobs, work: Work, c: SubmitDraft | ApproveFormat) -> FormReport | None:
    return examine_draft(blobs, work, c.document)


@rule(SubmitDraft, in_states={State.DRAFT}, when=is_complete, examine=examine_form, order=5)
def submit_draft(work: Work, me: Actor, c: SubmitDraft, report: FormReport | None) -> Receipt:
    must_pass(work, me, c.document, report, DRAFTER, CHECKER)
    return receipt_for(work, c, to_first_check(work, work.document(c.document)))


@dataclass(frozen=True, slots=True)
class ApproveContent(Command):
    """The head of the drafting unit answers for the content (kiểm tra nội dung)."""

    document: DocumentId
    version: int
    opinion: str = ""


def may_approve_content(work: Work, me: Actor, document: Document) -> bool:
    return heads_its_unit(work, me, document) and awaits_no_opinion(work, document)


@rule(ApproveContent, by={Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE}, in_states={State.CONTENT_CHECK},
      when=may_approve_content, order=10, kinds={"opinion": AskKind.LONG_TEXT})
def approve_content(work: Work, me: Actor, c: ApproveContent) -> Receipt:
    document = work.document(c.document)
    approve(work, me, document, CONTENT, c.opinion)
    return receipt_for(work, c, to_format_check(work, document))


@dataclass(frozen=True, slots=True)
class ApproveFormat(Command):
    """The chief of office answers for form and procedure (kiểm tra thể thức); it goes to the signing queue."""

    document: DocumentId
    version: int
    opinion: str = ""


def may_approve_format(work: Work, me: Actor, document: Document) -> bool:
    return checks_its_format(work, me, document) and awaits_no_opinion(work, document)


@rule(ApproveFormat, by={Role.CHIEF_OF_OFFICE, Role.CLERK}, in_states={State.FORMAT_CHECK}, when=may_approve_format,
      examine=examine_form, order=10, kinds={"opinion": AskKind.LONG_TEXT})
def approve_format(work: Work, me: Actor, c: ApproveFormat, report: FormReport | None) -> Receipt:
    must_pass(work, me, c.document, report, CHECKER)
    document = work.document(c.document)
    approve(work, me, document, FORMAT, c.opinion)
    return receipt_for(work, c, to_signer(work, document))


class BackTo(StrEnum):
    """The step a draft goes back to."""

    DRAFTER = "drafter"
    CONTENT_CHECK = "content_check"
    FORMAT_CHECK = "format_check"


@dataclass(frozen=True, slots=True)
class ReturnDraft(Command):
    """Send a draft back with a reason: from the content check, the format check, the signer; or, signed but not yet
    numbered, from the clerk (it will be signed anew). to: the step it goes back to; where that is no earlier one, to
    its drafter."""

    document: DocumentId
    version: int
    reason: str
    to: BackTo = BackTo.DRAFTER


def decides_now(work: Work, me: Actor, document: Document) -> bool:
    if not awaits_no_opinion(work, document):
        return False
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
    if c.to is BackTo.CONTENT_CHECK and document.state in {State.FORMAT_CHECK, State.WAITING_SIGNATURE}:
        approvals_void(work, c.document)
        return receipt_for(work, c, to_first_check(work, document))
    if c.to is BackTo.FORMAT_CHECK and document.state is State.WAITING_SIGNATURE:
        approvals_void(work, c.document, FORMAT)
        return receipt_for(work, c, to_format_check(work, document))
    return receipt_for(work, c, to_drafter(work, document))


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
    if document.signer_person != me.person or not awaits_no_opinion(work, document):
        return False
    must_sign_by_own_authority(work, me, document)      # tells why, where there is none
    return True


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
    document = work.document(c.document)
    must_be_the_approved_text(work, document)
    evidence.must_be_signed_by(work, me.by, me.acting.name)
    work.add_version(newest["file"], c.signed, Step.SIGNED, me.by, "application/pdf")
    keep_check(work, me, c.document, c.certificate_check)
    evidence.keep(work, c.document, me.person)
    approve(work, me, document, SIGNED)
    changed = work.change(document, state=State.SIGNED, signed_at=work.at, **signed_by_the_hand(work, me, document))
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.NUMBER_AND_SEAL, role=Role.CLERK)
    return receipt_for(work, c, changed)
