"""What a header lacks or overdoes: problems for a person to see, none of which stops the reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docclient.exchange.blocks import Block, Kind, entries
from docclient.exchange.dates import parse_date, parse_time
from docclient.exchange.directory import folded
from docclient.exchange.packet import DocumentHeader, Organization, StatusHeader, TraceHeaderList
from docclient.exchange.problems import Problem, ProblemCode
from docclient.exchange.statuses import StatusCode

LONGEST = {"Subject": 500, "Content": 500, "OrganAdd": 500, "OrganName": 200, "Place": 150, "Email": 100,
           "Telephone": 20, "Fax": 20, "TyperNotation": 10}
"""Characters that one large validator accepts; more is worth a warning, never a loss."""
LONGEST_FILE_NAME = 500


def problems_of_document(header: DocumentHeader, trace: TraceHeaderList) -> Iterator[Problem]:
    yield from _parties(header.sender, header.to)
    if not header.to:
        yield Problem(ProblemCode.RECIPIENT_MISSING)
    if not header.document_id:
        yield Problem(ProblemCode.DOCUMENT_ID_MISSING)
    if not header.subject:
        yield Problem(ProblemCode.SUBJECT_MISSING)
    issued = header.promulgation_info.promulgation_date if header.promulgation_info else None
    for name, value in (("PromulgationDate", issued), ("DueDate", header.due_date)):
        if value and parse_date(value) is None:
            yield Problem(ProblemCode.DATE_UNREADABLE, name)
    if trace.business and trace.business.operation is None:
        yield Problem(ProblemCode.BUSINESS_UNKNOWN, (trace.business.business_doc_type or "")[:20])
    yield from too_long(header)


def problems_of_status(header: StatusHeader) -> Iterator[Problem]:
    yield from _parties(header.sender, header.to)
    if not header.status_code:
        yield Problem(ProblemCode.STATUS_CODE_MISSING)
    elif StatusCode.of(header.status_code) is None:
        yield Problem(ProblemCode.STATUS_UNKNOWN, header.status_code[:20])
    if not any(answered.document_id or answered.code for answered in header.response_for):
        yield Problem(ProblemCode.DOCUMENT_ID_MISSING)
    if header.timestamp and parse_time(header.timestamp) is None:
        yield Problem(ProblemCode.DATE_UNREADABLE, "Timestamp")
    yield from too_long(header)


def too_long(block: Block) -> Iterator[Problem]:
    """Values longer than receivers are known to accept."""
    for entry in entries(type(block)):
        value = getattr(block, entry.attribute)
        if entry.kind is Kind.LEAF:
            values: tuple[object, ...] = (value,)
            name = entry.element
        else:
            values = value if isinstance(value, tuple) else (value,)
            name = entry.inner
        for one in values:
            if isinstance(one, Block):
                yield from too_long(one)
            elif isinstance(one, str) and len(one) > LONGEST.get(name, len(one)):
                yield Problem(ProblemCode.VALUE_TOO_LONG, f"{name}: {len(one)} > {LONGEST[name]}")


def _parties(sender: Organization | None, to: tuple[Organization, ...]) -> Iterator[Problem]:
    if sender is None or not (sender.organ_id or sender.organ_name):
        yield Problem(ProblemCode.SENDER_MISSING)
    repeated = Counter(folded(organization.organ_id) for organization in to if organization.organ_id)
    for organ_id, times in repeated.items():
        if times > 1:
            yield Problem(ProblemCode.RECIPIENT_REPEATED, organ_id[:100])
