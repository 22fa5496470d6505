"""What this office says in packets: its documents and the statuses of what it received (exchange, 2.9 and 4)."""

from __future__ import annotations

from collections.abc import Sequence

from docclient.exchange.dates import write_date, write_time
from docclient.exchange.packet import (
    NEW_DOCUMENT,
    Business,
    Code,
    DocumentHeader,
    DocumentPacket,
    DocumentType,
    Operation,
    Organization,
    OtherInfo,
    PromulgationInfo,
    Replacement,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    attach,
)
from docclient.office.model import Actor, Document
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.office import OfficeFacts, OutboxItem


def own_organization(facts: OfficeFacts) -> Organization:
    return Organization(organ_id=facts.agency_code, organ_name=facts.agency_name,
                        organization_in_charge=facts.parent_name or None)


def document_packet(view: DocumentView, facts: OfficeFacts, item: OutboxItem, content: bytes,
                    answered: Sequence[Document], *, annexes: Sequence[tuple[str, bytes]] = (),
                    replaced: Sequence[Document] = ()) -> DocumentPacket:
    """A document for one recipient, its signed and sealed PDF attached, and its annexes (name, content). replaced: the
    documents that it takes the place of (BussinessDocType 3), else it is a new one."""
    document = view.document
    issued = write_date(document.issued_date) if document.issued_date else None
    header = DocumentHeader(
        sender=own_organization(facts),
        to=(Organization(organ_id=item.recipient_code, organ_name=item.recipient_name),),
        document_id=document.exchange_id, code=Code(code_number=document.code_number,
                                                    code_notation=document.code_notation),
        promulgation_info=PromulgationInfo(place=document.issued_place, promulgation_date=issued),
        document_type=DocumentType(type_name=document.type_name), subject=document.subject,
        signer_info=SignerInfo(position=document.signer_position, full_name=document.signer_name),
        due_date=write_date(document.due_date) if document.due_date else None,
        other_info=OtherInfo(priority=str(int(document.urgency)), promulgation_amount=str(len(view.deliveries))),
        response_for=tuple(reference_to(each) for each in answered),
        to_places=tuple(each.agency_name for each in view.deliveries))
    hop = TraceHeader(organ_id=facts.agency_code, timestamp=write_time(item.at))
    business = NEW_DOCUMENT if not replaced else Business(
        business_doc_type=Operation.REPLACE.number, paper="0", replacements=tuple(
            Replacement(document_id=each.exchange_id, organ_ids=(item.recipient_code,)) for each in replaced))
    return DocumentPacket(header=header, trace=TraceHeaderList(trace_headers=(hop,), business=business),
                          attachments=(attach(file_name(document), content),
                                       *(attach(name, each) for name, each in annexes)))


def recall_packet(view: DocumentView, facts: OfficeFacts, item: OutboxItem) -> DocumentPacket:
    """Asks one recipient to cancel a document (thu hồi): BussinessDocType 1, the document meant named in ResponseFor,
    its reason in BussinessDocReason; no file goes with it (exchange, section 3)."""
    document = view.document
    header = DocumentHeader(
        sender=own_organization(facts),
        to=(Organization(organ_id=item.recipient_code, organ_name=item.recipient_name),),
        document_id=document.exchange_id, code=Code(code_number=document.code_number,
                                                    code_notation=document.code_notation),
        promulgation_info=PromulgationInfo(
            place=document.issued_place,
            promulgation_date=write_date(document.issued_date) if document.issued_date else None),
        document_type=DocumentType(type_name=document.type_name), subject=document.subject,
        signer_info=SignerInfo(position=document.signer_position, full_name=document.signer_name),
        response_for=(reference_to(document),))
    business = Business(business_doc_type=Operation.REVOKE.number, business_doc_reason=item.description or None,
                        paper="0")
    hop = TraceHeader(organ_id=facts.agency_code, timestamp=write_time(item.at))
    return DocumentPacket(header=header, trace=TraceHeaderList(trace_headers=(hop,), business=business))


def file_name(document: Document) -> str:
    """What the recipient sees: number and symbol, as files are usually named (`15-UBND-VP.signed.pdf`)."""
    return f"{document.number_and_symbol.replace('/', '-')}.signed.pdf"


def status_packet(document: Document, facts: OfficeFacts, item: OutboxItem, me: Actor) -> StatusPacket:
    """What became of a document we received, for its sender."""
    return StatusPacket(header=StatusHeader(
        sender=own_organization(facts), response_for=(reference_to(document),),
        staff_info=StaffInfo(department=me.posts[0].unit_name if me.posts else None, staff=me.name),
        status_code=item.status_code, description=item.description or None, timestamp=write_time(item.at)))


def reference_to(document: Document) -> ResponseFor:
    return ResponseFor(
        organ_id=document.issuer_code, code=document.number_and_symbol or None,
        promulgation_date=write_date(document.issued_date) if document.issued_date else None,
        document_id=document.exchange_id)
