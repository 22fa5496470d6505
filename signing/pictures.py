"""Pictures of signatures and seals, opened safely and made no finer than the page needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from signing.errors import BadInput, FileNotReadable, reason_of_os_error

MOST_PIXELS = 40_000_000
FINEST_DPI = 600


class ImageNotUsable(BadInput):
    """facts: file."""

    code = "image.not_usable"


def picture_for(path: Path, width: float, height: float) -> Image.Image:
    """A picture for a box of this size in points, its paper made clear. Raises FileNotReadable, ImageNotUsable."""
    try:
        stamp = path.stat()
    except OSError as error:
        raise FileNotReadable(file=str(path), reason=reason_of_os_error(error)) from error
    return _kept(path, stamp.st_mtime_ns, stamp.st_size, round(width, 1), round(height, 1))


@lru_cache(maxsize=16)
def _kept(path: Path, _changed_ns: int, _size: int, width: float, height: float) -> Image.Image:
    """Opened once per batch; no finer than the page needs, so that each signed file stays small."""
    picture, has_alpha = open_picture(path)
    finest = max(width, height) / 72 * FINEST_DPI
    if max(picture.size) > finest:
        picture.thumbnail((round(finest), round(finest)), Image.Resampling.LANCZOS)
    if has_alpha:
        return picture
    from signing.picture_cleaning import paper_made_clear  # a transparent picture needs no work and none of its tools

    return paper_made_clear(picture)[0]


def open_picture(path: Path) -> tuple[Image.Image, bool]:
    """The picture upright in RGBA, and whether it came with transparency that is used.

    Raises: FileNotReadable, ImageNotUsable.
    """
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ImageNotUsable(file=str(path))
            has_alpha = "A" in opened.getbands() or "transparency" in opened.info
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except FileNotFoundError as error:
        raise FileNotReadable(file=str(path), reason=reason_of_os_error(error)) from error
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise ImageNotUsable(file=str(path)) from error
    lowest = picture.getchannel("A").getextrema()[0]
    assert isinstance(lowest, int | float)
    return picture, has_alpha and lowest < 250
