# ruff: noqa: RUF009 - leaf, one, many and the like return dataclass fields
"""What an edXML packet says: `Packet` is a `DocumentPacket` or a `StatusPacket`.

Element names, cardinalities and order: QCVN 102:2016/BTTTT as seen in traffic. All values are texts as received
(numbers, dates and codes too): other systems fill these fields in ways of their own, and what they wrote must survive.
`docclient.exchange.dates` reads the dates.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self

from docclient.exchange.blocks import Block, OtherElement, leaf, many, one, texts, wrapped
from docclient.exchange.content_types import type_of
from docclient.exchange.dates import parse_date, write_date
from docclient.exchange.problems import DAMAGING, FILE_LOST, REFUSED, Problem, ProblemCode

__all__ = [     "Attachment", "Business", "Code", "DocumentHeader", "DocumentPacket", "DocumentType", "ErrorEntry",
"Format", "Operation",     "Organization", "OtherElement", "OtherInfo", "Packet", "PlacedElement", "Problem",
"ProblemCode", "PromulgationInfo",     "Receiver", "Replacement", "ResponseFor", "SignerInfo", "StaffInfo",
"StatusHeader", "StatusPacket",     "TraceHeader", "TraceHeaderList", "attach", "document_id", ]


class Format(StrEnum):
    """Which family of packets it is; only `qcvn102` is read whole, of the others the header."""

    QCVN102 = "qcvn102"
    CV2803 = "cv2803"
    INETCLOUD = "inetcloud"
    OTHER = "other"


class Operation(StrEnum):
    """What kind of packet it is (BussinessDocType 0–3)."""

    NEW = "new"
    REVOKE = "revoke"
    UPDATE = "update"
    REPLACE = "replace"

    @property
    def number(self) -> str:
        return str(list(Operation).index(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Block):
    """An agency. organ_id is opaque: old codes (000.00.00.H41), new ones (H37.DN.001) and free texts all occur."""

    organ_id: str | None = leaf("OrganId")
    organization_in_charge: str | None = leaf("OrganizationInCharge")
    organ_name: str | None = leaf("OrganName")
    organ_add: str | None = leaf("OrganAdd")
    email: str | None = leaf("Email")
    telephone: str | None = leaf("Telephone")
    fax: str | None = leaf("Fax")
    website: str | None = leaf("Website")

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        return cls(organ_name=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Block):
    """Number (số; letters occur) and symbol (ký hiệu) of a document."""

    code_number: str | None = leaf("CodeNumber")
    code_notation: str | None = leaf("CodeNotation")

    @property
    def text(self) -> str:
        """As printed: 12/QĐ-VP."""
        return "/".join(part for part in (self.code_number, self.code_notation) if part)

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        number, _, notation = text.partition("/")
        return cls(code_number=number, code_notation=notation)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromulgationInfo(Block):
    place: str | None = leaf("Place")
    promulgation_date: str | None = leaf("PromulgationDate")

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        return cls(promulgation_date=text) if parse_date(text) else cls(place=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentType(Block):
    """Show and match on `type_name`: senders disagree about the numbers."""

    type: str | None = leaf("Type")
    type_detail: str | None = leaf("TypeDetail")
    type_name: str | None = leaf("TypeName")

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        return cls(type_name=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfo(Block):
    competence: str | None = leaf("Competence")
    position: str | None = leaf("Position")
    full_name: str | None = leaf("FullName")

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        return cls(full_name=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherInfo(Block):
    """priority: 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ."""

    priority: str | None = leaf("Priority")
    sphere_of_promulgation: str | None = leaf("SphereOfPromulgation")
    typer_notation: str | None = leaf("TyperNotation")
    promulgation_amount: str | None = leaf("PromulgationAmount")
    page_amount: str | None = leaf("PageAmount")
    reply_fors: str | None = leaf("ReplyFors")
    reference_codes: str | None = leaf("ReferenceCodes")
    direction: str | None = leaf("Direction")
    appendixes: tuple[str, ...] = texts("Appendixes", "Appendix")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFor(Block):
    """A document that this one answers, revokes or reports on. organ_id: the other party."""

    organ_id: str | None = leaf("OrganId")
    code: str | None = leaf("Code")
    promulgation_date: str | None = leaf("PromulgationDate")
    document_id: str | None = leaf("DocumentId")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInfo(Block):
    department: str | None = leaf("Department")
    department_id: str | None = leaf("DepartmentId")
    staff: str | None = leaf("Staff")
    staff_id: str | None = leaf("StaffId")
    email: str | None = leaf("Email")
    mobile: str | None = leaf("Mobile")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHeader(Block):
    """MessageHeader of a document packet."""

    sender: Organization | None = one("From", Organization, json="from")
    to: tuple[Organization, ...] = many("To", Organization)
    document_id: str | None = leaf("DocumentId")
    code: Code | None = one("Code", Code)
    promulgation_info: PromulgationInfo | None = one("PromulgationInfo", PromulgationInfo)
    document_type: DocumentType | None = one("DocumentType", DocumentType)
    subject: str | None = leaf("Subject")
    content: str | None = leaf("Content")
    signer_info: SignerInfo | None = one("SignerInfo", SignerInfo)
    due_date: str | None = leaf("DueDate")
    other_info: OtherInfo | None = one("OtherInfo", OtherInfo)
    response_for: tuple[ResponseFor, ...] = many("ResponseFor", ResponseFor)
    steering_type: str | None = leaf("SteeringType")
    response_for_task: tuple[str, ...] = texts("ResponseForTask", "TaskCode")
    application_type: str | None = leaf("ApplicationType")
    to_places: tuple[str, ...] = texts("ToPlaces", "Place")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusHeader(Block):
    """MessageHeader of a status packet: who reports, on which document, what became of it."""

    sender: Organization | None = one("From", Organization, json="from")
    to: tuple[Organization, ...] = many("To", Organization)
    response_for: tuple[ResponseFor, ...] = many("ResponseFor", ResponseFor)
    staff_info: StaffInfo | None = one("StaffInfo", StaffInfo)
    status_code: str | None = leaf("StatusCode")
    description: str | None = leaf("Description")
    timestamp: str | None = leaf("Timestamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeader(Block):
    """One hop: the axis adds one for each system that the packet passed."""

    organ_id: str | None = leaf("OrganId")
    timestamp: str | None = leaf("Timestamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver(Block):
    """receiver_type: 0 removed, 1 added."""

    organ_id: str | None = leaf("OrganId")
    receiver_type: str | None = leaf("ReceiverType")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateInfo(Block):
    """BussinessDocumentInfo. document_info 1: content changed; document_receiver 1: receivers changed."""

    document_info: str | None = leaf("DocumentInfo")
    document_receiver: str | None = leaf("DocumentReceiver")
    receivers: tuple[Receiver, ...] = wrapped("ReceiverList", "Receiver", Receiver, json="receiver_list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Block):
    """A document that this one replaces, at which agencies."""

    document_id: str | None = leaf("DocumentId")
    organ_ids: tuple[str, ...] = texts("OrganIdList", "OrganId", json="organ_id_list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Business(Block):
    """`Bussiness`, spelt so by the standard. document_id: what an update is about. paper 1: paper follows."""

    document_id: str | None = leaf("DocumentId")
    business_doc_type: str | None = leaf("BussinessDocType")
    business_doc_reason: str | None = leaf("BussinessDocReason")
    paper: str | None = leaf("Paper")
    update: UpdateInfo | None = one("BussinessDocumentInfo", UpdateInfo, json="business_document_info")
    replacements: tuple[Replacement, ...] = wrapped("ReplacementInfoList", "ReplacementInfo", Replacement,
                                                    json="replacement_info_list")
    staff_info: StaffInfo | None = one("StaffInfo", StaffInfo)

    @property
    def operation(self) -> Operation | None:
        """New where nothing is said; None for a number that nobody has explained."""
        number = (self.business_doc_type or "0").lstrip("0") or "0"
        return next((operation for operation in Operation if operation.number == number), None)

    @property
    def paper_follows(self) -> bool:
        return (self.paper or "").casefold() in {"1", "true"}


NEW_DOCUMENT = Business(business_doc_type=Operation.NEW.number, paper="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeaderList(Block):
    trace_headers: tuple[TraceHeader, ...] = many("TraceHeader", TraceHeader)
    business: Business | None = one("Bussiness", Business, aliases=("Business",))


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEntry(Block):
    """What a gateway found wrong (older formats, one province's service)."""

    code: str | None = leaf("Code")
    description: str | None = leaf("Description")
    err_code: str | None = leaf("ErrCode")
    err_description: str | None = leaf("ErrDescription")


@dataclass(frozen=True, slots=True)
class PlacedElement:
    """An element outside the known blocks. place: the element it stood in (edXML, edXMLHeader, …)."""

    place: str
    element: OtherElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a packet.

    name: as the sender wrote it; never a path (`docclient.exchange.names.safe_file_name`).
    content: the file itself, unwrapped; None when it is missing or could not be decoded.
    declared_type: what the packet says; actual_type: what the bytes are (a media type, or "missing", "undecodable").
    """

    name: str
    content: bytes | None = field(repr=False)
    content_id: str
    actual_type: str
    declared_type: str | None = None
    description: str | None = None
    field_name: str | None = None
    mime_type: str | None = None
    format: str | None = None
    others: tuple[OtherElement, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def size(self) -> int:
        """Bytes of the file; 0 when there is none."""
        return len(self.content) if self.content is not None else 0

    @property
    def sha256(self) -> str | None:
        """Of the file, 64 lower-case hexadecimal digits; None when there is none."""
        return hashlib.sha256(self.content).hexdigest() if self.content is not None else None

    @property
    def lost(self) -> bool:
        """Whether its bytes cannot be what the sender meant."""
        return any(problem.code in FILE_LOST for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPacket:
    header: DocumentHeader
    trace: TraceHeaderList = TraceHeaderList(business=NEW_DOCUMENT)
    attachments: tuple[Attachment, ...] = ()
    errors: tuple[ErrorEntry, ...] = ()
    extras: tuple[PlacedElement, ...] = ()
    format: Format = Format.QCVN102
    signed: bool = field(default=False, compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def business(self) -> Business:
        return self.trace.business or NEW_DOCUMENT

    @property
    def damaged(self) -> bool:
        return is_damaged(self.problems)

    @property
    def refused(self) -> bool:
        """Whether the office must not take it in (a secrecy level)."""
        return any(problem.code in REFUSED for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPacket:
    header: StatusHeader
    trace: TraceHeaderList = TraceHeaderList()
    errors: tuple[ErrorEntry, ...] = ()
    extras: tuple[PlacedElement, ...] = ()
    format: Format = Format.QCVN102
    signed: bool = field(default=False, compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def response_for(self) -> ResponseFor:
        """The document it reports on; empty when the sender named none."""
        return self.header.response_for[0] if self.header.response_for else ResponseFor()

    @property
    def damaged(self) -> bool:
        return is_damaged(self.problems)

    @property
    def refused(self) -> bool:
        return any(problem.code in REFUSED for problem in self.problems)


Packet = DocumentPacket | StatusPacket


def is_damaged(problems: Iterable[Problem]) -> bool:
    return any(problem.code in DAMAGING for problem in problems)


def attach(name: str, content: bytes, *, description: str | None = None, content_id: str | None = None) -> Attachment:
    """A file to be sent, with an id of its own. `name` is what the receiver will see."""
    return Attachment(name=name, content=content, content_id=content_id or str(uuid.uuid4()),
                      declared_type="application/zip", actual_type=type_of(content), description=description)


def document_id(organ_id: str, issued: date, code: Code) -> str:
    """The id in three parts: sender's code, date of issue, number/symbol (`H99.01,2026/01/31,12/QĐ-VP`)."""
    return f"{organ_id},{write_date(issued)},{code.text}"
