"""What the pages of a PDF say that is made of pictures, for what is kept beside it: the file itself is only looked at.

So a signed scan, which is never altered, is found by its words all the same.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from docclient.capture.digitise import Halt, upright_and_read
from docclient.capture.errors import PdfDamaged
from docclient.capture.fields import secrecy_stamp
from docclient.capture.originals import drawn_pages
from docclient.tools.running import Stop
from signing.page_count import stated_pages

MOST_PAGES = 30
"""Read of one file: a letter has few, and a book of pictures would keep a machine busy for an hour."""


@dataclass(frozen=True, slots=True)
class SeenText:
    """text: of the pages in order. secret: a secrecy mark stands on the first page with words; then nothing was read
    behind it, and `text` is empty."""

    text: str
    secret: bool = False


def seen_text(file: Path, stop: Stop | None = None, *, most: int = MOST_PAGES, cleared: bool = False) -> SeenText:
    """cleared: a person has decided that what looks like a secrecy mark is none.

    Raises: PdfDamaged, ProgramMissing, ProgramFailed, LanguageMissing, ImageTooLarge, ImageTooSmall; CancelledError.
    """
    count = stated_pages(file)
    if count is None:
        raise PdfDamaged(file=file.name)
    halt, said = Halt(stop), list[str]()
    with tempfile.TemporaryDirectory(prefix="docclient-seen-") as work:
        for picture in drawn_pages(file, min(count, most), Path(work), halt):
            *_, text = upright_and_read(picture, 0, Path(work), halt)
            if not cleared and not any(said) and secrecy_stamp(text):
                return SeenText("", secret=True)
            said.append(text.text)
    return SeenText("\n".join(said).strip())
