"""The head of page 1: the state's name, the issuing agency, number and symbol, place and date (boxes 1 to 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from docclient.capture.fields import kinds
from docclient.capture.fields.lines import Line, around, certainty_of, lines_of
from docclient.capture.fields.model import UNREAD, Box, Field
from docclient.capture.fields.slips import as_digits, is_upper, likeness, plain
from docclient.capture.page_text import PageText, Word

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LOWEST_HEAD = 0.5
"""The head lies in the upper half of the page."""

EARLIEST_YEAR = 1945
UTC_PLUS_7 = timedelta(hours=7)

# First words of a body's name. A line that begins with one begins a body; any other line goes on with the one above.
BODIES = (
    "ủy ban", "uỷ ban", "ubnd", "hội đồng", "hđnd", "bộ", "tổng cục", "cục", "chi cục", "vụ", "sở", "ban", "phòng",
    "văn phòng", "thanh tra", "trung tâm", "trường", "đại học", "học viện", "viện", "bệnh viện", "trạm", "công an",
    "tòa án", "viện kiểm sát", "kho bạc", "ngân hàng", "bảo hiểm", "chi nhánh", "đảng ủy", "mặt trận", "liên đoàn",
    "hội", "đoàn", "tổng công ty", "công ty", "tập đoàn", "quỹ", "thành đoàn", "chính phủ", "quốc hội", "tỉnh ủy",
    "thành ủy", "kiểm toán", "thư viện", "bảo tàng", "nhà xuất bản", "ban quản lý", "hạt kiểm lâm", "thủ tướng",
    "chủ tịch", "đài", "báo", "tạp chí", "nhà", "đội", "tổ", "hợp tác xã", "quân khu", "bộ chỉ huy", "ban chỉ huy",
)
# ... unless the words there mean something else
NOT_BODIES = ("phòng chống", "phòng cháy", "phòng ngừa", "phòng thủ", "hội nhập", "ban hành", "báo chí", "vụ việc",
              "tổ chức", "quỹ đất", "đội ngũ", "hội và", "ban nhân dân", "đoàn kết", "hội chủ nghĩa")


@dataclass(frozen=True, slots=True)
class Head:
    """What page 1's head says. `bottom`: where it ends; `number_line`, `columns_at`: for the parts read after it."""

    organ_name: Field
    code_number: Field
    code_notation: Field
    issued_place: Field
    issued_date: Field
    bottom: float
    columns_at: float
    number_line: Line | None


def read_head(page: PageText, today: date | None = None) -> Head:
    """Read boxes 1 to 4. `today` bounds the year (the present day in Vietnam when not given)."""
    today = today or (datetime.now(UTC) + UTC_PLUS_7).date()
    width, height = page.size_mm
    anchor = find_phrase(page, STATE, below=height * LOWEST_HEAD)
    motto = find_phrase(page, MOTTO, below=height * LOWEST_HEAD)
    columns_at = anchor[0] - 1.5 if anchor else motto[0] - 12 if motto else width * 0.47
    lines = [line for line in lines_of(page, split_at=columns_at) if line.top < height * LOWEST_HEAD]
    number_line, number, notation = _number(lines, width)
    place, day, date_line = _place_and_date(lines, today)
    top = min(box[1] for box in (anchor, motto) if box) if anchor or motto else 0.0
    end = number_line.top if number_line else date_line.top if date_line else top + 30
    organ = _organ([line for line in lines if line.right <= columns_at + 12 and line.left < columns_at - 4
                    and top - 12 < line.top < end - 1])
    bottoms = [line.bottom for line in (number_line, date_line) if line]
    return Head(organ, number, notation, place, day, max(bottoms, default=top + 25), columns_at, number_line)


def find_phrase(page: PageText, phrase: str, below: float) -> Box | None:
    """The box of a known phrase above the height `below`, though some letters be wrong; None when it is not there."""
    wanted = plain(phrase)
    count = len(wanted.split())
    best: tuple[float, Box] | None = None
    for line in lines_of(page):
        if line.top > below:
            break
        words = [word for word in line.words if plain(word.text)]
        for start in range(max(1, len(words) - count + 2)):
            for length in (count - 1, count, count + 1):
                some = words[start:start + length]
                alike = likeness(" ".join(word.text for word in some), wanted)
                if alike > (best[0] if best else 0.72):
                    best = alike, around(word.box_mm for word in some)
    return best[1] if best else None


# --- number and symbol -----------------------------------------------------------------------------------------------

_NUMBER_SIGN = re.compile(r"^\W{0,2}([Ss5][ốỐôÔồổỗộóòoOỏõơơ0öõŠ]{1,2}|No)\s*[:;.,]?\s*(?=\W|\d|[A-ZĐ/]|$)")


def _number(lines: list[Line], width: float) -> tuple[Line | None, Field, Field]:
    """"Số: 05/QĐ-UBND". The line is known by "Số" and a slash; the head's left column comes first."""
    for line in sorted(lines, key=lambda line: (line.left > width * 0.45, line.top)):
        sign = _NUMBER_SIGN.match(line.text)
        if not sign or "/" not in line.text[sign.end():] or line.right - line.left > width * 0.5:
            continue
        said = line.text[sign.end():].strip()
        words = _words_after(line, sign.end())
        number, notation = _parse_number(said)
        box = around(word.box_mm for word in words)
        certain = certainty_of(words)
        return line, _field(number, certain, box), _field(notation, certain, box)
    return None, UNREAD, UNREAD


_Reading = tuple[str | None, float, tuple[str, ...]]
"""A value, the factor its grammar puts on its certainty, other readings."""

_SLIPS = {"UBNĐ": "UBND", "UBMD": "UBND", "UBNP": "UBND", "UBNN": "UBND", "HDND": "HĐND", "HĐNĐ": "HĐND"}


def _parse_number(said: str) -> tuple[_Reading, _Reading]:
    """Number and symbol, from what follows "Số:"."""
    before, _, after = said.partition("/")
    digits, slips = as_digits(re.sub(r"[^\w|!\s]", "", before))
    number: _Reading = (None, 0.0, ())
    if digits and len(digits) <= 6:
        number = (digits, 0.6**slips * (1.0 if len(digits) < 6 else 0.6), ())
    elif digits or before.strip():
        number = (None, 0.0, (before.strip(),) if any(letter.isdigit() for letter in before) else ())
    symbol = re.sub(r"\s*([-/])\s*", r"\1", after.replace("–", "-").replace("—", "-")).strip(" .,:;'\"|_-*~`’‘”“)(")
    symbol = re.sub(r"\s.*$", "", symbol) if re.match(r"^\S*-\S+\s", symbol + " ") else symbol.replace(" ", "")
    return number, _check_symbol(symbol)


def _check_symbol(symbol: str) -> _Reading:
    """Against the grammar of symbols: groups of letters joined by dashes, after a year on normative texts."""
    if not symbol or not re.search(r"[^\W\d_]", symbol):
        return None, 0.0, ()
    factor, others = 1.0, []
    groups = symbol.split("-")
    year, slash, first = groups[0].rpartition("/")
    if repaired := kinds.repaired_code(first):
        others.append(symbol)
        groups[0] = f"{year}{slash}{repaired}"
        factor *= 0.75
    for place, group in enumerate(groups):
        if fixed := _SLIPS.get(group):
            others.append("-".join(groups))
            groups[place] = fixed
            factor *= 0.75
    fixed_symbol = "-".join(groups)
    if year and not re.fullmatch(r"(19|20)\d\d", year):
        factor *= 0.5
    letters = fixed_symbol.rpartition("/")[2] if year else fixed_symbol
    if not re.fullmatch(r"[^\W\d_]+\d{0,3}([.&]?[^\W_]+)*(-[^\W_]+([.&,/][^\W_]+)*)*", letters):
        factor *= 0.5
    if sum(letter.islower() for letter in letters) > max(2, len(letters) // 4):
        factor *= 0.5
    if len(letters) < 2 or len(letters) > 30:
        factor *= 0.4
    return fixed_symbol, factor, tuple(dict.fromkeys(others))


def _words_after(line: Line, position: int) -> list[Word]:
    """The words of a line from a position in its text on; a word it falls into counts whole."""
    at, found = 0, []
    for word in line.words:
        at += len(word.text) + 1
        if at - 1 > position:
            found.append(word)
    return found or [line.words[-1]]


def _field(read: _Reading, certain: float, box: Box) -> Field:
    value, factor, others = read
    return Field(value, certain * factor if value else 0.0, 1, box, others)


# --- place and date --------------------------------------------------------------------------------------------------

_DATE = re.compile(
    r"^(?P<place>.*?)[,.;:]?\s*\b(?P<ngay>ng[aàáảãạ]y|Ng[aàáảãạ]y)\s*(?P<day>\S{0,4}?)\s*(?P<thang>th[aáàảãạ]ng)\s*"
    r"(?P<month>\S{0,4}?)\s*(?P<nam>n[aăâ]m)\s*(?P<year>\S{0,6})")


def _place_and_date(lines: list[Line], today: date) -> tuple[Field, Field, Line | None]:
    for line in lines:
        found = _DATE.match(line.text)
        # in the body a sentence goes on before "ngày"; in the head the line is a place of a few words
        if not found or len(found["place"].split()) > 6 or line.right - line.left > 130:
            continue
        place_words = line.words[:len(found["place"].split())]
        date_words = line.words[len(found["place"].split()):]
        return _place(found["place"], list(place_words)), _date(found, list(date_words), today), line
    return UNREAD, UNREAD, None


def _place(said: str, words: list[Word]) -> Field:
    name = said.strip(" ,.;:-–_'\"|")
    if not words or not any(letter.isalpha() for letter in name):
        return UNREAD
    factor = 1.0 if name[0].isupper() and not re.search(r"[^\w\s.\-]|\d{3}", name) else 0.5
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


# --- issuing agency --------------------------------------------------------------------------------------------------

def _organ(lines: list[Line]) -> Field:
    """The last body named in the left column: above it stands its parent (box 2)."""
    lines = [line for line in lines if is_upper(line.text) and sum(letter.isalpha() for letter in line.text) > 1]
    if not lines:
        return UNREAD
    bodies: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if not bodies or (begins_body(line.text) and not _goes_on(bodies[-1][-1].text)):
            bodies.append([line])
        else:
            bodies[-1].append(line)
    last = bodies[-1]
    words = [word for line in last for word in line.words]
    name = clean_name(" ".join(line.text for line in last))
    factor = 1.0 if begins_body(name) else 0.6
    parents = tuple(clean_name(" ".join(line.text for line in body)) for body in bodies[:-1])
    return Field(name, certainty_of(words) * factor, 1, around(word.box_mm for word in words), parents[::-1])


def begins_body(text: str) -> bool:
    bare = f"{plain(text)} "
    return (any(bare.startswith(f"{plain(body)} ") for body in BODIES)
            and not any(bare.startswith(f"{plain(other)} ") for other in NOT_BODIES))


def _goes_on(text: str) -> bool:
    """Does a name's line ask for more: it ends with "và", a comma or a dash?"""
    return bool(re.search(r"(\bVÀ|[,\-–])\s*$", text.upper()))


def clean_name(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(^[^\w(]+|[^\w)]+$)", "", text.replace("|", " ").replace("_", " "))).strip()
