"""The order of a pile's pages, and everything that a person does to it: every act can be undone and done again.

A page's file is never changed: a turn is kept beside it. Nothing is thrown away here: pages that are taken out stand
aside, with the reason, and can be brought back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Aside(StrEnum):
    """Why a page stands aside; words: `page_aside.<value>`."""

    BLANK = "blank"
    SEPARATOR = "separator"
    TAKEN_OUT = "taken_out"        # a person did
    REPLACED = "replaced"          # a better scan took its place


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the pile. name: its file. turn: 0, 90, 180 or 270 degrees clockwise beside what its scan says.
    begins: a document of its own begins here."""

    name: str
    turn: int = 0
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """leaves: in order. aside: those that are left out, in the order they were."""

    leaves: tuple[Leaf, ...] = ()
    aside: tuple[tuple[Leaf, Aside], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        return frozenset(leaf.name for leaf in (*self.leaves, *(leaf for leaf, _ in self.aside)))

    def place_of(self, name: str) -> int:
        """Where a leaf of that name stands. Raises: ValueError."""
        for index, leaf in enumerate(self.leaves):
            if leaf.name == name:
                return index
        raise ValueError("no such page")

    def documents(self) -> tuple[tuple[Leaf, ...], ...]:
        """The leaves of each document, in order."""
        found: list[list[Leaf]] = []
        for leaf in self.leaves:
            if leaf.begins or not found:
                found.append([])
            found[-1].append(leaf)
        return tuple(tuple(each) for each in found)

    # --- acts; each raises ValueError for a place or name that is not there ------------------------------------------

    def turned(self, index: int, degrees: int) -> Arrangement:
        if degrees % 90:
            raise ValueError("a page lies straight")
        leaf = self._at(index)
        return self._with(index, replace(leaf, turn=(leaf.turn + degrees) % 360))

    def moved(self, index: int, to: int) -> Arrangement:
        """Take a page out and put it in so that it has place `to`. A document's beginning stays where it was."""
        leaf = self._at(index)
        rest = [each for place, each in enumerate(self.leaves) if place != index]
        if not 0 <= to <= len(rest):
            raise ValueError("no such place")
        begins = tuple(each.begins for each in self.leaves)
        rest.insert(to, leaf)
        return replace(self, leaves=tuple(replace(each, begins=begin) for each, begin
                                          in zip(rest, begins, strict=True)))

    def taken_out(self, index: int, why: Aside = Aside.TAKEN_OUT) -> Arrangement:
        """What a page began, the one after it begins then."""
        leaf = self._at(index)
        left = [each for place, each in enumerate(self.leaves) if place != index]
        if leaf.begins and index < len(left):
            left[index] = replace(left[index], begins=True)
        return Arrangement(tuple(left), (*self.aside, (replace(leaf, begins=False), why)))

    def brought_back(self, name: str, to: int) -> Arrangement:
        leaf = next((each for each, _ in self.aside if each.name == name), None)
        if leaf is None:
            raise ValueError("not among those aside")
        without = replace(self, aside=tuple(pair for pair in self.aside if pair[0].name != name))
        return without.inserted(to, leaf)

    def inserted(self, to: int, *new: Leaf) -> Arrangement:
        if not 0 <= to <= len(self.leaves) or {leaf.name for leaf in new} & self.names:
            raise ValueError("no such place, or a page that is there already")
        return replace(self, leaves=(*self.leaves[:to], *new, *self.leaves[to:]))

    def replaced(self, index: int, new: str) -> Arrangement:
        """A better scan of the same sheet."""
        if new in self.names:
            raise ValueError("a page that is there already")
        leaf = self._at(index)
        changed = self._with(index, Leaf(new, begins=leaf.begins))
        return replace(changed, aside=(*self.aside, (replace(leaf, begins=False), Aside.REPLACED)))

    def split(self, index: int, *, begins: bool = True) -> Arrangement:
        """A document begins at this page, or no longer does."""
        return self._with(index, replace(self._at(index), begins=begins))

    def interleaved(self, fronts: int) -> Arrangement:
        """A pile scanned one side after the other on a scanner with one lamp: the first `fronts` pages are the fronts
        in order, the rest the backs from the last to the first. Raises ValueError when they are not as many."""
        front, back = self.leaves[:fronts], self.leaves[fronts:]
        if len(front) != len(back):
            raise ValueError("not as many backs as fronts")
        return replace(self, leaves=tuple(leaf for pair in zip(front, reversed(back), strict=True) for leaf in pair))

    def _at(self, index: int) -> Leaf:
        if not 0 <= index < len(self.leaves):
            raise ValueError("no such page")
        return self.leaves[index]

    def _with(self, index: int, leaf: Leaf) -> Arrangement:
        return replace(self, leaves=(*self.leaves[:index], leaf, *self.leaves[index + 1:]))


def sorted_out(arrangement: Arrangement, blank: Iterable[str], separators: Iterable[str]) -> Arrangement:
    """Blank pages and separator sheets set aside; after a separator a document begins. The back of a separator sheet
    is blank and goes with it. Done after interleaving: only then is a page's neighbour its neighbour."""
    empty, between = frozenset(blank), frozenset(separators)
    found, pending = arrangement, False
    index = 0
    while index < len(found.leaves):
        leaf = found.leaves[index]
        if leaf.name in between or leaf.name in empty:
            pending = pending or leaf.begins or leaf.name in between
            found = found.taken_out(index, Aside.SEPARATOR if leaf.name in between else Aside.BLANK)
            continue
        if pending or leaf.begins:
            found = found.split(index, begins=index > 0)
        pending = False
        index += 1
    return found


@dataclass(slots=True)
class History:
    """The arrangement now, and the way to earlier and later ones."""

    now: Arrangement
    kept: Callable[[Arrangement], None] = lambda arrangement: None
    """Called before a new arrangement counts; raises when it cannot be kept, and then nothing has changed."""
    _before: list[Arrangement] = field(default_factory=list)
    _after: list[Arrangement] = field(default_factory=list)

    def do(self, new: Arrangement) -> None:
        if new != self.now:
            self.kept(new)
            self._before.append(self.now)
            self._after.clear()
            self.now = new

    def arrived(self, new: Arrangement) -> None:
        """Pages have come and are kept already; `new` is the order with them. In every earlier order they stand aside,
        so that undoing takes them out again."""
        leaves = [leaf for leaf in new.leaves if leaf.name not in self.now.names]
        if not leaves:
            return
        late = tuple((replace(leaf, begins=False), Aside.TAKEN_OUT) for leaf in leaves)
        self._before = [replace(each, aside=(*each.aside, *late)) for each in (*self._before, self.now)]
        self._after.clear()
        self.now = new

    def undo(self) -> bool:
        return self._step(self._before, self._after)

    def redo(self) -> bool:
        return self._step(self._after, self._before)

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def _step(self, source: list[Arrangement], target: list[Arrangement]) -> bool:
        if not source:
            return False
        self.kept(source[-1])
        target.append(self.now)
        self.now = source.pop()
        return True


def of_names(names: Sequence[str]) -> Arrangement:
    """Pages as they came."""
    return Arrangement(tuple(Leaf(name) for name in names))
