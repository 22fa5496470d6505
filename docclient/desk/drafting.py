"""A draft becomes a PDF on which number, date and signatures have their places."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docclient.desk.workplace import put_file, workplace
from docclient.errors import BadInput, trouble_of_os_error
from docclient.office.commands.outgoing import DraftAnswer, PutDraftFile, StartDraft
from docclient.office.door import Office, Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.office import AboutOffice
from docclient.tools.libreoffice import convert_to_pdf
from signing.prepare import Places, prepare, propose_places

WRITTEN = frozenset({".docx", ".doc", ".odt", ".rtf"})
STEPS = 3


class DraftKindUnknown(BadInput):
    """Neither a PDF nor a text document. facts: file."""

    code = "draft.kind_unknown"


class DraftNumbered(BadInput):
    """The draft carries a number or date already; the register gives both after the signature. facts: file."""

    code = "draft.numbered"


@dataclass(frozen=True, slots=True)
class PreparedDraft:
    """pdf: as converted (or given). prepared: with its fields. places: where they went. source: the editable file."""

    source: Path | None
    pdf: Path
    prepared: Path
    places: Places


Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def prepare_draft(source: Path, folder: Path, *, seal_diameter_mm: float, places: Places | None = None,
                  progress: Progress = silent, stop: threading.Event | None = None) -> PreparedDraft:
    """Convert a draft where needed and put the fields on its page; results lie in `folder`, `source` is not touched.

    places: where a person moved them; proposed from the page without.
    Raises: DraftKindUnknown, DraftNumbered, ProgramMissing, ProgramFailed, DiskFull and the PDF troubles of
        signing.prepare.
    """
    pdf, prepared = folder / "draft.pdf", folder / "prepared.pdf"
    progress(0, STEPS)
    if source.suffix.lower() in WRITTEN:
        convert_to_pdf(source, pdf, stop=stop)
    elif source.suffix.lower() == ".pdf":
        try:
            shutil.copyfile(source, pdf)
        except OSError as error:
            raise trouble_of_os_error(error, source) from error
    else:
        raise DraftKindUnknown(file=source.name)
    progress(1, STEPS)
    chosen = places or propose_places(pdf, seal_diameter_mm=seal_diameter_mm)
    progress(2, STEPS)
    if {"number_already_there", "date_already_there"} & set(chosen.notes):
        raise DraftNumbered(file=source.name)
    prepare(pdf, prepared, chosen)
    progress(STEPS, STEPS)
    return PreparedDraft(source if source.suffix.lower() in WRITTEN else None, pdf, prepared, chosen)


def put_draft(office: Office, document: DocumentId, version: int, source: Path, *, places: Places | None = None,
              progress: Progress = silent, stop: threading.Event | None = None) -> Receipt:
    """Give a draft its file, or a new version of it."""
    with workplace() as folder:
        draft = prepare_draft(source, folder, seal_diameter_mm=office.ask(AboutOffice()).seal_diameter_mm,
                              places=places, progress=progress, stop=stop)
        return put_prepared(office, document, version, source.name, draft)


def begin_draft(office: Office, command: StartDraft | DraftAnswer, source: Path, *, progress: Progress = silent,
                stop: threading.Event | None = None) -> Receipt:
    """Begin an outgoing document with its first file. The file is made ready first: a damaged one begins nothing."""
    with workplace() as folder:
        draft = prepare_draft(source, folder, seal_diameter_mm=office.ask(AboutOffice()).seal_diameter_mm,
                              progress=progress, stop=stop)
        begun = office.do(command)
        assert begun.document is not None and begun.version is not None
        return put_prepared(office, begun.document, begun.version, source.name, draft)


def put_prepared(office: Office, document: DocumentId, version: int, name: str, draft: PreparedDraft) -> Receipt:
    return office.do(PutDraftFile(
        document, version, name, put_file(office, draft.pdf), put_file(office, draft.prepared),
        put_file(office, draft.source) if draft.source is not None else None))
