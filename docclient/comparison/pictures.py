"""Pages compared as they are drawn, outside the places that are already explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from signing.files import reading
from signing.page import Box, PageFrame
from signing.pdf import Damaged
from signing.pdfium import opened

DPI = 100
TOLERANCE = 48
"""Grey levels of 255 by which two dots may differ: edges are smoothed, colours rounded."""

NEIGHBOURS = 1
"""Dots by which the same drawing may stand aside."""

LEAST_DOTS = 2
"""A single dot is no change; a comma has more."""

ALIKE = 24.0
"""Mean difference of grey levels up to which two drawings are one that has moved."""

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A piece that one page has and its counterpart has not. page: from 0."""

    page: int
    box: Box
    picture: Grey


def render(path: Path, frames: Sequence[PageFrame]) -> list[Grey]:
    """Every page with its form fields and stamps, grey. Raises: Damaged, FileNotReadable."""
    try:
        with reading(path) as stream, opened(stream) as document:
            document.init_forms()
            return [_page(document, index, frame) for index, frame in enumerate(frames)]
    except pypdfium2.PdfiumError as error:
        raise Damaged(file=str(path)) from error


def _page(document: Any, index: int, frame: PageFrame) -> Grey:
    page = document[index]
    try:
        bitmap = page.render(scale=frame.user_unit * DPI / 72, grayscale=True)
        grey = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]
        bitmap.close()
        return np.ascontiguousarray(grey)
    finally:
        page.close()


def unexplained(before: Sequence[Grey], after: Sequence[Grey], pairs: Mapping[int, int],
                known_before: Mapping[int, Sequence[Box]], known_after: Mapping[int, Sequence[Box]],
                frames_before: Sequence[PageFrame], frames_after: Sequence[PageFrame],
                ) -> tuple[list[Drawn], list[Drawn]]:
    """What is drawn in one version and not in the other, outside the known places.

    pairs: pages from 0, earlier → later. known: boxes on each page that text, fields or signatures explain. A drawing
    that stands elsewhere in the other version (pushed down with the text) is no change.
    """
    gone: list[Drawn] = []
    come: list[Drawn] = []
    for one, other in pairs.items():
        left, right = before[one].copy(), after[other].copy()
        if left.shape != right.shape:
            gone.append(Drawn(one, frames_before[one].as_box, left))
            come.append(Drawn(other, frames_after[other].as_box, right))
            continue
        _blank(left, known_before.get(one, ()), frames_before[one])
        _blank(right, known_after.get(other, ()), frames_after[other])
        lost, new = _ink_without(left, right), _ink_without(right, left)
        # the known places of either page cut a little from what stands beside them: a piece must reach beyond
        covered = np.zeros(left.shape, dtype=bool)
        _cover(covered, known_before.get(one, ()), frames_before[one])
        _cover(covered, known_after.get(other, ()), frames_after[other])
        for box in _pieces((lost | new).astype(np.uint8), covered):
            x0, y0, x1, y1 = box
            if lost[y0:y1, x0:x1].any():
                gone.append(Drawn(one, _box(box, frames_before[one]), left[y0:y1, x0:x1]))
            if new[y0:y1, x0:x1].any():
                come.append(Drawn(other, _box(box, frames_after[other]), right[y0:y1, x0:x1]))
    return _unmatched(gone, come)


def _ink_without(one: Grey, other: Grey) -> npt.NDArray[np.bool_]:
    """Where one page is darker than anything of the other within `NEIGHBOURS` dots: the same letter may be put a dot
    aside when its line is set anew."""
    darkest = cv2.erode(other, np.ones((2 * NEIGHBOURS + 1,) * 2, dtype=np.uint8))
    return np.asarray(darkest.astype(np.int16) - one.astype(np.int16) > TOLERANCE)


def _pieces(mask: Grey, covered: npt.NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Boxes of dots that lie together and reach beyond what is covered: x0, y0, x1, y1."""
    if not mask.any():
        return []
    joined = cv2.dilate(mask, np.ones((7, 7), dtype=np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for number in range(1, count):
        x, y, wide, high, _ = (int(each) for each in stats[number])
        dots = int(mask[(labels == number) & ~covered].sum())
        if dots >= LEAST_DOTS:
            found.append((x, y, x + wide, y + high))
    return found


def _unmatched(gone: list[Drawn], come: list[Drawn]) -> tuple[list[Drawn], list[Drawn]]:
    """Without those that are the same drawing at another place."""
    left, rest = list(come), []
    for each in gone:
        same = next((other for other in left if (other.page, other.box) != (each.page, each.box)
                     and _alike(each.picture, other.picture)), None)
        if same is None:
            rest.append(each)
        else:
            left.remove(same)
    return rest, left


def _alike(one: Grey, other: Grey) -> bool:
    """The same drawing, perhaps a dot aside."""
    if abs(one.shape[0] - other.shape[0]) > 2 or abs(one.shape[1] - other.shape[1]) > 2:
        return False
    high, wide = max(one.shape[0], other.shape[0]), max(one.shape[1], other.shape[1])
    first = cv2.resize(one, (wide, high)).astype(np.int16)
    second = cv2.resize(other, (wide, high)).astype(np.int16)
    return float(np.abs(first - second).mean()) <= ALIKE


def _blank(picture: Grey, boxes: Sequence[Box], frame: PageFrame) -> None:
    for rows, columns in _parts(picture.shape[:2], boxes, frame):
        picture[rows, columns] = 255


def _cover(mask: npt.NDArray[np.bool_], boxes: Sequence[Box], frame: PageFrame) -> None:
    for rows, columns in _parts(mask.shape[:2], boxes, frame):
        mask[rows, columns] = True


def _parts(shape: tuple[int, ...], boxes: Sequence[Box], frame: PageFrame) -> list[tuple[slice, slice]]:
    scale = DPI / 72
    return [(slice(max(int((frame.height - box.y1) * scale) - 2, 0), max(int((frame.height - box.y0) * scale) + 3, 0)),
             slice(max(int(box.x0 * scale) - 2, 0), max(int(box.x1 * scale) + 3, 0))) for box in boxes]


def _box(piece: tuple[int, int, int, int], frame: PageFrame) -> Box:
    scale = 72 / DPI
    x0, y0, x1, y1 = piece
    return Box(x0 * scale, frame.height - y1 * scale, x1 * scale, frame.height - y0 * scale)
