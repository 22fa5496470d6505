"""Worn pages taken through cleaning and the reader, as `digitise` takes them; what was read may be kept in a folder, so
that rules can be changed without reading every page again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from docclient.capture import ocr
from docclient.capture.fields.handwriting import Crop, cropper
from docclient.capture.layers import Inks, inks_of
from docclient.capture.originals import Picture
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import CleanPage, clean
from tests.generators.pages import Sheet, draw, invent
from tests.generators.pages.draw import Box


@dataclass(frozen=True)
class Reading:
    """A worn page as it was read. first: the cleaned first page; hand_mm: where a pen wrote; folder: what is kept."""

    sheet: Sheet
    dpi: int
    wears: tuple[str, ...]
    hand_mm: dict[str, Box]
    first: CleanPage
    texts: tuple[PageText, ...]
    folder: Path

    @cached_property
    def inks(self) -> Inks:
        return inks_of(self.first)

    def look(self, box: Box) -> Sequence[Word]:
        """A part of the first page read again, once."""
        file = self.folder / "looks.json"
        known = json.loads(file.read_text("utf-8")) if file.exists() else {}
        key = ",".join(f"{side:.2f}" for side in box)
        if key not in known:
            known[key] = [asdict(word) for word in ocr.read_line(self.first, box, self.folder, inks=self.inks)]
            file.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
        return [_word(each) for each in known[key]]


def reading(seed: int, keep: Path) -> Reading:
    """The page of a seed, read now or kept from before in `keep`."""
    folder = keep / str(seed)
    about = folder / "about.json"
    if not about.exists():
        _read(seed, folder)
    said = json.loads(about.read_text("utf-8"))
    pixels = np.asarray(cv2.imread(str(folder / "first.png"), cv2.IMREAD_COLOR), np.uint8)
    first = CleanPage(pixels, said["clean_dpi"], said["dpi"], 0, said["skew"], False, ())
    texts = tuple(PageText(tuple(_word(each) for each in words), tuple(size)) for words, size in said["texts"])
    by_hand = {name: tuple(box) for name, box in said["hand_mm"].items()}
    return Reading(invent(seed), said["dpi"], tuple(said["wears"]), by_hand, first, texts, folder)


def _read(seed: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw(seed, folder)
    pages = [clean(Picture(pixels, float(drawn.dpi), True), lambda grey, dpi: 0) for pixels in drawn.pages]
    texts = [ocr.read(page, folder) for page in pages]
    cv2.imwrite(str(folder / "first.png"), pages[0].pixels, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    said = {
        "dpi": drawn.dpi, "clean_dpi": pages[0].dpi, "skew": pages[0].skew_deg, "wears": drawn.wears,
        "hand_mm": drawn.hand_mm, "texts": [([asdict(word) for word in text.words], text.size_mm) for text in texts]}
    (folder / "about.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")


def _word(said: dict[str, object]) -> Word:
    return replace(Word(**said), box_mm=tuple(said["box_mm"]))  # type: ignore[arg-type]


def crop_of(page: CleanPage) -> Crop:
    return cropper(page.pixels, page.dpi)
