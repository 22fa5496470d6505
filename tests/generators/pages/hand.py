"""What a pen leaves: digits, signatures.

Digits are drawn as strokes: each figure has one to three ways of being written, whose turning points are moved by
chance, then slanted, stretched and drawn with a line of changing width. They stand for no real person's hand.
"""

from __future__ import annotations

import math
import random
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

Points = list[tuple[float, float]]

# in a box one wide and one high, y downward
FORMS: dict[str, tuple[tuple[Points, ...], ...]] = {
    "0": (([(.5, .0), (.12, .2), (.05, .6), (.35, 1.), (.8, .85), (.95, .4), (.75, .05), (.5, .0)],),
          ([(.6, .05), (.2, .15), (.1, .7), (.5, 1.), (.9, .6), (.8, .15), (.45, .02)],)),
    "1": (([(.25, .25), (.6, .0), (.55, 1.)],), ([(.5, .0), (.45, 1.)],),
          ([(.2, .3), (.55, .0), (.5, 1.)], [(.2, 1.), (.85, 1.)])),
    "2": (([(.1, .25), (.4, .0), (.85, .15), (.8, .45), (.1, 1.), (.95, .95)],),
          ([(.1, .2), (.5, .0), (.85, .25), (.4, .75), (.1, .95), (.35, .85), (.95, 1.)],)),
    "3": (([(.1, .12), (.6, .0), (.85, .22), (.4, .47), (.9, .7), (.6, 1.), (.05, .9)],),
          ([(.1, .0), (.85, .0), (.4, .42), (.9, .7), (.5, 1.), (.05, .88)],)),
    "4": (([(.6, .0), (.05, .65), (.95, .65)], [(.68, .35), (.65, 1.)]),
          ([(.2, .0), (.12, .5), (.9, .5)], [(.75, .0), (.7, 1.)])),
    "5": (([(.85, .0), (.25, .0), (.15, .45), (.6, .38), (.9, .7), (.5, 1.), (.05, .9)],),
          ([(.25, .0), (.15, .45), (.65, .4), (.85, .75), (.4, 1.), (.05, .9)], [(.25, .0), (.9, .02)])),
    "6": (([(.75, .0), (.25, .35), (.1, .75), (.45, 1.), (.85, .8), (.6, .52), (.15, .7)],),),
    "7": (([(.05, .05), (.9, .0), (.45, 1.)],), ([(.05, .05), (.9, .0), (.4, 1.)], [(.2, .5), (.8, .48)])),
    "8": (([(.8, .15), (.4, .0), (.15, .2), (.8, .7), (.5, 1.), (.1, .8), (.7, .35), (.8, .15)],),
          ([(.5, .0), (.15, .2), (.5, .45), (.9, .75), (.5, 1.), (.1, .75), (.5, .45), (.85, .2), (.5, .0)],)),
    "9": (([(.85, .2), (.5, .0), (.12, .25), (.4, .5), (.82, .3), (.85, .1), (.75, 1.)],),
          ([(.85, .15), (.45, .0), (.15, .25), (.5, .48), (.85, .2), (.8, .7), (.35, 1.)],)),
}
INKS = ((150, 60, 20), (120, 40, 10), (180, 90, 40), (40, 35, 35), (60, 50, 55))      # blue green red


def write(pixels: npt.NDArray[np.uint8], digits: str, box: tuple[float, float, float, float], dpi: float,
          chance: random.Random) -> tuple[float, float, float, float]:
    """Write digits about the middle of `box` (pixels: left, top, right, bottom); returns the ink's own box."""
    mm = dpi / 25.4
    high = chance.uniform(3.4, 6.2) * mm
    wide = high * chance.uniform(0.42, 0.68)
    step = wide * chance.uniform(1.15, 1.5)
    room = (box[2] - box[0]) * 0.98
    if step * len(digits) > room:           # narrow places make people write narrower
        squeeze = max(0.6, room / (step * len(digits)))
        step, wide = step * squeeze, wide * squeeze
    left = (box[0] + box[2]) / 2 - step * len(digits) / 2 + chance.uniform(-0.7, 0.7) * mm
    base = box[3] + chance.uniform(-0.8, 1.0) * mm
    slant, ink, pen = chance.uniform(-0.05, 0.3), chance.choice(INKS), chance.uniform(0.28, 0.55) * mm
    extent = [math.inf, math.inf, -math.inf, -math.inf]
    for place, digit in enumerate(digits):
        tall = high * chance.uniform(0.88, 1.1)
        foot = base + chance.uniform(-0.35, 0.35) * mm
        for stroke in chance.choice(FORMS[digit]):
            moved = [(x + chance.uniform(-.08, .08), y + chance.uniform(-.06, .06)) for x, y in stroke]
            line = [(left + place * step + x * wide + slant * (1 - y) * tall, foot - (1 - y) * tall)
                    for x, y in curve(moved)]
            _draw(pixels, line, pen, ink, chance)
            for x, y in line:
                extent = [min(extent[0], x), min(extent[1], y), max(extent[2], x), max(extent[3], y)]
    return extent[0], extent[1], extent[2], extent[3]


def sign(pixels: npt.NDArray[np.uint8], middle: tuple[float, float], dpi: float, chance: random.Random) -> None:
    """A signature about a point."""
    mm = dpi / 25.4
    count = chance.randrange(7, 13)
    points = [(middle[0] + (at / count - 0.5) * 38 * mm + chance.uniform(-5, 5) * mm,
               middle[1] + chance.uniform(-7, 7) * mm * (1 - at / count * 0.5)) for at in range(count)]
    _draw(pixels, curve(points), 0.5 * mm, (160, 70, 20), chance)


def curve(points: Points, between: int = 10) -> Points:
    """A smooth line through the points (Catmull and Rom)."""
    whole = [points[0], *points, points[-1]]
    found: Points = []
    for p0, p1, p2, p3 in zip(whole, whole[1:], whole[2:], whole[3:], strict=False):
        for at in range(between):
            t = at / between
            found.append(tuple(  # type: ignore[arg-type]
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
                for a, b, c, d in zip(p0, p1, p2, p3, strict=True)))
    return [*found, points[-1]]


def _draw(pixels: npt.NDArray[np.uint8], line: Points, pen: float, ink: tuple[int, int, int],
          chance: random.Random) -> None:
    pressure = chance.uniform(0, 6)
    for at, (one, other) in enumerate(pairwise(line)):
        thick = max(1, round(pen * (0.85 + 0.3 * math.sin(at / 7 + pressure))))
        ends = [tuple(round(side * 16) for side in point) for point in (one, other)]
        cv2.line(pixels, ends[0], ends[1], ink, thick, cv2.LINE_AA, shift=4)
