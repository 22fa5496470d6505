"""Taking back, refusing, initialling: what may still happen to a draft, or to a document that has not been issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import (
    CHECKED,
    INITIAL,
    approve,
    awaits_no_opinion,
    checks_its_format,
    heads_its_unit,
    text_print,
    to_drafter,
)
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Document, DocumentId, Role, State, Step, WaitKind
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class TakeBackDraft(Command):
    """The drafter takes a submitted draft back before it is signed: what was approved must be approved again."""

    document: DocumentId
    version: int
    reason: str = ""


def drafted_it(work: Work, me: Actor, document: Document) -> bool:
    return document.drafter == me.person and awaits_no_opinion(work, document)


@rule(TakeBackDraft, in_states=CHECKED, when=drafted_it, order=80, negative=True, kinds={"reason": AskKind.LONG_TEXT})
def take_back_draft(work: Work, me: Actor, c: TakeBackDraft) -> Receipt:
    return receipt_for(work, c, to_drafter(work, work.document(c.document)))


@dataclass(frozen=True, slots=True)
class RefuseDraft(Command):
    """The competent person refuses to sign: the document is not made. The reason stays in its history."""

    document: DocumentId
    version: int
    reason: str


def may_refuse(work: Work, me: Actor, document: Document) -> bool:
    return document.signer_person == me.person and awaits_no_opinion(work, document)


@rule(RefuseDraft, in_states={State.WAITING_SIGNATURE}, when=may_refuse, order=95, negative=True,
      kinds={"reason": AskKind.LONG_TEXT})
def refuse_draft(work: Work, me: Actor, c: RefuseDraft) -> Receipt:
    must_be_given(c.reason)
    work.nobody_waits(c.document)
    return receipt_for(work, c, work.change(work.document(c.document), state=State.CANCELLED))


@dataclass(frozen=True, slots=True)
class InitialDraft(Command):
    """Initial the present text (ký nháy): a record in the journal of who answers for it; practice, not decree."""

    document: DocumentId
    version: int
    opinion: str = ""


def may_initial(work: Work, me: Actor, document: Document) -> bool:
    """The head of the drafting unit and whoever checks the form, once per text."""
    if document.copy_kind is not None or not (heads_its_unit(work, me, document) or checks_its_format(
            work, me, document)):
        return False
    own = work.connection.scalars(select(tables.approval.c.covers).where(
        tables.approval.c.document == document.id, tables.approval.c.kind == INITIAL,
        tables.approval.c.by == me.by, tables.approval.c.void_at.is_(None))).all()
    return not own or text_print(work, document) not in own


@rule(InitialDraft, in_states=CHECKED, when=may_initial, order=50, kinds={"opinion": AskKind.LONG_TEXT})
def initial_draft(work: Work, me: Actor, c: InitialDraft) -> Receipt:
    document = work.document(c.document)
    approve(work, me, document, INITIAL, c.opinion)
    return receipt_for(work, c, work.change(document))


@dataclass(frozen=True, slots=True)
class CancelNumber(Command):
    """Cancel the number of a document that has not been issued, with its reason. The number keeps its row in the
    register and is never given again; the document, signed as it is, waits for another number or goes back to its
    drafter."""

    document: DocumentId
    version: int
    reason: str


def was_signed_here(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is None and signed_version(work, document.id) is not None


@rule(CancelNumber, by=Role.CLERK, in_states={State.NUMBERED, State.SEALED}, when=was_signed_here, order=85,
      negative=True, kinds={"reason": AskKind.LONG_TEXT})
def cancel_number(work: Work, me: Actor, c: CancelNumber) -> Receipt:
    must_be_given(c.reason)
    document = work.document(c.document)
    signed, newest = signed_version(work, c.document), work.latest(c.document)
    assert signed is not None and newest is not None
    if newest["digest"] != signed["digest"]:        # it was sealed with that number: the signed file comes to the front
        work.add_version(signed["file"], signed["digest"], Step.SIGNED, me.by, signed["media_type"])
    changed = number_cancelled(work, me, document, c.reason, State.SIGNED)
    work.nobody_waits(c.document)
    work.wait_for(c.document, WaitKind.NUMBER_AND_SEAL, role=Role.CLERK)
    return receipt_for(work, c, changed, number=document.number_and_symbol)


@dataclass(frozen=True, slots=True)
class TakeBackSigned(Command):
    """Whoever signed, or the chief of office, takes a signed document back to its drafter before it is issued. A number
    that it had is cancelled: it keeps its row and is never given again."""

    document: DocumentId
    version: int
    reason: str


def may_take_back(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is None and document.drafter is not None and (
        document.signer_person == me.person or Role.CHIEF_OF_OFFICE in me.roles)


@rule(TakeBackSigned, in_states={State.SIGNED, State.NUMBERED, State.SEALED}, when=may_take_back, order=90,
      negative=True, kinds={"reason": AskKind.LONG_TEXT})
def take_back_signed(work: Work, me: Actor, c: TakeBackSigned) -> Receipt:
    must_be_given(c.reason)
    document = work.document(c.document)
    if document.code_number is not None:
        document = number_cancelled(work, me, document, c.reason, State.DRAFT)
    return receipt_for(work, c, to_drafter(work, document))


def number_cancelled(work: Work, me: Actor, document: Document, reason: str, state: State) -> Document:
    """The document has no number any more; the number stands in the register for ever, with why."""
    work.connection.execute(
        update(tables.given_number).where(tables.given_number.c.document == document.id,
                                          tables.given_number.c.register == document.register,
                                          tables.given_number.c.cancelled_at.is_(None))
        .values(cancelled_at=work.at, cancelled_by=me.by, reason=reason, subject=document.subject,
                type_name=document.type_name))
    annexes_unsealed(work, me, document.id)
    return work.change(document, state=state, register=None, out_number=None, code_number=None, issued_date=None)


def annexes_unsealed(work: Work, me: Actor, document: DocumentId) -> None:
    """What the agency signed on an annex names the number: the annex as it was comes to the front again."""
    rows = work.connection.execute(
        select(tables.file_version).join(tables.file, tables.file.c.id == tables.file_version.c.file)
        .where(tables.file.c.document == document, tables.file.c.kind == "annex")
        .order_by(tables.file_version.c.file, tables.file_version.c.number)).mappings().all()
    for file in dict.fromkeys(row["file"] for row in rows):
        versions = [row for row in rows if row["file"] == file]
        plain = [row for row in versions if row["step"] != Step.SEALED]
        if plain and versions[-1]["step"] == Step.SEALED:
            work.add_version(file, plain[-1]["digest"], Step.CONVERTED, me.by, plain[-1]["media_type"])


def signed_version(work: Work, document: DocumentId) -> Any | None:
    """The newest version of the document that the competent person signed, before any seal."""
    return work.connection.execute(
        select(tables.file_version).join(tables.file, tables.file.c.id == tables.file_version.c.file)
        .where(tables.file.c.document == document, tables.file.c.kind == "main",
               tables.file_version.c.step == Step.SIGNED)
        .order_by(tables.file_version.c.number.desc()).limit(1)).mappings().first()


def must_be_given(reason: str) -> None:
    if not reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
