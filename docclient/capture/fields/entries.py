"""Lists of bodies, an entry a dash: those a letter is for (box 9a), those who receive it (box 9b)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docclient.capture.fields import usual
from docclient.capture.fields.agreement import DISPUTED, SLIP_PER_WORD, Look, agreed_words
from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.phrases import doubtful_words, mended
from docclient.capture.fields.shaky import is_shaky, may_have_lost_strokes
from docclient.capture.page_text import Word

DASH = re.compile(r"^\W{0,2}[-–—~•+*]\W{0,2}\s*")
_COPY = re.compile(r"\((?:[bB]+|(đ))/[cC€©eo6]\)")
_FILED = re.compile(r"\bL[ưu]u[\s:;.,]*V[TIÏÌÍỊỈĨ1lEDFíĩ][^\W\d]?(?=[,;.\s]|$)")
_TOKEN = re.compile(r"\w+")


def entry_of(lines: Sequence[Line]) -> str:
    """What an entry says, without its dash and closing signs; a PDF's own letters as they are."""
    said = re.sub(r"\s+", " ", " ".join(line.text for line in lines))
    said = re.sub(r"[\s;:.,_\-–—|`'‘’\"~*^]+$", "", DASH.sub("", said)).lstrip(" ._|~=:")
    if all(word.certainty == 1 for line in lines for word in line.words):
        return said
    said = _as_usual(said)
    if said.startswith("Lưu"):
        said = re.sub(r"^Lưu[\s:;.,]*", "Lưu: ", said)
        return re.sub(r"[;.,\s]*[;.,]\s*(?=\w)|(?<=: VT)\s+(?=\w)", ", ", said)
    return said


def _as_usual(said: str) -> str:
    """With what stands in nearly every list as it is meant, whatever small print made of it."""
    said = " ".join(_without_inner_stop(part) for part in said.split(" "))
    said = _COPY.sub(lambda found: f"({found[1] or 'b'}/c)", said)
    said = re.sub(r"^L[ưu]u\b", "Lưu", _FILED.sub("Lưu: VT", said))
    return mended(usual.receiver(said))


def _without_inner_stop(part: str) -> str:
    """"Các.phòng": dust between two words; names of sites and abbreviations keep their stops."""
    before, stop, after = part.partition(".")
    inner = stop and before[-1:].islower() and after[:1].islower() and "." not in after and "@" not in part
    return f"{before} {after}" if inner else part


def confirmed_entries(entries: list[list[Line]], look: Look) -> tuple[list[list[Line]], bool | None, frozenset[str]]:
    """The entries after a second look at the whole list; whether both readings say the same, None where nothing was
    seen; and all that any reading has, letter for letter."""
    words = [word for entry in entries for line in entry for word in line.words]
    box = around(word.box_mm for word in words)
    again, agree = agreed_words(words, box, look, _as_usual)
    told = iter(again)
    heard = frozenset(token for said in (words, look(box)) for word in said for token in _TOKEN.findall(word.text))
    return [[Line(tuple(next(told) for _ in line.words)) for line in entry] for entry in entries], agree, heard


def certainty_of_list(said: Sequence[str], words: Sequence[Word], agree: bool | None,
                      heard: frozenset[str] = frozenset()) -> float:
    """How surely the list was read. agree: whether a second reading said the same, None where there was none; heard:
    all that any reading has. What is in none was put right, and is doubted."""
    certain = certainty_of(words)
    if certain == 1:
        return certain              # a PDF's own letters
    doubtful = sum(doubtful_words(name) for name in said)
    certain *= (1 - SLIP_PER_WORD / (3 if agree else 1)) ** doubtful
    if agree:
        certain = 1 - (1 - certain) * 0.5
    invented = agree is not None and not heard.issuperset(token for name in said for token in _TOKEN.findall(name))
    shaky = any(is_shaky(name, agreed=bool(agree)) or may_have_lost_strokes(name) for name in said)
    if invented or shaky or agree is False:
        certain = min(certain, DISPUTED)
    return certain
