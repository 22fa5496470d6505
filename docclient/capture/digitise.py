"""From images or scans to one archival PDF with the fields it proposes: decode, clean, read, keep; page by page.

Pages are read side by side, two at most, and only a few are in memory however many there are. The result appears under
its name at the very end; until then nothing of it is to be seen.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from docclient.capture import archive_pdf, ocr, pdf_input, upright
from docclient.capture.archive_pdf import ArchivePage, PdfFacts
from docclient.capture.errors import NothingToDigitise, OutIsInput, SecretFound, TooManyPages
from docclient.capture.fields import NOTHING_KNOWN, Known, PageReading, read_page, secrecy_stamp
from docclient.capture.fields.agreement import Eyes, Look
from docclient.capture.fields.foot import has_foot
from docclient.capture.fields.handwriting import cropper
from docclient.capture.fields.model import Box, Fields, further
from docclient.capture.layers import Inks, inks_of, without_body
from docclient.capture.originals import PAGE_LIMIT, Picture, Pixels, is_pdf, page_count, pictures
from docclient.capture.page_jpeg import page_jpeg
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import MM_PER_INCH, CleanPage, clean, grey_of, with_warning
from docclient.capture.quality import faults_of, sequence_faults
from docclient.errors import FolderNotWritable, trouble_of_os_error
from docclient.tools import tesseract
from docclient.tools.running import Stop

SIDE_BY_SIDE = max(1, min(2, os.cpu_count() or 1))

Progress = Callable[[int, int], None]
"""Called with pages done and pages in all, from the thread that called `digitise`."""

FirstRead = Callable[[PageReading], None]
"""Called once, with what the first page with text proposes, before the other pages are read; from the same thread."""


@dataclass(frozen=True, slots=True)
class DigitisedPage:
    """One page of the result. For dpi, rotation, skew_deg and warnings see `pages.CleanPage`; number counts from 1."""

    number: int
    source: str
    dpi: float | None
    rotation: int
    skew_deg: float | None
    blank: bool
    warnings: tuple[str, ...]
    text: PageText


@dataclass(frozen=True, slots=True)
class Digitised:
    """An archival PDF, its pages, and the fields its first and last pages propose."""

    file: Path
    pages: tuple[DigitisedPage, ...]
    fields: Fields
    pdf: PdfFacts
    further: Fields = field(default_factory=further)

    def as_json(self) -> dict[str, Any]:
        """The answer of `docclient digitise --json`; the pages' text is not in it."""
        return {
            "file": str(self.file),
            "pages": [{
                "number": page.number, "source": page.source, "dpi": page.dpi, "skew_deg": page.skew_deg,
                "blank": page.blank, "rotation": page.rotation, "warnings": list(page.warnings),
                "size_mm": [round(side, 1) for side in page.text.size_mm],
            } for page in self.pages],
            "fields": {name: each.as_json() for name, each in self.fields.items()},
            "further_fields": {name: each.as_json() for name, each in self.further.items()},
            "pdf": {"version": self.pdf.version, "pdfa": self.pdf.pdfa, "text_layer": self.pdf.text_layer},
        }


@dataclass(frozen=True, slots=True)
class _Made:
    page: DigitisedPage
    kept: ArchivePage
    clean: CleanPage | None
    inks: Inks | None
    """The page's pixels, for a second look; only until the next page is made."""


def digitise(inputs: Sequence[Path], out: Path, *, progress: Progress | None = None,
             stop: Stop | None = None, turns: Sequence[int] = (), known: Known = NOTHING_KNOWN,
             first_read: FirstRead | None = None) -> Digitised:
    """Digitise `inputs` (PNG, JPEG, TIFF, PDF of scans; the pages of one document in order) into `out`.

    turns: for each input, by how many degrees clockwise a person turned it to stand upright; 0 leaves it to the page.
    known: what the office knows of its senders; first_read: is told what the first page proposes as soon as it is read.
    Raises: NothingToDigitise, OutIsInput; FileNotReadable, NotAnImage, ImageDamaged, ImageTooLarge, ImageTooSmall,
        TooManyPages, PdfEncrypted, PdfDamaged, PdfSigned; SecretFound; FolderNotWritable, DiskFull; ProgramMissing,
        ProgramFailed, LanguageMissing; CancelledError. `out` is then as it was before.
    """
    _check_out(inputs, out)
    total = _count(inputs)
    halt = Halt(stop)
    if not any(turns) and (texts := _letters_of(inputs, total, halt)) is not None:
        return _keep_letters(inputs[0], texts, out, progress, halt, known, first_read)
    done: list[_Made] = []
    try:
        with tempfile.TemporaryDirectory(prefix="docclient-digitise-") as work_name:
            work = Path(work_name)
            sight = _Sight(work, halt)
            with closing(_read_all(inputs, turns, work, halt)) as pages:
                for made in pages:
                    _refuse_secrets(made.page)      # any may begin a letter that nobody parted from the one before
                    first = bool(made.page.text.words) and not any(earlier.page.text.words for earlier in done)
                    if first and made.clean is not None and made.inks is not None:
                        sight.keep_first(len(done), made.clean, made.inks)
                        if first_read is not None:
                            first_read(sight.read([*(each.page.text for each in done), made.page.text], known))
                    elif made.clean is not None and made.inks is not None and has_foot(made.page.text):
                        sight.keep_foot(len(done), made.clean, made.inks)
                    done.append(replace(made, clean=None, inks=None))
                    if progress is not None:
                        progress(len(done), total)
            done = _in_sequence(done)
            reading = sight.read([made.page.text for made in done], known)
            pdf = archive_pdf.write((made.kept for made in done), out, title=_title(reading.fields, out))
    except OSError as error:
        raise trouble_of_os_error(error, out) from error
    return Digitised(out, tuple(made.page for made in done), reading.fields, pdf, reading.further)


def read_first_page(file: Path, *, known: Known = NOTHING_KNOWN, stop: Stop | None = None,
                    shown: Path | None = None) -> PageReading:
    """What the first page of a file proposes, while the pages after it are perhaps still being scanned: the head's
    fields are ready then, the foot's where the letter has one page only.

    shown: where to write a PDF to look at meanwhile: the page upright, as the fields' boxes say.
    Raises: as `digitise`; of its result, only where `shown` is asked for.
    """
    halt = Halt(stop)
    if is_pdf(file) and (text := pdf_input.letters(file, 0, halt)) is not None:
        if secrecy_stamp(text):
            raise SecretFound(file=file.name, page=1)
        if shown is not None:
            shown.write_bytes(file.read_bytes())
        return read_page([text], known=known)
    with tempfile.TemporaryDirectory(prefix="docclient-first-") as work_name:
        for picture in pictures(file, Path(work_name), halt):
            page, inks, text = upright_and_read(picture, 0, Path(work_name), halt, whole=False)
            if secrecy_stamp(text):
                raise SecretFound(file=file.name, page=1)
            if shown is not None:
                archive_pdf.write([_archive_page(page.pixels, text, Path(work_name) / "shown.jpg")], shown,
                                  title=file.stem)
            sight = _Sight(Path(work_name), halt)
            if text.words:
                sight.keep_first(0, page, inks)
            return sight.read([text], known)
    raise NothingToDigitise


def _letters_of(inputs: Sequence[Path], total: int, halt: Halt) -> list[PageText] | None:
    """The pages' texts when the only input is a PDF made of letters, not of pictures; else None."""
    if len(inputs) != 1 or not is_pdf(inputs[0]):
        return None
    texts = []
    for index in range(total):
        if (text := pdf_input.letters(inputs[0], index, halt)) is None:
            return None
        texts.append(text)
    return texts if any(text.words for text in texts) else None


def _keep_letters(source: Path, texts: list[PageText], out: Path, progress: Progress | None, halt: Halt, known: Known,
                  first_read: FirstRead | None) -> Digitised:
    """A PDF from a word processor: its pages stay as they are, crisp and small, and become PDF/A."""
    pages = tuple(DigitisedPage(number, source.name, None, 0, None, not text.words, (), text)
                  for number, text in enumerate(texts, 1))
    for page in pages:      # as of scans: any may begin a letter that nobody parted from the one before
        _refuse_secrets(page)
    reading = read_page(texts, known=known)
    if first_read is not None:
        first_read(reading)
    title = _title(reading.fields, out)
    pdf = archive_pdf.keep(source, out, title=title)
    if pdf is None:         # something in it that PDF/A does not allow: then as pictures, its own words beneath
        with tempfile.TemporaryDirectory(prefix="docclient-digitise-") as work_name:
            drawn: list[ArchivePage] = []
            for picture, text in zip(pictures(source, Path(work_name), halt), texts, strict=True):
                drawn.append(_archive_page(picture.pixels, text, Path(work_name) / f"page-{len(drawn):04d}.jpg"))
                if progress is not None:
                    progress(len(drawn), len(pages))
            pdf = archive_pdf.write(drawn, out, title=title)
    return Digitised(out, pages, reading.fields, pdf, reading.further)


class Halt:
    """Set when the caller wants to stop, or when one page failed and the others need not go on."""

    def __init__(self, stop: Stop | None) -> None:
        self._stop = stop
        self._failed = False

    def is_set(self) -> bool:
        return self._failed or (self._stop is not None and self._stop.is_set())

    def set(self) -> None:
        self._failed = True


def _check_out(inputs: Sequence[Path], out: Path) -> None:
    if not inputs:
        raise NothingToDigitise
    for file in inputs:
        with suppress(OSError):
            if out.exists() and file.samefile(out):
                raise OutIsInput(file=file.name)
    try:
        if out.is_dir() or not out.parent.is_dir():
            raise FolderNotWritable(folder=str(out if out.is_dir() else out.parent),
                                    reason="EISDIR" if out.is_dir() else "ENOTDIR")
        with tempfile.TemporaryFile(dir=out.parent):        # found out now rather than after an hour of reading
            pass
    except OSError as error:
        raise trouble_of_os_error(error, out) from error


def _count(inputs: Sequence[Path]) -> int:
    total = 0
    for file in inputs:
        total += page_count(file)
        if total > PAGE_LIMIT:
            raise TooManyPages(file=file.name, pages=total, limit=PAGE_LIMIT)
    return total


def _read_all(inputs: Sequence[Path], turns: Sequence[int], work: Path, halt: Halt) -> Generator[_Made, None, None]:
    """The pages in order. A few are under way at a time, so that memory stays flat."""
    waiting: deque[Future[_Made]] = deque()
    with ThreadPoolExecutor(SIDE_BY_SIDE, "digitise") as pool:
        try:
            number = 0
            for place, file in enumerate(inputs):
                turn = turns[place] if turns else 0
                for picture in pictures(file, work, halt):
                    number += 1
                    waiting.append(pool.submit(_one_page, picture, turn, number, file.name, work, halt))
                    if len(waiting) > SIDE_BY_SIDE + 1:     # one lies ready, so that none of them waits for work
                        yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:   # of a page, or the caller wants no more: what is under way is ended, not waited for
            halt.set()
            for future in waiting:
                future.cancel()
            raise


def _one_page(picture: Picture, turn: int, number: int, source: str, work: Path, halt: Halt) -> _Made:
    if halt.is_set():
        raise CancelledError
    folder = work / f"page-{number:04d}"
    folder.mkdir()
    page, inks, text = upright_and_read(picture, turn, folder, halt)
    if not page.blank:
        for fault in faults_of(picture.pixels, page.pixels, page.dpi):
            page = with_warning(page, fault)
    return _Made(
        DigitisedPage(number, source, page.scan_dpi, page.rotation, page.skew_deg, page.blank, page.warnings, text),
        _archive_page(page.pixels, text, folder / "page.jpg"), page, inks)


def upright_and_read(picture: Picture, turn: int, folder: Path, halt: Halt, *,
                     whole: bool = True) -> tuple[CleanPage, Inks, PageText]:
    """The clean page, its inks and its words. Most sheets lie right: one that reads well as it lies is not turned at
    all; of one that a person turned, which way is up is known. whole: with the lines of the body, where no field is."""
    def read(page: CleanPage) -> tuple[CleanPage, Inks, PageText]:
        inks = inks_of(page)
        return page, inks, ocr.read(page, folder, halt, inks=inks if whole else without_body(inks, page.dpi))

    if turn:
        return read(clean(picture, lambda grey, dpi: turn))
    height, width = picture.pixels.shape[:2]
    if width > height:
        return read(clean(picture, lambda grey, dpi: upright.find_turn(grey, dpi, halt)))
    as_it_lies = read(clean(picture, lambda grey, dpi: 0))
    page, _, text = as_it_lies
    if page.blank or ocr.reads_well(text):
        return as_it_lies
    clockwise = upright.find_turn(grey_of(page.pixels), page.dpi, halt)
    return as_it_lies if clockwise == 0 else read(clean(picture, lambda grey, dpi: clockwise))


def _in_sequence(done: list[_Made]) -> list[_Made]:
    """With a warning at each page whose printed number does not follow: a sheet is missing, or came twice."""
    faults = sequence_faults([made.page.text for made in done])
    return [replace(made, page=replace(made.page, warnings=(*made.page.warnings, faults[index])))
            if index in faults else made for index, made in enumerate(done)]


HOW = {Eyes.OTHER: (tesseract.BEST, False), Eyes.SAME: (ocr.LANGUAGE, False),
       Eyes.OTHER_AMONG_STROKES: (tesseract.BEST, True), Eyes.SAME_AMONG_STROKES: (ocr.LANGUAGE, True)}
"""With which data each looks, and whether for scattered words."""


class _Sight:
    """Pages looked at once more, by their index: parts of them are read again by themselves, each once. The first with
    text holds the head; the last so far that may hold a foot is kept beside it."""

    def __init__(self, work: Path, halt: Halt) -> None:
        self._work, self._halt = work, halt
        self._first: int | None = None
        self._pages: dict[int, tuple[CleanPage, Inks]] = {}
        self._seen: dict[tuple[int, Box, Eyes], Sequence[Word]] = {}

    def keep_first(self, index: int, page: CleanPage, inks: Inks) -> None:
        self._first = index
        self._pages[index] = page, inks

    def keep_foot(self, index: int, page: CleanPage, inks: Inks) -> None:
        """In place of the one kept before."""
        self._pages = {at: kept for at, kept in self._pages.items() if at == self._first} | {index: (page, inks)}

    def read(self, texts: Sequence[PageText], known: Known) -> PageReading:
        """What the pages propose. What will be looked at is found out first, so that the reader is started once for
        all of it and not for each; what was seen may ask for a further look, a few times at most."""
        if self._first is None:
            return read_page(texts, known=known)
        page, _ = self._pages[self._first]
        crop = cropper(page.pixels, page.dpi)
        while True:
            wanted: dict[tuple[int, Eyes], list[Box]] = {}
            looks = {index: self._looking(index, wanted) for index in self._pages}
            reading = read_page(texts, looks.pop(self._first), crop, known, looks)
            if not wanted:
                return reading
            for (index, eyes), boxes in wanted.items():
                self._see(index, eyes, list(dict.fromkeys(boxes)))

    def _looking(self, index: int, wanted: dict[tuple[int, Eyes], list[Box]]) -> Look:
        """Gives what was seen, and notes what is yet to be."""
        def look(box: Box, eyes: Eyes = Eyes.OTHER) -> Sequence[Word]:
            seen = self._seen.get((index, box, eyes))
            # whether a third look is needed is known once the second was taken
            if seen is None and (eyes is not Eyes.SAME or (index, box, Eyes.OTHER) in self._seen):
                wanted.setdefault((index, eyes), []).append(box)
            return seen or ()
        return look

    def _see(self, index: int, eyes: Eyes, boxes: list[Box]) -> None:
        page, inks = self._pages[index]
        data, scattered = HOW[eyes]
        pieces = ocr.read_pieces(page, boxes, self._work, self._halt, inks=inks, data=data, scattered=scattered)
        self._seen.update({(index, box, eyes): words for box, words in zip(boxes, pieces, strict=True)})


def _archive_page(pixels: Pixels, text: PageText, jpeg: Path) -> ArchivePage:
    made = page_jpeg(pixels, pixels.shape[1] / text.size_mm[0] * MM_PER_INCH)
    jpeg.write_bytes(made.content)
    return ArchivePage(jpeg, (pixels.shape[1], pixels.shape[0]), text, made.full)


def _refuse_secrets(page: DigitisedPage) -> None:
    if secrecy_stamp(page.text):
        raise SecretFound(file=page.source, page=page.number)


def _title(fields: Fields, out: Path) -> str:
    """Number, symbol and subject where they were read, else the file's name."""
    number, notation = fields["code_number"].value, fields["code_notation"].value
    subject = fields["subject"].value
    code = f"{number}/{notation}" if number and notation else None
    return " ".join(part for part in (code, subject) if isinstance(part, str)) or out.stem
