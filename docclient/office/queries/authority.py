"""Who acts for whom, who may sign what, and what an absence would mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import or_, select

from docclient.office.access import visible
from docclient.office.authority import (
    Authority,
    AuthorityForm,
    authorities_of,
    authority_from,
    authority_lines,
    authority_of,
    collective_name,
    head_title,
    lines_for,
)
from docclient.office.commands.delegating import MANAGES
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, PersonId, Role, UnitId, WaitKind, today
from docclient.office.posts import persons_with
from docclient.office.queries.rows import DocumentRow, rows_of
from docclient.office.registry import answers
from docclient.office.waiting import waits_for
from docclient.store import tables
from docclient.store.work import Work


class Holds(StrEnum):
    """Whether a grant counts today."""

    COMING = "coming"
    HOLDS = "holds"
    OVER = "over"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class DelegationView:
    """types, kinds: empty for everything. holds: as of today."""

    id: str
    absent: PersonId
    absent_name: str
    substitute: PersonId
    substitute_name: str
    first_day: date
    last_day: date
    types: tuple[str, ...]
    kinds: tuple[WaitKind, ...]
    basis: str
    granted_by_name: str
    granted_at: datetime
    revoked_at: datetime | None
    holds: Holds


@dataclass(frozen=True, slots=True)
class Delegations(Query[tuple[DelegationView, ...]]):
    """Newest first: everybody's for the administrator, the chief of office and leaders; for others those that concern
    themselves. current: only those that hold today or will."""

    current: bool = False


@answers(Delegations)
def delegations(work: Work, me: Actor, q: Delegations) -> tuple[DelegationView, ...]:
    table = tables.delegation
    query = select(table).order_by(table.c.first_day.desc(), table.c.id.desc())
    if not me.roles & (MANAGES | {Role.LEADER}):
        query = query.where(or_(table.c.absent == me.person, table.c.substitute == me.person))
    names = names_of(work)
    found = []
    for row in work.connection.execute(query).mappings():
        view = DelegationView(
            row["id"], row["absent"], names[row["absent"]], row["substitute"], names[row["substitute"]],
            row["first_day"], row["last_day"], tuple(json.loads(row["types"])),
            tuple(WaitKind(each) for each in json.loads(row["kinds"])), row["basis"], names[row["granted_by"]],
            row["granted_at"], row["revoked_at"],
            Holds.REVOKED if row["revoked_at"] else standing_of(row["first_day"], row["last_day"]))
        if not q.current or view.holds in {Holds.HOLDS, Holds.COMING}:
            found.append(view)
    return tuple(found)


def names_of(work: Work) -> dict[str, str]:
    return {row.id: row.name for row in work.connection.execute(select(tables.person.c.id, tables.person.c.name))}


def standing_of(first: date | None, last: date | None) -> Holds:
    day = today()
    if first is not None and day < first:
        return Holds.COMING
    return Holds.OVER if last is not None and last < day else Holds.HOLDS


# --- authority to sign ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """id: empty for a post's simple form. lines: as they are printed above the signature."""

    id: str
    person: PersonId
    person_name: str
    form: AuthorityForm
    title: str
    lines: tuple[str, ...]
    types: tuple[str, ...]
    units: tuple[str, ...]
    fields: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    basis: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class SigningAuthorities(Query[tuple[AuthorityView, ...]]):
    """Of everybody, or of one person: what holds, will hold and has ended."""

    person: PersonId | None = None


@answers(SigningAuthorities)
def signing_authorities(work: Work, me: Actor, q: SigningAuthorities) -> tuple[AuthorityView, ...]:
    names, collective, head = names_of(work), collective_name(work), head_title(work)
    units = {row.id: row.name for row in work.connection.execute(select(tables.unit.c.id, tables.unit.c.name))}

    def view(each: Authority, holds: Holds) -> AuthorityView:
        lines = authority_lines(each.form, each.title, collective=collective, head_title=head)
        return AuthorityView(each.id, each.person, names[each.person], each.form, each.title, lines, each.types,
                             tuple(units.get(unit, unit) for unit in each.units), each.fields, each.valid_from,
                             each.valid_to, each.basis, holds)

    found = []
    rows = work.connection.execute(select(tables.signing_authority).order_by(tables.signing_authority.c.id)).mappings()
    for row in rows:
        holds = Holds.REVOKED if row["ended_at"] else standing_of(row["valid_from"], row["valid_to"])
        found.append(view(authority_from(row), holds))
    for person in names:
        found += [view(each, Holds.HOLDS) for each in authorities_of(work, PersonId(person)) if not each.id]
    return tuple(each for each in found if q.person in {None, each.person})


@dataclass(frozen=True, slots=True)
class AuthorityLines(Query[tuple[str, ...]]):
    """The lines above the signer's name on a document of this type; empty when the person may not sign it today."""

    signer: PersonId
    type_name: str
    unit: UnitId | None = None


@answers(AuthorityLines)
def authority_lines_answer(work: Work, me: Actor, q: AuthorityLines) -> tuple[str, ...]:
    return lines_for(work, q.signer, q.type_name, q.unit)


# --- rehearsal of an absence ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arriving:
    """One thing that would wait for the absent person. document: None where this person may not read it. due: its
    deadline, if it falls into the absence. substitutes: who gets it, by which delegation (its basis), on which days;
    nobody where it is empty. signers: who of them may sign it by their own authority, for what waits to be signed."""

    kind: WaitKind
    type_name: str
    document: DocumentRow | None
    due: date | None
    substitutes: tuple[tuple[str, str], ...]
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an absence would mean. arriving: what waits now; uncovered_days: days on which no delegation holds at all;
    roles_alone: roles that nobody else in the office has; unsigned_types: document types the absent person signs and no
    substitute may."""

    person: PersonId
    person_name: str
    first_day: date
    last_day: date
    arriving: tuple[Arriving, ...]
    delegations: tuple[DelegationView, ...]
    uncovered_days: tuple[date, ...]
    roles_alone: tuple[Role, ...]
    unsigned_types: tuple[str, ...]

    @property
    def nobody_gets(self) -> tuple[Arriving, ...]:
        return tuple(each for each in self.arriving if not each.substitutes)

    @property
    def nobody_signs(self) -> tuple[Arriving, ...]:
        return tuple(each for each in self.arriving if each.kind is WaitKind.SIGN and not each.signers)


@dataclass(frozen=True, slots=True)
class AbsenceRehearsal(Query[Rehearsal]):
    """What will arrive while the person is away, who gets it, what nobody may sign. For the person, the administrator,
    the chief of office and leaders. Raises: NotYours, NotFound."""

    person: PersonId
    first_day: date
    last_day: date


MOST_DAYS = 366


@answers(AbsenceRehearsal)
def absence_rehearsal(work: Work, me: Actor, q: AbsenceRehearsal) -> Rehearsal:
    if me.person != q.person and not me.roles & (MANAGES | {Role.LEADER}):
        raise NotYours(command="AbsenceRehearsal")
    absent = work.actor(q.person)
    days = days_of(q.first_day, q.last_day)
    covering = [each for each in delegations_of(work, me, q.person)
                if each.first_day <= q.last_day and q.first_day <= each.last_day]
    return Rehearsal(
        q.person, absent.name, q.first_day, q.last_day, arriving(work, me, absent, q, covering), tuple(covering),
        tuple(day for day in days if not any(each.first_day <= day <= each.last_day for each in covering)),
        roles_alone(work, absent), unsigned_types(work, absent, covering, q.first_day))


def days_of(first: date, last: date) -> list[date]:
    number = min(max((last - first).days + 1, 0), MOST_DAYS)
    return [date.fromordinal(first.toordinal() + each) for each in range(number)]


def delegations_of(work: Work, me: Actor, absent: PersonId) -> list[DelegationView]:
    """Those of this person that were not revoked, whoever asks; how they stand does not matter."""
    everything = delegations(work, me, Delegations())
    return [each for each in everything if each.absent == absent and each.holds is not Holds.REVOKED]


def arriving(work: Work, me: Actor, absent: Actor, q: AbsenceRehearsal,
             covering: list[DelegationView]) -> tuple[Arriving, ...]:
    found = work.connection.execute(
        select(tables.waiting.c.kind, visible(me).label("seen"), tables.document)
        .join(tables.document, tables.document.c.id == tables.waiting.c.document).where(waits_for(absent))
        .order_by(tables.document.c.due_date.is_(None), tables.document.c.due_date, tables.waiting.c.id)
    ).mappings().all()
    rows = rows_of(work, found)
    result = []
    for row, shown in zip(found, rows, strict=True):
        kind, unit = WaitKind(row["kind"]), row["unit"]
        getting = [each for each in covering if (not each.types or row["type_name"] in each.types)
                   and (not each.kinds or kind in each.kinds)]
        signers = tuple(dict.fromkeys(
            each.substitute_name for each in getting
            if authority_of(work, each.substitute, row["type_name"], unit, max(each.first_day, q.first_day)))
        ) if kind is WaitKind.SIGN else ()
        due = row["due_date"] if row["due_date"] and row["due_date"] <= q.last_day else None
        result.append(Arriving(kind, row["type_name"], shown if row["seen"] else None, due,
                               tuple((each.substitute_name, each.basis) for each in getting), signers))
    return tuple(result)


def roles_alone(work: Work, absent: Actor) -> tuple[Role, ...]:
    """Roles of the absent person that no other active person has today: what is to come for them waits."""
    return tuple(sorted(role for role in absent.roles
                        if set(persons_with(work.connection, role)) <= {absent.person}))


def unsigned_types(work: Work, absent: Actor, covering: list[DelegationView], day: date) -> tuple[str, ...]:
    """Document types that the absent person may sign, and no substitute may by their own authority."""
    names = list(work.connection.scalars(select(tables.document_type.c.name).order_by(tables.document_type.c.position)))
    own = authorities_of(work, absent.person, day)
    theirs = [(each, authorities_of(work, each.substitute, max(day, each.first_day))) for each in covering]
    return tuple(
        name for name in names if any(held.reaches(name, None) for held in own)
        and not any((not each.types or name in each.types) and any(held.reaches(name, None) for held in held_by)
                    for each, held_by in theirs))
