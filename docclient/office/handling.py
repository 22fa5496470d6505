"""Who handles an incoming document: levels of a tree, from the leader's direction down to the officer.

A level is what one person decided: a leader at the top, below it whoever passed the work on inside a unit. Each level
names exactly one lead, any number of helpers, of informed and of followers (NĐ 30 Art 24; records-work 5.3). Toward
the document only the chain leader → head → officer leads: below a helper everybody helps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Self

from sqlalchemy import String, bindparam, delete, select, update

from docclient.office.errors import FieldWrong, Why
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    Handler,
    HandlerRole,
    PersonId,
    Role,
    UnitId,
    WaitKind,
    new_id,
)
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work


class Origin(StrEnum):
    """How a direction came about; the column is empty for a leader's own."""

    LEADER = ""
    RULE = "rule"              # straight to the handler by the office's rule
    PASS_ON = "pass_on"        # a lead or helper names the next level
    ADDED = "added"            # more helpers for a level that stands
    FORWARD = "forward"        # a handler asks or informs somebody else


NAMING_A_LEAD = (Origin.LEADER, Origin.RULE, Origin.PASS_ON)
WAITS_FOR = {HandlerRole.LEAD: WaitKind.HANDLE, HandlerRole.HELPING: WaitKind.HELP,
             HandlerRole.INFORMED: WaitKind.READ, HandlerRole.FOLLOWER: WaitKind.FOLLOW}


@dataclass(frozen=True, slots=True)
class Share:
    """One present handler. role: toward the document; level_role: within the level. limit: the share's own, if any."""

    id: str
    person: PersonId
    unit: UnitId | None
    role: HandlerRole
    level_role: HandlerRole
    direction: str
    limit: date | None
    opened_at: datetime | None
    accepted_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Directed:
    """One direction. upper: the share that was passed on, None at the top. by_rule_for: the leader to whom a decision
    of the office's rule is shown, and who may change it."""

    id: str
    by: PersonId
    words: str
    due_date: date | None
    at: datetime
    upper: str | None
    origin: Origin
    by_rule_for: PersonId | None

    def is_of(self, person: PersonId) -> bool:
        """Did this person decide it, or does it stand for this person's decision?"""
        return person in {self.by, self.by_rule_for} if self.origin is Origin.RULE else self.by == person


@dataclass(frozen=True, slots=True)
class Level:
    """directions: the one that named the lead first, then what was added to it."""

    upper: str | None
    directions: tuple[Directed, ...]
    shares: tuple[Share, ...]

    @property
    def lead(self) -> Share | None:
        return next((each for each in self.shares if each.level_role is HandlerRole.LEAD), None)

    @property
    def limit(self) -> date | None:
        limits = [share.limit for share in self.shares if share.level_role is HandlerRole.LEAD and share.limit]
        return limits[-1] if limits else self.directions[0].due_date


@dataclass(frozen=True, slots=True)
class Handling:
    """The present levels of a document, the leader's first, each below the one it was passed on from."""

    levels: tuple[Level, ...]

    @classmethod
    def read(cls, work: Work, document: DocumentId) -> Self:
        directions = tuple(directed_of(work, document))
        shares = tuple(shares_of(work, document))
        present = {share.direction for share in shares}
        uppers = list(dict.fromkeys(each.upper for each in directions if each.id in present))
        levels = []
        for upper in uppers:
            of_level = [each for each in directions if each.upper == upper and each.id in present]
            of_level.sort(key=lambda each: each.origin not in NAMING_A_LEAD)
            named = {each.id for each in of_level}
            levels.append(Level(upper, tuple(of_level), tuple(s for s in shares if s.direction in named)))
        return cls(tuple(levels))

    @property
    def shares(self) -> tuple[Share, ...]:
        return tuple(share for level in self.levels for share in level.shares)

    def of(self, person: PersonId, *roles: HandlerRole) -> tuple[Share, ...]:
        return tuple(share for share in self.shares if share.person == person and share.role in (roles or WAITS_FOR))

    def below(self, share: Share) -> Level | None:
        """The level that this share was passed on to."""
        return next((level for level in self.levels if level.upper == share.id), None)

    def all_below(self, level: Level) -> tuple[Level, ...]:
        """This level and every one under it."""
        lower = [self.all_below(each) for share in level.shares if (each := self.below(share)) is not None]
        return (level, *(each for levels in lower for each in levels))

    def level_of(self, share: Share) -> Level:
        return next(level for level in self.levels if share in level.shares)

    def directed_by(self, person: PersonId) -> Level | None:
        """The highest level that this person decided."""
        return next((level for level in self.levels if level.directions[0].is_of(person)), None)

    @property
    def holder(self) -> Share | None:
        """Who has the work now: the lead to whom it was passed on last."""
        top = next((level for level in self.levels if level.upper is None), None)
        share = top.lead if top is not None else None
        while share is not None and (lower := self.below(share)) is not None and lower.lead is not None:
            share = lower.lead
        return share


def directed_of(work: Work, document: DocumentId) -> Iterable[Directed]:
    """Every direction that holds, oldest first."""
    for row in standing_directions().rows(work.connection, {"of_document": document}):
        yield Directed(row["id"], row["by"], row["words"], row["due_date"], row["at"], row["upper"],
                       Origin(row["origin"] or ""), row["leader"])


def shares_of(work: Work, document: DocumentId) -> Iterable[Share]:
    for row in handlers().rows(work.connection, {"of_document": document}):
        role = HandlerRole(row["role"])
        yield Share(row["id"], row["person"], row["unit"], role, HandlerRole(row["level_role"] or role),
                    row["direction"], row["limit_date"], row["opened_at"], row["accepted_at"], row["finished_at"])


@cache
def standing_directions() -> Prepared:
    direction, routing = tables.direction, tables.routing_rule.c
    return Prepared(
        select(direction, routing.leader).outerjoin(tables.routing_rule, routing.id == direction.c.routing)
        .where(direction.c.document == bindparam("of_document", type_=String), direction.c.ended_at.is_(None))
        .order_by(direction.c.id))


@cache
def handlers() -> Prepared:
    handler = tables.handler
    return Prepared(select(handler).where(handler.c.document == bindparam("of_document", type_=String))
                    .order_by(handler.c.id))


def sent_unopened(work: Work, document: DocumentId, person: PersonId) -> bool:
    """Was it sent to this person, who has not opened it yet?"""
    handler, presented = tables.handler, tables.presentation
    return any(work.connection.scalar(query.limit(1)) is not None for query in (
        select(handler.c.id).where(handler.c.document == document, handler.c.person == person,
                                   handler.c.opened_at.is_(None)),
        select(presented.c.id).where(presented.c.document == document, presented.c.leader == person,
                                     presented.c.opened_at.is_(None), presented.c.taken_back_at.is_(None))))


# --- who is named ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    role: HandlerRole
    handler: Handler
    person: PersonId


FIELD_OF = {HandlerRole.LEAD: "lead", HandlerRole.HELPING: "helping", HandlerRole.INFORMED: "informed",
            HandlerRole.FOLLOWER: "following"}


def named(work: Work, lead: Handler | None, helping: Sequence[Handler] = (), informed: Sequence[Handler] = (),
          following: Sequence[Handler] = ()) -> tuple[Named, ...]:
    """Everybody named, units by their heads; nobody twice. Raises: FieldWrong, NotFound."""
    found = tuple(Named(role, each, person_behind(work, each, FIELD_OF[role])) for role, handlers in (
        (HandlerRole.LEAD, (lead,) if lead is not None else ()), (HandlerRole.HELPING, helping),
        (HandlerRole.INFORMED, informed), (HandlerRole.FOLLOWER, following)) for each in handlers)
    seen: set[PersonId] = set()
    for each in found:
        if each.person in seen:
            raise FieldWrong(FIELD_OF[each.role], Why.TWICE, work.person_name(each.person))
        seen.add(each.person)
    return found


def person_behind(work: Work, handler: Handler, field: str = "lead") -> PersonId:
    """The person, or the unit's head. Administrators handle nothing: they read no content (records-work 13.1).
    Raises: FieldWrong, NotFound."""
    if handler.kind == "person":
        must_read_content(work, PersonId(handler.id), field)
        return PersonId(handler.id)
    heads = work.heads_of(UnitId(handler.id))
    if not heads:
        raise FieldWrong(field, Why.NO_HEAD)
    return heads[0]


def must_read_content(work: Work, person: PersonId, field: str) -> None:
    """Raises: FieldWrong, NotFound."""
    if work.actor(person).roles <= {Role.ADMINISTRATOR}:
        raise FieldWrong(field, Why.NO_CONTENT)


def must_be_inside(work: Work, me: Actor, everybody: Iterable[Named]) -> None:
    """A head passes on inside the own unit; leaders and the chief of office to anybody. Raises: FieldWrong."""
    if me.roles & {Role.LEADER, Role.CHIEF_OF_OFFICE}:
        return
    for each in everybody:
        if each.handler.kind == "unit" or not work.actor(each.person).units & me.units:
            raise FieldWrong(FIELD_OF[each.role], Why.OTHER_UNIT, work.person_name(each.person))


# --- moves -----------------------------------------------------------------------------------------------------------


def direct(work: Work, me: Actor, document: Document, everybody: Sequence[Named], *, words: str,
           due: date | None = None, helping_due: date | None = None, upper: Share | None = None,
           level: str | None = None, origin: Origin = Origin.LEADER, routing: str | None = None) -> str:
    """Write a direction and its handlers, and let each of them wait. Returns the direction's identity.

    upper: the share that is passed on. level: of a direction added to a level that stands, that level's own `upper`.
    Raises: FieldWrong (somebody named has a share already).
    """
    free_of_shares(work, me, document, everybody)
    direction = new_id()
    work.put(tables.direction, id=direction, document=document.id, by=me.person, words=words, due_date=due, at=work.at,
             upper=upper.id if upper else level, origin=origin or None, routing=routing,
             hand=me.by if me.hand else None)
    branch = upper is not None and upper.role is not HandlerRole.LEAD
    for each in everybody:
        role = HandlerRole.HELPING if branch and each.role is HandlerRole.LEAD else each.role
        limit = helping_due if each.role is HandlerRole.HELPING else due if upper is not None else None
        work.put(tables.handler, id=new_id(), document=document.id, person=each.person, direction=direction, role=role,
                 unit=each.handler.id if each.handler.kind == "unit" else None,
                 level_role=each.role if role is not each.role else None, limit_date=limit)
        work.wait_for(document.id, WAITS_FOR[role], person=each.person)
    work.let_see(document.id, [me.person])
    return direction


def free_of_shares(work: Work, me: Actor, document: Document, everybody: Iterable[Named]) -> None:
    """Nobody holds two shares of one document; whoever was only informed takes the new one instead.
    Raises: FieldWrong."""
    present = {share.person: share for share in shares_of(work, document.id)}
    for each in everybody:
        share = present.get(each.person)
        if share is None:
            continue
        if share.role not in (HandlerRole.INFORMED, HandlerRole.FOLLOWER):
            raise FieldWrong(FIELD_OF[each.role], Why.HANDLES_ALREADY, work.person_name(each.person))
        end_shares(work, me, document.id, [share], "")


def end_shares(work: Work, me: Actor, document: DocumentId, shares: Iterable[Share], reason: str) -> None:
    """Those handle it no longer; that they did is kept."""
    for share in shares:
        work.put(tables.former_handler,
                 id=share.id, document=document, person=share.person, unit=share.unit, role=share.role,
                 level_role=share.level_role, direction=share.direction, limit_date=share.limit,
                 opened_at=share.opened_at, accepted_at=share.accepted_at, finished_at=share.finished_at,
                 ended_by=me.person, ended_at=work.at, reason=reason)
        work.connection.execute(delete(tables.handler).where(tables.handler.c.id == share.id))
        work.nobody_waits(document, WAITS_FOR[share.role], WaitKind.FOLLOW, person=share.person)


def end_levels(work: Work, me: Actor, document: DocumentId, levels: Iterable[Level], reason: str) -> None:
    """These levels hold no longer, with everything in them."""
    for level in levels:
        end_shares(work, me, document, level.shares, reason)
        end_directions(work, [each.id for each in level.directions])


def end_directions(work: Work, directions: Sequence[str]) -> None:
    work.connection.execute(update(tables.direction).where(tables.direction.c.id.in_(directions))
                            .values(ended_at=work.at))


def accept(work: Work, share: Share) -> None:
    """The share's work has begun."""
    work.connection.execute(update(tables.handler).where(
        tables.handler.c.id == share.id, tables.handler.c.accepted_at.is_(None)).values(
            accepted_at=work.at, opened_at=share.opened_at or work.at))
