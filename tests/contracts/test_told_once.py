"""What the sender of a packet is told, on both databases: each status once per document, at the act that it stands for;
a refusal with its reason; nothing for paper; and what bears a secrecy level is not taken in at all."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from docclient.desk.post import fetch_post, send_post
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.packet import StatusPacket
from docclient.exchange.transports.base import Outcome, TransportId
from docclient.exchange.transports.http_line import CarrierAway
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.commands.closing import Reopen
from docclient.office.commands.incoming import AcceptWork, FinishIncoming, ReturnIncoming
from docclient.office.errors import FieldWrong
from docclient.office.model import Document, State
from docclient.office.queries.office import AboutOffice, Outbox
from docclient.store import tables
from tests.drafts import give, now
from tests.exchange.packets import HEADER, LETTER, attachment, document, encoded, zipped
from tests.fakes.carrying import MemoryTransport
from tests.offices import OfficeToTest


def told(office: OfficeToTest, transport: MemoryTransport, about: Document) -> list[tuple[str, str]]:
    """(code, description) of every status packet that has left for this document, in the order they left."""
    send_post(office.door("clerk"), transport)
    packets = [read_packet(each.content, file="sent") for each in transport.sent.values()]
    return [(each.header.status_code or "", each.header.description or "") for each in packets
            if isinstance(each, StatusPacket) and each.response_for.document_id == about.exchange_id]


def packet_for(office: OfficeToTest, *, header: str = HEADER) -> bytes:
    code = office.door("clerk").ask(AboutOffice()).codes[0]
    return document(header.replace("H99.02", code), attachments=attachment(payload=encoded(zipped(LETTER))))


def test_every_act_tells_the_sender_once(office: OfficeToTest):
    transport, at = MemoryTransport(), office.directed().document
    assert [code for code, _ in told(office, transport, at)] == ["01", "03", "04"]
    give(office, "officer_economy", AcceptWork, at.id)
    assert [code for code, _ in told(office, transport, at)][3:] == ["05"]
    give(office, "officer_economy", FinishIncoming, at.id, result="Đã trả lời")
    give(office, "officer_economy", Reopen, at.id, reason="Còn thiếu")
    give(office, "officer_economy", FinishIncoming, at.id, result="Đã trả lời lại")
    assert [code for code, _ in told(office, transport, at)][4:] == ["06"]         # once, though finished twice
    assert told(office, transport, at)[4] == ("06", "Đã trả lời")
    assert check_office(office.engine).whole


def test_arriving_again_tells_nothing_again(office: OfficeToTest):
    transport, packet = MemoryTransport(), packet_for(office)
    for name in ("a", "b"):
        transport.waiting[name] = packet
    first, second = fetch_post(office.door("clerk"), transport)
    assert first.receipt is not None and second.receipt is not None and first.receipt.document is not None
    assert first.receipt.document == second.receipt.document
    assert [code for code, _ in told(office, transport, now(office, first.receipt.document))] == ["01"]


def test_a_refusal_says_why_and_the_document_may_come_anew(office: OfficeToTest):
    transport, at = MemoryTransport(), office.received().document
    with pytest.raises(FieldWrong):
        give(office, "clerk", ReturnIncoming, at.id, reason="  ")
    assert [code for code, _ in told(office, transport, at)] == ["01"]
    give(office, "clerk", ReturnIncoming, at.id, reason="Gửi nhầm cơ quan")
    assert told(office, transport, at) == [("01", ""), ("02", "Gửi nhầm cơ quan")]
    assert now(office, at.id).state is State.RETURNED
    assert check_office(office.engine).whole


def test_paper_has_nobody_to_be_told(office: OfficeToTest):
    clerk = office.door("clerk")
    clerk.do(ReceivePaper("quet.pdf", clerk.put(office.material.draft.read_bytes())))
    assert clerk.ask(Outbox()) == ()


@pytest.mark.parametrize("field", ["<edXML:Secret>1</edXML:Secret>", "<edXML:SecurityLevel>Mật</edXML:SecurityLevel>"])
def test_a_secrecy_level_is_refused_on_arrival_and_nothing_of_it_stays(office: OfficeToTest, field: str):
    transport = MemoryTransport({"a": packet_for(office, header=HEADER + field)})
    with office.engine.reading() as work:
        before = work.connection.scalar(select(func.count()).select_from(tables.journal))
    (found,) = fetch_post(office.door("clerk"), transport)
    assert found.trouble is not None and found.trouble.code == "office.secret_refused"
    assert transport.confirmed["a"] == (Outcome.FAILED, "office.secret_refused")
    with office.engine.reading() as work:
        assert work.connection.scalar(select(func.count()).select_from(tables.document)) == 0
        assert work.connection.scalar(select(func.count()).select_from(tables.blob)
                                      .where(tables.blob.c.digest.in_(select(tables.inbox.c.packet)))) == 0
        assert work.connection.scalar(select(func.count()).select_from(tables.journal)) == before


def test_many_packets_come_in_two_at_once_and_each_once(office: OfficeToTest):
    """Twenty packets, two of them poison; then the way closes in the middle of twenty more."""
    transport = MemoryTransport({f"{number:02}": numbered(office, number) for number in range(20)})
    transport.waiting |= {"07": b"no packet", "11": transport.waiting["03"]}
    found = fetch_post(office.door("clerk"), transport)
    assert [each.item for each in found] == sorted(transport.confirmed)
    assert [each.item for each in found if each.trouble is not None] == ["07"]
    assert found[3].receipt is not None and found[11].receipt is not None
    assert found[3].receipt.document == found[11].receipt.document and subjects(office) == {
        f"Lần {number}" for number in range(20) if number not in (7, 11)}

    closing = Closing({f"{number}": numbered(office, number) for number in range(30, 50)}, open_for=12)
    with pytest.raises(CarrierAway):
        fetch_post(office.door("clerk"), closing)
    taken = 18 + len(closing.confirmed)
    assert len(subjects(office)) in {taken, taken + 1} and len(closing.waiting) + len(closing.confirmed) == 20
    closing.open_for = 1_000
    fetch_post(office.door("clerk"), closing)
    assert len(subjects(office)) == 38 and not closing.waiting
    assert check_office(office.engine).whole


@dataclass(slots=True)
class Closing(MemoryTransport):
    """It is there for so many calls to fetch."""

    open_for: int = 0

    def fetch(self, item: TransportId) -> bytes:
        self.open_for -= 1
        if self.open_for < 0:
            raise CarrierAway(host="axis.example", reason="HTTP 503")
        return MemoryTransport.fetch(self, item)


def numbered(office: OfficeToTest, number: int) -> bytes:
    return packet_for(office, header=HEADER.replace("12/QĐ-VP", f"{number}/QĐ-VP").replace(
        "<edXML:CodeNumber>12<", f"<edXML:CodeNumber>{number}<").replace("Về việc thử", f"Lần {number}"))


def subjects(office: OfficeToTest) -> set[str]:
    with office.engine.reading() as work:
        found = list(work.connection.scalars(select(tables.document.c.subject)))
    assert len(found) == len(set(found))
    return set(found)
