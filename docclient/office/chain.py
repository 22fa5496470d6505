"""What a broken journal chain tells: which entries were edited, deleted, inserted, reordered or cut off.

Each entry's hash covers its own number and the hash of the one before, and the head is kept apart. So the true number
of an entry shows even after its row was renumbered, and the chain read backwards from the head says which entries are
the real ones. What is left over, and what is missing, is matched place by place:

* a true entry that stands out of order was reordered;
* a false one where a true one is missing was edited; one too many was inserted;
* a true one that is missing was deleted, or cut off where nothing comes after it.

Whoever writes the whole chain anew, with its head, is found only by what was kept elsewhere: a printed register, a
stamp, what this machine saw at its last check (`known_heads`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from docclient.office.findings import Finding, Lie, entries_lie, entry_lies, head_lies, runs
from docclient.office.journal import FIRST, Entry, Head

TRIALS = 200_000
"""Hashes tried, in all, to find the true numbers of renumbered rows: some seconds."""
COMPARED = 200
"""Edited entries that are held against one another, to see whether they exchanged their content."""
BEGINNING = Head(0, FIRST)


@dataclass(slots=True, eq=False)
class Row:
    """A row of the broken part. claimed: the number it stands under; true: the one its hash holds for."""

    claimed: int
    true: int | None
    previous: str
    hash: str
    entry: Entry | None        # kept only where nothing holds


@dataclass(frozen=True, slots=True)
class ChainResult:
    """last: the last entry that stands in an unbroken chain; read: rows read."""

    findings: list[Finding]
    last: Head
    read: int


def check_chain(entries: Iterable[Entry], head: Head, start: Head = BEGINNING) -> list[Finding]:
    """As `follow_chain`: the findings alone, first place first; a whole chain gives an empty list."""
    return follow_chain(entries, head, start).findings


def follow_chain(entries: Iterable[Entry], head: Head, start: Head = BEGINNING) -> ChainResult:
    """What is wrong with the chain after `start`. `entries` in order of their numbers, those after `start` only."""
    rest = Counted(entries)
    good, before, last = start, start, None
    for entry in rest:
        fits = entry.number == good.number + 1 and entry.previous == good.hash and entry.number <= head.number
        if not fits or not entry.holds():
            kept = [entry] if last is None else [last, entry]
            findings = explain(read_rows([*kept, *rest], before, head), before, head)
            return ChainResult(findings, before, rest.count)
        before, good, last = good, Head(entry.number, entry.hash), entry
    if good.number < head.number:
        return ChainResult([cut(good.number + 1, head)], good, rest.count)
    if good != head:
        if last is None:
            return ChainResult([head_lies(Lie.EDITED, "head_before_start", number=head.number)], good, rest.count)
        return ChainResult([entry_lies(Lie.EDITED, last.number, "not_the_head")], before, rest.count)
    return ChainResult([], good, rest.count)


@dataclass(slots=True)
class Counted:
    entries: Iterable[Entry]
    count: int = 0
    _rest: Iterator[Entry] | None = None

    def __iter__(self) -> Iterator[Entry]:
        if self._rest is None:
            self._rest = iter(self.entries)
        for entry in self._rest:
            self.count += 1
            yield entry


def read_rows(entries: Iterable[Entry], base: Head, head: Head) -> list[Row]:
    """Each row with its true number, as far as it has one."""
    rows: list[Row] = []
    shift, trials = 0, TRIALS                   # by how much the rows before were moved
    for entry in entries:
        likely = dict.fromkeys(entry.number + by for by in (shift, 0, shift + 1, shift - 1))
        true = next((number for number in likely if holds_as(entry, number)), None)
        if true is None:
            anywhere = range(base.number + 1, max(head.number, entry.number) + 2)[:trials]
            trials -= len(anywhere)
            true = next((number for number in anywhere if holds_as(entry, number)), None)
        if true is not None:
            shift = true - entry.number
        rows.append(Row(entry.number, true, entry.previous, entry.hash, entry if true is None else None))
    return rows


def holds_as(entry: Entry, number: int) -> bool:
    """Does the entry's hash hold for this number?"""
    return replace(entry, number=number).holds()


def explain(rows: Sequence[Row], base: Head, head: Head) -> list[Finding]:
    """Findings for the rows after `base`, in order of their places."""
    confirmed, length = confirm(rows, base, head)
    in_place = longest_rise([row for row in rows if id(row) in confirmed])
    exchanged = exchanged_content([row for row in rows if id(row) not in confirmed])
    findings = reordered(rows, confirmed, in_place)
    findings += [entry_lies(Lie.REORDERED, row.claimed, "content_of", number=other) for row, other in exchanged]
    settled = confirmed | {id(row) for row, _ in exchanged}
    present = {row.true for row in rows if id(row) in confirmed} | {row.claimed for row, _ in exchanged}
    edges: list[Row | None] = [*[row for row in rows if id(row) in in_place], None]
    position, after = 0, base.number
    for edge in edges:
        until = length + 1 if edge is None else edge.true or 0
        strangers = []
        while position < len(rows) and rows[position] is not edge:
            if id(rows[position]) not in settled:
                strangers.append(rows[position])
            position += 1
        position += 1
        missing = [number for number in range(after + 1, until) if number not in present]
        findings += explain_gap(strangers, missing, head, length, at_end=edge is None)
        after = until
    moved = next((row for row in rows if row.true != row.claimed), None)
    if not findings and moved is not None:          # all are there, in order, under other numbers
        findings.append(entry_lies(Lie.EDITED, moved.claimed, "belongs_at", number=moved.true))
    return sorted(findings, key=place_of)


def confirm(rows: Sequence[Row], base: Head, head: Head) -> tuple[set[int], int]:
    """The real entries (ids of rows), followed backwards from the head, and the chain's true length."""
    by_number: dict[int, list[Row]] = {}
    for row in rows:
        if row.true is not None:
            by_number.setdefault(row.true, []).append(row)
    named = next((row for row in rows if row.hash == head.hash and row.true is not None), None)
    length = head.number if named is None or named.true is None else named.true
    confirmed: set[int] = set()
    wanted: str | None = head.hash
    for number in sorted((each for each in by_number if base.number < each <= length), reverse=True):
        if wanted is not None and number < length and not any(
                row.true == number + 1 for row in by_number.get(number + 1, ())):
            wanted = None                                # the link to this one was lost with the entry after it
        if number == length and named is None:
            wanted = head.hash if any(row.hash == head.hash for row in by_number[number]) else None
            if wanted is None and number == head.number:
                # an entry under the head's number that is not the one the head names
                wanted = linked(by_number[number], by_number)
                continue
        found = by_number[number]
        pick = found[0] if wanted is None else next((row for row in found if row.hash == wanted), None)
        if wanted is None:
            pick = next((row for row in found if row.claimed == number), found[0])
        if pick is None:
            wanted = linked(found, by_number)
            continue
        confirmed.add(id(pick))
        wanted = pick.previous
    return confirmed, length


def linked(found: Sequence[Row], by_number: dict[int, list[Row]]) -> str | None:
    """The link of a false entry, where it leads to an entry that is there: then only its content was changed."""
    for row in found:
        if row.true is not None and any(each.hash == row.previous for each in by_number.get(row.true - 1, ())):
            return row.previous
    return None


def longest_rise(rows: Sequence[Row]) -> set[int]:
    """Of rows in order of their claimed numbers: the most that also stand in order of their true numbers (ids)."""
    ends: list[int] = []                     # the smallest last true number of a rise of each length
    at: list[int] = []                       # its row
    before: list[int] = []
    for index, row in enumerate(rows):
        true = row.true or 0
        place = bisect_left(ends, true)
        if place == len(ends):
            ends.append(true)
            at.append(index)
        else:
            ends[place], at[place] = true, index
        before.append(at[place - 1] if place else -1)
    found: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        found.add(id(rows[index]))
        index = before[index]
    return found


def reordered(rows: Sequence[Row], confirmed: set[int], in_place: set[int]) -> list[Finding]:
    """Real entries that stand out of order. Of two that changed places both are named."""
    moved = {row.claimed: row for row in rows if id(row) in confirmed and id(row) not in in_place}
    partners = {row.true: row for row in moved.values()}
    moved |= {row.claimed: row for row in rows
              if id(row) in confirmed and row.claimed in partners and row.true == partners[row.claimed].claimed}
    return [entry_lies(Lie.REORDERED, row.claimed, "belongs_at", number=row.true) for row in moved.values()]


def explain_gap(strangers: list[Row], missing: list[int], head: Head, length: int, *, at_end: bool) -> list[Finding]:
    """What stands between two real entries, against what is missing there."""
    findings, lost = [], list(missing)
    edited = [row for row in strangers if row.claimed in lost]
    for row in edited:
        lost.remove(row.claimed)
    spare = [row for row in strangers if row not in edited]
    while spare and lost and any(row.true is None or row.claimed <= length for row in spare):
        edited.append(spare.pop(0))
        lost.pop(0)
    for row in edited:
        why = "content_differs" if row.true is None else "not_the_head" if row.true == length else "sealed_again"
        findings.append(entry_lies(Lie.EDITED, row.claimed, why))
    for row in spare:
        findings.append(entry_lies(Lie.INSERTED, row.claimed,
                                   "beyond_head" if row.claimed > head.number else "not_in_chain"))
    spans = runs(lost)
    if at_end and spans and spans[-1][1] == length:
        findings.append(cut(spans.pop()[0], replace(head, number=length)))
    findings += [entries_lie(Lie.DELETED, first, last, "no_row") for first, last in spans]
    return findings


def exchanged_content(strangers: Sequence[Row]) -> list[tuple[Row, int]]:
    """Rows that exchanged their content under the old numbers, links and hashes, each with the other's number."""
    found: list[tuple[Row, int]] = []
    broken = [row for row in strangers if row.entry is not None][:COMPARED]
    for index, one in enumerate(broken):
        for other in broken[index + 1:]:
            if content_exchanged(one.entry, other.entry) and not any(row in (one, other) for row, _ in found):
                found += [(one, other.claimed), (other, one.claimed)]
    return found


def content_exchanged(one: Entry | None, other: Entry | None) -> bool:
    if one is None or other is None:
        return False
    return (replace(other, number=one.number, previous=one.previous, hash=one.hash).holds()
            and replace(one, number=other.number, previous=other.previous, hash=other.hash).holds())


def cut(first: int, head: Head) -> Finding:
    return entry_lies(Lie.CUT, first, "cut", count=head.number - first + 1, head=head.number)


def place_of(finding: Finding) -> int:
    digits = [word for word in finding.where.split() if word.isdigit()]
    return int(digits[0]) if digits else 0
