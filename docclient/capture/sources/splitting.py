"""Files with many pages into files of one page each, nothing of a page changed: so that each can be turned, moved and
replaced by itself. A PDF made of letters stays whole: it is a document, not a pile of scans."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import Image

from docclient.capture.errors import ImageDamaged, PdfDamaged
from docclient.capture.originals import is_pdf, page_count, pictures
from docclient.capture.pdf_input import letters
from docclient.tools.running import Stop


def must_be_usable(file: Path, stop: Stop | None = None) -> int:
    """The file's number of pages, after every picture in it has been decoded once.

    Raises: what `originals.pictures` raises.
    """
    count = page_count(file)
    if not is_pdf(file):
        for _ in pictures(file, file.parent, stop):
            pass
    return count


def single_pages(file: Path, count: int, folder: Path, stop: Stop | None = None) -> Iterator[Path]:
    """The pages of a file, each a file in `folder` (the file itself where it is one page or made of letters).

    Raises: ImageDamaged, PdfDamaged, ProgramFailed, CancelledError.
    """
    if count == 1 or (is_pdf(file) and letters(file, 0, stop) is not None):
        yield file
    elif is_pdf(file):
        yield from _of_pdf(file, count, folder)
    else:
        yield from _of_tiff(file, count, folder)


def _of_pdf(file: Path, count: int, folder: Path) -> Iterator[Path]:
    try:
        with pikepdf.open(file) as pdf:
            for index in range(count):
                target = folder / f"{file.stem}-{index + 1:04d}.pdf"
                with pikepdf.Pdf.new() as one:
                    one.pages.append(pdf.pages[index])
                    one.save(target, deterministic_id=True)
                yield target
    except pikepdf.PdfError as error:
        raise PdfDamaged(file=file.name) from error


def _of_tiff(file: Path, count: int, folder: Path) -> Iterator[Path]:
    try:
        with Image.open(file, formats=("TIFF",)) as image:
            for index in range(count):
                image.seek(index)
                target = folder / f"{file.stem}-{index + 1:04d}.tif"
                resolution = {"dpi": image.info["dpi"]} if "dpi" in image.info else {}
                image.copy().save(target, "TIFF", compression="tiff_lzw", **resolution)
                with target.open("rb") as written:
                    os.fsync(written.fileno())
                yield target
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ImageDamaged(file=file.name, page=1) from error
