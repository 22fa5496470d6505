"""PDF files of scans: may they be taken, how many pages, and each page drawn by a process of its own.

pdfium is drawn into a child process: a page that brings it down or never ends costs that page and nothing else, and
pdfium, which bears only one thread at a time, stays out of ours.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from docclient.capture.errors import PdfDamaged, PdfEncrypted, PdfSigned
from docclient.capture.page_text import PageText, Word
from docclient.errors import trouble_of_os_error
from docclient.tools.running import Program, Stop, reason_of, run
from signing.dictionaries import dictionaries_of

DRAW_DEADLINE_S = 90.0
PROGRAM = Program("pdfium", (Path(sys.executable).name,), "python3", "purpose.draw_pages")


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as a PPM file at `dpi`: that of its largest image, or a usual one for a page without images."""

    image: Path
    dpi: float
    colour: bool


def inspect(file: Path) -> int:
    """The number of pages. Raises: FileNotReadable, PdfEncrypted, PdfDamaged, PdfSigned."""
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted and not pdf.allow.extract:
                raise PdfEncrypted(file=file.name)
            if is_signed(pdf):
                raise PdfSigned(file=file.name)
            if not (count := len(pdf.pages)):
                raise PdfDamaged(file=file.name)
            return count
    except pikepdf.PasswordError as error:
        raise PdfEncrypted(file=file.name) from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        raise PdfDamaged(file=file.name) from error
    except OSError as error:
        raise trouble_of_os_error(error, file) from error


def is_signed(pdf: pikepdf.Pdf) -> bool:
    """Does any object of the file look like a signature (a ByteRange with Contents, ISO 32000-1, 12.8.1)?

    All objects are looked at, not only form fields: a signature that nothing points to any more still is one. It may
    also stand within another object, as the value of its field.
    """
    return any("/ByteRange" in each and "/Contents" in each for each in dictionaries_of(pdf))


def draw(file: Path, index: int, work: Path, stop: Stop | None = None) -> DrawnPage:
    """Draw page `index` (from 0) as it is shown, /Rotate and CropBox included, into `work`.

    Raises: PdfDamaged; ProgramFailed when pdfium crashes or hangs; CancelledError.
    """
    target = work / f"drawn-{index + 1:04d}.ppm"
    try:
        answer = _ask("docclient.capture.draw_page", file, [str(index), target], stop)
        if not target.is_file():
            raise PROGRAM.failed("no picture")
        return DrawnPage(target, float(answer["dpi"]), bool(answer["colour"]))
    except (ValueError, KeyError, TypeError) as error:
        raise PROGRAM.failed("no answer") from error


def letters(file: Path, index: int, stop: Stop | None = None) -> PageText | None:
    """The words of page `index` (from 0) from the PDF's own letters; None when the page is a picture, even one with
    text hidden beneath: what is seen is then read anew.

    Raises: PdfDamaged; ProgramFailed when pdfium crashes or hangs; CancelledError.
    """
    try:
        answer = _ask("docclient.capture.pdf_words", file, [str(index)], stop)
        if not answer["letters"]:
            return None
        width, height = (float(side) for side in answer["size_mm"])
        words = []
        for word in answer["words"]:
            left, top, right, bottom = (float(side) for side in word["box_mm"])
            words.append(Word(str(word["text"]), 1.0, (left, top, right, bottom), bool(word["coloured"]),
                              int(word["line"])))
        return PageText(tuple(words), (width, height))
    except (ValueError, KeyError, TypeError) as error:
        raise PROGRAM.failed("no answer") from error


def _ask(module: str, file: Path, arguments: list[str | Path], stop: Stop | None) -> Any:
    """Run one of our pdfium programs; its JSON answer. Raises: PdfDamaged, ProgramFailed, ValueError."""
    finished = run(PROGRAM, ["-m", module, file, *arguments], executable=Path(sys.executable),
                   deadline_s=DRAW_DEADLINE_S, stop=stop)
    if finished.returncode == 3:
        raise PdfDamaged(file=file.name)
    if finished.returncode != 0:
        raise PROGRAM.failed(reason_of(finished))
    return json.loads(finished.output)
