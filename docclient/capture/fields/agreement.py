"""Two readings of the same words held against each other: what both say is surer, what they dispute is doubted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docclient.capture.fields.model import Box, Field
from docclient.capture.page_text import Word

Look = Callable[[Box], Sequence[Word]]
"""A second look: the words within a box of the page, read again by themselves, in reading order."""

DISPUTED = 0.7
"""More certainty than this is not claimed where two readings differ."""

SLIP_PER_WORD = 0.007
"""Share of words the reader gets wrong without noticing, as measured on worn pages: long texts are seldom perfect."""


def confirmed(field: Field, words: Sequence[Word], look: Look | None, tidy: Callable[[str], str]) -> Field:
    """The field after a second look at its words; `tidy` makes a reading comparable and is applied to the result.

    Where both readings have as many words, each disputed word is taken from the reading that was surer of it.
    """
    if field.value is None or field.box_mm is None or not isinstance(field.value, str):
        return field
    if all(word.certainty == 1 for word in words):      # a PDF's own letters, not read
        return field
    alone = field.certainty * (1 - SLIP_PER_WORD) ** len(words)
    again = [word for word in look(field.box_mm) if _has_letters(word)] if look else []
    if not again:
        return Field(field.value, alone, field.page, field.box_mm, field.alternatives)
    first = [word for word in words if _has_letters(word)]
    second_text = tidy(" ".join(word.text for word in again))
    if _same(field.value, second_text):
        sure = 1 - (1 - field.certainty) * 0.5
        return Field(field.value, sure * (1 - SLIP_PER_WORD / 3) ** len(words), field.page, field.box_mm,
                     field.alternatives)
    value = field.value
    if len(again) == len(first):
        surer = iter([one if one.certainty >= other.certainty else other
                      for one, other in zip(first, again, strict=True)])
        value = tidy(" ".join(next(surer).text if _has_letters(word) else word.text for word in words))
    others = tuple(dict.fromkeys(text for text in (field.value, second_text, *field.alternatives) if text != value))
    return Field(value, min(alone, DISPUTED), field.page, field.box_mm, others)


def _has_letters(word: Word) -> bool:
    return any(letter.isalnum() for letter in word.text)


def _same(one: str, other: str) -> bool:
    return one.replace(" ", "") == other.replace(" ", "")
