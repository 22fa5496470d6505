"""Signed documents whose time-stamp is still to come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from docclient.office.access import visible
from docclient.office.commands.stamping import STAMPABLE
from docclient.office.door import Query
from docclient.office.model import Actor, Digest, DocumentId, FileKind, State, Step
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import Work
from signing.levels import Level

MOST = 1_000


@dataclass(frozen=True, slots=True)
class StampDue:
    """file: the newest version of the document's main file. level: the lowest of a signature in it."""

    document: DocumentId
    version: int
    state: State
    file: Digest
    level: Level


@dataclass(frozen=True, slots=True)
class StampsDue(Query[tuple[StampDue, ...]]):
    """Documents signed here whose signatures are below `level`, the longest untouched first."""

    level: Level
    limit: int = 200


@answers(StampsDue)
def stamps_due(work: Work, me: Actor, q: StampsDue) -> tuple[StampDue, ...]:
    newest = (
        select(tables.file.c.document, tables.file_version.c.digest, tables.file_version.c.step,
               func.row_number().over(partition_by=tables.file.c.document, order_by=(
                   tables.file.c.position, tables.file_version.c.number.desc())).label("place"))
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file.c.kind == FileKind.MAIN)
    ).subquery()
    rows = work.connection.execute(
        select(tables.document.c.id, tables.document.c.version, tables.document.c.state, newest.c.digest,
               newest.c.step, tables.verdict.c.report)
        .join(newest, and_(newest.c.document == tables.document.c.id, newest.c.place == 1))
        .join(tables.verdict, and_(tables.verdict.c.document == tables.document.c.id,
                                   tables.verdict.c.digest == newest.c.digest, tables.verdict.c.number == 1))
        .where(tables.document.c.state.in_(STAMPABLE), visible(me),
               newest.c.step.in_([Step.SIGNED, Step.SEALED, Step.STAMPED]))
        .order_by(tables.document.c.updated_at).limit(MOST))
    due = []
    for row in rows:
        level = lowest_level(json.loads(row.report))
        if level is not None and is_due(level, Step(row.step), q.level):
            due.append(StampDue(row.id, row.version, State(row.state), Digest(row.digest), level))
    return tuple(due[:q.limit])


def is_due(level: Level, step: Step, wanted: Level) -> bool:
    """Whether a signed file of this level is to be stamped. What was stamped and still counts as b-b has a stamp whose
    service is not trusted here: another is of no use."""
    return level.rank < wanted.rank and not (step is Step.STAMPED and level is Level.B_B)


def lowest_level(report: dict[str, Any]) -> Level | None:
    """Of the signatures of a kept report; None when one of them is of no PAdES level."""
    levels = [each["level"] for each in report["signatures"] if each["kind"] != "timestamp"]
    if not levels or not all(level in list(Level) for level in levels):
        return None
    return min((Level(level) for level in levels), key=lambda level: level.rank)
