"""What is written reads back equal, whatever the header and the files hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from docclient.exchange.blocks import Block, Kind, OtherElement, entries
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.packet import (
    NEW_DOCUMENT,
    Attachment,
    Business,
    DocumentHeader,
    DocumentPacket,
    ErrorEntry,
    Operation,
    Organization,
    Packet,
    PlacedElement,
    Replacement,
    ResponseFor,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    UpdateInfo,
    attach,
)
from docclient.exchange.secrecy import is_level
from tests.exchange.packets import LETTER, NAMESPACE, docx, sample, zip_of, zipped

# every character that XML can carry, Vietnamese letters and mark-up among them more often
characters = st.one_of(
    st.sampled_from("ăâđêôơưĂẢạỹ <>&\"'/\\,.;\n\t]"),
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs", "Cc"]).filter(
        lambda character: character not in "\ufffe\uffff"))
words = st.text(characters, min_size=1, max_size=40).filter(lambda text: bool(text.strip()) and not is_level("", text))
long_words = st.one_of(words, words.map(lambda text: (text * 3000)[:6000]))
local_names = st.sampled_from(["Mới", "Extra", "X1", "a-b", "Ghi_chú"])
namespaces = st.sampled_from([f"{{{NAMESPACE}}}", "{urn:other}", ""])
names = st.builds(lambda namespace, local: namespace + local, namespaces, local_names)


def other_elements(depth: int = 2) -> st.SearchStrategy[OtherElement]:
    children = st.just(()) if depth == 0 else st.lists(
        st.builds(replace, other_elements(depth - 1), tail=st.one_of(st.just(""), words)), max_size=2).map(tuple)
    attributes = st.dictionaries(st.sampled_from(["a", "{urn:other}b", "{urn:third}c"]), words, max_size=2).map(
        lambda found: tuple(sorted(found.items())))
    return st.builds(lambda name, text, attributes, children: OtherElement(name, text, attributes, children),
                     names, st.one_of(st.just(""), words), attributes, children)


# few, or drawing them takes longer than everything else
some_others = st.sampled_from(range(6)).flatmap(
    lambda number: st.just(()) if number else st.tuples(other_elements()))


def blocks(block: type[Block]) -> st.SearchStrategy[Block]:
    """Any block of this kind: every field may be there or not."""
    fields: dict[str, st.SearchStrategy[object]] = {"others": some_others}
    for entry in entries(block):
        if entry.kind is Kind.LEAF:
            fields[entry.attribute] = st.none() | (long_words if entry.element in {"Content", "Staff"} else words)
        elif entry.kind is Kind.TEXTS:
            fields[entry.attribute] = st.lists(words, max_size=3).map(tuple)
        else:
            assert entry.block is not None
            inner = blocks(entry.block)
            fields[entry.attribute] = st.one_of(st.none(), inner) if entry.kind is Kind.ONE else \
                st.lists(inner, max_size=2).map(tuple)
    return st.builds(block, **fields)


def without_repeats(business: Block | None) -> Business:
    assert business is None or isinstance(business, Business)
    found = business or NEW_DOCUMENT
    return replace(found, replacements=tuple(dict.fromkeys(found.replacements)))


contents = st.one_of(st.binary(max_size=300), st.sampled_from([
    LETTER, docx(), zipped(LETTER), zip_of({"a": b"", "b": b""}), sample("status-01-arrived.edxml"), b"\0" * 100_000]))
extensions = st.sampled_from(["pdf", "docx", "zip", "doc", "PDF", "xlsx", "x y", "", "tar.gz", "đuôi"])


@st.composite
def attachments(draw: st.DrawFn) -> Attachment:
    name = draw(words).strip()
    made = attach(" ".join(f"{name}.{draw(extensions)}".split()), draw(contents), content_id=str(draw(st.uuids())))
    return replace(made, description=draw(st.none() | words.map(str.strip)),
                   field_name=draw(st.none() | words.map(str.strip)),
                   others=tuple(draw(st.lists(other_elements(), max_size=1))))


PLACES = ["edXML", "edXMLEnvelope", "edXMLHeader", "edXMLBody", "edXMLManifest", "AttachmentEncoded"]
extras = st.lists(st.builds(PlacedElement, st.sampled_from(PLACES), other_elements()), max_size=2)
errors = st.lists(blocks(ErrorEntry).filter(lambda error: not error.is_empty), max_size=1)


@st.composite
def documents(draw: st.DrawFn) -> DocumentPacket:
    header = draw(blocks(DocumentHeader))
    hops = draw(st.lists(blocks(TraceHeader), max_size=2))
    assert isinstance(header, DocumentHeader)
    files = draw(st.lists(attachments(), max_size=3, unique_by=lambda file: file.content_id))
    found = draw(extras)
    return DocumentPacket(
        header=header,
        trace=TraceHeaderList(trace_headers=tuple(hop for hop in hops if isinstance(hop, TraceHeader)),
                              business=without_repeats(draw(blocks(Business)))),
        attachments=tuple(files),
        errors=tuple(error for error in draw(errors) if isinstance(error, ErrorEntry)),
        extras=tuple(sorted(found, key=lambda extra: PLACES.index(extra.place))))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_a_document_packet_reads_back_equal(packet: DocumentPacket) -> None:
    read = read_packet(write_packet(packet))
    assert read == packet
    assert not read.damaged


organisations = blocks(Organization).filter(lambda each: not each.is_empty)


@pytest.mark.parametrize("operation", [*(each.number for each in Operation), "7"])
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(packet=documents(), business=blocks(Business), receivers=st.lists(organisations, min_size=2, max_size=4),
       update=blocks(UpdateInfo), replaced=st.lists(blocks(Replacement).filter(lambda each: not each.is_empty),
                                                    min_size=1, max_size=3, unique=True),
       paper=st.sampled_from(["0", "1"]), files=st.lists(attachments(), min_size=2, max_size=3,
                                                         unique_by=lambda file: file.content_id),
       about=st.lists(blocks(ResponseFor).filter(lambda each: not each.is_empty), min_size=1, max_size=2))
def test_every_kind_of_document_packet_reads_back_equal(
        operation: str, packet: DocumentPacket, business: Business, receivers: list[Organization], update: UpdateInfo,
        replaced: list[Replacement], paper: str, files: list[Attachment], about: list[ResponseFor]) -> None:
    """To several recipients, with annexes, with what the kind itself says, and whatever else stood there."""
    packet = replace(
        packet, header=replace(packet.header, to=tuple(receivers), response_for=tuple(about)), attachments=tuple(files),
        trace=replace(packet.trace, business=replace(business, business_doc_type=operation, paper=paper, update=update,
                                                     replacements=tuple(replaced))))
    written = write_packet(packet)
    read = read_packet(written)
    assert isinstance(read, DocumentPacket) and read == packet and not read.damaged
    assert (read.business.paper_follows, len(read.header.to)) == (paper == "1", len(receivers))
    assert write_packet(read) == written


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks(StatusHeader), st.sampled_from(["01", "02", "03", "04", "05", "06", "13", "15", "16", "09"]))
def test_a_status_packet_reads_back_equal(header: Block, code: str) -> None:
    assert isinstance(header, StatusHeader)
    packet = StatusPacket(header=replace(header, status_code=code))
    assert read_packet(write_packet(packet)) == packet


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(attachments())
def test_files_come_back_byte_for_byte_with_their_type(file: Attachment) -> None:
    read = read_packet(write_packet(DocumentPacket(header=DocumentHeader(), attachments=(file,))))
    assert isinstance(read, DocumentPacket)
    [found] = read.attachments
    assert (found.name, found.content, found.sha256, found.actual_type) == (
        file.name, file.content, file.sha256, file.actual_type)


@pytest.mark.parametrize("name", ["new.edxml", "replace.edxml", "new-three-files.edxml", "status-01-arrived.edxml",
                                  "status-03-accepted.edxml"])
def test_a_real_packet_written_again_keeps_every_field(name: str) -> None:
    packet = read_packet(sample(name))
    again = read_packet(write_packet(packet))
    assert header_and_trace(again) == header_and_trace(packet)
    if isinstance(packet, DocumentPacket) and isinstance(again, DocumentPacket):
        assert [(file.name, file.content, file.content_id, file.description) for file in again.attachments] == \
            [(file.name, file.content, file.content_id, file.description) for file in packet.attachments]


def header_and_trace(packet: Packet) -> tuple[object, ...]:
    return packet.header, packet.trace, packet.extras, packet.errors


def test_what_is_written_is_well_formed_and_the_same_every_time() -> None:
    packet = read_packet(sample("replace.edxml"))
    written = write_packet(packet)
    assert etree.fromstring(written).tag == f"{{{NAMESPACE}}}edXML"
    assert write_packet(packet) == written
