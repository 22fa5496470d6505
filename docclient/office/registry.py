"""The one list of commands and queries: name → rule. Offers, the command line and a server are drawn from it."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from docclient.office.door import Act, Ask, AskKind, Command, NeededWith, Query, Receipt
from docclient.office.errors import FieldWrong, Frozen, NotNow, NotYours, UnknownCommand, Why
from docclient.office.model import Actor, Digest, Document, Handler, Role, State
from docclient.office.one_of import First, OneOf

if TYPE_CHECKING:
    from docclient.store.blobs import Blobs
    from docclient.store.work import Work

C = TypeVar("C", bound=Command)
Q = TypeVar("Q", bound=Query[Any])

Holds = Callable[["Work", Actor, Document], bool]
"""A relation between the person and the document (is the lead handler, is the drafter …)."""

# Fields every command may have that a person is never asked for: the screen and the desk know them.
KNOWN_FIELDS = frozenset({"document", "version"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may give a command, when, and what carries it out.

    by: roles of which the person needs one (empty: anybody of the office). states: the document's states in which it
    may be given (empty: it is about no document, or makes one). when: a further relation to the document.
    examine: reads files before the transaction (verifying signatures takes time) and returns evidence for `carry_out`.
    hidden: fields that the desk fills, never a form. prefill: first values for a form. on_frozen: may be given on a
    frozen document too. about_oneself: everybody may give it, whatever their account, and nobody for another.
    on_secret: it may name a file that was shut away for a secrecy mark. needed_with: fields that may stay empty unless
    another one has certain values.
    """

    command: type[Command]
    carry_out: Callable[..., Receipt]
    by: frozenset[Role]
    states: frozenset[State]
    when: Holds | None
    examine: Callable[..., Any] | None
    prefill: Callable[[Work, Actor, Document], Mapping[str, Any]] | None
    act: Act
    hidden: frozenset[str]
    kinds: Mapping[str, AskKind]
    order: int
    negative: bool
    offered: bool
    on_frozen: bool = False
    about_oneself: bool = False
    on_secret: bool = False
    needed_with: Mapping[str, NeededWith] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.command.__name__

    @property
    def about_a_document(self) -> bool:
        return bool(self.states)

    def holds(self, work: Work, me: Actor, document: Document) -> None:
        """May this person give it on this document, in this state? `when` may refuse with a reason of its own.
        Raises: NotYours, NotNow, Frozen."""
        if document.frozen_at is not None and not self.on_frozen:
            raise Frozen(command=self.name, state=document.state.value)
        if document.state not in self.states:
            raise NotNow(command=self.name, state=document.state.value)
        if (self.by and not self.by & me.roles) or (self.when is not None and not self.when(work, me, document)):
            raise NotYours(command=self.name)


@dataclass(slots=True)
class Registry:
    rules: dict[str, Rule] = field(default_factory=dict)
    queries: dict[str, tuple[type[Query[Any]], Callable[..., Any]]] = field(default_factory=dict)


_registry = Registry()


def rule(
    command: type[C], *, by: Role | Iterable[Role] = (), in_states: Iterable[State] = (), when: Holds | None = None,
    examine: Callable[[Blobs, Work, C], Any] | None = None,
    prefill: Callable[[Work, Actor, Document], Mapping[str, Any]] | None = None,
    act: Act = Act.FORM, hidden: Iterable[str] = (), kinds: Mapping[str, AskKind] | None = None,
    order: int = 50, negative: bool = False, offered: bool = True, on_frozen: bool = False,
    about_oneself: bool = False, on_secret: bool = False, needed_with: Mapping[str, NeededWith] | None = None,
) -> Callable[[Callable[..., Receipt]], Callable[..., Receipt]]:
    """Register the function that carries out `command`: `(work, me, command[, evidence]) -> Receipt`."""

    def register(carry_out: Callable[..., Receipt]) -> Callable[..., Receipt]:
        name = command.__name__
        if name in _registry.rules:
            raise ValueError(f"two rules for {name}")
        _registry.rules[name] = Rule(
            command, carry_out, frozenset({by} if isinstance(by, Role) else by), frozenset(in_states), when, examine,
            prefill, act, frozenset(hidden), dict(kinds or {}), order, negative, offered, on_frozen, about_oneself,
            on_secret, dict(needed_with or {}),
        )
        return carry_out

    return register


def answers(query: type[Q]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function that answers `query`: `(work, me, query) -> result`."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        name = query.__name__
        if name in _registry.queries:
            raise ValueError(f"two answers for {name}")
        _registry.queries[name] = (query, function)
        return function

    return register


@cache
def registry() -> Registry:
    """All rules and answers, with every module of `commands` and `queries` loaded."""
    for package_name in ("docclient.office.commands", "docclient.office.queries"):
        package = import_module(package_name)
        for module in iter_modules(package.__path__):
            import_module(f"{package_name}.{module.name}")
    return _registry


def rule_for(command: type[Command] | str) -> Rule:
    name = command if isinstance(command, str) else command.__name__
    found = registry().rules.get(name)
    if found is None:
        raise UnknownCommand(name=name)
    return found


def query_for(name: str) -> type[Query[Any]]:
    found = registry().queries.get(name)
    if found is None:
        raise UnknownCommand(name=name)
    return found[0]


_adapters: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:
    """One per type: building it is the slow part."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def from_json(kind: type[T], fields: Mapping[str, Any]) -> T:
    """A command or query from its JSON fields. Raises FieldWrong, naming the first field that does not fit."""
    known = {f.name for f in dataclasses.fields(typing.cast(Any, kind))}
    for name in fields:
        if name not in known:
            raise FieldWrong(name, Why.NOT_A_FIELD, kind.__name__)
    try:
        made = typing.cast(T, adapter(kind).validate_python(dict(fields), strict=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise FieldWrong(".".join(str(part) for part in first["loc"]), Why.WRONG_KIND, first["msg"]) from None
    for name, day in dates_in(made):
        if day.year not in YEARS:
            raise FieldWrong(name, Why.WRONG_KIND, day.isoformat())
    return made


YEARS = range(1800, 3000)
"""Of dates that are taken from outside: days are counted from them, and time zones applied, without leaving what dates
can say."""


def dates_in(value: Any, name: str = "") -> Iterator[tuple[str, date]]:
    """(field, date) of every date in a command, query or filter, also inside its parts."""
    if isinstance(value, date):
        yield name, value
    elif isinstance(value, tuple):
        for part in value:
            yield from dates_in(part, name)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from dates_in(getattr(value, each.name), each.name)


def to_json(value: Any) -> Any:
    """JSON-ready form of a command, query, receipt or answer."""
    return adapter(type(value)).dump_python(value, mode="json")


@cache
def hints_of(made: Any) -> Mapping[str, Any]:
    """A class's fields with their types; reading them from the words of the source takes longer than any use."""
    return typing.get_type_hints(made)


def digests_of(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field, digest) of every file that a command names, also inside its parts."""
    made: Any = type(value)
    for field_name, hint in hints_of(made).items():
        content = getattr(value, field_name)
        if Digest in (hint, *typing.get_args(hint)) and content is not None:
            yield name or field_name, str(content)
        elif isinstance(content, tuple):
            for part in content:
                if dataclasses.is_dataclass(part):
                    yield from digests_of(part, name or field_name)


TITLES = frozenset({"subject", "title", "name"})
"""Fields that say what a document, a case file, a task or a file is about."""


def titles_of(value: Any) -> Iterator[tuple[str, str]]:
    """(field, text) of every title in a command, also inside its parts."""
    made: Any = type(value)
    for field_name in hints_of(made):
        content = getattr(value, field_name)
        if field_name in TITLES and isinstance(content, str):
            yield field_name, content
        elif isinstance(content, tuple):
            for part in content:
                if dataclasses.is_dataclass(part):
                    yield from titles_of(part)


def asks_of(found: Rule, defaults: Mapping[str, Any]) -> tuple[Ask, ...]:
    """The inputs a person is asked for, from the command's own fields."""
    hints = typing.get_type_hints(found.command)
    asks = []
    for each in dataclasses.fields(found.command):
        if each.name in KNOWN_FIELDS or each.name in found.hidden:
            continue
        required = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
        kind, choices = kind_of(hints[each.name])
        default = defaults.get(each.name, None if required else default_of(each))
        if isinstance(default, First):
            required, default = default.needed, default.value
        if isinstance(default, OneOf):
            asks.append(Ask(each.name, AskKind.CHOICE, required, default.first, default.choices))
            continue
        asks.append(Ask(each.name, found.kinds.get(each.name, kind), required, default, choices,
                        found.needed_with.get(each.name)))
    return tuple(asks)


def default_of(each: dataclasses.Field[Any]) -> Any:
    value = each.default_factory() if each.default_factory is not dataclasses.MISSING else each.default
    return value.value if isinstance(value, Enum) else value


NAMED_ELSE = {"WaitKind": "wait", "HandlerRole": "handler_role"}
"""Words of an enumeration that do not stand under its own name."""


def choices_of(kind: type[Enum]) -> tuple[tuple[str, str], ...]:
    """(value, words code) of every member."""
    words = NAMED_ELSE.get(kind.__name__, kind.__name__.lower())
    return tuple((str(member.value), f"{words}.{member.name.lower()}") for member in kind)


def kind_of(hint: Any) -> tuple[AskKind, tuple[tuple[str, str], ...]]:
    """The input kind that a field's type calls for."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        (hint, *_) = [part for part in typing.get_args(hint) if part is not type(None)]
    if typing.get_origin(hint) is tuple:
        part = typing.get_args(hint)[0]
        if isinstance(part, type) and issubclass(part, Enum):
            return AskKind.SEVERAL, choices_of(part)
        return (AskKind.HANDLERS if part is Handler else AskKind.RECIPIENTS), ()
    if hint is Handler:
        return AskKind.HANDLER, ()
    if hint is bool:
        return AskKind.YES_NO, ()
    if hint is date:
        return AskKind.DATE, ()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return AskKind.CHOICE, choices_of(hint)
    if hint is int:
        return AskKind.NUMBER, ()
    return AskKind.TEXT, ()


T = TypeVar("T")
