"""The line of a list: what it says of a document, read in one statement and made without detours.

A list selects `COLUMNS` (beside what it orders by) and hands the rows to `rows_of`; a list that has whole documents may
hand these instead: what is missing is then asked for them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Label, RowMapping, ScalarSelect, and_, select

from docclient.office.deadlines import Standing, office_calendar
from docclient.office.model import Channel, DocumentId, FileKind, Flow, HandlerRole, State, Urgency, today
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of a list. lead_name: who has the lead now. conclusion: the newest verdict on its current file's
    signatures, None if not verified."""

    id: DocumentId
    version: int
    flow: Flow
    state: State
    number_and_symbol: str
    arrival_number: int | None
    type_name: str
    subject: str
    issuer_name: str
    issued_date: date | None
    urgency: Urgency
    due_date: date | None
    standing: Standing
    channel: Channel | None
    lead_name: str
    updated_at: datetime
    conclusion: str | None = None


def lead_name() -> ScalarSelect[Any]:
    """Of the document in the outer query; passed on inside a unit, it is the last one's."""
    handler, person = tables.handler.alias(), tables.person.alias()
    return (select(person.c.name).join(handler, handler.c.person == person.c.id)
            .where(handler.c.document == tables.document.c.id, handler.c.role == HandlerRole.LEAD)
            .order_by(handler.c.id.desc()).limit(1).scalar_subquery())


def conclusion() -> ScalarSelect[Any]:
    """The newest verdict on the newest version of the document's main file."""
    file, version, verdict = tables.file.alias(), tables.file_version.alias(), tables.verdict.alias()
    return (select(verdict.c.conclusion).select_from(file)
            .join(version, version.c.file == file.c.id)
            .outerjoin(verdict, and_(verdict.c.document == file.c.document, verdict.c.digest == version.c.digest))
            .where(file.c.document == tables.document.c.id, file.c.kind == FileKind.MAIN)
            .order_by(version.c.number.desc(), verdict.c.number.desc()).limit(1).scalar_subquery())


LATER: tuple[Label[Any], ...] = (lead_name().label("lead_name"), conclusion().label("conclusion"))

COLUMNS = (*(tables.document.c[name] for name in (
    "id", "version", "flow", "state", "code_number", "code_notation", "arrival_number", "type_name", "subject",
    "issuer_name", "issued_date", "urgency", "due_date", "channel", "updated_at")), *LATER)
"""Everything that `rows_of` reads."""

FLOWS = {each.value: each for each in Flow}
STATES = {each.value: each for each in State}
CHANNELS = {each.value: each for each in Channel}
URGENCIES = {each.value: each for each in Urgency}


def rows_of(work: Work, found: Sequence[Mapping[Any, Any]]) -> tuple[DocumentRow, ...]:
    """found: rows with `COLUMNS`, or with all of `document`."""
    if not found:
        return ()
    later: Mapping[str, RowMapping] = {} if "lead_name" in found[0] else later_of(work, [each["id"] for each in found])
    day, calendar = today(), office_calendar(work)
    standings: dict[tuple[State, date | None], Standing] = {}      # a page has few different days
    rows = []
    for each in found:
        state, due = STATES[each["state"]], each["due_date"]
        rest = later[each["id"]] if later else each
        standing = standings.get((state, due))
        if standing is None:
            standing = standings[state, due] = Standing.of(state, due, day, calendar)
        number, notation, channel = each["code_number"], each["code_notation"], each["channel"]
        rows.append(DocumentRow(
            each["id"], each["version"], FLOWS[each["flow"]], state,
            f"{number}/{notation}" if number and notation else number or notation or "", each["arrival_number"],
            each["type_name"], each["subject"], each["issuer_name"] or "", each["issued_date"],
            URGENCIES[each["urgency"]], due, standing,
            CHANNELS[channel] if channel else None, rest["lead_name"] or "", each["updated_at"], rest["conclusion"]))
    return tuple(rows)


def later_of(work: Work, documents: Sequence[str]) -> Mapping[str, RowMapping]:
    """Who leads and what the verdict is, of each of these documents."""
    rows = work.connection.execute(
        select(tables.document.c.id, *LATER).where(tables.document.c.id.in_(documents))).mappings()
    return {row["id"]: row for row in rows}
