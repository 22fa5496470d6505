"""Elements into blocks, by local name in the packet's namespace, in any order.

In a salvaged tree an element whose end tag was lost has swallowed its neighbours; those that a block further out
knows are handed back to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lxml import etree

from docclient.exchange.blocks import Block, Entry, Kind, OtherElement, by_element
from docclient.exchange.edxml_bytes import Skeleton
from docclient.exchange.edxml_tree import EDXML
from docclient.exchange.problems import Problem, ProblemCode

B = TypeVar("B", bound=Block)

LONGEST_VALUE = 1 << 16
"""Bytes of one header value; the longest that any validator allows is 500 characters."""
STRUCTURE = frozenset({"edxml", "edxmlenvelope", "edxmlheader", "messageheader", "traceheaderlist", "errorlist",
                       "signature", "edxmlbody", "edxmlmanifest", "manifest", "reference", "attachmentencoded",
                       "attachment", "contenttransferencoded"})
"""Case-folded names of the elements around the blocks."""
READ_ANYWHERE = STRUCTURE - {"signature", "reference"}
"""Of them, those that are found wherever they stand: kept inside an unknown element too, they would be there twice
once the packet is written again."""
MOST_OTHERS = 2000
LARGEST_OTHERS = 1 << 20
DEEPEST_OTHER = 40


@dataclass(slots=True)
class BlockReader:
    """Reads blocks of one packet and notes what is odd.

    namespaces: those in which an element is one of ours. salvaged: the tree was broken.
    """

    skeleton: Skeleton
    salvaged: bool = False
    any_namespace: bool = False
    problems: list[Problem] = field(default_factory=list)
    _others: int = 0
    _others_size: int = 0
    _index: dict[str, list[tuple[int, etree._Element]]] | None = None
    _known_further_out: list[frozenset[str]] = field(default_factory=list)

    def local(self, element: etree._Element) -> str | None:
        """The case-folded local name of an element of ours; None for one of another namespace."""
        tag: object = element.tag
        if not isinstance(tag, str):                       # an entity or a comment
            return None
        namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        if namespace and namespace != EDXML and not self.any_namespace and not namespace.startswith("urn:undeclared:"):
            return None
        return name.rpartition(":")[2].casefold()

    def named(self, root: etree._Element, *names: str) -> list[etree._Element]:
        """The elements of these case-folded local names anywhere under `root`, in document order."""
        if self._index is None:
            self._index = {}
            for place, element in enumerate(root.iter()):
                if name := self.local(element):
                    self._index.setdefault(name, []).append((place, element))
        found = [pair for name in names for pair in self._index.get(name, ())]
        return [element for _, element in (sorted(found, key=lambda pair: pair[0]) if len(names) > 1 else found)]

    def accept_any_namespace(self) -> None:
        """From now on an element is ours by its local name alone."""
        self.any_namespace = True
        self._index = None

    def note(self, code: ProblemCode, detail: str = "") -> None:
        problem = Problem(code, detail)
        if problem not in self.problems:
            self.problems.append(problem)

    def text(self, element: etree._Element) -> str:
        """The element's text, its lifted parts put back; markup inside (some senders write HTML) gives its text."""
        inside = (piece for piece in element.itertext() if isinstance(piece, str))
        text, problem = self.skeleton.whole(_own_text(element) if self.salvaged else "".join(inside), LONGEST_VALUE)
        if problem:
            self.note(problem, str(self.local(element)))
        return text

    def read(self, block: type[B], element: etree._Element) -> B:
        """The block that `element` holds."""
        found, strays = self._read(block, element)
        assert not strays or self.salvaged
        return found

    def other(self, element: etree._Element, depth: int = 0) -> OtherElement | None:
        """An unknown element as it came; None when there are too many, or they are too large, to keep, or when it is
        one of those that are read wherever they stand."""
        if self.local(element) in READ_ANYWHERE:
            self.note(ProblemCode.UNKNOWN_DROPPED)
            return None
        text = self.skeleton.whole(element.text or "", LARGEST_OTHERS)[0]
        tail = self.skeleton.whole(element.tail or "", LARGEST_OTHERS)[0] if depth else ""
        tail = tail if tail.strip() else ""
        self._others += 1
        self._others_size += len(text) + len(tail)
        if self._others > MOST_OTHERS or self._others_size > LARGEST_OTHERS or depth > DEEPEST_OTHER:
            self.note(ProblemCode.UNKNOWN_DROPPED)
            return None
        children = tuple(kept for child in element if isinstance(child.tag, str)
                         for kept in (self.other(child, depth + 1),) if kept is not None)
        attributes = tuple(sorted((str(key) if str(key).startswith("{") else str(key).rpartition(":")[2], str(value))
                                  for key, value in element.attrib.items()))
        name = str(element.tag)
        if ":" in name and not name.startswith("{"):       # a prefix that nothing declared, left in a salvaged name
            name = f"{{{EDXML}}}{name.rpartition(':')[2]}"
        return OtherElement(name, "" if children and not text.strip() else text, attributes, children, tail)

    def _read(self, block: type[B], element: etree._Element) -> tuple[B, list[etree._Element]]:
        known = by_element(block)
        values: dict[str, Any] = {}
        others: list[OtherElement] = []
        strays: list[etree._Element] = []
        children = _elements(element)
        if not children and (text := self.text(element).strip()) and (found := block.of_text(text)):
            return found, []
        queue = deque(children)
        self._known_further_out.append(frozenset(known))
        while queue:
            child = queue.popleft()
            name = self.local(child)
            entry = known.get(name) if name else None
            if entry is not None:
                queue.extendleft(reversed(self._fill(block, entry, child, values, others)))
            elif self.salvaged:
                if name not in STRUCTURE:  # those are found and read wherever they stand
                    swallower = name and any(name in names for names in self._known_further_out[:-1])
                    strays += [child] if swallower else []
                    queue.extendleft([] if swallower else reversed(_elements(child)))
            elif (kept := self.other(child)) is not None:
                others.append(kept)
        self._known_further_out.pop()
        return block(**values, others=tuple(others)), strays

    def _fill(self, block: type[Block], entry: Entry, child: etree._Element, values: dict[str, Any],
              others: list[OtherElement]) -> list[etree._Element]:
        """Give one element's meaning to its field; the elements it had swallowed come back."""
        value, swallowed = self._value(entry, child)
        if entry.kind in {Kind.LEAF, Kind.ONE}:
            if _says_nothing(values.get(entry.attribute)):
                values[entry.attribute] = value
            elif not _says_nothing(value):
                self.note(ProblemCode.ELEMENT_REPEATED, f"{block.__name__}/{entry.element}")
                if (kept := self.other(child)) is not None:
                    others.append(kept)
        else:
            values[entry.attribute] = (*values.get(entry.attribute, ()), *value)
        return swallowed

    def _value(self, entry: Entry, child: etree._Element) -> tuple[Any, list[etree._Element]]:
        if entry.kind is Kind.LEAF:
            return self._leaf(child)
        if entry.kind in {Kind.ONE, Kind.MANY}:
            assert entry.block is not None
            found, swallowed = self._read(entry.block, child)
            return (found, swallowed) if entry.kind is Kind.ONE else ((found,), swallowed)
        items: list[Any] = []
        swallowed = []
        for inner in child:
            if self.local(inner) != entry.inner.casefold():
                if isinstance(inner.tag, str):
                    swallowed.append(inner)
            elif entry.kind is Kind.TEXTS:
                text, strays = self._leaf(inner)
                items.append(text)
                swallowed += strays
            else:
                assert entry.block is not None
                found, strays = self._read(entry.block, inner)
                items.append(found)
                swallowed += strays
        if not len(child) and entry.kind is Kind.TEXTS and (text := self.text(child).strip()):
            items.append(text)             # the text stands in the wrapper itself
        return tuple(items), swallowed

    def _leaf(self, element: etree._Element) -> tuple[str, list[etree._Element]]:
        if self.salvaged:
            return self.text(element), _elements(element)
        code = {self.local(child): self.text(child).strip() for child in element if isinstance(child.tag, str)}
        if "codenumber" in code:           # ResponseFor/Code built like the header's own Code
            return "/".join(part for part in (code["codenumber"], code.get("codenotation")) if part), []
        return self.text(element), []


def _elements(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _own_text(element: etree._Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element if not isinstance(child.tag, str))


def _says_nothing(value: Any) -> bool:
    return not value or (isinstance(value, str) and not value.strip()) or (isinstance(value, Block) and value.is_empty)
