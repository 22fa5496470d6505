"""Opening the database: the same few promises on SQLite and PostgreSQL.

A write transaction on SQLite begins IMMEDIATE, so two writers queue instead of failing half way; full durability
(synchronous=FULL with WAL): what was answered is on disk.
"""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError

from docclient.errors import trouble_of_os_error
from docclient.office.errors import OfficeExists, OfficeMissing, OfficeNewer, OfficeUnreadable
from docclient.store.place import BUSY_SECONDS, Place

WRITES = "docclient_writes"


def make_database(place: Place) -> Engine:
    """Make a new, empty database at `place`. Raises: OfficeExists, FolderNotWritable, DiskFull, OfficeUnreadable."""
    file = place.database_file
    if file is not None:
        if file.exists():
            raise OfficeExists(place=place.name)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as error:
            raise trouble_of_os_error(error, file) from error
    engine = connect(place)
    try:
        with engine.begin() as connection:
            if inspect(connection).has_table("journal"):
                raise OfficeExists(place=place.name)
        migrate(engine)
    except DBAPIError as error:
        raise OfficeUnreadable(place=place.name, reason=reason_of(error)) from error
    return engine


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
            migrate(engine)
    except DBAPIError as error:
        raise OfficeUnreadable(place=place.name, reason=reason_of(error)) from error
    return engine


def reason_of(error: DBAPIError) -> str:
    """The driver's own first line, without the statement and its values."""
    return str(error.orig).splitlines()[0] if str(error.orig) else type(error).__name__


def connect(place: Place) -> Engine:
    if not place.embedded:
        return create_engine(place.database, pool_pre_ping=True)
    engine = create_engine(place.database, connect_args={"timeout": BUSY_SECONDS})

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


def migrate(engine: Engine) -> None:
    """Bring the database to the newest shape, in one transaction."""
    config = alembic_config()
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "docclient.store:migrations")
    return config
