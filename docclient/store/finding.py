"""The index that documents are found by, kept in the same transaction as what it tells of.

`finding` holds, per document, its texts as they are; what is searched is their folded words (docclient.office.search):
in an FTS5 table without content on SQLite, in a tsvector with a GIN index on PostgreSQL. Everything here follows from
the document and can be made anew. A document in whose file a secrecy mark was found is not in the index at all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy import cast as cast_to

from docclient.office.model import Digest, DocumentId, FileKind
from docclient.office.search import words_of
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.prepared import Prepared
from docclient.store.work import Work

MOST_LETTERS = 300_000
"""Of the text of one document's files: about 100 pages. PostgreSQL's tsvector takes one megabyte."""

READ = (FileKind.MAIN, FileKind.ANNEX, FileKind.SOURCE)
"""Files with text that is worth finding: not packets, not certificates' checks."""

COLUMNS = ("head", "issuer", "rest", "words")
WEIGHTS = dict(zip(COLUMNS, "ABCD", strict=True))
GAP = 8            # between columns, so that no phrase reaches over
LAST_PLACE = 16_383
PLACES_PER_WORD = 255
SECRET = "secret"


@dataclass(frozen=True, slots=True)
class Texts:
    """What one document is found by, as it stands there."""

    head: str = ""
    issuer: str = ""
    rest: str = ""
    words: str = ""
    sources: str = ""

    def folded(self) -> dict[str, list[str]]:
        return {name: words_of(getattr(self, name)) for name in COLUMNS}


DOCUMENT: BindParameter[str] = bindparam("of_document", type_=String)


@dataclass(frozen=True, slots=True)
class Statements:
    """What is asked about one document with every command: made once, for making them takes longer than asking."""

    document: Prepared
    entry: Prepared
    names: Prepared          # people, directions' words, files and recipients, one after the other
    texts: Prepared


@cache
def statements() -> Statements:
    t = tables
    handlers = select(t.handler.c.person).where(t.handler.c.document == DOCUMENT)
    newest = (select(func.max(t.file_version.c.number)).where(t.file_version.c.file == t.file.c.id)
              .correlate(t.file).scalar_subquery())
    return Statements(*map(Prepared, (
        select(t.document).where(t.document.c.id == DOCUMENT),
        select(t.finding.c.number, t.finding.c.sources, *(t.finding.c[name] for name in COLUMNS))
        .where(t.finding.c.document == DOCUMENT),
        union_all(
            named(1, t.person.c.name, 0, t.person.c.name).where(or_(
                t.person.c.id == bindparam("drafter", type_=String),
                t.person.c.id == bindparam("signer", type_=String), t.person.c.id.in_(handlers))),
            named(2, t.direction.c.words, 0, t.direction.c.id).where(t.direction.c.document == DOCUMENT),
            named(3, t.file.c.name, t.file.c.position, "").where(
                t.file.c.document == DOCUMENT, t.file.c.kind.in_(READ)),
            named(4, t.delivery.c.agency_name, 0, t.delivery.c.id).where(t.delivery.c.document == DOCUMENT),
        ).order_by("part", "place", "key"),
        select(t.file_version.c.digest, t.file_text.c.digest, t.file_text.c.text, t.file_text.c.problem,
               t.text_to_read.c.digest)
        .join(t.file, t.file.c.id == t.file_version.c.file)
        .outerjoin(t.file_text, t.file_text.c.digest == t.file_version.c.digest)
        .outerjoin(t.text_to_read, t.text_to_read.c.digest == t.file_version.c.digest)
        .where(t.file.c.document == DOCUMENT, t.file.c.kind.in_(READ), t.file_version.c.number == newest)
        .order_by(t.file.c.position))))


def named(part: int, said: ColumnElement[str], place: ColumnElement[int] | int,
          key: ColumnElement[str] | str) -> Select[*tuple[Any, ...]]:
    """One sort of names of a document, in the order of `place`, then `key`."""
    return select(literal(part, Integer).label("part"), cast_to(said, Text).label("said"),
                  (literal(place, Integer) if isinstance(place, int) else place).label("place"),
                  (literal(key, Text) if isinstance(key, str) else cast_to(key, Text)).label("key"))


def note_changed(work: Work, documents: Iterable[str], *, bytes_at_hand: bool = True) -> None:
    """Bring these documents' entries up to date; what did not change is not written."""
    for document in documents:
        keep(work, document, bytes_at_hand=bytes_at_hand)


def keep(work: Work, document: str, *, bytes_at_hand: bool) -> None:
    asked, given = statements(), {DOCUMENT.key: document}
    row = asked.document.first(work.connection, given)
    if row is None:
        return
    before = asked.entry.first(work.connection, given)
    now = texts_of(work, row, before, bytes_at_hand=bytes_at_hand)
    if before is None:
        write_new(work.connection, document, now)
    elif any(before[name] != getattr(now, name) for name in (*COLUMNS, "sources")):
        rewrite(work.connection, before, now)


def catch_up(connection: Connection, blobs: Blobs | None = None) -> int:
    """Enter every document that has no entry yet, oldest first. Returns how many. For databases of an earlier shape,
    and for documents that came past the engine. Without blobs, texts of files stay out until a `rebuild`."""
    work = Work(connection, cast(Blobs, blobs), entry=0)
    missing = connection.scalars(
        select(tables.document.c.id).outerjoin(tables.finding, tables.finding.c.document == tables.document.c.id)
        .where(tables.finding.c.document.is_(None)).order_by(tables.document.c.id)).all()
    note_changed(work, missing, bytes_at_hand=blobs is not None)
    return len(missing)


def rebuild(connection: Connection, blobs: Blobs) -> int:
    """Make the whole index anew from the documents and the texts that were read. Returns how many documents."""
    connection.execute(delete(tables.finding))
    connection.execute(delete(tables.found_term))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO found_words(found_words) VALUES('delete-all')"))
    return catch_up(connection, blobs)


# --- what a document is found by ---------------------------------------------------------------------------------


def texts_of(work: Work, row: Mapping[str, Any], before: Mapping[str, Any] | None, *, bytes_at_hand: bool) -> Texts:
    sources, secret = read_texts(work, row["id"])
    told = ",".join(sources)
    if secret:
        return Texts(sources=SECRET)
    if before is not None and before["sources"] == told:
        words = before["words"]
    elif not bytes_at_hand:
        words, told = "", ""
    else:
        words = "\n".join(text_in(work.blobs, each) for each in sources)[:MOST_LETTERS]
    return Texts(composed(head_of(row)), composed([row["issuer_name"], row["issuer_code"]]),
                 composed(rest_of(work, row)), words, told)


def composed(parts: Iterable[object]) -> str:
    """One line per part, marks composed: each letter one character, for showing where a word stands."""
    return "\n".join(unicodedata.normalize("NFC", str(part)).strip() for part in parts if part not in (None, ""))


def head_of(row: Mapping[str, Any]) -> list[object]:
    number, notation = row["code_number"], row["code_notation"]
    said = f"{number}/{notation}" if number and notation else number or notation
    bare = str(number).lstrip("0") if number else ""
    return [said, f"{bare}/{notation}" if bare and notation and bare != number else None, row["arrival_number"],
            row["type_name"], row["subject"]]


def rest_of(work: Work, row: Mapping[str, Any]) -> Iterator[object]:
    yield from (row[name] for name in ("recipients_text", "signer_name", "signer_position", "issued_place", "language",
                                       "note", "exchange_id"))
    for name in ("issued_date", "arrival_date", "due_date", "reply_due_date"):
        day = row[name]
        if day is not None:
            yield f"{day:%d/%m/%Y}"
            if day.day < 10 or day.month < 10:
                yield f"{day.day}/{day.month}/{day.year}"
    asked, given = statements(), {DOCUMENT.key: row["id"]}
    found = asked.names.tuples(
        work.connection, {**given, "drafter": row["drafter"], "signer": row["signer_person"]})
    yield from (said for _, said, *_ in found)


def read_texts(work: Work, document: str) -> tuple[list[Digest], bool]:
    """The texts of the document's present files, and whether one of these bears a secrecy mark. Files that nobody has
    read yet are put down to be read."""
    found, secret = [], False
    for digest, known, words, problem, asked in current_files(work.connection, document):
        if not known and not asked:
            work.insert_once(tables.text_to_read, digest=digest, document=document, at=work.at)
        elif words is not None:
            found.append(Digest(words))
        secret = secret or problem == SECRET
    return found, secret


def current_files(connection: Connection, document: str) -> list[tuple[str, bool, str | None, str | None, bool]]:
    """(digest, was it read, its text's digest, what hindered reading, is it put down to be read) of each present
    file."""
    rows = statements().texts.tuples(connection, {DOCUMENT.key: document})
    return [(row[0], row[1] is not None, row[2], row[3], row[4] is not None) for row in rows]


def documents_with(connection: Connection, digest: str) -> list[DocumentId]:
    """The documents that have these bytes as a present file."""
    t = tables
    later = t.file_version.alias()
    overtaken = select(later.c.id).where(later.c.file == t.file_version.c.file,
                                         later.c.number > t.file_version.c.number).exists()
    return [DocumentId(each) for each in connection.scalars(
        select(t.file.c.document).join(t.file_version, t.file_version.c.file == t.file.c.id)
        .where(t.file_version.c.digest == digest, ~overtaken).distinct().order_by(t.file.c.document))]


def text_in(blobs: Blobs, digest: Digest) -> str:
    with blobs.open(digest) as stream:
        return unicodedata.normalize("NFC", stream.read(4 * MOST_LETTERS).decode("utf-8", "replace"))


# --- how it is written -------------------------------------------------------------------------------------------


def write_new(connection: Connection, document: str, texts: Texts) -> None:
    values = {name: getattr(texts, name) for name in (*COLUMNS, "sources")}
    folded = texts.folded()
    if connection.dialect.name == "postgresql":
        connection.execute(insert(tables.finding).values(document=document, vector=vector_of(folded), **values))
        return
    number = connection.execute(insert(tables.finding).values(document=document, **values)).inserted_primary_key
    assert number is not None
    enter(connection, number[0], folded)


def rewrite(connection: Connection, before: Mapping[str, Any], texts: Texts) -> None:
    values = {name: getattr(texts, name) for name in (*COLUMNS, "sources")}
    folded = texts.folded()
    if connection.dialect.name == "postgresql":
        values["vector"] = vector_of(folded)
    else:
        old = Texts(*(before[name] for name in COLUMNS)).folded()
        connection.execute(LEAVE, {"number": before["number"],
                                   **{name: " ".join(words) for name, words in old.items()}})
        enter(connection, before["number"], folded, frozenset(word for words in old.values() for word in words))
    written_anew().run(connection, {"of_number": before["number"], **values})


@cache
def written_anew() -> Prepared:
    return Prepared(update(tables.finding).where(tables.finding.c.number == bindparam("of_number", type_=Integer)))


def enter(connection: Connection, number: int, folded: dict[str, list[str]],
          known: frozenset[str] = frozenset()) -> None:
    """known: words that were entered before."""
    connection.execute(ENTER, {"number": number, **{name: " ".join(words) for name, words in folded.items()}})
    terms = {word for words in folded.values() for word in words} - known
    if terms:
        connection.execute(TERMS, [{"term": each} for each in sorted(terms)])


ENTER = text("INSERT INTO found_words(rowid, head, issuer, rest, words)"
             " VALUES(:number, :head, :issuer, :rest, :words)")
LEAVE = text("INSERT INTO found_words(found_words, rowid, head, issuer, rest, words)"
             " VALUES('delete', :number, :head, :issuer, :rest, :words)")
TERMS = text("INSERT OR IGNORE INTO found_term(term) VALUES(:term)")


def vector_of(folded: dict[str, list[str]]) -> str:
    """A tsvector as PostgreSQL reads it: its own parser has no part in it."""
    places: dict[str, list[str]] = {}
    place = 0
    for name in COLUMNS:
        for word in folded[name]:
            place += 1
            at = places.setdefault(word, [])
            if len(at) < PLACES_PER_WORD and place <= LAST_PLACE:
                at.append(f"{place}{WEIGHTS[name]}")
        place += GAP
    return " ".join(f"'{word}'" + (f":{','.join(at)}" if at else "") for word, at in places.items())
