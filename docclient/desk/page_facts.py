"""What a document's own first and last page say of it, for what neither a packet's header nor a letter tells.

Only files with letters of their own are read here (a scan waits for the clerk); only what was read with certainty is
proposed, and the clerk confirms all of it when registering.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docclient.capture import pdf_input
from docclient.capture.fields import read_fields, secrecy_stamp
from docclient.capture.fields.model import Field
from docclient.errors import Trouble
from docclient.office.errors import SecretRefused
from signing.page_count import stated_pages

CERTAIN = 0.85


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Empty where the page does not say it plainly."""

    issuer_name: str = ""
    code_number: str = ""
    code_notation: str = ""
    issued_date: date | None = None
    issued_place: str = ""
    type_name: str = ""
    subject: str = ""
    signer_name: str = ""
    signer_position: str = ""


def facts_on(pdf: Path, stop: threading.Event | None = None) -> PageFacts:
    """Read the file's first and last page. A file that cannot be read says nothing. Raises: SecretRefused where a
    secrecy stamp stands on the first page; CancelledError."""
    count = stated_pages(pdf)
    if count is None:
        return PageFacts()
    try:
        pages = [pdf_input.letters(pdf, index, stop) for index in sorted({0, count - 1})]
    except Trouble:
        return PageFacts()
    texts = [page for page in pages if page is not None]
    if not texts:
        return PageFacts()
    if secrecy_stamp(texts[0]):
        raise SecretRefused()
    found = read_fields(texts)
    return PageFacts(
        issuer_name=certain(found["organ_name"]), code_number=certain(found["code_number"]),
        code_notation=certain(found["code_notation"]), issued_date=day_of(certain(found["issued_date"])),
        issued_place=certain(found["issued_place"]), type_name=certain(found["type_name"]),
        subject=certain(found["subject"]), signer_name=certain(found["signer_name"]),
        signer_position=certain(found["signer_position"]))


def certain(field: Field) -> str:
    return field.value if isinstance(field.value, str) and field.certainty >= CERTAIN else ""


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
