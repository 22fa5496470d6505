"""A copy to print: every page carries who took it from the system, when, and of which file (NĐ 30, Annex VI, F3).

The original is not touched; what its signatures draw is plain content in the copy, which therefore cannot be taken for
the signed document.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader, PdfWriter

from docclient.papers.case_file_pdf import flat_pages
from docclient.papers.layout import VIETNAM, day_text
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase

DIGEST_LETTERS = 16


def marked_copy(content: bytes, *, person: str, at: datetime, mark: str, digest: str) -> bytes:
    """The pages of a PDF, each with the mark at its foot. Raises: ValueError: it cannot be opened as pages."""
    pages = flat_pages(content)
    if not pages:
        raise ValueError("no pages")
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pages)), import_outline=False)
    for page in writer.pages:
        page.transfer_rotation_to_content()
    sizes = [[float(page.mediabox.width), float(page.mediabox.height)] for page in writer.pages]
    local = at.astimezone(VIETNAM)
    line = phrase("print_mark.line", Language.VIETNAMESE, person=person, mark=mark, digest=digest[:DIGEST_LETTERS],
                  at=f"{local:%H:%M:%S} {day_text(local.date())}")
    with TemporaryDirectory(prefix="docclient-mark-") as folder:
        marks = typeset("print_mark", {"mark": mark, "line": line, "sizes": sizes}, at, Path(folder) / "marks.pdf",
                        tagged=False)
        laid_over = PdfReader(io.BytesIO(marks.read_bytes()))
    for page, over in zip(writer.pages, laid_over.pages, strict=True):
        page.merge_translated_page(over, float(page.mediabox.left), float(page.mediabox.bottom))
    writer.add_metadata({"/Title": mark, "/Producer": "docclient"})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
