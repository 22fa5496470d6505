"""Putting in many rows at once: COPY on PostgreSQL, one long transaction without waiting for the disk on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table

from docclient.office.engine import OfficeEngine
from docclient.store.database import WRITES
from docclient.store.tables import Moment


@contextmanager
def bulk(engine: OfficeEngine) -> Iterator[Connection]:
    """A connection for nothing but putting in rows that are known to fit together; all or nothing.

    References are not checked while it is open, and SQLite does not wait for the disk.
    """
    with engine.database.connect() as connection:
        if engine.place.embedded:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1500000", "wal_autocheckpoint=100000"):
                raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
    with engine.database.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if not engine.place.embedded:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("DROP INDEX ix_finding_vector")      # quicker made whole than word by word
        yield connection
        if not engine.place.embedded:
            connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
            connection.exec_driver_sql("CREATE INDEX ix_finding_vector ON finding USING gin (vector)")
    if engine.place.embedded:
        with engine.database.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.rollback()  # type: ignore[attr-defined]
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
            raw.execute("PRAGMA optimize")  # type: ignore[attr-defined]
    engine.database.dispose()


def put_in(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Rows with a value for every column."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        copy_in(connection, table, rows)
    else:
        insert_in(connection, table, rows)


def insert_in(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """As the store writes them: dates as text, moments as UTC without their zone (SQLAlchemy's own form)."""
    names = [column.name for column in table.columns]
    moments = {name for name in names if isinstance(table.c[name].type, Moment)}
    columns = ", ".join(f'"{name}"' for name in names)
    places = ", ".join("?" * len(names))
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})', (
        [moment_text(row[name]) if name in moments else date_text(row[name]) for name in names] for row in rows))


def moment_text(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if at is not None else None


def date_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def copy_in(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    raw = connection.connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])
