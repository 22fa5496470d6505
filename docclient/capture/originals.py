"""What comes in: PNG, JPEG, TIFF (several pages) and PDF files of scans, as pictures one page at a time.

What a file is, is read from its bytes, not from its name. One page is in memory at a time.
"""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from docclient.capture import pdf_input
from docclient.capture.embedded_scan import EmbeddedScan, embedded_scan
from docclient.capture.errors import ImageDamaged, ImageTooLarge, ImageTooSmall, NotAnImage, TooManyPages
from docclient.errors import trouble_of_os_error
from docclient.tools.running import Stop

Pixels = npt.NDArray[np.uint8]
"""Height × width × 3, blue green red (OpenCV's order), 8 bits each."""

PIXEL_LIMIT = 80_000_000
"""A3 at 600 dpi has 70 million. A picture of this size takes 240 MB decoded, and twice that for a moment."""

WORKED_ON = 36_000_000
"""Pixels above which a picture is made coarser at once: A4 at 600 dpi has 35 million, 300 dpi are read and kept."""

SIDE_LIMIT = 20_000
SMALLEST_SIDE = 200
PAGE_LIMIT = 1000
"""Pages of one document, all inputs together."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as it came. `dpi` is what the file states (square pixels), None when it states nothing.

    colour: the file keeps colours (three channels of 8 bits or more), whether or not the page shows any.
    reduced: how many pixels of the scan, along a side, became one here; `dpi` is that of the pixels here.
    """

    pixels: Pixels
    dpi: float | None
    colour: bool
    reduced: int = 1


def page_count(file: Path) -> int:
    """How many pages a file holds, everything that can be known without decoding them checked on the way.

    Raises: FileNotReadable, NotAnImage, ImageTooLarge, ImageTooSmall, TooManyPages, PdfEncrypted, PdfDamaged,
        PdfSigned.
    """
    if is_pdf(file):
        count = pdf_input.inspect(file)
    else:
        with _pillow_warnings(), _open(file) as image:
            _check_size(file, image)
            # a phone's JPEG may carry a second, small picture: that is not a page
            count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if count > PAGE_LIMIT:
        raise TooManyPages(file=file.name, pages=count, limit=PAGE_LIMIT)
    return count


def pictures(file: Path, work: Path, stop: Stop | None = None) -> Iterator[Picture]:
    """The pages of a file in order, each decoded when it is asked for.

    Args:
        work: a folder for what is drawn on the way (PDF pages).
    Raises: as `page_count`; ImageDamaged; ProgramFailed when a PDF brings the drawing process down; CancelledError.
    """
    count = page_count(file)
    if is_pdf(file):
        yield from drawn_pages(file, count, work, stop)
        return
    with _pillow_warnings():
        image = _open(file)
    with image:
        for index in range(count):
            try:
                with _pillow_warnings():
                    if index:
                        image.seek(index)
                    _check_size(file, image)
                    picture = _picture(image)
            except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
                raise ImageDamaged(file=file.name, page=index + 1) from error
            yield picture


def drawn_pages(file: Path, count: int, work: Path, stop: Stop | None = None) -> Iterator[Picture]:
    """The first `count` pages of a PDF as they are shown, whatever else the file is (signed, for one).

    Raises: PdfDamaged, ImageTooLarge, ImageTooSmall, ProgramFailed, CancelledError.
    """
    try:
        opened = pikepdf.open(file)
    except (pikepdf.PdfError, OSError, ValueError, TypeError, RuntimeError, RecursionError):
        opened = pikepdf.new()          # pdfium may yet draw it, or say what is wrong
    with opened:
        for index in range(count):
            scan = (embedded_scan(opened.pages[index], PIXEL_LIMIT, SMALLEST_SIDE) if index < len(opened.pages)
                    else None)
            yield _scanned_page(file, scan) if scan is not None else _drawn_page(file, index, work, stop)


@contextmanager
def _pillow_warnings() -> Iterator[None]:
    """Pillow's remarks on odd but readable files stay out of people's sight; its warning of size is a refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def is_pdf(file: Path) -> bool:
    """A PDF may begin after other bytes, but within the first 1024 (ISO 32000-1, Annex H note 13)."""
    try:
        with file.open("rb") as opened:
            return b"%PDF-" in opened.read(1024)
    except OSError as error:
        raise trouble_of_os_error(error, file) from error


def _open(file: Path) -> Image.Image:
    try:
        return Image.open(file, formats=("PNG", "JPEG", "TIFF"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        width, height = _stated_size(file)
        raise ImageTooLarge(file=file.name, width=width, height=height, limit=PIXEL_LIMIT // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise NotAnImage(file=file.name) from error
    except (SyntaxError, ValueError, TypeError, KeyError) as error:    # what Pillow's readers let through
        raise NotAnImage(file=file.name) from error
    except OSError as error:
        if error.errno is None:
            raise NotAnImage(file=file.name) from error
        raise trouble_of_os_error(error, file) from error


def _stated_size(file: Path) -> tuple[int | str, int | str]:
    """Width and height of an image that Pillow will not open for its size, as its head says: nothing is unpacked."""
    for reader in (PngImageFile, JpegImageFile, TiffImageFile):
        with suppress(SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error), reader(file) as image:
            return image.size
    return "?", "?"


def _check_size(file: Path, image: Image.Image) -> None:
    width, height = image.size
    if width * height > PIXEL_LIMIT or max(width, height) > SIDE_LIMIT:
        raise ImageTooLarge(file=file.name, width=width, height=height, limit=PIXEL_LIMIT // 1_000_000)
    if min(width, height) < SMALLEST_SIDE:
        raise ImageTooSmall(file=file.name, width=width, height=height)


def _picture(image: Image.Image) -> Picture:
    x_dpi, y_dpi = _stated_dpi(image)
    upright = ImageOps.exif_transpose(image)
    if upright.size != image.size:
        x_dpi, y_dpi = y_dpi, x_dpi
    colour = _keeps_colour(upright)
    flat = _on_white(upright)
    if x_dpi and y_dpi and not math.isclose(x_dpi, y_dpi, rel_tol=0.02):     # fax: 204 × 98
        finer = max(x_dpi, y_dpi)
        flat = flat.resize((round(flat.width * finer / x_dpi), round(flat.height * finer / y_dpi)),
                           Image.Resampling.BICUBIC)
        x_dpi = finer
    pixels, dpi, reduced = _worked_on(flat, x_dpi)
    return Picture(pixels, dpi, colour, reduced)


def _worked_on(flat: Image.Image, dpi: float | None) -> tuple[Pixels, float | None, int]:
    """Pixels, their dpi and how many along a side became one: what is finer than anyone reads is made coarser."""
    reduced = 1
    if flat.width * flat.height > WORKED_ON:
        reduced = math.ceil(math.sqrt(flat.width * flat.height / WORKED_ON))
        flat = flat.reduce(reduced)
        dpi = dpi and dpi / reduced
    return np.ascontiguousarray(np.asarray(flat, np.uint8)[:, :, ::-1]), dpi, reduced


def _stated_dpi(image: Image.Image) -> tuple[float | None, float | None]:
    try:
        x, y = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None, None
    if not (20 <= x <= 2500 and 20 <= y <= 2500):        # also NaN; 1 × 1 means "no unit"
        return None, None
    return x, y


def _keeps_colour(image: Image.Image) -> bool:
    """A palette keeps colour when it holds some: 24 bits is the rule, but such a file is not grey."""
    if image.mode == "P":
        palette = np.asarray(image.convert("RGB").getpalette() or image.getpalette("RGB"), np.int16).reshape(-1, 3)
        return bool(np.ptp(palette, axis=1).max() > 24)
    return image.mode not in {"1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L", "I;16N"}


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        wide = np.asarray(image, np.float64)
        scale = 255 / 65535 if wide.max(initial=0) > 255 else 1.0
        return Image.fromarray(np.clip(wide * scale, 0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        paper.alpha_composite(over)
        return paper.convert("RGB")
    return image.convert("RGB")


def _scanned_page(file: Path, scan: EmbeddedScan) -> Picture:
    _check_size(file, scan.image)
    pixels, dpi, reduced = _worked_on(scan.image, scan.dpi)
    return Picture(pixels, dpi, scan.colour, reduced)


def _drawn_page(file: Path, index: int, work: Path, stop: Stop | None) -> Picture:
    drawn = pdf_input.draw(file, index, work, stop)
    try:
        with Image.open(drawn.image, formats=("PPM",)) as image:
            _check_size(file, image)
            pixels, dpi, reduced = _worked_on(image.convert("RGB"), drawn.dpi)
            return Picture(pixels, dpi, drawn.colour, reduced)
    finally:
        drawn.image.unlink(missing_ok=True)
