"""The words that lie under the pages of an archival file: which of them were read with doubt, and putting them right.

Only what lies under the image is touched, and only in files that this program wrote (`archive_pdf`): the pictures stay
as they are, byte by byte, and the file stays PDF/A-2b. A signed file is never changed.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name, Operator, String, pdfa

from docclient.capture.archive_pdf import (
    ADVANCE,
    FLAVOUR,
    INVISIBLE_FONT,
    POINTS_PER_MM,
    PdfFacts,
    codes,
    facts,
    stretch,
)
from docclient.capture.errors import PdfDamaged, PdfSigned
from docclient.capture.pdf_input import is_signed
from docclient.errors import trouble_of_os_error
from docclient.tools.running import deliver

MARK = Name.Doubted

Place = tuple[int, int]
"""A word of a file: its page, from 1, and which of the page's words it is, from 0 (spaces are counted too)."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word beneath a page. certainty: 0..1, of the reader. box_mm: left, top, right, bottom from the page's top left;
    top and bottom are those of its line. doubted: nobody has confirmed it yet."""

    place: Place
    text: str
    certainty: float
    box_mm: tuple[float, float, float, float]
    doubted: bool


def doubted_words(file: Path, misread: Collection[str] = ()) -> tuple[ReadWord, ...]:
    """As `read_words`, those alone that are doubted."""
    return tuple(word for word in read_words(file, misread) if word.doubted)


def read_words(file: Path, misread: Collection[str] = ()) -> tuple[ReadWord, ...]:
    """In reading order; none for a file that this program did not read. misread: what was wrong before, however sure
    the reader was; such words are doubted too. Raises: FileNotReadable, PdfDamaged."""
    try:
        with pikepdf.open(file) as pdf:
            return tuple(word for number, page in enumerate(pdf.pages, 1) if _is_ours(page)
                         for word in _words(number, page, misread))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError) as error:
        raise PdfDamaged(file=file.name) from error
    except OSError as error:
        raise trouble_of_os_error(error, file) from error


def correct(source: Path, out: Path, corrections: Mapping[Place, str]) -> PdfFacts:
    """Write `source` as `out` with these words as a person saw them. What is given as it was read counts as confirmed;
    an empty text takes the word away (a stain was read). Each stays where it stood; none of them is doubted any more.

    Raises: PdfSigned, PdfDamaged; KeyError for a place where no word is; FileNotReadable, FolderNotWritable, DiskFull.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="docclient-words-") as work, pikepdf.open(source) as pdf:
            if is_signed(pdf):
                raise PdfSigned(file=source.name)
            for number in sorted({page for page, _ in corrections}):
                page = pdf.pages[number - 1] if 0 < number <= len(pdf.pages) else None
                if page is None or not _is_ours(page):
                    raise KeyError(number)
                wanted = {place: unicodedata.normalize("NFC", " ".join(text.split()))
                          for (on, place), text in corrections.items() if on == number}
                page.Contents = pdf.make_stream(_written_anew(page, wanted))
            made = Path(work) / "corrected.pdf"
            pdfa.save(pdf, made, FLAVOUR)
            deliver(made, out)
    except pikepdf.PdfError as error:
        raise PdfDamaged(file=source.name) from error
    except OSError as error:
        raise trouble_of_os_error(error, out) from error
    return facts(out, True)


def without_signs(text: str) -> str:
    """The word itself, without what stands around it."""
    return text.strip(" .,:;()[]“”\"'!?…")


def _is_ours(page: pikepdf.Page) -> bool:
    font = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary()).get("/Words")
    return font is not None and font.get("/BaseFont") == Name(f"/{INVISIBLE_FONT}")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A word among the page's instructions. begin: of its scaling; at: of the text itself. mark: where its doubt is
    noted, and how sure the reader was, in per cent. left, base, size, width: points; base from the page's foot."""

    place: int
    begin: int
    at: int
    text: str
    left: float
    base: float
    size: float
    width: float
    mark: int | None
    certainty: int


def _instructions(page: pikepdf.Page) -> list[tuple[list[Any], str]]:
    return [(list(each.operands), str(each.operator)) for each in pikepdf.parse_content_stream(page)]


def _shown(instructions: Sequence[tuple[list[Any], str]]) -> Iterator[_Shown]:
    """Every piece of text, as `archive_pdf` writes it: scaling, place, letters."""
    size, scaling, begin, left, base, place = 0.0, 100.0, 0, 0.0, 0.0, 0
    mark, certainty = None, 100
    for at, (operands, operator) in enumerate(instructions):
        match operator:
            case "Tf":
                size = float(operands[1])
            case "BDC" if operands[0] == MARK:
                mark, certainty = at, int(operands[1].Certainty)
            case "EMC":
                mark, certainty = None, 100
            case "Tz":
                scaling, begin = float(operands[0]), at
            case "Tm":
                left, base = float(operands[4]), float(operands[5])
            case "Tj":
                text = bytes(operands[0]).decode("utf-16-be", "replace")
                yield _Shown(place, begin, at, text, left, base, size,
                             len(text) * ADVANCE / 1000 * size * scaling / 100, mark, certainty)
                place += 1


def _words(number: int, page: pikepdf.Page, misread: Collection[str]) -> Iterator[ReadWord]:
    height = float(page.mediabox[3]) - float(page.mediabox[1])
    for each in _shown(_instructions(page)):
        if each.text.strip():
            yield ReadWord((number, each.place), each.text, each.certainty / 100, (
                each.left / POINTS_PER_MM, (height - each.base - each.size) / POINTS_PER_MM,
                (each.left + each.width) / POINTS_PER_MM, (height - each.base) / POINTS_PER_MM),
                each.mark is not None or without_signs(each.text) in misread)


def _written_anew(page: pikepdf.Page, wanted: Mapping[int, str]) -> bytes:
    """The page's content with these words in their places. Raises: KeyError."""
    instructions = _instructions(page)
    gone: set[int] = set()
    found = set()
    for each in _shown(instructions):
        if each.place not in wanted:
            continue
        found.add(each.place)
        text = wanted[each.place]
        if each.mark is not None:
            gone |= {each.mark, each.at + 1}
        if text:
            instructions[each.begin][0][0] = Decimal(f"{stretch(text, each.width, each.size):.2f}")
            instructions[each.at][0][0] = String(codes(text))
        else:
            gone |= set(range(each.begin, each.at + 1))
    if missing := set(wanted) - found:
        raise KeyError(min(missing))
    return pikepdf.unparse_content_stream([
        (operands, Operator(operator)) for at, (operands, operator) in enumerate(instructions) if at not in gone])
