"""The body of a document as paragraphs: lines joined, tables and headings told apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from docclient.form.elements import Elements
from docclient.form.page_rules import numeral_of
from docclient.form.type import TypedLine, TypedPage
from signing.page import Box

LISTED = re.compile(r"^([-–+•*]|[a-zđ]\)|\d+(\.\d+)*[.)]|[IVX]+\.|\([a-zđ0-9]+\))\s")


@dataclass(frozen=True)
class Paragraph:
    """lines: on one page. edges: left and right of the page's text, in points. opened: it begins here (not on an
    earlier page); closed: it ends here."""

    lines: tuple[TypedLine, ...]
    edges: tuple[float, float]
    opened: bool = True
    closed: bool = True

    @cached_property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def indent(self) -> float:
        """By how much the first line is moved in, in points."""
        return self.lines[0].box.x0 - self.edges[0]

    @property
    def is_listed(self) -> bool:
        return LISTED.match(self.text) is not None

    @cached_property
    def is_centred(self) -> bool:
        """Stands in the middle and ends before the edges: a heading."""
        left, right = self.edges
        return all(abs((line.box.x0 - left) - (right - line.box.x1)) < 12 and line.box.x0 - left > 14
                   for line in self.lines)

    @cached_property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    @cached_property
    def italic(self) -> float:
        return self._share([line.italic for line in self.lines])

    @cached_property
    def bold(self) -> float:
        return self._share([line.bold for line in self.lines])

    def _share(self, shares: Sequence[float]) -> float:
        """Of the lines' shares, by their letters."""
        letters = [len(line.letters) for line in self.lines]
        return sum(share * count for share, count in zip(shares, letters, strict=True)) / sum(letters)


@dataclass(frozen=True)
class BodyPage:
    """step: points from baseline to baseline inside paragraphs, as most lines have it."""

    page: TypedPage
    edges: tuple[float, float]
    step: float
    paragraphs: tuple[Paragraph, ...]


def read_body(e: Elements) -> list[BodyPage]:
    """The document's own pages from under its head to its signature, annexes left out."""
    last, floor = e.foot
    pages = []
    for page in e.pages[e.head.number - 1:last]:
        top = e.body_begins if page is e.head else page.frame.height
        bottom = floor if page.number == last else 0.0
        numeral = numeral_of(page)
        rows = [row for row in page.rows if row.box.y1 < top + 1 and row.box.y0 > bottom - 1
                and (numeral is None or row is not numeral[0]) and not _in_table(page, row)
                and row.text.strip() not in {stamp.text.strip() for stamp in e.stamps}]
        if rows:
            pages.append(_page(page, rows))
    return pages


def _in_table(page: TypedPage, row: TypedLine) -> bool:
    """Between drawn uprights, or of several columns."""
    middle = (row.box.y0 + row.box.y1) / 2
    if any(line.y0 <= middle <= line.y1 for line in page.uprights):
        return True
    parts = [line for line in page.lines if abs(line.baseline - row.baseline) < 1]
    return len(parts) > 1


def _page(page: TypedPage, rows: Sequence[TypedLine]) -> BodyPage:
    left = min(row.box.x0 for row in rows)
    right = max(row.box.x1 for row in rows)
    if right - left < 0.5 * page.frame.width:           # a few short lines do not tell where the text ends
        left, right = min(left, 85.0), max(right, page.frame.width - 57)
    edges = left, right
    steps = [above.baseline - below.baseline for above, below in pairwise(rows)
             if _continues(above, below, edges, None)]
    step = median(steps) if steps else 0.0
    groups: list[list[TypedLine]] = []
    for row in rows:
        if groups and _continues(groups[-1][-1], row, edges, step or None):
            groups[-1].append(row)
        else:
            groups.append([row])
    paragraphs = [Paragraph(tuple(group), edges, opened=not (number == 0 and group[0].box.x0 - left < 5
                                                              and page.number > 1),
                            closed=number < len(groups) - 1 or group[-1].text.rstrip().endswith((".", ":", ";", "/")))
                  for number, group in enumerate(groups)]
    return BodyPage(page, edges, step, tuple(paragraphs))


def _continues(above: TypedLine, below: TypedLine, edges: tuple[float, float], step: float | None) -> bool:
    """The lower line goes on with the upper one's paragraph."""
    distance = above.baseline - below.baseline
    if distance > 2.2 * max(above.size, below.size) or (step is not None and distance > step + 7):
        return False
    if LISTED.match(below.text) and below.box.x0 - edges[0] > 5:
        return False
    ended = above.text.rstrip().endswith((".", ":", ";"))
    if ended and re.match(r"^(Căn cứ|Theo đề nghị|Điều \d+\.)", below.text):
        return False
    if below.box.x0 - edges[0] > 14 and not (above.box.x0 - edges[0] > 14 and abs(above.box.x0 - below.box.x0) < 3
                                             and edges[1] - above.box.x1 < 40):
        return abs(above.middle - below.middle) < 4 and edges[1] - above.box.x1 > 10 and not LISTED.match(below.text) \
            and above.bold > 0.6 and below.bold > 0.6
    # a line that ends early ends its paragraph, but ragged lines end a little early each
    return not (ended and edges[1] - above.box.x1 > 0.25 * (edges[1] - edges[0]))


def box_of(paragraph: Paragraph) -> Box:
    return Box.around(line.box for line in paragraph.lines)
