"""Founding an office: the database, the first person, and journal entry 1."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from docclient.office.door import Command, Receipt
from docclient.office.engine import FIRST_HEAD, OfficeEngine, append
from docclient.office.errors import FieldWrong, Why
from docclient.office.journal import Entry, canonical
from docclient.office.model import PersonId, Role, new_id
from docclient.office.registry import to_json
from docclient.office.watching import watching
from docclient.store import tables
from docclient.store.blobs import blobs_of
from docclient.store.database import making_database
from docclient.store.place import Place
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class FoundOffice(Command):
    """The agency whose office this is, and its first administrator.

    code: the agency's identifier (QĐ 20/2020). symbol: its abbreviation in symbols, e.g. UBND. place: as in the date
    line, e.g. `Tân Hiệp`.
    """

    code: str
    name: str
    symbol: str
    place: str
    parent_name: str = ""
    old_code: str = ""
    office_unit: str = "Văn phòng"
    office_unit_abbreviation: str = "VP"
    administrator: str = "Quản trị hệ thống"
    account: str = "quantri"


@dataclass(frozen=True, slots=True)
class Founded:
    engine: OfficeEngine
    administrator: PersonId
    unit: str


def found_office(place: Place, c: FoundOffice) -> Founded:
    """Make a new office. Raises: FieldWrong, OfficeExists, FolderNotWritable, DiskFull, OfficeUnreadable."""
    for name in ("code", "name", "symbol", "place", "administrator"):
        if not getattr(c, name).strip():
            raise FieldWrong(name, Why.EMPTY)
    blobs = blobs_of(place)
    person, unit = PersonId(new_id()), new_id()
    with making_database(place) as (database, connection), watching(connection) as watch:
        work = Work(connection, blobs, entry=1)
        connection.execute(insert(tables.journal_head).values(id=1, number=0, hash=FIRST_HEAD.hash))
        connection.execute(insert(tables.agency).values(
            id=new_id(), code=c.code, old_code=c.old_code or None, name=c.name, parent_name=c.parent_name or None,
            place=c.place, own=True))
        connection.execute(insert(tables.office_fact).values(name="symbol", value=c.symbol))
        connection.execute(insert(tables.unit).values(
            id=unit, name=c.office_unit, abbreviation=c.office_unit_abbreviation, position=0))
        connection.execute(insert(tables.person).values(
            id=person, name=c.administrator, account=c.account or None, active=True))
        connection.execute(insert(tables.post).values(
            id=new_id(), person=person, unit=unit, title=c.administrator, role=Role.ADMINISTRATOR))
        receipt = Receipt("FoundOffice", 1, facts={"administrator": person, "unit": unit})
        append(connection, FIRST_HEAD, Entry(
            1, work.at.isoformat(), person, c.administrator, "FoundOffice", None, canonical(to_json(c)),
            canonical({"facts": dict(receipt.facts), "rows": watch.changes()}), FIRST_HEAD.hash, ""))
    return Founded(OfficeEngine(database, blobs, place), person, unit)
