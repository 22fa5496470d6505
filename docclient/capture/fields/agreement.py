"""Two readings of the same words held against each other: what both say is surer, what they dispute is doubted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from docclient.capture.fields.model import Box, Field
from docclient.capture.page_text import Word

Look = Callable[[Box], Sequence[Word]]
"""A second look: the words within a box of the page, read again by themselves, in reading order."""

DISPUTED = 0.7
"""More certainty than this is not claimed where two readings differ."""

OUTVOTED = 0.8
"""... and this, where a third agrees with one of them in every word."""

WIDER_MM = 0.9

SLIP_PER_WORD = 0.007
"""Share of words the reader gets wrong without noticing, as measured on worn pages: long texts are seldom perfect."""


def confirmed(field: Field, words: Sequence[Word], look: Look | None, tidy: Callable[[str], str]) -> Field:
    """The field after a second look at its words; `tidy` makes a reading comparable and is applied to the result.

    Where they differ a third is asked; each disputed word is taken as two have it, else from the one surest of it.
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
    third = [word for word in look(_wider(field.box_mm)) if _has_letters(word)] if look else []
    value, settled = _outvoted(field.value, words, [first, again, third], tidy)
    others = tuple(dict.fromkeys(text for text in (field.value, second_text, *field.alternatives) if text != value))
    return Field(value, min(alone, OUTVOTED if settled else DISPUTED), field.page, field.box_mm, others)


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


def agreed_words(words: Sequence[Word], box: Box, look: Look) -> tuple[list[Word], bool]:
    """The words after a second look at their box: where both readings have as many, each as the surer has it; and
    whether both say the same."""
    again = [word for word in look(box) if _has_letters(word)]
    first = [word for word in words if _has_letters(word)]
    if _same("".join(word.text for word in first), "".join(word.text for word in again)):
        return list(words), True
    if len(again) != len(first):
        return list(words), False
    surer = iter([one if one.certainty >= other.certainty else replace(one, text=other.text)
                  for one, other in zip(first, again, strict=True)])
    return [next(surer) if _has_letters(word) else word for word in words], False


def _wider(box: Box) -> Box:
    """A little larger: the reader then sees the same letters otherwise placed, which is as good as a third reader."""
    return max(0.0, box[0] - WIDER_MM), max(0.0, box[1] - WIDER_MM / 2), box[2] + WIDER_MM, box[3] + WIDER_MM / 2


def _has_letters(word: Word) -> bool:
    return any(letter.isalnum() for letter in word.text)


def _same(one: str, other: str) -> bool:
    return one.replace(" ", "") == other.replace(" ", "")
