"""Packets as JSON for other programs: the answer of `packet read`, and the description that `packet write` takes.

Fields carry the names of QCVN 102's elements in snake_case; values are texts as received.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from docclient.exchange.blocks import Block, Kind, OtherElement, entries
from docclient.exchange.dates import parse_date, parse_time, rfc3339, write_date
from docclient.exchange.errors import FieldWrong
from docclient.exchange.packet import (
    Attachment,
    Business,
    DocumentHeader,
    Operation,
    Organization,
    Packet,
    Problem,
    StatusPacket,
)
from docclient.exchange.statuses import text_of
from docclient.words import Language, phrase

B = TypeVar("B", bound=Block)

_DATES = {"promulgation_date", "due_date"}


def packet_as_json(packet: Packet, language: Language = Language.VIETNAMESE) -> dict[str, Any]:
    """The answer of `packet read` without what the caller adds to its files (signatures, where they were put)."""
    document: dict[str, Any] = {
        "format": packet.format.value,
        "kind": "status" if isinstance(packet, StatusPacket) else "document",
        "business": None,
        "damaged": packet.damaged,
        "refused": packet.refused,
        "problems": problems_as_json(packet.problems, language),
        "header": block_as_json(packet.header) | {"from": block_as_json(packet.header.sender or Organization())},
        "trace_header_list": [block_as_json(hop) for hop in packet.trace.trace_headers],
        "attachments": [],
        "status": None,
        "packet_signature": "not_verifiable" if packet.signed else None,
        "errors": [block_as_json(error) for error in packet.errors],
        "unknown_elements": _unknown(packet),
    }
    if isinstance(packet, StatusPacket):
        document["header"] |= {"document_id": None, "code": None, "promulgation_info": None, "document_type": None,
                               "subject": None}
        document["status"] = _status(packet, language)
        return document
    operation = packet.business.operation
    document["business"] = operation.value if operation else None
    document["business_info"] = block_as_json(packet.business)
    document["attachments"] = [attachment_as_json(file, language) for file in packet.attachments]
    return document


def attachment_as_json(file: Attachment, language: Language) -> dict[str, Any]:
    return {
        "name": file.name,
        "description": file.description,
        "content_id": file.content_id,
        "declared_type": file.declared_type,
        "actual_type": file.actual_type,
        "size": file.size,
        "sha256": file.sha256,
        "lost": file.lost,
        "problems": problems_as_json(file.problems, language),
        "signatures": None,
    }


def problems_as_json(problems: Sequence[Problem], language: Language) -> list[dict[str, str]]:
    return [{"code": problem.code.value, "detail": problem.detail,
             "message": phrase(f"packet_problem.{problem.code.value}", language)} for problem in problems]


def block_as_json(block: Block) -> dict[str, Any]:
    """A block by its fields' names; None for what the packet does not say."""
    found: dict[str, Any] = {}
    for entry in entries(type(block)):
        value = getattr(block, entry.attribute)
        if isinstance(value, Block):
            value = block_as_json(value)
        elif isinstance(value, tuple):
            value = [block_as_json(item) if isinstance(item, Block) else item for item in value]
        found[entry.json] = value
    return found


def header_from_json(source: Mapping[str, Any]) -> DocumentHeader:
    """The header that a description gives. Raises FieldWrong for unknown fields and for values of another kind."""
    return _block_from_json(DocumentHeader, source, "header")


def business_from_json(operation: object, info: object) -> Business:
    """Business from `business` (new, revoke, update, replace) and `business_info`. Raises FieldWrong."""
    business = Business() if info is None else _block_from_json(Business, info, "business_info")
    if operation is None and business.business_doc_type is None:
        operation = Operation.NEW.value
    fields = {entry.attribute: getattr(business, entry.attribute) for entry in entries(Business)}
    if operation is not None:
        known = next((one for one in Operation if one.value == operation), None)
        if known is None:
            raise FieldWrong(field="business")
        fields["business_doc_type"] = known.number
    fields["paper"] = {"true": "1", "false": "0", None: "0"}.get(fields["paper"], fields["paper"])
    return Business(**fields)


def _block_from_json(block: type[B], source: object, path: str) -> B:
    if not isinstance(source, Mapping):
        raise FieldWrong(field=path)
    known = {entry.json: entry for entry in entries(block)}
    values: dict[str, Any] = {}
    for name, value in source.items():
        entry, place = known.get(name), f"{path}.{name}"
        if entry is None:
            raise FieldWrong(field=place)
        if value is None:
            continue
        if entry.kind is Kind.LEAF:
            values[entry.attribute] = _leaf(value, name, place)
        elif entry.kind is Kind.ONE:
            assert entry.block is not None
            values[entry.attribute] = _block_from_json(entry.block, value, place)
        else:
            items = value if isinstance(value, list) else [value]
            values[entry.attribute] = tuple(
                _block_from_json(entry.block, item, f"{place}[{number}]") if entry.block else _leaf(item, name, place)
                for number, item in enumerate(items))
    return block(**values)


def _leaf(value: object, name: str, place: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int)):
        raise FieldWrong(field=place)
    text = str(value)
    if name in _DATES and text.strip():
        day = parse_date(text.strip())
        if day is None:
            raise FieldWrong(field=place)
        return write_date(day)
    return text


def _status(packet: StatusPacket, language: Language) -> dict[str, Any]:
    header = packet.header
    moment = parse_time(header.timestamp)
    return {
        "code": header.status_code or "",
        "text": text_of(header.status_code, language),
        "time": rfc3339(moment) if moment else None,
        "timestamp": header.timestamp,
        "description": header.description,
        "response_for": block_as_json(packet.response_for),
        "staff_info": block_as_json(header.staff_info) if header.staff_info else None,
    }


def _unknown(packet: Packet) -> list[dict[str, str]]:
    found = [{"place": extra.place, **_named(extra.element)} for extra in packet.extras]
    return found + _unknown_in(packet.header, "MessageHeader") + _unknown_in(packet.trace, "TraceHeaderList")


def _unknown_in(block: Block, place: str) -> list[dict[str, str]]:
    found = [{"place": place, **_named(other)} for other in block.others]
    for entry in entries(type(block)):
        value = getattr(block, entry.attribute)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Block):
                found += _unknown_in(item, f"{place}/{entry.inner or entry.element}")
    return found


def _named(element: OtherElement) -> dict[str, str]:
    namespace, _, local = element.name[1:].rpartition("}") if element.name.startswith("{") else ("", "", element.name)
    return {"name": local, "namespace": namespace, "text": element.text.strip()[:1000]}
