"""Who a document waits for: a person by name or by role, and through delegations whoever stands in for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union_all

from docclient.office.model import Actor, Role, StandIn, UnitId
from docclient.store import tables


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on `waiting` for what waits for this one person, by name or by role."""
    return or_(*ways_of(actor))


def ways_of(actor: Actor) -> list[ColumnElement[bool]]:
    """The ways in which something waits for a person; no row of `waiting` is in two of them, each is read from one
    index."""
    pairs: list[tuple[Role, UnitId | None]] = []
    for post in actor.posts:
        pairs += [(post.role, None), (post.role, post.unit)]
        if post.role is Role.CHIEF_OF_OFFICE:    # heads his own unit too
            pairs.append((Role.HEAD_OF_UNIT, post.unit))
    by_role = [and_(tables.waiting.c.role == role, tables.waiting.c.unit == unit, tables.waiting.c.person.is_(None))
               for role, unit in dict.fromkeys(pairs)]
    return [tables.waiting.c.person == actor.person, *by_role]


def mine(me: Actor) -> ColumnElement[bool]:
    """What waits for this person: their own, and what they stand in for today."""
    return or_(waits_for(me), *(through(each) for each in me.stands_for)) if me.stands_for else waits_for(me)


def listed(me: Actor, *conditions: ColumnElement[bool]) -> CompoundSelect[Any]:
    """What waits for this person as far as the conditions go: id, kind, due, since, document. Asked way by way: a
    database then reads the first lines of each from an index in their order."""
    ways = [mine(me)] if me.stands_for else ways_of(me)
    waiting = tables.waiting.c
    return union_all(*(select(waiting.id, waiting.kind, waiting.due, waiting.since, waiting.document)
                       .where(each, *conditions) for each in ways))


def through(each: StandIn) -> ColumnElement[bool]:
    """What waits for the absent person, as far as the delegation goes."""
    parts = [waits_for(each.actor)]
    if each.kinds:
        parts.append(tables.waiting.c.kind.in_(each.kinds))
    if each.types:
        parts.append(tables.waiting.c.document.in_(
            select(tables.document.c.id).where(tables.document.c.type_name.in_(each.types))))
    return and_(*parts)


def acting_for_of(me: Actor, row: Mapping[Any, Any]) -> StandIn | None:
    """Through which delegation a row of `waiting` waits for me; None where it is mine anyway.

    row: kind, waiting_person, waiting_role, waiting_unit and the document's type_name.
    """
    if not me.stands_for or waits(me, row):
        return None
    return next((each for each in me.stands_for if waits(each.actor, row)
                 and (not each.kinds or row["kind"] in each.kinds)
                 and (not each.types or row["type_name"] in each.types)), None)


def waits(actor: Actor, row: Mapping[Any, Any]) -> bool:
    """`waits_for`, said of a row that is here."""
    if row["waiting_person"] is not None:
        return bool(row["waiting_person"] == actor.person)
    role, unit = row["waiting_role"], row["waiting_unit"]
    return any((role == post.role and unit in {None, post.unit})
               or (post.role is Role.CHIEF_OF_OFFICE and role == Role.HEAD_OF_UNIT and unit == post.unit)
               for post in actor.posts)
