"""`office check`: does the office tell the truth about itself? Journal, numbers, documents, bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from docclient.office.engine import OfficeEngine, entry_of
from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.fingerprint import document_print
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
        if row is None:
            return CheckResult(0, None, (Finding(Lie.DELETED, "journal head", "an office always has one"),))
        head = Head(row["number"], row["hash"])
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
    """Each document stands as the last journal entry that touched it says: facts, files, verdicts, handlers."""
    last: dict[str, tuple[int, str]] = {}
    rows = work.connection.execution_options(yield_per=1_000).execute(
        select(tables.journal.c.number, tables.journal.c.effect).order_by(tables.journal.c.number))
    for number, effect in rows:
        prints = parsed(effect).get("documents")
        if isinstance(prints, dict):
            last.update({document: (number, str(print_)) for document, print_ in prints.items()})
    findings = []
    for document in work.connection.scalars(select(tables.document.c.id).order_by(tables.document.c.id)).all():
        number, expected = last.pop(document, (0, ""))
        if not expected:
            findings.append(Finding(Lie.INSERTED, f"document {document}", "no journal entry speaks of it"))
        elif document_print(work, document) != expected:
            findings.append(Finding(Lie.EDITED, f"document {document}", f"it differs from journal entry {number}"))
    findings += [Finding(Lie.DELETED, f"document {document}", f"journal entry {number} speaks of it")
                 for document, (number, _) in sorted(last.items())]
    return findings


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
        if expected - 1 > register["last_number"]:
            findings.append(Finding(Lie.NUMBER_DOUBLED, where,
                                    f"its counter stands at {register['last_number']}, behind number {expected - 1}"))
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
