"""Reading edXML packets as real systems write them: tolerant of form, never tricked, honest about every oddity.

`read_packet` returns a `Packet` with its problems, or raises a trouble of `docclient.exchange.errors`; nothing else,
whatever the bytes. Nothing in a packet is used as a path, no attachment is opened by itself, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from docclient.errors import trouble_of_os_error
from docclient.exchange.block_reader import STRUCTURE, BlockReader
from docclient.exchange.blocks import by_element
from docclient.exchange.edxml_bytes import skeleton_of
from docclient.exchange.edxml_tree import tree_of
from docclient.exchange.errors import NotAPacket, NotXml, PacketTooLarge
from docclient.exchange.header_checks import problems_of_document, problems_of_status
from docclient.exchange.manifest import attachments_of
from docclient.exchange.older_formats import recognise, with_usual_names
from docclient.exchange.packet import (
    NEW_DOCUMENT,
    Business,
    DocumentHeader,
    DocumentPacket,
    ErrorEntry,
    Format,
    Packet,
    PlacedElement,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
)
from docclient.exchange.problems import Problem, ProblemCode
from docclient.exchange.secrecy import levels

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes. Beyond them a packet is refused, or a file left packed; one gateway stops at packets of 50 MiB."""

    packet: int = 200 * MEBIBYTE
    one_file: int = 200 * MEBIBYTE
    all_files: int = 300 * MEBIBYTE

    def unpacked(self, packed: int) -> int:
        """What the files of a packet of `packed` bytes may grow to: enough for scans that shrink well, and no more,
        so that a small packet cannot take hundreds of megabytes of memory."""
        return min(self.all_files, max(SMALL_FILES, GROWTH * packed))


SMALL_FILES = 64 * MEBIBYTE
GROWTH = 8


LIMITS = Limits()

_PLACES = {"edxml": "edXML", "edxmlenvelope": "edXMLEnvelope", "edxmlheader": "edXMLHeader", "edxmlbody": "edXMLBody",
           "edxmlmanifest": "edXMLManifest", "manifest": "edXMLManifest", "attachmentencoded": "AttachmentEncoded"}
_SIGNATURES = frozenset({"signature", "digitalsignature"})


def read_packet_file(path: Path, limits: Limits = LIMITS) -> Packet:
    """Read the packet in a file. Raises FileNotReadable, and what `read_packet` raises."""
    try:
        size = path.stat().st_size
        if size > limits.packet:
            raise PacketTooLarge(file=path.name, size=size, limit=limits.packet)
        data = path.read_bytes()
    except OSError as error:
        raise trouble_of_os_error(error, path) from error
    return read_packet(data, file=path.name, limits=limits)


def read_packet(data: bytes, *, file: str = "", limits: Limits = LIMITS) -> Packet:
    """Read a packet from its bytes.

    Args:
        file: its name, for the facts of a trouble only.
    Raises: NotXml, NotAPacket, PacketTooLarge, PacketTooComplex.
    """
    if len(data) > limits.packet:
        raise PacketTooLarge(file=file, size=len(data), limit=limits.packet)
    size, skeleton = len(data), skeleton_of(data, file)
    del data                           # after a change of encoding the skeleton has its own
    tree = tree_of(skeleton, file)
    family = recognise(tree.root)
    if family is None:
        raise (NotXml if tree.salvaged else NotAPacket)(file=file)
    reader = BlockReader(skeleton, tree.salvaged, any_namespace=family is not Format.QCVN102,
                         problems=[*skeleton.problems, *tree.problems])
    for field in levels(_texts(tree.root, reader)):
        reader.note(ProblemCode.SECRECY_LEVEL, field)
    if family is not Format.QCVN102:
        return _older(tree.root, reader, family)
    return _current(tree.root, reader, limits.one_file, limits.unpacked(size))


def _current(root: etree._Element, reader: BlockReader, one_file: int, all_files: int) -> Packet:
    header = _first(root, reader, "messageheader")
    if header is None:
        # a namespace of the envelope that is nearly ours, or a broken tag
        reader.accept_any_namespace()
        header = _first(root, reader, "messageheader")
        if header is None and reader.salvaged:
            header = _likely_header(root, reader)
        reader.note(ProblemCode.HEADER_MISSING if header is None else ProblemCode.NAMESPACE_WRONG)
    elif "}" not in str(header.tag):
        reader.note(ProblemCode.NAMESPACE_WRONG)
    files = attachments_of(root, reader, one_file, all_files)
    signed = bool(reader.named(root, *_SIGNATURES))
    trace = _trace(root, reader)
    errors = tuple(reader.read(ErrorEntry, element) for element in reader.named(root, "error")
                   if _inside(element, reader, "errorlist"))
    extras = () if reader.salvaged else tuple(_extras(root, reader))
    if header is not None and _is_status(header, reader):
        status = StatusPacket(header=reader.read(StatusHeader, header), trace=trace, errors=errors, extras=extras,
                              signed=signed)
        return replace(status, problems=_closed(reader, problems_of_status(status.header)))
    document_header = DocumentHeader() if header is None else reader.read(DocumentHeader, header)
    if trace.business is None:
        trace = replace(trace, business=NEW_DOCUMENT)
    packet = DocumentPacket(header=document_header, trace=_without_repeated_replacements(trace, reader),
                            attachments=files, errors=errors, extras=extras, signed=signed)
    if not files:
        reader.note(ProblemCode.FILES_MISSING)
    return replace(packet, problems=_closed(reader, problems_of_document(packet.header, packet.trace)))


def _older(root: etree._Element, reader: BlockReader, family: Format) -> Packet:
    reader.note(ProblemCode.OLDER_FORMAT, family.value)
    header = _first(root, reader, "messageheader")
    if header is None:
        return DocumentPacket(header=DocumentHeader(), format=family, problems=tuple(reader.problems))
    with_usual_names(header)
    if _is_status(header, reader):
        return StatusPacket(header=reader.read(StatusHeader, header), format=family, problems=tuple(reader.problems))
    return DocumentPacket(header=reader.read(DocumentHeader, header), trace=TraceHeaderList(business=NEW_DOCUMENT),
                          format=family, problems=tuple(reader.problems))


def _closed(reader: BlockReader, more: Iterator[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys([*reader.problems, *more]))


def _likely_header(root: etree._Element, reader: BlockReader) -> etree._Element | None:
    """The element of a salvaged tree that holds most of what a header holds, when its own tag is lost."""
    known = set(by_element(DocumentHeader))
    counted = ((len({reader.local(child) for child in element} & known), element) for element in root.iter())
    most, found = max(counted, key=lambda pair: pair[0], default=(0, None))
    return found if most >= 3 else None


def _is_status(header: etree._Element, reader: BlockReader) -> bool:
    """A header with a status code; or one that answers for a document and describes none."""
    names = {reader.local(element) for element in (header.iter() if reader.salvaged else header)}
    if "statuscode" in names:
        return True
    return "responsefor" in names and "timestamp" in names and not names & {"to", "subject", "documentid", "code"}


def _trace(root: etree._Element, reader: BlockReader) -> TraceHeaderList:
    """The trace list; in a salvaged tree also hops and business that lost their list."""
    found = _first(root, reader, "traceheaderlist")
    trace = TraceHeaderList() if found is None else reader.read(TraceHeaderList, found)
    if not reader.salvaged:
        return trace
    if not trace.trace_headers:
        hops = tuple(reader.read(TraceHeader, element) for element in reader.named(root, "traceheader"))
        trace = replace(trace, trace_headers=hops)
    business = _first(root, reader, "bussiness")
    if trace.business is None and business is not None:
        trace = replace(trace, business=reader.read(Business, business))
    return trace


def _without_repeated_replacements(trace: TraceHeaderList, reader: BlockReader) -> TraceHeaderList:
    """Each replaced document once: real packets repeat the entry."""
    business = trace.business
    if business is None:
        return trace
    once = tuple(dict.fromkeys(business.replacements))
    if len(once) == len(business.replacements):
        return trace
    reader.note(ProblemCode.REPLACEMENT_REPEATED, str(len(business.replacements) - len(once)))
    return replace(trace, business=replace(business, replacements=once))


def _first(root: etree._Element, reader: BlockReader, name: str) -> etree._Element | None:
    return next(iter(reader.named(root, name)), None)


def _inside(element: etree._Element, reader: BlockReader, name: str) -> bool:
    parent = element.getparent()
    return parent is not None and reader.local(parent) == name


def _extras(root: etree._Element, reader: BlockReader) -> Iterator[PlacedElement]:
    """Elements between the known blocks that we do not know: kept with the place where they stood."""
    for parent in reader.named(root, *_PLACES):
        for child in parent:
            name = reader.local(child)
            known = name in STRUCTURE and name not in _SIGNATURES
            if not known and isinstance(child.tag, str) and (kept := reader.other(child)) is not None:
                yield PlacedElement(_PLACES[reader.local(parent) or ""], kept)


def _texts(root: etree._Element, reader: BlockReader) -> Iterator[tuple[str, str]]:
    """Names and short texts of all elements and attributes, whatever their namespace, to look for secrecy levels."""
    for element in root.iter():
        tag: object = element.tag
        if not isinstance(tag, str):
            continue
        text = (element.text or "").strip()
        if not len(element) and len(text) <= 200 and reader.skeleton.mark not in text:
            yield tag.rpartition("}")[2].rpartition(":")[2], text
        for name, value in element.attrib.items():
            yield str(name).rpartition("}")[2].rpartition(":")[2], str(value)[:200]
