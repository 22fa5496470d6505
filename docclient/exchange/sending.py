"""What a packet needs before it may travel, and the packets that answer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from docclient.exchange.blocks import Block, OtherElement, entries
from docclient.exchange.dates import parse_date, write_time
from docclient.exchange.directory import folded
from docclient.exchange.errors import FieldMissing, FieldWrong, ReasonNeeded, SecrecyNotCarried, StatusNotKnown
from docclient.exchange.packet import (
    DocumentPacket,
    Organization,
    Packet,
    ResponseFor,
    StaffInfo,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    document_id,
)
from docclient.exchange.secrecy import is_level
from docclient.exchange.statuses import FROM_SENDER, NEED_REASON, StatusCode


def prepared_for_sending(packet: DocumentPacket, now: datetime) -> DocumentPacket:
    """The packet with what sending adds: a DocumentId in three parts where it has none, and this hop in the trace.

    Raises: FieldMissing, FieldWrong for a packet that receivers would refuse. `now` must be aware.
    """
    header = packet.header
    sender = _complete(header.sender, "from")
    if not header.to:
        raise FieldMissing(field="to")
    for number, receiver in enumerate(header.to):
        _complete(receiver, f"to[{number}]")
    if len({folded(receiver.organ_id) for receiver in header.to}) < len(header.to):
        raise FieldWrong(field="to")
    if header.code is None or not (header.code.code_number and header.code.code_notation):
        raise FieldMissing(field="code")
    issued = parse_date(header.promulgation_info.promulgation_date if header.promulgation_info else None)
    if issued is None:
        raise FieldMissing(field="promulgation_info.promulgation_date")
    for value, field in ((header.document_type and header.document_type.type_name, "document_type.type_name"),
                         (header.subject, "subject"), (header.signer_info and header.signer_info.full_name,
                                                       "signer_info.full_name"), (packet.attachments, "attachments")):
        if not value:
            raise FieldMissing(field=field)
    own_id = sender.organ_id or ""
    trace = packet.trace
    if not any(folded(hop.organ_id) == folded(own_id) for hop in trace.trace_headers):
        hop = TraceHeader(organ_id=own_id, timestamp=write_time(now))
        trace = replace(trace, trace_headers=(*trace.trace_headers, hop))
    trace = replace(trace, business=packet.business)
    if not header.document_id:
        header = replace(header, document_id=document_id(own_id, issued, header.code))
    return replace(packet, header=header, trace=trace)


def refuse_secrecy(packet: Packet) -> None:
    """Raises SecrecyNotCarried when any element of the packet declares a secrecy level."""
    blocks: tuple[Block, ...] = (packet.header, packet.trace, *packet.errors)
    kept = [placed.element for placed in packet.extras]
    if packet.refused or any(is_level(*text) for block in blocks for text in _block_texts(block)) \
            or any(is_level(*text) for element in kept for text in _other_texts(element)):
        raise SecrecyNotCarried


def _complete(organization: Organization | None, field: str) -> Organization:
    if organization is None or not organization.organ_id:
        raise FieldMissing(field=f"{field}.organ_id")
    if not organization.organ_name:
        raise FieldMissing(field=f"{field}.organ_name")
    return organization


def status_for(packet: DocumentPacket, code: str, reporter: Organization, now: datetime, *, description: str = "",
               staff: StaffInfo | None = None) -> StatusPacket:
    """The status packet that reports on a document packet.

    `ResponseFor` names the other party: the document's sender, or for 13 (taken back) the receiver it went to.

    Args:
        description: what people read; the reason for 02, 13 and 16.
        now: aware.
    Raises: StatusNotKnown, ReasonNeeded, FieldMissing.
    """
    known = StatusCode.of(code)
    if known is None:
        raise StatusNotKnown(code=code)
    if known in NEED_REASON and not description.strip():
        raise ReasonNeeded(code=known.value)
    _complete(reporter, "from")
    header = packet.header
    other = header.to[0] if known in FROM_SENDER and header.to else header.sender
    if other is None or not other.organ_id:
        raise FieldMissing(field="response_for.organ_id")
    if not header.document_id:
        raise FieldMissing(field="document_id")
    return StatusPacket(header=StatusHeader(
        sender=reporter,
        response_for=(ResponseFor(
            organ_id=other.organ_id, code=header.code.text if header.code else None,
            promulgation_date=header.promulgation_info.promulgation_date if header.promulgation_info else None,
            document_id=header.document_id),),
        staff_info=staff, status_code=known.value, description=description or None, timestamp=write_time(now)))


def _block_texts(block: Block) -> Iterator[tuple[str, str]]:
    for entry in entries(type(block)):
        value = getattr(block, entry.attribute)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Block):
                yield from _block_texts(item)
            elif isinstance(item, str):
                yield entry.inner or entry.element, item
    for other in block.others:
        yield from _other_texts(other)


def _other_texts(element: OtherElement) -> Iterator[tuple[str, str]]:
    yield element.name.rpartition("}")[2], element.text
    for name, value in element.attributes:
        yield name.rpartition("}")[2], value
    for child in element.children:
        yield from _other_texts(child)
