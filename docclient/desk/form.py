"""Checking form at the desk: any file, Word documents converted, and a document of the office as it is now."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from docclient.desk.workplace import fetch_file, workplace
from docclient.errors import ProgramMissing
from docclient.form import Expected, FormReport, check_form
from docclient.office.door import Office
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.form import FormFacts, FormOf
from docclient.tools.libreoffice import convert_to_pdf


def check_file(path: Path, expected: Expected | None = None, *, stop: threading.Event | None = None) -> FormReport:
    """The form of a PDF or a .docx; the latter also as LibreOffice shows it, where that is installed.

    Raises: as `check_form`; DraftDamaged, ProgramFailed.
    """
    if path.suffix.lower() != ".docx":
        return check_form(path, expected)
    with workplace() as folder:
        try:
            rendering = convert_to_pdf(path, folder / "draft.pdf", stop=stop)
        except ProgramMissing:
            return check_form(path, expected)
        return check_form(path, expected, rendering=rendering)


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """report: of the newest version as the rules find it now, with the facts of now; None without a PDF or where the
    office tests nothing. content: that PDF, for showing."""

    facts: FormFacts
    report: FormReport | None
    content: bytes = b""


def document_form(office: Office, document: DocumentId) -> DocumentForm:
    """Look without writing anything down. Raises: NotFound, BlobMissing, BlobChanged and what `check_form` raises."""
    facts = office.ask(FormOf(document))
    if facts.digest is None or facts.setting == "off":
        return DocumentForm(facts, None)
    return report_of(office, facts, facts.digest)


def report_of(office: Office, facts: FormFacts, digest: Digest) -> DocumentForm:
    with workplace() as folder:
        file = fetch_file(office, digest, folder / "draft.pdf")
        return DocumentForm(facts, check_form(file, facts.expected), file.read_bytes())
