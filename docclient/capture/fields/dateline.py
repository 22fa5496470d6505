"""Place and date: "Tân Hiệp, ngày 05 tháng 3 năm 2026" (box 4; Decree 30/2020, Annex I)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.model import UNREAD, Field
from docclient.capture.fields.slips import as_digits
from docclient.capture.page_text import Word

EARLIEST_YEAR = 1945

_DATE = re.compile(
    r"^(?P<place>.*?)[,.;:]?\s*\b(?P<ngay>ng[aàáảãạ]y|Ng[aàáảãạ]y)\s*(?P<day>\S{0,4}?)\s*(?P<thang>th[aáàảãạ]ng)\s*"
    r"(?P<month>\S{0,4}?)\s*(?P<nam>n[aăâ]m)\s*(?P<year>\S{0,6})")


def read_dateline(lines: list[Line], today: date) -> tuple[Field, Field, Line | None]:
    """Place, date, and the line they stand on. A date after `today` by more than a year is doubted."""
    incomplete: tuple[Field, Field, Line] | None = None
    for line in [*lines, *(_with_row(line, lines) for line in lines), *(_with_next(line, lines) for line in lines)]:
        found = _DATE.match(line.text)
        # in the body a sentence goes on before "ngày"; in the head the line is a place of a few words
        if not found or len(found["place"].split()) > 6 or line.right - line.left > 130:
            continue
        place_words = line.words[:len(found["place"].split())]
        date_words = line.words[len(found["place"].split()):]
        read = _place(found["place"], list(place_words)), _date(found, list(date_words), today), line
        if read[1].value is not None:
            return read
        incomplete = incomplete or read
    return incomplete or (UNREAD, UNREAD, None)


def _with_row(line: Line, lines: list[Line]) -> Line:
    """The line with what follows in its row, if it begins a date: a day to be written by hand leaves a wide gap."""
    words = line.words
    if re.search(r"ng[aàáảãạ]y", line.text, re.IGNORECASE):
        for other in sorted(lines, key=lambda other: other.left):
            level = min(other.bottom, line.bottom) - max(other.top, line.top) > 0.5 * min(other.height, line.height)
            if other is not line and level and 0 < other.left - words[-1].box_mm[2] < 30:
                words = (*words, *other.words)
    return Line(words)


def _with_next(line: Line, lines: list[Line]) -> Line:
    """The line with a short one below its middle: a long place pushes the year onto a line of its own."""
    if re.search(r"ng[aàáảãạ]y.*(th[aáàảãạ]ng|n[aăâ]m)", line.text, re.IGNORECASE):
        for other in lines:
            below = 0 < other.top - line.bottom + 1.5 < 6
            if below and len(other.words) <= 4 and line.left < other.middle < line.right:
                return Line((*line.words, *other.words))
    return line


def _place(said: str, words: list[Word]) -> Field:
    name = said.strip(" ,.;:-–_'\"|")
    if not words or not any(letter.isalpha() for letter in name):
        return UNREAD
    factor = 1.0
    if name[0] == "l":                  # a place begins with a capital: "la Grai" is Ia Grai
        name, factor = f"I{name[1:]}", 0.7
    if not name[0].isupper() or re.search(r"[^\w\s.\-'’]|\d{3}", name):
        factor *= 0.5
    return Field(name, certainty_of(words) * factor, 1, around(word.box_mm for word in words))


def _date(found: re.Match[str], words: list[Word], today: date) -> Field:
    box = around(word.box_mm for word in words)
    parts = [as_digits(found[name]) for name in ("day", "month", "year")]
    if not all(digits for digits, _ in parts):
        return Field(None, 0.0, 1, box)                 # often the day is written by hand
    day, month, year = (int(digits) for digits, _ in parts)
    try:
        read = date(year, month, day)
    except ValueError:
        return Field(None, 0.0, 1, box)
    factor = 0.6 ** sum(slips for _, slips in parts)
    if not EARLIEST_YEAR <= year <= today.year + 1 or read > today + timedelta(days=400):
        factor *= 0.3
    # day and month 1, 2 below ten carry a zero (Annex I): where they do not, a digit may be lost
    if (len(parts[0][0]) == 1) or (len(parts[1][0]) == 1 and month < 3):
        factor *= 0.7
    digit_words = [word for word in words if any(letter.isdigit() for letter in word.text)] or words
    certain = 0.5 * certainty_of(digit_words) + 0.5 * min(word.certainty for word in digit_words)
    return Field(read.isoformat(), certain * factor, 1, box)
