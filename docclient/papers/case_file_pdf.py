"""A whole case file as one PDF: cover, contents list with page numbers, then every document in the order of time.

Putting pages of a signed PDF into another file ends its signature's validity, whatever is done. So the pages here are
for reading, with what the signatures draw turned into plain page content; and every original lies in the same file as
an attachment, bit by bit as the office keeps it, with its SHA-256 in the contents list, the metadata (XML) beside it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from pypdf import PdfReader, PdfWriter

from docclient.papers.case_file_model import CaseFileFacts, DocumentFacts, FileFacts
from docclient.papers.case_file_xml import case_file_xml
from docclient.papers.layout import day_text, journal_line
from docclient.papers.model import JournalHead
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase
from signing.files import replacing
from signing.pdfium import opened

Read = Callable[[FileFacts], bytes]
PDF = "application/pdf"
METADATA = "ho-so.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilePaper:
    """What stands on cover and contents list beside the facts. `printed_at` is aware."""

    agency: tuple[str, ...]
    parent: str
    facts: CaseFileFacts
    kept: str
    journal_head: JournalHead
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """The readable pages of one document's main file; none where it cannot be read as pages."""

    document: DocumentFacts
    pages: bytes
    count: int


def write_case_file_pdf(paper: CaseFilePaper, read: Read, target: Path) -> Path:
    """read: the bytes of a file. Raises what it raises, and FolderNotWritable, DiskFull."""
    parts = [part_of(document, read) for document in paper.facts.documents]
    front = front_pages(paper, parts)
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(front)), import_outline=False)
    for part in parts:
        if part.count:
            start = len(writer.pages)
            writer.append(PdfReader(io.BytesIO(part.pages)), import_outline=False)
            writer.add_outline_item(title=outline_of(part.document), page_number=start)
    for document in paper.facts.documents:
        for file in document.files:
            writer.add_attachment(Path(file.path).name, read(file))
    writer.add_attachment(METADATA, case_file_xml(paper.facts))
    writer.add_metadata({"/Title": paper.facts.title, "/Author": " ".join(paper.agency), "/Producer": "docclient"})
    writer.page_mode = "/UseOutlines"
    with replacing(target) as stream:
        writer.write(stream)
    return target


def part_of(document: DocumentFacts, read: Read) -> Part:
    main = next((each for each in document.files if each.kind == "main" and each.media_type == PDF), None)
    if main is None:
        return Part(document, b"", 0)
    pages = flat_pages(read(main))
    return Part(document, pages, len(PdfReader(io.BytesIO(pages)).pages) if pages else 0)


def flat_pages(content: bytes) -> bytes:
    """The pages with all that signatures and fields draw as plain content; nothing for a file that cannot be opened."""
    try:
        with opened(io.BytesIO(content)) as source:
            for index in range(len(source)):
                page = source[index]
                pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
                page.close()
            made = pypdfium2.PdfDocument.new()
            made.import_pages(source)
            written = io.BytesIO()
            made.save(written)
            made.close()
            return written.getvalue()
    except pypdfium2.PdfiumError:
        return b""


def front_pages(paper: CaseFilePaper, parts: Sequence[Part]) -> bytes:
    """Cover and contents; set twice, since the list's own length moves the pages it names."""
    front = 2
    for _ in range(3):
        made = set_front(paper, parts, front)
        count = len(PdfReader(io.BytesIO(made)).pages)
        if count == front:
            return made
        front = count
    return made


def set_front(paper: CaseFilePaper, parts: Sequence[Part], front: int) -> bytes:
    facts = paper.facts
    rows, page = [], front + 1
    for part in parts:
        document = part.document
        rows.append({
            "ordinal": str(document.doc_ordinal), "number": document.number_and_symbol,
            "day": day_text(document.issued_date), "subject": ": ".join(
                each for each in (document.type_name, document.subject) if each),
            "issuer": document.organ_name, "pages": page_range(page, part.count),
            "files": [f"{Path(each.path).name} · SHA-256 {each.sha256}" for each in document.files]})
        page += part.count
    said = {name: phrase(f"case_file_paper.{name}", Language.VIETNAMESE) for name in (
        "cover", "contents", "code", "maintenance", "kept", "creator", "time", "total", "reading", "ordinal", "number",
        "day", "subject", "issuer", "page")}
    with TemporaryDirectory(prefix="docclient-case-file-") as folder:
        return typeset("case_file", {
            "agency": list(paper.agency), "parent": paper.parent, "title": facts.title, "code": facts.file_code,
            "notation": facts.file_notation, "maintenance": facts.maintenance, "kept": paper.kept,
            "creator": facts.creator, "time": f"{day_text(facts.start_date)} – {day_text(facts.end_date)}",
            "total": phrase("case_file_paper.total_text", Language.VIETNAMESE, documents=facts.doc_total,
                            pages=sum(part.count for part in parts)),
            "rows": rows, "words": said,
            "printed_by": phrase("case_file_paper.printed_by", Language.VIETNAMESE, person=paper.printed_by),
            "journal_line": journal_line(paper.journal_head, paper.printed_at),
        }, paper.printed_at, Path(folder) / "front.pdf").read_bytes()


def page_range(first: int, count: int) -> str:
    if count == 0:
        return phrase("case_file_paper.attached", Language.VIETNAMESE)
    return str(first) if count == 1 else f"{first}–{first + count - 1}"


def outline_of(document: DocumentFacts) -> str:
    said = " · ".join(part for part in (document.number_and_symbol, document.subject) if part)
    return f"{document.doc_ordinal}. {said}"
