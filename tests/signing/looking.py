"""Looking at a page: rendered as a person sees it, and its words with the fields' appearances among them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypdfium2
from PIL import Image

from signing.page import Box

DPI = 144


def picture_of(path: Path, page: int = 1) -> Image.Image:
    """The page with its form fields, at 144 dots per inch."""
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    rendered = document[page - 1].render(scale=DPI / 72, may_draw_forms=True).to_pil().convert("RGB")
    document.close()
    return rendered


def part_of(picture: Image.Image, box: Box) -> Image.Image:
    """The part of the picture that a box in points covers."""
    scale = DPI / 72
    return picture.crop((round(box.x0 * scale), picture.height - round(box.y1 * scale),
                         round(box.x1 * scale), picture.height - round(box.y0 * scale)))


def ink(picture: Image.Image, *, red: bool = False, blue: bool = False) -> int:
    """How many pixels carry ink; only reddish or only bluish ones when asked."""
    count = 0
    for r, g, b in picture.get_flattened_data():   # type: ignore[misc]
        if red:
            count += r > 180 and max(g, b) < 60
        elif blue:
            count += b > r + 60
        else:
            count += min(r, g, b) < 160
    return count


def rows_with_fields(path: Path) -> list[str]:
    """The lines of the file with what its fields show among them, as another reader finds them to select or search."""
    found = subprocess.run(["pdftotext", "-layout", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True)
    return [" ".join(line.split()) for line in found.stdout.decode().splitlines() if line.strip()]
