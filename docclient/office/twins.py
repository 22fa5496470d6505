"""Duplicates of an incoming document (NĐ 30 Annex VI, A6): the same identifier, or number + symbol + issuing agency.

Numbers begin anew each year, so that the year of issue belongs to the number. Symbols are compared without case, marks
and spaces, numbers without leading zeros; an agency is the same under its old and its new code, and under either name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select

from docclient.office.model import Document, DocumentId, Flow, State
from docclient.office.search import fold
from docclient.store import tables
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
    known = work.connection.scalars(select(tables.twin_key.c.number).where(
        tables.twin_key.c.document == document.id)).all()
    if known == ([key] if key is not None else []):
        return
    if known:
        work.connection.execute(tables.twin_key.delete().where(tables.twin_key.c.document == document.id))
    if key is not None:
        work.put(tables.twin_key, document=document.id, number=key)


def twins_of(work: Work, marks: Marks, but: DocumentId | None = None) -> tuple[Twin, ...]:
    """Earlier incoming documents that seem to be the same, oldest first; returned ones count no more."""
    found: dict[DocumentId, TwinBy] = {}
    document = tables.document
    codes, names = names_of_agency(work, marks.issuer_code, marks.issuer_name)
    here = select(document.c.id, document.c.issuer_code, document.c.issuer_name).where(
        document.c.flow == Flow.INCOMING, document.c.state != State.RETURNED, document.c.id != (but or ""))
    if marks.exchange_id:
        for row in work.connection.execute(here.where(document.c.exchange_id == marks.exchange_id)):
            if same_agency(row.issuer_code, row.issuer_name, codes, names):
                found[DocumentId(row.id)] = TwinBy.IDENTIFIER
    key = number_key(marks.code_number, marks.code_notation, marks.issued_date)
    if key is not None:
        alike = here.join(tables.twin_key, tables.twin_key.c.document == document.c.id).where(
            tables.twin_key.c.number == key)
        for row in work.connection.execute(alike):
            if same_agency(row.issuer_code, row.issuer_name, codes, names):
                found.setdefault(DocumentId(row.id), TwinBy.NUMBER)
    return tuple(Twin(each, found[each]) for each in sorted(found))


def names_of_agency(work: Work, code: str, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Every code and folded name that this agency is known by."""
    agency = tables.agency
    codes, names = {code} - {""}, {pressed(name)} - {""}
    wanted = [agency.c.code == code, agency.c.old_code == code] if code else []
    if name:
        wanted.append(agency.c.name == name)
    if wanted:
        for row in work.connection.execute(select(agency.c.code, agency.c.old_code, agency.c.name).where(or_(*wanted))):
            codes |= {row.code, row.old_code} - {None}
            names.add(pressed(row.name))
    return frozenset(codes), frozenset(names)


def same_agency(code: str | None, name: str | None, codes: frozenset[str], names: frozenset[str]) -> bool:
    """By code where both sides have one (names repeat after mergers), else by name."""
    if code and codes:
        return code in codes
    return pressed(name or "") in names
