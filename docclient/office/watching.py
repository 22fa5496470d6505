"""Watching which rows of the office a command changes, so that its journal entry can say so.

What belongs to one document is in that document's print (`fingerprint.py`). Every other table - people, posts,
agencies, registers, the calendar, whatever comes later - is watched row by row: the entry keeps the print of each row
before and after. `office check` follows the prints and finds rows that changed without an entry.

A table that is written outside of commands says why in its `info` (`apart`), one that can be made again from others
says from what (`derived`); the tables of the journal itself have checks of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from operator import eq
from typing import Any, Self

from sqlalchemy import (
    BinaryExpression,
    BindParameter,
    Column,
    Connection,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    event,
    select,
)
from sqlalchemy.sql.selectable import SelectBase

from docclient.office.fingerprint import document_tables, text_of
from docclient.office.journal import canonical
from docclient.store import tables
from docclient.store.prepared import Prepared

OWN_CHECKS = frozenset({"journal", "journal_head", "receipt", "blob"})
"""The chain, its head, what repeats a command's answer (never asked for the truth), and bytes, which are hashed."""

COUNTERS = {"register": frozenset({"last_number"}), "number_series": frozenset({"last_number"})}
"""Columns left out of a row's print: the numbers of the documents are held against them (`checking.check_numbers`)."""

Key = tuple[str, str]     # table, primary key as text
Pair = tuple[str | None, str | None]


@cache
def watched() -> Mapping[str, Table]:
    """Tables whose rows are watched one by one."""
    return {name: table for name, table in tables.metadata.tables.items()
            if name not in OWN_CHECKS and name not in document_tables()
            and not {"apart", "derived"} & set(table.info)}


@contextmanager
def watching(connection: Connection) -> Iterator[Watch]:
    """Watch what is written on this connection."""
    watch = Watch(connection)
    event.listen(connection, "before_execute", watch.before_execute)
    try:
        yield watch
    finally:
        event.remove(connection, "before_execute", watch.before_execute)


class Watch:
    """Rows seen before they were changed, and documents whose own rows were changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.before: dict[Key, str | None] = {}
        self.whole: set[str] = set()                     # tables of which every row was noted
        self.values: dict[Key, Sequence[Any]] = {}       # the primary keys as they are
        self.documents: set[str] = set()

    def before_execute(self, _connection: Connection, statement: Any, many: Any, params: Any, _options: Any) -> None:
        if not isinstance(statement, Insert | Update | Delete) or not isinstance(statement.table, Table):
            return
        table = statement.table
        given: Sequence[Mapping[str, Any]] = many or [params or {}]
        if isinstance(statement, Update) and only_counts(table, statement, given):
            return                                       # nothing that is in the row's print
        if table.name in self.whole:
            return                                       # how it was before is known
        if table.name in watched():
            for values, found in self._rows_of(table, statement, given):
                key = (table.name, key_text(values))
                self.values.setdefault(key, values)
                self.before.setdefault(key, found)
        elif table.name in document_tables() and names_document(table) is not None:
            self.documents |= {each for each in self._documents_of(table, statement, given) if each is not None}

    def _rows_of(self, table: Table, statement: Insert | Update | Delete,
                 given: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Sequence[Any], str | None]]:
        if not isinstance(statement, Insert):
            for each in given:
                yield from prints_of(self.connection, table, where(select(table), statement), each)
            return
        wanted = keys_of(table, statement, given)
        if wanted is None:
            # rows of their own making (from a query, or with a key of the database's): all that is there is noted
            self.whole.add(table.name)
            yield from prints_of(self.connection, table, select(table))
            return
        for values in wanted:
            found = prints_of(self.connection, table, by_key(table), key_values(table, values))
            yield values, found[0][1] if found else None

    def _documents_of(self, table: Table, statement: Insert | Update | Delete,
                      given: Sequence[Mapping[str, Any]]) -> Iterator[str | None]:
        if not isinstance(statement, Insert):
            named = [named_in(table, statement, each) for each in given]
            if None not in named:
                yield from named
                return
            query = where(select(names_document(table)).distinct(), statement)
            for each in given:
                yield from self.connection.execute(query, dict(each)).scalars()
        elif not isinstance(statement.select, SelectBase):
            values = values_of(statement)
            for each in given:
                yield {**values, **each}.get("id" if table.name == "document" else "document")

    def changes(self) -> dict[str, dict[str, Pair]]:
        """What has changed until now: table → key → print before and after; None for a row that is not there."""
        found: dict[str, dict[str, Pair]] = {}
        for name in sorted(self.whole | {table for table, _ in self.before}):
            seen = {key: print_ for (of, key), print_ in self.before.items() if of == name}
            now = {key_text(values): print_ for values, print_ in self._now(name, seen)}
            changed = {key: (seen.get(key), now.get(key)) for key in sorted({*seen, *now})
                       if seen.get(key) != now.get(key)}
            if changed:
                found[name] = changed
        return found

    def _now(self, name: str, keys: Iterable[str]) -> Iterator[tuple[Sequence[Any], str]]:
        table = watched()[name]
        if name in self.whole:
            yield from prints_of(self.connection, table, select(table))
            return
        for key in keys:
            yield from prints_of(self.connection, table, by_key(table), key_values(table, self.values[name, key]))


def every_row(connection: Connection) -> dict[str, dict[str, str]]:
    """The prints of all rows of all watched tables, as they stand now."""
    return {name: {key_text(values): print_ for values, print_ in prints_of(connection, table, select(table))}
            for name, table in sorted(watched().items())}


@dataclass(frozen=True, slots=True)
class Measure:
    """All rows of a table in one print, as the journal keeps it: bounded however large the table is."""

    rows: int
    print: str

    @classmethod
    def of(cls, prints: Mapping[str, str | None]) -> Self:
        """SHA-256 over the rows' keys and prints in the order of the keys; None stands for a row that is not there."""
        there = sorted((key, print_) for key, print_ in prints.items() if print_ is not None)
        digest = hashlib.sha256()
        for key, print_ in there:
            digest.update(canonical([key, print_]).encode() + b"\n")
        return cls(len(there), digest.hexdigest())


def prints_of(connection: Connection, table: Table, query: Select[Any] | Prepared,
              given: Mapping[str, Any] | None = None) -> list[tuple[Sequence[Any], str]]:
    """Primary key and print of each row."""
    names = [column.name for column in table.primary_key.columns]
    rows: Iterable[Mapping[Any, Any]] = (
        query.rows(connection, given or {}) if isinstance(query, Prepared)
        else connection.execute(query, dict(given) if given else {}).mappings())
    return [([row[name] for name in names], row_print(table, row)) for row in rows]


def row_print(table: Table, row: Mapping[Any, Any]) -> str:
    """SHA-256 over the row's facts; an empty column counts as absent, so that later columns change no print."""
    left_out = COUNTERS.get(table.name, frozenset())
    facts = {name: text_of(value) for name, value in row.items() if value is not None and name not in left_out}
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def names_document(table: Table) -> Any:
    """The column that says which document a row is about; None where only another table knows."""
    return table.c.id if table.name == "document" else table.c.get("document")


def where(query: Select[Any], statement: Update | Delete) -> Select[Any]:
    return query if statement.whereclause is None else query.where(statement.whereclause)


def keys_of(table: Table, statement: Insert, given: Sequence[Mapping[str, Any]]) -> list[list[Any]] | None:
    """The primary keys that an insert brings; None where only the database knows them."""
    if statement.select is not None:
        return None
    values = values_of(statement)
    names = [column.name for column in table.primary_key.columns]
    found = []
    for each in given:
        row = {**values, **each}
        if any(row.get(name) is None for name in names):
            return None
        found.append([row[name] for name in names])
    return found


def values_of(statement: Insert) -> Mapping[str, Any]:
    """What the insert itself brings; compiling it, which tells the same, takes ten times as long."""
    given = getattr(statement, "_values", None)
    if given is None:
        return {} if getattr(statement, "_multi_values", ()) == () else statement.compile().params
    return {getattr(column, "key", column): value.value for column, value in given.items()
            if isinstance(value, BindParameter)}


def only_counts(table: Table, statement: Update, given: Sequence[Mapping[str, Any]]) -> bool:
    """Does the statement change nothing but counters that no print holds?"""
    counters, values = COUNTERS.get(table.name), getattr(statement, "_values", None)
    if counters is None or not values:
        return False
    named = {name for each in given for name in each if name in table.c}      # may be what is written
    return {getattr(column, "key", column) for column in values} | named <= counters


def named_in(table: Table, statement: Update | Delete, given: Mapping[str, Any]) -> str | None:
    """The document that the statement's conditions name outright; None where only the database can tell."""
    column = names_document(table)
    for each in getattr(statement, "_where_criteria", ()):
        if (isinstance(each, BinaryExpression) and each.operator is eq and isinstance(each.right, BindParameter)
                and isinstance(each.left, Column) and each.left.key == column.key and each.left.table is table):
            value = given.get(each.right.key, each.right.value)
            if isinstance(value, str):
                return value
    return None


@cache
def by_key(table: Table) -> Prepared:
    """The row with a primary key."""
    return Prepared(select(table).where(and_(*(column == bindparam(f"key_{place}", type_=column.type)
                                               for place, column in enumerate(table.primary_key.columns)))))


def key_values(table: Table, values: Sequence[Any]) -> dict[str, Any]:
    return {f"key_{place}": value for place, value in enumerate(values)}


def key_text(values: Sequence[Any]) -> str:
    """One text for a primary key; several columns as a canonical list."""
    return str(text_of(values[0])) if len(values) == 1 else canonical([text_of(each) for each in values])
