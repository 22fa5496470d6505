"""A signature or seal taken off its paper: background made clear, shadow evened out, ink coloured, trimmed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from signing.errors import BadInput
from signing.files import replacing
from signing.pictures import open_picture

MOST_WORKED = 3000
"""Pixels of the longer side that cleaning works with; a photograph is made smaller first."""

BLUE, RED = (16, 44, 158), (206, 20, 32)
"""Signature and seal (NĐ 30/2020 Annex I says blue and red, and no shade)."""

FAINT, FULL = 0.10, 0.34
"""How much darker than the paper around it, as a part of its brightness, ink begins and is full."""

SPECK = 0.000008
"""Blots smaller than this part of the picture are dust; the accents on a seal's letters are larger."""

ALONG_EDGE = 0.12
"""What touches more than this part of an edge of the picture is no stroke that was cut off."""

COLOURED = 0.16
"""How far the channels part where ink, and not a shadow, darkens the paper."""

MARGIN = 0.02
"""Left around the ink when trimmed, as a part of its longer side."""

Array = npt.NDArray[np.float32]


class ImageEmpty(BadInput):
    """Nothing on the picture stands out from its paper. facts: file."""

    code = "image.empty"


class InkColour(StrEnum):
    """KEEP: as it is on the picture."""

    KEEP = "keep"
    BLUE = "blue"
    RED = "red"


@dataclass(frozen=True)
class Cleaned:
    """before: as given, on its own paper (RGB). after: ink on nothing (RGBA). was_transparent: it came so.

    notes: codes of what a person should know: `picture_shadow` (uneven light was evened out), `picture_small` (too few
    points for paper).
    """

    before: Image.Image
    after: Image.Image
    was_transparent: bool
    notes: tuple[str, ...] = ()

    def on_paper(self) -> Image.Image:
        """The result over white, for a preview."""
        paper = Image.new("RGBA", self.after.size, "white")
        return Image.alpha_composite(paper, self.after).convert("RGB")

    def comparison(self) -> Image.Image:
        """Before at the left, after over white at the right, equally high."""
        after = self.on_paper()
        height = max(self.before.height, after.height, 1)
        both = [ImageOps.contain(one, (one.width * height, height)) for one in (self.before, after)]
        sheet = Image.new("RGB", (both[0].width + both[1].width + 20, height), (210, 210, 210))
        sheet.paste(both[0], (0, 0))
        sheet.paste(both[1], (both[0].width + 20, 0))
        sheet.thumbnail((1600, 1600), Image.Resampling.LANCZOS)
        return sheet

    def save_comparison(self, target: Path) -> None:
        """Raises FolderNotWritable, DiskFull."""
        with replacing(target) as stream:
            self.comparison().save(stream, "PNG")

    def save_png(self, target: Path) -> None:
        """Raises FolderNotWritable, DiskFull."""
        with replacing(target) as stream:
            self.after.save(stream, "PNG", optimize=True)


def clean_picture(path: Path, ink: InkColour = InkColour.KEEP, *, trim: bool = True) -> Cleaned:
    """The picture without its paper, even where light and shadow lie on it. What is transparent already stays so.

    Raises: FileNotReadable, ImageNotUsable, ImageEmpty.
    """
    picture, has_alpha = open_picture(path)
    if max(picture.size) > MOST_WORKED:
        picture.thumbnail((MOST_WORKED, MOST_WORKED), Image.Resampling.LANCZOS)
    before = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    shadow = False
    if not has_alpha:
        picture, shadow = paper_made_clear(picture)
    alpha = np.asarray(picture.getchannel("A"))
    if int((alpha > 128).sum()) < 20:
        raise ImageEmpty(file=str(path))
    if ink is not InkColour.KEEP:
        picture = _inked(picture, BLUE if ink is InkColour.BLUE else RED)
    if trim:
        picture = _trimmed(picture)
    notes = (*(("picture_shadow",) if shadow else ()), *(("picture_small",) if max(picture.size) < 250 else ()))
    return Cleaned(before, picture, has_alpha, notes)


def paper_made_clear(picture: Image.Image) -> tuple[Image.Image, bool]:
    """Ink is what is darker, or more coloured, than the paper around it; and whether that paper was lit unevenly.

    The paper's own brightness is taken point by point from the brightest of its surroundings, so that a shadow across a
    photograph is paper and not ink. The paper's share is then taken out of the ink's colour.
    """
    colour = np.asarray(picture.convert("RGB"), dtype=np.float32)
    paper = _paper(colour)
    missing = np.clip(1 - colour / np.maximum(paper, 24), 0, 1)   # how much of the paper's light each channel lacks
    depth: Array = missing.max(axis=2)
    alpha = np.clip((depth - FAINT) / (FULL - FAINT), 0, 1)
    alpha = _without_specks(alpha)
    solid = np.maximum(alpha, 0.05)[..., None]
    even = colour / np.maximum(paper, 24) * 255
    ink = np.clip((even - 255 * (1 - solid)) / solid, 0, 255)
    whole = np.dstack([ink, alpha * 255]).round().astype(np.uint8)
    whole[alpha == 0] = 0
    levels = paper.max(axis=2)
    uneven = float(np.percentile(levels, 95) - np.percentile(levels, 5)) > 40
    return Image.fromarray(whole, "RGBA"), uneven


def _paper(colour: Array) -> Array:
    """The paper's colour at every point, worked out on a small copy: the brightest of its surroundings.

    Surroundings are small where a shadow's edge must be followed, and large where a solid coloured stroke (the star of
    a seal) would otherwise pass for paper: shadow darkens without colouring.
    """
    height, width = colour.shape[:2]
    scale = min(1.0, 240 / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    small: Array = np.asarray(cv2.resize(colour, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    near, far = _closed(small, max(small.shape[:2]) // 22), _closed(small, max(small.shape[:2]) // 5)
    ratio = near / np.maximum(far, 24)
    coloured = (ratio.max(axis=2) - ratio.min(axis=2) > COLOURED).astype(np.uint8)
    spread = cv2.dilate(coloured, np.ones((7, 7), np.uint8))[..., None]
    paper = np.where(spread > 0, far, near).astype(np.float32)
    return np.asarray(cv2.resize(cv2.blur(paper, (3, 3)), (width, height), interpolation=cv2.INTER_LINEAR),
                      dtype=np.float32)


def _closed(small: Array, reach: int) -> Array:
    """What is darker and narrower than `reach` points filled up with the brightness around it."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(reach, 3) | 1,) * 2)
    return np.asarray(cv2.morphologyEx(cv2.GaussianBlur(small, (3, 3), 0), cv2.MORPH_CLOSE, kernel), dtype=np.float32)


def _without_specks(alpha: Array) -> Array:
    """Dust goes, and so does the dark table around the paper: what lies along an edge of the picture."""
    height, width = alpha.shape
    count, labels, facts, _ = cv2.connectedComponentsWithStats((alpha > 0.2).astype(np.uint8), connectivity=8)
    least = round(alpha.size * SPECK) if alpha.size > 20_000 else 1
    kept = np.zeros(count, dtype=bool)
    kept[1:] = facts[1:, cv2.CC_STAT_AREA] >= least
    for edge, length in ((labels[0], width), (labels[-1], width), (labels[:, 0], height), (labels[:, -1], height)):
        touching = np.bincount(edge, minlength=count)
        kept[1:] &= touching[1:] <= ALONG_EDGE * length
    near = cv2.dilate(kept[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(alpha * near, dtype=np.float32)


def _inked(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Every stroke in one colour; how strong it was stays in its transparency."""
    array = np.asarray(picture, dtype=np.float32)
    darkness = 1 - array[..., :3].min(axis=2) / 255
    alpha = array[..., 3] * np.clip(darkness * 1.6, 0, 1)
    whole = np.zeros(array.shape, dtype=np.uint8)
    whole[..., :3] = colour
    whole[..., 3] = alpha.round().astype(np.uint8)
    return Image.fromarray(whole, "RGBA")


def _trimmed(picture: Image.Image) -> Image.Image:
    box = picture.getchannel("A").point(lambda value: 255 if value > 24 else 0).getbbox()
    if box is None:
        return picture
    margin = max(1, round(MARGIN * max(box[2] - box[0], box[3] - box[1])))
    return picture.crop((max(box[0] - margin, 0), max(box[1] - margin, 0), min(box[2] + margin, picture.width),
                         min(box[3] + margin, picture.height)))
