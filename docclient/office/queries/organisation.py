"""People with every post they have or had, their accounts; the directory of agencies; registers with their closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from docclient.office.access import sees_all
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, LoginRole, PersonId, RegisterId, Role, UnitId, now
from docclient.office.queries.authority import Holds, standing_of
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import CLOSED_ON, Work

LOOKS = frozenset({Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE, Role.LEADER})
"""Who looks at the whole organisation; the administrator alone changes it."""


@dataclass(frozen=True, slots=True)
class PostView:
    id: str
    unit: UnitId
    unit_name: str
    title: str
    role: Role
    authority_form: str
    valid_from: date | None
    valid_to: date | None
    holds: Holds


@dataclass(frozen=True, slots=True)
class StaffView:
    """account: the short name to enter by. login_role: what the account may do. locked: now. has_password: one was set.
    waiting: how many things wait for the person by name."""

    id: PersonId
    name: str
    account: str
    active: bool
    posts: tuple[PostView, ...]
    login_role: LoginRole
    locked: bool
    has_password: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class Staff(Query[tuple[StaffView, ...]]):
    """Everybody, also who has left. For the administrator, the chief of office and leaders. Raises: NotYours."""


@answers(Staff)
def staff(work: Work, me: Actor, q: Staff) -> tuple[StaffView, ...]:
    if not me.roles & LOOKS:
        raise NotYours(command="Staff")
    waiting = {row[0]: row[1] for row in work.connection.execute(
        select(tables.waiting.c.person, func.count()).where(tables.waiting.c.person.is_not(None))
        .group_by(tables.waiting.c.person))}
    posts: dict[str, list[PostView]] = {}
    for row in work.connection.execute(
            select(tables.post, tables.unit.c.name.label("unit_name"))
            .join(tables.unit, tables.unit.c.id == tables.post.c.unit).order_by(tables.post.c.id)).mappings():
        posts.setdefault(row["person"], []).append(PostView(
            row["id"], row["unit"], row["unit_name"], row["title"], Role(row["role"]), row["authority_form"] or "",
            row["valid_from"], row["valid_to"], standing_of(row["valid_from"], row["valid_to"])))
    accounts = {row["person"]: row for row in work.connection.execute(select(tables.account)).mappings()}
    found = []
    for row in work.connection.execute(select(tables.person).order_by(tables.person.c.id)).mappings():
        login = accounts.get(row["id"])
        waits = login is not None and login["locked_until"] is not None and login["locked_until"] > now()
        locked = waits or (login is not None and login["locked"])
        found.append(StaffView(
            row["id"], row["name"], row["account"] or "", row["active"], tuple(posts.get(row["id"], ())),
            LoginRole(login["login_role"]) if login is not None else LoginRole.USER, locked,
            login is not None and login["password"] is not None, waiting.get(row["id"], 0)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class RegisterState:
    """closed_entry, closed_hash: the journal's head when it was closed, as printed on it."""

    id: RegisterId
    kind: str
    year: int
    title: str
    last_number: int
    closed: bool
    closed_at: datetime | None
    closed_why: str
    closed_entry: int | None
    closed_hash: str
    frozen: int
    documents: int


@dataclass(frozen=True, slots=True)
class RegisterStates(Query[tuple[RegisterState, ...]]):
    """Registers with their closing and how many of their documents are frozen, newest year first. Raises: NotYours."""


@answers(RegisterStates)
def register_states(work: Work, me: Actor, q: RegisterStates) -> tuple[RegisterState, ...]:
    if not me.roles & LOOKS and not sees_all(me):
        raise NotYours(command="RegisterStates")
    counts = {row[0]: (row[1], row[2]) for row in work.connection.execute(
        select(tables.document.c.register, func.count(), func.count(tables.document.c.frozen_at))
        .where(tables.document.c.register.is_not(None)).group_by(tables.document.c.register))}
    rows = work.connection.execute(select(tables.register).order_by(
        tables.register.c.year.desc(), tables.register.c.kind, tables.register.c.id)).mappings()
    return tuple(RegisterState(
        row["id"], row["kind"], row["year"], row["title"], row["last_number"], row["closed"], row["closed_at"],
        row["closed_why"] or "", row["closed_entry"], row["closed_hash"] or "", counts.get(row["id"], (0, 0))[1],
        counts.get(row["id"], (0, 0))[0]) for row in rows)


@dataclass(frozen=True, slots=True)
class OfficeStanding(Query[date | None]):
    """The last day of the agency, where it ended and no body has taken its place here; None while it is there."""


@answers(OfficeStanding)
def office_standing(work: Work, me: Actor, q: OfficeStanding) -> date | None:
    closed_on = work.fact(CLOSED_ON)
    return date.fromisoformat(closed_on) if closed_on else None
