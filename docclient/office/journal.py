"""The journal's entries: how one is written as text and hashed. What a broken chain tells: `chain.py`.

hash(n) = SHA-256 of the canonical JSON of [n, previous hash, time, actor, actor's name, command, document, fields,
effect], each exactly the text that is stored. The head (number and hash of the last entry) is stored apart, so a cut
tail shows; printed on registers, it shows even where both were changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

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


def canonical(value: object) -> str:
    """The one text of a JSON value: keys sorted, no spaces, Vietnamese letters as themselves."""
    return _encoder.encode(value)


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
"""Made once: several documents are written with each entry."""
