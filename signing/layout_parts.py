"""What a layout is read from: runs of words in one column, and rows as one string whose letters keep their places."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from signing.page import Box
from signing.page_text import Letter, PageText, Row, Word

PLACEHOLDERS = ".…_‥·-–—⁃•"
"""What drafters put where a number or day will stand."""

COLUMN_GAP = 1.3
"""A blank wider than this, in parts of the size of the type, parts two columns. Justified text stays below."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank on a line that something will be written into.

    box: from the end of what stands before to the beginning of what follows, on the line. baseline, size: of that line,
    in points. dotted: placeholders stand there that must be covered. filled: a value stands there already.
    """

    page: int
    box: Box
    baseline: float
    size: float
    dotted: bool = False
    filled: str = ""


@dataclass(frozen=True)
class Segment(Row):
    """Words of one row that stand together, in one column."""

    @cached_property
    def folded(self) -> str:
        return folded(self.text)

    @cached_property
    def is_upper(self) -> bool:
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) >= 2 and sum(c.islower() for c in letters) <= len(letters) // 12


def segments_of(page: PageText) -> list[Segment]:
    """Every column's part of every row, from the top down, left to right."""
    found: list[Segment] = []
    for row in page.rows:
        part: list[Word] = []
        for word in row.words:
            if part and word.box.x0 - part[-1].box.x1 > COLUMN_GAP * max(word.size, part[-1].size):
                found.append(Segment(tuple(part)))
                part = []
            part.append(word)
        found.append(Segment(tuple(part)))
    return found


@dataclass(frozen=True)
class Line:
    """A row as one folded string, blanks between words. letters: what lies behind each character, None for a blank."""

    row: Row
    text: str
    letters: tuple[Letter | None, ...]

    @classmethod
    def of(cls, row: Row) -> Line:
        text = ""
        letters: list[Letter | None] = []
        for word in row.words:
            if text:
                text += " "
                letters.append(None)
            for letter in word.letters:
                text += (folded(letter.text) or " ")[0]
                letters.append(letter)
        return cls(row, text, tuple(letters))

    def letters_in(self, begin: int, end: int) -> list[Letter]:
        return [letter for letter in self.letters[begin:end] if letter is not None]

    def written(self, begin: int, end: int) -> str:
        """What stands there, as written, blanks left out."""
        return unicodedata.normalize("NFC", "".join(letter.text for letter in self.letters_in(begin, end)))

    def gap_widths(self, index: int) -> float:
        """How wide the blank at `index` is, in parts of the size."""
        before = next(letter for letter in reversed(self.letters[:index]) if letter is not None)
        after = next(letter for letter in self.letters[index + 1:] if letter is not None)
        return (after.box.x0 - before.box.x1) / max(before.size, after.size)


def gap_between(page: int, line: Line, begin: int, end: int, *, right: float | None = None) -> Gap:
    """The blank of a line between the characters before `begin` and from `end` on.

    right: where the blank ends when nothing follows it.
    """
    before = line.letters_in(0, begin)[-1]
    after = line.letters_in(end, len(line.letters))
    x1 = right if right is not None else after[0].box.x0 if after else before.box.x1
    inside = line.written(begin, end)
    box = Box(before.box.x1, line.row.box.y0, max(x1, before.box.x1), line.row.box.y1)
    return Gap(page, box, before.baseline, before.size, dotted=any(c in PLACEHOLDERS for c in inside),
               filled=inside.strip(PLACEHOLDERS + " /"))


def folded(text: str) -> str:
    """Lower case without marks: OCR and odd fonts lose them."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def column_at(lines: Sequence[Segment], over: Box, slack: float) -> list[Segment]:
    """Those whose middle lies under (or over) `over`."""
    return [one for one in lines if over.x0 - slack <= one.box.middle[0] <= over.x1 + slack]
