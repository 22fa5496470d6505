"""`office check`: does the office tell the truth about itself? Journal, stamps, numbers, documents, people, bytes.

Whole, everything is read. Since an earlier head, only what came after it: its entries, the documents they touched and
the bytes that were named; the rest was read when that head was signed off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from docclient.office.chain import BEGINNING, follow_chain
from docclient.office.checking_numbers import check_numbers
from docclient.office.checking_rows import RowBook
from docclient.office.checking_stamps import check_stamps, check_token
from docclient.office.engine import OfficeEngine, entry_of
from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.findings import Finding, Lie, document_lies, entry_lies, file_lies, head_lies
from docclient.office.fingerprint import document_print, shape_of
from docclient.office.journal import Entry, Head
from docclient.office.model import Digest
from docclient.store import tables
from docclient.store.work import Work
from docclient.words import Phrase

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KnownHead:
    """A head that was seen outside of the office. source: words code `known_head.…` (kept, given, stamp)."""

    head: Head
    source: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """entries: journal rows read. head: hash of the last one, as recorded. number: its number, as recorded. since: the
    entry after which was read; 0 for the whole office."""

    entries: int
    head: str | None
    findings: tuple[Finding, ...]
    number: int = 0
    since: int = 0

    @property
    def whole(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class Told:
    """What the entries say, gathered while the chain is followed."""

    documents: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: RowBook = field(default_factory=RowBook)

    def listen(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            effect = parsed(entry.effect)
            prints = effect.get("documents")
            if isinstance(prints, dict):
                self.documents.update({each: (entry.number, str(print_)) for each, print_ in prints.items()})
            self.rows.hear(entry.number, entry.command, effect)
            yield entry


def check_office(engine: OfficeEngine, *, since: Head = BEGINNING, known: Sequence[KnownHead] = (),
                 tokens: Sequence[bytes] = (), progress: Progress = lambda done, total: None) -> CheckResult:
    """Read the office and name what lies. since: a head that was signed off. known: heads seen elsewhere. tokens:
    stamps over heads, kept elsewhere. `progress` counts files, the slow part. Raises NotAStamp."""
    with engine.reading() as work:
        row = work.connection.execute(select(tables.journal_head)).mappings().first()
        if row is None:
            return CheckResult(0, None, (head_lies(Lie.DELETED, "no_head"),))
        head = Head(row["number"], row["hash"])
        told = Told()
        followed = follow_chain(told.listen(entries_of(work, since.number)), head, since)
        findings = list(followed.findings)
        findings += check_known(work, head, [*known, *([KnownHead(since, "given")] if since.number else [])])
        findings += check_stamps(work)
        findings += [found for token in tokens for found in check_token(work, token)]
        findings += check_documents(work, told.documents, whole=since.number == 0)
        findings += told.rows.check(work, whole=since.number == 0)
        findings += check_numbers(work)
        findings += check_blobs(work, progress, since=since.number)
    return CheckResult(followed.read, head.hash or None, tuple(findings), head.number, since.number)


def entries_of(work: Work, after: int = 0) -> Iterator[Entry]:
    result = work.connection.execution_options(yield_per=1_000).execute(
        select(tables.journal).where(tables.journal.c.number > after).order_by(tables.journal.c.number)).mappings()
    return (entry_of(row) for row in result)


def parsed(effect: str) -> dict[str, object]:
    try:
        value = json.loads(effect)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def check_known(work: Work, head: Head, known: Sequence[KnownHead]) -> list[Finding]:
    """Heads that were seen elsewhere must still stand in the journal: whoever writes all of it anew is found here."""
    findings = []
    for each in known:
        facts = {"number": each.head.number, "hash": each.head.hash, "source": Phrase(f"known_head.{each.source}"),
                 "at": "" if each.at is None else each.at.isoformat()}
        stands = work.connection.scalar(select(tables.journal.c.hash).where(
            tables.journal.c.number == each.head.number))
        if each.head.number > head.number:
            findings.append(entry_lies(Lie.CUT, head.number + 1, "cut_since_known", head=head.number, **facts))
        elif stands is not None and stands != each.head.hash:
            findings.append(entry_lies(Lie.EDITED, each.head.number, "not_as_known", **facts))
    return findings


def check_documents(work: Work, last: dict[str, tuple[int, str]], *, whole: bool) -> list[Finding]:
    """Each document stands as the last journal entry that touched it says: facts, files, verdicts, handlers."""
    findings = []
    there = select(tables.document.c.id).order_by(tables.document.c.id)
    documents = work.connection.scalars(there).all() if whole else sorted(last)
    for document in documents:
        number, expected = last.pop(document, (0, ""))
        if not expected:
            findings.append(document_lies(Lie.INSERTED, document, "no_entry"))
        elif document_print(work, document, shape_of(expected)) != expected:
            gone = not whole and work.connection.scalar(there.where(tables.document.c.id == document)) is None
            findings.append(document_lies(Lie.DELETED if gone else Lie.EDITED, document,
                                          "only_entry" if gone else "differs_from_entry", number=number))
    findings += [document_lies(Lie.EDITED, document, "waits_by_another_deadline") for document in misplaced(work)]
    findings += [document_lies(Lie.DELETED, document, "only_entry", number=number)
                 for document, (number, _) in sorted(last.items())]
    return findings


def misplaced(work: Work) -> Sequence[str]:
    """Documents that stand in somebody's list by a deadline that is not theirs."""
    waiting, document = tables.waiting.c, tables.document.c
    return work.connection.scalars(
        select(document.id).join(tables.waiting, waiting.document == document.id)
        .where(waiting.due != func.coalesce(document.due_date, tables.NO_DEADLINE))
        .distinct().order_by(document.id)).all()


def check_blobs(work: Work, progress: Progress, *, since: int) -> list[Finding]:
    """Every file that a row names is there, with its size, byte for byte."""
    findings: list[Finding] = []
    query = select(tables.blob.c.digest, tables.blob.c.size).order_by(tables.blob.c.digest)
    if since:
        begun = work.connection.scalar(select(tables.journal.c.at).where(tables.journal.c.number == since))
        if begun is not None:
            query = query.where(tables.blob.c.at >= datetime.fromisoformat(begun))
    named = work.connection.execute(query).all()
    for done, (digest, size) in enumerate(named, start=1):
        try:
            if work.blobs.prove(Digest(digest)) != size:
                findings.append(file_lies(Lie.EDITED, digest, "other_size"))
        except BlobMissing:
            findings.append(file_lies(Lie.BLOB_MISSING, digest, "no_bytes"))
        except BlobChanged:
            findings.append(file_lies(Lie.BLOB_CHANGED, digest, "other_bytes"))
        progress(done, len(named))
    return findings
