"""A draft's facts and annexes are changed: every earlier value stays, and what was approved is asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from docclient.office import series
from docclient.office.authority import must_have_authority
from docclient.office.delivering import handler_of
from docclient.office.door import Act, AskKind, Command, Receipt
from docclient.office.drafting import (
    CHECKED,
    inside_of,
    may_change_text,
    names_of_recipients,
    outside_of,
    set_recipients,
    text_changed,
)
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence
from docclient.office.model import (
    Actor,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Handler,
    PersonId,
    State,
    Step,
    Urgency,
    new_id,
    today,
)
from docclient.office.pdf_files import must_be_a_whole_pdf
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class EditDraft(Command):
    """Change what a draft says of itself; every earlier value stays with who changed it and when. Type, subject, signer
    and recipients are what was approved: a draft that is before somebody goes back to the first who must approve."""

    document: DocumentId
    version: int
    type_name: str
    subject: str
    signer: PersonId
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None


def may_edit(work: Work, me: Actor, document: Document) -> bool:
    return document.copy_kind is None and may_change_text(work, me, document)


def present_facts(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    inside = [handler_of(each) for each in inside_of(work, document.id)]
    return {"type_name": document.type_name, "subject": document.subject, "signer": document.signer_person,
            "recipients": outside_of(work, document.id),
            "inside": [{"kind": each.kind, "id": each.id} for each in inside], "urgency": document.urgency.value,
            "due_date": document.due_date.isoformat() if document.due_date else None}


@rule(EditDraft, in_states={State.DRAFT, *CHECKED}, when=may_edit, order=30, prefill=present_facts,
      kinds={"subject": AskKind.LONG_TEXT, "signer": AskKind.PERSON})
def edit_draft(work: Work, me: Actor, c: EditDraft) -> Receipt:
    document = work.document(c.document)
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    if not c.recipients and not c.inside:
        raise FieldWrong("recipients", Why.EMPTY)
    unit = document.unit
    if unit is None:
        raise FieldWrong("signer", Why.NO_POST)
    notation = document.code_notation
    if c.type_name != document.type_name:
        notation = series.symbol_of(work, c.type_name, unit, document.series, today().year)
    must_have_authority(work, c.signer, c.type_name, unit)
    signer, before = work.actor(c.signer), names_of_recipients(work, c.document)
    set_recipients(work, c.document, c.recipients, c.inside)
    of_the_text = note_changes(work, me, c.document, (
        ("type_name", document.type_name, c.type_name), ("subject", document.subject, c.subject),
        ("signer", document.signer_name or "", signer.name),
        ("recipients", before, names_of_recipients(work, c.document))))
    note_changes(work, me, c.document, (
        ("urgency", document.urgency.name.lower(), c.urgency.name.lower()),
        ("due_date", document.due_date.isoformat() if document.due_date else "",
         c.due_date.isoformat() if c.due_date else "")))
    changed = work.change(
        document, type_name=c.type_name, subject=c.subject, code_notation=notation, urgency=c.urgency,
        due_date=c.due_date, signer_person=c.signer, signer_name=signer.name, signer_position=signer.title)
    work.let_see(c.document, [c.signer])
    return receipt_for(work, c, text_changed(work, changed) if of_the_text else changed)


def note_changes(work: Work, me: Actor, document: DocumentId, values: tuple[tuple[str, str, str], ...]) -> bool:
    """(field, previous, present) of what differs, each kept. Returns whether anything does."""
    changed = [(field, previous, present) for field, previous, present in values if previous != present]
    for field, previous, present in changed:
        work.connection.execute(insert(tables.draft_change).values(
            id=new_id(), document=document, field=field, previous=previous, present=present, by=me.by, at=work.at))
    return bool(changed)


@dataclass(frozen=True, slots=True)
class AddAnnex(Command):
    """An annex in a file of its own (phụ lục): the agency will sign it by itself when it seals (NĐ 30 Annex I)."""

    document: DocumentId
    version: int
    name: str
    pdf: Digest


def examine_annex_file(blobs: Blobs, work: Work, c: AddAnnex) -> Evidence:
    must_be_a_whole_pdf(blobs, c.pdf, c.name)
    return Evidence()


@rule(AddAnnex, in_states={State.DRAFT, *CHECKED}, when=may_edit, act=Act.ANNEX, order=35, hidden={"name", "pdf"},
      examine=examine_annex_file)
def add_annex(work: Work, me: Actor, c: AddAnnex, evidence: Evidence) -> Receipt:
    if not c.name.strip():
        raise FieldWrong("name", Why.EMPTY)
    existing = work.connection.scalar(select(tables.file.c.id).where(
        tables.file.c.document == c.document, tables.file.c.kind == FileKind.ANNEX, tables.file.c.name == c.name))
    if existing is not None:        # a new version under the same name
        work.add_version(existing, c.pdf, Step.CONVERTED, me.by, PDF)
    else:
        work.add_file(c.document, FileKind.ANNEX, c.name, c.pdf, Step.CONVERTED, me.by, PDF)
    return receipt_for(work, c, text_changed(work, work.document(c.document)))


@dataclass(frozen=True, slots=True)
class RemoveAnnexes(Command):
    """Take the annexes out again; their versions stay in the history."""

    document: DocumentId
    version: int


def has_annexes(work: Work, me: Actor, document: Document) -> bool:
    return may_edit(work, me, document) and work.latest(document.id, FileKind.ANNEX) is not None


@rule(RemoveAnnexes, in_states={State.DRAFT, *CHECKED}, when=has_annexes, order=70, negative=True)
def remove_annexes(work: Work, me: Actor, c: RemoveAnnexes) -> Receipt:
    work.connection.execute(update(tables.file).where(
        tables.file.c.document == c.document, tables.file.c.kind == FileKind.ANNEX).values(kind=FileKind.FORMER_ANNEX))
    return receipt_for(work, c, text_changed(work, work.document(c.document)))
