"""Draw the sample office's pictures: signatures in blue, seals in red, as transparent PNGs at 600 dpi.

    .venv/bin/python scripts/sample_pictures.py          writes resources/sample_office/pictures/

The results are committed; this file says how they were made and makes them again, the same to the pixel. Colours,
real size and transparency: Nghị định 30/2020/NĐ-CP, Annex I (signature blue, seal red, both PNG and transparent).
No picture imitates anything real: the signatures spell no name, and every seal says MẪU THỬ NGHIỆM (sample for tests)
and KHÔNG CÓ GIÁ TRỊ (without value).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "resources" / "sample_office" / "pictures"
BOLD = ROOT / "resources" / "fonts" / "LiberationSerif-Bold.ttf"

DPI = 600
FINER = 4                     # drawn this many times larger, then reduced: smooth edges
BLUE = (22, 48, 150)
RED = (206, 22, 32)
SEAL_MM = 36.0                # a commune committee's seal; the decree says "real size" and gives no number
SIGNATURE_MM = (46.0, 22.0)

Points = list[tuple[float, float]]

# Pen strokes on a grid of 100 × 48, y downward. Loops and waves only.
SIGNATURES: dict[str, list[Points]] = {
    "signature-chairman": [
        [(8, 30), (14, 14), (23, 5), (28, 10), (22, 24), (13, 36), (10, 41), (17, 38), (27, 27), (33, 20), (35, 23),
         (32, 30), (36, 29), (41, 22), (43, 24), (41, 30), (46, 27), (50, 21), (53, 23), (51, 29), (57, 25), (64, 8),
         (68, 4), (67, 13), (61, 32), (55, 43), (50, 46), (52, 39), (64, 29), (74, 24), (78, 26), (76, 30), (82, 27),
         (87, 23), (89, 26), (95, 22)],
        [(20, 40), (38, 37.5), (60, 36.5), (80, 34), (92, 31)],
    ],
    "signature-vice-chairman": [
        [(12, 8), (11, 20), (9, 34), (8, 42), (10, 36), (16, 20), (25, 8), (33, 6), (34, 14), (27, 22), (19, 24),
         (27, 24), (34, 28), (38, 32), (43, 28), (47, 22), (50, 25), (48, 31), (53, 29), (58, 22), (61, 25), (59, 31),
         (65, 28), (70, 21), (73, 25), (72, 31), (80, 27), (93, 18)],
        [(30, 40), (50, 42), (72, 38), (84, 34), (76, 33), (60, 38)],
    ],
    "signature-chief-of-office": [
        [(22, 12), (14, 8), (8, 18), (10, 30), (20, 33), (30, 25), (36, 10), (37, 4), (33, 14), (31, 28), (35, 32),
         (41, 26), (45, 21), (48, 26), (46, 32), (52, 28), (56, 21), (60, 27), (64, 31), (72, 16), (75, 6), (71, 12),
         (69, 28), (75, 32), (84, 26), (94, 24)],
    ],
    "signature-director": [
        [(10, 26), (20, 10), (32, 4), (38, 9), (30, 20), (18, 29), (12, 37), (20, 40), (32, 30), (42, 16), (47, 12),
         (46, 22), (43, 32), (49, 29), (55, 18), (58, 20), (55, 30), (60, 31), (68, 22), (72, 24), (69, 31), (77, 30),
         (92, 16)],
        [(14, 44), (36, 40), (62, 40), (90, 36)],
    ],
    "signature-neighbour": [
        [(8, 14), (20, 9), (34, 8), (44, 6)],
        [(27, 8), (24, 20), (19, 34), (15, 41), (20, 38), (29, 28), (34, 22), (37, 25), (35, 31), (40, 29), (45, 22),
         (48, 25), (47, 31), (52, 29), (58, 20), (60, 12), (57, 20), (56, 31), (62, 31), (70, 21), (73, 25), (70, 38),
         (63, 45), (62, 41), (74, 32), (93, 23)],
    ],
}

SEALS = {
    "seal-tan-hiep": "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP",
    "seal-tan-binh": "ỦY BAN NHÂN DÂN XÃ TÂN BÌNH",
    "seal-so-noi-vu": "SỞ NỘI VỤ TỈNH",
}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, strokes in SIGNATURES.items():
        save(signature(strokes), BLUE, PICTURES / f"{name}.png")
    for name, words in SEALS.items():
        save(seal(words), RED, PICTURES / f"{name}.png")


def signature(strokes: list[Points]) -> Image.Image:
    """The ink (0 none … 255 full) of pen strokes: thinner where the pen was fast, tapered at both ends."""
    width, height = (round(mm / 25.4 * DPI) * FINER for mm in SIGNATURE_MM)
    ink = Image.new("L", (width, height))
    draw = ImageDraw.Draw(ink)
    scale = np.array([width / 100, height / 48])
    nib = 0.55 / 25.4 * DPI * FINER                      # a ball-point pen, pressed
    for stroke in strokes:
        path = smooth(np.array(stroke) * scale)
        speed = np.hypot(*np.gradient(path, axis=0).T)
        speed = np.convolve(np.pad(speed, 30, mode="edge"), np.ones(61) / 61, mode="valid")
        pressure = 1.15 - 0.6 * (speed - speed.min()) / (np.ptp(speed) + 1e-9)
        along = np.linspace(0, 1, len(path))
        taper = np.clip(np.minimum(along / 0.04 + 0.35, (1 - along) / 0.10 + 0.15), 0, 1)
        for (x, y), radius in zip(path, nib / 2 * pressure * taper, strict=True):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return ink.resize((width // FINER, height // FINER), Image.Resampling.LANCZOS)


def smooth(points: np.ndarray) -> np.ndarray:
    """A Catmull-Rom spline through the points, sampled finely; steps grow where the pen moves faster."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 160, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1:]])


def seal(words: str) -> Image.Image:
    """The ink of a round seal: two rings, the office's name above, MẪU THỬ NGHIỆM below, a star in the middle."""
    side = round(SEAL_MM / 25.4 * DPI) * FINER
    ink = Image.new("L", (side, side))
    draw = ImageDraw.Draw(ink)
    centre, mm = side / 2, side / SEAL_MM

    def ring(radius_mm: float, line_mm: float) -> None:
        box = (centre - radius_mm * mm, centre - radius_mm * mm, centre + radius_mm * mm, centre + radius_mm * mm)
        draw.ellipse(box, outline=255, width=round(line_mm * mm))

    ring(17.9, 0.75)
    ring(16.7, 0.25)
    ring(10.9, 0.3)
    around(ink, words, centre, baseline_mm=12.2, size_mm=3.5, top=True, most_degrees=224)
    around(ink, "MẪU THỬ NGHIỆM", centre, baseline_mm=15.0, size_mm=3.0, top=False, most_degrees=98)
    for angle in (34, 146):                              # two small stars part the two texts
        at = (centre + 13.8 * mm * math.cos(math.radians(angle)), centre + 13.8 * mm * math.sin(math.radians(angle)))
        draw.polygon(star(at, 0.9 * mm), fill=255)
    draw.polygon(star((centre, centre - 2.0 * mm), 5.8 * mm), fill=255)
    font = ImageFont.truetype(str(BOLD), round(1.75 * mm))
    draw.text((centre, centre + 5.9 * mm), "KHÔNG CÓ GIÁ TRỊ", font=font, fill=255, anchor="ms")
    return uneven(ink.resize((side // FINER, side // FINER), Image.Resampling.LANCZOS))


def around(
    ink: Image.Image, words: str, centre: float, *, baseline_mm: float, size_mm: float, top: bool, most_degrees: float
) -> None:
    """Set `words` on a circle about the centre, upright at the top (or readable at the bottom), letter by letter.

    Letters keep a tenth of their size between them; the size gives way where the arc of `most_degrees` is too short.
    """
    mm = ink.width / SEAL_MM
    radius, open_by = baseline_mm * mm, 0.10 if top else 0.06
    wanted = ImageFont.truetype(str(BOLD), round(size_mm * mm))
    length = sum(wanted.getlength(letter) for letter in words) + open_by * wanted.size * (len(words) - 1)
    font = wanted.font_variant(size=wanted.size * min(1.0, math.radians(most_degrees) * radius / length))
    widths = [font.getlength(letter) for letter in words]
    gap = open_by * font.size
    total = sum(widths) + gap * (len(words) - 1)
    place = -total / 2
    for letter, width in zip(words, widths, strict=True):
        angle = (place + width / 2) / radius
        tile = Image.new("L", (round(width * 2 + font.size), round(font.size * 3)))
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, font=font, fill=255, anchor="ms")
        tile = tile.rotate(math.degrees(-angle if top else angle), Image.Resampling.BICUBIC)
        x = centre + radius * math.sin(angle)
        y = centre - radius * math.cos(angle) if top else centre + radius * math.cos(angle)
        ink.paste(255, (round(x - tile.width / 2), round(y - tile.height / 2)), tile)
        place += width + gap


def star(centre: tuple[float, float], radius: float) -> list[tuple[float, float]]:
    """A five-pointed star, one point up."""
    return [
        (centre[0] + r * math.sin(math.radians(36 * k)), centre[1] - r * math.cos(math.radians(36 * k)))
        for k, r in ((k, radius if k % 2 == 0 else radius * 0.382) for k in range(10))
    ]


def uneven(ink: Image.Image) -> Image.Image:
    """Ink as a stamp leaves it: a little weaker in soft patches."""
    coarse = np.random.default_rng(30).integers(150, 256, (14, 14), dtype=np.uint8)
    patches = Image.fromarray(coarse).resize(ink.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(20))
    strength = 0.72 + 0.28 * np.asarray(patches, dtype=np.float64) / 255
    return Image.fromarray((np.asarray(ink) * strength).astype(np.uint8))


def save(ink: Image.Image, colour: tuple[int, int, int], target: Path) -> None:
    """One colour everywhere, the ink as transparency: no white is left to clean away."""
    levels = ink.point(lambda value: round(value / 15) * 15)      # 18 steps: as smooth to the eye, a third of the bytes
    picture = Image.merge("RGBA", [*(Image.new("L", ink.size, part) for part in colour), levels])
    picture.save(target, optimize=True, dpi=(DPI, DPI))


if __name__ == "__main__":
    main()
