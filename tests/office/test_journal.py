"""The chain tells on whoever changes the journal, and says what kind of change it was."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.office.chain import check_chain
from docclient.office.findings import Lie
from docclient.office.journal import FIRST, Entry, Head


def chain(length: int) -> tuple[list[Entry], Head]:
    entries: list[Entry] = []
    previous = FIRST
    for number in range(1, length + 1):
        entry = Entry(number, f"2026-03-05T07:00:{number % 60:02d}+00:00", "p", "Văn thư", "RegisterIncoming",
                      f"d{number}", f'{{"n":{number}}}', "{}", previous, "").sealed()
        entries.append(entry)
        previous = entry.hash
    return entries, Head(length, previous if length else FIRST)


def kinds(entries: list[Entry], head: Head) -> list[tuple[Lie, str]]:
    return [(each.kind, each.where) for each in check_chain(entries, head)]


@pytest.mark.parametrize("length", [0, 1, 2, 50])
def test_a_whole_chain_has_no_findings(length):
    assert check_chain(*chain(length)) == []


@pytest.mark.parametrize("place", [0, 5, 19])
@pytest.mark.parametrize("column", ["at", "actor", "actor_name", "command", "document", "fields", "effect"])
def test_an_edited_entry_is_named(place, column):
    entries, head = chain(20)
    entries[place] = replace(entries[place], **{column: "x"})
    assert kinds(entries, head) == [(Lie.EDITED, f"journal entry {place + 1}")]


def test_an_edited_entry_with_its_hash_recomputed_is_named_through_the_next_link():
    entries, head = chain(20)
    entries[7] = replace(entries[7], fields="{}").sealed()
    assert [kind for kind, _ in kinds(entries, head)] == [Lie.EDITED]


def test_the_last_entry_edited_and_sealed_again_differs_from_the_head():
    entries, head = chain(5)
    entries[4] = replace(entries[4], fields="{}").sealed()
    assert kinds(entries, head) == [(Lie.EDITED, "journal entry 5")]


@pytest.mark.parametrize("place", [0, 7, 18])
def test_a_deleted_entry_is_named(place):
    entries, head = chain(20)
    del entries[place]
    assert kinds(entries, head) == [(Lie.DELETED, f"journal entry {place + 1}")]


def test_a_deleted_entry_whose_followers_were_renumbered_is_named():
    entries, head = chain(20)
    del entries[7]
    entries = [replace(each, number=index) for index, each in enumerate(entries, start=1)]
    assert kinds(entries, Head(19, head.hash)) == [(Lie.DELETED, "journal entry 8")]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_a_cut_tail_is_named(count):
    entries, head = chain(20)
    assert kinds(entries[:20 - count], head) == [(Lie.CUT, f"journal entry {21 - count}")]


def test_an_inserted_entry_is_named():
    entries, head = chain(20)
    forged = replace(entries[7], fields='{"forged":1}')
    moved = [replace(each, number=each.number + 1) for each in entries[8:]]
    entries = [*entries[:8], replace(forged, number=9), *moved]
    found = kinds(entries, Head(21, head.hash))
    assert found == [(Lie.INSERTED, "journal entry 9")]


def test_an_entry_put_behind_the_head_is_named():
    entries, head = chain(5)
    entries.append(replace(entries[4], number=6, previous=entries[4].hash).sealed())
    assert kinds(entries, head) == [(Lie.INSERTED, "journal entry 6")]


@pytest.mark.parametrize(("one", "other"), [(3, 4), (3, 12), (0, 19)])
def test_rows_that_changed_places_are_named(one, other):
    entries, head = chain(20)
    entries[one], entries[other] = (replace(entries[other], number=one + 1), replace(entries[one], number=other + 1))
    assert kinds(entries, head) == [(Lie.REORDERED, f"journal entry {one + 1}"),
                                    (Lie.REORDERED, f"journal entry {other + 1}")]


def test_content_that_changed_places_under_the_old_links_is_named():
    entries, head = chain(20)
    links = [(each.number, each.previous, each.hash) for each in entries]
    entries[3], entries[9] = entries[9], entries[3]
    for place in (3, 9):
        number, previous, digest = links[place]
        entries[place] = replace(entries[place], number=number, previous=previous, hash=digest)
    assert [kind for kind, _ in kinds(entries, head)] == [Lie.REORDERED, Lie.REORDERED]


@given(st.integers(2, 30), st.randoms(use_true_random=False))
def test_no_change_goes_unseen(length: int, chance: random.Random):
    entries, head = chain(length)
    place = chance.randrange(length)
    change = chance.choice(["edit", "delete", "swap"])
    if change == "edit":
        entries[place] = replace(entries[place], fields='{"n":"forged"}')
    elif change == "delete":
        del entries[place]
    else:
        other = (place + chance.randrange(1, length)) % length
        entries[place], entries[other] = (replace(entries[other], number=place + 1),
                                          replace(entries[place], number=other + 1))
    assert check_chain(entries, head)
