"""What a packet of another operation, or a status 13, asks of documents that were received before."""

from __future__ import annotations

from collections.abc import Collection

from docclient.exchange.dates import parse_date, parse_time
from docclient.exchange.directory import folded
from docclient.exchange.packet import DocumentPacket, Operation, Organization, ResponseFor, StatusPacket
from docclient.office.changes import ChangeKind, Meant
from docclient.office.commands.changes import ReceiveRequest
from docclient.office.model import Digest

KIND_OF = {Operation.REVOKE: ChangeKind.REVOKE, Operation.UPDATE: ChangeKind.UPDATE,
           Operation.REPLACE: ChangeKind.REPLACE}


def documents_named(packet: DocumentPacket, our_codes: Collection[str]) -> tuple[Meant, ...]:
    """The documents that the packet is about: a revocation names them in ResponseFor, an update by the DocumentId of
    its Bussiness, a replacement in its list (entries for other agencies left out, repeated ones once); else the
    packet's own header names the document (exchange, section 3)."""
    business, header = packet.business, packet.header
    info = header.promulgation_info
    own = Meant(header.document_id or "", header.code.text if header.code else "",
                parse_date(info.promulgation_date) if info else None)
    if business.operation is Operation.UPDATE:
        return (Meant(business.document_id or own.exchange_id, own.number_and_symbol, own.issued_date),)
    if business.operation is Operation.REPLACE:
        ours = {folded(code) for code in our_codes}
        listed = dict.fromkeys(each.document_id for each in business.replacements if each.document_id
                               and (not each.organ_ids or {folded(code) for code in each.organ_ids} & ours))
        if listed:
            return tuple(Meant(identity) for identity in listed)
    named = tuple(meant_by(each) for each in header.response_for if each.document_id or each.code)
    return named or ((own,) if business.operation is Operation.REVOKE else ())


def meant_by(reference: ResponseFor) -> Meant:
    return Meant(reference.document_id or "", reference.code or "", parse_date(reference.promulgation_date))


def request_of(packet: DocumentPacket, kind: ChangeKind, stored: Digest, transport_id: str,
               our_codes: Collection[str]) -> ReceiveRequest:
    code, name = asker(packet.header.sender)
    said = [parse_time(each.timestamp) for each in packet.trace.trace_headers[:1]]
    return ReceiveRequest(transport_id, stored, kind, code, name, documents_named(packet, our_codes),
                          packet.business.business_doc_reason or "", said[0] if said else None)


def taking_back(packet: StatusPacket, stored: Digest, transport_id: str) -> ReceiveRequest:
    """Status 13: the original sender asks for its document back."""
    code, name = asker(packet.header.sender)
    return ReceiveRequest(transport_id, stored, ChangeKind.TAKE_BACK, code, name, (meant_by(packet.response_for),),
                          packet.header.description or "", parse_time(packet.header.timestamp))


def asker(sender: Organization | None) -> tuple[str, str]:
    code = (sender.organ_id if sender else None) or ""
    return code, (sender.organ_name if sender else None) or code
