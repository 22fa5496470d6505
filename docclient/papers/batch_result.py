"""What became of each document that was to be signed together: a sheet to keep (PDF/A) and a table (CSV).

The words are those of the window: whoever reads the file reads what the person saw.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docclient.papers.layout import VIETNAM, day_text, grouped
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase
from signing.files import replacing

ACTING = ("=", "+", "-", "@", "\t", "\r")
"""With one of these at its beginning a spreadsheet program takes a cell for a formula."""


@dataclass(frozen=True, slots=True)
class BatchResultRow:
    """document: kind and subject. result: one word or two. reason: why not, what to do; empty when all went well."""

    document: str
    number: str
    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchResultPaper:
    """signer: who sat before the window. summary: one sentence with the counts."""

    agency: tuple[str, ...]
    parent: str
    signer: str
    made_at: datetime
    summary: str
    rows: tuple[BatchResultRow, ...]


def print_batch_result(paper: BatchResultPaper, target: Path, language: Language = Language.VIETNAMESE) -> Path:
    """Write the sheet to `target` as PDF/A-2b, A4 landscape. Raises: FolderNotWritable, DiskFull."""
    return typeset("batch_result", {
        "title": _say("title", language),
        "parent": paper.parent,
        "agency": paper.agency,
        "language": language.value,
        "made_line": _say("made_line", language, at=_moment(paper.made_at), signer=paper.signer),
        "summary": paper.summary,
        "columns": _columns(language),
        "rows": [[str(place), *_cells(row)] for place, row in enumerate(paper.rows, start=1)],
    }, paper.made_at, target)


def write_batch_result(paper: BatchResultPaper, target: Path, language: Language = Language.VIETNAMESE) -> Path:
    """Write the table to `target`: UTF-8 with the mark that spreadsheet programs look for, every value a text.

    Raises: FolderNotWritable, DiskFull.
    """
    table = io.StringIO()
    lines = csv.writer(table)
    lines.writerow(_columns(language))
    for place, row in enumerate(paper.rows, start=1):
        lines.writerow([str(place), *map(_harmless, _cells(row))])
    with replacing(target) as stream:
        stream.write(table.getvalue().encode("utf-8-sig"))
    return target


def summary_of(total: int, signed: int, failed: int, language: Language = Language.VIETNAMESE, *,
               earlier: int = 0) -> str:
    """`20 văn bản: 18 đã ký, 1 chưa ký được, 1 chưa thực hiện.` earlier: how many of the signed ones were signed by an
    earlier run of the round; they are told apart."""
    counts = {"total": grouped(total), "failed": grouped(failed), "left": grouped(total - signed - failed)}
    if earlier:
        return _say("summary_went_on", language, **counts, signed=grouped(signed - earlier), earlier=grouped(earlier))
    return _say("summary", language, **counts, signed=grouped(signed))


def _cells(row: BatchResultRow) -> Sequence[str]:
    return row.document, row.number, row.result, row.reason


def _columns(language: Language) -> list[str]:
    return [_say(f"column_{name}", language) for name in ("place", "document", "number", "result", "reason")]


def _harmless(text: str) -> str:
    """A subject may begin with a dash; it stays a text."""
    return f"'{text}" if text.startswith(ACTING) else text


def _moment(when: datetime) -> str:
    at = when.astimezone(VIETNAM)
    return f"{at:%H:%M} {day_text(at.date())}"


def _say(name: str, language: Language, **blanks: object) -> str:
    return phrase(f"batch_result.{name}", language, **blanks)
