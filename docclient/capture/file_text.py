"""Reads the text of one file for the search index: `python -m docclient.capture.file_text FILE pdf|docx`.

A program of its own: a file that brings a reader down or never ends costs its own text and nothing else. Prints
{"text", "secret", "problem"} as JSON; `secret` is true where a secrecy word stands where the stamp belongs. Also the
text that lies hidden under a scanned page is read: it is what OCR found there.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2

MOST_LETTERS = 300_000
LARGEST_PART = 200 * 1024 * 1024
"""Bytes that a .docx may unpack to: a letter has a few."""

ENCRYPTED, DAMAGED, NO_TEXT = "encrypted", "damaged", "no_text"
LINES_AT_THE_HEAD = 25
_LEVEL = re.compile("(TUYỆT|TỐI)? ?MẬT")


def main(file: str, kind: str) -> int:
    try:
        pieces = pdf_pages(Path(file)) if kind == "pdf" else word_paragraphs(Path(file))
        text, secret = gathered(pieces)
        answer = {"text": text, "secret": secret, "problem": None if text.strip() else NO_TEXT}
    except Encrypted:
        answer = {"text": "", "secret": False, "problem": ENCRYPTED}
    except Exception:           # whatever a reader trips over, the file is what is damaged
        answer = {"text": "", "secret": False, "problem": DAMAGED}
    sys.stdout.write(json.dumps(answer))
    return 0


class Encrypted(Exception):
    """A password is needed to read."""


def gathered(pieces: Iterable[str]) -> tuple[str, bool]:
    """The text, up to its most letters, and whether a line at its head is a secrecy mark and nothing else."""
    kept: list[str] = []
    length = 0
    for piece in pieces:
        said = unicodedata.normalize("NFC", piece.replace("\x00", " ").replace("\ufffe", ""))
        kept.append(said)
        length += len(said)
        if length >= MOST_LETTERS:
            break
    text = "\n".join(kept)[:MOST_LETTERS].encode("utf-8", "replace").decode("utf-8")
    return text, marked_secret(text.splitlines())


def marked_secret(lines: Iterable[str]) -> bool:
    """Does a secrecy word stand alone among the first lines (NĐ 30 Annex I, box 10a)? `BẢO MẬT` and `MẬT ĐỘ` are words
    of a line and no mark."""
    said = [" ".join(line.split()) for line in lines if line.strip()]
    return any(_LEVEL.fullmatch(line.strip(" .,:;()[]-")) for line in said[:LINES_AT_THE_HEAD])


def pdf_pages(file: Path) -> Iterator[str]:
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise Encrypted from error
        raise
    for page in document:
        yield page.get_textpage().get_text_bounded()
        page.close()


def word_paragraphs(file: Path) -> Iterator[str]:
    """Paragraphs and cells in their order, headers first."""
    import docx
    from docx.oxml.ns import qn

    with file.open("rb") as stream:
        if stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":      # a protected .docx lies in an OLE container
            raise Encrypted
    with zipfile.ZipFile(file) as parts:
        if sum(each.file_size for each in parts.infolist()) > LARGEST_PART:
            raise ValueError("too large")
    document = docx.Document(str(file))
    for section in document.sections:
        for paragraph in section.header.paragraphs:
            yield paragraph.text
    for paragraph in document.element.body.iter(qn("w:p")):
        yield "".join(each.text or "" for each in paragraph.iter(qn("w:t"), qn("w:tab")))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
