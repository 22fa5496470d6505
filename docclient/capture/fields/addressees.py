"""Whom a letter is for: "Kính gửi: …" (box 9a). One stands on the same line, more below each other with dashes."""

from __future__ import annotations

import re

from docclient.capture.fields.agreement import Look
from docclient.capture.fields.entries import DASH, certainty_of_list, confirmed_entries, entry_of
from docclient.capture.fields.lines import Line, around, lines_of
from docclient.capture.fields.model import UNREAD, Field
from docclient.capture.fields.slips import likeness, plain
from docclient.capture.fields.stamps import without_stamps
from docclient.capture.page_text import PageText

MOST = 40


def read_addressees(page: PageText, look: Look | None = None) -> Field:
    """The bodies named after "Kính gửi:", without dashes and closing signs; `look` reads them again by themselves."""
    page = without_stamps(page)
    lines = lines_of(page)
    at = next((index for index, line in enumerate(lines) if line.top < page.size_mm[1] * 0.6 and _is_sign(line)), None)
    if at is None:
        return UNREAD
    sign = lines[at]
    entries: list[list[Line]] = []
    rest = sign.from_word(2)
    if rest.words and any(letter.isalpha() for letter in rest.text):
        entries.append([rest])
    above = sign
    for line in lines[at + 1:]:
        if line.top - above.bottom > 4.5 or len(entries) >= MOST or not line.words:
            break
        if line.left < sign.left - 4 or line.middle < page.size_mm[0] * 0.3:
            break                       # the text begins at the left margin
        if DASH.match(line.text) or not entries:
            entries.append([line])
        elif entries[-1][-1].text.rstrip().endswith((".", ";")):
            break
        else:
            entries[-1].append(line)
        above = line
    agree, heard = None, frozenset[str]()
    if look is not None and entries and any(word.certainty < 1 for line in entries[0] for word in line.words):
        entries, agree, heard = confirmed_entries(entries, look)
    said = tuple(name for entry in entries if (name := entry_of(entry)))
    if not said:
        return UNREAD
    words = [word for entry in entries for line in entry for word in line.words
             if any(letter.isalnum() for letter in word.text)]
    return Field(said, certainty_of_list(said, words, agree, heard), 1, around(word.box_mm for word in words))


def _is_sign(line: Line) -> bool:
    if len(line.words) < 2:
        return False
    first, second = (plain(word.text) for word in line.words[:2])
    return likeness(first, "kinh") >= 0.75 and bool(re.fullmatch(r"gu\w{0,2}|g[aoi]i|chuyen", second))
