"""One row of a spreadsheet of incoming documents: entered and registered in one act, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from docclient.office.commands.arriving import ReceivedFile
from docclient.office.commands.entering import EnterIncoming, enter_incoming, examine_entered
from docclient.office.commands.incoming import RegisterIncoming, enter_in_register
from docclient.office.door import Command, Receipt
from docclient.office.evidence import Evidence
from docclient.office.model import Actor, Channel, DocumentId, PersonId, Role, Urgency
from docclient.office.registry import rule
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class EnterAndRegister(Command):
    """A document that came by post or by hand, with its number in the register of the year. What `EnterIncoming` and
    `RegisterIncoming` ask for, in one transaction: a row that cannot be registered leaves nothing behind."""

    channel: Channel
    issuer_name: str
    subject: str
    issued_date: date
    type_name: str = "Công văn"
    code_number: str = ""
    code_notation: str = ""
    issuer_code: str = ""
    urgency: Urgency = Urgency.NORMAL
    due_date: date | None = None
    files: tuple[ReceivedFile, ...] = ()
    note: str = ""
    paper_follows: bool = False
    leader: PersonId | None = None
    register_title: str = ""


def entering(c: EnterAndRegister) -> EnterIncoming:
    return EnterIncoming(**{name: getattr(c, name) for name in EnterIncoming.__slots__})


def examine_row(blobs: Blobs, work: Work, c: EnterAndRegister) -> Evidence:
    return examine_entered(blobs, work, entering(c))


@rule(EnterAndRegister, by=Role.CLERK, examine=examine_row)
def enter_and_register(work: Work, me: Actor, c: EnterAndRegister, evidence: Evidence) -> Receipt:
    entered = enter_incoming(work, me, entering(c), evidence)
    assert entered.document is not None and entered.version is not None
    same = ("type_name", "code_number", "code_notation", "issued_date", "issuer_name", "subject", "urgency", "due_date",
            "leader", "register_title")
    facts = {name: getattr(c, name) for name in same}
    registered = enter_in_register(work, me, RegisterIncoming(DocumentId(entered.document), entered.version, **facts))
    return Receipt("EnterAndRegister", registered.entry, registered.document, registered.version, registered.state,
                   registered.number, registered.facts)
