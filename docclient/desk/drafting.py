"""A draft becomes a PDF on which number, date and signatures have their places."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from docclient.desk.workplace import put_file, workplace
from docclient.errors import BadInput, Trouble, trouble_of_os_error
from docclient.office.commands.outgoing import DraftAnswer, PutDraftFile, StartDraft
from docclient.office.door import Office, Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.office import AboutOffice
from docclient.tools.libreoffice import convert_to_pdf
from signing.prepare import Places, prepare, propose_places
from signing.repair import hindrance, needs_repair, repair_copy

WRITTEN = frozenset({".docx", ".doc", ".odt", ".rtf"})
STEPS = 3


class DraftKindUnknown(BadInput):
    """Neither a PDF nor a text document. facts: file."""

    code = "draft.kind_unknown"


class DraftNumbered(BadInput):
    """The draft carries a number or date already; the register gives both after the signature. facts: file."""

    code = "draft.numbered"


@dataclass(frozen=True, slots=True)
class ProposedDraft:
    """pdf: as converted (or given, or a repaired copy of that). places: where its fields would go, for a person to look
    at. source: the editable file. name: what the draft's file is called. repaired: what was done to the copy (remarks
    of signing.repair), nothing where the file was usable as it was."""

    source: Path | None
    pdf: Path
    places: Places
    name: str
    repaired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedDraft:
    """pdf: as converted (or given). prepared: with its fields. places: where they went. source: the editable file."""

    source: Path | None
    pdf: Path
    prepared: Path
    places: Places


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class RepairOffer:
    """A copy that is usable and shows the same pages. why: what is against the file as it is; None for a hybrid one,
    which strict programs refuse once it is signed. done: what was done to the copy (remarks of signing.repair)."""

    file: str
    why: Trouble | None
    done: tuple[str, ...]


Repair = Callable[[RepairOffer], bool]
"""Asked before a repaired copy becomes the draft; False: it does not. Without anybody to ask nothing is repaired."""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def propose_draft(source: Path, folder: Path, *, seal_diameter_mm: float, progress: Progress = silent,
                  stop: threading.Event | None = None, repair: Repair | None = None) -> ProposedDraft:
    """Convert a draft where needed and find where its fields belong; the PDF lies in `folder`, `source` is not touched.

    repair: asked where a PDF cannot be used as it is and a copy can.
    Raises: DraftKindUnknown, DraftNumbered, ProgramMissing, ProgramFailed, DiskFull and the PDF troubles of
        signing.prepare and signing.repair; CancelledError where the copy was not wanted.
    """
    repaired: tuple[str, ...] = ()
    pdf, written = folder / "draft.pdf", source.suffix.lower() in WRITTEN
    progress(0, STEPS)
    if written:
        convert_to_pdf(source, pdf, stop=stop)
    elif source.suffix.lower() == ".pdf":
        if repair is not None and needs_repair(source):
            repaired = repair_copy(source, pdf).done
            if not repair(RepairOffer(source.name, hindrance(source), repaired)):
                raise CancelledError
        else:
            try:
                shutil.copyfile(source, pdf)
            except OSError as error:
                raise trouble_of_os_error(error, source) from error
    else:
        raise DraftKindUnknown(file=source.name)
    progress(1, STEPS)
    places = propose_places(pdf, seal_diameter_mm=seal_diameter_mm)
    progress(2, STEPS)
    if {"number_already_there", "date_already_there"} & set(places.notes):
        raise DraftNumbered(file=source.name)
    return ProposedDraft(source if written else None, pdf, places, source.name, repaired)


def finish_draft(proposed: ProposedDraft, folder: Path, places: Places | None = None) -> PreparedDraft:
    """Put the fields where they were proposed, or where a person moved them. Raises: as signing.prepare.prepare."""
    prepared, chosen = folder / "prepared.pdf", places or proposed.places
    prepare(proposed.pdf, prepared, chosen)
    return PreparedDraft(proposed.source, proposed.pdf, prepared, chosen)


def put_draft(office: Office, document: DocumentId, version: int, source: Path, *, places: Places | None = None,
              progress: Progress = silent, stop: threading.Event | None = None,
              repair: Repair | None = None) -> Receipt:
    """Give a draft its file, or a new version of it. repair: as for `propose_draft`."""
    with workplace() as folder:
        proposed = propose_draft(source, folder, seal_diameter_mm=office.ask(AboutOffice()).seal_diameter_mm,
                                 progress=progress, stop=stop, repair=repair)
        return put_proposed(office, document, version, proposed, places)


def begin_draft(office: Office, command: StartDraft | DraftAnswer, source: Path, *, places: Places | None = None,
                progress: Progress = silent, stop: threading.Event | None = None,
                repair: Repair | None = None) -> Receipt:
    """Begin an outgoing document with its first file. The file is made ready first: a damaged one begins nothing."""
    with workplace() as folder:
        proposed = propose_draft(source, folder, seal_diameter_mm=office.ask(AboutOffice()).seal_diameter_mm,
                                 progress=progress, stop=stop, repair=repair)
        return begin_proposed(office, command, proposed, places)


def put_proposed(office: Office, document: DocumentId, version: int, proposed: ProposedDraft,
                 places: Places | None = None) -> Receipt:
    """As `put_draft`, for a draft whose places somebody has looked at."""
    with workplace() as folder:
        return put_prepared(office, document, version, proposed.name, finish_draft(proposed, folder, places))


def begin_proposed(office: Office, command: StartDraft | DraftAnswer, proposed: ProposedDraft,
                   places: Places | None = None) -> Receipt:
    """As `begin_draft`, for a draft whose places somebody has looked at."""
    with workplace() as folder:
        draft = finish_draft(proposed, folder, places)
        begun = office.do(command)
        assert begun.document is not None and begun.version is not None
        return put_prepared(office, begun.document, begun.version, proposed.name, draft)


def put_prepared(office: Office, document: DocumentId, version: int, name: str, draft: PreparedDraft) -> Receipt:
    return office.do(PutDraftFile(
        document, version, name, put_file(office, draft.pdf), put_file(office, draft.prepared),
        put_file(office, draft.source) if draft.source is not None else None))
