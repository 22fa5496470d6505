"""Large offices kept between runs: made once per shape of the tables, in a folder outside the tree.

DOCCLIENT_TEST_CACHE names the folder; without it, `docclient-test-cache` in the system's folder for temporary files.
A million documents take some 6 GB on SQLite and 8 GB on PostgreSQL, and a quarter of an hour each to make.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from docclient.store import tables
from docclient.store.database import alembic_config
from docclient.store.place import Place, place
from tests.generators.large_office import found_large_office
from tests.postgresql import SERVER_USER, Server, programs

SEED = 7
OPTIONS = {"listen_addresses": "''", "max_connections": "60", "shared_buffers": "1GB", "max_wal_size": "4GB",
           "maintenance_work_mem": "512MB"}
"""As an office's server would have it; durable, for commands are measured on it."""


def folder() -> Path:
    named = os.environ.get("DOCCLIENT_TEST_CACHE")
    return Path(named) if named else Path(tempfile.gettempdir()) / "docclient-test-cache"


def shape() -> str:
    """Names the newest migration and the tables as they are."""
    dialect = sqlite.dialect()  # type: ignore[no-untyped-call]
    told = "".join(str(CreateTable(each).compile(dialect=dialect)) for each in tables.metadata.sorted_tables)
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    return f"{head}_{hashlib.sha256(told.encode()).hexdigest()[:8]}"


@contextmanager
def large_office(engine: str, count: int) -> Iterator[Place]:
    """An office of `count` documents over "sqlite" or "postgresql"; made now if there is none of this shape."""
    name = f"office_{count}_{SEED}_{shape()}"
    if engine == "sqlite":
        yield kept_sqlite(folder() / name, count)
        return
    with kept_server(folder() / "postgresql") as server:
        yield kept_postgresql(server, name, folder() / f"{name}_blobs", count)


def kept_sqlite(at: Path, count: int) -> Place:
    whole = at / "whole"
    if not whole.exists():
        shutil.rmtree(at, ignore_errors=True)
        found_large_office(place(str(at)), count, SEED, progress=told)
        whole.touch()
    return place(str(at))


def kept_postgresql(server: Server, name: str, blobs: Path, count: int) -> Place:
    whole = blobs / "whole"
    at = place(server.url(name, blobs))
    if not whole.exists():
        shutil.rmtree(blobs, ignore_errors=True)
        server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.run(f"CREATE DATABASE {name}")
        found_large_office(at, count, SEED, progress=told)
        with psycopg.connect(host=str(server.socket), user=server.user, dbname=name, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
        whole.touch()
    return at


def told(done: int, total: int) -> None:
    if done % 100_000 == 0 or done == total:
        sys.stderr.write(f"large office: {done:,} of {total:,} documents\n")


@contextmanager
def kept_server(home: Path) -> Iterator[Server]:
    """The server of the kept databases, running while the block does."""
    as_user = SERVER_USER if os.geteuid() == 0 else None
    data = home / "data"
    home.mkdir(parents=True, exist_ok=True)
    if as_user:
        shutil.chown(home, as_user, as_user)
        home.chmod(0o755)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([str(programs() / program), *arguments], user=as_user, cwd=home, check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})

    if not (data / "PG_VERSION").exists():
        run("initdb", "-D", str(data), "-A", "trust", "-U", SERVER_USER, "-E", "UTF8")
    options = " ".join(["-k", str(home), *(f"-c {name}={value}" for name, value in OPTIONS.items())])
    if subprocess.run([str(programs() / "pg_ctl"), "-D", str(data), "status"], user=as_user, cwd=home, check=False,
                      stdout=subprocess.DEVNULL).returncode == 0:
        run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")     # a run that was broken off left it
    run("pg_ctl", "-D", str(data), "-l", str(home / "server.log"), "-o", options, "-w", "start")
    try:
        yield Server(home, SERVER_USER)
    finally:
        run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
