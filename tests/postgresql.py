"""A PostgreSQL server for the tests: Debian's package, a cluster of its own in a temporary folder, as its own user.

It listens on a socket in that folder only. PostgreSQL refuses to run as root, so under root it runs as `postgres`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.quick_folders import quick_folder

SERVER_USER = "postgres"


@dataclass(frozen=True, slots=True)
class Server:
    """socket: the folder of its socket. user: the role to connect as."""

    socket: Path
    user: str

    def url(self, database: str, blobs: Path) -> str:
        return f"postgresql://{self.user}@/{database}?host={quote(str(self.socket))}&blobs={quote(str(blobs))}"

    def run(self, statement: str) -> None:
        with psycopg.connect(host=str(self.socket), user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)     # type: ignore[arg-type]


def programs() -> Path:
    """The folder of the newest installed server. Raises FileNotFoundError without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise FileNotFoundError("Debian's package postgresql is not installed")
    return found[-1].parent


def sweep(folder: Path, as_user: str | None) -> None:
    """Stop servers whose starter was killed before it could stop them, and take their folders away."""
    for left in folder.glob("pg-*-*"):
        starter = left.name.split("-")[1]
        if starter.isdigit() and not Path("/proc", starter).exists():
            subprocess.run([str(programs() / "pg_ctl"), "-D", str(left / "data"), "-m", "immediate", "-w", "stop"],
                           user=as_user, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[Server]:
    as_user = SERVER_USER if os.geteuid() == 0 else None
    sweep(quick_folder(), as_user)
    folder = Path(tempfile.mkdtemp(prefix=f"pg-{os.getpid()}-", dir=quick_folder()))
    if as_user:
        shutil.chown(folder, as_user, as_user)
        folder.chmod(0o755)
    data, log = folder / "data", folder / "server.log"

    def run(program: str, *arguments: str) -> None:
        subprocess.run([str(programs() / program), *arguments], user=as_user, cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"})

    run("initdb", "-D", str(data), "-A", "trust", "-U", SERVER_USER, "-E", "UTF8", "--no-sync")
    # durability is the store's own promise on SQLite; here the server's crash safety is PostgreSQL's business
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=60"
    run("pg_ctl", "-D", str(data), "-l", str(log), "-o", options, "-w", "start")
    try:
        yield Server(folder, SERVER_USER)
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
