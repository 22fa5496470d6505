"""Registers are closed and read-only; an agency that merged ends, and the new body starts at 01 (records-work 13.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update

from docclient.office.commands.people import made, needed
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, RegisterClosed, Why
from docclient.office.model import Actor, RegisterId, Role, new_id, today
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import CLOSED_ON, Work


@dataclass(frozen=True, slots=True)
class CloseRegister(Command):
    """The register takes no number any more. Its last number and the journal's head at its closing are kept, as they
    are printed on it."""

    register: RegisterId
    reason: str


@rule(CloseRegister, by={Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE})
def close_register(work: Work, me: Actor, c: CloseRegister) -> Receipt:
    needed(reason=c.reason)
    row = work.connection.execute(select(tables.register).where(
        tables.register.c.id == c.register).with_for_update()).mappings().first()
    if row is None:
        raise FieldWrong("register", Why.UNKNOWN)
    if row["closed"]:
        raise RegisterClosed(register=f"{row['title']} {row['year']}")
    close(work, c.register, c.reason)
    return made(work, c, register=c.register, last_number=str(row["last_number"]))


def close(work: Work, register: str, reason: str) -> None:
    head = work.connection.execute(select(tables.journal_head)).mappings().one()
    work.connection.execute(update(tables.register).where(tables.register.c.id == register).values(
        closed=True, closed_at=work.at, closed_why=reason, closed_entry=head["number"], closed_hash=head["hash"]))


def close_own_agency(work: Work, last_day: date, basis: str) -> int:
    """Every open register is closed, and nothing new is accepted. Returns how many registers."""
    opened = list(work.connection.scalars(select(tables.register.c.id).where(
        tables.register.c.closed.is_(False)).order_by(tables.register.c.id)))
    for register in opened:
        close(work, register, basis)
    work.set_fact(CLOSED_ON, last_day.isoformat())
    return len(opened)


@dataclass(frozen=True, slots=True)
class StartNewBody(Command):
    """After the agency was closed, the body that took its place works on in this office: its own name, code and symbol,
    and registers that start at 01. header: the printed lines of its name. What was issued before keeps its issuer."""

    code: str
    name: str
    symbol: str
    place: str
    first_day: date
    basis: str
    header: str = ""
    parent_name: str = ""


@rule(StartNewBody, by=Role.ADMINISTRATOR)
def start_new_body(work: Work, me: Actor, c: StartNewBody) -> Receipt:
    needed(code=c.code, name=c.name, symbol=c.symbol, place=c.place, basis=c.basis)
    if not work.fact(CLOSED_ON):
        raise FieldWrong("code", Why.NOT_CLOSED)
    former = work.own_agency()
    if former["code"] == c.code:
        raise FieldWrong("code", Why.TAKEN)
    known = work.connection.scalar(select(tables.agency.c.id).where(tables.agency.c.code == c.code))
    identity = known or new_id()
    facts = {"name": c.name, "parent_name": c.parent_name or None, "place": c.place, "own": True,
             "valid_from": c.first_day}
    work.connection.execute(update(tables.agency).where(tables.agency.c.id == former["id"]).values(own=False))
    if known:
        work.connection.execute(update(tables.agency).where(tables.agency.c.id == known).values(**facts))
    else:
        work.connection.execute(insert(tables.agency).values(id=identity, code=c.code, **facts))
    work.connection.execute(update(tables.agency).where(tables.agency.c.id == former["id"]).values(successor=identity))
    work.set_fact("symbol", c.symbol)
    work.set_fact("header", c.header or c.name.upper())
    work.set_fact(CLOSED_ON, "")
    registers = open_anew(work, c.name)
    return made(work, c, agency=identity, registers=str(registers))


def open_anew(work: Work, body: str) -> int:
    """For each register of this year that was closed, one of the same kind for the new body, empty."""
    rows = work.connection.execute(select(tables.register).where(
        tables.register.c.year == today().year, tables.register.c.closed.is_(True))
        .order_by(tables.register.c.id)).mappings().all()
    seen = set()
    for row in rows:
        run = (row["kind"], row["series"])
        if run not in seen:
            seen.add(run)
            work.connection.execute(insert(tables.register).values(
                id=new_id(), kind=row["kind"], year=row["year"], title=f"{row['title']} – {body}", last_number=0,
                closed=False, series=row["series"]))
    return len(seen)
