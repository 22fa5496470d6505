"""Verdicts on signatures: the newest one for lists, the whole history for the document's page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, func, select

from docclient.office.access import visible
from docclient.office.door import Query
from docclient.office.errors import NotFound
from docclient.office.model import Actor, Digest, DocumentId, FileKind
from docclient.office.registry import answers
from docclient.office.rights import Right, may
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One check of one file. number: 1 is the first, when the file came. by_name: who asked for it, empty for the first
    of older offices. online: the network was asked. evidence: the file with what the verdict rests on."""

    digest: Digest
    number: int
    conclusion: str
    report: Mapping[str, Any]
    at: datetime
    by_name: str
    online: bool
    evidence: Digest | None


@dataclass(frozen=True, slots=True)
class VerdictHistory(Query[tuple[VerdictView, ...]]):
    """Every check of one file of a document, newest first. Raises: NotFound."""

    document: DocumentId
    digest: Digest


@dataclass(frozen=True, slots=True)
class DocumentInDoubt:
    document: DocumentId
    version: int


@dataclass(frozen=True, slots=True)
class DocumentsInDoubt(Query[tuple[DocumentInDoubt, ...]]):
    """Documents this person may see whose current file's newest verdict is undetermined, oldest first: what a check
    with newer evidence may settle."""

    limit: int = 500


@answers(VerdictHistory)
def verdict_history(work: Work, me: Actor, q: VerdictHistory) -> tuple[VerdictView, ...]:
    shown = work.connection.scalars(
        select(tables.file.c.id).join(tables.document, tables.document.c.id == tables.file.c.document)
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.document.c.id == q.document, tables.file_version.c.digest == q.digest, visible(me))).all()
    if not any(may(work, me, Right.READ, q.document, each) for each in shown):
        raise NotFound(what="document", id=q.document)
    rows = work.connection.execute(
        select(tables.verdict, tables.person.c.name).outerjoin(tables.person, tables.person.c.id == tables.verdict.c.by)
        .where(tables.verdict.c.document == q.document, tables.verdict.c.digest == q.digest)
        .order_by(tables.verdict.c.number.desc())).mappings()
    return tuple(VerdictView(
        Digest(row["digest"]), row["number"], row["conclusion"], json.loads(row["report"]), row["at"],
        row["name"] or "", row["online"], Digest(row["evidence"]) if row["evidence"] else None) for row in rows)


@answers(DocumentsInDoubt)
def documents_in_doubt(work: Work, me: Actor, q: DocumentsInDoubt) -> tuple[DocumentInDoubt, ...]:
    checked, later, version, newer = (tables.verdict, tables.verdict.alias(), tables.file_version,
                                      tables.file_version.alias())
    overtaken = select(later.c.number).where(later.c.document == checked.c.document,
                                             later.c.digest == checked.c.digest, later.c.number > checked.c.number)
    gone_by = select(newer.c.id).where(newer.c.file == version.c.file, newer.c.number > version.c.number)
    rows = work.connection.execute(
        select(tables.document.c.id, tables.document.c.version).distinct().select_from(checked)
        .join(tables.document, tables.document.c.id == checked.c.document)
        .join(tables.file, and_(tables.file.c.document == checked.c.document, tables.file.c.kind == FileKind.MAIN))
        .join(version, and_(version.c.file == tables.file.c.id, version.c.digest == checked.c.digest))
        .where(checked.c.conclusion == "undetermined", ~overtaken.exists(), ~gone_by.exists(), visible(me))
        .order_by(tables.document.c.id).limit(max(1, min(q.limit, 1_000))))
    return tuple(DocumentInDoubt(DocumentId(row.id), row.version) for row in rows)


def newest_verdicts(*conditions: ColumnElement[bool]) -> Subquery:
    """The verdicts with `place` 1 for the newest of each file of each document."""
    checked = tables.verdict
    return select(checked, func.row_number().over(
        partition_by=(checked.c.document, checked.c.digest), order_by=checked.c.number.desc()).label("place"),
        func.count().over(partition_by=(checked.c.document, checked.c.digest)).label("count"),
    ).where(*conditions).subquery()


def current_main_files(*conditions: ColumnElement[bool]) -> Subquery:
    """(document, digest, place): `place` 1 is the newest version of the document's main file."""
    return select(
        tables.file.c.document, tables.file_version.c.digest,
        func.row_number().over(partition_by=tables.file.c.document,
                               order_by=tables.file_version.c.number.desc()).label("place"),
    ).join(tables.file_version, tables.file_version.c.file == tables.file.c.id).where(
        tables.file.c.kind == FileKind.MAIN, *conditions).subquery()


def conclusions_of(work: Work, documents: Iterable[str]) -> dict[str, str]:
    """The newest verdict on each document's current file, where it was verified."""
    wanted = list(documents)
    if not wanted:
        return {}
    current = current_main_files(tables.file.c.document.in_(wanted))
    newest = newest_verdicts(tables.verdict.c.document.in_(wanted))
    rows = work.connection.execute(
        select(current.c.document, newest.c.conclusion)
        .join(newest, and_(newest.c.document == current.c.document, newest.c.digest == current.c.digest))
        .where(current.c.place == 1, newest.c.place == 1))
    return {row.document: row.conclusion for row in rows}
