"""Inputs for a long fuzz of the reader: a pool grown from the samples, and changes of every layer of a packet.

Bytes, the XML tree, the prolog and encoding, base64, the ZIP inside it, and the letter that carries it. Everything
follows from a `random.Random`, so that an input can be made again from its seed.
"""

from __future__ import annotations

import base64
import random
import re
import struct
import zipfile
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from io import BytesIO

from lxml import etree

from docclient.exchange.blocks import Block, Kind, entries
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.packet import (
    Business,
    DocumentHeader,
    DocumentPacket,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    attach,
)
from tests.exchange.mutations import TOKENS, mutated
from tests.exchange.packets import LETTER, NAMESPACE, SAMPLES, attachment, document, docx, reference, zip_of, zipped

PAYLOAD = re.compile(rb">([A-Za-z0-9+/=\s]{40,})<")
VALUES = ("", " ", "0", "1", "-1", "2026/01/31", "2026/02/30", "31/01/2026", "2026/01/31 25:61:61", "9" * 400, "null",
          "cid:f1", "../../a.pdf", "C:\\a.exe", "a/b.pdf", "MẬT", "Tuyệt mật", "13", "99", "H99.01", "\u202egpj.exe",
          "a" * 5000, "&#10;", "<b>", "true", "Ủy ban nhân dân", "12/QĐ-VP", "x" * 70_000, "\ud7ff", "\U0001f600",
          "e" + "\u0301" * 50)
NAMES = ("From", "To", "DocumentId", "Code", "OtherInfo", "ResponseFor", "StatusCode", "Bussiness", "Business",
         "Attachment", "AttachmentEncoded", "ContentTransferEncoded", "ContentTransferEncoding", "Reference",
         "edXMLManifest", "Manifest", "MessageHeader", "TraceHeaderList", "ErrorList", "Error", "Signature", "Secret",
         "Receiver", "ReplacementInfo", "ContentId", "AttachmentName", "Unknown", "edXML", "Envelope", "Body")
SPACES = ("", NAMESPACE, "urn:other", "http://www.e-doc.vn/Schema/", "http://www.go.vn/eDoc",
          "http://www.inetcloud.vn/ns/edxml", "http://schemas.xmlsoap.org/soap/envelope/", NAMESPACE + "/", "a b")
PROLOGS = (b"\xef\xbb\xbf", b"\r\n\r\n", b"junk ", b"<!-- a -->", b"<?x y?>", b"<!DOCTYPE a>",
           b"<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]>", b"<!DOCTYPE",
           b'<?xml version="1.1"?>', b'<?xml version="1.0" encoding="windows-1258"?>',
           b'<?xml version="1.0" encoding="UTF-16"?>', b'<?xml version="1.0" encoding="utf-7"?>',
           b'<?xml version="1.0" encoding="EBCDIC-CP-US"?>', b'<?xml version="1.0" encoding="idna"?>',
           b"Content-Type: text/xml; start=<a>\r\n\r\n", b"\x00", b"\xff\xfe", b"\xfe\xff", b" " * 5000)
LARGEST_COPIED = 20_000     # bytes
Change = Callable[[bytes, random.Random], bytes]


@cache
def seeds() -> tuple[bytes, ...]:
    """The samples, and one packet of every kind with every field."""
    real = [path.read_bytes() for path in sorted(SAMPLES.glob("*.edxml"))]
    files = tuple(attach(name, content, content_id=f"f{number}") for number, (name, content) in enumerate((
        ("12-QĐ-VP.pdf", LETTER), ("phụ lục.docx", docx()), ("nhiều.zip", zip_of({"a": b"1", "b": b"2"})),
        ("trống.txt", b""), ("gói.doc", real[-1])), 1))
    trace = TraceHeaderList(trace_headers=(filled(TraceHeader), filled(TraceHeader)), business=filled(Business))
    every = write_packet(DocumentPacket(header=filled(DocumentHeader), trace=trace, attachments=files))
    status = write_packet(StatusPacket(header=filled(StatusHeader)))
    soap = every.replace(b"<edXML xmlns", b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns', 1)
    return (*real, document(), every, status, soap.replace(b"</edXML>", b"</s:Envelope>"),
            every.replace(NAMESPACE.encode(), b"http://www.e-doc.vn/Schema/"),
            document(trace="<edXML:Bussiness/>", references=reference() * 3, attachments=attachment() * 2),
            document(references=reference(attributes=' xlink:href="cid:f1"')))


def filled(block: type[Block], depth: int = 0) -> Block:
    """A block with something in every field."""
    values: dict[str, object] = {}
    for entry in entries(block):
        if entry.kind is Kind.LEAF:
            values[entry.attribute] = f"{entry.element} {depth}"
        elif entry.kind is Kind.TEXTS:
            values[entry.attribute] = ("một", "hai")
        else:
            assert entry.block is not None
            inner = filled(entry.block, depth + 1)
            values[entry.attribute] = inner if entry.kind is Kind.ONE else (inner, filled(entry.block, depth + 2))
    return block(**values)


def changed(seed: bytes, other: bytes, dice: random.Random) -> bytes:
    """One to three changes, each of any layer."""
    for _ in range(dice.choice((1, 1, 2, 3))):
        kind = dice.randrange(10)
        if kind < 3:
            seed = mutated(seed, other, dice)
        elif kind < 6:
            seed = tree_changed(seed, dice)
        else:
            seed = dice.choice(LAYERS)(seed, dice)
    return seed


def tree_changed(data: bytes, dice: random.Random) -> bytes:
    """A well-formed packet again, of another shape; bytes that do not parse are left."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return data
    for _ in range(dice.choice((1, 1, 2, 4))):
        nodes = [each for each in root.iter() if isinstance(each.tag, str)]
        one_node_changed(dice.choice(nodes), dice.choice(nodes), dice)
    try:
        return etree.tostring(root, encoding=dice.choice(("UTF-8", "UTF-8", "UTF-8", "UTF-16", "us-ascii")),
                              xml_declaration=dice.random() < 0.9)
    except (LookupError, UnicodeError):
        return data


def one_node_changed(node: etree._Element, other: etree._Element, dice: random.Random) -> None:
    parent, kind = node.getparent(), dice.randrange(9)
    if kind == 0 and parent is not None:
        parent.remove(node)
    elif kind == 1:
        node.text = dice.choice(VALUES)
    elif kind == 2:
        space, name = dice.choice(SPACES[:6]), dice.choice(NAMES)
        node.tag = f"{{{space}}}{name}" if space else name
    elif kind == 3 and parent is not None:
        size = len(etree.tostring(node, with_tail=False))
        for _ in range(dice.choice((1, 2, 20)) if size < LARGEST_COPIED else 0):
            copied = deepcopy(node)               # not parsed anew: what grew may be deeper than a parser goes
            copied.tail = None
            parent.insert(dice.randrange(len(parent) + 1), copied)
    elif kind == 4 and node is not other and other not in node.iterancestors() and node not in other.iterancestors():
        other.append(node)
    elif kind == 5:
        inner = node
        for _ in range(dice.choice((1, 5, 200))):
            inner = etree.SubElement(inner, dice.choice(NAMES))
        inner.text = dice.choice(VALUES)
    elif kind == 6:
        node.set(dice.choice(("id", "href", "{http://www.w3.org/1999/xlink}href", "{urn:other}a")), dice.choice(VALUES))
    elif kind == 7:
        node.insert(0, dice.choice((etree.Comment("x"), etree.ProcessingInstruction("x", "y"))))
    else:
        node[:] = sorted(node, key=lambda _: dice.random())
        node.tail = dice.choice(("", "text", None))


def prolog_changed(data: bytes, dice: random.Random) -> bytes:
    if dice.random() < 0.3:
        return dice.choice(PROLOGS) + data
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data, count=1)
    if dice.random() < 0.3:
        text = body.decode("utf-8", "replace")
        return dice.choice(PROLOGS) + text.encode(dice.choice(("utf-16", "utf-16-be", "cp1258", "utf-7")), "replace")
    return dice.choice(PROLOGS) + dice.choice(PROLOGS) + body


def payload_changed(data: bytes, dice: random.Random) -> bytes:
    """The text of a payload: other letters, padding, line breaks, a cut, a data address, references."""
    found = dice.choice(list(PAYLOAD.finditer(data)) or [None])
    if found is None:
        return data
    text = found[1]
    at = dice.randrange(len(text))
    text = dice.choice((
        lambda: text[:at], lambda: text[at:], lambda: text[:at] + b"=" + text[at:], lambda: text[:at] + b"==\n",
        lambda: b"\r\n".join(text[each:each + 76] for each in range(0, len(text), 76)),
        lambda: b"data:application/zip;base64," + text, lambda: text.replace(b"+", b"-").replace(b"/", b"_"),
        lambda: text + text, lambda: b"<![CDATA[" + text + b"]]>", lambda: text[:at] + b"&#65;" + text[at:],
        lambda: text[:at] + b"<!-- -->" + text[at:], lambda: text[:at] + b"\xef\xbf\xbd\xef\xbf\xbd" + text[at:],
        lambda: b"noidung", lambda: text[:at] + dice.choice(TOKENS) + text[at:], lambda: text.hex().encode()))()
    return data[:found.start(1)] + text + data[found.end(1):]


def archive_changed(data: bytes, dice: random.Random) -> bytes:
    """The ZIP in a payload: another one, or the same with its fields and bytes changed."""
    found = dice.choice(list(PAYLOAD.finditer(data)) or [None])
    if found is None:
        return data
    try:
        packed = base64.b64decode(found[1])
    except ValueError:
        packed = zipped(LETTER)
    if dice.random() < 0.5 or not packed:
        packed = dice.choice(ARCHIVES)(dice)
    else:
        packed = fields_changed(bytearray(packed), dice)
    return data[:found.start(1)] + base64.b64encode(packed) + data[found.end(1):]


def fields_changed(packed: bytearray, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 6))):
        heads = [found.start() for found in re.finditer(rb"PK(\x03\x04|\x01\x02|\x05\x06)", packed)] or [0]
        at = min(len(packed) - 1, dice.choice(heads) + dice.randrange(46))
        if dice.random() < 0.5:
            packed[at:at + 4] = struct.pack("<I", dice.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, len(packed))))
        else:
            packed[at] = dice.randrange(256)
    return bytes(packed[:dice.randrange(len(packed))]) if dice.random() < 0.1 else bytes(packed)


def many_entries(dice: random.Random) -> bytes:
    return archive_of(dice.choice((0, 2, 2, 50, 50, 4000)), dice.randrange(3))


@cache
def archive_of(count: int, kind: int) -> bytes:
    return zip_of({f"{VALUES[kind]}{number}": b"x" for number in range(count)})


def bomb(dice: random.Random) -> bytes:
    """Grows up to a thousandfold, up to 300 MiB."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, \
            archive.open(zipfile.ZipInfo("a.pdf"), "w") as stream:
        for _ in range(dice.choice((17, 60, 300)) if dice.random() < 0.02 else 1):
            stream.write(dice.choice((b"\0", b"ab ")) * (1 << 19))
    return out.getvalue()


def nested(dice: random.Random) -> bytes:
    inner = dice.choice((LETTER, document(), docx(), b"", b"MZ" + bytes(100), dice.randbytes(3000)))
    for _ in range(dice.choice((1, 2, 5))):
        inner = zipped(inner, dice.choice(("a.zip", "a.pdf", "../a", "a/b", "a", "a.docx", "đuôi.đuôi")))
    return inner


def of_any_method(dice: random.Random) -> bytes:
    return zip_of({"a.pdf": LETTER}, dice.choice((zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_STORED)))


ARCHIVES: tuple[Callable[[random.Random], bytes], ...] = (many_entries, bomb, nested, nested, of_any_method)
LAYERS: tuple[Change, ...] = (prolog_changed, payload_changed, payload_changed, archive_changed, archive_changed)


def letter_around(packet: bytes, dice: random.Random) -> bytes:
    """A message with the packet and a document attached, and then changed."""
    parts = b"".join(
        b"--edge\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment; filename=\"%b\"\r\n\r\n%b\r\n" % (name, base64.encodebytes(content))
        for content, name in ((packet, b"a.edxml"), (LETTER, b"12-Q=C4=90.pdf")))
    data = bytearray(
        b"From: =?utf-8?q?V=C4=83n_th=C6=B0?= <vanthu@so.example>\r\nSubject: =?utf-8?q?G=E1=BB=ADi?=\r\n"
        b"Message-ID: <%x@so.example>\r\nDate: Thu, 5 Mar 2026 08:00:00 +0700\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=edge\r\n\r\n"
        b"--edge\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"\r\nK\xc3\xadnh g\xe1\xbb\xadi.\r\n" % dice.getrandbits(64) + parts + b"--edge--\r\n")
    for _ in range(dice.choice((1, 2, 5, 20))):
        at = dice.randrange(min(len(data), 3000))
        data[at:at + dice.choice((0, 1, 5, 50))] = dice.choice((*LETTER_TOKENS, *TOKENS))
    return bytes(data)


LETTER_TOKENS = (b"Content-Type: multipart/mixed; boundary=\"a\"\n", b"Content-Type: message/rfc822\n\n", b"--",
                 b"Content-Transfer-Encoding: uuencode\n", b"Content-Transfer-Encoding: base64\n", b"\n\n", b"\r",
                 b"From: =?utf-8?b?w?=\n", b"Date: 99 Foo 0\n", b"filename*0*=utf-8''%e1", b"=?x?q?=ff?=",
                 b"charset=idna", b"charset=\"unicode-escape\"", b"From: a@b, <c>, (((\n", b"Message-ID: <[\n",
                 b"Subject: " + b"a" * 5000)
