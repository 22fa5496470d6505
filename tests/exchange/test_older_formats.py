"""Older and deviating formats are recognised and shown with their header; their files are not read."""

from __future__ import annotations

import pytest

from docclient.exchange.edxml_read import read_packet
from docclient.exchange.packet import DocumentPacket, Format, StatusPacket
from docclient.exchange.problems import ProblemCode

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CV2803 = f"""<?xml version="1.0" encoding="utf-8"?>
<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP}" xmlns:edXML="http://www.e-doc.vn/Schema/"
 xmlns:xlink="http://www.w3.org/1999/xlink">
 <SOAP-ENV:Header>
  <edXML:MessageHeader>
   <edXML:From><edXML:OrganId>000.00.16.H07</edXML:OrganId><edXML:OrganName>Sở A</edXML:OrganName></edXML:From>
   <edXML:To><edXML:OrganId>000.00.01.H07</edXML:OrganId></edXML:To>
   <edXML:Code><edXML:CodeNumber>15</edXML:CodeNumber><edXML:CodeNotation>SA-VP</edXML:CodeNotation></edXML:Code>
   <edXML:Subject>Về việc cũ</edXML:Subject>
   <edXML:Author><edXML:Competence>TM.</edXML:Competence><edXML:Function>Giám đốc</edXML:Function>
    <edXML:FullName>(tên)</edXML:FullName></edXML:Author>
   <edXML:OtherInfo><edXML:Secret>%SECRET%</edXML:Secret><edXML:Priority>0</edXML:Priority></edXML:OtherInfo>
  </edXML:MessageHeader>
 </SOAP-ENV:Header>
 <SOAP-ENV:Body><edXML:Manifest><edXML:Reference xlink:href="cid:a"/></edXML:Manifest></SOAP-ENV:Body>
</SOAP-ENV:Envelope>"""
GO_VN = """<EdXMLEnvelope xmlns="http://www.go.vn/eDoc"><MessageHeader><From><OrganId>H37.DN.001</OrganId></From>
<To><OrganId>H37.DN.002</OrganId></To><DocumentType>Công văn</DocumentType><Subject>Về việc khác</Subject>
<SignerInfo><Signer>(tên)</Signer><Position>Giám đốc</Position></SignerInfo><DocumentId>d-1</DocumentId></MessageHeader>
<Manifest><Attachment><Content>aGVsbG8=</Content><FileName>a.pdf</FileName></Attachment></Manifest></EdXMLEnvelope>"""
INETCLOUD = f"""<s:Envelope xmlns:s="{SOAP}" xmlns:e="http://www.inetcloud.vn/ns/edxml"><s:Header>
<e:MessageHeader><e:From><e:OrganId>A</e:OrganId></e:From><e:Subject>Về việc ba</e:Subject></e:MessageHeader>
</s:Header></s:Envelope>"""
PROVINCE = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><sendMessage><message>
<![CDATA[<?xml version="1.0"?><message><id>1</id></message>]]></message></sendMessage></soap:Body></soap:Envelope>"""


@pytest.mark.parametrize(("text", "family", "subject"), [
    (CV2803.replace("%SECRET%", "0"), Format.CV2803, "Về việc cũ"),
    (GO_VN, Format.OTHER, "Về việc khác"),
    (INETCLOUD, Format.INETCLOUD, "Về việc ba"),
    (PROVINCE, Format.OTHER, None),
])
def test_the_header_is_shown(text: str, family: Format, subject: str | None) -> None:
    packet = read_packet(text.encode())
    assert isinstance(packet, DocumentPacket)
    assert packet.format is family
    assert packet.header.subject == subject
    assert packet.attachments == ()
    assert ProblemCode.OLDER_FORMAT in {problem.code for problem in packet.problems}
    assert not packet.damaged
    assert not packet.refused


def test_older_names_take_their_later_places() -> None:
    old = read_packet(CV2803.encode())
    other = read_packet(GO_VN.encode())
    assert isinstance(old, DocumentPacket)
    assert isinstance(other, DocumentPacket)
    assert old.header.signer_info is not None
    assert (old.header.signer_info.position, old.header.signer_info.full_name) == ("Giám đốc", "(tên)")
    assert other.header.signer_info is not None
    assert other.header.signer_info.full_name == "(tên)"
    assert other.header.document_type is not None
    assert other.header.document_type.type_name == "Công văn"


def test_a_mime_wrapper_is_stray_bytes() -> None:
    packet = read_packet(
        b"--Boundary\r\nContent-Type: text/xml\r\nContent-ID:<Start>\r\n\r\n"
        + CV2803.replace("%SECRET%", "0").encode()
        + b"\r\n--Boundary\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4 <a> > <\r\n--Boundary--")
    assert packet.format is Format.CV2803
    assert not packet.damaged


@pytest.mark.parametrize("level", ["1", "Mật", "2"])
def test_a_secrecy_level_of_the_older_format_is_refused(level: str) -> None:
    packet = read_packet(CV2803.replace("%SECRET%", level).encode())
    assert packet.refused


def test_a_status_in_an_older_format() -> None:
    status = INETCLOUD.replace("<e:Subject>Về việc ba</e:Subject>", "<e:StatusCode>03</e:StatusCode>")
    packet = read_packet(status.encode())
    assert isinstance(packet, StatusPacket)
    assert packet.header.status_code == "03"
