"""What a clerk is asked for when a document is entered by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from docclient.office.door import Ask, Query
from docclient.office.model import Actor, Channel
from docclient.office.registry import answers, asks_of, rule_for
from docclient.store.work import Work

BY_HAND = (Channel.HAND, Channel.MAIL)


@dataclass(frozen=True, slots=True)
class EnterIncomingAsks(Query[tuple[Ask, ...]]):
    """The inputs of `EnterIncoming`; empty when this person may not receive."""


@answers(EnterIncomingAsks)
def enter_incoming_asks(work: Work, me: Actor, q: EnterIncomingAsks) -> tuple[Ask, ...]:
    found = rule_for("EnterIncoming")
    if not found.by & me.roles:
        return ()
    choices = tuple((channel.value, f"channel.{channel.name.lower()}") for channel in BY_HAND)
    return tuple(replace(ask, choices=choices, default=Channel.HAND.value) if ask.name == "channel" else ask
                 for ask in asks_of(found, {"channel": Channel.HAND.value}))
