"""What the office knows of its senders, from mail it registered: names and how this sender's were misread before.

Only names of bodies, people, positions and places are compared. A number, a symbol or a date is never changed and never
made surer or less sure by what is known: the one on this page is new. Of a subject only those words are put right that
a person put right before on this sender's letters, and it is never shown as certain then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from docclient.capture.fields.model import Field, Fields, fields
from docclient.capture.fields.slips import likeness, plain

NAMES_KNOWN = ("organ_name", "issued_place", "signer_name", "signer_position")
"""Fields that may be compared with what is known; never code_number, code_notation, issued_date."""

ALIKE = 0.9
"""From here on a name read is taken for the known one, if it is the only one so alike."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What is known of one sender: values of its fields as people confirmed them, how often; what was read where a
    person then wrote something else: (field, read) → confirmed; words of its text as they were misread → as a person
    put them right, letters and capitals exactly."""

    name: str
    values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    corrections: Mapping[tuple[str, str], str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """Senders by their plain name (no marks, lower case); names: of further bodies, of the directory."""

    senders: Mapping[str, Sender] = field(default_factory=lambda: MappingProxyType({}))
    names: frozenset[str] = frozenset()

    def sender(self, name: str) -> Sender | None:
        return self.senders.get(plain(name))


NOTHING_KNOWN = Known()


def with_known(found: Fields, known: Known) -> Fields:
    """The fields with names compared: the issuer first, then what is known of that issuer."""
    if not known.senders and not known.names:
        return found
    changed = dict(found)
    organ = changed["organ_name"] = _organ(found["organ_name"], known)
    sender = known.sender(organ.value) if isinstance(organ.value, str) else None
    if sender is not None:
        for name in NAMES_KNOWN[1:]:
            changed[name] = _compared(name, found[name], sender)
        changed["subject"] = _put_right(found["subject"], sender)
    return fields(**changed)


def _organ(read: Field, known: Known) -> Field:
    if not isinstance(read.value, str):
        return read
    for sender in known.senders.values():           # somebody corrected this very reading before
        confirmed = sender.corrections.get(("organ_name", plain(read.value)))
        if confirmed is not None:
            return _taken(read, confirmed, 0.9)
    candidates = {sender.name for sender in known.senders.values()} | known.names
    return _nearest(read, candidates)


def _compared(name: str, read: Field, sender: Sender) -> Field:
    if not isinstance(read.value, str):
        return read
    confirmed = sender.corrections.get((name, plain(read.value)))
    if confirmed is not None:
        return _taken(read, confirmed, 0.9)
    return _nearest(read, set(sender.values.get(name, {})))


def _put_right(read: Field, sender: Sender) -> Field:
    """The subject with words put right that this sender's letters were misread with before; no other is compared, for
    each subject is new. Signs around a word stay."""
    if not isinstance(read.value, str) or not sender.words:
        return read
    value = re.sub(r"[^\W\d_]+", lambda word: sender.words.get(word[0], word[0]), read.value)
    return replace(read, value=value, certainty=min(read.certainty, 0.9),
                   alternatives=tuple(dict.fromkeys((read.value, *read.alternatives)))) if value != read.value else read


def _nearest(read: Field, candidates: set[str]) -> Field:
    """The known name so alike that it is meant; the reading as it was where there is none, or more than one."""
    assert isinstance(read.value, str)
    same = [name for name in candidates if name.upper() == read.value.upper()]
    if same:
        return replace(read, certainty=1 - (1 - read.certainty) * 0.3)
    alike = [name for name in candidates if likeness(name, read.value) >= ALIKE]
    if len(alike) != 1:
        return read
    # two communes may differ in one letter: the closer the surer, never surer than the confirmed spelling is alike
    return _taken(read, alike[0], likeness(alike[0], read.value) * 0.95)


def _taken(read: Field, confirmed: str, sure: float) -> Field:
    """`confirmed` in the place of what was read, in the case it was printed in."""
    assert isinstance(read.value, str)
    value = confirmed.upper() if read.value.isupper() else confirmed
    if value == read.value:
        return read
    return replace(read, value=value, certainty=sure,
                   alternatives=tuple(dict.fromkeys((read.value, *read.alternatives))))
