"""The lines of a register as NĐ 30 Annex IV has them, ten columns each; read page by page, not line by line."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer, Row, ScalarSelect, String, and_, bindparam, func, select

from docclient.office import numbering
from docclient.office.model import VIETNAM, HandlerRole
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work

NUMBERS = {"incoming": tables.document.c.arrival_number}
"""By the register's kind; all others give `out_number`."""


def lines_of(work: Work, kind: str, register: str, after: int, limit: int) -> list[Any]:
    """The documents entered after that number: id, number and what the columns are made of, as named tuples."""
    line, asked = statement_for(kind)
    return list(map(line._make, asked.tuples(
        work.connection, {"of_register": register, "after": after, "at_most": limit})))


@cache
def statement_for(kind: str) -> tuple[Any, Prepared]:
    """What a line is made of, by name; and what asks for it."""
    document, number = tables.document.c, NUMBERS.get(kind, tables.document.c.out_number)
    common = (document.id, number.label("number"), document.code_number, document.code_notation, document.issued_date,
              document.type_name, document.subject)
    if kind == "incoming":
        lead, person, direction = tables.handler.alias(), tables.person.c, tables.direction.c
        query = select(*common, document.arrival_date.label("day"), document.issuer_name, person.name.label("lead"),
                       direction.at.label("directed_at")).select_from(
            tables.document.outerjoin(lead, lead.c.id == first_lead()).outerjoin(
                tables.person, person.id == lead.c.person).outerjoin(
                tables.direction, direction.id == lead.c.direction))
    else:
        query = select(*common, document.issued_date.label("day"), document.signer_name, document.unit,
                       document.issued_amount, document.note)
    query = query.where(document.register == bindparam("of_register", type_=String),
                        number > bindparam("after", type_=Integer)).order_by(number).limit(
        bindparam("at_most", type_=Integer))
    return namedtuple("Line", query.selected_columns.keys()), Prepared(query)


def first_lead() -> ScalarSelect[str]:
    """To whom the leader gave it: passed on inside a unit, it stays the first one's here."""
    handler = tables.handler.alias().c
    return select(func.min(handler.id)).where(
        handler.document == tables.document.c.id, handler.role == HandlerRole.LEAD).scalar_subquery()


def columns_of(work: Work, kind: str, rows: Sequence[Row[Any]]) -> list[tuple[str, ...]]:
    """The ten columns of each line."""
    if kind == "incoming":
        return [incoming_columns(row) for row in rows]
    wanted = [row.id for row in rows]
    units = {row.id: row.name for row in work.connection.execute(select(tables.unit.c.id, tables.unit.c.name))}
    recipients = recipients_of(work, wanted)
    return [outgoing_columns(row, recipients[row.id], units.get(row.unit)) for row in rows]


def incoming_columns(row: Sequence[Any]) -> tuple[str, ...]:
    """Sổ đăng ký văn bản đến: ngày đến, số đến, tác giả, số ký hiệu, ngày tháng, tên loại và trích yếu, đơn vị hoặc
    người nhận, ngày chuyển, ký nhận, ghi chú (Annex IV)."""
    _, number, code, notation, issued, type_name, subject, day, issuer, lead, directed_at = row
    return (short(day), str(number), issuer or "", written(code, notation), short(issued), f"{type_name}: {subject}",
            lead or "", day_of(directed_at), "", "")


def outgoing_columns(row: Row[Any], recipients: Sequence[str], unit: str | None) -> tuple[str, ...]:
    """Sổ đăng ký văn bản đi: số ký hiệu, ngày tháng, tên loại và trích yếu, người ký, nơi nhận, đơn vị, người nhận bản
    lưu, số lượng bản, ngày chuyển, ký nhận, ghi chú (Annex IV)."""
    return (written(row.code_number, row.code_notation), short(row.issued_date), f"{row.type_name}: {row.subject}",
            row.signer_name or "",
            "; ".join(recipients), f"VT, {unit}" if unit else "VT", str(row.issued_amount or len(recipients)),
            short(row.issued_date), "", row.note or "")


def recipients_of(work: Work, documents: Sequence[str]) -> Mapping[str, list[str]]:
    """Agencies first, then people and units of the office, each in the order they were named."""
    found: dict[str, list[str]] = defaultdict(list)
    if not documents:
        return found
    inside, delivery = tables.inside_recipient, tables.delivery
    for row in work.connection.execute(
            select(delivery.c.document, delivery.c.agency_name).where(delivery.c.document.in_(documents))
            .order_by(delivery.c.id)):
        found[row.document].append(row.agency_name)
    for each in work.connection.execute(
            select(inside.c.document, tables.person.c.name.label("person"), tables.unit.c.name.label("unit"))
            .select_from(inside).outerjoin(tables.person, and_(tables.person.c.id == inside.c.person))
            .outerjoin(tables.unit, tables.unit.c.id == inside.c.unit)
            .where(inside.c.document.in_(documents)).order_by(inside.c.id)):
        found[each.document].append(each.person or each.unit)
    return found


def written(number: str | None, notation: str | None) -> str:
    return f"{number}/{notation}" if number and notation else number or notation or ""


@lru_cache(maxsize=4_096)
def short(day: date | None) -> str:
    """A page has few different days."""
    return numbering.short_date(day)


def day_of(at: datetime | None) -> str:
    return short(at.astimezone(VIETNAM).date()) if at is not None else ""
