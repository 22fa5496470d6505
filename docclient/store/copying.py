"""All rows of one office's database into another, empty one, of whatever kind: for backup, restore and import.

Driven by the tables themselves, so that a table that comes later is carried along. What can be made again from other
tables (`info["derived"]`) stays behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, update

from docclient.store.tables import metadata

ROWS_AT_ONCE = 1_000


def kept_tables() -> list[Table]:
    """Every table whose rows belong to the office, none before one that it refers to (as far as that can be)."""
    return [table for table in metadata.sorted_tables if "derived" not in table.info]


def rows_of(connection: Connection, table: Table) -> Iterator[Mapping[str, Any]]:
    """All rows, in the order of their primary keys."""
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        select(table).order_by(*table.primary_key.columns)).mappings()
    return (dict(row) for row in result)


def copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Copy every kept table into a database that has just been made. Returns how many rows each has."""
    make_empty(target)
    return dict(fill(target, ((table, rows_of(source, table)) for table in kept_tables())))


def make_empty(target: Connection) -> None:
    """Take out what the tables are born with."""
    for table in reversed(kept_tables()):
        target.execute(delete(table))


def fill(target: Connection,
         content: Iterable[tuple[Table, Iterable[Mapping[str, Any]]]]) -> Iterator[tuple[str, int]]:
    """Put rows in, table by table. A reference to a row that is not there yet (of the same table, or of a later one) is
    left empty at first and filled in at the end."""
    filled: set[str] = set()
    later: list[tuple[Table, Column[Any], list[dict[str, Any]]]] = []
    for table, rows in content:
        waiting = [column for column in table.columns if column.nullable and any(
            key.column.table.name not in filled for key in column.foreign_keys)]
        put_off: dict[str, list[dict[str, Any]]] = {column.name: [] for column in waiting}
        keys = [column.name for column in table.primary_key.columns]
        count = 0
        for batch in batches(rows):
            for row in batch:
                for column in waiting:
                    if row[column.name] is not None:
                        put_off[column.name].append(
                            {f"key_{name}": row[name] for name in keys} | {"value": row[column.name]})
            target.execute(insert(table), [{**row, **dict.fromkeys(put_off)} for row in batch])
            count += len(batch)
        later += [(table, column, put_off[column.name]) for column in waiting if put_off[column.name]]
        filled.add(table.name)
        yield table.name, count
    for table, column, values in later:
        statement = update(table).values({column.name: bindparam("value")})
        for key in table.primary_key.columns:
            statement = statement.where(key == bindparam(f"key_{key.name}", type_=key.type))
        target.execute(statement, values)


def batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    rest = iter(rows)
    while batch := list(islice(rest, ROWS_AT_ONCE)):
        yield batch
