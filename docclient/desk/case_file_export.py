"""A whole case file leaves the system: one PDF, the metadata as XML, and every original beside them (9.1, D4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docclient.desk.case_file_facts import case_file_facts
from docclient.office.case_files import CaseFile
from docclient.office.commands.using import NoteUse, Use
from docclient.office.door import Office
from docclient.office.model import Digest, now
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.papers.case_file_model import FileFacts
from docclient.papers.case_file_pdf import METADATA, CaseFilePaper, write_case_file_pdf
from docclient.papers.case_file_xml import write_case_file_xml
from docclient.papers.layout import day_text
from docclient.papers.model import JournalHead as PrintedHead
from docclient.words import Language, phrase
from signing.files import replacing

WHOLE = "ho-so.pdf"


@dataclass(frozen=True, slots=True)
class ExportedCaseFile:
    """originals: one per file of a document, under its path in the XML."""

    folder: Path
    pdf: Path
    xml: Path
    originals: tuple[Path, ...]


def export_case_file(office: Office, case_file: str, folder: Path) -> ExportedCaseFile:
    """Write `ho-so.pdf`, `ho-so.xml` and the originals under `van-ban/` into `folder`, in the order of time.

    The export is noted in the use history first.
    Raises: NotFound, BlobMissing, BlobChanged, FolderNotWritable, DiskFull.
    """
    view, facts, digests = case_file_facts(office, case_file)
    office.do(NoteUse(Use.EXPORT, case_file=case_file))
    about, head = office.ask(AboutOffice()), office.ask(JournalHead())

    def read(file: FileFacts) -> bytes:
        with office.read(Digest(digests[file.path])) as stream:
            return stream.read()

    folder.mkdir(parents=True, exist_ok=True)
    originals = []
    for document in facts.documents:
        for file in document.files:
            target = folder / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with replacing(target) as stream:
                stream.write(read(file))
            originals.append(target)
    xml = write_case_file_xml(facts, folder / METADATA)
    paper = CaseFilePaper(
        agency=about.header, parent=about.parent_name.upper(), facts=facts, kept=kept_text(view.file),
        journal_head=PrintedHead(head.entries, head.head), printed_at=now(), printed_by=office.me.name)
    pdf = write_case_file_pdf(paper, read, folder / WHOLE)
    return ExportedCaseFile(folder, pdf, xml, tuple(originals))


def kept_text(file: CaseFile) -> str:
    """01/01/2027 – 31/12/2036; the retention period counts from the year after the work ended."""
    if file.kept_from is None:
        return phrase("case_file_paper.not_ended", Language.VIETNAMESE)
    if file.kept_to is None:
        return phrase("case_file_paper.permanent", Language.VIETNAMESE, first=day_text(file.kept_from))
    return phrase("case_file_paper.period", Language.VIETNAMESE, first=day_text(file.kept_from),
                  last=day_text(file.kept_to))
