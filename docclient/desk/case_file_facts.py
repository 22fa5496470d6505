"""A whole case file as facts for paper and XML: what the office says of it and of every document in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from docclient.office.case_files import CaseFile
from docclient.office.door import Office
from docclient.office.errors import NotFound
from docclient.office.model import Document, FileKind, Flow, HandlerRole
from docclient.office.queries.case_files import CaseFilePage, CaseFileView, InsideRow
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.papers.case_file_model import CaseFileFacts, DocumentFacts, FileFacts, Recipient, TraceHeader
from docclient.words import Language, has_words, phrase

EXPORTED = frozenset({FileKind.MAIN, FileKind.ANNEX})
LONGEST_NAME = 60


def case_file_facts(office: Office, case_file: str) -> tuple[CaseFileView, CaseFileFacts, dict[str, str]]:
    """The page, the facts with documents in the order of time, and the digest by each file's path.

    Raises: NotFound: the file, or a document in it that this person may not see: an export is whole or is not made.
    """
    view = office.ask(CaseFilePage(case_file))
    if any(row.document is None for row in view.inside):
        raise NotFound(what="document", id=view.file.notation)
    pages = [(row, office.ask(DocumentPage(row.document.id))) for row in view.inside if row.document is not None]
    pages.sort(key=lambda pair: (day_of(pair[1].document), pair[1].document.created_at))
    digests: dict[str, str] = {}
    documents = tuple(document_facts(row, page, digests) for row, page in pages)
    return view, facts_of(view, documents), digests


def facts_of(view: CaseFileView, documents: tuple[DocumentFacts, ...]) -> CaseFileFacts:
    file = view.file
    days = [each.issued_date for each in documents if each.issued_date]
    return CaseFileFacts(
        organ_id=file.organ_id, file_catalog=file.year, file_notation=file.notation, title=file.title,
        maintenance=retention_text(file), rights=vietnamese(f"rights.{file.rights.value}"),
        creator=view.row.owner_name, language=file.language,
        start_date=min(days) if days else file.start_date, end_date=max(days) if days else file.end_date,
        description=file.note, documents=documents)


def retention_text(file: CaseFile) -> str:
    return vietnamese(f"retention.{file.retention.name.lower()}")


def vietnamese(code: str) -> str:
    return phrase(code, Language.VIETNAMESE) if has_words(code) else code


def day_of(document: Document) -> object:
    return document.issued_date or document.arrival_date or document.created_at.date()


def document_facts(row: InsideRow, page: DocumentView, digests: dict[str, str]) -> DocumentFacts:
    document = page.document
    incoming = document.flow is Flow.INCOMING
    people = [each for each in page.handlers if each.role in {HandlerRole.LEAD, HandlerRole.HELPING}]
    return DocumentFacts(
        doc_ordinal=row.ordinal, flow=document.flow.value, type_name=document.type_name,
        code_number=document.code_number or "", code_notation=document.code_notation or "",
        issued_date=document.issued_date, organ_name=document.issuer_name or "", subject=document.subject,
        language=document.language or "", page_amount=document.page_amount, description=document.note or "",
        position=document.signer_position or "", full_name=document.signer_name or "",
        priority=document.urgency.value, due_date=document.due_date if incoming else document.reply_due_date,
        issued_amount=document.issued_amount,
        to=() if incoming else tuple(Recipient(organ_id=each.agency_code, organ_name=each.agency_name)
                                     for each in page.deliveries),
        arrival_date=document.arrival_date, arrival_number=document.arrival_number,
        to_places="; ".join(each.unit_name or each.name for each in people) if incoming else "",
        trace=tuple(TraceHeader(at=each.at, name=each.actor_name, act=vietnamese(f"done.{each.command}"),
                                words=each.words) for each in page.timeline) if incoming else (),
        files=tuple(file_facts(row, page, digests)))


def file_facts(row: InsideRow, page: DocumentView, digests: dict[str, str]) -> list[FileFacts]:
    """The current version of the document itself and of its annexes."""
    found: list[FileFacts] = []
    for file in page.files:
        if file.kind not in EXPORTED or not file.versions:
            continue
        current = file.current
        path = f"van-ban/{row.ordinal:03}-{len(found) + 1}-{safe_name(file.name)}"
        digests[path] = current.digest
        found.append(FileFacts(
            name=file.name, kind=file.kind.value, media_type=current.media_type, size=current.size,
            sha256=current.digest, path=path, signed=is_signed(current.report)))
    return found


def is_signed(report: Mapping[str, Any] | None) -> bool:
    return bool(report and report.get("signatures"))


def safe_name(name: str) -> str:
    """A name that every system takes: letters without marks, digits, points; the ending kept."""
    stem, _, ending = name.replace("Đ", "D").replace("đ", "d").rpartition(".")
    plain = "".join(c for c in unicodedata.normalize("NFD", stem or ending) if not unicodedata.combining(c))
    short = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME] or "tep"
    suffix = re.sub(r"[^A-Za-z0-9]", "", ending)[:8].lower() if stem else ""
    return f"{short}.{suffix}" if suffix else short
