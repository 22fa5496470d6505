"""What was read held against what is true, field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docclient.capture.fields import SURE, Field, read_page
from docclient.capture.fields.slips import _distance
from tests.capture.reading.kept import Reading, crop_of, reading
from tests.generators.pages.draw import Box

LEAST_COVERED = 0.5
LARGEST_PLACE_MM = (50.0, 20.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one page. state: right, wrong (a value that is not the true one), missed (nothing read where
    something stands), none (nothing stands and nothing was read). by_hand: a pen wrote it; place: of a pen's writing,
    whether its place was found. closeness: of the letters, 1 for all."""

    seed: int
    field: str
    state: str
    certainty: float
    green: bool
    by_hand: bool
    place: bool | None
    closeness: float
    read: str
    true: str
    wears: tuple[str, ...]
    dpi: int
    maker: str


def judged(seed: int, keep: Path) -> list[Judged]:
    return list(_judged(reading(seed, keep)))


def _judged(page: Reading) -> Iterator[Judged]:
    later = {index: page.looking(index) for index in page.later}
    found = read_page(page.texts, page.looking(0), crop_of(page.first), later_looks=later)
    truth = page.sheet.truth()
    for name, field in {**found.fields, **found.further}.items():
        if name == "page_amount":
            continue
        true, read = truth[name], field.value
        by_hand = page.sheet.by_hand and name in page.hand_mm
        state = _state(true, read)
        green = read is not None and field.certainty >= SURE
        place = _place_found(field, page.hand_mm[name]) if by_hand else None
        yield Judged(page.sheet.seed, name, state, field.certainty, green, by_hand, place, closeness(true, read),
                     flat(read), flat(true), page.wears, page.dpi, page.sheet.maker)


def flat(value: object) -> str:
    said = " | ".join(value) if isinstance(value, tuple) else str(value or "")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", said)).strip()


def same(one: object, other: object) -> bool:
    """Letter for letter; capitals and dashes of either width count as the same."""
    return _tidy(one) == _tidy(other)


def _tidy(value: object) -> str:
    return re.sub(r"[–—]", "-", flat(value)).casefold()


def closeness(true: object, read: object) -> float:
    """Share of letters that need not be changed."""
    one, other = flat(true), flat(read)
    if not one and not other:
        return 1.0
    return max(0.0, 1 - _distance(one, other) / max(len(one), 1))


def _state(true: object, read: object) -> str:
    if read is None:
        return "none" if true is None else "missed"
    return "right" if same(true, read) else "wrong"


def _place_found(field: Field, ink: Box) -> bool:
    """Does the shown place hold the pen's writing, without being half a page?"""
    if field.box_mm is None:
        return False
    left, top, right, bottom = field.box_mm
    across = min(right, ink[2]) - max(left, ink[0])
    down = min(bottom, ink[3]) - max(top, ink[1])
    return (across >= LEAST_COVERED * (ink[2] - ink[0]) and down >= LEAST_COVERED * (ink[3] - ink[1])
            and right - left <= LARGEST_PLACE_MM[0] and bottom - top <= LARGEST_PLACE_MM[1])
