"""How well a document fits a search line, and where in it the words stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping

from docclient.office.search import Asked, Phrase, plain, words_of

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


def snippet_of(row: Mapping[str, Any], asked: Asked) -> Snippet | None:
    """Where the words stand: in the fields, if every one does, else in the files' text. None: no place was found."""
    return snippet_in_fields(row, asked) or snippet_in(row["words"][:LOOKED_THROUGH], asked, in_file=True) \
        or snippet_in(fields_of(row), asked, in_file=False)


def snippet_in_fields(row: Mapping[str, Any], asked: Asked) -> Snippet | None:
    """Where every one of the words stands in the fields; None where one does not."""
    fields = fields_of(row)
    letters = spelled(fields)
    if not all(places_of(letters, each) for each in asked.wanted):
        return None
    return cut_out(fields, letters, asked, in_file=False)


def fields_of(row: Mapping[str, Any]) -> str:
    return "\n".join(row[name] for name in ("head", "issuer", "rest") if row[name])


def snippet_in(text: str, asked: Asked, *, in_file: bool) -> Snippet | None:
    return cut_out(text, spelled(text), asked, in_file=in_file)


def cut_out(text: str, letters: str, asked: Asked, *, in_file: bool) -> Snippet | None:
    """letters: `text` as `spelled` has it."""
    first = min((places[0] for each in asked.wanted if (places := places_of(letters, each, most=1))), default=None)
    if first is None:
        return None
    start, end = max(0, first[0] - AROUND), min(len(text), first[1] + AROUND)
    while start > 0 and text[start - 1].isalnum() and start > first[0] - AROUND - 12:
        start -= 1
    while end < len(text) and text[end].isalnum() and end < first[1] + AROUND + 12:
        end += 1
    piece = letters[start:end]
    places = sorted({place for each in asked.wanted for place in places_of(piece, each, most=12)})
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


def places_of(letters: str, phrase: Phrase, most: int = 1) -> list[tuple[int, int]]:
    """Where the phrase's words stand next to each other, whatever parts them. Only the first few."""
    found: list[tuple[int, int]] = []
    at = 0
    while len(found) < most and (at := letters.find(phrase.words[0], at)) >= 0:
        end = end_of(letters, at, phrase)
        if end is not None and (at == 0 or letters[at - 1] == " "):
            found.append((at, end))
            at = end
        else:
            at += 1
    return found


def end_of(letters: str, at: int, phrase: Phrase) -> int | None:
    for place, word in enumerate(phrase.words):
        while place and at < len(letters) and letters[at] == " ":
            at += 1
        if not letters.startswith(word, at):
            return None
        at += len(word)
        last = place == len(phrase.words) - 1
        if at < len(letters) and letters[at] != " ":
            if not (last and phrase.prefix):
                return None
            while at < len(letters) and letters[at] != " ":
                at += 1
    return at


def without_overlap(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for place in places:
        if not kept or place[0] >= kept[-1][1]:
            kept.append(place)
    return kept
