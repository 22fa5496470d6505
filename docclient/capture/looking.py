"""A first look at each page of a pile while the next one is being scanned: is it good enough, blank, a separator?

Everything that can be seen without reading the page's text, and the page number in its top margin. Kept beside the
page with a small picture of it, so that a pile that is opened again stands there at once.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from docclient.capture import ocr, pdf_input
from docclient.capture.arranging import Arrangement, sorted_out
from docclient.capture.marks import find_marks
from docclient.capture.originals import Picture, Pixels, is_pdf, page_count, pictures
from docclient.capture.page_text import PageText
from docclient.capture.pages import CleanPage, clean, grey_of
from docclient.capture.quality import TOP_MARGIN_MM, faults_of, faults_of_numbers, printed_number
from docclient.errors import Trouble
from docclient.tools.running import Stop

SMALL_SIDE = 340
"""Pixels of the longer side of a page's small picture."""

VERSION = 2
"""Of what a look says; one of another version is not read but made anew."""

STEEP_DEG = 3.0
"""A sheet that lay more askew than this is told, though it is straightened: corners may be missing."""

STEEP = "capture_warning.steep"
UNREADABLE = "capture_warning.unreadable"
NUMBER_DPI = 200.0

BAD = frozenset(f"capture_warning.{name}" for name in (
    "below_200_dpi", "blurred", "too_dark", "cut_edge", "page_missing", "page_twice", "unreadable", "steep"))
"""What asks for the page again. Grey scans and estimated resolutions are told, but another scan would not mend them."""


@dataclass(frozen=True, slots=True)
class PageLook:
    """What was seen of one page of a pile.

    pages: how many its file holds (a PDF made of letters stays whole). dpi: of the scan, None when unknown. skew_deg:
    counter-clockwise. number: printed in the top margin. document: on a register label. trouble: code of what kept it
    from being looked at.
    """

    name: str
    pages: int = 1
    dpi: float | None = None
    size_mm: tuple[float, float] = (0.0, 0.0)
    skew_deg: float | None = None
    blank: bool = False
    separator: bool = False
    document: str | None = None
    number: int | None = None
    warnings: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def bad(self) -> tuple[str, ...]:
        """The warnings that ask for the page again."""
        return tuple(code for code in self.warnings if code in BAD)


def small_picture(page: Path) -> Path:
    """Where the small picture of a page lies."""
    return page.with_name(f"small-{page.stem.removeprefix('page-')}.jpg")


def look_file(page: Path) -> Path:
    return page.with_name(f"look-{page.stem.removeprefix('page-')}.json")


def look_at(page: Path, stop: Stop | None = None) -> PageLook:
    """Look at a page's file, or remember the look. A file that cannot be looked at is told as one.

    Raises: ProgramMissing (Tesseract), CancelledError, FolderNotWritable, DiskFull.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(look_file(page).read_bytes())
        if said.pop("version") == VERSION and small_picture(page).is_file():
            return _look_of(said)
    with tempfile.TemporaryDirectory(prefix="docclient-look-") as work:
        try:
            look, small = _seen(page, Path(work), stop)
        except Trouble as trouble:
            look, small = PageLook(page.name, warnings=(UNREADABLE,), trouble=trouble.code), _empty()
    written, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert written
    small_picture(page).write_bytes(data.tobytes())
    look_file(page).write_text(json.dumps({"version": VERSION, **asdict(look)}))
    return look


def _look_of(said: dict[str, Any]) -> PageLook:
    return PageLook(**{**said, "size_mm": tuple(said["size_mm"]), "warnings": tuple(said["warnings"])})


def _seen(page: Path, work: Path, stop: Stop | None) -> tuple[PageLook, Pixels]:
    pages = page_count(page)
    picture = next(pictures(page, work, stop))
    small = smaller(picture.pixels)
    if is_pdf(page) and pdf_input.letters(page, 0, stop) is not None:
        height, width = picture.pixels.shape[:2]
        dpi = picture.dpi or 300.0
        return PageLook(page.name, pages, size_mm=(width / dpi * 25.4, height / dpi * 25.4)), small
    whole = clean(picture, lambda grey, dpi: 0)
    marks = find_marks(grey_of(picture.pixels), whole.dpi * picture.pixels.shape[0] / whole.pixels.shape[0])
    look = PageLook(page.name, pages, whole.scan_dpi, whole.size_mm, whole.skew_deg, whole.blank, marks.separator,
                    marks.document, None, whole.warnings)
    if whole.blank or marks.separator:
        return replace(look, warnings=()), small
    return replace(look, number=number_on(whole, work, stop),
                   warnings=(*whole.warnings, *_faults(picture, whole))), small


def _faults(picture: Picture, page: CleanPage) -> tuple[str, ...]:
    found = faults_of(picture.pixels, page.pixels, page.dpi)
    return (*found, STEEP) if abs(page.skew_deg or 0.0) > STEEP_DEG else found


def number_on(page: CleanPage, work: Path, stop: Stop | None) -> int | None:
    """The page number, read from the middle of the top margin alone; None on a page that lies otherwise."""
    width, height = page.size_mm
    if width > height:
        return None
    words = ocr.read_line(page, (0.4 * width, 3.0, 0.6 * width, TOP_MARGIN_MM), work, stop)
    return printed_number(PageText(tuple(words), page.size_mm))


def smaller(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = SMALL_SIDE / max(height, width)
    return np.asarray(cv2.resize(pixels, (max(1, round(width * scale)), max(1, round(height * scale))),
                                 interpolation=cv2.INTER_AREA), np.uint8)


def _empty() -> Pixels:
    return np.full((SMALL_SIDE, round(SMALL_SIDE / 1.414), 3), 235, np.uint8)


def with_sequence(arrangement: Arrangement, looks: Mapping[str, PageLook]) -> dict[str, PageLook]:
    """The looks with what the order of the printed numbers says, document by document: a sheet is missing (probably
    two were drawn in at once), or came twice."""
    found = dict(looks)
    for leaves in arrangement.documents():
        seen = [found[leaf.name] for leaf in leaves if leaf.name in found]
        if any(each.pages > 1 for each in seen):
            continue
        for index, fault in faults_of_numbers([each.number for each in seen]).items():
            found[seen[index].name] = replace(seen[index], warnings=(*seen[index].warnings, fault))
    return found


def arranged_by(arrangement: Arrangement, looks: Iterable[PageLook]) -> Arrangement:
    """Blank pages and separator sheets of what has just come set aside, letters begun after separators."""
    seen = list(looks)
    return sorted_out(arrangement, [each.name for each in seen if each.blank and not each.separator],
                      [each.name for each in seen if each.separator])


def bad_pages(arrangement: Arrangement, looks: Mapping[str, PageLook]) -> Sequence[str]:
    """The names of the pages to be scanned again, in order."""
    return [leaf.name for leaf in arrangement.leaves if leaf.name in looks and looks[leaf.name].bad]
