"""A whole case file as facts, with the field names of NĐ 30/2020, Annex VI (records-work 9.3) in snake_case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """One file of a document. kind: main, annex. path: within the exported folder. signed: it carries signatures."""

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    path: str
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceHeader:
    """One act on an incoming document: direction, distribution, state (TraceHeaderList)."""

    at: datetime
    name: str
    act: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    organ_id: str
    organ_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """One document of a case file. flow: incoming, outgoing. arrival_*: of incoming ones. to: of outgoing ones."""

    doc_ordinal: int
    flow: str
    type_name: str
    code_number: str = ""
    code_notation: str = ""
    issued_date: date | None = None
    organ_name: str = ""
    subject: str = ""
    language: str = ""
    page_amount: int | None = None
    description: str = ""
    position: str = ""
    full_name: str = ""
    priority: int = 0
    due_date: date | None = None
    issued_amount: int | None = None
    to: tuple[Recipient, ...] = ()
    arrival_date: date | None = None
    arrival_number: int | None = None
    to_places: str = ""
    trace: tuple[TraceHeader, ...] = ()
    files: tuple[FileFacts, ...] = ()

    @property
    def number_and_symbol(self) -> str:
        return "/".join(part for part in (self.code_number, self.code_notation) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileFacts:
    """The file's own facts. documents: in the order of time."""

    organ_id: str
    file_catalog: int
    file_notation: str
    title: str
    maintenance: str
    rights: str
    creator: str
    language: str
    start_date: date | None = None
    end_date: date | None = None
    description: str = ""
    documents: tuple[DocumentFacts, ...] = field(default=())

    @property
    def file_code(self) -> str:
        return f"{self.organ_id}.{self.file_catalog}.{self.file_notation}"

    @property
    def doc_total(self) -> int:
        return len(self.documents)

    @property
    def page_total(self) -> int:
        return sum(each.page_amount or 0 for each in self.documents)
