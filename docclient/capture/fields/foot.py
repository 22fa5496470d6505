"""The foot of the last page: who signed and in what authority, and who receives it (boxes 7 and 9b)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docclient.capture.fields import usual
from docclient.capture.fields.agreement import DISPUTED, OUTVOTED, Eyes, Look, confirmed
from docclient.capture.fields.entries import DASH, certainty_of_list, confirmed_entries, entry_of
from docclient.capture.fields.issuer import clean_name
from docclient.capture.fields.lines import Line, around, certainty_of, lines_of
from docclient.capture.fields.model import UNREAD, Box, Field
from docclient.capture.fields.name_syllables import may_have_lost_a_mark, mended_name
from docclient.capture.fields.names import is_surname_alone, parted, surname
from docclient.capture.fields.slips import is_upper, likeness, plain
from docclient.capture.page_text import PageText, Word

FORMS = ("TM.", "KT.", "TL.", "TUQ.", "Q.")
"""Article 13: for a collective, for the head, by order, by authorisation, acting."""

_FORM_SLIPS = {"TM": "TM.", "T/M": "TM.", "KT": "KT.", "K/T": "KT.", "TL": "TL.", "T/L": "TL.",
               "TUQ": "TUQ.", "Q": "Q."}
_FORM_GUESSES = {"KI": "KT.", "K1": "KT.", "KF": "KT.", "TI": "TL.", "T1": "TL.", "TUO": "TUQ.", "TUG": "TUQ.",
                 "TU0": "TUQ.", "TỤQ": "TUQ.", "IM": "TM.", "TN": "TM."}
POSITIONS = (
    "chu tich", "chu toa", "pho", "giam doc", "tong giam doc", "truong", "chanh", "bo truong", "thu truong",
    "cuc truong", "chi cuc truong", "vien truong", "hieu truong", "tong cuc truong", "vu truong", "doi truong",
    "to truong", "uy vien", "thu ky", "quyen", "bi thu", "chi huy", "chinh uy", "thu tuong", "tong thanh tra",
    "tong bien tap", "kiem soat", "ke toan", "nguoi", "chu nhiem", "hieu pho", "tong kiem toan", "chanh an",
)
_HONORIFIC = re.compile(
    r"^((GS|PGS|TS|ThS|Ths|BS|BSCK\w*|DS|KS|CN|CKI+|Luật sư|Đại tá|Thượng tá|Trung tá|Thiếu tá)[.,]\s*)+")
BY_LIST = 0.75
BY_STROKES = 0.45
"""What a name counts whose syllables were put right one by one."""

RIGHT_EDGE_MM = 6.0
HIGHEST_BLOCK_MM = 26.0
"""Authority and position take no more than three or four lines."""

_DRAFTER = re.compile(r"^\W?[A-ZĐ]{1,5}\.?\s?\W?\(?\d{1,4}\)\W?$")
"""The drafter's mark and the number of copies (box 12), below the list: "PL.(30)"."""


@dataclass(frozen=True, slots=True)
class Foot:
    signer_name: Field
    signer_position: Field
    authority_form: Field
    recipients: Field


def has_foot(page: PageText) -> bool:
    """May signer and recipients stand on this page?"""
    lines = lines_of(page)
    return _recipients_line(lines, page) is not None or _authority_without_recipients(lines, page, 1) is not None


def read_foot(pages: list[PageText], looks: Mapping[int, Look]) -> Foot:
    """Read the foot from the last page that has one. `pages`: all pages of the document, blank ones without words;
    `looks`: read a part of a page again, by the page's index."""
    for index in range(len(pages) - 1, -1, -1):
        lines = lines_of(pages[index])
        anchor = _recipients_line(lines, pages[index])
        if anchor is None:
            continue
        form, position, name = _signer(lines, pages[index], index + 1, anchor.top - 12, looks.get(index))
        if position.value is None and (start := _authority_without_recipients(lines, pages[index], index)) is not None \
                and start < anchor.top - 12:        # two sign: the list stands below the one at the left
            form, position, name = _signer(lines, pages[index], index + 1, start - 1, looks.get(index))
        overleaf = _top_of(pages[index + 1]) if index + 1 < len(pages) else []
        if name.value is None:              # the foot may run over the page's end
            middle = pages[index].size_mm[0] / 2
            name = _name([line for line in overleaf if line.middle > middle], index + 2)
        return Foot(name, position, form, _recipients(lines, overleaf, anchor, pages[index], index + 1,
                                                      looks.get(index)))
    for index in range(len(pages) - 1, -1, -1):
        lines = lines_of(pages[index])
        if (start := _authority_without_recipients(lines, pages[index], index)) is not None:
            form, position, name = _signer(lines, pages[index], index + 1, start - 1, looks.get(index))
            return Foot(name, position, form, UNREAD)
    return Foot(UNREAD, UNREAD, UNREAD, UNREAD)


def _top_of(page: PageText) -> list[Line]:
    """The lines of a page's upper third, without its number."""
    return [line for line in lines_of(page) if line.top < page.size_mm[1] / 3 and not line.text.strip(" -–.").isdigit()]


def _recipients_line(lines: list[Line], page: PageText) -> Line | None:
    for line in reversed(lines):
        start = " ".join(word.text for word in line.words[:2])
        if line.left < page.size_mm[0] * 0.35 and likeness(start, "Nơi nhận") >= 0.75:
            return line
    return None


def _authority_without_recipients(lines: list[Line], page: PageText, number: int) -> float | None:
    """Where the signer's block begins on a page without "Nơi nhận": by its lowest line of capitals."""
    width, height = page.size_mm
    lowest = 0.2 if number == 0 else 0.05           # below the head; further pages have none
    found = [line for line in lines if line.left > width * 0.38 and line.top > height * lowest and is_upper(line.text)
             and (_form_of(line) or plain(line.text).startswith(POSITIONS))]
    if not found:
        return None
    last = found[-1]
    block = [line for line in found if last.top - line.top < 30]
    return block[0].top


# --- signer ----------------------------------------------------------------------------------------------------------

def _signer(lines: list[Line], page: PageText, number: int, top: float,
            look: Look | None) -> tuple[Field, Field, Field]:
    """Authority form, position, name."""
    width = page.size_mm[0]
    right = [line for line in lines if line.top >= top and line.left > width * 0.36 and line.middle > width * 0.5
             and line.certainty > 0.35 and not all(word.coloured for word in line.words)]
    block = _block(right)
    if not block and look is not None:          # read again by itself: a fold or a seal went through it
        place = (width / 2, top + 2, width - RIGHT_EDGE_MM, top + 2 + HIGHEST_BLOCK_MM)
        block = _block(_rows(look(place)))
        right = [*block, *(line for line in right if not block or line.top > block[-1].bottom - 1)]
    if not block:
        return UNREAD, UNREAD, _name(right, number)
    under = [line for line in right if line.top > block[-1].bottom - 1]
    form, position = _authority(block, number)
    name = _name(under, number)
    if name.value is None and look is not None:         # the seal lies over it: the place by itself
        name = _name_among_strokes(_name_place(block, width), page, number, look)
    elif look is not None:
        name = _confirmed_name(name, under, look)
        if _name_likeness(str(name.value)) < 1:         # something lies over its beginning, perhaps
            again = _name_among_strokes(_name_place(block, width), page, number, look)
            if _name_likeness(str(again.value or "")) > _name_likeness(str(name.value)):
                others = (str(name.value), *(other for other in again.alternatives if other != name.value))
                name = replace(again, certainty=min(again.certainty, DISPUTED), alternatives=others)
    return form, position, _with_surname(name)


def _name_place(block: list[Line], width: float) -> Box:
    """Where the name stands below authority and position."""
    middle, bottom = block[-1].middle, block[-1].bottom
    return max(width / 2, middle - 42), bottom + 12, min(width, middle + 42), bottom + 44


def _name_among_strokes(place: Box, page: PageText, number: int, look: Look) -> Field:
    """The name where seal and signature lie over it: the likelier of two readings, surer where both say it."""
    one, other = (_name(lines_of(PageText(tuple(look(place, eyes)), page.size_mm)), number)
                  for eyes in (Eyes.OTHER_AMONG_STROKES, Eyes.SAME_AMONG_STROKES))
    if one.value == other.value:
        return one
    best, second = sorted((one, other), key=lambda name: (-_name_likeness(str(name.value or "")), -name.certainty))
    others = (str(second.value),) if second.value is not None else ()
    doubted = replace(best, certainty=min(0.8 * best.certainty, DISPUTED), alternatives=(*best.alternatives, *others))
    return _in_place_of(doubted, mended_name([str(best.value), *others]))


def _block(right: list[Line]) -> list[Line]:
    """The lines of capitals that begin with an authority form or a position."""
    block: list[Line] = []
    for line in right:
        if not is_upper(line.text) or sum(letter.isalpha() for letter in line.text) < 2:
            if block and line.top - block[-1].bottom > 4:
                break
            continue
        if block and line.top - block[-1].bottom > 9:
            break
        if not block and not (_form_of(line) or plain(line.text).startswith(POSITIONS)):
            continue
        block.append(line)
    return block


def _rows(words: Sequence[Word]) -> list[Line]:
    """Words of one column, row by row, whatever gaps a fold left between them."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box_mm[1] + word.box_mm[3]):
        middle = (word.box_mm[1] + word.box_mm[3]) / 2
        if rows and middle < max(other.box_mm[3] for other in rows[-1]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [Line(tuple(sorted(row, key=lambda word: word.box_mm[0]))) for row in rows]


def _confirmed_name(name: Field, lines: list[Line], look: Look) -> Field:
    """The name after a second look at its words."""
    words = next((some for line in lines if (some := _without_strays(line))
                  and around(word.box_mm for word in some) == name.box_mm), None)
    if words is None:
        return name
    read = confirmed(name, words, look, lambda said: _HONORIFIC.sub("", clean_name(said)))
    if not isinstance(read.value, str) or read.certainty > OUTVOTED:
        return read
    # disputed: each syllable from the reading that has a name there, for two may have lost the same letter
    looks = [_tidy_name(look(name.box_mm or (0, 0, 0, 0), eyes)) for eyes in (Eyes.OTHER, Eyes.SAME)]
    meant = mended_name([_tidy_name(words), *(said for said in looks if said)])
    return _in_place_of(read, meant) if _name_likeness(meant) >= _name_likeness(read.value) else read


def _tidy_name(words: Sequence[Word]) -> str:
    return _HONORIFIC.sub("", clean_name(" ".join(word.text for word in words)).strip("()"))


def _in_place_of(name: Field, meant: str) -> Field:
    """Another name for one that was read in doubt; what was read stays beside it."""
    if meant == name.value:
        return name
    others = tuple(dict.fromkeys(other for other in (str(name.value), *name.alternatives) if other != meant))
    return replace(name, value=meant, certainty=min(name.certainty, DISPUTED), alternatives=others)


def _form_of(line: Line) -> tuple[str, float] | None:
    first = line.words[0].text.strip(" .,:;_|-").upper()
    if len(line.words) > 1:
        if first in _FORM_SLIPS:
            return _FORM_SLIPS[first], 1.0
        if first in _FORM_GUESSES:
            return _FORM_GUESSES[first], 0.55
    if glued := re.match(r"^\W?(TM|KT|TL|TUQ|Q)[.,]\s*\S", line.text):       # "KT.CHỦ TỊCH"
        return f"{glued[1]}.", 0.9
    return None


def _authority(block: list[Line], number: int) -> tuple[Field, Field]:
    forms = [(place, found) for place, line in enumerate(block) if (found := _form_of(line))]
    last = forms[-1][0] if forms else -1
    rest = block[last + 1:]
    starts = [place for place, line in enumerate(rest) if plain(line.text).startswith(POSITIONS)]
    if starts and forms:
        rest = rest[starts[0]:]
    form = UNREAD
    if forms:
        _, (value, factor) = forms[-1]
        word = block[last].words[0]
        form = Field(value, (0.3 + 0.7 * word.certainty) * factor, number, block[last].box,
                     tuple(dict.fromkeys(found[0] for _, found in forms[:-1])))
    if rest:
        words = [word for line in rest for word in line.words]
        said = clean_name(" ".join(line.text for line in rest))
    elif forms:
        words = list(block[last].words)
        said = clean_name(re.sub(r"^\W?\S{1,4}[.,:]\s*", "", block[last].text))
    else:
        return form, UNREAD
    said, is_usual = usual.position(said)
    factor = 1.0 if is_usual else 0.92 if plain(said).startswith(POSITIONS) else 0.6
    return form, Field(said or None, certainty_of(words) * factor if said else 0.0, number,
                       around(word.box_mm for word in words))


def _name(lines: list[Line], number: int) -> Field:
    """The line that is a person's name; the lower of two, for a rank may stand above."""
    best: tuple[float, Field] | None = None
    for line in lines:
        words = _without_strays(line)
        said = _tidy_name(words)
        score = _name_likeness(said)
        mended = mended_name([said]) if said and score < 1 else said
        if mended != said and _name_likeness(mended) == 1:      # strokes in it, but all of it a name
            said, score = mended, BY_STROKES
        if score <= 0 or likeness(said, "Đã ký") > 0.7:
            continue
        certain = certainty_of(words) * score
        if best is None or certain >= best[0] * 0.8:
            best = certain, Field(said, certain, number, around(word.box_mm for word in words))
    return best[1] if best else UNREAD


def _without_strays(line: Line) -> list[Word]:
    """The line's words without signs and single letters that a pen stroke left at its ends."""
    words = list(line.words)
    while len(words) > 2 and _is_stray(words[0]):
        words = words[1:]
    while len(words) > 2 and _is_stray(words[-1]):
        words = words[:-1]
    return words


def _with_surname(name: Field) -> Field:
    """The name with its surname's marks: nobody is called Định or Đỉnh before the middle name, many are called Đinh.
    The reading as it was stays beside it; what only a list says is never sure."""
    if not isinstance(name.value, str):
        return name
    if name.certainty < 1 and (is_surname_alone(name.value) or may_have_lost_a_mark(name.value)):
        return replace(name, certainty=min(name.certainty, DISPUTED))
    first, rest = parted(name.value)
    meant = surname(first)
    if meant is None and name.certainty < 1:        # the seal may have taken the surname: "Công Hương"
        return replace(name, certainty=min(name.certainty, DISPUTED))
    if meant is None or meant == first:
        return name
    return replace(name, value=f"{meant} {rest}", certainty=min(name.certainty, BY_LIST),
                   alternatives=(name.value, *name.alternatives))


def _is_stray(word: Word) -> bool:
    bare = clean_name(word.text)
    # Y, A, H', K' begin names in the Central Highlands
    if sum(letter.isalpha() for letter in bare) > 2:
        return False                # part of a name, however its first letter was cut
    return not bare[:1].isalpha() or (len(bare) == 1 and not (bare in "YAHK" and word.certainty > 0.6))


def _name_likeness(said: str) -> float:
    """1 for a name with a surname that is known, 0 for what is none."""
    syllables = said.split()
    if not 2 <= len(syllables) <= 6 or re.search(r"[\d/:;()]", said):
        return 0.0
    small = sum(not syllable[0].isupper() for syllable in syllables)
    if small > 1 or not syllables[0][0].isupper() or not all(syllable[0].isalpha() for syllable in syllables):
        return 0.0
    if small:                   # a capital that a seal's ring cut
        return 0.4 if surname(syllables[0]) and len(syllables) > 2 else 0.0
    if surname(syllables[0]) != syllables[0] and all(syllable.isupper() for syllable in syllables):
        return 0.2              # strokes of a seal read as capitals
    if any(len(syllable) > 7 for syllable in syllables):       # no Vietnamese syllable is longer (nghiêng)
        return 0.3
    first, _ = parted(said)
    return 1.0 if surname(first) == first else 0.72 if surname(first) is not None else 0.7


# --- recipients ------------------------------------------------------------------------------------------------------

def _recipients(lines: list[Line], overleaf: list[Line], anchor: Line, page: PageText, number: int,
                look: Look | None) -> Field:
    """The list under "Nơi nhận:", an entry a dash; a line without a dash goes on with the entry above."""
    width, height = page.size_mm
    reach = min(anchor.left + 35, width * 0.42)
    below = [line for line in lines if line.top > anchor.top + 1.5 and line.left < reach and line.text != anchor.text]
    rest = [line for line in overleaf if line.left < reach]
    entries: list[list[Line]] = []
    above = anchor
    for line in [*below, *rest]:
        turned_over = line in rest and above not in rest
        if turned_over and (above.bottom < height * 0.85 or not DASH.match(line.text)):
            break
        if (not turned_over and line.top - above.bottom > 9) or len(entries) >= 60:
            break
        if not any(letter.isalnum() for letter in line.text) or (line.certainty < 0.25 and len(line.text) < 6):
            continue
        ended = not entries or entries[-1][-1].text.rstrip().endswith((";", ".")) or _is_whole(entries[-1])
        if _DRAFTER.match(line.text) or _kept(entries):
            break
        if DASH.match(line.text) or (ended and line.left < anchor.left + 8):
            entries.append([line])
        else:
            entries[-1].append(line) if entries else entries.append([line])
        above = line
    here = [line for entry in entries for line in entry if line not in rest]
    agree, heard = None, frozenset[str]()
    if look is not None and here and len(here) == sum(len(entry) for entry in entries):
        entries, agree, heard = confirmed_entries(entries, look)
        here = [line for entry in entries for line in entry]
    said = tuple(name for entry in entries if (name := entry_of(entry)))
    if not said:
        return UNREAD
    words = [word for line in here for word in line.words if any(letter.isalnum() for letter in word.text)]
    if not words:                           # all of it overleaf
        return Field(said, certainty_of([word for line in rest for word in line.words]), number + 1)
    return Field(said, certainty_of_list(said, words, agree, heard), number, around(word.box_mm for word in words))


def _is_whole(entry: list[Line]) -> bool:
    """"Như trên", "Như Điều 3": nothing goes on after these, whatever sign closes them."""
    return len(entry) == 1 and bool(re.fullmatch(r"nhu tren|nhu dieu \d{1,2}", plain(entry[0].text)))


def _kept(entries: list[list[Line]]) -> bool:
    """Is the list at its end: "Lưu: …." is its last entry (Annex I), and a full stop or a semicolon closes it."""
    if not entries:
        return False
    said = plain(DASH.sub("", entries[-1][0].text))
    return said.startswith(("luu vt", "luu v")) and entries[-1][-1].text.rstrip().endswith((".", ";"))
