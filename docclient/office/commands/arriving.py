"""What arrives: a packet from another office, or paper that was digitised (NĐ 30 Arts 21, 22, 25)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from docclient.office.changes import Asking, ChangeKind, Meant, ask_change, documents_meant
from docclient.office.commands.incoming import RegisterIncoming, enter_in_register, registration_facts
from docclient.office.commands.statuses import queue_status
from docclient.office.door import Act, AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import AGENCY_OWNER, Evidence, examine_agency_copy, examine_files
from docclient.office.held import ask_what_was_held, hold
from docclient.office.model import (
    Actor,
    Channel,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    LinkKind,
    PersonId,
    Role,
    State,
    Step,
    Urgency,
    WaitKind,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.twins import remember, with_exchange_id
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that came with a document. name: as the sender wrote it, never used as a path."""

    name: str
    digest: Digest
    media_type: str


@dataclass(frozen=True, slots=True)
class ReceivePacket(Command):
    """A document packet has arrived: its header's facts and its files. The first file is the document itself.

    The same packet, or the same document of the same sender, given again makes no second document. The signatures of
    every PDF are verified before the row is written; the sender is told 01 (arrived).

    change: it comes as an update or a replacement of `about`; the old document waits for a clerk, linked. Where the
    old one has not come here, this is a document like any other, and is linked once that one comes.
    """

    transport_id: str
    packet: Digest
    sender_code: str
    sender_name: str
    exchange_id: str
    type_name: str
    subject: str
    files: tuple[ReceivedFile, ...]
    code_number: str = ""
    code_notation: str = ""
    issued_date: date | None = None
    issued_place: str = ""
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    signer_name: str = ""
    signer_position: str = ""
    change: ChangeKind | None = None
    about: tuple[Meant, ...] = ()
    reason: str = ""


def examine_received(blobs: Blobs, work: Work, c: ReceivePacket) -> Evidence:
    return examine_files(blobs, work, [each.digest for each in c.files if each.media_type == "application/pdf"])


@rule(ReceivePacket, by=Role.CLERK, examine=examine_received)
def receive_packet(work: Work, me: Actor, c: ReceivePacket, evidence: Evidence) -> Receipt:
    known, of_same_identifier = already_here(work, c)
    work.name_blob(c.packet)
    if known is not None:
        asked = () if in_inbox(work, c.packet) else ask_of_earlier(work, c, None)
        work.insert_once(tables.inbox, packet=c.packet, transport_id=c.transport_id, document=known, at=work.at)
        return receipt_for(work, c, work.document(known), repeated="yes", **said(c, asked))
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    document = work.new_document(
        flow=Flow.INCOMING, state=State.WAITING_RECEIPT, type_name=c.type_name or "Công văn",
        code_number=c.code_number or None, code_notation=c.code_notation or None, issued_date=c.issued_date,
        issued_place=c.issued_place or None, issuer_code=c.sender_code, issuer_name=c.sender_name, subject=c.subject,
        urgency=c.urgency, due_date=c.due_date, signer_name=c.signer_name or None,
        signer_position=c.signer_position or None, channel=Channel.PACKET, exchange_id=c.exchange_id)
    for index, each in enumerate(c.files):
        kind = FileKind.MAIN if index == 0 else FileKind.ANNEX
        work.add_file(document.id, kind, each.name, each.digest, Step.RECEIVED, me.person, each.media_type,
                      pages=evidence.pages_of(each.digest))
    work.add_file(document.id, FileKind.PACKET, "packet.edxml", c.packet, Step.RECEIVED, me.person, "application/xml")
    evidence.keep(work, document.id, me.person)
    remember(work, document)
    asked = ask_of_earlier(work, c, document.id)
    if c.change is not None and not asked:
        hold(work)
    came_before = ask_what_was_held(work, document)
    if of_same_identifier is not None and of_same_identifier not in (*asked, *came_before):
        work.connection.execute(insert(tables.link).values(
            source=document.id, target=of_same_identifier, kind=LinkKind.SAME_IDENTIFIER))
    work.insert_once(tables.inbox, packet=c.packet, transport_id=c.transport_id, document=document.id, at=work.at)
    work.wait_for(document.id, WaitKind.RECEIVE, role=Role.CLERK)
    queue_status(work, document, "01", "")
    return receipt_for(work, c, work.document(document.id), **said(c, asked))


def in_inbox(work: Work, packet: Digest) -> bool:
    return work.connection.scalar(select(tables.inbox.c.packet).where(tables.inbox.c.packet == packet)) is not None


def ask_of_earlier(work: Work, c: ReceivePacket, successor: DocumentId | None) -> tuple[DocumentId, ...]:
    """The documents that this packet updates or replaces: what it asks of them is kept, and waits for a clerk."""
    if c.change is None:
        return ()
    earlier = documents_meant(work, c.sender_code, c.sender_name, c.about, but=successor)
    for document in earlier:
        ask_change(work, document, Asking(c.change, c.packet, c.sender_code, c.sender_name, c.reason), successor)
    return tuple(each.id for each in earlier)


def said(c: ReceivePacket, asked: tuple[DocumentId, ...]) -> dict[str, str]:
    return {} if c.change is None else {"asked": c.change.value, "earlier": ",".join(asked)}


def already_here(work: Work, c: ReceivePacket) -> tuple[DocumentId | None, DocumentId | None]:
    """(the document that this packet, or another copy of it, brought; another document of the same identifier).

    The same document is the same identifier of the same sender with the same files, unless it was returned: then it
    comes anew. Other files under a known identifier wait for the clerk, linked (NĐ 30 Annex VI: warn of duplicates).
    """
    by_packet = work.connection.scalar(select(tables.inbox.c.document).where(tables.inbox.c.packet == c.packet))
    if by_packet is not None:
        return DocumentId(by_packet), None
    others = sorted(identity for identity, issuer_code, _, flow, state in
                    with_exchange_id().tuples(work.connection, {"wanted": c.exchange_id})
                    if issuer_code == c.sender_code and flow == Flow.INCOMING and state != State.RETURNED)
    for other in others:
        brought = set(work.connection.scalars(
            select(tables.file_version.c.digest).join(tables.file, tables.file.c.id == tables.file_version.c.file)
            .where(tables.file.c.document == other, tables.file.c.kind != FileKind.PACKET,
                   tables.file_version.c.step == Step.RECEIVED)))
        if brought == {each.digest for each in c.files}:
            return DocumentId(other), None
    return None, DocumentId(others[0]) if others else None


@dataclass(frozen=True, slots=True)
class ReceivePaper(Command):
    """A digitised paper letter with what was read from it; a clerk confirms before it is registered.

    fields: name → {value, certainty, page, box_mm}, as `digitise` answers them; kept for the person who confirms.
    """

    name: str
    pdf: Digest
    fields: Mapping[str, Any] = field(default_factory=dict)


def value_of(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, {}).get("value") if isinstance(fields.get(name), Mapping) else None
    return value if isinstance(value, str) else ""


def examine_paper(blobs: Blobs, work: Work, c: ReceivePaper) -> Evidence:
    return examine_files(blobs, work, [c.pdf])


@rule(ReceivePaper, by=Role.CLERK, examine=examine_paper)
def receive_paper(work: Work, me: Actor, c: ReceivePaper, evidence: Evidence) -> Receipt:
    read = {name: value_of(c.fields, name) for name in
            ("type_name", "code_number", "code_notation", "issued_date", "issued_place", "organ_name", "subject",
             "signer_name", "signer_position")}
    try:
        issued = date.fromisoformat(read["issued_date"]) if read["issued_date"] else None
    except ValueError:
        issued = None
    document = work.new_document(
        flow=Flow.INCOMING, state=State.WAITING_RECEIPT, type_name=read["type_name"] or "Công văn",
        code_number=read["code_number"] or None, code_notation=read["code_notation"] or None,
        issued_date=issued, issued_place=read["issued_place"] or None,
        issuer_name=read["organ_name"] or None, subject=read["subject"],
        signer_name=read["signer_name"] or None, signer_position=read["signer_position"] or None,
        channel=Channel.PAPER)
    remember(work, document)
    work.add_file(document.id, FileKind.MAIN, c.name, c.pdf, Step.DIGITISED, me.person, "application/pdf")
    evidence.keep(work, document.id, me.person)
    work.connection.execute(insert(tables.proposal).values(
        document=document.id, fields=json.dumps(dict(c.fields), ensure_ascii=False)))
    work.wait_for(document.id, WaitKind.CONFIRM_PAPER, role=Role.CLERK)
    return receipt_for(work, c, document)


@dataclass(frozen=True, slots=True)
class RegisterPaper(Command):
    """Confirm what was read from paper, and register it. `signed`: the digitised file with the agency's signature at
    the top right of page 1 (NĐ 30 Annex I, box 14), which the desk makes just before."""

    document: DocumentId
    version: int
    signed: Digest
    type_name: str
    code_number: str
    code_notation: str
    issued_date: date
    issuer_name: str
    subject: str
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    leader: PersonId | None = None
    register_title: str = ""
    duplicate_seen: DocumentId | None = None


def came_on_paper(work: Work, me: Actor, document: Document) -> bool:
    return document.channel is Channel.PAPER


def examine_register_paper(blobs: Blobs, work: Work, c: RegisterPaper) -> Evidence:
    return examine_agency_copy(blobs, work, c.document, c.signed)


@rule(RegisterPaper, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, when=came_on_paper, act=Act.SIGN_COPY, order=10,
      hidden={"signed", "duplicate_seen"}, prefill=registration_facts, examine=examine_register_paper,
      kinds={"subject": AskKind.LONG_TEXT, "leader": AskKind.PERSON, "due_date": AskKind.DEADLINE,
             "register_title": AskKind.REGISTER})
def register_paper(work: Work, me: Actor, c: RegisterPaper, evidence: Evidence) -> Receipt:
    evidence.must_be_signed_by(work, AGENCY_OWNER, work.own_agency()["name"])
    file = work.main_file(c.document)
    if file is None:
        raise FieldWrong("document", Why.NO_FILE)
    work.add_version(file, c.signed, Step.COPY_SIGNED, me.person, "application/pdf")
    evidence.keep(work, c.document, me.person)
    facts = {name: getattr(c, name) for name in RegisterIncoming.__slots__}
    registered = enter_in_register(work, me, RegisterIncoming(**facts))
    return Receipt("RegisterPaper", registered.entry, registered.document, registered.version, registered.state,
                   registered.number, registered.facts)
