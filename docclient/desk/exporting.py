"""A whole search result as a file: page after page from the office into the file, never all of it at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

from docclient.desk.drafting import Progress, silent
from docclient.desk.list_columns import COLUMNS
from docclient.errors import WrongUse
from docclient.office.door import Office
from docclient.office.model import now
from docclient.office.queries.finding import FindDocuments, FoundRow
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.table import TableColumn, TableKind, TablePaper, write_table
from docclient.words import Language, phrase

PAGE = 500


class ColumnUnknown(WrongUse):
    """facts: name, known."""

    code = "table.column_unknown"


class KindUnknown(WrongUse):
    """The file's ending names no kind that can be written. facts: file."""

    code = "table.kind_unknown"


def kind_of(target: Path) -> TableKind:
    """By the file's ending. Raises: KindUnknown."""
    try:
        return TableKind(target.suffix.lower().lstrip("."))
    except ValueError:
        raise KindUnknown(file=target.name) from None


def export_found(office: Office, query: FindDocuments, columns: Sequence[str], target: Path, *, title: str = "",
                 about: Sequence[str] = (), language: Language = Language.VIETNAMESE, progress: Progress = silent,
                 stop: threading.Event | None = None) -> int:
    """Write everything the query finds, in its order, whatever its `after` and `limit`. Returns how many documents.

    columns: names of COLUMNS, in order. Raises: ColumnUnknown, KindUnknown, TooLongToPrint, FolderNotWritable,
    DiskFull, CancelledError; on each of these the target stays as it was.
    """
    kind = kind_of(target)
    for name in columns:
        if name not in COLUMNS:
            raise ColumnUnknown(name=name, known=", ".join(COLUMNS))
    chosen = [COLUMNS[name] for name in columns]
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())

    def rows() -> Iterator[Sequence[str]]:
        for number, found in enumerate(everything(office, query, [each.field for each in chosen if each.field]), 1):
            if stop is not None and stop.is_set():
                raise CancelledError
            if number % 100 == 0:
                progress(number, 0)
            yield [each.text(found, language) for each in chosen]

    return write_table(TablePaper(
        agency=facts.header or (facts.agency_name,), title=title or phrase("export.title", language),
        about=tuple(about),
        columns=tuple(TableColumn(each.title(language), each.width_mm, each.centred) for each in chosen),
        rows=rows(), made_at=now(), journal_head=PrintedHead(head.entries, head.head)), target, kind)


def everything(office: Office, query: FindDocuments, fields: Sequence[str]) -> Iterator[FoundRow]:
    page = replace(query, after=None, limit=PAGE, fields=tuple(fields))
    while True:
        found = office.ask(page)
        yield from found.rows
        if found.next is None:
            return
        page = replace(page, after=found.next)
