"""A page picture made fit for reading and keeping: upright, straight, its paper white, its colours kept.

Frames: pixels count from the top left, x to the right, y down; millimetres likewise, from the page's top left.
Angles are degrees counter-clockwise, as the reader sees the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from docclient.capture.originals import Picture, Pixels

Grey = npt.NDArray[np.uint8]

MM_PER_INCH = 25.4
A4_MM = (210.0, 297.0)
PAPERS_MM = {"A3": (297.0, 420.0), "A4": A4_MM, "A5": (148.0, 210.0), "Letter": (215.9, 279.4),
             "Legal": (215.9, 355.6), "F4": (210.0, 330.0)}
LOWEST_DPI = 200.0
"""Decree 30/2020, Annex I part II: at least 200 dpi, colour, 100 %."""

KEPT_DPI = 300.0
"""Finer scans are brought down to this: reading gains nothing above it, the file doubles."""

STEEPEST_SKEW_DEG = 8.0


@dataclass(frozen=True, slots=True)
class Scale:
    """dpi: to reckon with. stated: the file's own word, and it fits; estimated: from A4; neither: a guess by width."""

    dpi: float
    stated: bool
    estimated: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A page as it will be kept and read.

    dpi: of `pixels`; scan_dpi: of the scan as it came, None where nothing tells it; rotation: degrees clockwise (0, 90,
    180, 270) it was turned by to stand upright; skew_deg: the tilt it had then, taken out (None on a blank page);
    warnings: codes whose words are in capture.toml.
    """

    pixels: Pixels
    dpi: float
    scan_dpi: float | None
    rotation: int
    skew_deg: float | None
    blank: bool
    warnings: tuple[str, ...]

    @property
    def size_mm(self) -> tuple[float, float]:
        height, width = self.pixels.shape[:2]
        return width / self.dpi * MM_PER_INCH, height / self.dpi * MM_PER_INCH


Turn = Callable[[Grey, float], int]
"""Given a grey page and its dpi: degrees clockwise that bring it upright."""


def clean(picture: Picture, turn: Turn) -> CleanPage:
    """Make a page fit for reading and keeping. `turn` finds which way is up (docclient.capture.upright)."""
    pixels = trim_dark_border(picture.pixels)
    scale = find_scale((pixels.shape[1], pixels.shape[0]), picture.dpi)
    warnings = [*scale.warnings]
    scanned_dpi = scale.dpi * picture.reduced
    if (scale.stated or scale.estimated) and scanned_dpi < LOWEST_DPI * 0.985:    # 199.9 is rounding, not a poor scan
        warnings.append("capture_warning.below_200_dpi")
    if not picture.colour:
        warnings.append("capture_warning.not_colour")
    scan_dpi = round(scanned_dpi, 1) if scale.stated or scale.estimated else None
    dpi = scale.dpi
    if dpi > KEPT_DPI * 1.05:
        pixels = _resize(pixels, KEPT_DPI / dpi)
        dpi = KEPT_DPI
    if not scale.stated and not scale.estimated:
        warnings.append("capture_warning.resolution_unknown")
    whitened = whiten_paper(pixels, dpi)
    if is_blank(whitened, dpi):
        return CleanPage(whitened, dpi, scan_dpi, 0, None, True, tuple(warnings))
    # OSD and deskewing help each other: a tilt of some degrees is first taken out, whichever side is up
    rotation = turn(grey_of(whitened), dpi)
    whitened = turned(whitened, rotation)
    skew = find_skew(grey_of(whitened), dpi)
    return CleanPage(straightened(whitened, skew), dpi, scan_dpi, rotation, skew, False, tuple(warnings))


def find_scale(size_px: tuple[int, int], stated_dpi: float | None) -> Scale:
    """The resolution to reckon with, from what the file states and from the shape of the page.

    A statement counts when the page then has the size of a paper, or at least not A4's shape in another size: cameras
    and editors write 72 or 96 without meaning it.
    """
    width, height = sorted(size_px)
    a4_like = abs(height / width - A4_MM[1] / A4_MM[0]) < 0.05
    a4_dpi = (width / A4_MM[0] + height / A4_MM[1]) / 2 * MM_PER_INCH
    if stated_dpi is not None:
        as_mm = (width / stated_dpi * MM_PER_INCH, height / stated_dpi * MM_PER_INCH)
        if any(abs(as_mm[0] - w) < 0.05 * w and abs(as_mm[1] - h) < 0.05 * h for w, h in PAPERS_MM.values()):
            return Scale(stated_dpi, True, False)
        if not a4_like and as_mm[0] > 40 and as_mm[1] < 1300:
            return Scale(stated_dpi, True, False)
        if a4_like:
            return Scale(a4_dpi, False, True, ("capture_warning.not_full_size",))
    if a4_like:
        return Scale(a4_dpi, False, True, ("capture_warning.resolution_estimated",))
    return Scale(width / A4_MM[0] * MM_PER_INCH, False, False)


def trim_dark_border(pixels: Pixels) -> Pixels:
    """Cut off the black that a scanner's lid leaves beyond the paper; at most 15 % from a side.

    Only a band whose lines are nearly all dark counts, so a dark picture that reaches the edge stays.
    """
    height, width = pixels.shape[:2]
    shrink = max(1, round(max(height, width) / 1200))
    dark = cv2.cvtColor(pixels[::shrink, ::shrink], cv2.COLOR_BGR2GRAY) < 70
    rows, columns = dark.mean(axis=1), dark.mean(axis=0)
    top, bottom = _dark_run(rows), _dark_run(rows[::-1])
    left, right = _dark_run(columns), _dark_run(columns[::-1])
    if top + bottom + left + right == 0:
        return pixels
    edge = 1                    # the line where paper and lid mix
    return np.ascontiguousarray(pixels[
        (top + edge * bool(top)) * shrink: height - (bottom + edge * bool(bottom)) * shrink,
        (left + edge * bool(left)) * shrink: width - (right + edge * bool(right)) * shrink])


def _dark_run(shares: npt.NDArray[np.float64]) -> int:
    limit = int(len(shares) * 0.15)
    run = 0
    while run < limit and shares[run] > 0.85:
        run += 1
    return 0 if run == limit else run


def whiten_paper(pixels: Pixels, dpi: float) -> Pixels:
    """Take shadows and the paper's tint out; ink, stamps and pictures keep their colour.

    The paper's brightness is followed in each colour over windows of 8 mm (no stroke is that thick) and divided out.
    Where something darker than paper is wider than that (a picture, a solid logo), the usual paper is assumed.
    """
    height, width = pixels.shape[:2]
    step = max(1, min(round(dpi / 40), height // 8, width // 8))
    small = made_smaller(pixels, step)
    window = max(3, round(8 / MM_PER_INCH * dpi / step)) | 1
    paper = cv2.dilate(small, np.ones((window, window), np.uint8))
    paper = cv2.medianBlur(paper, min(window | 1, 31))
    usual = np.percentile(paper.reshape(-1, 3), 70, axis=0)
    too_dark = paper.min(axis=2).astype(np.float32) < 0.55 * float(usual.min())
    paper_f = paper.astype(np.float32)
    paper_f[too_dark] = usual
    smooth = np.maximum(np.asarray(cv2.GaussianBlur(paper_f, (0, 0), window / 2)), 32).round().astype(np.uint8)
    white = np.empty_like(pixels)
    band = max(1, 4_000_000 // max(1, width))           # rows at a time, so that no second page is held
    for start in range(0, height, band):
        stop = min(height, start + band)
        whole = cv2.resize(smooth[_rows(start, stop, height, smooth.shape[0])], (width, stop - start),
                           interpolation=cv2.INTER_LINEAR)
        # paper ends a little above its own noise: from 91 % of its brightness all is white
        white[start:stop] = cv2.divide(pixels[start:stop], whole, scale=255 * 255 / 233)
    return white


def _rows(start: int, stop: int, of: int, in_small: int) -> slice:
    first = int(start / of * in_small)
    return slice(first, max(first + 1, -(-stop * in_small // of)))


def grey_of(pixels: Pixels) -> Grey:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def ink(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Where there is ink on a whitened page: 255 for ink, 0 for paper."""
    return np.asarray(cv2.inRange(darkest(pixels), np.array(0), np.array(149)), np.uint8)


def darkest(pixels: Pixels) -> Grey:
    """Of each pixel the darkest of its three colours: any ink counts."""
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)


def brightest(pixels: Pixels) -> Grey:
    blue, green, red = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def is_blank(whitened: Pixels, dpi: float) -> bool:
    """No text: less ink than a few letters inside the margins, specks and punch holes not counted."""
    if dpi > 160:
        whitened, dpi = _resize(whitened, 150 / dpi), 150.0
    height, width = whitened.shape[:2]
    mm = dpi / MM_PER_INCH
    side, end = round(min(17 * mm, width * 0.12)), round(min(10 * mm, height * 0.08))
    inside = ink(whitened[end:height - end, side:width - side])
    found, _, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    areas = stats[1:found, cv2.CC_STAT_AREA] / mm**2
    longest = np.maximum(stats[1:found, cv2.CC_STAT_WIDTH], stats[1:found, cv2.CC_STAT_HEIGHT]) / mm
    letters = (longest > 1.0) & (areas > 0.15)
    return int(letters.sum()) < 4 and float(areas[letters].sum()) < 12.0


def find_skew(grey: Grey, dpi: float) -> float:
    """How far the lines of text lean, in degrees counter-clockwise, to about 0.05 degree within ±8 degrees.

    At the right angle the rows of the page are by turns full and empty: the sum of squared differences between
    neighbouring rows is greatest. Searched coarsely at about 60 dpi, then finely at about 110 dpi.
    """
    angle = _best_angle(_binary_at(grey, dpi, 60), 0.0, np.arange(-STEEPEST_SKEW_DEG, STEEPEST_SKEW_DEG + 0.01, 0.5))
    # brought near to level at once, but outside what is tried: lines not moved at all are sharper than any others
    near = angle - 1.0
    fine = _sheared(_binary_at(grey, dpi, 110), _slope(near))
    angle = _best_angle(fine, near, angle + np.arange(-0.5, 0.51, 0.1))
    angle = _best_angle(fine, near, angle + np.arange(-0.08, 0.09, 0.02))
    return round(float(angle), 2) + 0.0


def _binary_at(grey: Grey, dpi: float, wanted: float) -> Grey:
    small = made_smaller(grey, max(1, round(dpi / wanted)))
    return np.asarray(cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], np.uint8)


STRIP = 6
"""Columns taken together while angles are tried: within so few, even the steepest angle moves a line by less than a
pixel, and each trial costs a sixth."""


def _best_angle(binary: Grey, already_deg: float, angles: npt.NDArray[np.float64]) -> float:
    """Of `angles`, the one at which the lines lie level. binary: the page, sheared by `already_deg` before."""
    strips = np.asarray(cv2.resize(binary[:, :binary.shape[1] // STRIP * STRIP], (binary.shape[1] // STRIP,
                                   binary.shape[0]), interpolation=cv2.INTER_AREA), np.uint8)
    scores = []
    for angle in angles:
        # the rows of the sheared page stand for the rows of the turned one: cheaper, and equal for small angles
        sheared = _sheared(strips, (_slope(angle) - _slope(already_deg)) * STRIP)
        rows = cv2.reduce(sheared, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F)
        scores.append(float(np.square(np.diff(np.asarray(rows)[:, 0])).sum()))
    return float(angles[int(np.argmax(scores))])


def _slope(angle_deg: float) -> float:
    return math.tan(math.radians(angle_deg))


def _sheared(grey: Grey, slope: float) -> Grey:
    """Each column moved up or down, the middle one not."""
    height, width = grey.shape
    shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    return np.asarray(cv2.warpAffine(grey, shear, (width, height), flags=cv2.INTER_LINEAR), np.uint8)


TILE, CELL = 128, 16
"""Pixels along a side of the pieces that a page is turned in, and of those in which ink is looked for before: much of a
page is bare paper, and turns into the same."""

WHITE = np.array((255, 255, 255))


def straightened(pixels: Pixels, skew_deg: float) -> Pixels:
    """The page turned back by its skew about its middle, on white; its size stays."""
    if abs(skew_deg) < 0.05:
        return pixels
    height, width = pixels.shape[:2]
    back = cv2.getRotationMatrix2D((width / 2, height / 2), -skew_deg, 1.0)
    forth = np.asarray(cv2.invertAffineTransform(back), np.float64)
    inked = _inked_cells(pixels)
    whole = np.full_like(pixels, 255)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            high, wide = min(TILE, height - top), min(TILE, width - left)
            rows, columns = _cells_under(forth, left, top, wide, high)
            if not inked[rows, columns].any():
                continue
            moved = back.copy()
            moved[:, 2] -= left, top
            whole[top:top + high, left:left + wide] = cv2.warpAffine(
                pixels, moved, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT,
                borderValue=(255, 255, 255))
    return whole


def _inked_cells(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """For each cell of the page: is any of its pixels not quite white?"""
    height, width = pixels.shape[:2]
    white = cv2.copyMakeBorder(cv2.inRange(pixels, WHITE, WHITE), 0, -height % CELL, 0, -width % CELL,
                               cv2.BORDER_CONSTANT, value=(255,))
    size = (white.shape[1] // CELL, white.shape[0] // CELL)
    # one pixel of a cell's 256 takes its mean down by one
    return np.asarray(cv2.resize(white, size, interpolation=cv2.INTER_AREA)) < 255


def _cells_under(forth: npt.NDArray[np.float64], left: int, top: int, wide: int, high: int) -> tuple[slice, slice]:
    """The cells that a piece of the turned page is made from, its neighbours' pixels included."""
    middle = forth @ np.array([left + wide / 2, top + high / 2, 1])
    reach = np.abs(forth[:, :2]) @ np.array([wide, high]) / 2 + 3
    first = np.maximum(middle - reach, 0).astype(int) // CELL
    last = np.maximum(middle + reach, 0).astype(int) // CELL + 1
    return slice(int(first[1]), int(last[1])), slice(int(first[0]), int(last[0]))


def turned(pixels: Pixels, clockwise: int) -> Pixels:
    """The page turned by 0, 90, 180 or 270 degrees clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, -(clockwise // 90)))


def with_warning(page: CleanPage, code: str) -> CleanPage:
    return replace(page, warnings=(*page.warnings, code))


def made_smaller(pixels: npt.NDArray[np.uint8], step: int) -> npt.NDArray[np.uint8]:
    """Each step × step pixels made one; the few beyond the last whole ones are left out. Whole steps cost a third of
    what others do."""
    if step == 1:
        return pixels
    height, width = pixels.shape[0] // step, pixels.shape[1] // step
    return np.asarray(cv2.resize(pixels[:height * step, :width * step], (width, height),
                                 interpolation=cv2.INTER_AREA), np.uint8)


def _resize(pixels: npt.NDArray[np.uint8], factor: float) -> npt.NDArray[np.uint8]:
    if factor == 1.0:
        return pixels
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)
