"""Urgency and secrecy stamps (boxes 10b and 10a): words in capitals that stand alone in a frame at the left.

Source: Decree 30/2020, Annex I: HỎA TỐC, THƯỢNG KHẨN, KHẨN in red. What counts as a secrecy stamp is chosen wide:
a false alarm costs a person's look, a missed one must not happen.
"""

from __future__ import annotations

import re

from docclient.capture.fields.lines import Line, lines_of
from docclient.capture.fields.model import UNREAD, Field
from docclient.capture.fields.slips import is_upper, likeness
from docclient.capture.page_text import PageText, Word

URGENCY = {"HỎA TỐC HẸN GIỜ": "Hỏa tốc hẹn giờ", "HỎA TỐC": "Hỏa tốc", "THƯỢNG KHẨN": "Thượng khẩn", "KHẨN": "Khẩn"}
SECRECY = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
WIDEST_WORD_SPACE_MM = 2.2
"""Between words of a line that is not justified; a stamp beside it stands farther off."""


def read_urgency(page: PageText) -> Field:
    """The urgency stamp, if one was read."""
    for line in _standing_alone(page):
        for stamp, name in URGENCY.items():
            cut = 0.5 * _alike(line.text, stamp.split()[0]) if stamp == "THƯỢNG KHẨN" else 0.0
            if (alike := max(cut, _alike(line.text, stamp))) > 0:
                coloured = all(word.coloured for word in line.words)
                return Field(name, alike * (0.4 + 0.6 * line.certainty) * (1.0 if coloured else 0.85), 1, line.box)
    return UNREAD


def secrecy_stamp(page: PageText) -> bool:
    """Does a secrecy word stand where the stamp belongs? (BẢO MẬT or MẬT ĐỘ within a line of text does not count.)"""
    return any(_alike(line.text, stamp) > 0 for line in _standing_alone(page) for stamp in SECRECY)


def is_stamp(text: str) -> bool:
    return any(_alike(text, stamp) > 0 for stamp in (*URGENCY, *SECRECY))


def without_stamps(page: PageText) -> PageText:
    """The page without coloured words (stamps, seals, pens) and without black stamps beside a line of text."""
    black = without_colour(page)
    if black is page:
        return page
    stamps = {word for line in lines_of(black) for word in _leading_stamp(line)}
    return PageText(tuple(word for word in black.words if word not in stamps), page.size_mm)


def without_colour(page: PageText) -> PageText:
    """The page without coloured words; itself where nothing else would stand on it (a page printed in colour)."""
    black = tuple(word for word in page.words if not word.coloured)
    return page if len(black) * 2 < len(page.words) else PageText(black, page.size_mm)


def _leading_stamp(line: Line) -> tuple[Word, ...]:
    """The words of a stamp at the start of a line, set off by more than a space; none where there is no such."""
    for count in (4, 2, 1):
        words, rest = line.words[:count], line.words[count:]
        if rest and rest[0].box_mm[0] - words[-1].box_mm[2] > WIDEST_WORD_SPACE_MM and is_stamp(Line(words).text):
            return words
    return ()


def _standing_alone(page: PageText) -> list[Line]:
    """Lines of capitals in the upper left of the page. Red ones are lined up apart from black: a stamp may lie
    beside or upon a line of text."""
    width, height = page.size_mm
    found = []
    for coloured in (True, False):
        words = tuple(word for word in page.words if word.coloured == coloured)
        for line in lines_of(PageText(words, page.size_mm)):
            reach = width * (0.95 if coloured else 0.45)
            if beside := _leading_stamp(line):
                line = Line(beside)
            if line.middle < reach and line.top < height * 0.5 and is_upper(line.text):
                found.append(line)
    return found


def _alike(text: str, stamp: str) -> float:
    """How alike, 0 for a line that is not this stamp. Short words must be the very letters, marks aside."""
    bare = re.sub(r"[^\w\s]|_|\d", " ", text).strip()
    if not is_upper(bare) or len(bare) < 3:
        return 0.0
    alike = likeness(bare, stamp)
    return alike if alike >= (1.0 if len(stamp) <= 4 else 0.75) else 0.0
