"""`office import`: an export becomes an office again, equal in every row and byte, in an empty place of either kind."""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import URL, Connection, MetaData, Table

from docclient.office.errors import (
    BlobChanged,
    ExportDamaged,
    ExportMissing,
    OfficeNewer,
)
from docclient.store.backup import install
from docclient.store.blobs import Blobs, blobs_of
from docclient.store.copying import fill
from docclient.store.database import Migrated, alembic_config, connect, must_be_empty, revisions, writing
from docclient.store.exporting.export import FILES, FORMAT, MANIFEST, SHAPES, SUMS
from docclient.store.exporting.tables_csv import read_table
from docclient.store.place import Place

Progress = Callable[[int, int], None]


def import_office(folder: Path, place: Place, migrated: Migrated, *,
                  progress: Progress = lambda done, total: None) -> Mapping[str, Any]:
    """Read an export into an empty place; the office is there at the end, or not at all. `progress` counts files.

    An export of an earlier shape is read in its own shape first and brought up then. Returns the manifest.
    Raises: ExportMissing, ExportDamaged, OfficeExists, OfficeNewer, DiskFull, FolderNotWritable.
    """
    manifest = manifest_of(folder)
    must_be_intact(folder, manifest)
    if manifest["revision"] not in revisions():
        raise OfficeNewer(place=str(folder))
    must_be_empty(place)
    blobs = blobs_of(place)
    bring_files(folder, blobs, progress)
    with tempfile.TemporaryDirectory(prefix="docclient-") as name:
        file = Path(name) / "office.db"
        read_rows(folder, manifest["revision"], file)
        install(file, place, blobs, migrated, has_index=False)
    return manifest


def manifest_of(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT or not isinstance(found["sums"]["sha256"], str):
            raise ExportDamaged(folder=str(folder), file=MANIFEST)
        return {**found, "revision": str(found["revision"])}
    except (FileNotFoundError, NotADirectoryError):
        raise ExportMissing(folder=str(folder)) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ExportDamaged(folder=str(folder), file=MANIFEST) from None


def must_be_intact(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Every file is there and as it was. Raises: ExportDamaged."""
    try:
        content = (folder / SUMS).read_bytes()
    except OSError:
        raise ExportDamaged(folder=str(folder), file=SUMS) from None
    if hashlib.sha256(content).hexdigest() != manifest["sums"]["sha256"]:
        raise ExportDamaged(folder=str(folder), file=SUMS)
    for line in content.decode().splitlines():
        digest, _, name = line.partition("  ")
        try:
            with (folder / name).open("rb") as stream:
                whole = hashlib.file_digest(stream, "sha256").hexdigest() == digest
        except OSError:
            whole = False
        if not whole:
            raise ExportDamaged(folder=str(folder), file=name)


def bring_files(folder: Path, blobs: Blobs, progress: Progress) -> None:
    with (folder / FILES).open("r", encoding="utf-8", newline="") as stream:
        named = [(row["sha256"], row["path"]) for row in csv.DictReader(stream)]
    for done, (digest, path) in enumerate(named, start=1):
        with (folder / path).open("rb") as content:
            if blobs.put(content) != digest:
                raise ExportDamaged(folder=str(folder), file=path) from BlobChanged(digest=digest)
        progress(done, len(named))


def read_rows(folder: Path, revision: str, file: Path) -> None:
    """The tables into a new SQLite file of the export's own shape. Raises: ExportDamaged."""
    shapes = json.loads((folder / SHAPES).read_text(encoding="utf-8"))
    engine = connect(Place(URL.create("sqlite+pysqlite", database=str(file)), file.parent, str(file)), "DELETE")
    try:
        with writing(engine) as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            fill_shape(connection, folder, shapes)
    except (ValueError, KeyError, csv.Error) as error:
        raise ExportDamaged(folder=str(folder), file=str(error)[:100]) from error
    finally:
        engine.dispose()


def fill_shape(connection: Connection, folder: Path, shapes: Mapping[str, Any]) -> None:
    there = MetaData()
    there.reflect(connection, only=list(shapes))
    order: list[Table] = [table for table in there.sorted_tables if table.name in shapes]
    if {table.name for table in order} != set(shapes):
        raise ValueError(SHAPES)
    for table in reversed(order):
        connection.execute(table.delete())
    for _ in fill(connection, ((table, read_table(folder / "tables" / f"{table.name}.csv", shapes[table.name]))
                               for table in order)):
        pass
