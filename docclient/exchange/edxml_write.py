"""Writing edXML packets in the form that every reader seen so far accepts.

The root and the attachments in the default namespace, the envelope with the prefix `edXML`, header elements in the
usual order, each file alone in a ZIP and so declared on both sides. What is written reads back equal."""

from __future__ import annotations

import binascii
import re
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO

from lxml import etree

from docclient.exchange.archives import BOMB_RATIO
from docclient.exchange.blocks import Block, Entry, Kind, OtherElement, entries
from docclient.exchange.content_types import ZIP, extension_of
from docclient.exchange.edxml_tree import EDXML
from docclient.exchange.errors import CharacterNotAllowed, FieldWrong
from docclient.exchange.packet import (
    Attachment,
    DocumentPacket,
    Packet,
    PlacedElement,
    StatusPacket,
    TraceHeaderList,
)
from docclient.exchange.sending import refuse_secrecy

_STEP = 3 << 18                        # a multiple of three, so that base64 blocks join without padding
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)    # the same packet gives the same bytes: sending again is no new packet


def write_packet(packet: Packet) -> bytes:
    """The packet as UTF-8 XML.

    Raises: CharacterNotAllowed for a text that XML cannot carry, SecrecyNotCarried for a packet with a secrecy level.
    """
    return b"".join(packet_pieces(packet))


def packet_pieces(packet: Packet) -> Iterator[bytes]:
    """The same in pieces, so that a large packet goes to a file without lying in memory twice.

    Raises as `write_packet`: whatever can be refused is refused before the first piece.
    """
    refuse_secrecy(packet)
    if isinstance(packet, StatusPacket):
        envelope = "".join(_status_envelope(packet))
    else:
        envelope = "".join(_document_envelope(packet))
    files = packet.attachments if isinstance(packet, DocumentPacket) else ()
    heads = ["".join(_attachment_head(file, number)) for number, file in enumerate(files, 1)]
    rest = "".join(_placed(packet.extras, "edXML", 1))
    beyond = "".join(_placed(packet.extras, "AttachmentEncoded", 2))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{EDXML}">\n{envelope}'.encode()
    if files or beyond:
        yield b"  <AttachmentEncoded>\n"
        for file, head in zip(files, heads, strict=True):
            yield head.encode()
            if file.content is not None:
                yield f'      <edXML:ContentTransferEncoded xmlns:edXML="{EDXML}">'.encode()
                yield from _base64(_zipped(file))
                yield b"</edXML:ContentTransferEncoded>\n"
            yield b"    </Attachment>\n"
        yield f"{beyond}  </AttachmentEncoded>\n".encode()
    yield f"{rest}</edXML>\n".encode()


def _document_envelope(packet: DocumentPacket) -> Iterator[str]:
    extras = packet.extras
    yield f'  <edXML:edXMLEnvelope xmlns:edXML="{EDXML}">\n    <edXML:edXMLHeader>\n'
    yield from _block("MessageHeader", packet.header, 3)
    yield from _block("TraceHeaderList", replace(packet.trace, business=packet.business), 3)
    yield from _errors(packet)
    yield from _placed(extras, "edXMLHeader", 3)
    yield '    </edXML:edXMLHeader>\n    <edXML:edXMLBody>\n      <edXML:edXMLManifest version="1.0">\n'
    for number, file in enumerate(packet.attachments, 1):
        yield "        <edXML:Reference>\n"
        yield _leaf("ContentId", f"cid:{file.content_id or f'file-{number}'}", 5)
        yield _leaf("ContentType", _declared(file), 5)
        yield _leaf("Description", file.description, 5)
        yield _leaf("AttachmentName", file.name, 5)
        yield "        </edXML:Reference>\n"
    yield from _placed(extras, "edXMLManifest", 4)
    yield "      </edXML:edXMLManifest>\n"
    yield from _placed(extras, "edXMLBody", 3)
    yield "    </edXML:edXMLBody>\n"
    yield from _placed(extras, "edXMLEnvelope", 2)
    yield "  </edXML:edXMLEnvelope>\n"


def _status_envelope(packet: StatusPacket) -> Iterator[str]:
    yield f'  <edXML:edXMLEnvelope xmlns:edXML="{EDXML}">\n    <edXML:edXMLHeader>\n'
    *header, end = _block("MessageHeader", packet.header, 3)
    yield from header
    if packet.header.status_code is None:      # the element alone tells a status from a document
        yield "        <edXML:StatusCode></edXML:StatusCode>\n"
    yield end
    if packet.trace != TraceHeaderList():
        yield from _block("TraceHeaderList", packet.trace, 3)
    yield from _errors(packet)
    yield from _placed(packet.extras, "edXMLHeader", 3)
    yield "    </edXML:edXMLHeader>\n"
    listed, beside = (list(_placed(packet.extras, place, 4)) for place in ("edXMLManifest", "edXMLBody"))
    if listed or beside:                   # a status has no body, but some sender gave this one something there
        yield "    <edXML:edXMLBody>\n"
        if listed:
            yield f'      <edXML:edXMLManifest version="1.0">\n{"".join(listed)}      </edXML:edXMLManifest>\n'
        yield f"{''.join(beside)}    </edXML:edXMLBody>\n"
    yield from _placed(packet.extras, "edXMLEnvelope", 2)
    yield "  </edXML:edXMLEnvelope>\n"


def _errors(packet: Packet) -> Iterator[str]:
    if packet.errors:
        yield "      <edXML:ErrorList>\n"
        for error in packet.errors:
            yield from _block("Error", error, 4)
        yield "      </edXML:ErrorList>\n"


def _attachment_head(file: Attachment, number: int) -> Iterator[str]:
    """Everything of an Attachment but its payload; without a prefix, as attachments stand outside the envelope."""
    yield "    <Attachment>\n"
    for element, value in (("ContentId", f"cid:{file.content_id or f'file-{number}'}"), ("AttachmentName", file.name),
                           ("Description", file.description), ("FieldName", file.field_name),
                           ("MimeType", file.mime_type), ("Format", file.format), ("ContentType", _declared(file))):
        yield _leaf(element, value, 3, prefix="")
    for other in file.others:
        yield f"      {_other(other, '')}\n"


def _declared(file: Attachment) -> str:
    return ZIP if file.content is not None else file.declared_type or ZIP


def _block(name: str, block: Block, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}<edXML:{name}>\n"
    for entry in entries(type(block)):
        yield from _field(entry, getattr(block, entry.attribute), depth + 1)
    for other in block.others:
        yield f"{indent}  {_other(other, 'edXML:')}\n"
    yield f"{indent}</edXML:{name}>\n"


def _field(entry: Entry, value: object, depth: int) -> Iterator[str]:
    if entry.kind is Kind.LEAF:
        yield _leaf(entry.element, value if isinstance(value, str) else None, depth)
    elif isinstance(value, Block):
        yield from _block(entry.element, value, depth)
    elif isinstance(value, tuple) and entry.kind is Kind.MANY:
        for item in value:
            yield from _block(entry.element, item, depth)
    elif isinstance(value, tuple) and value:
        yield f"{'  ' * depth}<edXML:{entry.element}>\n"
        for item in value:
            if isinstance(item, Block):
                yield from _block(entry.inner, item, depth + 1)
            else:
                yield _leaf(entry.inner, item, depth + 1)
        yield f"{'  ' * depth}</edXML:{entry.element}>\n"


def _leaf(element: str, value: str | None, depth: int, *, prefix: str = "edXML:") -> str:
    if value is None:
        return ""
    return f"{'  ' * depth}<{prefix}{element}>{_escaped(value, element)}</{prefix}{element}>\n"


def _placed(extras: Iterable[PlacedElement], place: str, depth: int) -> Iterator[str]:
    prefix = "" if place in {"edXML", "AttachmentEncoded"} else "edXML:"
    for extra in extras:
        if extra.place == place:
            yield f"{'  ' * depth}{_other(extra.element, prefix)}\n"


def _other(element: OtherElement, prefix: str) -> str:
    """An unknown element as it was; `prefix` stands for our namespace, others are declared where they occur."""
    namespace, local = _name_parts(element.name)
    if namespace == EDXML and prefix:
        tag, declared = f"{prefix}{local}", ""
    else:
        tag, declared = local, f' xmlns="{_attribute(namespace, local)}"'
    attributes: list[str] = []
    for number, (name, value) in enumerate(element.attributes):
        space, own = _name_parts(name)
        if space == "http://www.w3.org/XML/1998/namespace":
            attributes.append(f' xml:{own}="{_attribute(value, local)}"')
        elif space:
            attributes.append(f' xmlns:a{number}="{_attribute(space, local)}"')
            attributes.append(f' a{number}:{own}="{_attribute(value, local)}"')
        else:
            attributes.append(f' {own}="{_attribute(value, local)}"')
    inside = _escaped(element.text, local) + "".join(
        _other(child, prefix) + _escaped(child.tail, local) for child in element.children)
    return f"<{tag}{declared}{''.join(attributes)}>{inside}</{tag}>"


def _name_parts(name: str) -> tuple[str, str]:
    """Namespace and local name of a name in Clark notation. Raises FieldWrong for what is no XML name."""
    try:
        qualified = etree.QName(name)
    except ValueError as error:
        raise FieldWrong(field="others") from error
    return qualified.namespace or "", qualified.localname


def _escaped(text: str, field: str) -> str:
    _refuse_unwritable(text, field)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute(text: str, field: str) -> str:
    return _escaped(text, field).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _refuse_unwritable(text: str, field: str) -> None:
    if found := _NOT_XML.search(text):
        raise CharacterNotAllowed(field=field, character=f"U+{ord(found[0]):04X}")


def _zipped(file: Attachment) -> bytes:
    """The file alone in a ZIP, under a name of ours with its extension; stored where it would look like a bomb."""
    content = file.content or b""
    extension = extension_of(file.name)
    extension = extension if re.fullmatch(r"[a-z0-9]{1,10}", extension) else ""
    name = str(uuid.uuid5(uuid.NAMESPACE_OID, file.content_id))
    entry = zipfile.ZipInfo(f"{name}.{extension}" if extension else name, _ENTRY_DATE)
    sample = content[:1 << 20]
    shrinks = len(sample) > (BOMB_RATIO // 4) * len(zlib.compress(sample, 1)) if len(content) > 1 << 20 else False
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if shrinks else zipfile.ZIP_DEFLATED) as archive:
        entry.compress_type = archive.compression
        archive.writestr(entry, content)
    return packed.getvalue()


def _base64(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _STEP):
        yield binascii.b2a_base64(memoryview(content)[start:start + _STEP], newline=False)
