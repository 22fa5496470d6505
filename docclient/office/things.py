"""Commands about a case file or a task: the same guard as for documents, and offers drawn from the same rules.

`thing_rule` registers a command that names its thing in the field `case_file` or `task` and the version seen in
`version`. Before the rule runs, the thing is read, and who may see it, its version, its state and the relation to it
are checked; `acts_on` lists what this person may do with it now, with the inputs each act asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from docclient.office.door import Ask, AskKind, Command, Receipt
from docclient.office.errors import NotNow, NotYours, StaleDocument
from docclient.office.model import Actor
from docclient.office.registry import asks_of, registry, rule, rule_for
from docclient.store.work import Work

C = TypeVar("C", bound=Command)


class ThingNotNow(NotNow):
    """The case file or task is at another point of its life. facts: command, state."""

    code = "office.thing_not_now"


class FilePlanApproved(NotNow):
    """The year's list of case files is approved: it is not changed any more. facts: command, state."""

    code = "office.file_plan_approved"


class Thing(Protocol):
    """A case file or a task."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def state(self) -> StrEnum: ...


Load = Callable[[Work, Actor, str], Thing]
Holds = Callable[[Work, Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class ThingRule:
    """field: the command's field that names the thing."""

    field: str
    states: frozenset[StrEnum]
    when: Holds
    prefill: Callable[[Work, Actor, Any], Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class ThingOffer:
    """An act that this person may do with the thing now. Its title is the words code `offer.<command>`."""

    command: str
    field: str
    thing: str
    version: int
    fields: tuple[Ask, ...]
    order: int
    negative: bool


_rules: dict[str, ThingRule] = {}


def about_a_thing(command: str) -> bool:
    """Is this command, by its name, one about a case file or a task?"""
    registry()                                      # every rule is loaded
    return command in _rules


def thing_rule(command: type[C], field: str, load: Load, *, in_states: Iterable[StrEnum], when: Holds,
               prefill: Callable[[Work, Actor, Any], Mapping[str, Any]] | None = None,
               kinds: Mapping[str, AskKind] | None = None, hidden: Iterable[str] = (), order: int = 50,
               negative: bool = False) -> Callable[[Callable[..., Receipt]], Callable[..., Receipt]]:
    """Register `(work, me, command, thing) -> Receipt` behind the guard."""
    found = ThingRule(field, frozenset(in_states), when, prefill)

    def register(carry_out: Callable[..., Receipt]) -> Callable[..., Receipt]:
        def guarded(work: Work, me: Actor, c: Any) -> Receipt:
            thing = load(work, me, getattr(c, field))
            if c.version != thing.version:
                raise StaleDocument(seen=c.version, current=thing.version)
            if thing.state not in found.states:
                raise ThingNotNow(command=command.__name__, state=thing.state.value)
            if not when(work, me, thing):
                raise NotYours(command=command.__name__)
            return carry_out(work, me, c, thing)

        _rules[command.__name__] = found
        rule(command, kinds=kinds, hidden={field, *hidden}, order=order, negative=negative)(guarded)
        return carry_out

    return register


def acts_on(work: Work, me: Actor, field: str, thing: Thing) -> tuple[ThingOffer, ...]:
    """What this person may do with it now, most usual first."""
    registry()                                      # every rule is loaded
    found = []
    for name, each in _rules.items():
        if each.field != field or thing.state not in each.states or not each.when(work, me, thing):
            continue
        known = rule_for(name)
        defaults = each.prefill(work, me, thing) if each.prefill else {}
        found.append(ThingOffer(name, field, thing.id, thing.version, asks_of(known, defaults), known.order,
                                known.negative))
    return tuple(sorted(found, key=lambda offer: (offer.order, offer.command)))
