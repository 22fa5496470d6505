"""Senders take back, update and replace, on both databases: kept once, answered by a clerk, told by 15 or 16."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from docclient.desk.post import fetch_post, send_post
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.packet import (
    Business,
    Code,
    DocumentHeader,
    DocumentPacket,
    DocumentType,
    Organization,
    PromulgationInfo,
    Replacement,
    ResponseFor,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    attach,
)
from docclient.exchange.transports.base import Outcome
from docclient.office.changes import ChangeKind
from docclient.office.checking import check_office
from docclient.office.commands.changes import AgreeToChange, RefuseChange
from docclient.office.commands.recalling import MarkRecalled
from docclient.office.errors import FieldWrong, NotYours
from docclient.office.model import Document, State, WaitKind
from docclient.office.notices import NoticeKind
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.fate import FateOf, FateView
from docclient.office.queries.handling import HandlingOf
from docclient.office.queries.notices import MyNotices
from tests.drafts import give, now, offered
from tests.fakes.carrying import MemoryTransport
from tests.offices import OfficeToTest

SENDER = Organization(organ_id="H99.07", organ_name="Sở Nội vụ tỉnh")
HERE = Organization(organ_id="H99.21", organ_name="UBND xã Tân Hiệp")


def packet(business: Business, identity: str, *files: bytes, number: str = "124",
           about: tuple[ResponseFor, ...] = (), sender: Organization = SENDER) -> bytes:
    header = DocumentHeader(
        sender=sender, to=(HERE,), document_id=identity, code=Code(code_number=number, code_notation="SNV-VP"),
        promulgation_info=PromulgationInfo(place="Phú An", promulgation_date="2026/03/05"),
        document_type=DocumentType(type_name="Công văn"), subject="V/v báo cáo công tác văn thư", response_for=about)
    hop = TraceHeader(organ_id=sender.organ_id, timestamp="2026/03/06 08:00:00")
    return write_packet(DocumentPacket(
        header=header, trace=TraceHeaderList(trace_headers=(hop,), business=business),
        attachments=tuple(attach(f"{index}.pdf", each) for index, each in enumerate(files))))


def revoking(document: Document, reason: str = "Ban hành nhầm") -> bytes:
    return packet(Business(business_doc_type="1", business_doc_reason=reason), document.exchange_id or "",
                  number=document.code_number or "", about=(reference(document),))


def reference(document: Document, **other: str) -> ResponseFor:
    return ResponseFor(**{"organ_id": "H99.07", "code": document.number_and_symbol, "promulgation_date": "2026/03/05",
                          "document_id": document.exchange_id, **other})


def status_13(document: Document, **other: str) -> bytes:
    return write_packet(StatusPacket(header=StatusHeader(
        sender=SENDER, response_for=(reference(document, **other),), status_code="13", description="Gửi nhầm nơi nhận",
        timestamp="2026/03/06 08:30:00")))


def arrive(office: OfficeToTest, *contents: bytes) -> list[Any]:
    transport = MemoryTransport({f"in-{index}": each for index, each in enumerate(contents)})
    fetched = fetch_post(office.door("clerk"), transport)
    assert set(transport.confirmed) == {f"in-{index}" for index in range(len(contents))}
    return fetched


def fate(office: OfficeToTest, document: Document) -> FateView:
    return office.door("clerk").ask(FateOf(document.id))


def told(office: OfficeToTest, document: Document) -> list[tuple[str, str]]:
    """(status, description) of what goes to the sender beyond 01 to 06."""
    transport = MemoryTransport()
    send_post(office.door("clerk"), transport)
    packets = [read_packet(each.content, file="sent") for each in transport.sent.values()]
    return [(each.header.status_code or "", each.header.description or "") for each in packets
            if isinstance(each, StatusPacket) and each.response_for.document_id == document.exchange_id
            and (each.header.status_code or "") > "06"]


def waits(office: OfficeToTest, document: Document) -> bool:
    rows = office.door("clerk").ask(WaitingForMe()).rows
    return any(row.document.id == document.id and row.kind is WaitKind.ASKED_CHANGE for row in rows)


@pytest.mark.parametrize("way", ["revoke", "take_back"])
def test_a_document_taken_back_waits_for_the_clerk_and_is_frozen_on_agreement(office: OfficeToTest, way: str):
    old = office.directed().document
    asking = revoking(old) if way == "revoke" else status_13(old, document_id="altered on its way")
    arrive(office, asking)
    arrive(office, asking)                                  # the same packet asks once
    (asked,) = fate(office, old).asked
    assert (asked.kind, asked.agreed, asked.asker_name) == (ChangeKind(way), None, "Sở Nội vụ tỉnh")
    assert now(office, old.id).state is State.ASSIGNED and waits(office, old)
    assert "MarkRecalled" not in offered(office, "clerk", old.id)
    assert "AcceptWork" in offered(office, "officer_economy", old.id)        # work goes on until it is decided
    with pytest.raises(NotYours):
        give(office, "clerk", MarkRecalled, old.id, reason="x")
    with pytest.raises(NotYours):
        give(office, "officer_economy", AgreeToChange, old.id)
    give(office, "clerk", AgreeToChange, old.id)
    after = now(office, old.id)
    assert after.state is State.RECALLED and after.frozen_at is not None and not waits(office, old)
    recall = office.door("clerk").ask(HandlingOf(old.id)).recall
    assert recall is not None and recall.reason == asked.reason and recall.state_before is State.ASSIGNED
    assert NoticeKind.TAKEN_BACK in {row.kind for row in office.door("officer_economy").ask(MyNotices()).rows}
    assert told(office, old) == [("15", "")]
    arrive(office, status_13(old) if way == "revoke" else revoking(old))     # the other way round, afterwards
    assert [each.agreed for each in fate(office, old).asked] == [True, True]
    assert told(office, old) == [] and not waits(office, old)                # 15 is said once
    assert check_office(office.engine).whole


def test_a_refusal_needs_a_reason_and_work_goes_on(office: OfficeToTest):
    old = office.directed().document
    arrive(office, status_13(old))
    with pytest.raises(FieldWrong):
        give(office, "clerk", RefuseChange, old.id, reason=" ")
    give(office, "clerk", RefuseChange, old.id, reason="Đã giải quyết xong")
    assert now(office, old.id).state is State.ASSIGNED and not waits(office, old)
    assert told(office, old) == [("16", "Đã giải quyết xong")]
    assert [(each.agreed, each.answer) for each in fate(office, old).asked] == [(False, "Đã giải quyết xong")]
    assert check_office(office.engine).whole


def test_an_update_and_a_replacement_bring_the_new_document_linked(office: OfficeToTest):
    old = office.directed().document
    pdf = office.material.letter("Bản cập nhật.", office.material.folder / "update.pdf").read_bytes()
    (first,) = arrive(office, packet(Business(business_doc_type="2", document_id=old.exchange_id,
                                              business_doc_reason="Sửa thời hạn"),
                                     old.exchange_id or "", pdf, number="123"))
    update = office.view("clerk", first.receipt.document)
    assert update.document.state is State.WAITING_RECEIPT
    assert {(each.kind, each.document) for each in update.links} == {("updates", old.id)}
    assert [each.successor for each in fate(office, old).asked] == [update.document.id]
    give(office, "clerk", AgreeToChange, old.id)
    assert now(office, old.id).state is State.ASSIGNED                       # updated: work goes on with the new text
    assert office.view("officer_economy", update.document.id).document.id == update.document.id
    assert NoticeKind.SENDER_CHANGED in {row.kind for row in office.door("officer_economy").ask(MyNotices()).rows}
    listed = (Replacement(document_id=old.exchange_id), Replacement(document_id=old.exchange_id),
              Replacement(document_id="of another", organ_ids=("H99.22",)))
    other = office.received("130").document
    (second,) = arrive(office, packet(Business(business_doc_type="3", replacements=(
        *listed[2:], Replacement(document_id=other.exchange_id))), "H99.07,2026/03/06,131/SNV-VP", pdf, number="131"))
    assert {(each.kind, each.document) for each in office.view("clerk", second.receipt.document).links} == {
        ("replaces", other.id)}
    give(office, "clerk", AgreeToChange, other.id)
    assert now(office, other.id).state is State.REPLACED
    assert ("replaced_by", second.receipt.document) in {
        (each.kind, each.document) for each in office.view("clerk", other.id).links}
    assert check_office(office.engine).whole


def test_what_means_no_document_here_is_held_and_the_rest_comes_in(sqlite_office: OfficeToTest):
    office = sqlite_office
    old = office.directed().document
    stranger = Organization(organ_id="H99.08", organ_name="Sở khác")
    unknown = packet(Business(business_doc_type="1"), "x", number="999", about=(ResponseFor(document_id="nobody's"),))
    of_others = packet(Business(business_doc_type="1"), "y", about=(reference(old),), sender=stranger)
    pdf = office.material.draft.read_bytes()
    alone = packet(Business(business_doc_type="2", document_id="never came"), "never came", pdf, number="777")
    transport = MemoryTransport({"a": unknown, "b": of_others, "c": alone, "d": status_13(old)})
    fetched = fetch_post(office.door("clerk"), transport)
    assert [each.trouble for each in fetched] == [None] * 4
    assert {outcome for outcome, _ in transport.confirmed.values()} == {Outcome.DONE}
    assert [each.receipt.facts.get("held") for each in fetched if each.receipt] == ["yes", "yes", None, None]
    assert fetched[2].receipt is not None and fetched[2].receipt.facts["earlier"] == ""     # nothing is lost
    (asked,) = fate(office, old).asked
    assert asked.kind is ChangeKind.TAKE_BACK and asked.at <= datetime.now(UTC)
    assert check_office(office.engine).whole
