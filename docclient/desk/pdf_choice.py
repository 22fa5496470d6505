"""A file that goes with a document as it is: an annex, an extract. What was written in an office program becomes a
PDF."""

from __future__ import annotations

import threading
from pathlib import Path

from docclient.desk.drafting import WRITTEN, DraftKindUnknown
from docclient.desk.workplace import put_file, workplace
from docclient.office.door import Office
from docclient.office.model import Digest
from docclient.tools.libreoffice import convert_to_pdf


def put_pdf(office: Office, source: Path, *, stop: threading.Event | None = None) -> tuple[str, Digest]:
    """(its name as a PDF, its digest in the office). Raises: DraftKindUnknown; ProgramMissing, ProgramFailed where it
    has to be converted; FileNotReadable, DiskFull."""
    if source.suffix.lower() == ".pdf":
        return source.name, put_file(office, source)
    if source.suffix.lower() not in WRITTEN:
        raise DraftKindUnknown(file=source.name)
    with workplace() as folder:
        made = folder / f"{source.stem}.pdf"
        convert_to_pdf(source, made, stop=stop)
        return made.name, put_file(office, made)
