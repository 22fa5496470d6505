"""Packets whose structure is broken: what is left is shown, and never passes for a whole packet."""

from __future__ import annotations

import re

import pytest

from docclient.errors import Trouble
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.errors import NotAPacket, NotXml
from docclient.exchange.packet import DocumentPacket, StatusPacket
from docclient.exchange.problems import ProblemCode
from tests.exchange.packets import HEADER, LETTER, NAMESPACE, attachment, document, encoded, reference, sample, zipped


def salvaged(data: bytes) -> DocumentPacket:
    packet = read_packet(data)
    assert isinstance(packet, DocumentPacket)
    assert packet.damaged
    assert ProblemCode.STRUCTURE_DAMAGED in {problem.code for problem in packet.problems}
    return packet


def header_is_whole(packet: DocumentPacket) -> bool:
    header = packet.header
    return (header.subject == "Về việc thử" and header.document_id == "H99.01,2026/01/31,12/QĐ-VP"
            and header.sender is not None and header.sender.organ_id == "H99.01"
            and [to.organ_id for to in header.to] == ["H99.02"]
            and header.code is not None and header.code.text == "12/QĐ-VP")


@pytest.mark.parametrize(("whole", "broken"), [
    ("</edXML:OrganName></edXML:From>", "</edXML:From>"),               # an end tag lost
    ("</edXML:From>", ""),                                              # From swallows everything after it
    ("</edXML:To>", "</edXML:T>"),
    ("</edXML:DocumentId>", ""),
    ("</edXML:CodeNotation></edXML:Code>", ""),
    ("</edXML:Subject>", "</edXML:Subjekt>"),
    ("</edXML:Subject>", "<edXML:Subject/>"),
    ("</edXML:MessageHeader>", ""),
    ("<edXML:MessageHeader>", ""),
    ("</edXML:edXMLHeader>", "</edXML:edXMLBody>"),
    ("<edXML:edXMLBody>", "<edXML:edXMLBody"),
    ("<edXML:TraceHeaderList>", "<edXML:TraceHeaderList><<>"),
    ("<edXML:To>", "<edXML:To>\x00\x01"),
    ("<edXML:To>", "<edXML:To>&#0;&#x1f;"),
    ("<edXML:To>", "</b></i><edXML:To>"),
    ("<edXML:Code>", "<edXML:Code a=1 b>"),
    ("<edXML:Code>", '<edXML:Code a="x>'),
    ("<edXML:To>", "<!-- <edXML:To>"),
    ("<edXML:To>", "<![CDATA[ <edXML:To>"),
    ("<edXML:To>", "<? <edXML:To>"),
    ("</edXML>", ""),
    ("</AttachmentEncoded></edXML>", ""),
])
def test_the_header_survives_broken_tags(whole: str, broken: str) -> None:
    data = document().decode().replace(whole, broken, 1).encode()
    packet = salvaged(data)
    assert header_is_whole(packet)
    assert [file.content for file in packet.attachments] == [LETTER]


def test_an_ampersand_is_a_letter() -> None:
    packet = salvaged(document(HEADER.replace("Về việc thử", "Về việc R&D của A&B; &copy; &amp;")))
    assert packet.header.subject == "Về việc R&D của A&B; &copy; &"


def test_bytes_that_are_no_text() -> None:
    packet = salvaged(document().replace("Về việc thử".encode(), b"V\xff vi\xe1c"))
    assert packet.header.subject == "V\ufffd vi\ufffdc"
    assert ProblemCode.ENCODING_DAMAGED in {problem.code for problem in packet.problems}


def test_a_nearly_right_namespace_is_named() -> None:
    nearly = document().decode().replace(f'xmlns:edXML="{NAMESPACE}"', f'xmlns:edXML="{NAMESPACE}/"', 1)
    packet = read_packet(nearly.encode())
    assert isinstance(packet, DocumentPacket)
    assert header_is_whole(packet)
    assert ProblemCode.NAMESPACE_WRONG in {problem.code for problem in packet.problems}


def test_a_packet_without_its_header_keeps_its_files() -> None:
    data = re.sub(rb"<edXML:edXMLHeader>.*</edXML:edXMLHeader>", b"", document(), flags=re.S)
    packet = read_packet(data)
    assert isinstance(packet, DocumentPacket)
    assert packet.damaged
    assert ProblemCode.HEADER_MISSING in {problem.code for problem in packet.problems}
    assert [file.content for file in packet.attachments] == [LETTER]


def test_a_file_whose_neighbour_lost_its_end_tag() -> None:
    first, second = attachment("a.pdf"), attachment("b.pdf", encoded(zipped(b"%PDF-b")), content_id="f2")
    packet = salvaged(document(references=reference("a.pdf") + reference("b.pdf", content_id="f2"),
                               attachments=first.replace("</Attachment>", "") + second))
    assert [(file.name, file.content) for file in packet.attachments] == [("a.pdf", LETTER), ("b.pdf", b"%PDF-b")]


def test_a_long_payload_cut_with_the_file_is_named() -> None:
    data = sample("new.edxml")
    packet = salvaged(data[:200_000])
    assert packet.header.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    [file] = packet.attachments
    assert ProblemCode.BASE64_TRUNCATED in {problem.code for problem in file.problems}
    assert file.lost


@pytest.mark.parametrize("name", ["new-three-files.edxml", "status-03-accepted.edxml"])
def test_cut_anywhere_a_packet_is_damaged_or_no_packet(name: str) -> None:
    data = sample(name)
    last = data.rstrip().rfind(b">")
    for length in range(1, last, 7):
        try:
            packet = read_packet(data[:length])
        except (NotXml, NotAPacket):
            assert length < 200
            continue
        assert packet.damaged
        if length > data.find(b"</edXML:From>"):
            assert packet.header.sender is not None
        if name.startswith("new") and length > data.find(b"</edXML:Subject>"):
            assert isinstance(packet, DocumentPacket)
            assert packet.header.subject == "Local Aggregate Test"


def test_a_status_packet_is_salvaged_too() -> None:
    packet = read_packet(sample("status-03-accepted.edxml").replace(b"</edXML:StaffInfo>", b""))
    assert isinstance(packet, StatusPacket)
    assert packet.damaged
    assert packet.header.status_code == "03"
    assert packet.response_for.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"


@pytest.mark.parametrize("data", [
    b"", b" \n", b"hello", b"\x00" * 100, b"%PDF-1.4\n<a>", b"PK\x03\x04<a>", b"{}", b"a < b", b"<", b"<?xml", b"<>",
    b"</a>", b"<?xml version='1.0'?>", b"\xff\xfe<", b"<!--"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(NotXml):
        read_packet(data)


@pytest.mark.parametrize("data", [
    b"<a/>", b"<html><body>502 Bad Gateway</body></html>", b"<?xml version='1.0'?><invoice><Code>1</Code></invoice>",
    b'<edXML xmlns="urn:other"><x/></edXML><'])
def test_xml_that_is_no_packet_is_refused_or_shown_as_another_format(data: bytes) -> None:
    try:
        packet = read_packet(data)
    except Trouble as trouble:
        assert isinstance(trouble, (NotAPacket, NotXml))
    else:
        assert packet.format.value == "other"
