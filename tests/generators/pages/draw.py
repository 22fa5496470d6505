"""From a seed to the pictures a scanner would hand over."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from tests.generators.pages import hand, typeset, word_processor
from tests.generators.pages.invent import invent
from tests.generators.pages.sheet import Sheet
from tests.generators.pages.wear import chosen, worn

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """pages: BGR pictures at `dpi`. hand_mm: where number and day were written by hand, before the page was worn (left,
    top, right, bottom in millimetres); empty where they are printed."""

    sheet: Sheet
    pages: tuple[npt.NDArray[np.uint8], ...]
    dpi: int
    wears: tuple[str, ...]
    hand_mm: dict[str, Box]


def draw(seed: int, folder: Path, *, clean: bool = False) -> Drawn:
    """The pictures of a seed. `folder` takes what LibreOffice makes; clean: not worn, at 200 dpi."""
    sheet, chance = invent(seed), random.Random(f"wear {seed}")
    dpi, wears = chosen(chance)
    if clean:
        dpi, wears = 200, ()
    made = word_processor.drawn(sheet, dpi, folder) if sheet.maker == "LibreOffice" else typeset.drawn(sheet, dpi)
    pages = [np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8) for data in made]
    places: dict[str, Box] = {}
    for name, mark, digits in (("code_number", typeset.MARK, sheet.number),
                               ("issued_date", typeset.DAY_MARK, sheet.date_words[0])):
        if not sheet.by_hand:
            break
        found = _cleared(pages[0], mark)
        if sheet.dots:
            _dotted(pages[0], found, dpi)
        ink = hand.write(pages[0], digits, found, dpi, chance)
        mm = dpi / 25.4
        places[name] = (ink[0] / mm, ink[1] / mm, ink[2] / mm, ink[3] / mm)
    _signed(pages[-1], dpi, chance)
    if not clean:
        pages = [worn(page, dpi, wears, chance, number == 0) for number, page in enumerate(pages)]
    return Drawn(sheet, tuple(pages), dpi, wears, places)


def _cleared(pixels: npt.NDArray[np.uint8], mark: tuple[int, int, int]) -> Box:
    """The place filled with the mark's colour, made white."""
    red, green, blue = mark
    where = np.abs(pixels.astype(np.int16) - (blue, green, red)).max(axis=2) < 60
    ys, xs = np.nonzero(where)
    box = (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    left, top, right, bottom = (round(side) for side in box)
    pixels[top - 1:bottom + 2, left - 1:right + 2] = 255
    return box


def _dotted(pixels: npt.NDArray[np.uint8], box: Box, dpi: float) -> None:
    mm = dpi / 25.4
    for x in np.arange(box[0] + 0.3 * mm, box[2] - 0.3 * mm, 1.15 * mm):
        spot = (round(float(x)), round(box[3] - 0.2 * mm))
        cv2.circle(pixels, spot, max(1, round(0.16 * mm)), (20, 20, 20), -1, cv2.LINE_AA)


def _signed(pixels: npt.NDArray[np.uint8], dpi: float, chance: random.Random) -> None:
    """Signature and seal between the lines at the foot: where the right half's lowest ink is, the name stands."""
    mm = dpi / 25.4
    height, width = pixels.shape[:2]
    right = pixels[:, round(width * 0.55):round(width * 0.85)].min(axis=2) < 120
    rows = np.flatnonzero(right[:round(height * 0.95)].any(axis=1))
    if not len(rows):
        return
    middle = (width * 0.72 + chance.uniform(-4, 4) * mm, float(rows[-1]) - chance.uniform(13, 19) * mm)
    hand.sign(pixels, middle, dpi, chance)
    if chance.random() < 0.75:
        seal = np.full_like(pixels, 255)
        centre = (round(middle[0] - 14 * mm), round(middle[1] + chance.uniform(-3, 3) * mm))
        for radius in (17.5, 16.5, 10.5):
            cv2.circle(seal, centre, round(radius * mm), (42, 35, 210), max(1, round(0.4 * mm)), cv2.LINE_AA)
        cv2.putText(seal, "MAU", (centre[0] - round(6 * mm), centre[1]), cv2.FONT_HERSHEY_SIMPLEX, dpi / 200,
                    (42, 35, 210), max(1, round(0.3 * mm)), cv2.LINE_AA)
        np.minimum(pixels, seal, out=pixels)
