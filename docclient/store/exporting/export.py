"""`office export`: everything that the office holds, in formats that need no program of ours to be read.

It is put together under another name and named when it is whole; every file stands in `sha256sums.txt` (as
`sha256sum --check` reads it), whose own hash stands in `manifest.json`. One picture of the database, taken in one
transaction: work may go on meanwhile.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files as resource_files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from docclient.errors import trouble_of_os_error
from docclient.office.errors import BlobChanged, BlobMissing, FolderNotEmpty
from docclient.office.model import Digest
from docclient.store import tables
from docclient.store.backup import ARRIVING, described, facts_of, write_down
from docclient.store.blobs import Blobs, chunks
from docclient.store.copying import kept_tables, rows_of
from docclient.store.disk import sync_folder
from docclient.store.exporting.document_xml import SCHEMA, document_xml
from docclient.store.exporting.names import Names, Row
from docclient.store.exporting.registers_csv import safe, write_registers
from docclient.store.exporting.tables_csv import described as columns_of
from docclient.store.exporting.tables_csv import write_table

FORMAT = "docclient export 1"
MANIFEST, SUMS, SHAPES, FILES = "manifest.json", "sha256sums.txt", "schema/tables.json", "files.csv"
INDEX, DOCUMENT = "index.csv", "document.xml"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """documents, files: how many. missing: digests of files that the office no longer has as they were."""

    folder: Path
    documents: int
    files: int
    missing: tuple[str, ...]
    manifest: dict[str, Any]


def export_office(connection: Connection, blobs: Blobs, folder: Path, *,
                  progress: Progress = lambda done, total: None) -> Exported:
    """Write the office into `folder`, which is new or empty. `progress` counts documents.

    Args:
        connection: an open transaction that sees one picture.
    Raises: FolderNotEmpty, FolderNotWritable, DiskFull.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and any(folder.iterdir()):
            raise FolderNotEmpty(folder=str(folder))
        arriving = Path(tempfile.mkdtemp(prefix=ARRIVING, dir=folder.parent))
    except OSError as error:
        raise trouble_of_os_error(error, folder / "new") from error
    try:
        work = Export(connection, blobs, arriving, Names.read(connection))
        manifest = work.write_all(progress)
        if folder.exists():
            folder.rmdir()
        arriving.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise trouble_of_os_error(error, folder / "new") from error
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    return Exported(folder, work.documents, len(work.places), tuple(work.missing), manifest)


def told_beside() -> dict[str, bytes]:
    """By name, what is the same in every export of this program: the reader's guide, and the shape of the XML."""
    return {"README.md": (resource_files("resources") / "export" / "README.md").read_bytes(),
            "schema/document.xsd": SCHEMA.encode()}


class Export:
    """One export under way. places: where each digest lies, from the export's folder."""

    def __init__(self, connection: Connection, blobs: Blobs, folder: Path, names: Names) -> None:
        self.connection, self.blobs, self.folder, self.names = connection, blobs, folder, names
        self.places: dict[str, str] = {}
        self.missing: list[str] = []
        self.documents = 0

    def write_all(self, progress: Progress) -> dict[str, Any]:
        """Raises: OSError."""
        for name in ("tables", "registers", "documents", "files", "schema"):
            (self.folder / name).mkdir()
        self.write_tables()
        write_registers(self.folder / "registers", self.connection, self.names)
        self.write_documents(progress)
        self.write_other_files()
        self.write_index_of_files()
        for name, content in told_beside().items():
            write_down(self.folder / name, content)
        return self.seal()

    def write_tables(self) -> None:
        shapes = {}
        for table in kept_tables():
            write_table(self.folder / "tables" / f"{table.name}.csv", table, rows_of(self.connection, table))
            shapes[table.name] = columns_of(table)
        write_down(self.folder / SHAPES, json.dumps(shapes, ensure_ascii=False, indent=1).encode())

    def write_documents(self, progress: Progress) -> None:
        identities = self.connection.scalars(select(tables.document.c.id).order_by(tables.document.c.id)).all()
        with (self.folder / INDEX).open("w", encoding="utf-8-sig", newline="") as stream:
            index = csv.writer(stream)
            index.writerow(["flow", "state", "number", "date", "from", "subject", "folder"])
            for done, identity in enumerate(identities, start=1):
                row = self.connection.execute(
                    select(tables.document).where(tables.document.c.id == identity)).mappings().one()
                where = f"documents/{identity}"
                self.write_document(row, where)
                index.writerow([row["flow"], row["state"], "/".join(filter(None, (
                    row["code_number"], row["code_notation"]))), row["issued_date"] or "", row["issuer_name"] or "",
                    row["subject"], where])
                progress(done, len(identities))
        self.documents = len(identities)

    def write_document(self, document: Row, where: str) -> None:
        (self.folder / where).mkdir()
        write_down(self.folder / where / DOCUMENT, self.drawn(document, where))

    def drawn(self, document: Row, where: str) -> bytes:
        """The document as XML; its files are written where it says that they lie."""
        files = []
        for position, file in enumerate(self.connection.execute(
                select(tables.file).where(tables.file.c.document == document["id"])
                .order_by(tables.file.c.position, tables.file.c.id)).mappings().all(), start=1):
            versions = self.connection.execute(
                select(tables.file_version).where(tables.file_version.c.file == file["id"])
                .order_by(tables.file_version.c.number)).mappings().all()
            name = Path(file["name"])
            files.append((file, [(version, self.place_of(
                version["digest"], f"{where}/{position:02d}-{safe(name.stem)}-v{version['number']}{ending(name)}"))
                for version in versions]))
        return document_xml(self.connection, document, files, self.names)

    def place_of(self, digest: str, wanted: str) -> str:
        """Write the bytes there, unless they lie somewhere already. Empty where the office has lost them."""
        if digest in self.places:
            return self.places[digest]
        if digest in self.missing:
            return ""
        try:
            with self.blobs.open(Digest(digest)) as stream, (self.folder / wanted).open("wb") as target:
                for chunk in chunks(stream):
                    target.write(chunk)
        except (BlobMissing, BlobChanged):
            self.missing.append(digest)
            return ""
        self.places[digest] = wanted
        return wanted

    def write_other_files(self) -> None:
        """What no document has as its file: packets, evidence, pictures, trust, stamps."""
        for digest in self.connection.scalars(select(tables.blob.c.digest).order_by(tables.blob.c.digest)).all():
            self.place_of(digest, f"files/{digest}")

    def write_index_of_files(self) -> None:
        with (self.folder / FILES).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["sha256", "path"])
            writer.writerows(sorted(self.places.items()))

    def seal(self) -> dict[str, Any]:
        """Hash everything, then say so in the manifest: the last file that comes."""
        lines = []
        for file in sorted(each for each in self.folder.rglob("*") if each.is_file()):
            with file.open("rb") as stream:
                lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  "
                             f"{file.relative_to(self.folder).as_posix()}\n")
        write_down(self.folder / SUMS, "".join(lines).encode())
        manifest = {
            "format": FORMAT, "program": version("docclient"),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"), **facts_of(self.connection),
            "documents": self.documents, "files": len(self.places), "missing": self.missing,
            "sums": {"file": SUMS, **described(self.folder / SUMS)},
        }
        write_down(self.folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        return manifest


def ending(name: Path) -> str:
    """Of a file's name: `.pdf`; nothing that could lead out of the folder."""
    return f".{safe(name.suffix[1:])}"[:12] if name.suffix[1:] else ""
