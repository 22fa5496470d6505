"""Place and date: "Tân Hiệp, ngày 05 tháng 3 năm 2026" (box 4; Decree 30/2020, Annex I)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from docclient.capture.fields import usual
from docclient.capture.fields.agreement import DISPUTED, OUTVOTED, Eyes, Look
from docclient.capture.fields.handwriting import Crop, doubted, strokes
from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.model import UNREAD, Box, Field
from docclient.capture.fields.slips import as_digits, plain
from docclient.capture.page_text import Word

EARLIEST_YEAR = 1945

DAY_TO_MONTH, MONTH_TO_YEAR = 0.9, 1.4
"""How wide "ngày" is to "tháng", and "tháng" to "năm", with some room."""

DAY_ROOM_MM = 16.0
"""Left for a day before "tháng"."""

_DATE = re.compile(
    r"^(?P<place>.*?)[,.;:]?\s*\b(?P<ngay>ng[aàáảãạ]y|Ng[aàáảãạ]y)\s*(?P<day>(?:\S{1,6}\s*){0,3}?)\s*(?P<thang>th[aáàảãạăắ]ng)\s*"
    r"(?P<month>\S{0,4}?)\s*(?P<nam>n[aăâắặằẳẵ]m)\s*(?P<year>\S{0,6})")


def read_dateline(lines: list[Line], today: date, crop: Crop | None = None, *,
                  middle: float = 0.0, look: Look | None = None) -> tuple[Field, Field, Line | None]:
    """Place, date, and the line they stand on. A date after `today` by more than a year is doubted; `crop` shows the
    page, so that a day written by hand is not taken for a printed one. middle: of the page; the date stands right of it
    (box 4), dates of other documents in the text may not."""
    incomplete: tuple[Field, Field, Line] | None = None
    for line in sorted(lines, key=lambda line: line.top):
        row = _with_row(line, lines)
        for whole in dict.fromkeys((line, row, _with_next(line, lines), _with_next(row, lines))):
            found = _DATE.match(whole.text)
            # in the body a sentence goes on before "ngày"; in the head the line is a place of a few words
            if not found or len(found["place"].split()) > 6 or re.search(r"\d{3}|/|^\W?S[ốo]\s*:", found["place"]) \
                    or whole.right - whole.left > 130 or whole.middle < middle:
                continue
            words = len(found["place"].split())
            place_words, date_words = whole.words[:words], whole.words[words:]
            day = _date(found, list(date_words), today)
            if crop is not None and (stands := day_place(date_words)) is not None:
                day = doubted(day, stands[0], strokes(*stands, crop))
            place = _place(found["place"], list(place_words))
            if look is not None:
                day, place = _looked_again(day, whole, today, look), _place_again(place, whole, look)
            read = place, day, whole
            if day.value is not None or day.alternatives:       # a day by hand is found, not to be sought elsewhere
                return read
            incomplete = incomplete or read
        if incomplete is not None and incomplete[0].value is not None:
            return incomplete       # place and date stand there, whatever day a pen wrote; below, dates of other papers
    return incomplete or _without_sign(lines, middle) or (UNREAD, UNREAD, None)


def _without_sign(lines: list[Line], middle: float) -> tuple[Field, Field, Line] | None:
    """Where "ngày" was not read (a stamp lies upon it), but month and year after it were: the day's place at least."""
    for line in sorted(lines, key=lambda line: line.top):
        said = [plain(word.text) for word in line.words]
        if line.middle < middle or not re.search(r"\bthang \S{1,2} nam \S{4}\b", " ".join(said)):
            continue
        month = line.words[said.index("thang")].box_mm
        return UNREAD, Field(None, 0.0, 1, (month[0] - DAY_ROOM_MM, month[1] - 1.5, month[0], month[3] + 1.5)), line
    return None


def _looked_again(day: Field, line: Line, today: date, look: Look) -> Field:
    """Two readings of one date vouch for each other, or make it doubtful."""
    if day.value is None:
        return day
    again = tuple(look(line.box))
    found = _DATE.match(" ".join(word.text for word in again))
    other = _date(found, list(again), today) if found else UNREAD
    if other.value is None:
        return replace(day, certainty=day.certainty * 0.9)
    if other.value == day.value:
        return replace(day, certainty=1 - (1 - day.certainty) * (1 - 0.7 * other.certainty))
    return replace(day, certainty=min(0.55, day.certainty * 0.7), alternatives=(str(other.value),))


_EITHER = re.compile(r"\bĐ[ăắ]k\b")
"""Both stand in names of places: Đắk Lắk, Đăk Tô."""


def _place_again(place: Field, line: Line, look: Look) -> Field:
    """The place after a further look at its line; where that reads another name a third decides. A name that was mended
    (it has what was read beside it) is doubted, unless other eyes read it so."""
    if place.value is None:
        return place
    other = _place_in(look(line.box))
    if other.value is None:
        return replace(place, certainty=min(place.certainty * 0.9, DISPUTED if place.alternatives else 1.0))
    if other.value == place.value:
        sure = 1 - (1 - place.certainty) * 0.4
        doubted = _EITHER.search(str(other.value)) or (place.alternatives and other.alternatives)
        return replace(place, certainty=min(sure, DISPUTED) if doubted else sure)
    third = _place_in(look(line.box, Eyes.SAME)).value
    value = other.value if third == other.value else place.value
    others = tuple(dict.fromkeys(str(name) for name in (place.value, other.value, *place.alternatives)
                                 if name != value))
    sure = OUTVOTED if third in (other.value, place.value) else DISPUTED
    return replace(place, value=value, certainty=min(place.certainty, sure), alternatives=others)


def _place_in(words: Sequence[Word]) -> Field:
    found = _DATE.match(" ".join(word.text for word in words))
    return _place(found["place"], list(words[:len(found["place"].split())])) if found else UNREAD


def day_place(words: Sequence[Word]) -> tuple[Box, Box] | None:
    """Where the day stands, between "ngày" and "tháng", and the year's figures; None where one of them was not read as
    a word of its own."""
    said = [plain(word.text) for word in words]
    if "ngay" not in said or "thang" not in said or "nam" not in said:
        return None
    before, after, year = words[said.index("ngay")], words[said.index("thang")], words[said.index("nam") + 1:]
    if not year or after.box_mm[0] <= before.box_mm[2]:
        return None
    top, bottom = min(before.box_mm[1], after.box_mm[1]), max(before.box_mm[3], after.box_mm[3])
    # a pen close to a word is read into it: the printed words tell each other's width
    month = min(after.box_mm[2] - after.box_mm[0], MONTH_TO_YEAR * (words[said.index("nam")].box_mm[2]
                                                                    - words[said.index("nam")].box_mm[0]))
    left = min(before.box_mm[2], before.box_mm[0] + DAY_TO_MONTH * month)
    right = max(after.box_mm[0], after.box_mm[2] - month)
    return (left, top, right, bottom), around(word.box_mm for word in year)


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
    if re.search(r"ng[aàáảãạ]y.*(th[aáàảãạ]ng|n[aăâắặằẳẵ]m)", line.text, re.IGNORECASE):
        for other in lines:
            below = 0 < other.top - line.bottom + 1.5 < 6
            if below and len(other.words) <= 4 and line.left < other.middle < line.right:
                return Line((*line.words, *other.words))
    return line


def _place(said: str, words: list[Word]) -> Field:
    read = re.sub(r"^[B-DF-GJL-NP-TVX]\s+(?=\S{2})", "", said.strip(" ,.;:-–_'\"|"))        # a stroke beside it
    if not words or not any(letter.isalpha() for letter in read):
        return UNREAD
    certain, box = certainty_of(words), around(word.box_mm for word in words)
    if certain == 1:                    # a PDF's own letters
        return Field(read, 1.0, 1, box)
    name = re.sub(r"^(?:l|[1|](?=a\s))", "I", read)         # a place begins with a capital: "la Grai" is Ia Grai
    name = usual.province_name(name)                     # a mark more or less makes no other province
    factor = 1.0 if name == read else 0.7
    if not name[0].isupper() or re.search(r"[^\w\s.\-'’]|\d{3}", name):
        factor *= 0.5
    return Field(name, certain * factor, 1, box, () if name == read else (read,))


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
