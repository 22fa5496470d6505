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
from docclient.capture.digitise import HOW
from docclient.capture.fields.agreement import Eyes, Look
from docclient.capture.fields.foot import has_foot
from docclient.capture.fields.handwriting import Crop, cropper
from docclient.capture.layers import Inks, inks_of
from docclient.capture.originals import Picture
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import CleanPage, clean
from tests.generators.pages import Sheet, draw, invent
from tests.generators.pages.draw import Box


@dataclass(frozen=True)
class Reading:
    """A worn letter as it was read. first: the cleaned first page; later: those after it, by their index, where a foot
    may stand; hand_mm: where a pen wrote; folder: what is kept."""

    sheet: Sheet
    dpi: int
    wears: tuple[str, ...]
    hand_mm: dict[str, Box]
    first: CleanPage
    later: dict[int, CleanPage]
    texts: tuple[PageText, ...]
    folder: Path

    @cached_property
    def _inks(self) -> dict[int, Inks]:
        return {}

    def looking(self, index: int) -> Look:
        """A part of a page read again, once."""
        def look(box: Box, eyes: Eyes = Eyes.OTHER) -> Sequence[Word]:
            file = self.folder / "looks.json"
            known = json.loads(file.read_text("utf-8")) if file.exists() else {}
            key = f"{eyes.value} {index} " + ",".join(f"{side:.2f}" for side in box)
            if key not in known:
                page = self.first if index == 0 else self.later[index]
                if index not in self._inks:
                    self._inks[index] = inks_of(page)
                data, scattered = HOW[eyes]
                words = ocr.read_line(page, box, self.folder, inks=self._inks[index], data=data, scattered=scattered)
                known[key] = [asdict(word) for word in words]
                file.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
            return [_word(each) for each in known[key]]
        return look


def reading(seed: int, keep: Path) -> Reading:
    """The page of a seed, read now or kept from before in `keep`."""
    folder = keep / str(seed)
    about = folder / "about.json"
    if not about.exists():
        _read(seed, folder)
    said = json.loads(about.read_text("utf-8"))
    pages = {index: CleanPage(np.asarray(cv2.imread(str(folder / f"page-{index}.png"), cv2.IMREAD_COLOR), np.uint8),
                              said["clean_dpi"], said["dpi"], 0, said["skew"], False, ()) for index in said["kept"]}
    first = pages.pop(0)
    texts = tuple(PageText(tuple(_word(each) for each in words), tuple(size)) for words, size in said["texts"])
    by_hand = {name: tuple(box) for name, box in said["hand_mm"].items()}
    return Reading(invent(seed), said["dpi"], tuple(said["wears"]), by_hand, first, pages, texts, folder)


def _read(seed: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw(seed, folder)
    pages = [clean(Picture(pixels, float(drawn.dpi), True), lambda grey, dpi: 0) for pixels in drawn.pages]
    texts = [ocr.read(page, folder) for page in pages]
    kept = [0, *(index for index, text in enumerate(texts) if index and has_foot(text))]
    for index in kept:
        cv2.imwrite(str(folder / f"page-{index}.png"), pages[index].pixels, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    said = {
        "dpi": drawn.dpi, "clean_dpi": pages[0].dpi, "skew": pages[0].skew_deg, "wears": drawn.wears,
        "hand_mm": drawn.hand_mm, "kept": kept,
        "texts": [([asdict(word) for word in text.words], text.size_mm) for text in texts]}
    (folder / "about.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")


def _word(said: dict[str, object]) -> Word:
    return replace(Word(**said), box_mm=tuple(said["box_mm"]))  # type: ignore[arg-type]


def crop_of(page: CleanPage) -> Crop:
    return cropper(page.pixels, page.dpi)
