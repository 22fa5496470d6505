"""How well a document fits a search line, and where in it the words stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import RowMapping

from docclient.office.search import Asked, plain, words_of

WORTH = {"head": 8.0, "issuer": 3.0, "rest": 2.0}
"""What a phrase found there counts; found in the files' text alone it counts 1."""

MARKED = 4.0
"""What marks that were typed count where the text has them too: more than the place does."""

AROUND = 70
"""Letters shown before and after the first word found."""

LOOKED_THROUGH = 60_000
"""Letters of a file's text in which a place to show is looked for."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the text, and in it the places (first letter, letter behind the last) of the words asked for.
    in_file: it stands in a file, not in a field."""

    text: str
    marks: tuple[tuple[int, int], ...]
    in_file: bool


def score(row: RowMapping, asked: Asked) -> float:
    """Higher fits better. row: head, issuer, rest of `finding`, and words where marks were typed."""
    fields = {name: f" {' '.join(words_of(row[name]))} " for name in WORTH}
    total = 0.0
    for phrase in asked.wanted:
        sought = f" {' '.join(phrase.words)}"
        worth = max((worth for name, worth in WORTH.items() if sought + " " in fields[name]), default=0.0)
        if not worth:        # only the beginning of a longer word
            worth = 0.6 * max((worth for name, worth in WORTH.items() if phrase.prefix and sought in fields[name]),
                              default=0.0)
        total += worth or 1.0
    if len(asked.wanted) > 1 and f" {' '.join(word for each in asked.wanted for word in each.words)}" in fields["head"]:
        total += WORTH["head"]      # the whole line as it was typed
    if asked.marked:
        there = " ".join(str(row[name]) for name in ("head", "issuer", "rest")).casefold()
        for said in asked.marked:
            if said in there:
                total += MARKED + WORTH["head"]
            elif said in str(row.get("words", "")[:LOOKED_THROUGH]).casefold():
                total += MARKED
    return total


def snippet_of(row: Mapping[Any, Any], sought: Sought) -> Snippet | None:
    """Where the words stand: in the fields, if every one does, else in the files' text. None: no place was found."""
    return snippet_in_fields(row, sought) or snippet_in(row["words"][:LOOKED_THROUGH], sought, in_file=True) \
        or snippet_in(fields_of(row), sought, in_file=False)


def snippet_in_fields(row: Mapping[Any, Any], sought: Sought) -> Snippet | None:
    """Where every one of the words stands in the fields; None where one does not."""
    fields = fields_of(row)
    letters = spelled(fields)
    firsts = [each.search(letters) for each in sought]
    if None in firsts:
        return None
    return cut_out(fields, letters, sought, firsts, in_file=False)


def fields_of(row: Mapping[Any, Any]) -> str:
    return "\n".join([row[name] for name in ("head", "issuer", "rest") if row[name]])


def snippet_in(text: str, sought: Sought, *, in_file: bool) -> Snippet | None:
    letters = spelled(text)
    return cut_out(text, letters, sought, [each.search(letters) for each in sought], in_file=in_file)


def cut_out(text: str, letters: str, sought: Sought, firsts: Iterable[re.Match[str] | None], *,
            in_file: bool) -> Snippet | None:
    """letters: `text` as `spelled` has it. firsts: where each that is sought stands first."""
    first = min([each.span() for each in firsts if each is not None], default=None)
    if first is None:
        return None
    start, end = max(0, first[0] - AROUND), min(len(text), first[1] + AROUND)
    while start > 0 and text[start - 1].isalnum() and start > first[0] - AROUND - 12:
        start -= 1
    while end < len(text) and text[end].isalnum() and end < first[1] + AROUND + 12:
        end += 1
    piece = letters[start:end]
    places = sorted({found.span() for each in sought for found in islice(each.finditer(piece), 12)})
    return Snippet(text[start:end].replace("\n", " "), tuple(without_overlap(places)), in_file)


def spelled(text: str) -> str:
    """Folded letter by letter: as long as `text`, so that places are the same; letters alone, the rest spaces."""
    return text.translate(FOLDED)


class Folding(dict[int, str]):
    """One folded letter for each letter, found once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = plain(unicodedata.normalize("NFC", letter))
        self[code] = (bare[:1] or " ") if letter.isalnum() else " "
        return self[code]


FOLDED = Folding()


Sought = Sequence[re.Pattern[str]]
"""For each phrase asked for, what finds it in texts as `spelled` has them: its words next to each other, whatever parts
them."""


def sought_by(asked: Asked) -> Sought:
    return tuple(re.compile(f"(?<![^ ]){' +'.join(map(re.escape, each.words))}{'[^ ]*' if each.prefix else '(?![^ ])'}")
                 for each in asked.wanted)


def without_overlap(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for place in places:
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept
