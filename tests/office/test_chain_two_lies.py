"""Two changes at once, of any kinds, far enough apart to be two: each is named, at its place, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from docclient.office.chain import check_chain, follow_chain
from docclient.office.findings import Lie
from docclient.office.journal import Entry, Head
from tests.office.test_journal import chain

LENGTH = 40
Told = tuple[Lie, str]


def edit(entries: list[Entry], at: int) -> list[Told]:
    entries[at - 1] = replace(entries[at - 1], actor_name="Ai khác")
    return [(Lie.EDITED, f"journal entry {at}")]


def edit_and_seal(entries: list[Entry], at: int) -> list[Told]:
    entries[at - 1] = replace(entries[at - 1], actor_name="Ai khác").sealed()
    return [(Lie.EDITED, f"journal entry {at}")]


def delete(entries: list[Entry], at: int) -> list[Told]:
    entries[at - 1] = replace(entries[at - 1], number=-1)      # taken out below
    return [(Lie.DELETED, f"journal entry {at}")]


def swap(entries: list[Entry], at: int) -> list[Told]:
    entries[at - 1], entries[at] = replace(entries[at], number=at), replace(entries[at - 1], number=at + 1)
    return [(Lie.REORDERED, f"journal entry {at}"), (Lie.REORDERED, f"journal entry {at + 1}")]


def swap_content(entries: list[Entry], at: int) -> list[Told]:
    one, other = entries[at - 1], entries[at]
    entries[at - 1] = replace(other, number=one.number, previous=one.previous, hash=one.hash)
    entries[at] = replace(one, number=other.number, previous=other.previous, hash=other.hash)
    return [(Lie.REORDERED, f"journal entry {at}"), (Lie.REORDERED, f"journal entry {at + 1}")]


def told(entries: list[Entry], head: Head) -> list[Told]:
    return sorted((each.kind, each.where) for each in check_chain(entries, head))


SAME_PLACES = st.sampled_from([edit, edit_and_seal, delete, swap, swap_content])


@settings(max_examples=100)
@given(SAME_PLACES, SAME_PLACES, st.integers(2, 15), st.integers(20, LENGTH - 3))
def test_two_where_nothing_was_renumbered(first, second, early, late):
    entries, head = chain(LENGTH)
    expected = [*first(entries, early), *second(entries, late)]
    entries = [each for each in entries if each.number > 0]
    assert told(entries, head) == sorted(expected)


@settings(max_examples=60)
@given(SAME_PLACES, st.integers(2, 15), st.integers(1, 8))
def test_a_change_and_a_cut_tail(change, at, count):
    entries, head = chain(LENGTH)
    expected = change(entries, at)
    entries = [each for each in entries if each.number > 0][:-count]
    assert told(entries, head) == sorted([*expected, (Lie.CUT, f"journal entry {LENGTH - count + 1}")])


@settings(max_examples=60)
@given(SAME_PLACES, st.integers(2, 15), st.integers(20, 36), st.booleans())
def test_a_change_and_an_insertion_with_everything_after_it_renumbered(change, at, place, sealed):
    entries, head = chain(LENGTH)
    expected = change(entries, at)
    forged = replace(entries[place - 1], actor_name="Ai khác", number=place + 1)
    forged = forged.sealed() if sealed else forged
    entries = [*entries[:place], forged, *(replace(each, number=each.number + 1) for each in entries[place:])]
    entries = [each for each in entries if each.number > 0]
    assert told(entries, Head(LENGTH + 1, head.hash)) == sorted(
        [*expected, (Lie.INSERTED, f"journal entry {place + 1}")])


@settings(max_examples=60)
@given(SAME_PLACES, st.integers(2, 15), st.integers(20, 36))
def test_a_change_and_a_deletion_with_everything_after_it_renumbered(change, at, place):
    entries, head = chain(LENGTH)
    expected = change(entries, at)
    entries = [*entries[:place - 1], *(replace(each, number=each.number - 1) for each in entries[place:])]
    entries = [each for each in entries if each.number > 0]
    assert told(entries, Head(LENGTH - 1, head.hash)) == sorted([*expected, (Lie.DELETED, f"journal entry {place}")])


@settings(max_examples=60)
@given(st.lists(st.integers(1, LENGTH), min_size=1, max_size=6, unique=True))
def test_any_deleted_rows(places):
    entries, head = chain(LENGTH)
    left = [each for each in entries if each.number not in places]
    gone = set()
    for finding in check_chain(left, head):
        assert finding.kind in {Lie.DELETED, Lie.CUT}
        digits = [int(word) for word in finding.where.split() if word.isdigit()]
        gone |= set(range(digits[0], LENGTH + 1)) if finding.kind is Lie.CUT else set(range(digits[0], digits[-1] + 1))
    assert gone == set(places)


@settings(max_examples=60)
@given(st.integers(1, LENGTH - 1), SAME_PLACES, st.integers(1, LENGTH - 1))
def test_from_an_entry_on(start, change, at):
    """Read from a known head on, what lies after it is found, and nothing of what lies before."""
    entries, head = chain(LENGTH)
    begun = Head(start, entries[start - 1].hash)
    expected = change(entries, at)
    rest = [each for each in entries if each.number > start]
    found = follow_chain(rest, head, begun)
    if at > start:
        assert sorted((each.kind, each.where) for each in found.findings) == sorted(expected)
    elif at + 1 <= start:
        assert found.findings == [] and found.read == LENGTH - start


def test_the_first_finding_is_the_first_place():
    entries, head = chain(LENGTH)
    edit(entries, 30)
    edit(entries, 3)
    assert [each.where for each in check_chain(entries, head)] == ["journal entry 3", "journal entry 30"]


def test_a_head_set_back_by_hand_makes_strangers_of_what_follows():
    entries, _ = chain(5)
    assert told(entries, Head(3, entries[2].hash)) == [(Lie.INSERTED, "journal entry 4"),
                                                       (Lie.INSERTED, "journal entry 5")]


def test_a_long_chain_under_other_numbers_is_explained_in_bearable_time():
    entries, head = chain(3_000)
    entries = [replace(each, number=each.number + 5) for each in entries]
    assert told(entries, Head(3_005, head.hash)) == [(Lie.EDITED, "journal entry 6")]


def test_the_same_entry_under_two_numbers():
    entries, head = chain(10)
    entries.insert(5, replace(entries[2], number=6))
    entries[6:] = [replace(each, number=each.number + 1) for each in entries[6:]]
    assert told(entries, Head(11, head.hash)) == [(Lie.INSERTED, "journal entry 6")]
