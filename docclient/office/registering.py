"""What the office has laid down for a document before anybody decides: its register, its handler, its limit.

Registers: a year may have several incoming ones (by field, by unit), each with its own run of numbers from 01 (NĐ 30
Art 22.2; the head of the agency decides). They are known by their title, so that a rule outlives the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, String, bindparam, func, select

from docclient.office.deadlines import office_calendar
from docclient.office.errors import FieldWrong, RegisterClosed, Why
from docclient.office.model import Handler, PersonId, RegisterId, new_id, today
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work

INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What rules look at."""

    type_name: str
    sender_code: str
    sender_name: str
    subject: str


def fits(row: RowMapping | Mapping[str, Any], arrived: Arrived, codes: frozenset[str]) -> bool:
    """Every condition that the rule names holds; words of the subject in any order, with or without marks."""
    if row["type_name"] and fold(row["type_name"]) != fold(arrived.type_name):
        return False
    if row["sender_code"] and row["sender_code"] not in codes:
        return False
    said = fold(arrived.subject)
    return all(word in said for word in fold(row["subject_words"] or "").split())


def conditions(row: RowMapping | Mapping[str, Any]) -> int:
    """The narrower rule wins."""
    return sum(bool(row[name]) for name in ("type_name", "sender_code", "subject_words"))


def narrowest(rows: Sequence[Mapping[str, Any]], arrived: Arrived,
              codes: frozenset[str]) -> Mapping[str, Any] | None:
    fitting = [row for row in rows if fits(row, arrived, codes)]
    return max(fitting, key=conditions, default=None)


# --- registers -------------------------------------------------------------------------------------------------------


def register_titles(work: Work, year: int) -> tuple[str, ...]:
    """The incoming registers of a year, the first one opened first; of the newest year before, where this one has
    none yet."""
    register = tables.register
    newest = work.connection.scalar(select(func.max(register.c.year)).where(
        register.c.kind == INCOMING, register.c.year <= year))
    rows = work.connection.scalars(select(register.c.title).where(
        register.c.kind == INCOMING, register.c.year == newest).order_by(register.c.id)).all()
    if newest == year:          # a sub-register not yet opened this year still takes its first number
        before = work.connection.scalars(select(register.c.title).where(
            register.c.kind == INCOMING, register.c.year == year - 1).order_by(register.c.id)).all()
        rows = [*before, *rows]
    return tuple(dict.fromkeys(rows))


def closed_titles(work: Work, year: int) -> set[str]:
    """Of the incoming registers that take no number any more in that year."""
    register = tables.register
    return set(work.connection.scalars(select(register.c.title).where(
        register.c.kind == INCOMING, register.c.year == year, register.c.closed.is_(True))))


def title_by_rule(work: Work, arrived: Arrived, codes: frozenset[str]) -> str | None:
    """A rule that names a register closed since decides nothing: it is as if it were not there."""
    rules = register_rules().rows(work.connection)
    found = narrowest(rules, arrived, codes)
    if found is not None and found["title"] in (closed := closed_titles(work, today().year)):
        found = narrowest([each for each in rules if each["title"] not in closed], arrived, codes)
    return found["title"] if found is not None else None


@cache
def register_rules() -> Prepared:
    return Prepared(select(tables.register_rule).order_by(tables.register_rule.c.id))


def incoming_register(work: Work, year: int, title: str | None) -> RegisterId:
    """The register of that title in this year; a new year opens it at 01. Without a title: the office's first.
    Raises: FieldWrong, RegisterClosed."""
    if not title:
        return work.register_for(INCOMING, year)
    register = tables.register
    query = select(register.c.id, register.c.closed).where(
        register.c.kind == INCOMING, register.c.year == year, register.c.title == title)
    found = work.connection.execute(query).first()
    if found is None:
        if title not in register_titles(work, year):
            raise FieldWrong("register_title", Why.UNKNOWN, title)
        work.insert_once(register, id=new_id(), kind=INCOMING, year=year, title=title, last_number=0, closed=False)
        found = work.connection.execute(query).one()
    if found.closed:
        raise RegisterClosed(register=f"{title} {year}")
    return RegisterId(found.id)


# --- straight to the handler -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Route:
    """The office's rule for documents like this one."""

    id: str
    lead: Handler
    leader: PersonId
    words: str
    due_days: int | None
    basis: str


def route_for(work: Work, arrived: Arrived, codes: frozenset[str]) -> Route | None:
    found = narrowest(routing_rules().rows(work.connection), arrived, codes)
    if found is None:
        return None
    return Route(found["id"], Handler(found["lead_kind"], found["lead_id"]), PersonId(found["leader"]), found["words"],
                 found["due_days"], found["basis"])


@cache
def routing_rules() -> Prepared:
    rule = tables.routing_rule
    return Prepared(select(rule).where(rule.c.active.is_(True)).order_by(rule.c.id))


# --- limits ----------------------------------------------------------------------------------------------------------


def usual_limit(work: Work, type_name: str, arrival: date) -> date | None:
    """The working rules' own limit for this type, counted from the arrival in working days (NĐ 30 Art 24.2)."""
    days = days_of_type().scalar(work.connection, {"of_type": type_name})
    return office_calendar(work).after(arrival, days) if days else None


@cache
def days_of_type() -> Prepared:
    return Prepared(select(tables.type_deadline.c.days).where(
        tables.type_deadline.c.type_name == bindparam("of_type", type_=String)))


def after_working_days(work: Work, day: date, days: int | None) -> date | None:
    return office_calendar(work).after(day, days) if days else None
