"""Blocks of an edXML header as frozen dataclasses: each field names its element once, for reader, writer and JSON.

    organ_id: str | None = leaf("OrganId")             <OrganId>…</OrganId>
    code: Code | None = one("Code", Code)              <Code>…</Code>, itself a block
    to: tuple[Organization, ...] = many("To", …)       <To>…</To><To>…</To>
    to_places: tuple[str, ...] = texts("ToPlaces", "Place")          a wrapper around texts
    receivers: tuple[Receiver, ...] = wrapped("ReceiverList", "Receiver", Receiver)

Texts are kept as received but for surrounding white space and line ends; an empty one is None. The order of the
fields is the order of writing. Elements that no field names are kept in `others`, so that nothing another system sent
is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    LEAF = "leaf"
    ONE = "one"
    MANY = "many"
    TEXTS = "texts"
    WRAPPED = "wrapped"


@dataclass(frozen=True, slots=True)
class OtherElement:
    """An element that we do not know, kept for the round trip. name, attributes: in Clark notation, `{ns}local`."""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[OtherElement, ...] = ()
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What all blocks share: tidy texts, and the elements nobody named."""

    others: tuple[OtherElement, ...] = ()

    def __post_init__(self) -> None:
        for one_field in fields(self):
            if one_field.name != "others":
                object.__setattr__(self, one_field.name, _tidy(getattr(self, one_field.name)))

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one_field.name) for one_field in fields(self))

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        """The block that a bare text stands for, where senders write one instead of the elements; None: no meaning."""
        return None


@dataclass(frozen=True, slots=True)
class Entry:
    """How one field stands in XML and in JSON."""

    attribute: str
    kind: Kind
    element: str                       # of a wrapper: the wrapper's name
    inner: str = ""                    # the name inside the wrapper
    block: type[Block] | None = None
    aliases: tuple[str, ...] = ()
    json: str = ""


def leaf(element: str, *, json: str = "") -> Any:
    return field(default=None, metadata={"kind": Kind.LEAF, "element": element, "json": json})


def one(element: str, block: type[Block], *, aliases: tuple[str, ...] = (), json: str = "") -> Any:
    return field(default=None, metadata={"kind": Kind.ONE, "element": element, "block": block, "aliases": aliases,
                                         "json": json})


def many(element: str, block: type[Block], *, json: str = "") -> Any:
    return field(default=(), metadata={"kind": Kind.MANY, "element": element, "block": block, "json": json})


def texts(wrapper: str, element: str, *, json: str = "") -> Any:
    return field(default=(), metadata={"kind": Kind.TEXTS, "element": wrapper, "inner": element, "json": json})


def wrapped(wrapper: str, element: str, block: type[Block], *, json: str = "") -> Any:
    return field(default=(), metadata={"kind": Kind.WRAPPED, "element": wrapper, "inner": element, "block": block,
                                       "json": json})


def entries(block: type[Block]) -> tuple[Entry, ...]:
    """The fields of a block in writing order."""
    if block not in _entries:
        _entries[block] = tuple(_entry(one_field) for one_field in fields(block) if "kind" in one_field.metadata)
    return _entries[block]


def by_element(block: type[Block]) -> Mapping[str, Entry]:
    """Element names (case folded: some senders write OrganID) and the fields they fill."""
    if block not in _by_element:
        _by_element[block] = {name.casefold(): entry for entry in entries(block)
                              for name in (entry.element, *entry.aliases)}
    return _by_element[block]


_entries: dict[type[Block], tuple[Entry, ...]] = {}
_by_element: dict[type[Block], dict[str, Entry]] = {}


def _entry(one_field: Field[Any]) -> Entry:
    facts = one_field.metadata
    return Entry(one_field.name, facts["kind"], facts["element"], facts.get("inner", ""), facts.get("block"),
                 facts.get("aliases", ()), facts.get("json") or one_field.name)


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return tidy_text(value)
    if isinstance(value, tuple):
        tidied = (tidy_text(item) if isinstance(item, str) else item for item in value)
        return tuple(item for item in tidied if item and not (isinstance(item, Block) and item.is_empty))
    return value


def tidy_text(text: str) -> str | None:
    """Without surrounding white space, line ends as \\n; None for nothing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() or None
