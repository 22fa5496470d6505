"""Backups: the whole office, taken while it is in use, into a folder; and back into an empty place, of either kind.

A backup folder holds the bytes once (`files/`, by digest) and a folder for each backup, named after its time:

    2026-11-22T02-15-30Z/office.db       every table, as SQLite, whatever the office's own database is
                         files.txt       digest and size of every file that the tables name
                         manifest.json   hashes of both, the journal's head, what was missing

It is put together under another name (`arriving-…`) and named when everything is on the disk: what has its name is
whole. Files that are there already are not copied again. `docs/keeping.md` says more.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, Engine, func, select

from docclient.errors import trouble_of_os_error
from docclient.office.errors import (
    BackupDamaged,
    BackupIncomplete,
    BackupMissing,
    BackupOfAnother,
    BlobChanged,
    BlobMissing,
    OfficeNewer,
)
from docclient.office.model import Digest
from docclient.store import directory, tables
from docclient.store.blobs import CHUNK, Blobs, FolderBlobs, blobs_of
from docclient.store.copying import copy_rows, kept_tables
from docclient.store.database import (
    Migrated,
    connect,
    copy_database_file,
    making_database,
    must_be_empty,
    open_database,
    revisions,
    writing,
)
from docclient.store.disk import sync_folder
from docclient.store.finding import rebuild
from docclient.store.place import Place

FORMAT = "docclient backup 1"
MANIFEST, DATABASE, LIST, FILES, ARRIVING = "manifest.json", "office.db", "files.txt", "files", "arriving-"
LEFT_OVER_S = 24 * 3600.0
"""A half-made backup this old is of a program that is gone."""

Progress = Callable[[int, int], None]
Judge = Callable[[Engine, Blobs, frozenset[str]], None]
"""Looks at a copy's database and bytes before they become an office, and refuses them by raising. The last: digests
that the copy itself says were missing."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup. folder: its own; manifest: as written; copied: files that this one brought."""

    folder: Path
    manifest: Mapping[str, Any]
    copied: int = 0
    copied_bytes: int = 0

    @property
    def whole(self) -> bool:
        """Did the office still have every file that it names?"""
        return not self.manifest["missing"]

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])


def back_up(database: Engine, blobs: Blobs, place: Place, folder: Path, *,
            progress: Progress = lambda done, total: None) -> Backup:
    """Take a backup of an open office into `folder`; commands may go on meanwhile. `progress` counts files.

    Raises: DiskFull, FolderNotWritable, BackupOfAnother; what the database raises.
    """
    made_at = datetime.now(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_left_overs(folder)
        arriving = Path(tempfile.mkdtemp(prefix=ARRIVING, dir=folder))
    except OSError as error:
        raise trouble_of_os_error(error, folder / "new") from error
    try:
        engine = snapshot(database, place, arriving / DATABASE)
        try:
            with engine.connect() as copy:
                facts = facts_of(copy)
                must_be_of_this_office(folder, facts["office"]["id"])
                named = [(Digest(row.digest), row.size) for row in copy.execute(
                    select(tables.blob.c.digest, tables.blob.c.size).order_by(tables.blob.c.digest))]
        finally:
            engine.dispose()
        store = FolderBlobs(folder / FILES)
        missing: list[str] = []
        copied = copied_bytes = 0
        for done, (digest, size) in enumerate(named, start=1):
            if not has(store, digest, size):
                try:
                    with blobs.open(digest) as stream:
                        store.put(stream)
                    copied, copied_bytes = copied + 1, copied_bytes + size
                except (BlobMissing, BlobChanged):
                    missing.append(digest)
            progress(done, len(named))
        try:
            write_down(arriving / LIST, "".join(f"{digest} {size}\n" for digest, size in named).encode())
            manifest = {
                "format": FORMAT, "program": version("docclient"), "made_at": made_at.isoformat(timespec="seconds"),
                **facts, "engine": database.dialect.name,
                "database": {"file": DATABASE, **described(arriving / DATABASE)},
                "files": {"list": LIST, **described(arriving / LIST), "count": len(named),
                          "bytes": sum(size for _, size in named)},
                "missing": missing,
            }
            write_down(arriving / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            sync_folder(arriving)
            final = take_name(arriving, folder, made_at)
        except OSError as error:
            raise trouble_of_os_error(error, folder / "new") from error
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    return Backup(final, manifest, copied, copied_bytes)


def snapshot(database: Engine, place: Place, target: Path) -> Engine:
    """One picture of the database as an SQLite file, and that opened. Of SQLite through its online backup; of
    PostgreSQL every table, read in one REPEATABLE READ transaction."""
    at = Place(URL.create("sqlite+pysqlite", database=str(target)), target.parent, str(target))
    if place.database_file is not None:
        copy_database_file(place.database_file, target)
        return connect_quietly(at)
    with database.connect().execution_options(isolation_level="REPEATABLE READ") as source, source.begin(), \
            making_database(at, journal_mode="DELETE") as (engine, copy):
        copy_rows(source, copy)
    engine.dispose()
    with target.open("rb+") as stream:
        os.fsync(stream.fileno())
    return connect_quietly(at)


def connect_quietly(at: Place) -> Engine:
    """A copy is read without leaving anything beside it (no write-ahead log)."""
    return connect(at, journal_mode="DELETE")


def facts_of(connection: Connection) -> dict[str, Any]:
    """What the manifest says of an office: whose it is, its shape, its journal's head, how much there is."""
    own = connection.execute(select(tables.agency.c.code, tables.agency.c.name).where(
        tables.agency.c.own.is_(True)).order_by(tables.agency.c.id)).first()
    head = connection.execute(select(tables.journal_head.c.number, tables.journal_head.c.hash)).one()
    first = connection.scalar(select(tables.journal.c.hash).where(tables.journal.c.number == 1))
    return {
        "office": {"id": first or "", "code": own.code if own else "", "name": own.name if own else ""},
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "journal": {"number": head.number, "hash": head.hash},
        "tables": {table.name: connection.scalar(select(func.count()).select_from(table))
                   for table in sorted(kept_tables(), key=lambda each: each.name)},
    }


def must_be_of_this_office(folder: Path, office: str) -> None:
    """One folder is for one office. Raises: BackupOfAnother."""
    newest = next(iter(backups_in(folder)), None)
    if newest is not None and newest.manifest["office"]["id"] != office:
        raise BackupOfAnother(folder=str(folder), office=newest.manifest["office"]["name"])


def has(store: FolderBlobs, digest: Digest, size: int) -> bool:
    try:
        return store.size(digest) == size
    except BlobMissing:
        return False


def described(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {"size": file.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def write_down(file: Path, content: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def take_name(arriving: Path, folder: Path, made_at: datetime) -> Path:
    """Give the finished folder its name; two of one second are told apart by a number."""
    base = made_at.strftime("%Y-%m-%dT%H-%M-%SZ")
    for number in range(1, 1_000):
        final = folder / (base if number == 1 else f"{base}-{number}")
        if not final.exists():
            arriving.rename(final)
            sync_folder(folder)
            return final
    raise FileExistsError(str(folder / base))


def forget_left_overs(folder: Path) -> None:
    for each in folder.glob(f"{ARRIVING}*"):
        with suppress(OSError):
            if time.time() - each.stat().st_mtime > LEFT_OVER_S:
                shutil.rmtree(each)


# --- finding and reading ---------------------------------------------------------------------------------------------


def backups_in(folder: Path) -> list[Backup]:
    """The whole backups in a folder, newest first. What is half-made or not ours is passed over."""
    found = []
    with suppress(OSError):
        for each in folder.iterdir():
            with suppress(BackupIncomplete, BackupDamaged, OSError):
                if each.is_dir() and not each.name.startswith(ARRIVING) and each.name != FILES:
                    found.append(Backup(each, manifest_of(each)))
    return sorted(found, key=lambda each: (each.made_at, each.folder.name), reverse=True)


def backup_at(folder: Path) -> Backup:
    """The backup in `folder`, or the newest whole one below it. Raises: BackupMissing, BackupIncomplete,
    BackupDamaged."""
    if (folder / MANIFEST).exists():
        return Backup(folder, manifest_of(folder))
    if (folder / DATABASE).exists() or folder.name.startswith(ARRIVING):
        raise BackupIncomplete(folder=str(folder))
    found = backups_in(folder)
    if found:
        return found[0]
    if any(folder.glob(f"{ARRIVING}*")):
        raise BackupIncomplete(folder=str(folder))
    raise BackupMissing(folder=str(folder))


def manifest_of(folder: Path) -> Mapping[str, Any]:
    """Raises: BackupIncomplete, BackupDamaged."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise BackupDamaged(folder=str(folder), file=MANIFEST)
        datetime.fromisoformat(found["made_at"])
        if not all(isinstance(found[part], dict) for part in ("office", "journal", "database", "files")):
            raise BackupDamaged(folder=str(folder), file=MANIFEST)
    except FileNotFoundError:
        raise BackupIncomplete(folder=str(folder)) from None
    except (ValueError, KeyError, TypeError):
        raise BackupDamaged(folder=str(folder), file=MANIFEST) from None
    return dict(found)


def forget_old(folder: Path, keep: int) -> int:
    """Remove all but the newest `keep` backups; the files they share stay. Returns how many went."""
    old = backups_in(folder)[max(keep, 1):]
    for each in old:
        with suppress(OSError):
            (each.folder / MANIFEST).unlink()        # from here on it is no whole backup any more
            shutil.rmtree(each.folder)
    return len(old)


# --- restoring -------------------------------------------------------------------------------------------------------


def restore(folder: Path, place: Place, migrated: Migrated, *, judge: Judge | None = None,
            progress: Progress = lambda done, total: None) -> Backup:
    """Bring a backup into an empty place, of either kind; the office is there at the end, or not at all. Everything is
    looked at first, so that a backup that is refused leaves the place empty. Then the files: broken off, it can be done
    again.

    Raises: BackupMissing, BackupIncomplete, BackupDamaged, OfficeExists, OfficeNewer, DiskFull, FolderNotWritable; what
        `judge` raises.
    """
    backup = backup_at(folder)
    must_be_intact(backup)
    if backup.manifest["revision"] not in revisions():
        raise OfficeNewer(place=str(backup.folder))
    must_be_empty(place)
    files_must_be_there(backup)
    with tempfile.TemporaryDirectory(prefix="docclient-") as name:
        file = backup.folder / DATABASE
        if judge is not None:
            file = Path(name) / DATABASE
            bring_file(backup.folder / DATABASE, file)
            judged(file, migrated, judge, FolderBlobs(backup.folder.parent / FILES),
                   frozenset(backup.manifest["missing"]))
        blobs = blobs_of(place)
        bring_files(backup, blobs, progress)
        install(file, place, blobs, migrated, has_index=backup.manifest["engine"] == "sqlite")
    return backup


def judged(file: Path, migrated: Migrated, judge: Judge, blobs: Blobs, missing: frozenset[str]) -> None:
    """Look at a copy's database; it has the present shape afterwards. Raises: what `judge` raises, OfficeNewer."""
    engine = open_database(Place(URL.create("sqlite+pysqlite", database=str(file)), file.parent, str(file)), migrated)
    try:
        judge(engine, blobs, missing)
    finally:
        engine.dispose()


def files_must_be_there(backup: Backup) -> None:
    """Every file that the backup names lies beside it, with its size. Raises: BackupDamaged."""
    store = FolderBlobs(backup.folder.parent / FILES)
    for digest, size in files_of(backup):
        if digest not in backup.manifest["missing"] and not has(store, digest, size):
            raise BackupDamaged(folder=str(backup.folder), file=f"{FILES}/{digest[:2]}/{digest[2:]}")


def files_of(backup: Backup) -> list[tuple[Digest, int]]:
    """Raises: BackupDamaged, also for what names a place outside of the backup."""
    found = []
    try:
        for line in (backup.folder / LIST).read_text(encoding="ascii").splitlines():
            digest, size = line.split(" ")
            if re.fullmatch("[0-9a-f]{64}", digest) is None:
                raise ValueError(line)
            found.append((Digest(digest), int(size)))
    except (OSError, ValueError):
        raise BackupDamaged(folder=str(backup.folder), file=LIST) from None
    return found


def install(file: Path, place: Place, blobs: Blobs, migrated: Migrated, *, has_index: bool) -> None:
    """Make the office's database out of an SQLite file of whatever earlier shape. has_index: what follows from other
    tables (the search index) is in it already. Raises: OfficeExists, OfficeNewer, DiskFull, FolderNotWritable."""
    if place.database_file is not None:
        bring_file(file, place.database_file)
        engine = open_database(place, migrated)
        if not has_index:
            with writing(engine) as connection:
                rebuild(connection, blobs)
                directory.rebuild(connection)
        engine.dispose()
        return
    with tempfile.TemporaryDirectory(prefix="docclient-") as name:
        copy = Path(name) / DATABASE
        bring_file(file, copy)
        source = open_database(Place(URL.create("sqlite+pysqlite", database=str(copy)), copy.parent, str(copy)),
                               migrated)
        try:
            with source.connect() as original, making_database(place) as (engine, connection):
                copy_rows(original, connection)
                rebuild(connection, blobs)
                directory.rebuild(connection)
            engine.dispose()
        finally:
            source.dispose()


def must_be_intact(backup: Backup) -> None:
    """Raises: BackupDamaged."""
    for part, name in (("database", DATABASE), ("files", LIST)):
        try:
            if described(backup.folder / name)["sha256"] != backup.manifest[part]["sha256"]:
                raise BackupDamaged(folder=str(backup.folder), file=name)
        except (OSError, KeyError):
            raise BackupDamaged(folder=str(backup.folder), file=name) from None


def bring_files(backup: Backup, blobs: Blobs, progress: Progress) -> None:
    """Every file, hashed on the way. Raises: BackupDamaged."""
    source = FolderBlobs(backup.folder.parent / FILES)
    named, missing = files_of(backup), set(backup.manifest["missing"])
    for done, (digest, _) in enumerate(named, start=1):
        if digest not in missing:
            try:
                with source.open(digest) as stream:
                    blobs.put(stream)
            except (BlobMissing, BlobChanged):
                raise BackupDamaged(folder=str(backup.folder), file=f"{FILES}/{digest[:2]}/{digest[2:]}") from None
        progress(done, len(named))


def bring_file(source: Path, target: Path) -> None:
    """Copy, down to the disk, under the target's name only when whole. Raises: DiskFull, FolderNotWritable."""
    arriving = target.with_name(f"{ARRIVING}{target.name}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as original, arriving.open("wb") as copy:
            arriving.chmod(0o600)
            shutil.copyfileobj(original, copy, CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        arriving.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise trouble_of_os_error(error, target) from error
    finally:
        with suppress(OSError):
            arriving.unlink(missing_ok=True)
