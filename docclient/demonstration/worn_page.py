"""Make a clean page look scanned: paper, askew, turned, shaded, noisy. The same seed makes the same picture.

Real scans cannot be shipped (they hold names, seals and signatures of real offices), so the demonstration and the tests
wear our own letters out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

from docclient.errors import FileNotReadable
from signing.files import replacing

DPI = 300
SKEW_DEGREES = 1.7
JPEG_QUALITY = 88

Pixels = NDArray[np.float32]

PAPER = np.array([250, 247, 240], dtype=np.float32)      # RGB: office paper, slightly warm
LID = np.array([62, 60, 58], dtype=np.float32)           # what the scanner sees beside the sheet


@dataclass(frozen=True, slots=True)
class WornPage:
    """What was done to the page, for whoever checks the way back.

    skew_degrees: how far the sheet lay askew, positive clockwise. turned_degrees: 90 or 180, clockwise, after that.
    """

    path: Path
    dpi: int
    skew_degrees: float
    turned_degrees: int
    seed: int


def worn_page_image(pdf: Path, target: Path, seed: int, *, turned_degrees: int | None = None) -> WornPage:
    """Page 1 of `pdf` as a scanner would give it: 300 dpi, 24-bit colour, the page's own size at 100 %.

    Args:
        target: `.png` (exact, large) or `.jpg` (as scanners save); carries its resolution.
        seed: the same seed gives the same pixels; an even one turns the page upside down, an odd one onto its side.
        turned_degrees: 0, 90, 180 or 270 clockwise instead of what the seed says.
    Raises: FileNotReadable, FolderNotWritable, DiskFull.
    """
    chance = np.random.default_rng(seed)
    skew = round(SKEW_DEGREES + float(chance.uniform(-0.15, 0.15)), 3) * (1 if chance.random() < 0.5 else -1)
    turned = turned_degrees if turned_degrees is not None else (180 if seed % 2 == 0 else 90)
    sheet = _printed(_render(pdf), chance)
    scan = _shaded(_askew(sheet, skew, chance), chance)
    scan = np.rot90(_noisy(scan, chance), -turned // 90)
    picture = Image.fromarray(np.ascontiguousarray(np.clip(scan, 0, 255).astype(np.uint8)))
    with replacing(target) as stream:
        if target.suffix.lower() in {".jpg", ".jpeg"}:
            picture.save(stream, "JPEG", quality=JPEG_QUALITY, dpi=(DPI, DPI))
        else:
            picture.save(stream, "PNG", compress_level=1, dpi=(DPI, DPI))
    return WornPage(target, DPI, skew, turned, seed)


def _render(pdf: Path) -> Pixels:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise FileNotReadable(file=str(pdf), reason=type(error).__name__) from error
    try:
        page = document[0].render(scale=DPI / 72, rev_byteorder=True).to_pil().convert("RGB")
        return np.asarray(page, dtype=np.float32)
    finally:
        document.close()


def _printed(page: Pixels, chance: np.random.Generator) -> Pixels:
    """Ink on real paper: warm sheet, fibres, edges that bled a little, some dust."""
    height, width = page.shape[:2]
    fibres = cv2.resize(chance.normal(0, 1.6, (height // 3, width // 3)).astype(np.float32), (width, height))
    sheet = cv2.GaussianBlur(page, (0, 0), 0.7) / 255 * PAPER + fibres[..., None]
    for _ in range(70):
        at = (int(chance.integers(0, width)), int(chance.integers(0, height)))
        shade = float(chance.uniform(90, 190))
        cv2.circle(sheet, at, int(chance.integers(1, 4)), (shade, shade, shade), -1, cv2.LINE_AA)
    return sheet.astype(np.float32)


def _askew(sheet: Pixels, skew_degrees: float, chance: np.random.Generator) -> Pixels:
    """The sheet laid askew on the glass: dark lid at the corners, a soft shadow along the sheet's edges."""
    height, width = sheet.shape[:2]
    lay = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -skew_degrees, 1.0), dtype=np.float64)
    lay[:, 2] += chance.uniform(-8, 8, 2)
    covered = cv2.warpAffine(np.ones((height, width), np.float32), lay, (width, height), flags=cv2.INTER_LINEAR)
    laid = cv2.warpAffine(sheet, lay, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    small = cv2.GaussianBlur(cv2.resize(covered, (width // 4, height // 4), interpolation=cv2.INTER_AREA), (0, 0), 2.3)
    shadow = (0.80 + 0.20 * cv2.resize(small, (width, height))) * covered
    return np.asarray(laid * shadow[..., None] + LID * (1 - covered)[..., None], dtype=np.float32)


def _shaded(scan: Pixels, chance: np.random.Generator) -> Pixels:
    """Uneven light, and the strip at one side where the lid did not quite close."""
    height, width = scan.shape[:2]
    coarse = chance.uniform(0.94, 1.0, (4, 3)).astype(np.float32)
    light = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    strip = 1 - 0.16 * np.exp(-np.arange(width, dtype=np.float32) / (width * 0.03))
    return np.asarray(scan * light[..., None] * strip[None, :, None], dtype=np.float32)


def _noisy(scan: Pixels, chance: np.random.Generator) -> Pixels:
    """The sensor's grain: mostly in brightness, a little in colour."""
    height, width = scan.shape[:2]
    grain = chance.standard_normal((height, width, 1), dtype=np.float32) * 5.0
    colour = chance.standard_normal((height // 2, width // 2, 3), dtype=np.float32) * 3.0
    return np.asarray(scan + grain + cv2.resize(colour, (width, height)), dtype=np.float32)
