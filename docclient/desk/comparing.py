"""What changed between two files, or between two versions of a document of the office; who made them, and when."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from docclient.comparison import Changes, compare
from docclient.desk.workplace import fetch_file, workplace
from docclient.office.door import Office
from docclient.office.errors import NotFound
from docclient.office.model import Digest, DocumentId, FileKind
from docclient.office.queries.document_page import DocumentPage
from docclient.tools.libreoffice import convert_to_pdf

WRITTEN = frozenset({".docx", ".doc", ".odt", ".rtf"})


def compare_files(earlier: Path, later: Path, *, stop: threading.Event | None = None) -> Changes:
    """Drafts of a word processor are compared as the PDF that is made of them.

    Raises: as `compare`; ProgramMissing, ProgramFailed, DraftDamaged.
    """
    with workplace() as folder:
        return compare(*(convert_to_pdf(file, folder / f"{number}.pdf", stop=stop)
                         if file.suffix.lower() in WRITTEN else file for number, file in enumerate((earlier, later))))


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One version of the document's PDF. number: of the file's versions, from 1. step: how it came to be."""

    digest: Digest
    number: int
    step: str
    by_name: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {"digest": self.digest, "number": self.number, "step": self.step, "by": self.by_name,
                "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """before, after: the two files, for showing."""

    earlier: VersionFacts
    later: VersionFacts
    changes: Changes
    before: bytes
    after: bytes

    def as_json(self) -> Mapping[str, Any]:
        return {"earlier": self.earlier.as_json(), "later": self.later.as_json(), **self.changes.as_json()}


def versions_of(office: Office, document: DocumentId) -> tuple[VersionFacts, ...]:
    """The versions of the document's main PDF, oldest first. Raises: NotFound."""
    page = office.ask(DocumentPage(document))
    main = next((file for file in page.files if file.kind is FileKind.MAIN), None)
    if main is None:
        return ()
    return tuple(VersionFacts(each.digest, each.number, each.step, each.by_name or "", each.at)
                 for each in sorted(main.versions, key=lambda version: version.number))


def compare_versions(office: Office, document: DocumentId, earlier: Digest, later: Digest) -> VersionsCompared:
    """Any two versions of one document. Raises: NotFound (also for a digest of something else), as `compare`."""
    known = {each.digest: each for each in versions_of(office, document)}
    for digest in (earlier, later):
        if digest not in known:
            raise NotFound(what="document", id=digest)
    with workplace() as folder:
        before, after = (fetch_file(office, digest, folder / name)
                         for digest, name in ((earlier, "before.pdf"), (later, "after.pdf")))
        return VersionsCompared(known[earlier], known[later], compare(before, after), before.read_bytes(),
                                after.read_bytes())
