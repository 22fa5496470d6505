"""Standing in for an absent person: who enters with which delegations, and how far one of them goes.

A substitute acts with the absent person's posts and relations, under their own name, certificate and signing authority,
and passes nothing on: what they were given themselves is not part of it (records-work, 13.1; NĐ 30 Art 13.4).
"""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import or_, select

from docclient.office.errors import NotFound
from docclient.office.model import Actor, Document, LoginRole, PersonId, StandIn, WaitKind, today
from docclient.office.waiting import waits_for
from docclient.store import tables
from docclient.store.work import Work

PEOPLE_MARK = "people_mark"
"""The office's fact that changes with every change of people, posts, delegations and rights: an open door looks at it
and reads its person anew."""


def mark_of(work: Work) -> str:
    return work.fact(PEOPLE_MARK)


def actor_at_the_door(work: Work, person: PersonId) -> Actor:
    """A person with everything that holds today. Raises: NotFound (also for one who is no longer active)."""
    base = work.actor(person)
    login = work.connection.scalar(select(tables.account.c.login_role).where(tables.account.c.person == person))
    return replace(base, stands_for=stand_ins(work, person), login=LoginRole(login) if login else LoginRole.USER,
                   marked=is_marked(work, base))


def stand_ins(work: Work, person: PersonId) -> tuple[StandIn, ...]:
    """The delegations to this person that hold today, of persons who are still there."""
    day = today()
    rows = work.connection.execute(select(tables.delegation).where(
        tables.delegation.c.substitute == person, tables.delegation.c.revoked_at.is_(None),
        tables.delegation.c.first_day <= day, tables.delegation.c.last_day >= day)
        .order_by(tables.delegation.c.id)).mappings()
    found = []
    for row in rows:
        try:
            absent = work.actor(row["absent"])
        except NotFound:
            continue
        found.append(StandIn(row["id"], absent, tuple(json.loads(row["types"])),
                             tuple(WaitKind(each) for each in json.loads(row["kinds"]))))
    return tuple(found)


def is_marked(work: Work, actor: Actor) -> bool:
    rights = tables.granted_right
    return work.connection.scalar(select(rights.c.id).where(or_(
        rights.c.person == actor.person, rights.c.unit.in_(actor.units))).limit(1)) is not None


def standing_for(me: Actor, stand_in: StandIn) -> Actor:
    """The absent person, with `me` as the hand that acts."""
    return replace(stand_in.actor, hand=me)


def covers(work: Work, me: Actor, stand_in: StandIn, document: Document) -> bool:
    """Is the document within what was delegated? With kinds of waiting named, it must wait for the absent person so."""
    if stand_in.types and document.type_name not in stand_in.types:
        return False
    if not stand_in.kinds:
        return True
    return work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.kind.in_(stand_in.kinds),
        waits_for(stand_in.actor)).limit(1)) is not None
