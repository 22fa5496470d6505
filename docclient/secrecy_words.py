"""Does a subject, a title or a file's name say of itself that it is secret (records-work: no secret document comes in)?

A mark is a level (Mật, Tối mật, Tuyệt mật) that stands apart from the sentence: alone on a line, in brackets, behind
`Độ mật:`, before the sentence or behind it with a colon or a dash, in capitals before a sentence that is not. Within a
sentence the same letters are words: bảo mật, mật độ, mật khẩu, bí mật nhà nước, `danh mục độ Tối mật`, lấy mật. What is
secret and says so nowhere is not recognised, and neither is `mat` alone without its marks: it is too many words.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

_HIGH = r"(?:tuyệt\s+mật|tối\s+mật|tuyet\s+mat|toi\s+mat)"
_LEVEL = rf"(?:{_HIGH}|mật)"
_LABEL = r"(?:(?:mức\s+)?độ\s+mật|(?:muc\s+)?do\s+mat)"
_OPEN, _CLOSE, _IN = r"[(\[{<]", r"[)\]}>]", r"[^()\[\]{}<>]"
_APART = r"[:;|–—-]"
_LISTED = r"[,;/+&–—-]"

_ALONE = re.compile(rf"[\W_]*{_LEVEL}[\W_]*", re.IGNORECASE)
_BRACKETED = re.compile(rf"{_OPEN}\s*(?:{_LABEL}\s*[:=]?\s*)?{_LEVEL}\s*{_CLOSE}", re.IGNORECASE)
_LISTED_IN_BRACKETS = re.compile(
    rf"{_OPEN}(?:{_IN}{{0,40}}{_LISTED})?\s*({_LEVEL})\s*(?:{_LISTED}{_IN}{{0,40}})?{_CLOSE}", re.IGNORECASE)
_LABELLED = re.compile(rf"(?<!\w){_LABEL}\s*[:=]\s*{_LEVEL}(?!\w)", re.IGNORECASE)
_BEFORE = re.compile(rf"[\W_]*{_LEVEL}(?:\s*[:;|]|\s+[–—-]|_|\.\s|\s*[–—-]\s)", re.IGNORECASE)
_BEFORE_IN_CAPITALS = re.compile(r"[\W_]*(?:TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)\s+(?P<next>\S+)")
_BEHIND = re.compile(rf"(?:{_APART}|_)\s*({_LEVEL})[\W_]*$", re.IGNORECASE)
_MAY_BE = re.compile(r"mật|toi\s+mat|tuyet\s+mat", re.IGNORECASE)


def bears_secrecy_mark(text: str) -> bool:
    """Of a subject or title; each line counts by itself."""
    visible = text if text.isascii() else unicodedata.normalize(
        "NFC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    return _MAY_BE.search(visible) is not None and any(_marked(" ".join(line.split())) for line in visible.splitlines())


def name_bears_secrecy_mark(name: str) -> bool:
    """Of a file's name, its ending aside."""
    return bears_secrecy_mark(PurePath(name).stem)


def _marked(line: str) -> bool:
    if _ALONE.fullmatch(line) or _BRACKETED.search(line) or _LABELLED.search(line) or _BEFORE.match(line):
        return True
    listed = _LISTED_IN_BRACKETS.search(line)
    if listed is not None and not _is_a_word(listed[1]):
        return True
    capitals = _BEFORE_IN_CAPITALS.match(line)
    if capitals is not None and capitals["next"].upper() != capitals["next"]:
        return True
    behind = _BEHIND.search(line)
    return behind is not None and not _is_a_word(behind[1])


def _is_a_word(level: str) -> bool:
    """`mật` in small letters beside others is what bees make."""
    return level == "mật"
