"""Who a document waits for: a person by name or by role, and through delegations whoever stands in for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, and_, cast, or_, select, union_all

from docclient.office.model import Actor, Role, StandIn, UnitId
from docclient.store import tables


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The condition on `waiting` for what waits for this one person, by name or by role."""
    return or_(*(condition for condition, _ in ways_of(actor)))


def ways_of(actor: Actor) -> list[tuple[ColumnElement[bool], tuple[str | None, str | None, str | None]]]:
    """The ways in which something waits for a person, each with the person, role and unit of its rows. No row of
    `waiting` is in two of them; each is read from one index."""
    pairs: list[tuple[Role, UnitId | None]] = []
    for post in actor.posts:
        pairs += [(post.role, None), (post.role, post.unit)]
        if post.role is Role.CHIEF_OF_OFFICE:    # heads his own unit too
            pairs.append((Role.HEAD_OF_UNIT, post.unit))
    waiting = tables.waiting.c
    by_role = [(and_(waiting.role == role, waiting.unit == unit, waiting.person.is_(None)), (None, role, unit))
               for role, unit in dict.fromkeys(pairs)]
    return [(waiting.person == actor.person, (actor.person, None, None)), *by_role]


def mine(me: Actor) -> ColumnElement[bool]:
    """What waits for this person: their own, and what they stand in for today."""
    return or_(waits_for(me), *(through(each) for each in me.stands_for)) if me.stands_for else waits_for(me)


def listed(me: Actor, *conditions: ColumnElement[bool]) -> CompoundSelect[Any]:
    """What waits for this person as far as the conditions go: id, kind, due, since, document; person, role, unit. Asked
    way by way, with what a way says anyway not read: a database then takes the first lines from an index alone."""
    waiting = tables.waiting.c
    if me.stands_for:
        ways: list[tuple[ColumnElement[bool], Sequence[ColumnElement[Any]]]] = [
            (mine(me), (waiting.person, waiting.role, waiting.unit))]
    else:
        ways = [(each, tuple(cast(value, String) for value in known)) for each, known in ways_of(me)]
    return union_all(*(
        select(waiting.id, waiting.kind, waiting.due, waiting.since, waiting.document,
               *(value.label(name) for value, name in zip(known, ("person", "role", "unit"), strict=True)))
        .where(each, *conditions) for each, known in ways))


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
