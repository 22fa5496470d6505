"""Reading an office document's page: number, date, authority, name, recipients. NĐ 30/2020 Annex I (boxes 3, 4, 7, 9b).

Found by what the lines say and how they lie to each other, not by fixed millimetres: real pages shift.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from signing.page import Box, PageText, Row, Word

PLACEHOLDERS = ".…_‥·-–—"
"""What drafters put where a number or day will stand."""

AUTHORITY = re.compile(r"^(TM|KT|TL|TUQ|Q)\s*\.")
POSITIONS = (
    "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "CHÁNH", "PHÓ CHÁNH", "TRƯỞNG", "PHÓ TRƯỞNG", "BỘ TRƯỞNG",
    "THỨ TRƯỞNG", "TỔNG", "CỤC TRƯỞNG", "VỤ TRƯỞNG", "HIỆU TRƯỞNG", "BÍ THƯ", "CHỦ NHIỆM", "VIỆN TRƯỞNG", "CHỈ HUY",
    "THỦ TRƯỞNG", "THỦ TƯỚNG", "QUYỀN",
)


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


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """The lines over and under the place of the personal signature. authority: TM., KT. … and the title."""

    page: int
    authority: Box
    name: Box
    authority_text: str
    name_text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found; None for what was not. date: day, month, year gaps of the date line."""

    number: Gap | None
    symbol: str
    day: Gap | None
    month: Gap | None
    year: Gap | None
    date_line: tuple[int, Box] | None
    signer: SignerBlock | None
    recipients: tuple[int, Box] | None


def read_layout(pages: Sequence[PageText]) -> Layout:
    first = pages[0] if pages else None
    number, symbol = _number(first) if first else (None, "")
    day, month, year, line = _date(first) if first else (None, None, None, None)
    recipients = next((found for page in reversed(pages) if (found := _recipients(page))), None)
    return Layout(number, symbol, day, month, year, line, _signer(pages, recipients), recipients)


def _number(page: PageText) -> tuple[Gap | None, str]:
    """`Số: … /QĐ-UBND` on the upper part of the page: the blank between the colon and the stroke."""
    for row in page.rows:
        if row.baseline < page.frame.height * 0.55:
            break
        words = row.words
        for index, word in enumerate(words[:-1]):
            # "Số:" as one word, or as "Số" and ":"
            text = _folded(word.text)
            start = index + 1
            if text == "so" and _folded(words[start].text) == ":":
                word, start = words[start], start + 1
            elif text not in {"so:", "so."} and not re.fullmatch(r"so:[.…_·]*", text):
                continue
            found = _symbol_from(words[start:])
            if found is None:
                continue
            end, symbol, before, stroke = found
            dotted = any(letter in PLACEHOLDERS for letter in before) or bool(re.search(r"[.…_·]{2,}$", word.text))
            value = before.strip(PLACEHOLDERS + " ")
            begin = _end_of_label(word)
            return Gap(page.number, _between(begin, end, row), row.baseline, stroke.size, dotted, value), symbol
    return None, ""


def _symbol_from(words: Sequence[Word]) -> tuple[float, str, str, Word] | None:
    """Where the symbol begins, the symbol, what stands before its stroke, and the word that carries the stroke."""
    before = ""
    for word in words[:4]:
        if "/" in word.text:
            cut = next(i for i, letter in enumerate(word.letters) if letter.text == "/")
            before += unicodedata.normalize("NFC", "".join(letter.text for letter in word.letters[:cut]))
            return word.letters[cut].box.x0, word.text[word.text.index("/"):], before, word
        before += word.text
    return None


def _end_of_label(word: Word) -> float:
    """Right edge of the colon (or of the word), placeholders glued to it left out."""
    colon = next((letter for letter in word.letters if letter.text == ":"), None)
    return (colon or word.letters[-1]).box.x1


def _date(page: PageText) -> tuple[Gap | None, Gap | None, Gap | None, tuple[int, Box] | None]:
    """`<place>, ngày … tháng … năm …` on the upper part of the page."""
    for row in page.rows:
        if row.baseline < page.frame.height * 0.5:
            break
        texts = [_folded(word.text).strip(PLACEHOLDERS + ",") for word in row.words]
        marks = _in_order(texts, ("ngay", "thang", "nam"))
        if marks is None:
            continue
        day, month, year = (row.words[index] for index in marks)
        after_year = row.words[marks[2] + 1:]
        start = max(marks[0] - 4, 0)
        box = Box.around(word.box for word in row.words[start:])
        return (
            _date_gap(page, row, marks[0], marks[1], day, month.box.x0),
            _date_gap(page, row, marks[1], marks[2], month, year.box.x0),
            _year_gap(page, row, year, after_year),
            (page.number, box),
        )
    return None, None, None, None


def _date_gap(page: PageText, row: Row, left: int, right: int, word: Word, end: float) -> Gap:
    between = "".join(w.text for w in row.words[left + 1:right])
    tail = "".join(letter.text for letter in word.letters if letter.text in PLACEHOLDERS)
    return Gap(page.number, _between(_end_of_word(word), end, row), row.baseline, word.size,
               dotted=any(letter in PLACEHOLDERS for letter in between + tail),
               filled=between.strip(PLACEHOLDERS + " "))


def _year_gap(page: PageText, row: Row, word: Word, after: Sequence[Word]) -> Gap:
    text = "".join(w.text for w in after)
    value = text.strip(PLACEHOLDERS + " ")
    size = word.size
    end = after[-1].box.x1 if after else min(word.box.x1 + 3.2 * size, page.frame.width)
    return Gap(page.number, _between(_end_of_word(word), end, row), row.baseline, size,
               dotted=bool(text) and not value, filled=value)


def _end_of_word(word: Word) -> float:
    solid = [letter for letter in word.letters if letter.text not in PLACEHOLDERS]
    return (solid or list(word.letters))[-1].box.x1


def _recipients(page: PageText) -> tuple[int, Box] | None:
    """The block under "Nơi nhận:" at the left margin, down to the last line that begins with a dash."""
    for index, row in enumerate(page.rows):
        if len(row.words) < 2 or _folded(f"{row.words[0].text} {row.words[1].text}").rstrip(": ") != "noi nhan":
            continue
        left = row.words[0].box.x0
        boxes = [row.words[0].box, row.words[1].box]
        last = row.baseline
        for below in page.rows[index + 1:]:
            own = [w for w in below.words if left - 6 <= w.box.x0 < page.frame.width * 0.47]
            if not own or own[0].box.x0 > left + 20 or last - below.baseline > 40:
                if last - below.baseline > 40:
                    break
                continue
            boxes += [w.box for w in own]
            last = below.baseline
        return page.number, Box.around(boxes)
    return None


def _signer(pages: Sequence[PageText], recipients: tuple[int, Box] | None) -> SignerBlock | None:
    """The authority and title lines at the right, and the name a signature's height below them."""
    order = list(pages)
    if recipients is not None:
        order.sort(key=lambda page: page.number != recipients[0])
    else:
        order.reverse()
    for page in order:
        top = recipients[1].y1 + 30 if recipients is not None and recipients[0] == page.number else page.frame.height
        found = _signer_on(page, top)
        if found is not None:
            return found
    return None


def _signer_on(page: PageText, top: float) -> SignerBlock | None:
    lines = [(row.baseline, words) for row in page.rows if row.baseline <= top
             and (words := _right_part(row, page.frame.width))]
    for index, (_, words) in enumerate(lines):
        if not _opens_authority(_text(words)):
            continue
        authority = [words]
        rest = index + 1
        while rest < len(lines) and _is_upper(_text(lines[rest][1])) and \
                lines[rest - 1][0] - lines[rest][0] < 2.2 * words[0].size:
            authority.append(lines[rest][1])
            rest += 1
        over = Box.around(word.box for line in authority for word in line)
        for baseline, name in lines[rest:]:
            gap = over.y0 - baseline
            if gap < 18:
                continue
            if gap > 190:
                break
            if _is_name(_text(name)) and _shares_middle(over, Box.around(w.box for w in name)):
                return SignerBlock(page.number, over, Box.around(word.box for word in name),
                                   " / ".join(_text(line) for line in authority), _text(name))
    return None


def _right_part(row: Row, width: float) -> list[Word]:
    """The words of the right-hand column: those after the widest gap, when they begin in the right half."""
    words = list(row.words)
    cut = 0
    for index in range(1, len(words)):
        gap = words[index].box.x0 - words[index - 1].box.x1
        if gap > 1.2 * words[index].size and words[index].box.x0 > width * 0.38:
            cut = index
            break
    part = words[cut:]
    box = Box.around(word.box for word in part)
    return part if (box.x0 + box.x1) / 2 > width * 0.5 and box.x0 > width * 0.3 else []


def _opens_authority(text: str) -> bool:
    if not _is_upper(text):
        return False
    return bool(AUTHORITY.match(text)) or text.startswith(POSITIONS)


def _is_upper(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and all(not c.islower() for c in letters)


def _is_name(text: str) -> bool:
    """Two to seven capitalised words, no digits: a Vietnamese person's name, perhaps with a rank before it."""
    words = text.split()
    return (2 <= len(words) <= 7 and not any(c.isdigit() for c in text)
            and all(word[0].isupper() and (len(word) == 1 or not word[1:].isupper()) for word in words))


def _shares_middle(one: Box, other: Box) -> bool:
    return one.x0 - 30 <= other.middle[0] <= one.x1 + 30


def _in_order(texts: Sequence[str], wanted: Sequence[str]) -> list[int] | None:
    found: list[int] = []
    for want in wanted:
        begin = found[-1] + 1 if found else 0
        try:
            found.append(texts.index(want, begin))
        except ValueError:
            return None
    return found


def _between(begin: float, end: float, row: Row) -> Box:
    return Box(begin, row.box.y0, max(end, begin), row.box.y1)


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _folded(text: str) -> str:
    """Lower case without marks: OCR and odd fonts lose them."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))
