"""What real systems get wrong, and how it is read all the same: nothing here is damage."""

from __future__ import annotations

import pytest

from docclient.exchange.edxml_read import read_packet
from docclient.exchange.packet import DocumentPacket, Operation, Packet, StatusPacket
from docclient.exchange.problems import ProblemCode
from tests.exchange.packets import HEADER, LETTER, NAMESPACE, attachment, document, reference


def read(data: bytes) -> DocumentPacket:
    packet = read_packet(data)
    assert isinstance(packet, DocumentPacket)
    return packet


def codes(packet: Packet) -> set[ProblemCode]:
    return {problem.code for problem in packet.problems}


def is_whole(packet: DocumentPacket) -> bool:
    header = packet.header
    return (not packet.damaged and header.subject == "Về việc thử" and header.sender is not None
            and header.sender.organ_name == "Văn phòng" and [to.organ_id for to in header.to] == ["H99.02"]
            and header.code is not None and header.code.text == "12/QĐ-VP"
            and [file.content for file in packet.attachments] == [LETTER])


def test_the_usual_packet_has_no_problems() -> None:
    packet = read(document())
    assert is_whole(packet)
    assert packet.problems == ()
    assert packet.attachments[0].problems == ()


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\r\n\r\n ", b"?", b"\x00\x00",
                                    b"HTTP 200\r\n\r\n"])
def test_what_stands_before_the_declaration_is_skipped(before: bytes) -> None:
    packet = read(before + document())
    assert is_whole(packet)
    assert codes(packet) == ({ProblemCode.STRAY_BYTES_BEFORE} if before != b"\xef\xbb\xbf" else set())


@pytest.mark.parametrize("after", [b"\x00\x00\x00", b"\n\n--boundary--\r\n", b"<!-- sent -->", b"<end>", b"\x1a"])
def test_what_stands_after_the_packet_is_skipped(after: bytes) -> None:
    packet = read(document() + after)
    assert is_whole(packet)
    assert codes(packet) == ({ProblemCode.STRAY_BYTES_AFTER} if after.strip(b"\x00") else set())


def test_lines_may_end_as_on_windows() -> None:
    packet = read(document().replace(b"><", b">\r\n<"))
    assert is_whole(packet)
    assert packet.problems == ()


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.1" encoding="utf-8" standalone="no"?>',
                                         '<?xml version="1.0" encoding="utf-16"?>', "<?xml version='1.0'?>"])
def test_any_declaration_will_do(declaration: str) -> None:
    assert is_whole(read(document(declaration=declaration)))


@pytest.mark.parametrize(("encoding", "mark"), [
    ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"")])
def test_packets_in_utf_16(encoding: str, mark: bytes) -> None:
    text = document(declaration='<?xml version="1.0" encoding="utf-16"?>').decode()
    assert is_whole(read(mark + text.encode(encoding)))


def test_utf_8_under_another_name_is_noticed() -> None:
    packet = read(document(declaration='<?xml version="1.0" encoding="windows-1252"?>'))
    assert is_whole(packet)
    assert codes(packet) == {ProblemCode.ENCODING_MISLABELLED}


def test_a_declared_one_byte_encoding_is_honoured() -> None:
    header = "<edXML:Subject>Décision à prendre</edXML:Subject>"
    text = document(header, declaration='<?xml version="1.0" encoding="iso-8859-1"?>').decode()
    packet = read(text.encode("latin-1"))
    assert packet.header.subject == "Décision à prendre"
    assert not packet.damaged


def test_an_undeclared_xlink_in_the_manifest() -> None:
    packet = read(document(references=reference(attributes=' xlink:href="cid:f1" xlink:type="simple"')))
    assert is_whole(packet)
    assert [(problem.code, problem.detail) for problem in packet.problems] == [(ProblemCode.UNDECLARED_PREFIX, "xlink")]


def test_an_undeclared_prefix_outside_the_envelope() -> None:
    files = attachment().replace("<Attachment>", "<edXML:Attachment>").replace("</Attachment>", "</edXML:Attachment>")
    packet = read(document(attachments=files).replace(b"AttachmentEncoded>", b"edXML:AttachmentEncoded>"))
    assert is_whole(packet)
    assert codes(packet) == {ProblemCode.UNDECLARED_PREFIX}


def test_many_undeclared_prefixes_at_once() -> None:
    references = reference(attributes=' xlink:href="cid:f1" xsi:type="R" p1:a="" p2:b="" p3:c="" soapenv:actor=""')
    packet = read(document(references=references).replace(b"<Attachment>", b"<edXML:Attachment>").replace(
        b"</Attachment>", b"</edXML:Attachment>"))
    assert is_whole(packet)
    assert codes(packet) == {ProblemCode.UNDECLARED_PREFIX}


def test_another_prefix_is_as_good() -> None:
    assert is_whole(read(document().replace(b"edXML:", b"ns0:")))


def test_no_namespace_at_all() -> None:
    bare = document().decode().replace(f' xmlns="{NAMESPACE}"', "").replace(f' xmlns:edXML="{NAMESPACE}"', "")
    packet = read(bare.replace("edXML:", "").encode())
    assert is_whole(packet)
    assert codes(packet) == {ProblemCode.NAMESPACE_WRONG}


def test_attachments_outside_every_namespace() -> None:
    packet = read(document().replace(b"<AttachmentEncoded>", b'<AttachmentEncoded xmlns="">'))
    assert is_whole(packet)


def test_the_envelope_may_be_the_root() -> None:
    data = document().replace(f'<edXML xmlns="{NAMESPACE}">'.encode(), b"").replace(b"</edXML>", b"")
    envelope, _, files = data.partition(b"</edXML:edXMLEnvelope>")
    packet = read(envelope + files + b"</edXML:edXMLEnvelope>")
    assert is_whole(packet)


def test_order_does_not_matter() -> None:
    parts = [part + ">" for part in HEADER.replace("</edXML:From>", "</edXML:From>|").replace(
        "</edXML:To>", "</edXML:To>|").replace("</edXML:DocumentId>", "</edXML:DocumentId>|").replace(
        "</edXML:Code>", "</edXML:Code>|").split(">|")]
    parts[-1] = parts[-1][:-1]
    assert is_whole(read(document("".join(reversed(parts)))))


def test_elements_written_in_other_case_are_found() -> None:
    assert is_whole(read(document().replace(b"OrganId", b"OrganID")))


def test_the_smallest_packet_seen() -> None:
    packet = read(document(
        "<edXML:From><edXML:OrganId>A</edXML:OrganId></edXML:From><edXML:To><edXML:OrganId>B</edXML:OrganId></edXML:To>"
        "<edXML:DocumentId>d</edXML:DocumentId><edXML:Subject>s</edXML:Subject>", references=""))
    assert packet.problems == ()
    assert packet.header.code is None
    assert packet.business.operation is Operation.NEW
    assert [file.problems for file in packet.attachments] == [()]


@pytest.mark.parametrize("name", ["Bussiness", "Business"])
@pytest.mark.parametrize(("number", "operation"), [
    ("0", Operation.NEW), ("1", Operation.REVOKE), ("02", Operation.UPDATE), ("3", Operation.REPLACE), ("9", None)])
def test_operations(name: str, number: str, operation: Operation | None) -> None:
    packet = read(document(
        trace=f"<edXML:{name}><edXML:BussinessDocType>{number}</edXML:BussinessDocType></edXML:{name}>"
              "<edXML:TraceHeader><edXML:OrganId>null</edXML:OrganId></edXML:TraceHeader>"))
    assert packet.business.operation is operation
    assert codes(packet) == ({ProblemCode.BUSINESS_UNKNOWN} if operation is None else set())


def test_a_code_written_as_one_text() -> None:
    header = HEADER.replace("<edXML:CodeNumber>12</edXML:CodeNumber><edXML:CodeNotation>QĐ-VP</edXML:CodeNotation>",
                            "12/QĐ-VP")
    assert is_whole(read(document(header)))


def test_white_space_around_values_is_trimmed() -> None:
    assert is_whole(read(document(HEADER.replace("H99.02", "\n\t H99.02 \n").replace("Về việc thử", "  Về việc thử"))))


def test_cdata_and_references_are_text() -> None:
    packet = read(document(HEADER.replace("Về việc thử", "<![CDATA[A & <B>]]> &amp; &#272;ất")))
    assert packet.header.subject == "A & <B> & Đất"


def test_a_repeated_value_keeps_the_first_and_says_so() -> None:
    packet = read(document(HEADER + "<edXML:Subject>Khác</edXML:Subject>"))
    assert packet.header.subject == "Về việc thử"
    assert [(problem.code, problem.detail) for problem in packet.problems] == [
        (ProblemCode.ELEMENT_REPEATED, "DocumentHeader/Subject")]


def test_unknown_elements_are_kept_where_they_stood() -> None:
    packet = read(document(HEADER + '<edXML:Mới xmlns:x="urn:x" x:a="1">chữ<x:b/> sau</edXML:Mới>'))
    [kept] = packet.header.others
    assert (kept.name, kept.text, kept.attributes) == (f"{{{NAMESPACE}}}Mới", "chữ", (("{urn:x}a", "1"),))
    assert [(child.name, child.tail) for child in kept.children] == [("{urn:x}b", " sau")]


def test_long_texts_among_unknown_elements_come_back() -> None:
    long = "dài " * 1000
    packet = read(document(HEADER + f"<edXML:X>{long}<edXML:Y>{long}</edXML:Y>{long}</edXML:X>"))
    [kept] = packet.header.others
    assert (kept.text, kept.children[0].text, kept.children[0].tail) == (long, long, long)


def test_too_many_unknown_elements_are_not_all_kept() -> None:
    packet = read(document(HEADER + "<edXML:X/>" * 3000))
    assert len(packet.header.others) == 2000
    assert codes(packet) == {ProblemCode.UNKNOWN_DROPPED}


def test_long_texts_in_the_header_survive_whole() -> None:
    subject = "Về việc " + "dài " * 2000
    packet = read(document(HEADER.replace("Về việc thử", subject)))
    assert packet.header.subject == subject.strip()
    assert [problem.code for problem in packet.problems] == [ProblemCode.VALUE_TOO_LONG]


def test_a_text_that_nobody_could_read_is_cut_and_the_packet_not_filed() -> None:
    packet = read(document(HEADER.replace("Về việc thử", "x" * 200_000)))
    assert packet.header.subject is not None
    assert len(packet.header.subject) == 65_536
    assert ProblemCode.VALUE_CUT in codes(packet)
    assert packet.damaged


def test_what_a_header_lacks_is_named() -> None:
    packet = read(document("<edXML:DueDate>30/02/2026</edXML:DueDate>", references="", attachments=""))
    assert codes(packet) == {
        ProblemCode.SENDER_MISSING, ProblemCode.RECIPIENT_MISSING, ProblemCode.DOCUMENT_ID_MISSING,
        ProblemCode.SUBJECT_MISSING, ProblemCode.DATE_UNREADABLE, ProblemCode.FILES_MISSING}
    assert not packet.damaged


def test_a_recipient_named_twice_is_noticed() -> None:
    twice = HEADER + "<edXML:To><edXML:OrganId> h99.02</edXML:OrganId></edXML:To>"
    assert codes(read(document(twice))) == {ProblemCode.RECIPIENT_REPEATED}


@pytest.mark.parametrize(("code", "problem"), [
    ("07", ProblemCode.STATUS_UNKNOWN), ("3", None), ("", ProblemCode.STATUS_CODE_MISSING)])
def test_status_codes_are_kept_as_received(code: str, problem: ProblemCode | None) -> None:
    packet = read_packet(document(
        "<edXML:From><edXML:OrganId>A</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>B</edXML:OrganId>"
        "<edXML:Code><edXML:CodeNumber>5</edXML:CodeNumber><edXML:CodeNotation>VP</edXML:CodeNotation></edXML:Code>"
        f"</edXML:ResponseFor><edXML:StatusCode>{code}</edXML:StatusCode>"
        "<edXML:Timestamp>2026/02/01 08:30:00</edXML:Timestamp>", references="", attachments=""))
    assert isinstance(packet, StatusPacket)
    assert packet.header.status_code == (code or None)
    assert packet.response_for.code == "5/VP"
    assert codes(packet) == ({problem} if problem else set())


def test_errors_of_a_gateway_are_read() -> None:
    errors = (b"<edXML:ErrorList><edXML:Error><edXML:Code>N.To</edXML:Code><edXML:Description>none</edXML:Description>"
              b"</edXML:Error></edXML:ErrorList></edXML:edXMLHeader>")
    packet = read(document().replace(b"</edXML:edXMLHeader>", errors))
    assert [(error.code, error.description) for error in packet.errors] == [("N.To", "none")]
