"""Series of numbers (NĐ 30 Art 15.1, Annex I): which run a document's number comes from, and the taking of it.

The common run serves every type that no series of its own serves. A series is for some types, for one type of
normative texts, or for a council that uses the agency's seal; all copies share one run. A run is a register of one
year: its row is locked while a number is taken, in the transaction of the document that takes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, or_, select

from docclient.office import numbering
from docclient.office.errors import BackDated, CouncilEnded, FieldWrong, NumberTaken, RegisterClosed, Why
from docclient.office.model import Document, RegisterId, UnitId, new_id, today
from docclient.store import tables
from docclient.store.work import Work

OUTGOING, COPIES = "outgoing", "copies"


@dataclass(frozen=True, slots=True)
class Series:
    """types: the document types it serves; none for a council's. council: its abbreviation in symbols, or empty.
    normative: numbered `nn/yyyy/TYPE-AGENCY`. to_year: its last year; None while it goes on."""

    id: str
    name: str
    types: tuple[str, ...]
    normative: bool
    council: str
    from_year: int
    to_year: int | None

    def serves_in(self, year: int) -> bool:
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


@dataclass(frozen=True, slots=True)
class Given:
    """A number with its register and its day. written: `05`."""

    register: RegisterId
    number: int
    day: date
    written: str


def all_series(work: Work) -> tuple[Series, ...]:
    rows = work.connection.execute(select(tables.number_series).order_by(tables.number_series.c.id)).mappings()
    return tuple(Series(row["id"], row["name"], tuple(json.loads(row["types"])), row["normative"],
                        row["council"] or "", row["from_year"], row["to_year"]) for row in rows)


def council_named(work: Work, name: str, year: int) -> Series:
    """The series of a council, by its name or abbreviation. Raises: FieldWrong."""
    wanted = name.strip().casefold()
    found = next((each for each in all_series(work) if each.council and each.serves_in(year)
                  and wanted in {each.name.casefold(), each.council.casefold()}), None)
    if found is None:
        raise FieldWrong("council", Why.UNKNOWN, name)
    return found


def series_for(work: Work, type_name: str, council: str | None, year: int) -> Series | None:
    """council: identity of a council's series, this year's or an earlier one of the same council. None: the common run.
    Raises: CouncilEnded: the council numbers nothing in that year; never does it draw from the common run."""
    known = all_series(work)
    serving = [each for each in known if each.serves_in(year)]
    if council is None:
        return next((each for each in serving if type_name in each.types), None)
    named = next(each for each in known if each.id == council)
    found = next((each for each in serving if each.council == named.council), None)
    if found is None:
        raise CouncilEnded(council=named.name, year=year)
    return found


def must_be_numbered(work: Work, document: Document) -> bool:
    """Is there a run this year for what a council drafted? Always, where no council did. Raises: CouncilEnded."""
    if document.series is not None:
        series_for(work, document.type_name, document.series, today().year)
    return True


def symbol_of(work: Work, type_name: str, unit: UnitId, council: str | None, year: int) -> str:
    """The symbol of a document drafted in that unit. Raises: FieldWrong: no such type; CouncilEnded."""
    known = work.connection.execute(select(
        tables.document_type.c.abbreviation, tables.document_type.c.valid_to).where(
        tables.document_type.c.name == type_name)).first()
    if known is None or (known.valid_to is not None and known.valid_to < today()):
        raise FieldWrong("type_name", Why.UNKNOWN, type_name)
    found = series_for(work, type_name, council, year)
    agency = found.council if found is not None and found.council else work.fact("symbol")
    abbreviation = None if council is not None else work.connection.scalar(
        select(tables.unit.c.abbreviation).where(tables.unit.c.id == unit))
    return numbering.symbol(known[0], agency, abbreviation,
                            year if found is not None and found.normative else None)


def register_of(work: Work, kind: str, found: Series | None, year: int) -> RegisterId:
    """The open register of that run and year; a new year opens its own, at 01. Raises: RegisterClosed."""
    work.must_be_open()
    if found is None:
        return common_register(work, kind, year)
    query = select(tables.register.c.id).where(
        tables.register.c.kind == kind, tables.register.c.year == year, tables.register.c.series == found.id,
        tables.register.c.closed.is_(False)).limit(1)
    existing = work.connection.scalar(query)
    if existing is None:
        work.insert_once(tables.register, id=new_id(), kind=kind, year=year, title=found.name, last_number=0,
                         closed=False, series=found.id)
        existing = work.connection.scalar(query)
    if existing is None:
        raise RegisterClosed(register=f"{found.name} {year}")
    return RegisterId(existing)


def common_register(work: Work, kind: str, year: int) -> RegisterId:
    common = (tables.register.c.kind == kind) & tables.register.c.series.is_(None)
    query = select(tables.register.c.id).where(common, tables.register.c.year == year, tables.register.c.closed.is_(
        False)).order_by(tables.register.c.id).limit(1)
    existing = work.connection.scalar(query)
    if existing is None:
        title = work.connection.scalar(select(tables.register.c.title).where(common).order_by(
            tables.register.c.year.desc(), tables.register.c.id).limit(1))
        work.insert_once(tables.register, id=new_id(), kind=kind, year=year, title=title or kind, last_number=0,
                         closed=False)
        existing = work.connection.scalar(query)
    if existing is None:
        raise RegisterClosed(register=f"{kind} {year}")
    return RegisterId(existing)


def give_number(work: Work, document: Document, kind: str, found: Series | None, day: date, notation: str) -> Given:
    """Take the next number of the run for this document and write it into the book of given numbers.

    Raises: RegisterClosed; BackDated: the run's last number has a later day; NumberTaken: number and symbol were given
        in this year already, by whatever run.
    """
    register = register_of(work, kind, found, day.year)
    last = work.connection.execute(
        select(tables.given_number.c.day).where(tables.given_number.c.register == register)
        .order_by(tables.given_number.c.number.desc()).limit(1)).scalar()
    if last is not None and last > day:
        raise BackDated(day=numbering.short_date(day), last=numbering.short_date(last))
    number, issuer = work.take_number(register), work.own_agency()["code"]
    written = numbering.written_number(number)
    if work.connection.scalar(select(tables.given_number.c.id).where(
            tables.given_number.c.issuer_code == issuer, tables.given_number.c.year == day.year,
            tables.given_number.c.code_number == written,
            tables.given_number.c.code_notation == notation)) is not None:
        raise NumberTaken(number=f"{written}/{notation}")
    work.connection.execute(insert(tables.given_number).values(
        id=new_id(), document=document.id, register=register, number=number, year=day.year,
        issuer_code=issuer, code_number=written,
        code_notation=notation, day=day))
    return Given(register, number, day, written)


def next_number(work: Work, kind: str, found: Series | None, year: int) -> tuple[int, str]:
    """(the number that would be given now, the register's title); nothing is taken."""
    series = tables.register.c.series.is_(None) if found is None else tables.register.c.series == found.id
    row = work.connection.execute(
        select(tables.register.c.last_number, tables.register.c.title).where(
            tables.register.c.kind == kind, series, tables.register.c.year == year,
            tables.register.c.closed.is_(False)).order_by(tables.register.c.id).limit(1)).first()
    if row is not None:
        return row.last_number + 1, row.title
    if found is not None:
        return 1, found.name
    title = work.connection.scalar(select(tables.register.c.title).where(
        tables.register.c.kind == kind, series).order_by(tables.register.c.year.desc(), tables.register.c.id).limit(1))
    return 1, title or ""


def numbers_in(work: Work, register: str, kind: str) -> list[int]:
    """Every number of a register in order: of the documents that have it, and those that were cancelled. A number that
    stands twice stands twice here too."""
    column = tables.document.c.arrival_number if kind == "incoming" else tables.document.c.out_number
    numbers = list(work.connection.scalars(select(column).where(
        tables.document.c.register == register, column.is_not(None))))
    if kind != "incoming":
        numbers += work.connection.scalars(select(tables.given_number.c.number).where(
            tables.given_number.c.register == register, tables.given_number.c.cancelled_at.is_not(None)))
    return sorted(numbers)


def given_to_types(work: Work, types: tuple[str, ...], year: int) -> bool:
    """Was a number given in that year, or later, to a document of these types?"""
    return work.connection.scalar(
        select(tables.given_number.c.id)
        .join(tables.document, tables.document.c.id == tables.given_number.c.document)
        .where(tables.given_number.c.year >= year,
               or_(tables.document.c.type_name.in_(types), tables.given_number.c.type_name.in_(types)))
        .limit(1)) is not None
