"""Whom leaders chose before for the same sender and type: proposed for the next direction, never decided by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, String, bindparam, select, update

from docclient.office.handling import Named
from docclient.office.model import Document, HandlerRole, new_id
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work

AT_MOST_HELPERS = 3
OFTEN = 2        # a helper is proposed once it was chosen as often; the lead from the first time


def key_of(document: Document) -> dict[str, str]:
    return {"sender": document.issuer_code or fold(document.issuer_name or ""), "type_name": document.type_name}


def remember_choice(work: Work, document: Document, chosen: Iterable[Named]) -> None:
    table, key = tables.earlier_choice, key_of(document)
    known = {(row["role"], row["kind"], row["handler"]): row["id"] for row in choices().rows(work.connection, key)}
    for each in chosen:
        if each.role not in (HandlerRole.LEAD, HandlerRole.HELPING):
            continue
        # the journal's head is locked: nobody else puts the same choice in between
        earlier = known.get((each.role, each.handler.kind, each.handler.id))
        if earlier is None:
            work.put(table, id=new_id(), uses=1, **key, role=each.role, kind=each.handler.kind,
                     handler=each.handler.id)
        else:
            used_again().run(work.connection, {"choice": earlier})


@cache
def choices() -> Prepared:
    table = tables.earlier_choice
    return Prepared(select(table.c.id, table.c.role, table.c.kind, table.c.handler).where(
        table.c.sender == bindparam("sender", type_=String), table.c.type_name == bindparam("type_name", type_=String)))


@cache
def used_again() -> Prepared:
    table = tables.earlier_choice
    return Prepared(
        update(table).where(table.c.id == bindparam("choice", type_=String)).values(uses=table.c.uses + 1))


def proposed(work: Work, document: Document) -> Mapping[str, Any]:
    """First values for `lead` and `helping`: whom earlier directions on the like named most often."""
    table = tables.earlier_choice
    rows = work.connection.execute(
        select(table).where(*(table.c[name] == value for name, value in key_of(document).items()))
        .order_by(table.c.uses.desc(), table.c.id)).mappings().all()
    leads = [each for each in rows if each["role"] == HandlerRole.LEAD and still_there(work, each)]
    if not leads:
        return {}
    helpers = [each for each in rows if each["role"] == HandlerRole.HELPING and each["uses"] >= OFTEN
               and each["handler"] != leads[0]["handler"] and still_there(work, each)]
    return {"lead": handler_of(leads[0]), "helping": [handler_of(each) for each in helpers[:AT_MOST_HELPERS]]}


def handler_of(row: RowMapping) -> dict[str, str]:
    return {"kind": row["kind"], "id": row["handler"]}


def still_there(work: Work, row: RowMapping) -> bool:
    if row["kind"] == "unit":
        return work.connection.scalar(select(tables.unit.c.id).where(tables.unit.c.id == row["handler"])) is not None
    return work.connection.scalar(select(tables.person.c.id).where(
        tables.person.c.id == row["handler"], tables.person.c.active.is_(True))) is not None
