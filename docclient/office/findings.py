"""What `office check` finds: which place lies, what kind of lie it is, and how it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from docclient.words import Phrase, has_words


class Lie(StrEnum):
    """The kinds of finding; words `finding.<value>`."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"
    BLOB_MISSING = "blob_missing"
    BLOB_CHANGED = "blob_changed"
    NUMBER_GAP = "number_gap"
    NUMBER_DOUBLED = "number_doubled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """where: the place as programs read it (`journal entry 12`, `document …`). place: the same in words. why: how it
    shows, in words; facts only, never a document's text."""

    kind: Lie
    where: str
    place: Phrase
    why: Phrase

    @property
    def detail(self) -> str:
        return str(self.why)


def entry_lies(kind: Lie, number: int, why: str, /, **facts: object) -> Finding:
    return Finding(kind, f"journal entry {number}", Phrase("checked.entry", {"number": number}), lie(why, facts))


def entries_lie(kind: Lie, first: int, last: int, why: str, /, **facts: object) -> Finding:
    if first == last:
        return entry_lies(kind, first, why, **facts)
    return Finding(kind, f"journal entries {first} to {last}",
                   Phrase("checked.entries", {"first": first, "last": last}), lie(why, facts))


def head_lies(kind: Lie, why: str, /, **facts: object) -> Finding:
    return Finding(kind, "journal head", Phrase("checked.head"), lie(why, facts))


def document_lies(kind: Lie, document: str, why: str, /, **facts: object) -> Finding:
    return Finding(kind, f"document {document}", Phrase("checked.document", {"id": document}), lie(why, facts))


def file_lies(kind: Lie, digest: str, why: str, /, **facts: object) -> Finding:
    return Finding(kind, f"file {digest}", Phrase("checked.file", {"digest": digest}), lie(why, facts))


def register_lies(kind: Lie, register: str, why: str, /, **facts: object) -> Finding:
    return Finding(kind, f"register {register}", Phrase("checked.register", {"register": register}), lie(why, facts))


def row_lies(kind: Lie, table: str, key: str, why: str, /, **facts: object) -> Finding:
    """A row of the office's own tables: a person, a post, a setting, …"""
    named: object = Phrase(f"checked_table.{table}") if has_words(f"checked_table.{table}") else table
    return Finding(kind, f"{table} {key}", Phrase("checked.row", {"table": named, "key": key}), lie(why, facts))


def stamp_lies(kind: Lie, number: int, why: str, /, **facts: object) -> Finding:
    return Finding(kind, f"stamp of journal entry {number}", Phrase("checked.stamp", {"number": number}),
                   lie(why, facts))


def lie(why: str, facts: dict[str, object]) -> Phrase:
    return Phrase(f"lie.{why}", facts)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of each run without gap."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
