"""Deadlines: the office's calendar, and putting off what is due. The first date and each later one are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Document, DocumentId, Role, State, new_id, today
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.working_days import CalendarDay
from docclient.store import tables
from docclient.store.work import Work


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
class ExtendDeadline(Command):
    """Put off what is due, with the reason (records-work 14.2). Whoever directed the document decides."""

    document: DocumentId
    version: int
    due_date: date
    reason: str


def directed(work: Work, me: Actor, document: Document) -> bool:
    return work.connection.scalar(select(tables.direction.c.id).where(
        tables.direction.c.document == document.id, tables.direction.c.by == me.person).limit(1)) is not None


def present_deadline(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    return {"due_date": document.due_date.isoformat() if document.due_date else None}


@rule(ExtendDeadline, by=Role.LEADER, in_states={State.ASSIGNED, State.IN_WORK}, when=directed, order=70,
      prefill=present_deadline, kinds={"reason": AskKind.LONG_TEXT})
def extend_deadline(work: Work, me: Actor, c: ExtendDeadline) -> Receipt:
    document = work.document(c.document)
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    if c.due_date < today() or (document.due_date is not None and c.due_date <= document.due_date):
        raise FieldWrong("due_date", Why.NOT_LATER)
    work.connection.execute(insert(tables.deadline_change).values(
        id=new_id(), document=c.document, by=me.person, previous=document.due_date, due_date=c.due_date,
        reason=c.reason, at=work.at))
    return receipt_for(work, c, work.change(document, due_date=c.due_date))
