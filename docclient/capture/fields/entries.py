"""Lists of bodies, an entry a dash: those a letter is for (box 9a), those who receive it (box 9b)."""

from __future__ import annotations

from collections.abc import Sequence

from docclient.capture.fields.agreement import DISPUTED, SLIP_PER_WORD, Look, agreed_words
from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.phrases import doubtful_words, mended
from docclient.capture.fields.shaky import is_shaky
from docclient.capture.page_text import Word


def confirmed_entries(entries: list[list[Line]], look: Look) -> tuple[list[list[Line]], bool]:
    """The entries after a second look at the whole list, and whether both readings say the same."""
    words = [word for entry in entries for line in entry for word in line.words]
    again, agree = agreed_words(words, around(word.box_mm for word in words), look, mended)
    told = iter(again)
    return [[Line(tuple(next(told) for _ in line.words)) for line in entry] for entry in entries], agree


def certainty_of_list(said: Sequence[str], words: Sequence[Word], agree: bool | None) -> float:
    """How surely the list was read. agree: whether a second reading said the same, None where there was none."""
    certain = certainty_of(words)
    if certain == 1:
        return certain              # a PDF's own letters
    doubtful = sum(doubtful_words(name) for name in said)
    certain *= (1 - SLIP_PER_WORD / (3 if agree else 1)) ** doubtful
    if agree:
        certain = 1 - (1 - certain) * 0.5
    if agree is False or any(is_shaky(name, agreed=bool(agree)) for name in said):
        certain = min(certain, DISPUTED)
    return certain
