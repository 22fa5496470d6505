"""Opening the database: the same few promises on SQLite and PostgreSQL.

A write transaction on SQLite begins IMMEDIATE, so two writers queue instead of failing half way; full durability
(synchronous=FULL with WAL): what was answered is on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from docclient.errors import DiskFull, Trouble, trouble_of_os_error
from docclient.office.errors import (
    OfficeExists,
    OfficeMissing,
    OfficeNewer,
    OfficeUnreachable,
    OfficeUnreadable,
    ValueRefused,
)
from docclient.store.finding import catch_up
from docclient.store.place import BUSY_SECONDS, Place
from docclient.words import Phrase, has_words

WRITES = "docclient_writes"


@contextmanager
def making_database(place: Place) -> Iterator[tuple[Engine, Connection]]:
    """A new database at `place`, and the one transaction in which its tables and first rows are made: whatever fails,
    there is no half office. Raises: OfficeExists, FolderNotWritable, DiskFull, OfficeUnreadable."""
    file = place.database_file
    if file is not None:
        if file.exists() and file.stat().st_size > 0:
            raise OfficeExists(place=place.name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            raise trouble_of_os_error(error, file) from error
    engine = connect(place)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
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


def open_database(place: Place) -> Engine:
    """Open an office's database, brought to the present shape. Raises: OfficeMissing, OfficeNewer, OfficeUnreadable."""
    file = place.database_file
    if file is not None and not file.is_file():
        raise OfficeMissing(place=place.name)
    engine = connect(place)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("journal"):
                raise OfficeMissing(place=place.name)
            at = MigrationContext.configure(connection).get_current_revision()
        script = ScriptDirectory.from_config(alembic_config())
        if at not in {each.revision for each in script.walk_revisions()}:
            raise OfficeNewer(place=place.name)
        if at != script.get_current_head():
            with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                migrate(connection)
    except DBAPIError as error:
        raise trouble_of(error, place) from error
    return engine


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
    if code in {"SQLITE_FULL", "53100"}:       # 53100: disk_full
        return DiskFull(folder=place.name)
    if isinstance(error, DataError | IntegrityError):
        return ValueRefused(reason=reason_of(error))
    if not place.embedded and code in {"OperationalError", "ConnectionTimeout", "57P03", "08006", "08001"}:
        return OfficeUnreachable(place=place.name)
    return OfficeUnreadable(place=place.name, reason=reason_of(error))


def connect(place: Place) -> Engine:
    if not place.embedded:
        return create_engine(place.database, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(place.database, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None     # we say BEGIN ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS}000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


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
