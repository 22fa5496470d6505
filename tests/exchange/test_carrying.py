"""The post by several ways at once, and packets that come and go as files."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from docclient.carriers import Carriers, setup_of
from docclient.desk.carrying import Way, Ways, carry_post
from docclient.desk.packet_files import NothingInLetter, packets_of, save_packet, save_packet_for, take_in_files
from docclient.exchange.directory import Unit
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.errors import NotXml
from docclient.exchange.packet import DocumentPacket
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, TransportId, Waiting
from docclient.exchange.transports.http_line import CarrierAway
from docclient.office.queries.office import AboutOffice, Outbox
from docclient.secrets import Secrets
from tests.exchange.packets import HEADER, LETTER, attachment, document, encoded, zipped
from tests.fakes.safe import MemorySafe
from tests.offices import OfficeToTest


@dataclass
class Carrier:
    """A way in memory; away: it answers nobody."""

    items: dict[str, bytes] = field(default_factory=dict)
    sent: list[Outgoing] = field(default_factory=list)
    away: bool = False

    def list(self) -> Sequence[Waiting]:
        self._must_be_there()
        return [Waiting(TransportId(each), each) for each in self.items]

    def fetch(self, item: TransportId) -> bytes:
        return self.items[item]

    def send(self, packet: Outgoing) -> Sent:
        self._must_be_there()
        self.sent.append(packet)
        return Sent(TransportId(str(packet.key)))

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        del self.items[item]

    def round(self) -> AbstractContextManager[None]:
        return nullcontext()

    def directory(self) -> Sequence[Unit]:
        return ()

    def _must_be_there(self) -> None:
        if self.away:
            raise CarrierAway(host="truc.example", reason="")


def packet_for(office: OfficeToTest) -> bytes:
    code = office.door("clerk").ask(AboutOffice()).codes[0]
    return document(HEADER.replace("H99.02", code), attachments=attachment(payload=encoded(zipped(LETTER))))


def test_one_way_being_away_does_not_stop_the_others(sqlite_office: OfficeToTest):
    office = sqlite_office
    office.issued()
    waiting = office.door("clerk").ask(Outbox())
    away, there = Carrier(away=True), Carrier({"a": packet_for(office)})
    done = carry_post(office.door("clerk"), [Way("Trục", away), Way("Thư mục", there)])
    count = len(waiting) + 1            # and the status 01 of what has just arrived
    assert (done.taken, done.sent) == (1, count) and len(there.sent) == count
    assert [(each.name, each.sent) for each in done.ways] == [("Trục", 0), ("Thư mục", count)]
    assert [(name, trouble.code) for name, trouble in done.troubles] == [("Trục", "carrier.away")]
    assert not [each for each in office.door("clerk").ask(Outbox()) if each.id in {item.id for item in waiting}]
    assert [each.recipients for each in there.sent][:len(waiting)] == [(each.recipient_code,) for each in waiting]


def test_what_nobody_takes_waits(sqlite_office: OfficeToTest):
    office = sqlite_office
    office.issued()
    before = {each.id for each in office.door("clerk").ask(Outbox())}
    done = carry_post(office.door("clerk"), [Way("Một", Carrier(away=True)), Way("Hai", Carrier(away=True))])
    assert not done.sent and {each.id for each in office.door("clerk").ask(Outbox())} == before


def test_the_ways_of_an_office_are_those_set_up(sqlite_office: OfficeToTest, tmp_path: Path):
    carriers = Carriers(tmp_path / "carriers.json")
    clerk, secrets = sqlite_office.door("clerk"), Secrets(MemorySafe())
    ways = Ways(clerk, carriers, secrets, tmp_path / "office")
    (beside,) = ways()
    assert beside.transport is not None and ways()[0] is beside        # its last look counts at the next
    carriers.put(setup_of({"kind": "axis", "name": "Trục", "address": "http://127.0.0.1:9/a", "system": "H99",
                           "sender": "H99"}))
    carriers.put(setup_of({"kind": "folder", "name": "Máy quét", "inbox": str(tmp_path / "in"),
                           "outbox": str(tmp_path / "out")}))
    axis, folder = ways()
    assert axis.transport is None and axis.trouble is not None and axis.trouble.code == "carrier_setup.secret_missing"
    assert folder.transport is not None
    assert carry_post(clerk, (axis, folder)).ways[0].trouble is axis.trouble


def test_packets_come_as_files_and_every_refusal_is_told(sqlite_office: OfficeToTest, tmp_path: Path):
    office = sqlite_office
    good, bad = tmp_path / "văn bản.edxml", tmp_path / "hỏng.edxml"
    good.write_bytes(packet_for(office))
    bad.write_bytes(b"khong phai goi tin")
    letter, empty = EmailMessage(), EmailMessage()
    for each in (letter, empty):
        each["From"], each["Message-ID"] = "vanthu@so.example", f"<{uuid.uuid4()}@so.example>"
        each.set_content("Kính gửi.")
    letter.add_attachment(packet_for(office), maintype="application", subtype="octet-stream", filename="a.edxml")
    (tmp_path / "thư.eml").write_bytes(letter.as_bytes())
    (tmp_path / "rỗng.eml").write_bytes(empty.as_bytes())
    files = [good, bad, tmp_path / "thư.eml", tmp_path / "rỗng.eml", tmp_path / "không có.edxml"]
    clerk = office.door("clerk")
    taken, refused, by_mail, nothing, missing = take_in_files(clerk, files)
    assert taken.receipts and taken.receipts[0].document is not None and by_mail.receipts
    assert isinstance(refused.trouble, NotXml) and isinstance(nothing.trouble, NothingInLetter)
    assert missing.trouble is not None
    (again,) = take_in_files(clerk, [good])
    assert again.receipts[0].document == taken.receipts[0].document


def test_an_issued_documents_packets_are_saved_as_they_are_sent(sqlite_office: OfficeToTest, tmp_path: Path):
    office = sqlite_office
    issued = office.issued()
    clerk = office.door("clerk")
    (item,) = packets_of(clerk, issued.document.id)
    saved = save_packet(clerk, item, tmp_path / "a.edxml").read_bytes()
    there = Carrier()
    carry_post(clerk, [Way("Thư mục", there)])
    assert saved in [each.content for each in there.sent]
    after = save_packet_for(clerk, issued.document.id, item.recipient_code, tmp_path / "b.edxml").read_bytes()
    assert after == saved
    packet = read_packet(saved)
    assert isinstance(packet, DocumentPacket) and packet.header.to[0].organ_id == item.recipient_code
