"""Number and symbol: "Số: 05/QĐ-UBND" (box 3; Decree 30/2020, Annex I, and Article 7 for the abbreviations)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docclient.capture.fields import kinds
from docclient.capture.fields.agreement import Eyes, Look
from docclient.capture.fields.handwriting import Crop, doubted, strokes
from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.model import UNREAD, Box, Field
from docclient.capture.fields.number_place import NumberPlace, number_place_seen
from docclient.capture.fields.slips import as_digits, is_upper
from docclient.capture.page_text import Word

_SIGN = re.compile(r"^\W{0,2}([Ss5][ốỐôÔồỒổỔỗỖộỘóÓòÒoOỏÕõơƠ0öÖõ6øØ]{1,2}|No|N°)\s*[:;.,]?\s*(?=\W|\d|[A-ZĐ/]|$)")
_SYMBOL = re.compile(r"[^\W\d_]+\d{0,3}([.&]?[^\W_]+)*(-[^\W_]+([.&,/][^\W_]+)*)*")
_EDGES = " .,:;'\"|_-*~`’‘”“)(=<>"
# abbreviations that every office writes, and how they are misread; agencies' own are left as they are
_SLIPS = {"UBNĐ": "UBND", "UBMD": "UBND", "UBNP": "UBND", "UBNN": "UBND", "HDND": "HĐND", "HĐNĐ": "HĐND"}


A_VOICE = 0.4
"""What a reading counts beside its certainty: two that say the same outweigh one that is surer of itself."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A value, the factor its grammar puts on its certainty, other readings."""

    value: str | None = None
    factor: float = 0.0
    others: tuple[str, ...] = ()


def read_number(lines: list[Line], width: float, look: Look | None = None, crop: Crop | None = None,
                until: float | None = None) -> tuple[Line | None, Field, Field]:
    """The line that begins with "Số", its number and its symbol. The page's left half comes first.

    Args:
        lines: of the head; width: of the page in millimetres.
        look: reads the line again by itself; where both readings agree they are surer, else less sure.
        crop: shows the page, so that a number written by hand is not taken for a printed one.
        until: millimetres from the left where the left column of the head ends.
    """
    candidates = []
    for line in lines:
        whole = _with_end(_with_row(line, lines), lines)
        sign = _SIGN.match(whole.text)
        if sign and not _goes_on(sign[0], whole, width) and whole.right - whole.left < width * 0.55:
            after = whole.text[sign.end():]
            candidates.append((line.left > width * 0.45, "/" not in after, line.top, whole, sign.end()))
    for _, _, _, line, start in sorted(candidates, key=lambda candidate: candidate[:3]):
        number, notation = _fields(line, start)
        seen = None
        if crop is not None:
            ends = until if until is not None and line.left < until else width
            seen = number_place_seen(_sign_box(line, start), ends, crop)
        if notation.value is None and number.value is None and seen is None:
            continue
        place = (seen.place, seen.symbol) if seen is not None else number_place(line, start)
        measured = strokes(*place, crop) if crop is not None and place is not None else None
        symbols = [notation]
        if look is not None:
            number, again = _looked_again(line, number, look)
            symbols.append(again)
            if again.value != notation.value:           # a third decides
                symbols.append(_symbol_again(line, look))
            if seen is not None and not (measured and measured.printed and again.value == notation.value):
                symbols.append(_symbol_alone(seen, look))
        if place is not None:
            number = doubted(number, place[0], measured)
        return line, number, _voted(symbols)
    return None, UNREAD, UNREAD


def _goes_on(sign: str, line: Line, width: float) -> bool:
    """"… theo Nghị quyết / số 57-NQ/TW": a line of a sentence, farther right than the place of the number."""
    return sign.lstrip()[:1] == "s" and ":" not in sign and line.left > 0.36 * width


def _sign_box(line: Line, start: int) -> Box:
    before = [word for word in line.words if word not in _words_after(line, start)]
    return around(word.box_mm for word in before or line.words[:1])


def _symbol_alone(seen: NumberPlace, look: Look) -> Field:
    """The symbol read without the pen before it, from the slash on."""
    # a second look takes a rim along: there the pen would be in it again
    words = [word for word in look((seen.slash_left + 0.9, *seen.symbol[1:])) if word.text.strip(_EDGES)]
    if not words:
        return UNREAD
    read = _symbol(re.sub(r"^([\W_]+|[\W_]*[lI1](?=[A-ZĐ]{2}))", "", " ".join(word.text for word in words)))
    return _field(read, certainty_of(words), seen.symbol)


def _voted(readings: list[Field]) -> Field:
    """The symbol that most of the readings say, the surest counting most; certain where all say the same."""
    said = [one for one in readings if isinstance(one.value, str)]
    if not said:
        return readings[0]
    weights: dict[str, float] = {}
    for one in said:
        weights[str(one.value)] = weights.get(str(one.value), 0.0) + A_VOICE + one.certainty
    value = max(weights, key=lambda name: (weights[name], name == said[0].value))
    mine = [one for one in said if one.value == value]
    best = max(mine, key=lambda one: one.certainty)
    doubt = 1.0
    for one in mine:
        doubt *= 1 - (one.certainty if one is best else 0.7 * one.certainty)
    others = tuple(dict.fromkeys((*(other for other in weights if other != value),
                                  *(name for one in mine for name in one.alternatives if name != value))))
    sure = 1 - doubt
    if len(weights) > 1:
        sure *= 0.8 * weights[value] / sum(weights.values())
    elif others:                # what the grammar doubts stays doubtful however often it is read
        sure = min(sure, 0.75)
    return Field(value, sure, best.page, readings[0].box_mm or best.box_mm, others)


def _with_row(line: Line, lines: list[Line]) -> Line:
    """The line together with what follows in its row: where the number is written by hand there is a wide gap."""
    words = line.words
    if len(words) > 3:
        return line
    for other in sorted(lines, key=lambda other: other.left):
        level = min(other.bottom, line.bottom) - max(other.top, line.top) > 0.5 * min(other.height, line.height)
        if other is not line and level and 0 < other.left - words[-1].box_mm[2] < 35 and "/" in other.text:
            return Line((*words, *other.words))
    return line


def _with_end(line: Line, lines: list[Line]) -> Line:
    """The line with the end of a long symbol that stands below it: "589/HD- / KTVB&QLXLVPHC"."""
    if not line.text.rstrip().endswith(("-", "–")) or "/" not in line.text:
        return line
    for other in lines:
        below = 0 < other.top - line.bottom + 2 < 7 and other.left < line.right and other.right > line.left
        if below and len(other.words) == 1 and is_upper(other.text) and _SYMBOL.fullmatch(other.text.strip(_EDGES)):
            return Line((*line.words, *other.words))
    return line


def _fields(line: Line, start: int) -> tuple[Field, Field]:
    words = _words_after(line, start)
    number, symbol = _parse(line.text[start:].strip())
    box = around(word.box_mm for word in words)
    certain = certainty_of(words)
    if number.value is None and words[0].text.startswith("/"):
        # the place for a number written by hand: between "Số:" and the slash
        before = [word for word in line.words if word.box_mm[0] < words[0].box_mm[0]]
        gap = (before[-1].box_mm[2], line.top, words[0].box_mm[0], line.bottom) if before else box
        return Field(None, 0.0, 1, gap), _field(symbol, certain, box)
    return _field(number, certain, box), _field(symbol, certain, box)


def number_place(line: Line, start: int) -> tuple[Box, Box] | None:
    """Where the number stands, between the sign's end and the slash, and the symbol's letters after it; None where no
    slash was read. start: where in the line's text the sign ends."""
    before = [word for word in line.words if word not in _words_after(line, start)]
    after = _words_after(line, start)
    at = next((index for index, word in enumerate(after) if "/" in word.text), None)
    if at is None or not before:
        return None
    word = after[at]
    left, top, right, bottom = word.box_mm
    letter = (right - left) / len(word.text)
    # letters are not of one width: good enough to tell the sides apart
    slash = left + word.text.index("/") * letter
    if at > 0:              # a pen's words may reach over the slash
        slash = max(slash, after[at - 1].box_mm[2])
    symbol = (max(slash + 1.2 * letter, left + 0.45 * (right - left) if slash > left else left + letter), top,
              max(right, after[-1].box_mm[2]), bottom)
    if symbol[2] - symbol[0] < 3:
        return None
    return (before[-1].box_mm[2], line.top, slash, line.bottom), symbol


def _looked_again(line: Line, number: Field, look: Look) -> tuple[Field, Field]:
    """The number after a second look at the line, and the symbol as that reads it."""
    words = tuple(look(line.box))
    sign = _SIGN.match(Line(words).text) if words else None
    if not sign:
        return number, UNREAD
    number_again, notation_again = _fields(Line(words), sign.end())
    return _agreed(number, number_again), notation_again


def _symbol_again(line: Line, look: Look) -> Field:
    """The symbol as those read it from nearby who read the page."""
    words = tuple(look(line.box, Eyes.SAME))
    sign = _SIGN.match(Line(words).text) if words else None
    return _fields(Line(words), sign.end())[1] if sign else UNREAD


def _agreed(first: Field, second: Field) -> Field:
    """Two readings of one thing: equal ones vouch for each other, different ones make both doubtful."""
    if second.value is None:
        return Field(first.value, first.certainty * 0.8, first.page, first.box_mm, first.alternatives)
    if first.value is None:
        return Field(second.value, second.certainty * 0.7, first.page, first.box_mm, second.alternatives)
    better, other = (first, second) if first.certainty >= second.certainty else (second, first)
    others = tuple(dict.fromkeys(one for one in (*better.alternatives, *other.alternatives) if one != better.value))
    if first.value == second.value:
        sure = 1 - (1 - better.certainty) * (1 - 0.7 * other.certainty)
        # what the grammar doubts stays doubtful however often it is read
        return Field(better.value, min(sure, 0.75) if others else sure, first.page, first.box_mm, others)
    return Field(better.value, min(0.55, better.certainty * 0.7), first.page, first.box_mm,
                 tuple(dict.fromkeys((str(other.value), *others))))


def _parse(said: str) -> tuple[_Reading, _Reading]:
    """Number and symbol, from what follows "Số:"."""
    before, slash, after = said.partition("/")
    factor = 1.0
    if not slash:           # the slash is lost: digits, then capitals with a dash among them
        found = re.match(r"^(\d{1,6})\W{0,2}([A-ZĐ]\S*-\S+)", said)
        if not found:
            return _Reading(), _Reading()
        before, after, factor = found[1], found[2], 0.6
    number, symbol = _number(before), _symbol(after)
    return (_Reading(number.value, number.factor * factor, number.others),
            _Reading(symbol.value, symbol.factor * factor, symbol.others))


def _number(before: str) -> _Reading:
    bare = re.sub(r"[^\w|!\s]", "", before).strip()
    if re.fullmatch(r"\d{1,5}[a-e]", bare):             # a number put in between
        return _Reading(bare, 0.6)
    digits, slips = as_digits(bare)
    if digits and len(digits) <= 6:
        return _Reading(digits, 0.6**slips * (1.0 if len(digits) < 6 else 0.6))
    return _Reading(None, 0.0, (bare,) if any(letter.isdigit() for letter in bare) else ())


def _symbol(after: str) -> _Reading:
    """Against the grammar of symbols: groups of letters joined by dashes, after a year on normative texts."""
    symbol = re.sub(r"\s*([-/])\s*", r"\1", re.sub(r"[–—−]", "-", after)).strip(_EDGES)
    symbol = re.sub(r"-{2,}", "-", symbol)
    if " " in symbol:
        head, *rest = symbol.split()
        # a blank inside a symbol is a slip of the reader; after a complete symbol comes something else
        symbol = head if "-" in head or not all(part.isupper() for part in rest) else symbol.replace(" ", "")
    symbol = symbol.strip(_EDGES)
    if not re.search(r"[^\W\d_]", symbol):
        return _Reading()
    factor, others = 1.0, []
    groups = symbol.split("-")
    year, slash, first = groups[0].rpartition("/")
    if year and not re.fullmatch(r"(19|20)\d\d", year):
        others.append(symbol)               # a pen's stroke read as a slash
        year, slash, factor = "", "", 0.6
        groups[0] = first
    if repaired := kinds.repaired_code(first):
        others.append(symbol)
        groups[0] = f"{year}{slash}{repaired}"
        factor *= 0.75
    for place, group in enumerate(groups):
        if fixed := _SLIPS.get(group):
            others.append("-".join(groups))
            groups[place] = fixed
            factor *= 0.75
    value = "-".join(groups)
    letters = value.rpartition("/")[2] if year else value
    if not _SYMBOL.fullmatch(letters):
        factor *= 0.5
    if sum(letter.islower() for letter in letters) > max(2, len(letters) // 4):
        factor *= 0.5
    if not 2 <= len(letters) <= 30:
        factor *= 0.4
    if re.search(r"TI|IT", letters):    # one of them may be the other, however often it is read
        factor *= 0.75
        others.append(re.sub(r"(?<=T)I|I(?=T)", "T", value))
    if "-" not in letters and not year:     # who drew it up is missing: it may stand on a line of its own
        others.append(symbol)
        factor *= 0.6
    return _Reading(value, factor, tuple(dict.fromkeys(others)))


def _words_after(line: Line, position: int) -> list[Word]:
    """The words of a line from a position in its text on; a word it falls into counts whole."""
    at, found = 0, []
    for word in line.words:
        at += len(word.text) + 1
        if at - 1 > position:
            found.append(word)
    return found or [line.words[-1]]


def _field(read: _Reading, certain: float, box: Box) -> Field:
    return Field(read.value, certain * read.factor if read.value else 0.0, 1, box, read.others)
