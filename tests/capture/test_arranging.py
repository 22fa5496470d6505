"""What people do with the pages of a pile: nothing is lost, everything can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.capture.arranging import Arrangement, Aside, History, Leaf, of_names, sorted_out

PILE = of_names(["a", "b", "c", "d", "e"])


def names(arrangement: Arrangement) -> str:
    return "".join(leaf.name for leaf in arrangement.leaves)


def documents(arrangement: Arrangement) -> list[str]:
    return ["".join(leaf.name for leaf in each) for each in arrangement.documents()]


def test_each_act():
    assert names(PILE.moved(0, 3)) == "bcdae" and names(PILE.moved(4, 0)) == "eabcd"
    assert PILE.turned(1, 90).turned(1, -180).leaves[1] == Leaf("b", 270)
    out = PILE.taken_out(2)
    assert names(out) == "abde" and out.aside == ((Leaf("c"), Aside.TAKEN_OUT),)
    assert out.brought_back("c", 2) == PILE
    assert names(PILE.inserted(1, Leaf("x"), Leaf("y"))) == "axybcde"
    better = PILE.split(3).replaced(3, "z")
    assert documents(better) == ["abc", "ze"] and better.aside == ((Leaf("d"), Aside.REPLACED),)


def test_documents_begin_where_they_are_split():
    split = PILE.split(2).split(4)
    assert documents(split) == ["ab", "cd", "e"]
    assert documents(split.taken_out(2)) == ["ab", "d", "e"]
    assert documents(split.moved(0, 4)) == ["bc", "de", "a"]
    assert documents(split.split(2, begins=False)) == ["abcd", "e"]


def test_two_passes_become_sheets():
    assert names(of_names(list("135642")).interleaved(3)) == "123456"
    with pytest.raises(ValueError, match="fronts"):
        PILE.interleaved(3)


def test_blank_pages_and_separators_stand_aside():
    pile = of_names(list("ab|_cd_|e|"))       # named twice on purpose below: names are unique
    pile = Arrangement(tuple(Leaf(f"{index}{leaf.name}") for index, leaf in enumerate(pile.leaves)))
    blank = [leaf.name for leaf in pile.leaves if leaf.name.endswith("_")]
    between = [leaf.name for leaf in pile.leaves if leaf.name.endswith("|")]
    found = sorted_out(pile, blank, between)
    assert documents(found) == ["0a1b", "4c5d", "8e"]
    assert [why for _, why in found.aside] == [Aside.SEPARATOR, Aside.BLANK, Aside.BLANK, Aside.SEPARATOR,
                                               Aside.SEPARATOR]
    assert found.names == pile.names


@pytest.mark.parametrize("act", [
    lambda pile: pile.turned(9, 90), lambda pile: pile.turned(0, 45), lambda pile: pile.moved(0, 5),
    lambda pile: pile.moved(-1, 0), lambda pile: pile.taken_out(5), lambda pile: pile.brought_back("a", 0),
    lambda pile: pile.inserted(0, Leaf("a")), lambda pile: pile.replaced(0, "b"), lambda pile: pile.split(7)])
def test_what_is_not_there_is_refused(act):
    with pytest.raises(ValueError):
        act(PILE)


INDEX = st.integers(0, 6)
ACTS = st.lists(st.one_of(
    st.tuples(st.just("turned"), INDEX, st.sampled_from([90, 180, 270, -90])),
    st.tuples(st.just("moved"), INDEX, INDEX), st.tuples(st.just("taken_out"), INDEX),
    st.tuples(st.just("split"), INDEX), st.tuples(st.just("undo")), st.tuples(st.just("redo"))), max_size=40)


@given(ACTS)
def test_nothing_is_lost_and_all_of_it_can_be_undone(acts: list[tuple]):
    kept: list[Arrangement] = []
    history = History(PILE, kept.append)
    for name, *arguments in acts:
        if name in ("undo", "redo"):
            getattr(history, name)()
        else:
            try:
                history.do(getattr(history.now, name)(*arguments))
            except ValueError:
                continue
        assert history.now.names == PILE.names
        assert len(history.now.leaves) + len(history.now.aside) == 5
        assert not kept or kept[-1] == history.now
        assert sum(map(len, history.now.documents())) == len(history.now.leaves)
    last = history.now
    steps = 0
    while history.undo():
        steps += 1
    assert history.now == PILE and not history.can_undo
    for _ in range(steps):
        assert history.redo()
    assert history.now == last or history.can_redo


def test_what_cannot_be_kept_has_not_happened():
    def full(arrangement: Arrangement) -> None:
        raise OSError("no space")

    history = History(PILE, full)
    with pytest.raises(OSError, match="no space"):
        history.do(PILE.taken_out(0))
    assert history.now == PILE and not history.can_undo


def test_pages_that_came_are_taken_out_by_undoing_and_come_back_by_doing_again():
    kept: list[Arrangement] = []
    history = History(of_names(["a", "b"]), kept.append)
    history.do(history.now.turned(0, 90))
    history.arrived(history.now.inserted(1, Leaf("c")))
    assert history.undo() and [leaf.name for leaf in history.now.leaves] == ["a", "b"]
    assert history.now.aside == ((Leaf("c"), Aside.TAKEN_OUT),)
    assert history.undo() and history.now.leaves[0].turn == 0 and history.now.names == {"a", "b", "c"}
    assert history.redo() and history.redo() and [leaf.name for leaf in history.now.leaves] == ["a", "c", "b"]
    assert all(each.names == {"a", "b", "c"} for each in kept[1:])
