"""`office check`: does the office tell the truth about itself? Journal, numbers, documents, bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from docclient.office.engine import OfficeEngine, entry_of
from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.journal import Entry, Finding, Head, Lie, check_chain
from docclient.office.model import Digest
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class CheckResult:
    """entries: journal rows read. head: hash of the last one, as recorded."""

    entries: int
    head: str | None
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return not self.findings


def check_office(engine: OfficeEngine, *,
                 progress: Callable[[int, int], None] = lambda done, total: None) -> CheckResult:
    """Read everything and name what lies. `progress` counts blobs, the slow part."""
    with engine.reading() as work:
        row = work.connection.execute(select(tables.journal_head)).mappings().first()
        head = Head(row["number"], row["hash"]) if row else Head(0, "")
        count = work.connection.scalar(select(func.count()).select_from(tables.journal)) or 0
        findings = check_chain(entries_of(work), head)
        findings += check_documents(work)
        findings += check_numbers(work)
        findings += check_blobs(work, progress)
    return CheckResult(count, head.hash or None, tuple(findings))


def entries_of(work: Work) -> Iterator[Entry]:
    result = work.connection.execution_options(yield_per=1_000).execute(
        select(tables.journal).order_by(tables.journal.c.number)).mappings()
    return (entry_of(row) for row in result)


def check_documents(work: Work) -> list[Finding]:
    """Each document stands as the last journal entry about it says."""
    findings = []
    last = (select(tables.journal.c.document, func.max(tables.journal.c.number).label("number"))
            .where(tables.journal.c.document.is_not(None)).group_by(tables.journal.c.document)).subquery()
    rows = work.connection.execute(
        select(tables.document.c.id, tables.document.c.state, tables.document.c.version, tables.document.c.last_entry,
               tables.journal.c.number, tables.journal.c.effect)
        .outerjoin(last, last.c.document == tables.document.c.id)
        .outerjoin(tables.journal, tables.journal.c.number == last.c.number)).mappings()
    for row in rows:
        where = f"document {row['id']}"
        if row["number"] is None:
            findings.append(Finding(Lie.OTHER, where, "no journal entry speaks of it"))
            continue
        effect = parsed(row["effect"])
        if row["last_entry"] > row["number"] and changed_by_another(work, row["id"], row["last_entry"]):
            continue
        if (effect.get("state"), effect.get("version")) != (row["state"], row["version"]):
            findings.append(Finding(Lie.EDITED, where, f"its row differs from journal entry {row['number']}"))
    return findings


def changed_by_another(work: Work, document: str, entry: int) -> bool:
    """A command about one document may move a second one (an answer begun moves the incoming document on)."""
    facts = work.connection.scalar(select(tables.journal.c.effect).where(tables.journal.c.number == entry))
    named = parsed(facts).get("facts") if facts is not None else None
    return isinstance(named, dict) and document in named.values()


def parsed(effect: str) -> dict[str, object]:
    try:
        value = json.loads(effect)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def check_numbers(work: Work) -> list[Finding]:
    """Numbers of each register run without gap from where it began; none stands twice (NĐ 30 Art 15.1)."""
    findings = []
    started = {row.effect_register: row.last for row in opened_registers(work)}
    for register in work.connection.execute(select(tables.register)).mappings():
        column = tables.document.c.arrival_number if register["kind"] == "incoming" else tables.document.c.out_number
        numbers = work.connection.scalars(select(column).where(
            tables.document.c.register == register["id"], column.is_not(None)).order_by(column)).all()
        where = f"register {register['title']} {register['year']}"
        expected = started.get(register["id"], 0) + 1
        for number in numbers:
            if number < expected:
                findings.append(Finding(Lie.NUMBER_DOUBLED, where, f"number {number} stands more than once"))
            elif number > expected:
                findings.append(Finding(Lie.NUMBER_GAP, where, f"numbers {expected} to {number - 1} have no document"))
            expected = max(expected, number + 1)
        if expected <= register["last_number"]:
            findings.append(Finding(Lie.NUMBER_GAP, where,
                                    f"numbers {expected} to {register['last_number']} have no document"))
    return findings


@dataclass(frozen=True, slots=True)
class OpenedRegister:
    effect_register: str
    last: int


def opened_registers(work: Work) -> Iterator[OpenedRegister]:
    rows = work.connection.execute(select(tables.journal.c.fields, tables.journal.c.effect).where(
        tables.journal.c.command == "OpenRegister")).all()
    for fields, effect in rows:
        facts, given = parsed(effect).get("facts", {}), parsed(fields)
        last = given.get("last_number", 0)
        if isinstance(facts, dict) and "register" in facts and isinstance(last, int):
            yield OpenedRegister(str(facts["register"]), last)


def check_blobs(work: Work, progress: Callable[[int, int], None]) -> list[Finding]:
    findings = []
    digests = work.connection.scalars(select(tables.blob.c.digest).order_by(tables.blob.c.digest)).all()
    for done, digest in enumerate(digests, start=1):
        try:
            work.blobs.open(Digest(digest)).close()
        except BlobMissing:
            findings.append(Finding(Lie.BLOB_MISSING, f"file {digest}", "its bytes are not there"))
        except BlobChanged:
            findings.append(Finding(Lie.BLOB_CHANGED, f"file {digest}", "its bytes no longer match"))
        progress(done, len(digests))
    return findings
