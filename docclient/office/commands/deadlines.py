"""Deadlines: the office's calendar, and putting off what is due. The first date and each later one are kept,
and so is who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from docclient.office.commands.incoming import limit_within
from docclient.office.commands.passing_on import directed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.handling import Handling
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    HandlerRole,
    PersonId,
    Role,
    State,
    WaitKind,
    new_id,
    today,
)
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.working_days import CalendarDay
from docclient.store import tables
from docclient.store.work import Work

LONGEST_LIMIT = 250      # working days: a year


@dataclass(frozen=True, slots=True)
class SetCalendarDays(Command):
    """Days that are not what their weekday says: the yearly plan of holidays and swapped days, or days on which this
    office is closed. They win over what the program knows; a day set before is set anew."""

    days: tuple[CalendarDay, ...]


@rule(SetCalendarDays, by=Role.ADMINISTRATOR)
def set_calendar_days(work: Work, me: Actor, c: SetCalendarDays) -> Receipt:
    if not c.days:
        raise FieldWrong("days", Why.EMPTY)
    if len({each.day for each in c.days}) != len(c.days):
        raise FieldWrong("days", Why.TWICE)
    forget(work, [each.day for each in c.days])
    work.connection.execute(insert(tables.calendar_day), [
        {"day": each.day, "kind": each.kind, "note": each.note, "basis": each.basis} for each in c.days])
    return Receipt(type(c).__name__, work.entry, facts={"days": str(len(c.days))})


@dataclass(frozen=True, slots=True)
class ForgetCalendarDays(Command):
    """Take back what was set for these days: they are again what the country's calendar says."""

    days: tuple[date, ...]


@rule(ForgetCalendarDays, by=Role.ADMINISTRATOR)
def forget_calendar_days(work: Work, me: Actor, c: ForgetCalendarDays) -> Receipt:
    if not c.days:
        raise FieldWrong("days", Why.EMPTY)
    forget(work, c.days)
    return Receipt(type(c).__name__, work.entry, facts={"days": str(len(c.days))})


def forget(work: Work, days: list[date] | tuple[date, ...]) -> None:
    work.connection.execute(delete(tables.calendar_day).where(tables.calendar_day.c.day.in_(days)))


@dataclass(frozen=True, slots=True)
class SetTypeDeadline(Command):
    """The working rules' own limit for a type of incoming document, in working days from its arrival (NĐ 30 Art 24.2);
    0 takes it away. A date asked for by the sender or set by a leader goes before it (records-work 14.2)."""

    type_name: str
    days: int


@rule(SetTypeDeadline, by={Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE})
def set_type_deadline(work: Work, me: Actor, c: SetTypeDeadline) -> Receipt:
    if not 0 <= c.days <= LONGEST_LIMIT:
        raise FieldWrong("days", Why.NOT_A_NUMBER_OF_DAYS)
    if work.connection.scalar(select(tables.document_type.c.name).where(
            tables.document_type.c.name == c.type_name)) is None:
        raise FieldWrong("type_name", Why.UNKNOWN, c.type_name)
    table = tables.type_deadline
    work.connection.execute(delete(table).where(table.c.type_name == c.type_name))
    if c.days:
        work.connection.execute(insert(table).values(type_name=c.type_name, days=c.days))
    return Receipt(type(c).__name__, work.entry)


@dataclass(frozen=True, slots=True)
class ExtendDeadline(Command):
    """Put off what is due, with the reason (records-work 14.2). Whoever directed a level decides for it: at the top the
    document's own date, below it the level's, never past the date above. Whoever had asked for it is answered."""

    document: DocumentId
    version: int
    due_date: date
    reason: str


def present_deadline(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    """The date that was asked for, else the present one."""
    asked = open_request(work, me, document.id)
    level = Handling.read(work, document.id).directed_by(me.person)
    limit = asked["due_date"] if asked else level.limit if level and level.upper else document.due_date
    return {"due_date": limit.isoformat() if limit else None, "reason": asked["reason"] if asked else None}


@rule(ExtendDeadline, in_states={State.ASSIGNED, State.IN_WORK}, when=directed, order=58,
      prefill=present_deadline, kinds={"reason": AskKind.LONG_TEXT, "due_date": AskKind.DEADLINE})
def extend_deadline(work: Work, me: Actor, c: ExtendDeadline) -> Receipt:
    document = work.document(c.document)
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    handling = Handling.read(work, c.document)
    level = handling.directed_by(me.person)
    assert level is not None
    previous = document.due_date if level.upper is None else level.limit or document.due_date
    if c.due_date < today() or (previous is not None and c.due_date <= previous):
        raise FieldWrong("due_date", Why.NOT_LATER)
    if level.upper is not None:
        upper = next(share for share in handling.shares if share.id == level.upper)
        limit_within("due_date", c.due_date, upper.limit or document.due_date)
        work.connection.execute(update(tables.handler).where(
            tables.handler.c.id.in_([share.id for share in level.shares])).values(limit_date=c.due_date))
    work.connection.execute(insert(tables.deadline_change).values(
        id=new_id(), document=c.document, by=me.by, previous=previous, due_date=c.due_date,
        reason=c.reason, at=work.at, level=level.directions[0].id if level.upper else None))
    decide(work, me, c.document, granted=True, answer=c.reason)
    notify(work, [share.person for each in handling.all_below(level) for share in each.shares
                  if share.role is not HandlerRole.INFORMED], NoticeKind.DEADLINE_CHANGED, document=c.document,
           words=c.reason)
    changed = work.change(document, due_date=c.due_date) if level.upper is None else work.change(document)
    return receipt_for(work, c, changed)


@dataclass(frozen=True, slots=True)
class AskForExtension(Command):
    """A lead or helper asks whoever directed the work for a later date, with the reason."""

    document: DocumentId
    version: int
    due_date: date
    reason: str


def may_ask(work: Work, me: Actor, document: Document) -> bool:
    """Works on it, by somebody else's direction, and waits for no answer yet."""
    handling = Handling.read(work, document.id)
    mine = handling.of(me.person, HandlerRole.LEAD, HandlerRole.HELPING)
    if not mine or who_decides(handling, me) == me.person:
        return False
    table = tables.extension_request
    return work.connection.scalar(select(table.c.id).where(
        table.c.document == document.id, table.c.by == me.person, table.c.granted.is_(None)).limit(1)) is None


def who_decides(handling: Handling, me: Actor) -> PersonId:
    """Whoever directed this person's share; of the office's rule, the leader to whom it is shown."""
    share = handling.of(me.person, HandlerRole.LEAD, HandlerRole.HELPING)[0]
    first = handling.level_of(share).directions[0]
    return first.by_rule_for or first.by


def own_limit(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    shares = Handling.read(work, document.id).of(me.person)
    limit = (shares[0].limit if shares else None) or document.due_date
    return {"due_date": limit.isoformat() if limit else None}


@rule(AskForExtension, in_states={State.ASSIGNED, State.IN_WORK}, when=may_ask, order=56, prefill=own_limit,
      kinds={"reason": AskKind.LONG_TEXT, "due_date": AskKind.DEADLINE})
def ask_for_extension(work: Work, me: Actor, c: AskForExtension) -> Receipt:
    document, handling = work.document(c.document), Handling.read(work, c.document)
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    present = handling.of(me.person)[0].limit or document.due_date
    if c.due_date < today() or (present is not None and c.due_date <= present):
        raise FieldWrong("due_date", Why.NOT_LATER)
    asked = who_decides(handling, me)
    work.connection.execute(insert(tables.extension_request).values(
        id=new_id(), document=c.document, by=me.person, asked=asked, due_date=c.due_date, reason=c.reason, at=work.at))
    work.wait_for(c.document, WaitKind.EXTEND, person=asked)
    return receipt_for(work, c, work.change(document))


@dataclass(frozen=True, slots=True)
class RefuseExtension(Command):
    """The date stays; whoever had asked is told why."""

    document: DocumentId
    version: int
    reason: str


def asked_for_extension(work: Work, me: Actor, document: Document) -> bool:
    return open_request(work, me, document.id) is not None


@rule(RefuseExtension, in_states={State.ASSIGNED, State.IN_WORK}, when=asked_for_extension, order=59, negative=True,
      kinds={"reason": AskKind.LONG_TEXT})
def refuse_extension(work: Work, me: Actor, c: RefuseExtension) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    decide(work, me, c.document, granted=False, answer=c.reason)
    return receipt_for(work, c, work.change(work.document(c.document)))


def open_request(work: Work, me: Actor, document: DocumentId) -> RowMapping | None:
    """The newest one that this person has still to answer."""
    table = tables.extension_request
    return work.connection.execute(select(table).where(
        table.c.document == document, table.c.asked == me.person, table.c.granted.is_(None))
        .order_by(table.c.id.desc()).limit(1)).mappings().first()


def decide(work: Work, me: Actor, document: DocumentId, *, granted: bool, answer: str) -> None:
    """Answer everything that this person was asked about the document's date."""
    table = tables.extension_request
    mine = (table.c.document == document, table.c.asked == me.person, table.c.granted.is_(None))
    asking = work.connection.scalars(select(table.c.by).where(*mine)).all()
    work.connection.execute(update(table).where(*mine).values(
        granted=granted, decided_by=me.by, decided_at=work.at, answer=answer))
    work.nobody_waits(document, WaitKind.EXTEND, person=me.person)
    if not granted:
        notify(work, asking, NoticeKind.RETURNED, document=document, words=answer)
