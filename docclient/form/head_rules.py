"""Boxes 1 to 5 and 9a: State name and motto, agency, number, place and date, title and abstract, addressee, stamps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from docclient.form import kinds
from docclient.form.elements import MOTTO, STATE_NAME
from docclient.form.judging import Judgement, text_of
from docclient.form.model import Severity
from docclient.form.type import TypedLine, folded
from signing.page import MM, Box

BLANK = r"[\s.…_]*"
_NUMBER = re.compile(r"^Số:\s?(?P<number>[\d.…_\s]*?)\s?/(?P<symbol>\S.*)?$")
_DATE = re.compile(r"^(?P<place>.+?),\s*ngày(?P<day>[\d\s.…_]*)tháng(?P<month>[\d\s.…_]*)năm(?P<year>[\d\s.…_]*)$")
_UPPER = "A-ZĐÀ-Ỹ"
_SYMBOL = re.compile(r"^(\d{4}/)?[A-ZĐ][A-Za-zĐđ0-9]*(\.[A-Z0-9Đ]+)*(-[A-Za-zĐđ0-9&.]+)*$")
_ABBREVIATED = (
    (r"\bubnd\b", "uy ban nhan dan"), (r"\bhdnd\b", "hoi dong nhan dan"), (r"\bub mttq\b", "uy ban mat tran to quoc"),
    (r"\bmttq\b", "mat tran to quoc"), (r"\btp\b\.?", "thanh pho"), (r"\btt\b", "trung tam"), (r"\bvp\b", "van phong"),
    (r"\bptnt\b", "phat trien nong thon"), (r"\btnmt\b", "tai nguyen va moi truong"),
    (r"\bkh&cn\b", "khoa hoc va cong nghe"),
)


def judge_head(to: Judgement) -> None:
    _state_name(to)
    _agency(to)
    _number(to)
    _date(to)
    _title(to)
    _addressee(to)
    _stamps(to)
    _order(to)


def _state_name(to: Judgement) -> None:
    e = to.elements
    if e.state_name is None:
        to.add("state_name_missing", _usual(to, .52, 0, .46, .04), "", STATE_NAME)
    else:
        if _said(e.state_name) != STATE_NAME:
            to.add("state_name_words", e.state_name, e.state_name.text, STATE_NAME,
                   severity=_wrong_unless(_same_tones(e.state_name.text, STATE_NAME)))
        to.size("state_name_size", [e.state_name], 12, 13)
        to.bold("state_name_bold", [e.state_name])
        to.upright("state_name_upright", [e.state_name])
    if e.motto is None:
        to.add("motto_missing", _usual(to, .52, .03, .46, .04), "", MOTTO)
        return
    if _said(e.motto) != MOTTO:
        dashes = re.sub(r"\s*[–—-]\s*", " - ", _said(e.motto))
        to.add("motto_words", e.motto, e.motto.text, MOTTO,
               severity=_wrong_unless(dashes == MOTTO and "-" not in _said(e.motto)))
    to.size("motto_size", [e.motto], 13, 14)
    to.bold("motto_bold", [e.motto])
    to.upright("motto_upright", [e.motto])
    if not _ruled(to, e.motto, 0.8, 1.25):
        to.add("motto_rule", e.motto)


def _agency(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    if not e.agency:
        to.add("agency_missing", _usual(to, .01, 0, .43, .05), "", " ".join(expected.agency))
        return
    to.upper("agency_case", e.agency)
    to.size("agency_size", e.agency, 12, 13)
    parent, own = parted_agency(e.agency, expected.agency, expected.parent)
    if not own:
        to.add("agency_bold", e.agency, text_of(e.agency))
        parent, own = [], e.agency
    elif not [line for line in own if line.bold >= 0.7]:
        to.add("agency_bold", own, text_of(own))
    if parent:
        to.regular("parent_regular", parent)
    if expected.agency:
        wanted = " ".join(expected.agency)
        if not _same_name(text_of(own), wanted):
            to.add("agency_name", own, text_of(own), wanted.upper())
        if expected.parent and not parent:
            to.add("agency_parent", own, "", expected.parent.upper())
        elif expected.parent and not _same_name(text_of(parent), expected.parent):
            to.add("agency_parent", parent, text_of(parent), expected.parent.upper())
    if not _ruled(to, own[-1], 0.15, 0.85):
        to.add("agency_rule", own[-1])


def parted_agency(lines: Sequence[TypedLine], agency: Sequence[str], parent: str,
                  ) -> tuple[list[TypedLine], list[TypedLine]]:
    """The lines of the body above, and those of the agency itself: by the name where it is known, else by weight."""
    if agency:
        wanted = " ".join(agency)
        for at in range(len(lines)):
            if _same_name(text_of(lines[at:]), wanted):
                return list(lines[:at]), list(lines[at:])
    if parent:
        for at in range(1, len(lines)):
            if _same_name(text_of(lines[:at]), parent):
                return list(lines[:at]), list(lines[at:])
    first = next((at for at, line in enumerate(lines) if line.bold >= 0.7), None)
    if first is None:
        return list(lines), []
    return list(lines[:first]), list(lines[first:])


def _number(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    if to.type_name in kinds.WITHOUT_NUMBER:
        return
    if e.number is None:
        to.add("number_missing", _usual(to, .01, .07, .43, .04), "", f"Số: …/{expected.notation}" if expected.notation
               else "Số: …/…")
        return
    to.size("number_size", [e.number], 13, 13)
    to.regular("number_regular", [e.number])
    said = re.sub(r"\s+", " ", e.number.text)
    read = _NUMBER.match(said)
    if read is None:
        to.add("number_form", e.number, said, f"Số: …/{expected.notation or '…'}")
        return
    number, symbol = read["number"].strip(" .…_"), (read["symbol"] or "").strip()
    if (number and (not number.isdigit() or len(number) < 2 or (len(number) > 2 and number[0] == "0"))) \
            or (expected.numbered and not number):
        right = f"{int(number):02d}" if number.isdigit() else "…"
        to.add("number_form", e.number, said, f"Số: {right}/{symbol}")
    elif symbol and (" " in symbol or "–" in symbol or not _SYMBOL.match(symbol)):
        tidy = re.sub(r"\s*[-–—]\s*", "-", symbol)
        to.add("number_form", e.number, said, f"Số: {number or '…'}/{tidy}")
    bare = re.sub(r"\s*[-–—]\s*", "-", symbol)
    bare = re.sub(r"^\d{4}/", "", bare)
    if expected.notation:
        if bare != expected.notation:
            to.add("number_symbol", e.number, symbol, expected.notation)
        return
    _symbol_of_type(to, e.number, bare)


def _symbol_of_type(to: Judgement, line: TypedLine, symbol: str) -> None:
    """The symbol begins with the type's abbreviation, and with the agency's for an official letter."""
    expected = to.expected
    abbreviation = expected.abbreviation or kinds.TYPES.get(to.type_name)
    groups = symbol.split("-")
    if abbreviation:
        right = f"{abbreviation}-{expected.symbol or '-'.join(groups[1:])}"
        if groups[0] != abbreviation or (expected.symbol and groups[1:2] != [expected.symbol]):
            to.add("number_symbol", line, symbol, right)
    elif to.type_name == kinds.OFFICIAL_LETTER and groups[0] in kinds.ABBREVIATIONS and len(groups) > 1:
        to.add("number_symbol", line, symbol, "-".join([expected.symbol or groups[1], "…"]))
    elif to.type_name == kinds.OFFICIAL_LETTER and expected.symbol and groups[0] != expected.symbol:
        to.add("number_symbol", line, symbol, f"{expected.symbol}-…")


def _date(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    if e.date is None:
        to.add("date_missing", _usual(to, .53, .07, .45, .04), "", f"{expected.place or '…'}, ngày … tháng … năm …")
        return
    to.size("date_size", [e.date], 13, 14)
    if e.date.italic < 0.7:
        to.add("date_italic", e.date, e.date.text)
    if e.date.bold > 0.6:
        to.add("date_regular", e.date, e.date.text)
    read = _DATE.match(re.sub(r"\s+", " ", e.date.text))
    if read is None:
        to.add("date_form", e.date, e.date.text, f"{expected.place or '…'}, ngày … tháng … năm …")
        return
    day, month, year = (read[name].strip(" .…_") for name in ("day", "month", "year"))
    right_day = f"{int(day):02d}" if day.isdigit() else "…"
    right_month = (f"{int(month):02d}" if int(month) < 3 else str(int(month))) if month.isdigit() else "…"
    out = (day and day.isdigit() and not 1 <= int(day) <= 31) or (month.isdigit() and not 1 <= int(month) <= 12)
    if out or (day and day != right_day) or (month and month != right_month) or (year and len(year) not in (2, 4)) \
            or (year and len(year) == 2 and (day or month)) or (expected.numbered and not (day and month and year)):
        right = f"{read['place']}, ngày {right_day} tháng {right_month} năm {year or '…'}"
        to.add("date_form", e.date, e.date.text, right)
    place = read["place"].strip()
    if expected.place and unicodedata.normalize("NFC", place) != unicodedata.normalize("NFC", expected.place):
        to.add("date_place", e.date, place, expected.place)


def _title(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    wanted = expected.type_name or e.type_name
    if wanted == kinds.OFFICIAL_LETTER or (not wanted and e.title is None):
        if e.title is not None:
            to.add("title_type", e.title, e.title.text, "V/v …")
        elif not e.about:
            to.add("letter_abstract_missing", _usual(to, .07, .13, .29, .04), "", "V/v …")
        _letter_abstract(to)
        return
    if wanted == kinds.PUBLIC_LETTER and e.title is None:
        return
    if e.title is None:
        to.add("title_missing", _usual(to, .3, .13, .5, .04), "", wanted.upper())
        return
    if expected.type_name and e.type_name != expected.type_name:
        to.add("title_type", e.title, e.title.text, expected.type_name.upper())
    to.upper("title_case", [e.title])
    to.size("title_size", [e.title], 13, 14)
    to.bold("title_bold", [e.title])
    left, right = _text_edges(to)
    if abs(e.title.middle - (left + right) / 2) > 12 * MM:
        to.add("title_centred", e.title, e.title.text)
    if e.abstract:
        to.size("abstract_size", e.abstract, 13, 14)
        to.bold("abstract_bold", e.abstract)
        if not _ruled(to, e.abstract[-1], 0.12, 0.8):
            to.add("abstract_rule", e.abstract[-1])
    elif to.type_name not in WITHOUT_ABSTRACT:
        to.add("abstract_missing", e.title, e.title.text)


WITHOUT_ABSTRACT = frozenset({"Công điện", "Giấy mời", "Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi",
                              "Phiếu chuyển", "Phiếu báo", "Giấy ủy quyền", "Hợp đồng", "Biên bản", "Bản ghi nhớ",
                              "Bản thỏa thuận", "Thư công"})
"""Samples of Annex III print these without one, or leave it to the writer."""


def _letter_abstract(to: Judgement) -> None:
    about = to.elements.about
    if not about:
        return
    to.size("letter_abstract_size", about, 12, 13)
    to.regular("letter_abstract_regular", about)
    if not text_of(about).startswith("V/v "):
        to.add("letter_abstract_form", about, text_of(about)[:40], "V/v …")


def _addressee(to: Judgement) -> None:
    lines = to.elements.addressee
    if not lines:
        if to.type_name in (kinds.OFFICIAL_LETTER, "Tờ trình"):
            to.add("addressee_missing", _usual(to, .2, .19, .6, .04), "", "Kính gửi: …")
        return
    to.size("addressee_size", lines, 13, 14)
    to.regular("addressee_regular", lines)
    said = text_of(lines)
    named = re.match(r"^(Kính (?:gửi|trình|chuyển)\b)\s*(:?)\s*(.*)$", said)
    if named is None or not named[2]:
        to.add("addressee_form", lines[0], lines[0].text, "Kính gửi: …")
        return
    if len(lines) > 1:
        items = [line for line in lines if line.text.lstrip().startswith(("-", "–"))]
        if len(items) > 1:
            ends = [line for line, after in zip(lines, [*lines[1:], None], strict=True)
                    if after is None or after.text.lstrip().startswith(("-", "–"))]
            ends = [line for line in ends if line is not lines[0] or line in items]
            off = [line for line in ends[:-1] if not line.text.rstrip().endswith(";")]
            if not ends[-1].text.rstrip().endswith("."):
                off.append(ends[-1])
            if off:
                to.add("addressee_form", off[0], off[0].text, ";" if off[0] is not ends[-1] else ".")


def _stamps(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    for line in e.secrecy:
        to.add("secrecy_stamp", line, line.text)
    if e.stamps:
        if expected.not_urgent:
            to.add("urgency_unexpected", e.stamps[0], e.stamps[0].text)
        elif expected.urgency and e.stamps[0].text.strip().upper() != expected.urgency:
            to.add("urgency_missing", e.stamps[0], e.stamps[0].text, expected.urgency)
        off = [line for line in e.stamps if line.bold < 0.7 or not 12.7 <= line.size <= 14.3 or not line.all_upper]
        if off:
            to.add("urgency_type", off[0], off[0].text)
    elif expected.urgency:
        to.add("urgency_missing", _usual(to, .01, .22, .25, .06), "", expected.urgency, severity=Severity.DOUBTFUL)


def _order(to: Judgement) -> None:
    """Each box lies below the one that comes before it (Annex I, Part I, Section IV)."""
    e = to.elements
    opening = e.addressee[:1] or ([e.title] if e.title else [])
    columns: tuple[list[TypedLine | None], ...] = (
        [e.state_name, e.motto, e.date, *([e.title] if e.title else []), *e.addressee[:1]],
        [*e.agency[:1], e.number, *(e.about[:1] or opening)],
        [e.date, *opening],
    )
    told = set()
    for column in columns:
        present = [line for line in column if line is not None]
        for above, below in pairwise(present):
            if below.baseline > above.baseline - 2 and below.text not in told:
                told.add(below.text)
                to.add("order", below, below.text[:60], above.text[:60])
    for left, right in ((e.agency[0] if e.agency else None, e.state_name), (e.number, e.date)):
        if left is not None and right is not None and left.middle > right.middle - 40:
            to.add("sides", left, left.text[:60])


# what the tests share

def _usual(to: Judgement, x: float, y: float, width: float, height: float) -> tuple[int, Box]:
    """Where the box should be: parts of the text area, y downward (the decree's diagram)."""
    frame = to.elements.head.frame
    left, right, top = 30 * MM, frame.width - 15 * MM, frame.height - 20 * MM
    wide, high = right - left, frame.height - 40 * MM
    return to.elements.head.number, Box(left + x * wide, top - (y + height) * high, left + (x + width) * wide,
                                        top - y * high)


def _text_edges(to: Judgement) -> tuple[float, float]:
    rows = [row for row in to.elements.head.rows if row.box.width > to.elements.head.frame.width * 0.5]
    frame = to.elements.head.frame
    return (min((row.box.x0 for row in rows), default=30 * MM),
            max((row.box.x1 for row in rows), default=frame.width - 15 * MM))


def _ruled(to: Judgement, line: TypedLine, least: float, most: float) -> bool:
    """A rule lies close below, about under the line's middle; least, most: its length in parts of the line's."""
    for rule in to.elements.head.rules:
        if -3 <= line.box.y0 + 3 - rule.y1 <= 14 and abs(rule.middle[0] - line.middle) < 0.25 * line.box.width + 6 \
                and least * line.box.width <= rule.width <= most * line.box.width:
            return True
    return False


def _said(line: TypedLine) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", line.text)).strip()


def _same_tones(one: str, other: str) -> bool:
    """Only the place of a tone mark differs (HOÀ, HÒA), which both schools write."""
    parts = [sorted(unicodedata.normalize("NFD", each).replace(" ", "")) for each in (one, other)]
    return re.sub(r"\s+", " ", folded(one)) == folded(other) and parts[0] == parts[1]


def _wrong_unless(pardoned: bool) -> Severity:
    return Severity.DOUBTFUL if pardoned else Severity.WRONG


def plain_name(text: str) -> str:
    """A body's name for comparing: lower case, no marks, common abbreviations in full."""
    bare = re.sub(r"[^\w&. ]", " ", folded(text))
    for short, full in _ABBREVIATED:
        bare = re.sub(short, full, bare)
    return re.sub(r"[\s.]+", " ", bare).strip()


def _same_name(one: str, other: str) -> bool:
    return plain_name(one) == plain_name(other)
