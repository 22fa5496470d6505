"""Duplicates of an incoming document (NĐ 30 Annex VI, A6): the same identifier, or number + symbol + issuing agency.

Numbers begin anew each year, so that the year of issue belongs to the number. Symbols are compared without case, marks
and spaces, numbers without leading zeros; an agency is the same under its old and its new code, and under either name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from sqlalchemy import String, bindparam, or_, select

from docclient.office.model import Document, DocumentId, Flow, State
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work


class TwinBy(StrEnum):
    IDENTIFIER = "identifier"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Twin:
    document: DocumentId
    by: TwinBy


@dataclass(frozen=True, slots=True)
class Marks:
    """What a document is recognised by."""

    code_number: str
    code_notation: str
    issued_date: date | None
    issuer_code: str
    issuer_name: str
    exchange_id: str = ""


def number_key(number: str, notation: str, issued: date | None) -> str | None:
    """None where there is no whole number to compare."""
    if not number.strip() or not notation.strip():
        return None
    return f"{pressed(number).lstrip('0')}/{pressed(notation)} {issued.year if issued else ''}"


def pressed(text: str) -> str:
    return fold(text).replace(" ", "")


def remember(work: Work, document: Document) -> None:
    """So that later ones are compared with this one; to be called whenever number, symbol or date change."""
    key = number_key(document.code_number or "", document.code_notation or "", document.issued_date)
    known = known_keys().tuples(work.connection, {"of_document": document.id})
    if known == ([(key,)] if key is not None else []):
        return
    if known:
        work.connection.execute(tables.twin_key.delete().where(tables.twin_key.c.document == document.id))
    if key is not None:
        work.put(tables.twin_key, document=document.id, number=key)


def twins_of(work: Work, marks: Marks, but: DocumentId | None = None) -> tuple[Twin, ...]:
    """Earlier incoming documents that seem to be the same, oldest first; returned ones count no more."""
    found: dict[DocumentId, TwinBy] = {}
    key = number_key(marks.code_number, marks.code_notation, marks.issued_date)
    alike = [(TwinBy.IDENTIFIER, row) for row in (
        with_exchange_id().tuples(work.connection, {"wanted": marks.exchange_id}) if marks.exchange_id else ())]
    alike += [(TwinBy.NUMBER, row) for row in (
        with_number().tuples(work.connection, {"wanted": key}) if key is not None else ())]
    alike = [(by, row) for by, row in alike
             if row[3] == Flow.INCOMING and row[4] != State.RETURNED and row[0] != but]
    if not alike:
        return ()
    codes, names = names_of_agency(work, marks.issuer_code, marks.issuer_name)
    for by, (identity, code, name, *_) in alike:
        if same_agency(code, name, codes, names):
            found.setdefault(DocumentId(identity), by)
    return tuple(Twin(each, found[each]) for each in sorted(found))


# The few that are alike are looked through here: told the flow and the state too, SQLite would take the index on these
# and go through every incoming document.


@cache
def with_exchange_id() -> Prepared:
    document = tables.document.c
    return Prepared(select(document.id, document.issuer_code, document.issuer_name, document.flow, document.state)
                    .where(document.exchange_id == bindparam("wanted", type_=String)))


@cache
def with_number() -> Prepared:
    document, key = tables.document.c, tables.twin_key.c
    return Prepared(select(document.id, document.issuer_code, document.issuer_name, document.flow, document.state)
                    .join(tables.twin_key, key.document == document.id)
                    .where(key.number == bindparam("wanted", type_=String)))


@cache
def known_keys() -> Prepared:
    return Prepared(select(tables.twin_key.c.number).where(
        tables.twin_key.c.document == bindparam("of_document", type_=String)))


def names_of_agency(work: Work, code: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Every code and folded name that this agency is known by."""
    codes, names = {code} - {""}, {pressed(name)} - {""}
    if code or name:
        rows = known_agencies().tuples(work.connection, {"code": code or None, "name": name or None})
        for known_code, old_code, known_name in rows:
            codes |= {known_code, old_code} - {None}
            names.add(pressed(known_name))
    return frozenset(codes), frozenset(names)


@cache
def known_agencies() -> Prepared:
    """By code, present or former, or by name; what is not given equals nothing."""
    agency, code = tables.agency.c, bindparam("code", type_=String)
    return Prepared(select(agency.code, agency.old_code, agency.name).where(or_(
        agency.code == code, agency.old_code == code, agency.name == bindparam("name", type_=String))))


def same_agency(code: str | None, name: str | None, codes: frozenset[str], names: frozenset[str]) -> bool:
    """By code where both sides have one (names repeat after mergers), else by name."""
    if code and codes:
        return code in codes
    return pressed(name or "") in names
