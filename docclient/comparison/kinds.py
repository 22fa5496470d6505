"""What a changed word is: a number, a date, an amount, a name; by itself and by the words around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docclient.comparison.model import ChangeKind
from docclient.comparison.stream import Token

_DATE = re.compile(r"ngày\s+\S+\s+tháng\s+\S+(\s+năm\s+\S+)?|tháng\s+\d+\s+năm\s+\d{4}|\b\d{1,2}[/-]\d{1,2}[/-]\d{4}",
                   re.IGNORECASE)
_AMOUNT = re.compile(r"\d[\d.,]*\s*(đồng|triệu|tỷ|nghìn|ngàn|%|VNĐ|VND|USD|đ\b)|\d[\d.,]*%", re.IGNORECASE)
_NAME = re.compile(r"(?:(?:ông|bà|đồng chí|Ông|Bà|Đồng chí)\s+)?[A-ZĐÀ-Ỹ][a-zà-ỹđ]*(?:\s+[A-ZĐÀ-Ỹ][a-zà-ỹđ]*){1,5}")
REACH = 6
"""So many words before and after are looked at."""


def kind_of(tokens: Sequence[Token], begin: int, end: int, recipients: set[int]) -> ChangeKind:
    """Of the words `begin` to before `end`. recipients: which tokens stand in the list of recipients."""
    inside = tokens[begin:end]
    if any(token.in_table for token in inside):
        return ChangeKind.TABLE
    if any(id(token) in recipients for token in inside):
        return ChangeKind.RECIPIENTS
    for pattern, kind in ((_DATE, ChangeKind.DATE), (_AMOUNT, ChangeKind.AMOUNT)):
        if _falls_in(pattern, tokens, begin, end):
            return kind
    if any(any(c.isdigit() for c in token.text) for token in inside):
        return ChangeKind.NUMBER
    if all(token.text[:1].isupper() and not token.text.isupper() for token in inside) and \
            _falls_in(_NAME, tokens, begin, end):
        return ChangeKind.NAME
    return ChangeKind.WORDS


def _falls_in(pattern: re.Pattern[str], tokens: Sequence[Token], begin: int, end: int) -> bool:
    """The changed words are part of a match, or hold one."""
    first = max(begin - REACH, 0)
    text, spans = "", []
    for token in tokens[first:end + REACH]:
        spans.append((len(text), len(text) + len(token.text)))
        text += token.text + " "
    start, stop = spans[begin - first][0], spans[end - first - 1][1]
    return any((found.start() <= start and stop <= found.end() + 1) or (start <= found.start() and found.end() <= stop)
               for found in pattern.finditer(text))


NARROWEST = (ChangeKind.TABLE, ChangeKind.RECIPIENTS, ChangeKind.AMOUNT, ChangeKind.DATE, ChangeKind.NUMBER,
             ChangeKind.NAME, ChangeKind.WORDS)


def of_both(kinds: Sequence[ChangeKind]) -> ChangeKind:
    """Of a replacement: what either side says, the narrower first."""
    return next(kind for kind in NARROWEST if kind in kinds)
