"""What speaks against closing a case file as it is: drafts, doubles, unfinished work, missing facts (NĐ 30 Art 29)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from docclient.office.case_files import CaseFile
from docclient.office.deadlines import ENDED
from docclient.office.model import Document, DocumentId, Flow, State
from docclient.store import tables
from docclient.store.work import Work, document_of


class ReviewKind(StrEnum):
    """Words codes `review.<value>`."""

    EMPTY = "empty"                    # nothing lies in the file
    DRAFT = "draft"                    # a draft, or a cancelled one
    UNFINISHED = "unfinished"          # still being handled
    DOUBLE = "double"                  # the same number, symbol and issuer lies in it twice
    NO_NUMBER = "no_number"
    NO_DATE = "no_date"
    NO_FILE = "no_file"


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """document: None where it speaks of the whole file. about: what a person knows it by."""

    kind: ReviewKind
    document: DocumentId | None
    about: str


DRAFTS = frozenset({State.DRAFT, State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE, State.CANCELLED})


def review_of(work: Work, file: CaseFile) -> list[ReviewFinding]:
    inside = tables.case_file_document
    rows = work.connection.execute(
        select(tables.document).join(inside, inside.c.document == tables.document.c.id)
        .where(inside.c.case_file == file.id).order_by(inside.c.ordinal)).mappings().all()
    documents = [document_of(row) for row in rows]
    if not documents:
        return [ReviewFinding(ReviewKind.EMPTY, None, file.notation)]
    with_file = set(work.connection.scalars(select(tables.file.c.document).where(
        tables.file.c.document.in_([each.id for each in documents]))))
    findings: list[ReviewFinding] = []
    known: set[tuple[str, str]] = set()
    for each in documents:
        findings += [ReviewFinding(kind, each.id, name_of(each)) for kind in kinds_of(each, each.id in with_file)]
        same = (each.number_and_symbol, each.issuer_name or "")
        if each.code_number and same in known:
            findings.append(ReviewFinding(ReviewKind.DOUBLE, each.id, name_of(each)))
        known.add(same)
    return findings


def kinds_of(document: Document, has_file: bool) -> list[ReviewKind]:
    if document.state in DRAFTS:
        return [ReviewKind.DRAFT]
    found = []
    if document.flow is Flow.INCOMING and document.state not in ENDED:
        found.append(ReviewKind.UNFINISHED)
    if not document.code_number:
        found.append(ReviewKind.NO_NUMBER)
    if document.issued_date is None:
        found.append(ReviewKind.NO_DATE)
    if not has_file:
        found.append(ReviewKind.NO_FILE)
    return found


def name_of(document: Document) -> str:
    return " · ".join(part for part in (document.number_and_symbol, document.subject) if part)
