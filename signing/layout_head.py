"""The head of an office document: number and symbol (box 3), place and date (box 4) of NĐ 30/2020 Annex I."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from signing.layout_parts import COLUMN_GAP, PLACEHOLDERS, Gap, Line, gap_between
from signing.page import Box
from signing.page_text import PageText

HEAD_PAGES = 3
"""A cover or a list of receivers may come before the page that carries the head."""

HEAD_SHARE = 0.5
"""Number and date stand in the upper part of their page."""

_DOTS = re.escape(PLACEHOLDERS)
# folded: OCR reads Số as Sô, So, S6. What stands before the stroke is dots, digits, perhaps a letter (15a), or nothing
NUMBER = re.compile(rf"(?:^|(?<=\s))s[o06]\s*(?P<colon>:?)(?P<value>[\s\d{_DOTS}]*[a-z]?[\s{_DOTS}]*)(?P<stroke>/)")
BARE_NUMBER = re.compile(rf"(?:^|(?<=\s))so\s*:(?P<value>[\s\d{_DOTS}]*)(?=$|\s[a-z])")
DATE = re.compile(rf"ngay(?P<day>[\s\d{_DOTS}]*)thang(?P<month>[\s\d{_DOTS}]*)nam(?P<year>[\s\d{_DOTS}]*)")
STATE_NAME = re.compile(r"cong\s*hoa\s*xa\s*hoi|doc\s*lap\s*-\s*tu\s*do")

NUMBER_WIDTH, YEAR_WIDTH = 5.2, 3.2
"""Where nothing follows on the line: room for a number with its symbol, or a year, in parts of the size."""


@dataclass(frozen=True, slots=True)
class Head:
    """page: that carries it. symbol: from the stroke on, `/UBND-VP`; empty where the line has none."""

    page: int
    number: Gap | None
    symbol: str
    day: Gap | None
    month: Gap | None
    year: Gap | None
    date_line: tuple[int, Box] | None


def read_head(pages: Sequence[PageText]) -> Head:
    """From the first page that carries the State's name; without one from the first page."""
    page = next((page for page in pages[:HEAD_PAGES] if _has_state_name(page)), pages[0])
    lines = [Line.of(row) for row in page.rows if row.baseline >= page.frame.height * HEAD_SHARE]
    number, symbol = _number(page, lines)
    day, month, year, date_line = _date(page, lines)
    return Head(page.number, number, symbol, day, month, year, date_line)


def _has_state_name(page: PageText) -> bool:
    return any(STATE_NAME.search(Line.of(row).text) for row in page.rows if row.baseline >= page.frame.height * 0.6)


def _number(page: PageText, lines: Sequence[Line]) -> tuple[Gap | None, str]:
    """`Số: … /QĐ-UBND`: the blank between colon and stroke; without a stroke, the blank after the colon."""
    for line in lines:
        found = NUMBER.search(line.text)
        if found is None or not _begins_column(line, found.start()):
            continue
        symbol = line.written(found.start("stroke"), _end_of_symbol(line.text, found.start("stroke")))
        return gap_between(page.number, line, found.start("value"), found.start("stroke")), symbol
    for line in lines:
        found = BARE_NUMBER.search(line.text)
        if found is None or not _begins_column(line, found.start()):
            continue
        before = line.letters_in(0, found.start("value"))[-1]
        inside = line.letters_in(found.start("value"), found.end("value"))
        after = line.letters_in(found.end("value"), len(line.text))
        right = max([before.box.x1 + NUMBER_WIDTH * before.size, *(letter.box.x1 for letter in inside)])
        right = min(right, page.frame.width, after[0].box.x0 - before.size / 2 if after else page.frame.width)
        return gap_between(page.number, line, found.start("value"), found.end("value"), right=right), ""
    return None, ""


def _end_of_symbol(text: str, start: int) -> int:
    """Behind `/QĐ-UBND`, even with a blank beside its dash."""
    end = start
    while end < len(text) and (text[end] != " " or "-" in (text[end - 1], text[end + 1:end + 2])):
        end += 1
    return end


def _begins_column(line: Line, start: int) -> bool:
    """Nothing stands close before it: words of a sentence (`… theo Quyết định số 15/QĐ-UBND`) are no label."""
    return start == 0 or line.gap_widths(start - 1) > COLUMN_GAP


def _date(page: PageText, lines: Sequence[Line]) -> tuple[Gap | None, Gap | None, Gap | None, tuple[int, Box] | None]:
    """`<place>, ngày … tháng … năm …`, alone in its column."""
    for line in lines:
        found = DATE.search(line.text)
        if found is None:
            continue
        begin, end = _column_around(line, found.start(), found.end("year"))
        place, rest = line.text[begin:found.start()].strip(), line.text[found.end("year"):end].strip(PLACEHOLDERS + " ")
        box = Box.around(letter.box for letter in line.letters_in(begin, end))
        if rest or not _may_be_place(place) or box.middle[0] < page.frame.width * 0.42:
            continue
        last = line.letters_in(0, found.start("year"))[-1]
        after = line.letters_in(found.start("year"), found.end("year"))
        right = max((letter.box.x1 for letter in after), default=min(last.box.x1 + YEAR_WIDTH * last.size,
                                                                     page.frame.width))
        return (gap_between(page.number, line, found.start("day"), found.end("day")),
                gap_between(page.number, line, found.start("month"), found.end("month")),
                _whole_year(gap_between(page.number, line, found.start("year"), found.end("year"), right=right)),
                (page.number, box))
    return None, None, None, None


def _whole_year(gap: Gap) -> Gap:
    """`năm 20…` waits for its year as an empty line does."""
    return replace(gap, filled="", dotted=True) if gap.filled and len(gap.filled) < 4 else gap


def _may_be_place(text: str) -> bool:
    """`Tân Hiệp,`; not the beginning of a sentence that happens to name a day."""
    return len(text.split()) <= 6 and (not text or text.endswith(",") or len(text.split()) <= 4) and \
        not any(c.isdigit() or c in ".;:" for c in text.removeprefix("tp.").removeprefix("tx."))


def _column_around(line: Line, begin: int, end: int) -> tuple[int, int]:
    """The bounds of the words that stand close to [begin, end)."""
    while begin > 0 and not (line.letters[begin - 1] is None and line.gap_widths(begin - 1) > COLUMN_GAP):
        begin -= 1
    end = len(line.text[:end].rstrip())
    while end < len(line.text) and not (line.letters[end] is None and line.gap_widths(end) > COLUMN_GAP):
        end += 1
    return begin, end
