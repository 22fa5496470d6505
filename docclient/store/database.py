"""Opening the database: the same few promises on SQLite and PostgreSQL.

A write transaction on SQLite begins IMMEDIATE, so two writers queue instead of failing half way; full durability
(synchronous=FULL with WAL): what was answered is on disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from docclient.errors import DiskFull, FolderNotWritable, Trouble, trouble_of_os_error
from docclient.office.errors import (
    OfficeExists,
    OfficeMissing,
    OfficeNewer,
    OfficeUnreachable,
    OfficeUnreadable,
    ValueRefused,
)
from docclient.store.disk import sync_folder
from docclient.store.finding import catch_up
from docclient.store.place import BUSY_SECONDS, Place
from docclient.words import Phrase, has_words

WRITES = "docclient_writes"
CACHE_KIB = 65_536
"""A connection's page cache at most: with SQLite's own 2 MB a list over a large office reads most pages twice."""


LOG_PAGES = 8_000
"""Of 4 KiB: how long SQLite's log grows before it is written into the database. With its own 1,000 every tenth command
waits for that; what was answered is in the log, and on the disk, either way."""


@contextmanager
def making_database(place: Place, *, journal_mode: str = "WAL") -> Iterator[tuple[Engine, Connection]]:
    """A new database at `place`, and the one transaction in which its tables and first rows are made: whatever fails,
    there is no half office. Raises: OfficeExists, FolderNotWritable, DiskFull, OfficeUnreadable."""
    file = place.database_file
    if file is not None:
        must_be_empty(place)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            raise trouble_of_os_error(error, file) from error
    engine = connect(place, journal_mode)
    try:
        with writing(engine) as connection:
            if inspect(connection).has_table("journal"):
                raise OfficeExists(place=place.name)
            migrate(connection)
            yield engine, connection
    except DBAPIError as error:
        engine.dispose()
        raise trouble_of(error, place) from error
    except BaseException:
        engine.dispose()
        raise


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection


def must_be_empty(place: Place) -> None:
    """Raises: OfficeExists, OfficeUnreachable, OfficeUnreadable."""
    file = place.database_file
    if file is not None:
        if file.exists() and file.stat().st_size > 0:
            raise OfficeExists(place=place.name)
        return
    engine = connect(place)
    try:
        with engine.connect() as connection:
            if inspect(connection).has_table("journal"):
                raise OfficeExists(place=place.name)
    except DBAPIError as error:
        raise trouble_of(error, place) from error
    finally:
        engine.dispose()


Migrated = Callable[[Connection, str, str], None]
"""Told, in the same transaction, that the shape has changed: from which revision, to which."""

MIGRATION_LOCK = 0x646F63636C69          # of PostgreSQL's advisory locks; the number is ours alone


def open_database(place: Place, migrated: Migrated = lambda connection, before, after: None) -> Engine:
    """Open an office's database, brought to the present shape. Before an embedded one is changed, a copy of it is laid
    beside it (`office.db` → `office-0003.db`). Raises: OfficeMissing, OfficeNewer, OfficeUnreadable, DiskFull,
    FolderNotWritable."""
    file = place.database_file
    if file is not None and not file.is_file():
        raise OfficeMissing(place=place.name)
    engine = connect(place)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("journal"):
                raise OfficeMissing(place=place.name)
            at = MigrationContext.configure(connection).get_current_revision()
        if at not in revisions():
            raise OfficeNewer(place=place.name)
        if at != newest_revision():
            bring_up(engine, place, migrated)
    except DBAPIError as error:
        engine.dispose()
        raise trouble_of(error, place) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def bring_up(engine: Engine, place: Place, migrated: Migrated) -> None:
    """One transaction: the newest shape, or the old one untouched. Of two programs, the second finds it done."""
    with writing(engine) as connection:
        if not place.embedded:
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        before = MigrationContext.configure(connection).get_current_revision()
        if before is None or before == newest_revision():
            return
        if place.database_file is not None:
            file = place.database_file
            copy_database_file(file, file.with_name(f"{file.stem}-{before}{file.suffix}"))
        migrate(connection)
        migrated(connection, before, newest_revision())


def copy_database_file(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite database that may be in use (its online backup), whole and on the disk under its
    name, or not there at all. Raises: DiskFull, FolderNotWritable, FileNotReadable."""
    arriving = target.with_name(f"arriving-{target.name}")
    try:
        arriving.unlink(missing_ok=True)
        with closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as original, \
                closing(sqlite3.connect(arriving)) as copy:
            original.backup(copy)          # one step: under WAL a reader stops no writer
            copy.execute("PRAGMA journal_mode=DELETE")
        with arriving.open("rb+") as stream:
            os.fsync(stream.fileno())
        arriving.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise trouble_of_os_error(error, target) from error
    except sqlite3.Error as error:
        if error.sqlite_errorname in {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}:
            raise DiskFull(folder=str(target.parent)) from error
        if error.sqlite_errorname == "SQLITE_CANTOPEN":
            raise FolderNotWritable(folder=str(target.parent), reason=error.sqlite_errorname) from error
        raise OfficeUnreadable(place=str(source), reason=error.sqlite_errorname) from error
    finally:
        for left in (arriving, arriving.with_name(f"{arriving.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


@cache
def revisions() -> frozenset[str]:
    """Every shape this program knows; read from the migrations once, for Alembic loads each of them for an answer."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions())


@cache
def newest_revision() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def code_of(error: DBAPIError) -> str:
    """SQLite's error name (`SQLITE_FULL`) or PostgreSQL's SQLSTATE; without either, the driver's class."""
    return (getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
            or type(error.orig).__name__)


def reason_of(error: DBAPIError) -> object:
    """Why, in words where there are any, else as the code: never the statement and its values."""
    code = code_of(error)
    return Phrase(f"database.{code}") if has_words(f"database.{code}") else code


def trouble_of(error: DBAPIError, place: Place) -> Trouble:
    """The trouble behind a database's refusal."""
    code = code_of(error)
    if code in {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100"}:       # 53100: disk_full
        return DiskFull(folder=place.name)
    if isinstance(error, DataError | IntegrityError):
        return ValueRefused(reason=reason_of(error))
    if not place.embedded and code in {"OperationalError", "ConnectionTimeout", "57P03", "08006", "08001"}:
        return OfficeUnreachable(place=place.name)
    return OfficeUnreadable(place=place.name, reason=reason_of(error))


def connect(place: Place, journal_mode: str = "WAL") -> Engine:
    if not place.embedded:
        shared = create_engine(place.database, pool_pre_ping=True, hide_parameters=True)
        event.listen(shared, "connect", without_compiling)
        return shared
    engine = create_engine(place.database, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None     # we say BEGIN ourselves, below
        for pragma in (f"journal_mode={journal_mode}", "synchronous=FULL", "foreign_keys=ON",
                       f"busy_timeout={BUSY_SECONDS}000", f"cache_size=-{CACHE_KIB}",
                       f"wal_autocheckpoint={LOG_PAGES}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def without_compiling(connection: Any, _record: Any) -> None:
    """PostgreSQL compiles what it takes for a long statement, and needs a tenth of a second for it; ours read a page
    each, however large the office, and are judged long by what they would read without a limit."""
    connection.execute("SET jit = off")
    connection.commit()


def migrate(connection: Connection) -> None:
    """Bring the database to the newest shape, in the transaction of `connection`."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    catch_up(connection)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "docclient.store:migrations")
    return config
