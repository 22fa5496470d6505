"""Agencies change their names and codes, merge and close; units are renamed and closed (records-work 13.3).

What was sent and received keeps the names and codes it had. A former name or code still finds the agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping, func, insert, select, update

from docclient.office.commands.office_closing import close_own_agency
from docclient.office.commands.people import made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, StillWaiting, Why
from docclient.office.model import Actor, Role, UnitId, new_id, today
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


def agency_of(work: Work, code: str, field: str = "code") -> RowMapping:
    """By its present code. Raises: FieldWrong."""
    row = work.connection.execute(select(tables.agency).where(tables.agency.c.code == code)).mappings().first()
    if row is None:
        raise FieldWrong(field, Why.UNKNOWN, code)
    return row


@dataclass(frozen=True, slots=True)
class ChangeAgency(Command):
    """The agency under `code` has another name, code, place or address from a day on; empty: as before. The former name
    and code are kept with the basis, and still found."""

    code: str
    from_day: date
    basis: str
    new_code: str = ""
    name: str = ""
    parent_name: str = ""
    place: str = ""
    email: str = ""


@rule(ChangeAgency, by={Role.ADMINISTRATOR, Role.CLERK})
def change_agency(work: Work, me: Actor, c: ChangeAgency) -> Receipt:
    needed(basis=c.basis)
    row = agency_of(work, c.code)
    if row["own"] and Role.ADMINISTRATOR not in me.roles:
        raise FieldWrong("code", Why.OWN_AGENCY)
    given = {"name": c.name, "parent_name": c.parent_name, "place": c.place, "email": c.email, "code": c.new_code}
    changed = {name: value.strip() for name, value in given.items() if value.strip() and value.strip() != row[name]}
    if not changed:
        raise FieldWrong("name", Why.UNCHANGED)
    if "code" in changed:
        if work.connection.scalar(select(tables.agency.c.id).where(tables.agency.c.code == changed["code"])):
            raise FieldWrong("new_code", Why.TAKEN)
        changed["old_code"] = row["code"]
    if {"name", "code"} & changed.keys():
        keep_former(work, row["name"], row["code"], c.from_day, c.basis, agency=row["id"])
    work.connection.execute(update(tables.agency).where(tables.agency.c.id == row["id"]).values(**changed))
    return made(work, c, agency=row["id"])


def keep_former(work: Work, name: str, code: str, until: date, basis: str, *, agency: str | None = None,
                unit: str | None = None) -> None:
    work.connection.execute(insert(tables.former_name).values(
        id=new_id(), agency=agency, unit=unit, name=name, code=code, until=until, basis=basis))


@dataclass(frozen=True, slots=True)
class CloseAgency(Command):
    """The agency ended on last_day; successor: the code of the agency that took over, if one did. The office's own
    agency: its registers are closed and nothing new is accepted (`StartNewBody` begins anew, at 01)."""

    code: str
    last_day: date
    basis: str
    successor: str = ""


@rule(CloseAgency, by=Role.ADMINISTRATOR, negative=True, kinds={"successor": AskKind.AGENCY})
def close_agency(work: Work, me: Actor, c: CloseAgency) -> Receipt:
    needed(basis=c.basis)
    row = agency_of(work, c.code)
    successor = agency_of(work, c.successor, "successor") if c.successor else None
    end(work, row, c.last_day, successor)
    if row["own"]:
        closed = close_own_agency(work, c.last_day, c.basis)
        return made(work, c, agency=row["id"], registers=str(closed))
    return made(work, c, agency=row["id"])


def end(work: Work, row: RowMapping, last_day: date, successor: RowMapping | None) -> None:
    if row["valid_to"] is not None:
        raise FieldWrong("code", Why.AGENCY_CLOSED, row["code"])
    if successor is not None and successor["id"] == row["id"]:
        raise FieldWrong("successor", Why.SAME_AGENCY)
    if successor is not None and successor["valid_to"] is not None:
        raise FieldWrong("successor", Why.AGENCY_CLOSED, successor["code"])
    work.connection.execute(update(tables.agency).where(tables.agency.c.id == row["id"]).values(
        valid_to=last_day, successor=successor["id"] if successor is not None else None))


@dataclass(frozen=True, slots=True)
class MergeAgencies(Command):
    """These agencies ended on last_day; `into` took over (it is in the directory already)."""

    codes: tuple[str, ...]
    into: str
    last_day: date
    basis: str


@rule(MergeAgencies, by=Role.ADMINISTRATOR, kinds={"into": AskKind.AGENCY})
def merge_agencies(work: Work, me: Actor, c: MergeAgencies) -> Receipt:
    needed(basis=c.basis)
    into = agency_of(work, c.into, "into")
    if not c.codes:
        raise FieldWrong("codes", Why.EMPTY)
    for code in dict.fromkeys(c.codes):
        row = agency_of(work, code, "codes")
        if row["own"]:
            raise FieldWrong("codes", Why.OWN_AGENCY)
        end(work, row, c.last_day, into)
    return made(work, c, into=into["id"], merged=str(len(set(c.codes))))


# --- units ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeUnit(Command):
    """The unit has another name or abbreviation from a day on; empty: as before."""

    unit: UnitId
    from_day: date
    basis: str
    name: str = ""
    abbreviation: str = ""


def unit_of(work: Work, unit: UnitId) -> RowMapping:
    row = work.connection.execute(select(tables.unit).where(tables.unit.c.id == unit)).mappings().first()
    if row is None:
        raise FieldWrong("unit", Why.UNKNOWN)
    return row


@rule(ChangeUnit, by=Role.ADMINISTRATOR)
def change_unit(work: Work, me: Actor, c: ChangeUnit) -> Receipt:
    needed(basis=c.basis)
    row = unit_of(work, c.unit)
    changed = {name: value for name, value in (("name", c.name.strip()), ("abbreviation", c.abbreviation.strip()))
               if value and value != row[name]}
    if not changed:
        raise FieldWrong("name", Why.UNCHANGED)
    keep_former(work, row["name"], row["abbreviation"], c.from_day, c.basis, unit=c.unit)
    work.connection.execute(update(tables.unit).where(tables.unit.c.id == c.unit).values(**changed))
    work.people_changed()
    return made(work, c, unit=c.unit)


@dataclass(frozen=True, slots=True)
class CloseUnit(Command):
    """The unit ended on last_day. Refused while somebody has a post in it or something waits for it."""

    unit: UnitId
    last_day: date
    basis: str


@rule(CloseUnit, by=Role.ADMINISTRATOR)
def close_unit(work: Work, me: Actor, c: CloseUnit) -> Receipt:
    needed(basis=c.basis)
    row, day = unit_of(work, c.unit), today()
    if row["valid_to"] is not None:
        raise FieldWrong("unit", Why.AGENCY_CLOSED)
    holding = work.connection.scalar(
        select(tables.post.c.id).join(tables.person, tables.person.c.id == tables.post.c.person).where(
            tables.post.c.unit == c.unit, tables.person.c.active.is_(True),
            tables.post.c.valid_to.is_(None) | (tables.post.c.valid_to > day)).limit(1))
    if holding is not None:
        raise FieldWrong("unit", Why.IN_USE)
    waiting = work.connection.scalar(select(func.count()).select_from(tables.waiting).where(
        tables.waiting.c.unit == c.unit)) or 0
    if waiting:
        raise StillWaiting(person=row["name"], count=waiting)
    work.connection.execute(update(tables.unit).where(tables.unit.c.id == c.unit).values(valid_to=c.last_day))
    return made(work, c, unit=c.unit)


# --- document types ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeDocumentType(Command):
    """Another abbreviation for a type from now on; documents that have their symbol keep it."""

    name: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class RetireDocumentType(Command):
    """No new document is drafted in this type after last_day; what is there stays."""

    name: str
    last_day: date


def type_of(work: Work, name: str) -> RowMapping:
    row = work.connection.execute(select(tables.document_type).where(
        tables.document_type.c.name == name)).mappings().first()
    if row is None:
        raise FieldWrong("name", Why.UNKNOWN, name)
    return row


@rule(ChangeDocumentType, by=Role.ADMINISTRATOR)
def change_document_type(work: Work, me: Actor, c: ChangeDocumentType) -> Receipt:
    if type_of(work, c.name)["abbreviation"] == (c.abbreviation.strip() or None):
        raise FieldWrong("abbreviation", Why.UNCHANGED)
    work.connection.execute(update(tables.document_type).where(tables.document_type.c.name == c.name).values(
        abbreviation=c.abbreviation.strip() or None))
    return made(work, c)


@rule(RetireDocumentType, by=Role.ADMINISTRATOR)
def retire_document_type(work: Work, me: Actor, c: RetireDocumentType) -> Receipt:
    type_of(work, c.name)
    work.connection.execute(update(tables.document_type).where(tables.document_type.c.name == c.name).values(
        valid_to=c.last_day))
    return made(work, c)
