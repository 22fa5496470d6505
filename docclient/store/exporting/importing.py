"""`office import`: an export becomes an office again, equal in every row and byte, in an empty place of either kind."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from alembic import command
from sqlalchemy import URL, Connection, MetaData, Table
from sqlalchemy.exc import SQLAlchemyError

from docclient.office.errors import (
    BlobChanged,
    BlobMissing,
    ExportDamaged,
    ExportMissing,
    FolderNotEmpty,
    OfficeNewer,
)
from docclient.office.model import Digest
from docclient.store.backup import Judge, install, judged
from docclient.store.blobs import Blobs, blobs_of
from docclient.store.copying import fill
from docclient.store.database import Migrated, alembic_config, connect, must_be_empty, revisions, writing
from docclient.store.exporting.comparing import can_be_compared, must_say_the_same
from docclient.store.exporting.export import FILES, FORMAT, MANIFEST, SHAPES, SUMS
from docclient.store.exporting.tables_csv import read_table
from docclient.store.place import Place

Progress = Callable[[int, int], None]


def import_office(folder: Path, place: Place, migrated: Migrated, *, judge: Judge | None = None,
                  progress: Progress = lambda done, total: None) -> Mapping[str, Any]:
    """Read an export into an empty place; the office is there at the end, or not at all. `progress` counts files.

    An export of an earlier shape is read in its own shape first and brought up then. Everything is looked at before the
    first file is brought, so that an export that is refused leaves the place empty. What the office becomes stands in
    the tables; the copies for readers (XML, the registers' CSV) must say what these say. Returns the manifest, with
    `copies_compared`: false where another version of the program drew those copies, which then are only hashed.
    Raises: ExportMissing, ExportDamaged, OfficeExists, OfficeNewer, DiskFull, FolderNotWritable; what `judge` raises.
    """
    manifest = manifest_of(folder)
    intact = must_be_intact(folder, manifest)
    if manifest["revision"] not in revisions():
        raise OfficeNewer(place=str(folder))
    must_be_empty(place)
    files = ExportedFiles(folder, files_of(folder, intact))
    with tempfile.TemporaryDirectory(prefix="docclient-") as name:
        file = Path(name) / "office.db"
        read_rows(folder, manifest, file, intact)
        if judge is not None:
            judged(file, migrated, judge, files, frozenset(manifest["missing"]))
        # after the journal was asked, which says more of what was changed than a copy that differs
        compared = can_be_compared(manifest)
        if compared:
            with rows_of(folder, file) as connection:
                must_say_the_same(connection, files, folder, files.places, intact, shapes_of(folder), progress)
        blobs = blobs_of(place)
        bring_files(files, blobs, progress)
        install(file, place, blobs, migrated, has_index=False)
    return {**manifest, "copies_compared": compared}


def manifest_of(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT or not isinstance(found["sums"]["sha256"], str) or not all(
                isinstance(found[part], kind) for part, kind in (("journal", dict), ("tables", dict),
                                                                 ("missing", list), ("office", dict))):
            raise ExportDamaged(folder=str(folder), file=MANIFEST)
        return {**found, "revision": str(found["revision"])}
    except (FileNotFoundError, NotADirectoryError):
        raise ExportMissing(folder=str(folder)) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ExportDamaged(folder=str(folder), file=MANIFEST) from None


def must_be_intact(folder: Path, manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """Every file is there and as it was. Returns their hashes by name. Raises: ExportDamaged, also for a name that
    leads out of the folder."""
    try:
        content = (folder / SUMS).read_bytes()
        if hashlib.sha256(content).hexdigest() != manifest["sums"]["sha256"]:
            raise ExportDamaged(folder=str(folder), file=SUMS)
        lines = content.decode().splitlines()
    except (OSError, UnicodeDecodeError):
        raise ExportDamaged(folder=str(folder), file=SUMS) from None
    found = {}
    for line in lines:
        digest, _, name = line.partition("  ")
        try:
            with inside(folder, name).open("rb") as stream:
                whole = hashlib.file_digest(stream, "sha256").hexdigest() == digest
        except OSError:
            whole = False
        if not whole:
            raise ExportDamaged(folder=str(folder), file=name)
        found[name] = digest
    return found


def inside(folder: Path, name: str) -> Path:
    """The file of that name in the export. Raises: ExportDamaged: it lies elsewhere, or a link leads elsewhere."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or any(character in name for character in ("\\", ":", "\0")) or \
            PurePosixPath(name).is_absolute():
        raise ExportDamaged(folder=str(folder), file=name)
    found, root = (folder / name).resolve(), folder.resolve()
    if not found.is_relative_to(root):
        raise ExportDamaged(folder=str(folder), file=name)
    return found


def files_of(folder: Path, intact: Mapping[str, str]) -> Mapping[str, str]:
    """Where each digest lies. Raises: ExportDamaged: a file is named that is not there, or is another."""
    try:
        with (folder / FILES).open("r", encoding="utf-8", newline="") as stream:
            named = {str(row["sha256"]): str(row["path"]) for row in csv.DictReader(stream)}
    except (OSError, ValueError, KeyError, csv.Error):
        raise ExportDamaged(folder=str(folder), file=FILES) from None
    for digest, path in named.items():
        if intact.get(path) != digest:
            raise ExportDamaged(folder=str(folder), file=path)
    return named


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """The bytes of an export, as an office's bytes are read; nothing is written. places: by digest."""

    folder: Path
    places: Mapping[str, str]

    def put(self, content: BinaryIO | bytes) -> Digest:
        raise FolderNotEmpty(folder=str(self.folder))

    def path(self, digest: Digest) -> Path:
        if digest not in self.places:
            raise BlobMissing(digest=digest)
        return inside(self.folder, self.places[digest])

    def size(self, digest: Digest) -> int:
        return self.path(digest).stat().st_size

    def open(self, digest: Digest) -> BinaryIO:
        stream = self.path(digest).open("rb")
        if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
            stream.close()
            raise BlobChanged(digest=digest)
        stream.seek(0)
        return stream

    def prove(self, digest: Digest) -> int:
        """Every file of the export was hashed before anything else was done with it."""
        return self.size(digest)


def bring_files(files: ExportedFiles, blobs: Blobs, progress: Progress) -> None:
    for done, (digest, path) in enumerate(files.places.items(), start=1):
        with files.path(Digest(digest)).open("rb") as content:
            if blobs.put(content) != digest:
                raise ExportDamaged(folder=str(files.folder), file=path) from BlobChanged(digest=digest)
        progress(done, len(files.places))


def read_rows(folder: Path, manifest: Mapping[str, Any], file: Path, intact: Mapping[str, str]) -> None:
    """The tables into a new SQLite file of the export's own shape. Raises: ExportDamaged."""
    with rows_of(folder, file) as connection:
        shapes = shapes_of(folder)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, manifest["revision"])
        fill_shape(connection, folder, shapes, intact)
        must_be_all(connection, folder, manifest, shapes)


def shapes_of(folder: Path) -> Any:
    return json.loads((folder / SHAPES).read_text(encoding="utf-8"))


@contextmanager
def rows_of(folder: Path, file: Path) -> Iterator[Connection]:
    """The export's rows, in one transaction. Raises: ExportDamaged."""
    engine = connect(Place(URL.create("sqlite+pysqlite", database=str(file)), file.parent, str(file)), "DELETE")
    try:
        with writing(engine) as connection:
            yield connection
    except SQLAlchemyError as error:        # a row twice, a reference to nothing, a value that is none of its kind
        raise ExportDamaged(folder=str(folder), file="tables") from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError, csv.Error) as error:
        raise ExportDamaged(folder=str(folder), file=str(error)[:100]) from error
    finally:
        engine.dispose()


def must_be_all(connection: Connection, folder: Path, manifest: Mapping[str, Any], shapes: Mapping[str, Any]) -> None:
    """As many rows in each table, and the journal's head, as the manifest says. Raises: ExportDamaged."""
    for table in sorted(shapes):
        count = connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar()
        if count != manifest["tables"].get(table):
            raise ExportDamaged(folder=str(folder), file=f"tables/{table}.csv")
    head = connection.exec_driver_sql("SELECT number, hash FROM journal_head").first()
    if head is None or tuple(head) != (manifest["journal"].get("number"), manifest["journal"].get("hash")):
        raise ExportDamaged(folder=str(folder), file="tables/journal_head.csv")


def fill_shape(connection: Connection, folder: Path, shapes: Mapping[str, Any], intact: Mapping[str, str]) -> None:
    there = MetaData()
    there.reflect(connection, only=list(shapes))
    order: list[Table] = [table for table in there.sorted_tables if table.name in shapes]
    if {table.name for table in order} != set(shapes):
        raise ValueError(SHAPES)
    for name in sorted(shapes):
        if f"tables/{name}.csv" not in intact:
            raise ExportDamaged(folder=str(folder), file=f"tables/{name}.csv")
    for table in reversed(order):
        connection.execute(table.delete())
    for _ in fill(connection, ((table, read_table(folder / "tables" / f"{table.name}.csv", shapes[table.name]))
                               for table in order)):
        pass
