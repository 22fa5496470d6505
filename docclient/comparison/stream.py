"""The words of a document in the order in which they are read, whatever columns they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docclient.form.page_rules import numeral_of
from docclient.form.type import Manner, TypedLine, TypedPage
from signing.page import Box
from signing.page_text import Word

NARROW = 0.6
"""A line shorter than this part of the page may belong to a column."""


@dataclass(frozen=True, eq=False, slots=True)
class Token:
    """A word with its place. manner: how its first letter is set; None for signs. in_table: between drawn uprights."""

    text: str
    page: int
    box: Box
    size: float
    manner: Manner | None
    in_table: bool
    line: int


def words_of(pages: Sequence[TypedPage]) -> list[Token]:
    """Page by page; running page numbers left out, for they change with any page before them and tell nothing."""
    tokens: list[Token] = []
    line = 0
    for page in pages:
        numeral = numeral_of(page)
        skipped = set() if numeral is None or numeral[1] != page.number else {
            id(word) for word in numeral[0].segment.words}
        for each in reading_order(page):
            line += 1
            words = [word for word in each.segment.words if id(word) not in skipped]
            tokens += [_token(page, each, word, line) for word in words]
    return tokens


def _token(page: TypedPage, line: TypedLine, word: Word, number: int) -> Token:
    manner = next(iter(line.manners_of(word.letters)), None)
    middle = word.box.middle[1]
    inside = any(upright.y0 <= middle <= upright.y1 for upright in page.uprights)
    return Token(word.text, page.number, word.box, word.letters[0].size, manner, inside, number)


def reading_order(page: TypedPage) -> list[TypedLine]:
    """Lines from the top down; where columns lie side by side (head, foot, tables), one column after the other."""
    rows: list[list[TypedLine]] = []
    for line in page.lines:
        if rows and abs(rows[-1][0].baseline - line.baseline) < 0.3 * line.size and line.box.x0 > rows[-1][-1].box.x0:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered: list[TypedLine] = []
    region: list[list[TypedLine]] = []
    for row in rows:
        narrow = len(row) > 1 or row[0].box.width < NARROW * page.frame.width
        if narrow and (region or len(row) > 1):
            region.append(row)
        else:
            ordered += _columns(region)
            region = []
            ordered += row
    return ordered + _columns(region)


def _columns(region: Sequence[Sequence[TypedLine]]) -> list[TypedLine]:
    """The lines of a region, column by column: lines that overlap across belong to one."""
    columns: list[tuple[float, float, list[TypedLine]]] = []
    for line in sorted((line for row in region for line in row), key=lambda each: each.box.x0):
        if columns and line.box.x0 < columns[-1][1] - 1:
            left, right, held = columns[-1]
            held.append(line)
            columns[-1] = left, max(right, line.box.x1), held
        else:
            columns.append((line.box.x0, line.box.x1, [line]))
    return [line for _, _, held in columns for line in sorted(held, key=lambda each: (-each.baseline, each.box.x0))]
