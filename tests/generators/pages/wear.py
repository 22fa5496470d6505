"""What hands, stamps, copiers and scanners do to a page. Pictures are BGR, lengths in millimetres by the page's dpi."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
KINDS = ("none", "skew", "noise", "blur", "fold", "stamp", "photocopy")
RESOLUTIONS = (150, 200, 200, 300, 300, 400)


def chosen(chance: random.Random) -> tuple[int, tuple[str, ...]]:
    """A resolution and the wears of a page: one as a rule, sometimes two, with a little skew under most."""
    dpi = chance.choice(RESOLUTIONS)
    first = chance.choices(KINDS, (12, 14, 14, 14, 14, 16, 16))[0]
    second = chance.choice(KINDS[1:]) if chance.random() < 0.25 else first
    return dpi, tuple(dict.fromkeys(one for one in (first, second) if one != "none"))


def worn(pixels: Pixels, dpi: float, wears: tuple[str, ...], chance: random.Random, first_page: bool) -> Pixels:
    grain = np.random.default_rng(chance.randrange(2**32))
    if "stamp" in wears and first_page:
        pixels = stamped(pixels, dpi, chance)
    if "fold" in wears:
        pixels = folded(pixels, dpi, chance)
    if "photocopy" in wears:
        pixels = copied(pixels, dpi, chance, grain)
    skew = chance.uniform(-3.2, 3.2) if "skew" in wears else chance.uniform(-0.5, 0.5)
    pixels = tilted(pixels, skew)
    blur = chance.uniform(0.75, 1.15) if "blur" in wears else 0.35
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), blur * dpi / 200), np.uint8)
    sigma = chance.uniform(9, 20) if "noise" in wears else 2.5
    pixels = noisy(pixels, sigma, chance, grain)
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, chance.randrange(62, 90)])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def tilted(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC,
                                     borderValue=(255, 255, 255)), np.uint8)


def noisy(pixels: Pixels, sigma: float, chance: random.Random, grain: np.random.Generator) -> Pixels:
    """The sensor's grain, the paper's tint, an uneven lamp."""
    height, width = pixels.shape[:2]
    tint = np.array([chance.uniform(.93, 1), chance.uniform(.95, 1), chance.uniform(.95, 1)], np.float32)
    lamp = np.linspace(1, chance.uniform(0.88, 1), width, dtype=np.float32)[None, :, None]
    small = grain.normal(0, sigma, (height, width)).astype(np.float32)[:, :, None]
    lit = np.multiply(pixels, tint * lamp) + small
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def folded(pixels: Pixels, dpi: float, chance: random.Random) -> Pixels:
    """A crease across the sheet: a dark line with a light rim, and what lies beyond a little shifted."""
    height, width = pixels.shape[:2]
    mm = dpi / 25.4
    out = pixels.copy()
    for place in chance.choice(((1 / 3, 2 / 3), (0.5,), (chance.uniform(0.08, 0.3),))):
        at = round(height * place + chance.uniform(-6, 6) * mm)
        lean = chance.uniform(-0.01, 0.01)
        shift = chance.randrange(0, max(2, round(0.25 * mm)))
        out[at:] = np.roll(out[at:], shift, axis=1)
        rows = (at + lean * (np.arange(width) - width / 2)).astype(int)
        depth = chance.uniform(25, 110)
        for away in range(-round(0.9 * mm), round(0.9 * mm) + 1):
            strength = depth * math.exp(-(away / (0.28 * mm)) ** 2)
            ys = np.clip(rows + away, 0, height - 1)
            out[ys, np.arange(width)] = np.clip(out[ys, np.arange(width)].astype(np.float32) - strength, 0, 255)
        # the crease breaks the ink here and there
        for _ in range(round(width / mm / 6)):
            x = chance.randrange(width)
            y = int(rows[x]) + chance.randrange(-1, 2)
            end = (x + round(chance.uniform(.3, 1.6) * mm), y)
            cv2.line(out, (x, y), end, (235, 235, 235), max(1, round(0.12 * mm)))
    return out


def copied(pixels: Pixels, dpi: float, chance: random.Random, grain: np.random.Generator) -> Pixels:
    """A copy of a copy: no colours, hard edges, thin strokes broken or fat, toner dust, a dark rim."""
    mm = dpi / 25.4
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey = cv2.GaussianBlur(grey, (0, 0), 0.45 * dpi / 200)
    middle = chance.uniform(120, 195)
    grey += grain.normal(0, 9, grey.shape).astype(np.float32)
    grey = 255 / (1 + np.exp(-(grey - middle) / chance.uniform(12, 30)))
    height, width = grey.shape
    for _ in range(chance.randrange(60, 400)):
        spot = (chance.randrange(width), chance.randrange(height))
        cv2.circle(grey, spot, max(0, round(chance.uniform(0.03, .16) * mm)), (chance.uniform(10, 110),), -1)
    if chance.random() < 0.4:
        grey[:, width - round(chance.uniform(1, 4) * mm):] = 30
    return np.asarray(cv2.cvtColor(np.clip(grey, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def stamped(pixels: Pixels, dpi: float, chance: random.Random) -> Pixels:
    """The receiver's stamp "ĐẾN" or a round seal, red, somewhere over the head's text. Ink lets print shine through."""
    mm = dpi / 25.4
    layer = np.full_like(pixels, 255)
    ink = (chance.randrange(40, 90), chance.randrange(30, 70), chance.randrange(190, 235))
    if chance.random() < 0.6:
        x, y = chance.uniform(18, 70) * mm, chance.uniform(38, 95) * mm
        wide, high = 50 * mm, 26 * mm
        cv2.rectangle(layer, (round(x), round(y)), (round(x + wide), round(y + high)), ink, max(1, round(0.5 * mm)))
        rows = (("DEN", 0.26, 1.1), ("So: ..........", 0.52, 0.62), ("Ngay: ......./......./2026", 0.76, 0.55),
                ("Chuyen: ...............", 0.95, 0.55))
        for said, down, size in rows:
            cv2.putText(layer, said, (round(x + 3 * mm), round(y + high * down)), cv2.FONT_HERSHEY_SIMPLEX,
                        size * dpi / 200, ink, max(1, round(0.3 * mm)), cv2.LINE_AA)
    else:
        centre = (round(chance.uniform(40, 175) * mm), round(chance.uniform(25, 110) * mm))
        for radius in (17.5, 16.2, 11.5):
            cv2.circle(layer, centre, round(radius * mm), ink, max(1, round(0.4 * mm)), cv2.LINE_AA)
        for at in range(24):
            angle = at / 24 * 2 * math.pi
            spot = (round(centre[0] + 13.5 * mm * math.cos(angle)), round(centre[1] + 13.5 * mm * math.sin(angle)))
            cv2.putText(layer, chance.choice("ABDEHNUVT"), spot, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * dpi / 200, ink,
                        max(1, round(0.25 * mm)), cv2.LINE_AA)
    layer = tilted(layer, chance.uniform(-8, 8)) if chance.random() < 0.5 else layer
    return np.asarray(np.minimum(pixels, layer) if chance.random() < 0.7 else
                      (pixels.astype(np.uint16) * layer // 255), np.uint8)
