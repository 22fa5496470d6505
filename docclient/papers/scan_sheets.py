"""Papers for the scanner: separator sheets between letters, and the label that ties a sheet to its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docclient.capture.marks import SEPARATOR, label_of, qr_svg
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase

LABEL_MM = (70.0, 32.0)
"""A label as sheets of 24 have it is 70 × 37 mm; this leaves it a rim."""


@dataclass(frozen=True, slots=True)
class RegisterLabel:
    """What a label says beside its code. document: the record's identity."""

    document: str
    agency: str
    arrival_number: str
    arrived_on: str
    number_and_symbol: str


def print_separators(target: Path, made_at: datetime, sheets: int = 1,
                     language: Language = Language.VIETNAMESE) -> Path:
    """So many separator sheets, A4, each with a QR code and a patch code: any scanner's reader knows one of them.

    Raises: FolderNotWritable, DiskFull.
    """
    return typeset("separator", {
        "title": phrase("scan_sheets.separator", language),
        "explain": phrase("scan_sheets.separator_explain", language),
        "language": language.value, "sheets": sheets,
    }, made_at, target, pictures={"code.svg": qr_svg(SEPARATOR)})


def print_label(label: RegisterLabel, target: Path, made_at: datetime) -> Path:
    """One label, on a page of its own size. Raises: FolderNotWritable, DiskFull."""
    return typeset("label", {
        "agency": label.agency, "size": list(LABEL_MM), "title": phrase("scan_sheets.label", Language.VIETNAMESE),
        "arrival": phrase("scan_sheets.arrival", Language.VIETNAMESE, number=label.arrival_number,
                          day=label.arrived_on),
        "document": label.number_and_symbol,
    }, made_at, target, pictures={"code.svg": qr_svg(label_of(label.document))})

