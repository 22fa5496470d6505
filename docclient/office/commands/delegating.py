"""Delegation (ủy quyền xử lý): a dated grant with its basis, by which somebody handles what waits for an absent person.

By the absent person for their own absence, or by the administrator or the chief of office for anybody's (records-work
13.1). Nobody passes on what was given to them, and a delegation gives no authority to sign: that is always one's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update

from docclient.office.commands.people import made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotYours, Why
from docclient.office.model import Actor, PersonId, Role, WaitKind, new_id, today
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

MANAGES = frozenset({Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE})


@dataclass(frozen=True, slots=True)
class GrantDelegation(Command):
    """From first_day to last_day, both included, the substitute handles what waits for the absent person. types: only
    documents of these types; kinds: only what waits so; empty for everything. basis: the paper or decision it rests
    on."""

    absent: PersonId
    substitute: PersonId
    first_day: date
    last_day: date
    basis: str
    types: tuple[str, ...] = ()
    kinds: tuple[WaitKind, ...] = ()


@rule(GrantDelegation, kinds={"absent": AskKind.PERSON, "substitute": AskKind.PERSON, "types": AskKind.TYPES})
def grant_delegation(work: Work, me: Actor, c: GrantDelegation) -> Receipt:
    if me.person != c.absent and not me.roles & MANAGES:
        raise NotYours(command="GrantDelegation")
    needed(basis=c.basis)
    if c.last_day < c.first_day or c.last_day < today():
        raise FieldWrong("last_day", Why.DAYS_TURNED)
    if c.absent == c.substitute:
        raise FieldWrong("substitute", Why.ONESELF)
    for name in ("absent", "substitute"):
        must_be_there(work, name, getattr(c, name))
    if absences(work, c.substitute, c.first_day, c.last_day):
        raise FieldWrong("substitute", Why.ABSENT_TOO)
    for each in c.types:
        must_be_a_type(work, each)
    identity = new_id()
    work.connection.execute(insert(tables.delegation).values(
        id=identity, absent=c.absent, substitute=c.substitute, first_day=c.first_day, last_day=c.last_day,
        types=json.dumps(c.types, ensure_ascii=False), kinds=json.dumps(c.kinds), basis=c.basis,
        granted_by=me.person, granted_at=work.at))
    work.people_changed()
    return made(work, c, delegation=identity)


def must_be_there(work: Work, name: str, person: PersonId) -> None:
    """An active person with a post today. Raises: FieldWrong."""
    try:
        if work.actor(person).posts:
            return
    except NotFound:
        raise FieldWrong(name, Why.UNKNOWN) from None
    raise FieldWrong(name, Why.NO_POST)


def must_be_a_type(work: Work, name: str) -> None:
    known = work.connection.scalar(select(tables.document_type.c.name).where(tables.document_type.c.name == name))
    if known is None:
        raise FieldWrong("types", Why.UNKNOWN, name)


def absences(work: Work, person: PersonId, first: date, last: date) -> list[str]:
    """Delegations by which this person is absent on some of these days."""
    return list(work.connection.scalars(select(tables.delegation.c.id).where(
        tables.delegation.c.absent == person, tables.delegation.c.revoked_at.is_(None),
        tables.delegation.c.first_day <= last, tables.delegation.c.last_day >= first)))


@dataclass(frozen=True, slots=True)
class RevokeDelegation(Command):
    """The delegation ends now. What was done by it stays done."""

    delegation: str
    reason: str


@rule(RevokeDelegation, kinds={"reason": AskKind.LONG_TEXT})
def revoke_delegation(work: Work, me: Actor, c: RevokeDelegation) -> Receipt:
    found = work.connection.execute(select(tables.delegation).where(
        tables.delegation.c.id == c.delegation)).mappings().first()
    if found is None or found["revoked_at"] is not None:
        raise FieldWrong("delegation", Why.UNKNOWN)
    if me.person not in {found["absent"], found["granted_by"]} and not me.roles & MANAGES:
        raise NotYours(command="RevokeDelegation")
    needed(reason=c.reason)
    work.connection.execute(update(tables.delegation).where(tables.delegation.c.id == c.delegation).values(
        revoked_by=me.person, revoked_at=work.at, revoked_why=c.reason))
    work.people_changed()
    return made(work, c, delegation=c.delegation)
