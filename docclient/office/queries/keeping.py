"""What a person keeps for finding again: searches with their counts, columns; and which files wait to be read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from docclient.office.access import visible
from docclient.office.commands.finding import ColumnChoice
from docclient.office.door import Query
from docclient.office.model import Actor, Digest, DocumentId
from docclient.office.queries.finding import CountFound, Filter, FoundCount, Sort, count_found
from docclient.office.registry import answers, from_json
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class SavedSearchView:
    """count: of a pinned search, where it was asked for."""

    id: str
    name: str
    text: str
    where: Filter
    sort: Sort
    pinned: bool
    count: FoundCount | None = None


@dataclass(frozen=True, slots=True)
class SavedSearches(Query[tuple[SavedSearchView, ...]]):
    """This person's own, in the order of saving. counted: with the counts of the pinned ones."""

    counted: bool = False


@dataclass(frozen=True, slots=True)
class MyColumns(Query[tuple[ColumnChoice, ...]]):
    """What this person chose for a list; empty: nothing."""

    list: str


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file whose text nobody has read. cleared: a person has decided that it bears no secrecy mark."""

    digest: Digest
    name: str
    media_type: str
    document: DocumentId
    cleared: bool


@dataclass(frozen=True, slots=True)
class FilesToRead(Query[tuple[FileToRead, ...]]):
    """Of documents this person may see, longest waiting first."""

    limit: int = 50


@answers(SavedSearches)
def saved_searches(work: Work, me: Actor, q: SavedSearches) -> tuple[SavedSearchView, ...]:
    here = tables.saved_search
    rows = work.connection.execute(
        select(here).where(here.c.person == me.person).order_by(here.c.position, here.c.id)).mappings().all()
    found = []
    for row in rows:
        where, count = from_json(Filter, json.loads(row["filters"])), None
        if q.counted and row["pinned"]:
            count = count_found(work, me, CountFound(row["text"], where))
        found.append(SavedSearchView(row["id"], row["name"], row["text"], where, Sort(row["sort"]), row["pinned"],
                                     count))
    return tuple(found)


@answers(MyColumns)
def my_columns(work: Work, me: Actor, q: MyColumns) -> tuple[ColumnChoice, ...]:
    here = tables.list_columns.c
    kept = work.connection.scalar(select(here.columns).where(here.person == me.person, here.list == q.list))
    return tuple(ColumnChoice(name, width) for name, width in json.loads(kept)) if kept else ()


@answers(FilesToRead)
def files_to_read(work: Work, me: Actor, q: FilesToRead) -> tuple[FileToRead, ...]:
    t = tables
    rows = work.connection.execute(
        select(t.text_to_read.c.digest, t.text_to_read.c.document, t.file.c.name, t.file_version.c.media_type,
               t.found_secret.c.cleared_at)
        .join(t.document, t.document.c.id == t.text_to_read.c.document)
        .join(t.file, t.file.c.document == t.document.c.id)
        .join(t.file_version, (t.file_version.c.file == t.file.c.id)
              & (t.file_version.c.digest == t.text_to_read.c.digest))
        .outerjoin(t.found_secret, t.found_secret.c.digest == t.text_to_read.c.digest)
        .where(visible(me)).order_by(t.text_to_read.c.at, t.text_to_read.c.digest)
        .limit(2 * max(1, min(q.limit, 1_000)))).all()
    found: dict[str, FileToRead] = {}
    for row in rows:
        found.setdefault(row.digest, FileToRead(Digest(row.digest), row.name, row.media_type,
                                                DocumentId(row.document), row.cleared_at is not None))
    return tuple(found.values())[:q.limit]
