"""After the first direction: pass on inside a unit, add, redirect, forward, take back (NĐ 30 Arts 23, 24)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from docclient.office.commands.incoming import limit_within
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import AlreadyOpened, FieldWrong, Why
from docclient.office.handling import (
    Handling,
    Level,
    Origin,
    Share,
    accept,
    direct,
    end_directions,
    end_levels,
    end_shares,
    must_be_inside,
    named,
)
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    Handler,
    HandlerRole,
    PersonId,
    Role,
    State,
    WaitKind,
)
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.wording import count_use
from docclient.store import tables
from docclient.store.work import Work

OPEN = frozenset({State.ASSIGNED, State.IN_WORK})
DIRECTING = frozenset({Role.LEADER, Role.CHIEF_OF_OFFICE, Role.HEAD_OF_UNIT})
WORDS_AND_DATES = {"words": AskKind.PHRASED, "due_date": AskKind.DEADLINE, "helping_due_date": AskKind.DEADLINE}


# --- inside a unit ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PassOn(Command):
    """A lead or helper names the next level: its lead, its helpers, by when; never later than the level above. A head
    names people of the own unit, a leader or the chief of office anybody. The work then waits for the new lead; the
    one who passed it on follows it until the end."""

    document: DocumentId
    version: int
    lead: Handler
    helping: tuple[Handler, ...] = ()
    informed: tuple[Handler, ...] = ()
    words: str = ""
    due_date: date | None = None


def share_to_pass_on(work: Work, me: Actor, document: DocumentId) -> Share | None:
    handling = Handling.read(work, document)
    return next((share for share in handling.of(me.person, HandlerRole.LEAD, HandlerRole.HELPING)
                 if handling.below(share) is None), None)


def may_pass_on(work: Work, me: Actor, document: Document) -> bool:
    return share_to_pass_on(work, me, document.id) is not None


def limit_of_share(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    share = share_to_pass_on(work, me, document.id)
    limit = (share.limit if share else None) or document.due_date
    return {"due_date": limit.isoformat() if limit else None}


@rule(PassOn, by=DIRECTING, in_states=OPEN, when=may_pass_on, order=15, prefill=limit_of_share, kinds=WORDS_AND_DATES)
def pass_on(work: Work, me: Actor, c: PassOn) -> Receipt:
    share = share_to_pass_on(work, me, c.document)
    assert share is not None
    document = work.document(c.document)
    everybody = named(work, c.lead, c.helping, c.informed)
    must_not_name(me.person, c.lead, everybody[0].person)
    must_be_inside(work, me, everybody)
    upper = share.limit or document.due_date
    limit_within("due_date", c.due_date, upper)
    accept(work, share)
    work.nobody_waits(c.document, WaitKind.HANDLE, WaitKind.HELP, person=me.person)
    direct(work, me, document, everybody, words=c.words, due=c.due_date or upper, upper=share, origin=Origin.PASS_ON)
    work.wait_for(c.document, WaitKind.FOLLOW, person=me.person)
    count_use(work, me, "direction", c.words)
    return receipt_for(work, c, work.change(document))


def must_not_name(person: PersonId, lead: Handler, lead_person: PersonId) -> None:
    """Raises: FieldWrong."""
    if person == lead_person:
        raise FieldWrong("lead", Why.YOURSELF)


# --- a level that stands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddHandlers(Command):
    """More helpers, informed or followers for what one has directed; its lead stays."""

    document: DocumentId
    version: int
    helping: tuple[Handler, ...] = ()
    informed: tuple[Handler, ...] = ()
    following: tuple[Handler, ...] = ()
    words: str = ""


def directed(work: Work, me: Actor, document: Document) -> bool:
    """Did this person direct a level that stands? The leader to whom the office's rule shows its decision counts."""
    return Handling.read(work, document.id).directed_by(me.person) is not None


def own_level(work: Work, me: Actor, document: DocumentId) -> tuple[Handling, Level]:
    handling = Handling.read(work, document)
    level = handling.directed_by(me.person)
    assert level is not None
    return handling, level


@rule(AddHandlers, in_states=OPEN, when=directed, order=62, kinds={"words": AskKind.PHRASED})
def add_handlers(work: Work, me: Actor, c: AddHandlers) -> Receipt:
    everybody = named(work, None, c.helping, c.informed, c.following)
    if not everybody:
        raise FieldWrong("helping", Why.EMPTY)
    document = work.document(c.document)
    _, level = own_level(work, me, c.document)
    if level.upper is not None:
        must_be_inside(work, me, everybody)
    direct(work, me, document, everybody, words=c.words, due=level.limit, level=level.upper, origin=Origin.ADDED)
    return receipt_for(work, c, work.change(document))


@dataclass(frozen=True, slots=True)
class Redirect(Command):
    """Whoever directed decides anew: another lead, other helpers. What was decided before is kept, with the reason;
    everything below it ends."""

    document: DocumentId
    version: int
    lead: Handler
    reason: str
    helping: tuple[Handler, ...] = ()
    informed: tuple[Handler, ...] = ()
    following: tuple[Handler, ...] = ()
    words: str = ""
    due_date: date | None = None


def present_level(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    level = Handling.read(work, document.id).directed_by(me.person)
    limit = (level.limit if level else None) or document.due_date
    return {"due_date": limit.isoformat() if limit else None, "words": level.directions[0].words if level else ""}


@rule(Redirect, in_states=OPEN, when=directed, order=64, prefill=present_level,
      kinds={"words": AskKind.PHRASED, "due_date": AskKind.DEADLINE, "reason": AskKind.LONG_TEXT})
def redirect(work: Work, me: Actor, c: Redirect) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    document = work.document(c.document)
    handling, level = own_level(work, me, c.document)
    upper = next((share for share in handling.shares if share.id == level.upper), None)
    everybody = named(work, c.lead, c.helping, c.informed, c.following)
    if upper is not None:
        must_not_name(me.person, c.lead, everybody[0].person)
        must_be_inside(work, me, everybody)
        limit_within("due_date", c.due_date, upper.limit or document.due_date)
    ending = handling.all_below(level)
    before = [share.person for each in ending for share in each.shares]
    end_levels(work, me, c.document, ending, c.reason)
    due = c.due_date or level.limit
    origin = Origin.PASS_ON if upper is not None else Origin.LEADER
    direct(work, me, document, everybody, words=c.words, due=due, upper=upper, origin=origin)
    at_the_top = {"state": State.ASSIGNED, "due_date": due} if upper is None else {}
    changed = work.change(document, **at_the_top)
    named_now = {each.person for each in everybody}
    notify(work, [each for each in before if each not in named_now], NoticeKind.DIRECTION_CHANGED, document=c.document,
           words=c.reason)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class Forward(Command):
    """A handler, or whoever directed, sends it on to others: to know, or to help. They join the sender's level."""

    document: DocumentId
    version: int
    receivers: tuple[Handler, ...]
    to_help: bool = False
    words: str = ""


def takes_part(work: Work, me: Actor, document: Document) -> bool:
    handling = Handling.read(work, document.id)
    return bool(handling.of(me.person)) or handling.directed_by(me.person) is not None


@rule(Forward, in_states=OPEN, when=takes_part, order=66, kinds={"words": AskKind.PHRASED})
def forward(work: Work, me: Actor, c: Forward) -> Receipt:
    if not c.receivers:
        raise FieldWrong("receivers", Why.EMPTY)
    handling = Handling.read(work, c.document)
    mine = handling.of(me.person)
    level = handling.level_of(mine[0]) if mine else handling.directed_by(me.person)
    assert level is not None
    everybody = named(work, None, c.receivers if c.to_help else (), () if c.to_help else c.receivers)
    document = work.document(c.document)
    direct(work, me, document, everybody, words=c.words, level=level.upper, origin=Origin.FORWARD)
    return receipt_for(work, c, work.change(document))


# --- take back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """Take back what one sent last: a presentation, a direction, what was passed on, added or forwarded; only while
    nobody to whom it went has opened it or begun."""

    document: DocumentId
    version: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent last. level: of a direction that named a lead."""

    shares: Sequence[Share]
    direction: str = ""
    level: Level | None = None
    presentation: str = ""
    leader: PersonId | None = None
    opened: bool = False


def last_sent(work: Work, me: Actor, document: Document) -> Sent | None:
    if document.state is State.WAITING_DIRECTION:
        table = tables.presentation
        row = work.connection.execute(
            select(table).where(table.c.document == document.id, table.c.taken_back_at.is_(None))
            .order_by(table.c.id.desc()).limit(1)).mappings().first()
        if row is None or row["by"] != me.person:
            return None
        return Sent((), presentation=row["id"], leader=row["leader"], opened=row["opened_at"] is not None)
    handling = Handling.read(work, document.id)
    mine = [(level, each) for level in handling.levels for each in level.directions if each.by == me.person]
    if not mine:
        return None
    level, direction = max(mine, key=lambda each: each[1].id)
    shares = [share for share in level.shares if share.direction == direction.id]
    whole = level if direction == level.directions[0] else None
    if whole is not None:
        shares = list(level.shares)
    opened = any(share.opened_at or share.accepted_at or share.finished_at or handling.below(share)
                 for share in shares)
    return Sent(shares, direction.id, whole, opened=opened)


def has_sent(work: Work, me: Actor, document: Document) -> bool:
    sent = last_sent(work, me, document)
    return sent is not None and not sent.opened


@rule(TakeBack, in_states={State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK}, when=has_sent, order=80,
      negative=True)
def take_back(work: Work, me: Actor, c: TakeBack) -> Receipt:
    document = work.document(c.document)
    sent = last_sent(work, me, document)
    assert sent is not None
    if sent.opened:
        raise AlreadyOpened(person=work.person_name(sent.shares[0].person) if sent.shares else "")
    if sent.presentation:
        work.connection.execute(update(tables.presentation).where(tables.presentation.c.id == sent.presentation)
                                .values(taken_back_at=work.at))
        work.nobody_waits(c.document)
        work.wait_for(c.document, WaitKind.PRESENT, role=Role.CLERK)
        told = [sent.leader] if sent.leader else []
        notify(work, told, NoticeKind.TAKEN_BACK, document=c.document)
        return receipt_for(work, c, work.change(document, state=State.REGISTERED))
    notify(work, [share.person for share in sent.shares], NoticeKind.TAKEN_BACK, document=c.document)
    if sent.level is None:
        end_shares(work, me, c.document, sent.shares, "")
        end_directions(work, [sent.direction])
        return receipt_for(work, c, work.change(document))
    end_levels(work, me, c.document, [sent.level], "")
    return receipt_for(work, c, as_before(work, me, document, sent.level))


def as_before(work: Work, me: Actor, document: Document, level: Level) -> Document:
    """Where the document stands once that level is gone."""
    if level.upper is not None:                                  # it waits for the one who had passed it on
        share = next(each for each in Handling.read(work, document.id).shares if each.id == level.upper)
        if document.state is State.ASSIGNED:
            work.connection.execute(update(tables.handler).where(tables.handler.c.id == share.id)
                                    .values(accepted_at=None))
        work.nobody_waits(document.id, WaitKind.FOLLOW, person=share.person)
        kind = WaitKind.HANDLE if share.role is HandlerRole.LEAD else WaitKind.HELP
        work.wait_for(document.id, kind, person=share.person)
        return work.change(document)
    work.nobody_waits(document.id)
    if level.directions[0].origin is Origin.RULE:
        work.wait_for(document.id, WaitKind.PRESENT, role=Role.CLERK)
        return work.change(document, state=State.REGISTERED)
    work.wait_for(document.id, WaitKind.DIRECT, person=me.person)
    return work.change(document, state=State.WAITING_DIRECTION)
