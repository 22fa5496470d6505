"""Is a copy of an office what it says it is? Found before it becomes one: what is refused leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import CopyLies
from docclient.office.findings import Finding, Lie
from docclient.store.backup import Judge
from docclient.store.blobs import Blobs
from docclient.store.place import Place


def judge_of(folder: Path) -> Judge:
    """Judges a backup or export that lies in `folder`. The judge raises: CopyLies."""

    def judge(database: Engine, blobs: Blobs, missing: frozenset[str]) -> None:
        found = [each for each in check_office(OfficeEngine(
            database, blobs, Place(database.url, folder, str(folder)))).findings if not was_said(each, missing)]
        if found:
            raise CopyLies(folder=str(folder), where=found[0].place, why=found[0].why, count=len(found))

    return judge


def was_said(finding: Finding, missing: frozenset[str]) -> bool:
    """The copy itself tells which files the office had lost by then."""
    return finding.kind is Lie.BLOB_MISSING and finding.where.removeprefix("file ") in missing
