"""The label that ties a sheet of paper to its record, and the way back from a photo or a scan of it."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path

from docclient.capture.marks import find_marks
from docclient.capture.originals import pictures
from docclient.capture.pages import find_scale, grey_of
from docclient.errors import BadInput
from docclient.office import numbering
from docclient.office.door import Office
from docclient.office.model import DocumentId, now
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.labelled import Labelled
from docclient.office.queries.office import AboutOffice
from docclient.papers.scan_sheets import RegisterLabel, print_label

LOOKED_THROUGH = 5
"""Pages of a file that are looked at: a label sits on the first sheet, or on its back."""


class LabelMissing(BadInput):
    """No register label of ours was seen on it. facts: file."""

    code = "labels.missing"


def print_label_of(office: Office, document: DocumentId, target: Path) -> Path:
    """The label of a registered incoming document. Raises: NotFound, FolderNotWritable, DiskFull."""
    found = office.ask(DocumentPage(document)).document
    return print_label(RegisterLabel(
        str(found.id), office.ask(AboutOffice()).agency_name, str(found.arrival_number or ""),
        numbering.short_date(found.arrival_date), found.number_and_symbol), target, now())


def document_on(office: Office, file: Path, stop: threading.Event | None = None) -> DocumentId:
    """The record that a photo or scan of its labelled sheet belongs to.

    Raises: LabelMissing; NotFound (no record of this office that this person may see); what `originals.pictures`
        raises.
    """
    label = label_on(file, stop)
    if label is None:
        raise LabelMissing(file=file.name)
    return office.ask(Labelled(label))


def label_on(file: Path, stop: threading.Event | None = None) -> str | None:
    """The identity on the first register label in a file. Raises: as `document_on`."""
    with tempfile.TemporaryDirectory(prefix="docclient-label-") as work:
        for number, picture in enumerate(pictures(file, Path(work), stop)):
            height, width = picture.pixels.shape[:2]
            found = find_marks(grey_of(picture.pixels), find_scale((width, height), picture.dpi).dpi).document
            if found is not None or number + 1 == LOOKED_THROUGH:
                return found
    return None
