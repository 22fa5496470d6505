"""Two readings of the same words held against each other: what both say is surer, what they dispute is doubted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from enum import Enum
from typing import Protocol

from docclient.capture.fields.model import Box, Field
from docclient.capture.fields.numerals import is_like_numeral, is_numeral
from docclient.capture.page_text import Word


class Eyes(Enum):
    """Who looks again: OTHER than those that read the page (other data, other mistakes), or the SAME from nearby; among
    strokes of pens and seals, where no lines of text are to be expected, both again."""

    OTHER = "other"
    SAME = "same"
    OTHER_AMONG_STROKES = "other among strokes"
    SAME_AMONG_STROKES = "same among strokes"


class Look(Protocol):
    """A further look: the words within a box of the page, read again by themselves, in reading order."""

    def __call__(self, box: Box, eyes: Eyes = Eyes.OTHER, /) -> Sequence[Word]: ...

DISPUTED = 0.7
"""More certainty than this is not claimed where two readings differ."""

OUTVOTED = 0.8
"""... and this, where a third agrees with one of them in every word. Neither is ever shown as sure (`calibration`)."""

OUTVOTED_AND_VOUCHED = 0.85
"""... and this, where the words of the two besides stand in everyday pairs, and those of the one do not."""

SLIP_PER_WORD = 0.007
"""Share of words the reader gets wrong without noticing, as measured on worn pages: long texts are seldom perfect."""


_TOKEN = re.compile(r"\w+")


def confirmed(field: Field, words: Sequence[Word], look: Look | None, tidy: Callable[[str], str],
              doubtful: Callable[[str], int] | None = None, plainly: Callable[[str], str] | None = None) -> Field:
    """The field after a second look at its words; `tidy` makes a reading comparable and is applied to the result.

    Where they differ a third is asked; each disputed word is taken as two have it, else from the one surest of it.
    doubtful: how many words of a reading may hide a slip; all of them where it is not given.
    plainly: a reading as it is without being mended. What is mended, and was read so by nobody, is doubted.
    """
    if field.value is None or field.box_mm is None or not isinstance(field.value, str):
        return field
    if all(word.certainty == 1 for word in words):      # a PDF's own letters, not read
        return field
    count = len(words) if doubtful is None else doubtful(field.value)
    alone = field.certainty * (1 - SLIP_PER_WORD) ** count
    again = [word for word in look(field.box_mm) if _has_letters(word)] if look else []
    if not again:
        return Field(field.value, alone, field.page, field.box_mm, field.alternatives)
    first = [word for word in words if _has_letters(word)]
    second_text = tidy(" ".join(word.text for word in again))
    if _same(field.value, second_text):
        sure = (1 - (1 - field.certainty) * 0.5) * (1 - SLIP_PER_WORD / 3) ** count
        heard = [plainly(" ".join(word.text for word in said)) for said in (words, again)] if plainly else [field.value]
        if any(_same(field.value, said) for said in heard):
            return Field(field.value, sure, field.page, field.box_mm, field.alternatives)
        return Field(field.value, min(sure, DISPUTED), field.page, field.box_mm,
                     tuple(dict.fromkeys((*heard, *field.alternatives))))
    third = [word for word in look(field.box_mm, Eyes.SAME) if _has_letters(word)] if look else []
    value, settled = _outvoted(field.value, words, [first, again, third], tidy)
    others = tuple(dict.fromkeys(text for text in (field.value, second_text, *field.alternatives) if text != value))
    most = OUTVOTED if settled else DISPUTED
    if settled and doubtful is not None and all(doubtful(value) < doubtful(other) for other in others):
        most = OUTVOTED_AND_VOUCHED
    return Field(value, min(alone, most), field.page, field.box_mm, others)


def _outvoted(value: str, words: Sequence[Word], readings: list[list[Word]],
              tidy: Callable[[str], str]) -> tuple[str, bool]:
    """The text word by word as two of three readings have it, else as the surest of them; and whether two agreed on
    each. Readings with more or fewer words are asked as a whole."""
    comparable = [reading for reading in readings if len(reading) == len(readings[0])]
    if len(comparable) > 1:
        said, settled = [], True
        for same_place in zip(*comparable, strict=True):
            texts = [word.text for word in same_place]
            most = max(texts, key=texts.count)
            if texts.count(most) < 2:
                most, settled = max(same_place, key=lambda word: word.certainty).text, False
            said.append(most)
        told = iter(said)
        return tidy(" ".join(next(told) if _has_letters(word) else word.text for word in words)), \
            settled and len(comparable) > 2
    second, third = (tidy(" ".join(word.text for word in reading)) for reading in readings[1:])
    if third and _same(third, value):
        return value, True
    if third and _same(third, second):
        return second, True
    return value, False


def agreed_words(words: Sequence[Word], box: Box, look: Look,
                 tidy: Callable[[str], str] = str) -> tuple[list[Word], bool | None]:
    """The words after a second look at their box, and whether both readings say the same once they are tidied, signs
    aside; None where nothing was seen. Where they differ a third is asked: of readings with as many words each word is
    as two have it, else as the surest has."""
    first = [word for word in words if _has_letters(word)]
    again = [word for word in look(box) if _has_letters(word)]
    if not again:
        return list(words), None
    one, other = (_TOKEN.findall(tidy(" ".join(word.text for word in said))) for said in (first, again))
    if "".join(one) == "".join(other):
        return list(words), True
    third = [word for word in look(box, Eyes.SAME) if _has_letters(word)]
    mine, others, same = ([token for word in said for token in _tokens(word)] for said in (first, again, third))
    opinions = zip(mine, _beside(mine, others), _beside(mine, same), strict=True)
    voted = iter([_voted(token, other, third_time) for token, other, third_time in opinions])
    return [_with_tokens(word, voted) if _has_letters(word) else word for word in words], False


Token = tuple[str, float]
"""Letters and figures that stand together, and how surely they were read."""


def _beside(mine: list[Token], theirs: list[Token]) -> list[Token | None]:
    """For each token of one reading what another has in its place; None where it has more or fewer there."""
    if len(mine) == len(theirs):
        return list(theirs)
    found: list[Token | None] = [None] * len(mine)
    matcher = SequenceMatcher(None, [text for text, _ in mine], [text for text, _ in theirs], autojunk=False)
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        if end - start == other_end - other_start:
            found[start:end] = theirs[other_start:other_end]
    return found


def _tokens(word: Word) -> list[Token]:
    """Without signs: the spaces around those are often lost."""
    return [(token, word.certainty) for token in _TOKEN.findall(word.text)]


def _voted(mine: Token, other: Token | None, same: Token | None) -> str:
    """What two have, else what the surest has; a numeral as the other eyes have it, which lose no strokes."""
    if other is not None and is_numeral(other[0]) and is_like_numeral(mine[0]):
        return other[0]
    said = [token for token in (mine, other, same) if token is not None]
    texts = [text for text, _ in said]
    most = max(texts, key=texts.count)
    return most if texts.count(most) > 1 else max(said, key=lambda token: token[1])[0]


def _with_tokens(word: Word, voted: Iterator[str]) -> Word:
    return replace(word, text=_TOKEN.sub(lambda _: next(voted), word.text))


def _has_letters(word: Word) -> bool:
    return any(letter.isalnum() for letter in word.text)


def _same(one: str, other: str) -> bool:
    return one.replace(" ", "") == other.replace(" ", "")
