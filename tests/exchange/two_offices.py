"""Two offices that send each other packets over one road with many faults, and the account that their books must give.

Everything that goes wrong follows from one `random.Random`: a seed repeats a failure.
"""

from __future__ import annotations

import random
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from docclient.demonstration.authority import Authority
from docclient.demonstration.material import sample_office_file
from docclient.demonstration.sample_office import (
    add_agencies,
    add_people,
    add_pictures,
    add_units,
    founding_of,
    ordered,
    trust_authority,
)
from docclient.desk.carrying import Way, carry_post
from docclient.desk.drafting import finish_draft, propose_draft
from docclient.exchange.directory import Unit
from docclient.exchange.errors import ItemNotReadable
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, Transport, TransportId, Waiting
from docclient.exchange.transports.http_line import CarrierAway
from docclient.office.checking import check_office
from docclient.office.commands.changes import AgreeToChange
from docclient.office.commands.correcting import RecallIssued
from docclient.office.commands.incoming import (
    AcceptWork,
    DirectIncoming,
    FinishIncoming,
    RegisterIncoming,
    ReturnIncoming,
)
from docclient.office.commands.issuing import IssueOutgoing, NumberOutgoing, SealOutgoing
from docclient.office.commands.outbox import SendAgain
from docclient.office.commands.outgoing import (
    ApproveContent,
    ApproveFormat,
    PutDraftFile,
    SignOutgoing,
    StartDraft,
    SubmitDraft,
)
from docclient.office.commands.people import AddDocumentType, OpenRegister, RegisterCertificate, RegisterKind
from docclient.office.door import Command, Office, Receipt
from docclient.office.engine import OfficeEngine
from docclient.office.founding import found_office
from docclient.office.model import Channel, Document, DocumentId, Flow, Handler, State, today
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.fate import FateOf
from docclient.office.queries.office import Outbox
from docclient.store import tables
from docclient.store.place import Place, place
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from tests.fakes.carrying import Breakable, BrokenOff, Moments
from tests.offices import ACCOUNTS, Material

SENDER, RECEIVER = "H99.21", "H99.07"
PASSWORD = b"test password"
Make = Callable[[Path], Transport]


# --- the two offices -----------------------------------------------------------------------------------------------


def found_sender(folder: Path, material: Material, count: int) -> None:
    """The sample office, with `count` documents issued to the other one that lie in its outbox."""
    office = founded(place(str(folder)), tomllib.loads(sample_office_file().read_text("utf-8")), material.authority)
    administrator = office.enter(office.person("quantri"))
    for owner in ("chairman", "agency"):
        certificate = administrator.put(material.issued[owner].certificate_der)
        person = office.person(ACCOUNTS[owner]) if owner != "agency" else None
        administrator.do(RegisterCertificate(certificate, person) if person else RegisterCertificate(certificate))
    issue_many(office, material, folder.parent, count)
    office.close()


def found_receiver(folder: Path, authority: Authority) -> None:
    """An office of the same shape under another code, which knows the sample office as one of its neighbours."""
    content = tomllib.loads(sample_office_file().read_text("utf-8"))
    own, other = content["agency"], content["agencies"]["home_affairs"]
    content["agencies"]["home_affairs"] = {**other, "code": own["code"], "name": own["name"], "place": own["place"],
                                           "old_code": own.get("old_code", "")}
    content["agency"] = {**own, "code": other["code"], "name": other["name"], "place": other["place"], "symbol": "SNV"}
    founded(place(str(folder)), content, authority).close()


def founded(at: Place, content: dict[str, Any], authority: Authority) -> OfficeEngine:
    made = found_office(at, founding_of(content))
    office = made.engine.enter(made.administrator)
    people = add_people(office, content, add_units(office, content, made.unit), made.administrator)
    for entry in ordered(content["document_types"]):
        office.do(AddDocumentType(entry["name"], entry["abbreviation"]))
    for entry in content["registers"].values():
        office.do(OpenRegister(RegisterKind(entry["direction"]), today().year, entry["name"], 0))
    add_agencies(office, content)
    add_pictures(office, content, people)
    trust_authority(office, authority)
    return made.engine


def issue_many(engine: OfficeEngine, material: Material, folder: Path, count: int) -> None:
    """Signed once: all have the same words. Numbered and sealed each by itself."""
    doors = {slug: engine.enter(engine.person(account)) for slug, account in ACCOUNTS.items()}
    clerk, chairman, officer = doors["clerk"], doors["chairman"], doors["officer_economy"]
    drafts = folder / "drafts"
    drafts.mkdir()
    drafted = finish_draft(propose_draft(material.draft, drafts, seal_diameter_mm=36), drafts)
    signed = sign_pdf(drafted.prepared, drafts / "signed.pdf", material.key("chairman"),
                      SigningRequest(role=Role.PERSONAL)).target
    pdf, prepared = drafted.pdf.read_bytes(), drafted.prepared.read_bytes()
    key = open_key_file(material.folder / "agency.p12", bytearray(PASSWORD))
    for number in range(1, count + 1):
        last: list[Receipt] = [officer.do(StartDraft("Công văn", f"V/v báo cáo lần {number}", chairman.me.person,
                                                     (RECEIVER,)))]

        def go(door: Office, command: Callable[..., Command], last: list[Receipt] = last, **fields: object) -> None:
            last.append(door.do(command(document=last[-1].document, version=last[-1].version, **fields)))

        go(officer, PutDraftFile, name="du-thao.pdf", pdf=officer.put(pdf), prepared=officer.put(prepared))
        go(officer, SubmitDraft)
        go(doors["head_economy"], ApproveContent)
        go(doors["chief_of_office"], ApproveFormat)
        go(chairman, SignOutgoing, seen=chairman.put(prepared), signed=chairman.put(signed.read_bytes()))
        go(clerk, NumberOutgoing)
        assert last[-1].document is not None
        document = clerk.ask(DocumentPage(last[-1].document)).document
        assert document.code_number is not None and document.issued_date is not None
        sealed = fill_and_seal(signed, drafts / f"{number}.pdf", key, number=document.code_number,
                               issued=document.issued_date, request=SigningRequest(role=Role.AGENCY)).target
        go(clerk, SealOutgoing, seen=clerk.put(signed.read_bytes()), sealed=clerk.put(sealed.read_bytes()))
        go(clerk, IssueOutgoing)
    shutil.rmtree(drafts)


# --- what goes wrong -----------------------------------------------------------------------------------------------


@dataclass
class Faulty:
    """A transport some of whose calls do not get through, or do and their answer is lost; whose lists come in any
    order, with items twice or not at all; and whose confirmations are now and then said and not done."""

    inner: Transport
    dice: random.Random
    share: float
    met: Counter[str]

    def list(self) -> Sequence[Waiting]:
        found = list(self._call("list", self.inner.list))
        if self.share:
            self.dice.shuffle(found)
            found = [each for each in found if self.dice.random() > self.share]
            found += [each for each in found if self.dice.random() < self.share]
        return found

    def fetch(self, item: TransportId) -> bytes:
        if self.dice.random() < self.share:
            self.met["not readable now"] += 1
            raise ItemNotReadable(item=str(item), reason="")
        return bytes(self._call("fetch", lambda: self.inner.fetch(item)))

    def send(self, packet: Outgoing) -> Sent:
        return self._call("send", lambda: self.inner.send(packet))

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        if self.dice.random() < self.share:
            self.met["confirm: a lie"] += 1
            return
        self._call("confirm", lambda: self.inner.confirm(item, outcome, reason))

    def round(self) -> AbstractContextManager[None]:
        return self.inner.round()

    def directory(self) -> Sequence[Unit]:
        return self.inner.directory()

    def _call(self, name: str, call: Callable[[], Any]) -> Any:
        luck = self.dice.random()
        if luck < self.share / 2:
            self.met[f"{name}: no line"] += 1
            raise CarrierAway(host="nowhere.example", reason="TimeoutError")
        answer = call()
        if luck > 1 - self.share / 2:
            self.met[f"{name}: answer lost"] += 1
            raise CarrierAway(host="nowhere.example", reason="ReadTimeout")
        return answer


class Road:
    """What lies between the two: carries what each gave to the other, twice now and then, in any order."""

    def transport(self, side: str, folder: Path) -> Transport:
        raise NotImplementedError

    def carry(self, dice: random.Random, share: float) -> None:
        raise NotImplementedError

    def trouble(self, dice: random.Random) -> None:
        """The next calls meet something at the server itself."""

    def poison(self, side: str, content: bytes) -> None:
        """Somebody else's bytes for this side."""
        raise NotImplementedError

    @property
    def failed(self) -> int:
        """How often a server itself failed a call."""
        return 0

    def plain_letter(self, side: str, subject: str) -> bool:
        """A document for this side that is no packet. Returns whether this road carries such."""
        return False

    @property
    def empty(self) -> bool:
        raise NotImplementedError


def any_order(found: list[Any], dice: random.Random, share: float) -> Iterator[Any]:
    """Each at least once, some twice."""
    found = found + [each for each in found if dice.random() < share]
    dice.shuffle(found)
    yield from found


# --- one side ------------------------------------------------------------------------------------------------------


@dataclass
class Side:
    """An office, and its end of the road. Whatever it knows it knows from its disk."""

    name: str
    at: Place
    folder: Path
    road: Road
    met: Counter[str] = field(default_factory=Counter)
    engine: OfficeEngine = field(init=False)
    transport: Transport = field(init=False)
    troubles: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.engine = OfficeEngine.open(self.at)
        self.transport = self.road.transport(self.name, self.folder)

    def door(self, slug: str) -> Office:
        return self.engine.enter(self.engine.person(ACCOUNTS[slug]))

    def post(self, dice: random.Random, share: float, at: datetime) -> None:
        """A round of the post; it may end at any call of the office or the transport, and then the office is opened
        anew."""
        moments = Moments(dice.randrange(1, 80) if share and dice.random() < 0.4 else None)
        faulty = Faulty(self.transport, dice, share, self.met)
        try:
            done = carry_post(Breakable(self.door("clerk"), moments), [Way("đường", Breakable(faulty, moments))],
                              at=at)
        except BrokenOff:
            self.met["broken off"] += 1
            self.engine.close()
            self.start()
            return
        self.troubles += [each.trouble.code for way in done.ways for each in way.fetched if each.trouble is not None]

    def documents(self, flow: Flow, channel: Channel = Channel.PACKET) -> list[Document]:
        with self.engine.reading() as work:
            found = [work.document(DocumentId(each)) for each in work.connection.scalars(
                select(tables.document.c.id).where(tables.document.c.flow == flow).order_by(tables.document.c.id))]
        return [each for each in found if flow is Flow.OUTGOING or each.channel is channel]

    def sent_items(self) -> list[tuple[str, str, str, str]]:
        with self.engine.reading() as work:
            box = tables.outbox.c
            return [tuple(row) for row in work.connection.execute(
                select(box.document, box.kind, box.status_code, box.state))]

    @property
    def all_sent(self) -> bool:
        return not self.door("clerk").ask(Outbox(("waiting", "failed", "set_aside")))


def number_of(document: Document) -> int:
    return int(document.subject.rpartition(" ")[2])


RETURNED, WORKED_ON, RECALLED = 6, 5, 4
"""Of the documents every so manieth is returned, finished, recalled."""
FATES = {"returned": {"01", "02"}, "worked on": {"01", "03", "04", "05", "06"}, "registered": {"01", "03"},
         "recalled": {"01", "03", "15"}}


def fate_of(number: int) -> str:
    if number % RETURNED == 0:
        return "returned"
    if number % WORKED_ON == 0:
        return "worked on"
    return "recalled" if number % RECALLED == 0 else "registered"


def work_through(side: Side) -> None:
    """The receiving office does what it will do with each document, one act at a time."""
    clerk, chairman, officer = (side.door(slug) for slug in ("clerk", "chairman", "officer_economy"))
    for document in side.documents(Flow.INCOMING):
        fate, at = fate_of(number_of(document)), {"document": document.id, "version": document.version}
        if document.state is State.WAITING_RECEIPT and fate == "returned":
            clerk.do(ReturnIncoming(**at, reason="Gửi nhầm"))
        elif document.state is State.WAITING_RECEIPT:
            clerk.do(RegisterIncoming(
                **at, type_name=document.type_name, code_number=document.code_number or "",
                code_notation=document.code_notation or "", issued_date=document.issued_date or today(),
                issuer_name=document.issuer_name or "", subject=document.subject, leader=chairman.me.person))
        elif document.state is State.WAITING_DIRECTION and fate == "worked on":
            chairman.do(DirectIncoming(**at, lead=Handler("person", officer.me.person), words="Xử lý"))
        elif document.state is State.ASSIGNED:
            officer.do(AcceptWork(**at))
        elif document.state is State.IN_WORK:
            officer.do(FinishIncoming(**at, result="Đã xong"))
        elif fate == "recalled" and any(each.agreed is None for each in clerk.ask(FateOf(document.id)).asked):
            clerk.do(AgreeToChange(**at))


def recall(side: Side) -> None:
    """The sending office recalls what it recalls once it is known to have been accepted."""
    for document in side.documents(Flow.OUTGOING):
        if fate_of(number_of(document)) == "recalled" and document.state is State.ISSUED:
            (delivery,) = side.door("clerk").ask(DocumentPage(document.id)).deliveries
            if delivery.status_code == "03":
                side.door("chairman").do(RecallIssued(document.id, document.version, reason="Sai căn cứ"))


# --- the exchange --------------------------------------------------------------------------------------------------


POISON = (b"khong phai goi tin", b"%PDF-1.4 nor this", b"<edXML xmlns='http://www.mic.gov.vn/TBT/QCVN_102_2016'><a>")


@dataclass
class Told:
    rounds: int
    met: Counter[str]


def exchange(sender: Side, receiver: Side, road: Road, dice: random.Random, *, share: float = 0.15,
             rounds: int = 8) -> Told:
    """Rounds with faults, then without any until nothing is on its way. Each round is two hours on: what
    waits is due."""
    moment = datetime.now(UTC)
    for number in range(rounds + 60):
        faults = share if number < rounds else 0.0
        moment += timedelta(hours=2)
        if number in (2, 5):
            for side in (sender, receiver):
                road.poison(side.name, dice.choice(POISON) + str(number).encode())
        for side in (sender, receiver):
            if number < rounds and road.plain_letter(side.name, subject := f"Thư thường {side.name} {number}"):
                side.plain.append(subject)
        for side in dice.sample((sender, receiver), 2):
            if faults:
                road.trouble(dice)
            side.post(dice, faults, moment)
            road.carry(dice, faults)
        if number % 2 or not faults:
            work_through(receiver)
            recall(sender)
        if not faults:
            for side in (sender, receiver):
                again(side)
            if number > rounds + 1 and road.empty and sender.all_sent and receiver.all_sent and whole(sender):
                return Told(number, sender.met + receiver.met + Counter({"the server's own": road.failed}))
    raise AssertionError(f"still on its way after {rounds + 60} rounds: {sender.sent_items()} {receiver.sent_items()}")


def again(side: Side) -> None:
    """The clerk sends again what was set aside."""
    for item in side.door("clerk").ask(Outbox(("set_aside",))):
        with side.engine.reading() as work:
            version = work.document(item.document).version
        side.door("clerk").do(SendAgain(item.document, version, item=item.id))


def whole(sender: Side) -> bool:
    """Has the sender heard the last of every document?"""
    clerk = sender.door("clerk")
    return all(max(FATES[fate_of(number_of(document))]) == delivery.status_code
               for document in sender.documents(Flow.OUTGOING)
               for delivery in clerk.ask(DocumentPage(document.id)).deliveries)


def books_agree(sender: Side, receiver: Side, count: int) -> None:
    """Every document arrived exactly once with its number, subject and bytes; each status was told once and stands in
    both books; nothing waits; both offices are whole."""
    issued, arrived = sender.documents(Flow.OUTGOING), receiver.documents(Flow.INCOMING)
    assert len(issued) == count
    by_identity = {each.exchange_id: each for each in arrived}
    assert len(by_identity) == len(arrived) == count, (len(by_identity), len(arrived))
    for document in issued:
        found = by_identity[document.exchange_id]
        assert (found.number_and_symbol, found.issued_date, found.subject, found.issuer_code) == (
            document.number_and_symbol, document.issued_date, document.subject, SENDER)
        assert main_file(sender, document.id) == main_file(receiver, found.id)
        expected = FATES[fate_of(number_of(document))]
        told = Counter(code for owner, kind, code, state in receiver.sent_items()
                       if owner == found.id and kind == "status" and state == "sent")
        assert told == Counter(expected), (number_of(document), told)
        (delivery,) = sender.door("clerk").ask(DocumentPage(document.id)).deliveries
        heard = Counter(each.code for each in delivery.statuses)
        assert heard == Counter(expected), (number_of(document), heard)
        assert delivery.transport_state == "sent"
        assert (document.state is State.RECALLED) == (expected is FATES["recalled"]) == (found.state is State.RECALLED)
    for side in (sender, receiver):
        assert sorted(each.subject for each in side.documents(Flow.INCOMING, Channel.MAIL)) == sorted(side.plain)
        assert {state for *_, state in side.sent_items()} == {"sent"}
        assert check_office(side.engine).findings == ()


def main_file(side: Side, document: DocumentId) -> str:
    main = side.door("clerk").ask(DocumentPage(document)).main_file()
    assert main is not None
    return main.current.digest
