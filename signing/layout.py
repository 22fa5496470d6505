"""Reading an office document's page: number, date, authority, name, recipients. NĐ 30/2020 Annex I (boxes 3, 4, 7, 9b).

Found by what the lines say and how they lie to each other, not by fixed millimetres: real pages shift.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from signing.page import Box, Letter, PageText, Row, Word

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
        for index in range(len(row.words)):
            found = _label_at(row.words[index:index + 6])
            if found is None:
                continue
            colon, after = found
            cut = next((i for i, letter in enumerate(after) if letter.text == "/"), None)
            if cut is None:
                continue
            stroke = after[cut]
            before = unicodedata.normalize("NFC", "".join(letter.text for letter in after[:cut]))
            symbol = next((word.text[word.text.index("/"):] for word in row.words if stroke in word.letters), "/")
            return Gap(page.number, _between(colon.box.x1, stroke.box.x0, row), stroke.baseline, stroke.size,
                       dotted=any(letter in PLACEHOLDERS for letter in before),
                       filled=before.strip(PLACEHOLDERS + " ")), symbol
    return None, ""


def _label_at(words: Sequence[Word]) -> tuple[Letter, list[Letter]] | None:
    """The colon of `Số:` (or `Số :`, or the last letter of `Số` without one) and the letters after it."""
    letters = [letter for word in words for letter in word.letters]
    first = _folded(words[0].text)
    if first.startswith("so:"):
        end = next(i for i, letter in enumerate(letters) if letter.text == ":")
    elif first == "so":
        end = len(words[0].letters) - 1
        if len(letters) > end + 1 and letters[end + 1].text == ":":
            end += 1
    else:
        return None
    return letters[end], letters[end + 1:]


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
    return Gap(page.number, _between(_end_of_word(word), end, row), word.baseline, word.size,
               dotted=any(letter in PLACEHOLDERS for letter in between + tail),
               filled=between.strip(PLACEHOLDERS + " "))


def _year_gap(page: PageText, row: Row, word: Word, after: Sequence[Word]) -> Gap:
    text = "".join(w.text for w in after)
    value = text.strip(PLACEHOLDERS + " ")
    size = word.size
    end = after[-1].box.x1 if after else min(word.box.x1 + 3.2 * size, page.frame.width)
    return Gap(page.number, _between(_end_of_word(word), end, row), word.baseline, size,
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
            if _may_be_name(_text(name)) and _shares_middle(over, Box.around(w.box for w in name)):
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


def _may_be_name(text: str) -> bool:
    """A short line that is no sentence: a person's name, perhaps with a rank before it or a post in its place."""
    return (2 <= len(text.split()) <= 9 and text[0].isupper() and not _is_upper(text) and text[-1] not in ".;:,"
            and not any(c.isdigit() for c in text))


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
