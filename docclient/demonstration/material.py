"""What the demonstration works on: the sample office's file, its letters and pictures.

All of it is data under `resources/sample_office` (docs/sample-office.md). How a worn scan of the paper letter is made:
`docclient.demonstration.worn_page`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from docx import Document

from docclient.demonstration.worn_page import WornPage, worn_page_image
from signing.files import replacing

__all__ = [
    "SampleLetter", "SampleLetters", "WornPage", "sample_folder", "sample_letters", "sample_office_file",
    "sample_picture", "worn_page_image", "write_draft_answer",
]

DATE_LINE_YEAR = "năm "
"""The run of the date line after which the year stands in a run of its own (scripts/sample_letters.py)."""


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """A letter as .docx and what it says.

    number: digits as printed; empty for a draft. issued, reply_by: None where the letter leaves or gives none.
    issuer_code, addressee_code: agency codes of the sample office. subject: without "V/v".
    authority: the printed lines above the signature, e.g. ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH").
    """

    path: Path
    type_name: str
    number: str
    symbol: str
    place: str
    issued: date | None
    reply_by: date | None
    issuer_code: str
    issuer_name: str
    addressee_code: str
    addressee_name: str
    subject: str
    authority: tuple[str, ...]
    signer_position: str
    signer_name: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleLetters:
    """draft_answer: our own draft, number and date blank; incoming_request: what it answers, from the province's
    department; paper_letter: a neighbouring commune's, signed and sealed on paper."""

    draft_answer: SampleLetter
    incoming_request: SampleLetter
    paper_letter: SampleLetter


def sample_folder() -> Path:
    return Path(str(resources.files("resources") / "sample_office"))


def sample_office_file() -> Path:
    """`office.toml`; its shape is told at its top."""
    return sample_folder() / "office.toml"


def sample_picture(name: str) -> Path:
    """A transparent PNG at 600 dpi: `signature-chairman`, `seal-tan-hiep`, … (file names without `.png`)."""
    return sample_folder() / "pictures" / f"{name}.png"


def sample_letters() -> SampleLetters:
    folder = sample_folder() / "letters"
    told = tomllib.loads((folder / "letters.toml").read_text(encoding="utf-8"))
    return SampleLetters(**{name: _letter(folder, facts) for name, facts in told.items()})


def write_draft_answer(target: Path, *, year: int) -> Path:
    """Our draft answer with `year` in its date line, so that a demonstration played in any year reads right.

    Raises: FolderNotWritable, DiskFull.
    """
    draft = Document(str(sample_letters().draft_answer.path))
    runs = [run for table in draft.tables for row in table.rows for cell in row.cells
            for line in cell.paragraphs for run in line.runs]
    (year_run,) = [after for before, after in pairwise(runs) if before.text == DATE_LINE_YEAR]
    year_run.text = str(year)
    with replacing(target) as stream:
        draft.save(stream)
    return target


def _letter(folder: Path, facts: dict[str, Any]) -> SampleLetter:
    told = dict(facts)
    path = folder / told.pop("file")
    authority, recipients = tuple(told.pop("authority")), tuple(told.pop("recipients"))
    return SampleLetter(path=path, authority=authority, recipients=recipients, issued=told.pop("issued", None),
                        reply_by=told.pop("reply_by", None), **told)
