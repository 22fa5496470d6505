"""Case files (hồ sơ): what they are, who may see and keep them, how long they are kept (NĐ 30/2020 Arts 28–31).

Retention counts from 1 January of the year after the work ended; files of five years and more are handed in to the
archive one year after the work ended (construction: three months after settlement); the head may let a unit keep them
up to two years longer, and the unit is warned thirty days before.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping, insert, or_, select, true, update

from docclient.office.errors import NotFound
from docclient.office.model import Actor, PersonId, Role, UnitId, new_id
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.work import Work

WARNING_DAYS = 30          # before hand-in is due (Annex VI, E2)
LONGER_YEARS = 2           # at most, with the head's written consent
HANDED_IN_FROM_YEARS = 5   # files kept for less are not handed in


class CaseFileState(StrEnum):
    """Words codes `case_file_state.<value>`."""

    PLANNED = "planned"            # on the year's list, not opened yet
    OPEN = "open"                  # đang lập
    CLOSED = "closed"              # đã kết thúc
    HANDED_IN = "handed_in"        # đã nộp lưu
    REMOVED = "removed"            # taken off the list while that was made; its symbol is not given again


class Retention(StrEnum):
    """Thời hạn bảo quản: permanent, or so many years (Law 33/2024: 2 to 70)."""

    PERMANENT = "permanent"
    YEARS_70 = "70"
    YEARS_50 = "50"
    YEARS_30 = "30"
    YEARS_20 = "20"
    YEARS_10 = "10"
    YEARS_5 = "5"
    YEARS_2 = "2"

    @property
    def years(self) -> int | None:
        return None if self is Retention.PERMANENT else int(self.value)

    @property
    def code(self) -> str:
        """Of the archive metadata (TT 05/2025): 07 is "other"."""
        return ARCHIVE_CODES.get(self, "07")


ARCHIVE_CODES = {Retention.PERMANENT: "01", Retention.YEARS_70: "02", Retention.YEARS_50: "03",
                 Retention.YEARS_30: "04", Retention.YEARS_20: "05", Retention.YEARS_10: "06"}


class Rights(StrEnum):
    """Chế độ sử dụng: who may use the file once it lies in the archive."""

    PUBLIC = "public"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case file. code: FileCode of Annex VI. kept_from, kept_to: the retention period, both days included; kept_to
    None: permanent, or the work has not ended."""

    id: str
    version: int
    state: CaseFileState
    organ_id: str
    year: int
    notation: str
    heading: str | None
    position: int
    title: str
    retention: Retention
    rights: Rights
    owner: PersonId
    unit: UnitId | None
    language: str
    note: str
    construction: bool
    start_date: date | None
    end_date: date | None
    ended_on: date | None
    hand_in_due: date | None
    kept_until: date | None
    kept_basis: str | None
    handed_in_at: datetime | None
    handed_in_late: bool
    last_ordinal: int
    opened_at: datetime | None
    closed_at: datetime | None

    @property
    def code(self) -> str:
        return f"{self.organ_id}.{self.year}.{self.notation}"

    @property
    def due(self) -> date | None:
        """The day by which it must be in the archive."""
        return self.kept_until or self.hand_in_due

    @property
    def kept_from(self) -> date | None:
        return kept_from(self.ended_on) if self.ended_on else None

    @property
    def kept_to(self) -> date | None:
        years = self.retention.years
        return date(self.ended_on.year + years, 12, 31) if self.ended_on and years is not None else None


def kept_from(ended_on: date) -> date:
    """Retention is counted from 1 January of the year after the work ended (Law 33/2024)."""
    return date(ended_on.year + 1, 1, 1)


def hand_in_due(ended_on: date, retention: Retention, *, construction: bool) -> date | None:
    """The last day for handing in; None for files that are not handed in."""
    if retention.years is not None and retention.years < HANDED_IN_FROM_YEARS:
        return None
    return months_later(ended_on, 3 if construction else 12)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def near(due: date | None, day: date) -> bool:
    """Is hand-in due within the thirty days of warning, or past?"""
    return due is not None and due <= day + timedelta(days=WARNING_DAYS)


# --- who may ---------------------------------------------------------------------------------------------------------

SEE_ALL_FILES = frozenset({Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE, Role.ARCHIVIST})
KEEP_ALL_FILES = frozenset({Role.CLERK, Role.CHIEF_OF_OFFICE})
ARCHIVE = frozenset({Role.ARCHIVIST, Role.CLERK})
"""Who takes case files in: where there is no archivist, the clerk is the archive too."""


def headed_units(me: Actor) -> list[UnitId]:
    return [post.unit for post in me.posts if post.role in {Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE}]


def visible_files(me: Actor) -> ColumnElement[bool]:
    """The condition on `case_file` for what this person may see: one's own, those of the unit one heads; clerks,
    leaders, the chief of office and the archivist see all. What lies in a file is asked document by document."""
    if me.roles & SEE_ALL_FILES:
        return true()
    return or_(tables.case_file.c.owner == me.person, tables.case_file.c.unit.in_(headed_units(me)))


def may_keep(work: Work, me: Actor, file: CaseFile) -> bool:
    """May put documents in, take them out, change and close it."""
    return me.person == file.owner or bool(me.roles & KEEP_ALL_FILES) or file.unit in headed_units(me)


# --- reading and writing ---------------------------------------------------------------------------------------------

def case_file_of(row: RowMapping) -> CaseFile:
    return CaseFile(
        row["id"], row["version"], CaseFileState(row["state"]), row["organ_id"], row["year"], row["notation"],
        row["heading"], row["position"], row["title"], retention_of(row), Rights(row["rights"]),
        PersonId(row["owner"]), row["unit"], row["language"], row["note"], bool(row["construction"]),
        row["start_date"], row["end_date"], row["ended_on"], row["hand_in_due"], row["kept_until"], row["kept_basis"],
        row["handed_in_at"], bool(row["handed_in_late"]), row["last_ordinal"], row["opened_at"], row["closed_at"])


def retention_of(row: RowMapping) -> Retention:
    return Retention.PERMANENT if row["retention_years"] is None else Retention(str(row["retention_years"]))


def load_case_file(work: Work, me: Actor, identity: str) -> CaseFile:
    """Raises: NotFound (also where this person may not see it)."""
    row = work.connection.execute(select(tables.case_file).where(
        tables.case_file.c.id == identity, visible_files(me))).mappings().first()
    if row is None:
        raise NotFound(what="case_file", id=identity)
    return case_file_of(row)


def new_case_file(work: Work, **values: object) -> str:
    identity = new_id()
    work.connection.execute(insert(tables.case_file).values(
        id=identity, version=1, last_ordinal=0, folded=folded(values), last_entry=work.entry, created_at=work.at,
        updated_at=work.at, **values))
    note_act(work, identity)
    return identity


def change_case_file(work: Work, file: CaseFile, *, counted: bool = True, **values: object) -> CaseFile:
    """counted: count the version up. Putting documents in does not: two may do it at once."""
    present = {"notation": file.notation, "title": file.title, "note": file.note, **values}
    work.connection.execute(update(tables.case_file).where(tables.case_file.c.id == file.id).values(
        version=file.version + counted, updated_at=work.at, last_entry=work.entry, folded=folded(present), **values))
    note_act(work, file.id)
    row = work.connection.execute(select(tables.case_file).where(tables.case_file.c.id == file.id)).mappings().one()
    return case_file_of(row)


def note_act(work: Work, identity: str) -> None:
    work.insert_once(tables.case_file_act, case_file=identity, entry=work.entry)


def folded(values: dict[str, object]) -> str:
    return fold(" ".join(str(values[name]) for name in ("notation", "title", "note") if values.get(name)))
