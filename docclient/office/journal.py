"""The journal's chain: how an entry is hashed, and what kind of lie a broken chain tells.

hash(n) = SHA-256 of the canonical JSON of [n, previous hash, time, actor, actor's name, command, document, fields,
effect], each exactly the text that is stored. The head (number and hash of the last entry) is stored apart, so a cut
tail shows; printed on registers, it shows even where both were changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

FIRST = "0" * 64     # the "previous hash" of entry 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the journal, as stored."""

    number: int
    at: str
    actor: str
    actor_name: str
    command: str
    document: str | None
    fields: str
    effect: str
    previous: str
    hash: str

    def sealed(self) -> Entry:
        """This entry with the hash its content calls for."""
        return replace(self, hash=self.expected_hash())

    def expected_hash(self) -> str:
        content = [self.number, self.previous, self.at, self.actor, self.actor_name, self.command, self.document,
                   self.fields, self.effect]
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    def holds(self) -> bool:
        return self.hash == self.expected_hash()


@dataclass(frozen=True, slots=True)
class Head:
    number: int
    hash: str


class Lie(StrEnum):
    """The kinds of finding that `office check` names."""

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
    """where: the place (`journal entry 12`, `register 2026 …`); detail: facts, never document text."""

    kind: Lie
    where: str
    detail: str


def canonical(value: object) -> str:
    """The one text of a JSON value: keys sorted, no spaces, Vietnamese letters as themselves."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_chain(entries: Iterable[Entry], head: Head) -> list[Finding]:
    """What is wrong with the chain, first place first. `entries` in order of their numbers.

    A whole chain gives an empty list. Each broken place is named once, with the kind of change that explains it.
    """
    findings: list[Finding] = []
    broken: list[Entry] = []
    expected, previous = 1, FIRST
    last: Entry | None = None
    shifted = 0                     # by how much the numbers were moved by an insertion or deletion before
    for entry, following in with_next(entries):
        last = entry
        if entry.number > expected:
            findings.append(missing(expected, entry.number - 1))
        if entry.number + min(shifted, 0) > head.number:
            findings.append(found(Lie.INSERTED, entry.number, "it lies beyond the recorded head"))
        elif not holds_when_moved(entry, shifted):
            shift = next((by for by in (-1, 1) if moved_together(entry, following, shifted + by)), 0)
            if shift:
                # the entry put in was itself seen as broken just before: it is the insertion, named once
                at = entry.number - 1 if shift < 0 else entry.number
                broken = [each for each in broken if each.number != at]
                findings.append(found(Lie.INSERTED if shift < 0 else Lie.DELETED, at,
                                      "the entries after it were renumbered"))
                shifted += shift
            else:
                broken.append(entry)
        elif entry.previous != previous and entry.number == expected and not broken:
            findings.append(found(Lie.EDITED, entry.number - 1, "the entry after it links to another content"))
        expected, previous = entry.number + 1, entry.hash
    findings += explain(broken)
    findings += check_tail(last, head, shifted)
    return sorted(findings, key=place_of)


def with_next(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Each entry with the one after it."""
    rest = iter(entries)
    entry = next(rest, None)
    while entry is not None:
        following = next(rest, None)
        yield entry, following
        entry = following


def moved_together(entry: Entry, following: Entry | None, by: int) -> bool:
    """Were this entry and the next renumbered alike? (Two neighbours that changed places were not.)"""
    return holds_when_moved(entry, by) and (following is None or holds_when_moved(following, by))


def holds_when_moved(entry: Entry, by: int) -> bool:
    """Does the entry hold once its number is put back by `by` (0: as it stands)?"""
    return replace(entry, number=entry.number + by).holds()


def explain(broken: Sequence[Entry]) -> list[Finding]:
    """Entries whose content and hash disagree: exchanged with one another, or edited."""
    findings: list[Finding] = []
    settled: set[int] = set()
    for index, one in enumerate(broken):
        for other in broken[index + 1:]:
            if other.number not in settled and one.number not in settled and exchanged(one, other):
                settled |= {one.number, other.number}
                findings.append(found(Lie.REORDERED, one.number, f"exchanged with entry {other.number}"))
                findings.append(found(Lie.REORDERED, other.number, f"exchanged with entry {one.number}"))
    findings += [found(Lie.EDITED, entry.number, "its content does not match its hash")
                 for entry in broken if entry.number not in settled]
    return findings


def exchanged(one: Entry, other: Entry) -> bool:
    """Were two rows swapped: whole, or their content under the old links?"""
    whole = replace(one, number=other.number).holds() and replace(other, number=one.number).holds()
    content = (replace(other, number=one.number, previous=one.previous, hash=one.hash).holds()
               and replace(one, number=other.number, previous=other.previous, hash=other.hash).holds())
    return whole or content


def check_tail(last: Entry | None, head: Head, shifted: int) -> list[Finding]:
    number = last.number + max(shifted, 0) if last is not None else 0
    if number < head.number:
        count = head.number - number
        return [Finding(Lie.CUT, f"journal entry {number + 1}",
                        f"{count} entries are missing at the end: the head says {head.number}")]
    if last is not None and last.number == head.number and shifted == 0 and last.hash != head.hash and last.holds():
        return [found(Lie.EDITED, last.number, "it is not the entry that the recorded head names")]
    return []


def missing(first: int, last: int) -> Finding:
    where = f"journal entry {first}" if first == last else f"journal entries {first} to {last}"
    return Finding(Lie.DELETED, where, "no row has this number")


def found(kind: Lie, number: int, detail: str) -> Finding:
    return Finding(kind, f"journal entry {number}", detail)


def place_of(finding: Finding) -> int:
    digits = [word for word in finding.where.split() if word.isdigit()]
    return int(digits[0]) if digits else 0
