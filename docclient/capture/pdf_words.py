"""Reads the words of one PDF page from its own letters: `python -m docclient.capture.pdf_words FILE INDEX`.

A program of its own (see `pdf_input`). Prints {"letters", "size_mm", "words"} as JSON; `letters` is true when the
page is made of letters and not of a picture. Exit code 3: pdfium cannot read the file.
"""

from __future__ import annotations

import ctypes
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

MM_PER_POINT = 25.4 / 72
INVISIBLE = 3
FEWEST_LETTERS = 20
LARGEST_PICTURE = 0.5
"""Of the page: a picture larger than this makes it a scan, whatever letters lie over or under it."""


def main(file: str, index: str) -> int:
    try:
        document = pypdfium2.PdfDocument(Path(file))
        page = document[int(index)]
    except (pypdfium2.PdfiumError, OSError, IndexError):
        return 3
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    if width <= 0 or height <= 0:
        return 3
    words: list[dict[str, Any]] = []
    # a turned page is drawn instead: its letters' boxes would have to be turned as well
    plain = page.get_rotation() == 0 and not _has_large_picture(page, width * height)
    if plain:
        words, seen, unseen = _words(page, left, top)
        plain = (seen >= FEWEST_LETTERS and unseen < 0.1 * seen) or (seen == unseen == 0 and _is_empty(page))
    print(json.dumps({  # noqa: T201 - the answer
        "letters": plain, "size_mm": [width * MM_PER_POINT, height * MM_PER_POINT], "words": words if plain else []}))
    return 0


def _has_large_picture(page: pypdfium2.PdfPage, area: float) -> bool:
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = thing.get_bounds()
        if (right - left) * (top - bottom) > LARGEST_PICTURE * area:
            return True
    return False


def _is_empty(page: pypdfium2.PdfPage) -> bool:
    return not any(True for _ in page.get_objects(max_depth=4))


def _words(page: pypdfium2.PdfPage, page_left: float, page_top: float) -> tuple[list[dict[str, Any]], int, int]:
    """Words in the order they are written; how many letters are seen, and are not (invisible or without meaning)."""
    text = page.get_textpage()
    words: list[dict[str, Any]] = []
    letters: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    coloured = seen = unseen = line = 0

    def end() -> None:
        nonlocal coloured
        said = unicodedata.normalize("NFC", "".join(letters)).strip()
        if said and boxes:
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            words.append({"text": said, "line": line, "coloured": coloured > 0, "box_mm": [
                (min(lefts) - page_left) * MM_PER_POINT, (page_top - max(tops)) * MM_PER_POINT,
                (max(rights) - page_left) * MM_PER_POINT, (page_top - min(bottoms)) * MM_PER_POINT]})
        letters.clear()
        boxes.clear()
        coloured = 0

    for at in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, at))
        if letter.isspace() or letter in "\x00\x02\ufffe":
            end()
            line += letter in "\r\n"
            continue
        shown = raw.FPDFText_GetTextObject(text, at)
        if letter == "\ufffd" or (shown and raw.FPDFTextObj_GetTextRenderMode(shown) == INVISIBLE):
            unseen += 1
            continue
        seen += 1
        box, is_coloured = text.get_charbox(at), _is_coloured(text, at)
        # nothing writes a space between a stamp and the line beside it
        if boxes and (_apart(boxes[-1], box) or is_coloured != (coloured > 0)):
            end()
        letters.append(letter)
        boxes.append(box)
        coloured += is_coloured
    end()
    return words, seen, unseen


def _apart(before: tuple[float, float, float, float], after: tuple[float, float, float, float]) -> bool:
    """Do two letters stand farther from each other than letters of one word do? Boxes: left, bottom, right, top."""
    height = max(before[3] - before[1], after[3] - after[1], 4.0)
    return after[0] - before[2] > 0.7 * height or after[2] < before[0] - height


def _is_coloured(text: pypdfium2.PdfTextPage, at: int) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFText_GetFillColor(text, at, *parts):
        return False
    red_green_blue = [part.value for part in parts[:3]]
    return max(red_green_blue) - min(red_green_blue) > 60


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
