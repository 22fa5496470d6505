"""Who holds which post on a day: the one place that looks at the days from and to which posts are held.

A person who is no longer active holds nothing, whatever the posts' days say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Select, String, bindparam, or_, select

from docclient.office.model import PersonId, Role, UnitId, today
from docclient.store import tables


def held(day: date | None = None) -> tuple[ColumnElement[bool], ...]:
    """The conditions on `post` for posts that are held on that day (today)."""
    return held_on(day or today())


def held_on(day: Any) -> tuple[ColumnElement[bool], ...]:
    post = tables.post.c
    return or_(post.valid_from.is_(None), post.valid_from <= day), or_(post.valid_to.is_(None), post.valid_to >= day)


@cache
def holders(roles: tuple[Role, ...], in_unit: bool) -> Select[Any]:
    """Asked with `on_day` and, where it is of one unit, `in_unit`. Made once: every waiting of a role asks it."""
    post, person = tables.post.c, tables.person.c
    query = (select(post.person).join(tables.person, person.id == post.person)
             .where(post.role.in_(roles), person.active.is_(True), *held_on(bindparam("on_day", type_=Date)))
             .order_by(post.id))
    return query.where(post.unit == bindparam("in_unit", type_=String)) if in_unit else query


def persons_with(connection: Connection, role: Role, unit: UnitId | str | None = None) -> list[PersonId]:
    """Every active person with this role today, each once; as head of a unit also the chief of office, of his own."""
    if unit is None:
        rows = connection.execute(holders((role,), False), {"on_day": today()})
    else:
        roles = (role, Role.CHIEF_OF_OFFICE) if role is Role.HEAD_OF_UNIT else (role,)
        rows = connection.execute(holders(roles, True), {"on_day": today(), "in_unit": unit})
    return [PersonId(each) for each in dict.fromkeys(row[0] for row in rows)]


def has_role(connection: Connection, person: PersonId | str | None, role: Role) -> bool:
    post = tables.post.c
    return connection.scalar(select(post.id).where(
        post.person == person, post.role == role, *held()).limit(1)) is not None


def ever_with(connection: Connection, role: Role) -> list[PersonId]:
    """Who has this role today or had it before, also those who have left: for what is known by who did it then."""
    post = tables.post.c
    return [PersonId(each) for each in dict.fromkeys(connection.scalars(
        select(post.person).where(post.role == role, or_(post.valid_from.is_(None), post.valid_from <= today()))
        .order_by(post.id)))]


def held_between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions on `post` for posts that were held on some day of these."""
    post = tables.post.c
    return (or_(post.valid_from.is_(None), post.valid_from <= last),
            or_(post.valid_to.is_(None), post.valid_to >= first))


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post with its unit's name. key: the person or the role that it was asked by."""

    key: str
    unit: UnitId
    unit_name: str
    valid_from: date | None
    valid_to: date | None

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def posts_by(connection: Connection, column: ColumnElement[str],
             wanted: Iterable[str] | None = None) -> Mapping[str, Sequence[HeldPost]]:
    """Every post there ever was, by person or role (column: of `post`); wanted: only of these."""
    post = tables.post.c
    query = (select(column, post.unit, tables.unit.c.name, post.valid_from, post.valid_to)
             .join(tables.unit, tables.unit.c.id == post.unit).order_by(post.id))
    found: dict[str, list[HeldPost]] = {}
    for row in connection.execute(query if wanted is None else query.where(column.in_(list(wanted)))):
        found.setdefault(row[0], []).append(HeldPost(*row))
    return found


def post_on(posts: Sequence[HeldPost], day: date) -> HeldPost | None:
    """The first that was held on that day; else the last that had ended by then, for whoever has left was there."""
    holding = next((each for each in posts if each.covers(day)), None)
    if holding is not None:
        return holding
    ended = [each for each in posts if each.valid_to is not None and each.valid_to < day]
    return max(ended, key=lambda each: each.valid_to or day, default=None)
