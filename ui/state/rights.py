"""Which doors of the window are worth showing to this person, drawn from the office's own rules."""

from __future__ import annotations

from docclient.office.model import Actor
from docclient.office.registry import rule_for


def may_give(command: str, me: Actor) -> bool:
    """Whether the rule of a command that is about no document yet names a role of this person (or no role at all)."""
    by = rule_for(command).by
    return not by or bool(by & me.roles)
