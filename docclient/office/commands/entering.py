"""What a clerk enters by hand: mail, what was brought, and paper that may not be opened (NĐ 30 Art 21.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from docclient.office.commands.arriving import ReceivedFile
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence, examine_files
from docclient.office.model import Actor, Channel, FileKind, Flow, Role, State, Step, Urgency, WaitKind
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.twins import remember
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class EnterIncoming(Command):
    """A document that came by post, by e-mail or by hand. Its files, if it was opened; without one, the envelope is
    registered by what stands on it (mail to a named person or to a mass organisation goes on unopened).

    channel: mail or hand. note: what was odd (envelope, seal, number of sheets), or to whom it is addressed.
    paper_follows: what came electronically is announced on paper too. The signatures of every PDF are verified.
    """

    channel: Channel
    issuer_name: str
    subject: str
    type_name: str = "Công văn"
    code_number: str = ""
    code_notation: str = ""
    issued_date: date | None = None
    issuer_code: str = ""
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    files: tuple[ReceivedFile, ...] = ()
    note: str = ""
    paper_follows: bool = False


def examine_entered(blobs: Blobs, work: Work, c: EnterIncoming) -> Evidence:
    return examine_files(blobs, work, [each.digest for each in c.files if each.media_type == PDF])


@rule(EnterIncoming, by=Role.CLERK, examine=examine_entered, hidden={"files", "issuer_code"},
      kinds={"subject": AskKind.LONG_TEXT, "note": AskKind.LONG_TEXT, "due_date": AskKind.DEADLINE})
def enter_incoming(work: Work, me: Actor, c: EnterIncoming, evidence: Evidence) -> Receipt:
    if c.channel not in (Channel.MAIL, Channel.HAND):
        raise FieldWrong("channel", Why.WRONG_KIND)
    for name in ("issuer_name", "subject", "type_name"):
        if not getattr(c, name).strip():
            raise FieldWrong(name, Why.EMPTY)
    if not c.files and not c.note.strip():
        raise FieldWrong("note", Why.NOT_ON_PAPER)
    document = work.new_document(
        flow=Flow.INCOMING, state=State.WAITING_RECEIPT, type_name=c.type_name, code_number=c.code_number or None,
        code_notation=c.code_notation or None, issued_date=c.issued_date, issuer_name=c.issuer_name,
        issuer_code=c.issuer_code or code_of(work, c.issuer_name), subject=c.subject, urgency=c.urgency,
        due_date=c.due_date, channel=c.channel, note=c.note or None, paper_follows=c.paper_follows or None)
    for index, each in enumerate(c.files):
        kind = FileKind.MAIN if index == 0 else FileKind.ANNEX
        work.add_file(document.id, kind, each.name, each.digest, Step.RECEIVED, me.by, each.media_type,
                      pages=evidence.pages_of(each.digest))
    evidence.keep(work, document.id, me.by)
    remember(work, document)
    work.wait_for(document.id, WaitKind.RECEIVE, role=Role.CLERK)
    return receipt_for(work, c, document)


def code_of(work: Work, name: str) -> str | None:
    """The code under which the directory knows an agency of exactly this name, where only one bears it."""
    agency = tables.agency
    codes = work.connection.scalars(agency.select().with_only_columns(agency.c.code).where(
        agency.c.name == name.strip())).all()
    return codes[0] if len(codes) == 1 else None
