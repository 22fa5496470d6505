"""Who a document waits for: a person by name or by role, and through delegations whoever stands in for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from docclient.office.model import Actor, Role, StandIn
from docclient.store import tables


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on `waiting` for what waits for this one person, by name or by role."""
    ways: list[ColumnElement[bool]] = [tables.waiting.c.person == actor.person]
    for post in actor.posts:
        ways.append(and_(tables.waiting.c.role == post.role, tables.waiting.c.person.is_(None),
                         or_(tables.waiting.c.unit.is_(None), tables.waiting.c.unit == post.unit)))
        if post.role is Role.CHIEF_OF_OFFICE:    # heads his own unit too
            ways.append(and_(tables.waiting.c.role == Role.HEAD_OF_UNIT, tables.waiting.c.unit == post.unit))
    return or_(*ways)


def mine(me: Actor) -> ColumnElement[bool]:
    """What waits for this person: their own, and what they stand in for today."""
    return or_(waits_for(me), *(through(each) for each in me.stands_for)) if me.stands_for else waits_for(me)


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
