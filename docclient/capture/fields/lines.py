"""Lines of a page, formed from the words' places.

The reader's own lines run across the two columns of an official letter's head and foot; these do not: a line ends where
the gap to the next word is wider than any space between words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from docclient.capture.fields.model import Box
from docclient.capture.page_text import PageText, Word

WIDEST_SPACE = 1.6
"""Of the letters' height; justified text stretches spaces, columns are farther apart."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words beside each other, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return around(word.box_mm for word in self.words)

    @property
    def left(self) -> float:
        return min(word.box_mm[0] for word in self.words)

    @property
    def right(self) -> float:
        return max(word.box_mm[2] for word in self.words)

    @property
    def top(self) -> float:
        return min(word.box_mm[1] for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.box_mm[3] for word in self.words)

    @property
    def middle(self) -> float:
        """Across the page."""
        return (self.left + self.right) / 2

    @property
    def height(self) -> float:
        return median(word.box_mm[3] - word.box_mm[1] for word in self.words)

    @property
    def certainty(self) -> float:
        return certainty_of(self.words)

    def from_word(self, start: int) -> Line:
        return Line(self.words[start:])


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all. Raises ValueError for none."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def certainty_of(words: Sequence[Word]) -> float:
    """How surely the words were read together: the mean by letters, pulled down by the worst word."""
    letters = sum(len(word.text) for word in words)
    if not letters:
        return 0.0
    mean = sum(word.certainty * len(word.text) for word in words) / letters
    return 0.7 * mean + 0.3 * min(word.certainty for word in words)


def lines_of(page: PageText, *, split_at: float | None = None) -> list[Line]:
    """The page's lines from top to bottom, beside each other from left to right.

    Args:
        split_at: millimetres from the left; no line crosses this (between the columns of the head).
    """
    return list(_lines_of(page, split_at))


@lru_cache(maxsize=32)           # a page is asked for its lines by every field
def _lines_of(page: PageText, split_at: float | None) -> tuple[Line, ...]:
    words = sorted((word for word in page.words if not is_noise(word)), key=_middle_height)
    rows: list[_Row] = []
    for word in words:
        for row in reversed(rows[-6:]):
            if word.box_mm[1] < row.bottom and word.box_mm[3] > row.top and _same_row(row.words, word):
                row.take(word)
                break
        else:
            rows.append(_Row([word], word.box_mm[1], word.box_mm[3]))
    lines = []
    for row in rows:
        lines.extend(_split(sorted(row.words, key=lambda word: word.box_mm[0]), split_at))
    return tuple(sorted(lines, key=lambda line: (round(line.top, 0), line.left)))


@dataclass(slots=True)
class _Row:
    words: list[Word]
    top: float
    bottom: float

    def take(self, word: Word) -> None:
        self.words.append(word)
        self.top, self.bottom = min(self.top, word.box_mm[1]), max(self.bottom, word.box_mm[3])


def is_noise(word: Word) -> bool:
    """Specks and rules read as words: no letter, digit or dash in it, or a lone sign hardly read."""
    if not re.search(r"[\w\-–—+/]", word.text.replace("_", "")):
        return True
    high, wide = word.box_mm[3] - word.box_mm[1], word.box_mm[2] - word.box_mm[0]
    if high > 25 or wide > 150:           # frames and folds
        return True
    lone = not any(letter.isalnum() for letter in word.text) or len(word.text) == 1
    return lone and word.certainty < 0.3 and not word.text.isdigit()


def _middle_height(word: Word) -> float:
    return (word.box_mm[1] + word.box_mm[3]) / 2


def _same_row(row: list[Word], word: Word) -> bool:
    """Neighbours in a row overlap in height by more than half; the nearest across the page decides."""
    left, _, right, _ = word.box_mm
    nearest = min(row, key=lambda other: min(abs(other.box_mm[2] - left), abs(right - other.box_mm[0])))
    high = min(nearest.box_mm[3], word.box_mm[3]) - max(nearest.box_mm[1], word.box_mm[1])
    return high > 0.5 * min(nearest.box_mm[3] - nearest.box_mm[1], word.box_mm[3] - word.box_mm[1])


def _split(row: list[Word], split_at: float | None) -> list[Line]:
    lines: list[list[Word]] = [[row[0]]]
    height = max(2.0, median(word.box_mm[3] - word.box_mm[1] for word in row))
    for word in row[1:]:
        before = lines[-1][-1]
        gap = word.box_mm[0] - before.box_mm[2]
        crosses = split_at is not None and before.box_mm[0] < split_at <= word.box_mm[0] + 0.5
        if gap > max(4.5, WIDEST_SPACE * height) or crosses:
            lines.append([word])
        else:
            lines[-1].append(word)
    return [Line(tuple(words)) for words in lines]
