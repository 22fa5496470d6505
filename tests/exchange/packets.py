"""Packets for tests: the real samples, and small ones built by hand with whatever a test needs wrong."""

from __future__ import annotations

import base64
import zipfile
from io import BytesIO
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples" / "edxml"
NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
LETTER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + b"letter " * 60 + b"\n%%EOF\n"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def zipped(content: bytes, name: str = "0f8fad5b.pdf") -> bytes:
    """`content` alone in a ZIP."""
    return zip_of({name: content})


def zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx() -> bytes:
    return zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def attachment(name: str = "12-QD-VP.pdf", payload: str | None = None, *, content_id: str = "f1",
               content_type: str = "application/zip", prefix: str = "cid:") -> str:
    """An Attachment element; payload: the text of ContentTransferEncoded, the letter in a ZIP without it."""
    payload = encoded(zipped(LETTER)) if payload is None else payload
    return (f"<Attachment><ContentId>{prefix}{content_id}</ContentId><AttachmentName>{name}</AttachmentName>"
            f"<ContentType>{content_type}</ContentType>"
            f'<edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">{payload}'
            "</edXML:ContentTransferEncoded></Attachment>")


def reference(name: str = "12-QD-VP.pdf", *, content_id: str = "f1", content_type: str = "application/zip",
              attributes: str = "") -> str:
    return (f"<edXML:Reference{attributes}><edXML:ContentId>cid:{content_id}</edXML:ContentId>"
            f"<edXML:ContentType>{content_type}</edXML:ContentType>"
            f"<edXML:AttachmentName>{name}</edXML:AttachmentName></edXML:Reference>")


HEADER = ("<edXML:From><edXML:OrganId>H99.01</edXML:OrganId><edXML:OrganName>Văn phòng</edXML:OrganName></edXML:From>"
          "<edXML:To><edXML:OrganId>H99.02</edXML:OrganId><edXML:OrganName>Sở Nội vụ</edXML:OrganName></edXML:To>"
          "<edXML:DocumentId>H99.01,2026/01/31,12/QĐ-VP</edXML:DocumentId>"
          "<edXML:Code><edXML:CodeNumber>12</edXML:CodeNumber><edXML:CodeNotation>QĐ-VP</edXML:CodeNotation></edXML:Code>"
          "<edXML:Subject>Về việc thử</edXML:Subject>")


def document(header: str = HEADER, *, trace: str = "", references: str | None = None, attachments: str | None = None,
             root: str = f'<edXML xmlns="{NAMESPACE}">',
             declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> bytes:
    """A document packet of the usual shape, as UTF-8."""
    manifest = reference() if references is None else references
    files = attachment() if attachments is None else attachments
    return (f'{declaration}{root}<edXML:edXMLEnvelope xmlns:edXML="{NAMESPACE}"><edXML:edXMLHeader>'
            f"<edXML:MessageHeader>{header}</edXML:MessageHeader>"
            f"<edXML:TraceHeaderList>{trace}</edXML:TraceHeaderList></edXML:edXMLHeader>"
            f'<edXML:edXMLBody><edXML:edXMLManifest version="1.0">{manifest}</edXML:edXMLManifest></edXML:edXMLBody>'
            f"</edXML:edXMLEnvelope><AttachmentEncoded>{files}</AttachmentEncoded></edXML>\n").encode()
