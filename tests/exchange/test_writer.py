"""Writing: the form that receivers expect, and what must not leave the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import etree

from docclient.exchange.blocks import OtherElement
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.errors import (
    CharacterNotAllowed,
    FieldMissing,
    FieldWrong,
    ReasonNeeded,
    SecrecyNotCarried,
    StatusNotKnown,
)
from docclient.exchange.packet import (
    Business,
    Code,
    DocumentHeader,
    DocumentPacket,
    DocumentType,
    Operation,
    Organization,
    OtherInfo,
    PlacedElement,
    PromulgationInfo,
    Receiver,
    Replacement,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusPacket,
    TraceHeaderList,
    UpdateInfo,
    attach,
    document_id,
)
from docclient.exchange.sending import prepared_for_sending, status_for
from tests.exchange.packets import LETTER, NAMESPACE

NOW = datetime(2026, 1, 31, 2, 0, 5, tzinfo=UTC)
US = Organization(organ_id="H99.01", organ_name="Văn phòng")
THEM = Organization(organ_id="H99.02", organ_name="Sở Nội vụ")


def letter(**changes: Any) -> DocumentPacket:
    header = replace(DocumentHeader(
        sender=US, to=(THEM, Organization(organ_id="H99.03", organ_name="Sở Tài chính")),
        code=Code(code_number="12", code_notation="QĐ-VP"),
        promulgation_info=PromulgationInfo(place="Hà Nội", promulgation_date="2026/01/31"),
        document_type=DocumentType(type="2", type_name="Quyết định"), subject="Về việc thử",
        signer_info=SignerInfo(competence="TM.", position="Chủ tịch", full_name="(tên)")), **changes)
    return DocumentPacket(header=header, attachments=(attach("12-QĐ-VP.pdf", LETTER, content_id="f1"),))


def test_sending_adds_the_id_and_this_hop() -> None:
    packet = prepared_for_sending(letter(), NOW)
    assert packet.header.document_id == "H99.01,2026/01/31,12/QĐ-VP"
    assert [(hop.organ_id, hop.timestamp) for hop in packet.trace.trace_headers] == [("H99.01", "2026/01/31 09:00:05")]
    assert packet.business.operation is Operation.NEW
    assert prepared_for_sending(packet, NOW) == packet
    assert prepared_for_sending(letter(document_id="own-id"), NOW).header.document_id == "own-id"
    assert document_id("A", date(2026, 3, 5), Code(code_number="1", code_notation="B")) == "A,2026/03/05,1/B"


def test_the_shape_that_receivers_expect() -> None:
    root = etree.fromstring(write_packet(prepared_for_sending(letter(), NOW)))
    names = {None: NAMESPACE}
    n = {"e": NAMESPACE}
    assert root.nsmap == names
    [envelope] = root.xpath("/e:edXML/e:edXMLEnvelope", namespaces=n)
    assert envelope.prefix == "edXML"
    header = [etree.QName(child).localname for child in root.xpath("//e:MessageHeader", namespaces=n)[0]]
    assert header == [
        "From", "To", "To", "DocumentId", "Code", "PromulgationInfo", "DocumentType", "Subject", "SignerInfo"]
    trace = [etree.QName(child).localname for child in root.xpath("//e:TraceHeaderList", namespaces=n)[0]]
    assert trace == ["TraceHeader", "Bussiness"]
    assert root.xpath("string(//e:Reference/e:ContentId)", namespaces=n) == "cid:f1"
    assert root.xpath("string(//e:Attachment/e:ContentId)", namespaces=n) == "cid:f1"
    assert root.xpath("//e:ContentType/text()", namespaces=n) == ["application/zip"] * 2
    assert root.xpath("string(//e:Attachment/e:AttachmentName)", namespaces=n) == "12-QĐ-VP.pdf"
    [payload] = root.xpath("//e:ContentTransferEncoded", namespaces=n)
    assert payload.text.startswith("UEsDB")


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation(operation: Operation) -> None:
    business = Business(
        business_doc_type=operation.number, business_doc_reason="Lý do", paper="1", document_id="old",
        staff_info=StaffInfo(department="Văn thư", staff="(tên)"),
        update=UpdateInfo(document_info="1", document_receiver="1",
                          receivers=(Receiver(organ_id="H99.04", receiver_type="1"),)),
        replacements=(Replacement(document_id="older", organ_ids=("H99.02", "H99.03")),))
    packet = replace(letter(response_for=(ResponseFor(organ_id="H99.01", document_id="old", code="9/QĐ-VP"),)),
                     trace=TraceHeaderList(business=business))
    read = read_packet(write_packet(prepared_for_sending(packet, NOW)))
    assert isinstance(read, DocumentPacket)
    assert read.business == business
    assert read.business.operation is operation
    assert read.business.paper_follows
    assert read.header.response_for == packet.header.response_for
    assert read.problems == ()


@pytest.mark.parametrize(("changes", "field"), [
    ({"sender": None}, "from.organ_id"),
    ({"sender": Organization(organ_id="A")}, "from.organ_name"),
    ({"to": ()}, "to"),
    ({"to": (Organization(organ_name="B"),)}, "to[0].organ_id"),
    ({"code": None}, "code"),
    ({"code": Code(code_number="1")}, "code"),
    ({"promulgation_info": None}, "promulgation_info.promulgation_date"),
    ({"document_type": DocumentType(type="1")}, "document_type.type_name"),
    ({"subject": "  "}, "subject"),
    ({"signer_info": SignerInfo(position="x")}, "signer_info.full_name"),
])
def test_what_receivers_would_refuse_is_not_sent(changes: dict[str, object], field: str) -> None:
    with pytest.raises(FieldMissing) as told:
        prepared_for_sending(letter(**changes), NOW)
    assert told.value.facts == {"field": field}


def test_a_document_without_files_is_not_sent() -> None:
    with pytest.raises(FieldMissing):
        prepared_for_sending(replace(letter(), attachments=()), NOW)


def test_a_recipient_stands_once() -> None:
    with pytest.raises(FieldWrong):
        prepared_for_sending(letter(to=(THEM, replace(THEM, organ_id=" h99.02"))), NOW)


@pytest.mark.parametrize(("character", "named"), [
    ("\x0b", "U+000B"), ("\x00", "U+0000"), ("\ud800", "U+D800"), ("\uffff", "U+FFFF")])
def test_characters_that_xml_cannot_carry_are_refused(character: str, named: str) -> None:
    with pytest.raises(CharacterNotAllowed) as told:
        write_packet(letter(subject=f"a{character}b"))
    assert told.value.facts == {"field": "Subject", "character": named}


@pytest.mark.parametrize("packet", [
    letter(other_info=OtherInfo(sphere_of_promulgation="Mật")),
    letter(others=(OtherElement("Secret", "2"),)),
    replace(letter(), extras=(PlacedElement("edXMLHeader", OtherElement("{urn:x}DoMat", "Tối mật")),)),
    letter(other_info=OtherInfo(others=(OtherElement("X", attributes=(("SecretLevel", "1"),)),))),
])
def test_secrets_do_not_leave(packet: DocumentPacket) -> None:
    with pytest.raises(SecrecyNotCarried):
        write_packet(packet)


def test_a_file_that_shrinks_like_a_bomb_is_stored_instead() -> None:
    content = b"%PDF-1.4\n" + b"\0" * (20 << 20)
    read = read_packet(write_packet(replace(letter(), attachments=(attach("scan.pdf", content),))))
    assert isinstance(read, DocumentPacket)
    assert read.attachments[0].content == content
    assert read.attachments[0].problems == ()


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "05", "06", "15", "16"])
def test_statuses_go_to_the_sender(code: str) -> None:
    packet = prepared_for_sending(letter(), NOW)
    status = status_for(packet, code, THEM, NOW, description="Vì gửi nhầm", staff=StaffInfo(staff="(tên)"))
    read = read_packet(write_packet(status))
    assert isinstance(read, StatusPacket)
    assert read == status
    assert (read.header.status_code, read.header.timestamp) == (code, "2026/01/31 09:00:05")
    assert read.header.sender == THEM
    answered = read.response_for
    assert (answered.organ_id, answered.code, answered.promulgation_date, answered.document_id) == (
        "H99.01", "12/QĐ-VP", "2026/01/31", "H99.01,2026/01/31,12/QĐ-VP")
    assert read.problems == ()


def test_taking_back_goes_to_the_receiver() -> None:
    status = status_for(prepared_for_sending(letter(), NOW), "13", US, NOW, description="Sai nội dung")
    assert status.response_for.organ_id == "H99.02"


@pytest.mark.parametrize("code", ["02", "13", "16"])
def test_some_statuses_need_a_reason(code: str) -> None:
    with pytest.raises(ReasonNeeded):
        status_for(prepared_for_sending(letter(), NOW), code, THEM, NOW, description="  ")


@pytest.mark.parametrize("code", ["07", "14", "", "ab"])
def test_unknown_statuses_are_not_sent(code: str) -> None:
    with pytest.raises(StatusNotKnown):
        status_for(letter(), code, THEM, NOW)


def test_a_status_packet_has_neither_body_nor_trace() -> None:
    root = etree.fromstring(write_packet(status_for(prepared_for_sending(letter(), NOW), "3", THEM, NOW)))
    names = {etree.QName(element).localname for element in root.iter()}
    assert not names & {"edXMLBody", "TraceHeaderList", "AttachmentEncoded"}
    assert root.findtext(f".//{{{NAMESPACE}}}StatusCode") == "03"
