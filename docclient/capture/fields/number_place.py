"""Where a number stands between "Số:" and the slash, found in the picture of the line and not in what was read of it.

A pen's figures spoil the reading of the print around them ("340/NQ-CAX" becomes "4ÔNQ-CAX"). The print is still where
print is: "Số" tells the height and the foot of the line's capitals, the symbol's letters keep to both, and before them
stands the only thin stroke that leans to the right over its whole height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docclient.capture.fields.handwriting import Crop, Patch, inks, pieces
from docclient.capture.fields.model import Box

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FARTHEST_MM = 75.0
"""Number and symbol take no more room than this after "Số:"."""

# in heights of the line's capitals
RISES, SINKS = 0.2, 0.38            # of letters: Q and the comma sink, the marks of Ơ and Ư rise
BETWEEN_LETTERS = 0.9
LEAST_LEAN, MOST_LEAN = 0.16, 0.75  # from the slash's foot to its top
THICKEST_RUN = 0.3
SLASH_WIDE = 0.38
SIGN_WIDE = 2.2

NO, PERHAPS, SURELY = range(3)      # is a piece the slash?


@dataclass(frozen=True, slots=True)
class NumberPlace:
    """place: between the sign and the slash, a little higher than print; symbol: the printed letters after the slash;
    slash_left: where that begins. All in millimetres."""

    place: Box
    symbol: Box
    slash_left: float


@dataclass(frozen=True, slots=True)
class _Piece:
    left: float
    top: float
    right: float
    bottom: float
    slash: int


def number_place_seen(sign: Box, until: float, crop: Crop) -> NumberPlace | None:
    """The place after the sign "Số:". until: millimetres from the left where the column ends. None where no slash with
    print after it is seen."""
    line = _capitals(sign, crop)
    if line is None:
        return None
    left, top, foot = line
    height = foot - top
    begin = min(sign[2] + 0.1, left + SIGN_WIDE * height)       # dots or a pen may have been read into the sign
    right = min(until, begin + FARTHEST_MM)
    if right - begin < 4 * height:
        return None
    patch = crop((begin, top - 0.9 * height, right, foot + 0.9 * height))
    found = _pieces(patch, top, foot)
    at = _slash(found, top, foot)
    if at is None:
        return None
    slash, letters = found[at], _letters(found[at + 1:], top, foot)
    return NumberPlace((begin, top - 0.4 * height, slash.left, foot + 0.3 * height),
                       (letters[0].left, top, letters[-1].right, foot), slash.left)


def _capitals(sign: Box, crop: Crop) -> tuple[float, float, float] | None:
    """Left, top and foot of the S of "Số"; None where it cannot be measured."""
    patch = crop((sign[0] - 0.6, sign[1] - 0.8, sign[2] + 0.3, sign[3] + 0.8))
    ink, _ = inks(patch)
    tall = [piece for piece in sorted(pieces(ink, patch.per_mm)) if piece[3] > 1.6 * patch.per_mm]
    if not tall:
        return None
    left, up, _, high, _ = tall[0]
    top, foot = patch.top + up / patch.per_mm, patch.top + (up + high) / patch.per_mm
    return (patch.left + left / patch.per_mm, top, foot) if 1.7 < foot - top < 5.0 else None


def _pieces(patch: Patch, top: float, foot: float) -> list[_Piece]:
    """What stands on the line, from left to right; specks, and what reaches in from other lines, left out."""
    import cv2
    import numpy as np

    ink, _ = inks(patch)
    mm, height = patch.per_mm, foot - top
    count, marks, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    found = []
    for number in range(1, count):
        left, up, wide, high, area = (int(side) for side in stats[number])
        upper, lower = patch.top + up / mm, patch.top + (up + high) / mm
        if area < 0.05 * mm**2 or lower < top + 0.2 * height or upper > foot - 0.05 * height or wide > 12 * height * mm:
            continue
        mask = marks[up:up + high, left:left + wide] == number
        tall, cut = high > 0.8 * height * mm, round(SLASH_WIDE * height * mm)
        starts, ends = patch.left + left / mm, patch.left + (left + wide) / mm
        if tall and 1.5 * cut < wide < 4 * cut and _leans(mask[:, :cut], height * mm) \
                and _high_at_right(mask):
            # blurred, the slash touches the T after it
            middle = patch.left + (left + cut) / mm
            found += [_Piece(starts, upper, middle, lower, PERHAPS), _Piece(middle, upper, ends, lower, NO)]
        else:
            found.append(_Piece(starts, upper, ends, lower, SURELY if tall and _leans(mask, height * mm) else NO))
    return sorted(found, key=lambda piece: piece.left)


def _leans(mask: npt.NDArray[np.bool_], height: float) -> bool:
    """Is this one thin stroke from the foot up to the right?"""
    import numpy as np

    rows = np.flatnonzero(mask.any(axis=1))
    firsts = mask[rows].argmax(axis=1)
    lasts = mask.shape[1] - 1 - mask[rows][:, ::-1].argmax(axis=1)
    if float(np.percentile(lasts - firsts + 1, 90)) > THICKEST_RUN * height:
        return False
    middles = (firsts + lasts) / 2
    third = max(1, len(rows) // 3)
    lean = (float(middles[:third].mean()) - float(middles[-third:].mean())) * 1.5 / height
    # straight: the middle third lies between the two
    ends = (float(middles[:third].mean()) + float(middles[-third:].mean())) / 2
    bend = abs(float(middles[third:-third].mean()) - ends) if len(rows) > 2 * third else 0.0
    return LEAST_LEAN < lean < MOST_LEAN and bend < 0.12 * height


def _high_at_right(mask: npt.NDArray[np.bool_]) -> bool:
    """Does the piece reach its top at its right as well? An A, whose left leg leans like a slash, does not."""
    import numpy as np

    last = mask[:, round(0.7 * mask.shape[1]):]
    return int(np.flatnonzero(last.any(axis=1))[0]) < 0.25 * mask.shape[0] if last.any() else False


def _slash(found: list[_Piece], top: float, foot: float) -> int | None:
    """The leaning stroke with print right after it; of two, that with more print. The left leg of an A leans as well,
    so what touches a letter is asked only where nothing stands by itself."""
    height = foot - top
    for kind in (SURELY, PERHAPS):
        best: tuple[int, int] | None = None
        for at, piece in enumerate(found):
            fits = abs(piece.top - top) < 0.3 * height and abs(piece.bottom - foot) < 0.3 * height
            if piece.slash != kind or not fits:
                continue
            letters = _letters(found[at + 1:], top, foot)
            tall = sum(letter.bottom - letter.top > 0.75 * height for letter in letters)
            if tall and letters[0].left - piece.right < 0.6 * height and (best is None or tall > best[0]):
                best = tall, at
        if best is not None:
            return best[1]
    return None


def _letters(after: list[_Piece], top: float, foot: float) -> list[_Piece]:
    """The print that goes on from here without a gap."""
    height = foot - top
    letters: list[_Piece] = []
    for piece in after:
        if piece.top < top - RISES * height - 0.25 * height * (piece.bottom < top + 0.45 * height) \
                or piece.bottom > foot + SINKS * height:
            break
        if letters and piece.left - letters[-1].right > BETWEEN_LETTERS * height:
            break
        letters.append(piece)
    return letters
