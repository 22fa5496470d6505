"""Draws one page of a PDF into a PPM file: `python -m docclient.capture.draw_page FILE INDEX TARGET`.

A program of its own (see `pdf_input`). The picture is not packed: it is read once, at once. Prints {"dpi", "colour"}
as JSON. Exit code 3: pdfium cannot read the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

USUAL_DPI = 300.0
"""For a page without images: letters are drawn, so any resolution does, and this one reads best."""

COARSEST_DPI, FINEST_DPI = 72.0, 400.0
PIXEL_LIMIT = 60_000_000


def main(file: str, index: str, target: str) -> int:
    try:
        document = pypdfium2.PdfDocument(Path(file))
        document.init_forms()               # what stands in form fields is part of the page
        page = document[int(index)]
    except (pypdfium2.PdfiumError, OSError, IndexError):
        return 3
    width, height = (side / 72 for side in page.get_size())      # inches, as shown
    if width <= 0 or height <= 0:
        return 3
    dpi, colour = _largest_image(page, width * height)
    drawn_dpi = min(max(dpi, COARSEST_DPI), FINEST_DPI, (PIXEL_LIMIT / (width * height)) ** 0.5)
    bitmap = page.render(scale=drawn_dpi / 72, may_draw_forms=True, rev_byteorder=True)
    bitmap.to_pil().convert("RGB").save(target, "PPM")
    print(json.dumps({"dpi": drawn_dpi, "colour": colour}))  # noqa: T201 - the answer
    return 0


def _largest_image(page: pypdfium2.PdfPage, area: float) -> tuple[float, bool]:
    """Resolution of the image that covers most of the page, and whether it keeps colour; letters alone do."""
    best, dpi, colour = 0.0, USUAL_DPI, True
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        facts = thing.get_metadata()
        left, bottom, right, top = (side / 72 for side in thing.get_bounds())
        covered = (right - left) * (top - bottom) / area
        if covered > max(best, 0.25) and facts.width and facts.height:
            best = covered
            # the sides may be swapped by a turn of the page: the area is not
            dpi = (facts.width * facts.height / ((right - left) * (top - bottom))) ** 0.5
            colour = facts.bits_per_pixel >= 24
    return dpi, colour


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
