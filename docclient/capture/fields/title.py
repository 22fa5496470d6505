"""The type of a document and what it is about (boxes 5a and 5b)."""

from __future__ import annotations

import re
from dataclasses import replace

from docclient.capture.fields import kinds
from docclient.capture.fields.agreement import DISPUTED, OUTVOTED_AND_VOUCHED, Look, confirmed
from docclient.capture.fields.head import Head
from docclient.capture.fields.lines import Line, around, certainty_of, lines_of
from docclient.capture.fields.model import UNREAD, Field
from docclient.capture.fields.phrases import doubtful_words, mended
from docclient.capture.fields.shaky import is_shaky
from docclient.capture.fields.slips import is_upper, likeness, plain
from docclient.capture.fields.stamps import is_stamp, without_stamps
from docclient.capture.page_text import PageText

MOST_LINES = 9
HARDLY_READ = 0.25
SHORTEST_RULE_MM = 6.0
FAR_MM = 20.0
_BODY_BEGINS = ("can cu", "kinh gui", "kinh chuyen", "dieu 1", "phan i", "chuong i", "xet de nghi",
                "thuc hien nghi quyet")
_ABOUT = re.compile(r"^\W{0,2}(V\s*[/\\|lIiíìï⁄1!.,]{0,2}\s*v\b|W/?v\b|Về việc\b|VỀ VIỆC\b)\s*[:.]?\s*", re.IGNORECASE)


_SYMBOL_PARTED = re.compile(r"(\d(?:/\d{4})?[-/](?:[A-ZĐ]{1,5}[-/])?) (?=[A-ZĐ]{2})")
"""A line may end within the symbol of another paper ("57- / NQ/TW")."""

_ASKS_MORE = re.compile(r"(\b(số|về|và|của|theo|trên|tại|với|cho|các|đối)|[,\-–])$", re.IGNORECASE)
"""No subject ends so: a line of it was lost. And none begins with a small letter, or holds a
semicolon (a comma with dust above it)."""


def read_title(page: PageText, head: Head, look: Look | None = None) -> tuple[Field, Field]:
    """Type name and subject. A type in capitals in the middle of the page makes a named type, "V/v" under the number an
    official letter; the symbol is asked where both are missing."""
    page = without_stamps(page)
    code = kinds.code_of_notation(head.code_notation.value) if isinstance(head.code_notation.value, str) else None
    lines = [line for line in lines_of(page) if line.top > head.bottom - 3 and not is_stamp(line.text)]
    titled = _title_line(lines, page)
    letter = _letter_subject(page, head, look)
    if titled is not None and not (letter.certainty > 0.5 and code is None and titled[2] < 0.95):
        at, name, alike, rest = titled
        return _agreed(_type_field(lines[at], name, alike), code), _named_subject(lines, at, rest, look)
    if letter.value is not None:
        known = head.code_notation.value is not None
        kind = Field(kinds.OFFICIAL_LETTER, 0.95 if known and code is None else 0.6, 1, None,
                     (kinds.BY_CODE[code],) if code else ())
        return kind, letter
    if code is not None:
        return Field(kinds.BY_CODE[code], 0.7 * head.code_notation.certainty, 1, head.code_notation.box_mm), UNREAD
    return UNREAD, UNREAD


def _title_line(lines: list[Line], page: PageText) -> tuple[int, str, float, Line | None] | None:
    """Where the type stands: index of the line, type, likeness, and what else stands on the line."""
    width, height = page.size_mm
    for at, line in enumerate(lines):
        if line.top > height * 0.62:
            break
        if not is_upper(line.text) or abs(line.middle - width * 0.535) > width * 0.17:
            continue
        if found := kinds.of_title(line.text):
            return at, found[0], found[1], None
        for length in (4, 3, 2):
            some = " ".join(word.text for word in line.words[:length])
            if len(line.words) > length and (found := kinds.of_title(some)) and found[1] > 0.95:
                return at, found[0], 0.8 * found[1], line.from_word(length)
    return None


def _type_field(line: Line, name: str, alike: float) -> Field:
    # the list of types is closed: a line that spells one needs no sure letters
    certain = min(1.0, 0.5 + 0.5 * line.certainty) * (1.0 if alike > 0.97 else alike * 0.9)
    others = tuple(other for other in kinds.ALL if other != name and likeness(other, name) > 0.7)
    return Field(name, certain, 1, line.box, others)


def _agreed(kind: Field, code: str | None) -> Field:
    """The symbol's type code is a second witness."""
    if code is None:
        return kind
    told = kinds.BY_CODE[code]
    if told == kind.value:
        return Field(kind.value, 1 - (1 - kind.certainty) * 0.3, kind.page, kind.box_mm)
    return Field(kind.value, min(kind.certainty, 0.6), kind.page, kind.box_mm, (told, *kind.alternatives))


def _named_subject(lines: list[Line], at: int, rest: Line | None, look: Look | None) -> Field:
    """The centred lines below the type, up to the rule, a wider gap, or the body."""
    title = lines[at]
    margins = _margins(lines)
    taken: list[Line] = [rest] if rest is not None else []
    above, pitch = title, 0.0
    for line in lines[at + 1:]:
        if line.certainty < HARDLY_READ or (_is_rule(line) and line.right - line.left < SHORTEST_RULE_MM):
            continue                                    # what a stamp or a speck left
        if len(taken) >= MOST_LINES or _is_rule(line):
            break
        if line.top - above.top < 1.5:                  # beside the line above: not part of a centred block
            break
        step = line.bottom - above.bottom
        if step > (1.5 * pitch if pitch else 4.2 * title.height) or _begins_body(line, title, taken) \
                or _is_paragraph(line, margins):
            break
        if pitch == 0.0 or not taken:
            pitch = step
        taken.append(line)
        above = line
    return _subject(taken, 1.0, look)


def _margins(lines: list[Line]) -> tuple[float, float] | None:
    """Left and right of the text, from the lines that fill it; None where there are too few to tell."""
    full = [line for line in lines if line.right - line.left > 110]
    if len(full) < 2:
        return None
    lefts, rights = sorted(line.left for line in full), sorted(line.right for line in full)
    # one line may be far longer than the text: a fold beside it was read as a dash
    left = lefts[1] if len(full) > 3 and lefts[1] - lefts[0] > FAR_MM else lefts[0]
    right = rights[-2] if len(full) > 3 and rights[-1] - rights[-2] > FAR_MM else rights[-1]
    return left, right


def _is_paragraph(line: Line, margins: tuple[float, float] | None) -> bool:
    """A line of the body: it fills the text's width, or but for an indent at the left (NĐ 30: 10 or 12.7 mm), where a
    title's lines are centred."""
    if margins is None:
        return False
    left, right = line.left - margins[0], margins[1] - line.right
    return right < 2.5 and (left < 2.5 or 7 < left < 16)


def _begins_body(line: Line, title: Line, taken: list[Line]) -> bool:
    bare = plain(line.text)
    if bare.startswith(_BODY_BEGINS) or re.match(r"^(\d+|[IVX]+|[a-z])[.)]\s", line.text) \
            or (taken and re.match(r"- (?!\d{4}\b)", line.text)):
        return True
    if is_upper(line.text) and len(bare) > 5 and not line.text[0].isdigit():    # "… số / 57-NQ/TW" goes on
        return bool(taken and not is_upper(taken[-1].text)) or _names_authority(bare)
    return abs(line.middle - title.middle) > 7.0


def _names_authority(bare: str) -> bool:
    """A decision goes on with who decides, in capitals, before its bases."""
    return bare.startswith(("chu tich", "uy ban nhan dan", "hoi dong nhan dan", "giam doc", "bo truong", "thu tuong",
                            "chanh ", "truong ", "cuc truong", "tong "))


def _letter_subject(page: PageText, head: Head, look: Look | None) -> Field:
    """"V/v …" under the number, in the left column."""
    if head.number_line is None:
        return UNREAD
    number = head.number_line
    lines = [line for line in lines_of(page, split_at=head.columns_at)
             if number.bottom - 2 < line.top < number.bottom + 60 and line.left < head.columns_at - 8
             and line is not number and not is_stamp(line.text)]
    lines = [line for line in lines if line.text != number.text]
    taken: list[Line] = []
    sure = 1.0
    for line in lines:
        if not taken:
            if line.top - number.bottom > 22:
                break
            if _ABOUT.match(line.text):
                taken.append(line)
            elif line.top - number.bottom < 7 and not is_upper(line.text) and line.right < head.columns_at + 6 \
                    and plain(line.text).startswith("v"):
                taken.append(line)
                sure = 0.6
            continue
        step = line.bottom - taken[-1].bottom
        pitch = taken[1].bottom - taken[0].bottom if len(taken) > 1 else 2.6 * taken[0].height
        if step > 1.5 * pitch or plain(line.text).startswith(_BODY_BEGINS) or _is_rule(line) \
                or len(taken) >= MOST_LINES or line.right > head.columns_at + 14:
            break
        if step > 1.0:
            taken.append(line)
    return _subject(taken, sure, look)


def _subject(taken: list[Line], sure: float, look: Look | None) -> Field:
    if not taken:
        return UNREAD
    words = [word for line in taken for word in line.words]
    written = " ".join(word.text for word in words)
    certain = certainty_of(words)
    if certain == 1:                    # a PDF's own letters
        return Field(_untouched(written) or None, sure, 1, around(word.box_mm for word in words))
    field = Field(_tidy(written) or None, certain * sure, 1, around(word.box_mm for word in words))
    read = confirmed(field, words, look, _tidy, doubtful_words, _untouched)
    subject, plainly = read.value, _untouched(written)
    if not isinstance(subject, str):
        return UNREAD
    if plainly != subject and plainly not in read.alternatives:
        read = replace(read, alternatives=(*read.alternatives, plainly))
    cannot_be_whole = _ASKS_MORE.search(subject) or subject[0].islower() or ";" in subject
    if cannot_be_whole or is_shaky(subject, agreed=read.certainty > OUTVOTED_AND_VOUCHED):
        return replace(read, certainty=min(read.certainty, DISPUTED))
    return read


def _tidy(said: str) -> str:
    """As it is meant: whole expressions with their marks."""
    return mended(_untouched(said))


def _untouched(said: str) -> str:
    said = _SYMBOL_PARTED.sub(r"\1", said)
    said = re.sub(r"\s+([,;.:!?)])", r"\1", re.sub(r"\s+", " ", said)).strip(" _|~-–—.;:'\"`*")
    return re.sub(r"^\W{0,2}V\s*[/\\|lIiíìï⁄1!.,]{0,2}\s*v\b[:.]?\s*", "V/v ", said)


def _is_rule(line: Line) -> bool:
    return not any(letter.isalnum() for letter in line.text)
