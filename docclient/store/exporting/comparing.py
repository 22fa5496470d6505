"""Do an export's copies for readers say what its tables say?

Whoever changes a document's XML or a register's CSV can make the hashes anew; the tables are checked by the journal,
and the copies are drawn from the tables. So they are drawn once more and laid beside each other, byte by byte. Another
version of the program may draw them otherwise: then only the hashes speak for them, and the answer says so.
"""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from docclient.office.errors import ExportDamaged
from docclient.store.blobs import Blobs
from docclient.store.database import newest_revision
from docclient.store.exporting.export import DOCUMENT, FILES, SHAPES, Export, told_beside
from docclient.store.exporting.names import Names, Row
from docclient.store.exporting.registers_csv import write_registers

Progress = Callable[[int, int], None]


def can_be_compared(manifest: Mapping[str, Any]) -> bool:
    """Was it made by this version of the program, in the present shape?"""
    return manifest.get("program") == version("docclient") and manifest["revision"] == newest_revision()


def must_say_the_same(connection: Connection, blobs: Blobs, folder: Path, places: Mapping[str, str],
                      intact: Mapping[str, str], shapes: Mapping[str, Any], progress: Progress) -> None:
    """Every copy for readers is what the tables draw, and nothing else is listed in the export.

    Args:
        connection: the export's rows. places: where each digest lies. intact: hashes by name. shapes: of the tables.
    Raises: ExportDamaged, naming the first file that differs, is missing or does not belong.
    """
    with tempfile.TemporaryDirectory(prefix="docclient-") as name:
        drawn = Drawing(connection, blobs, Path(name), folder, places)
        (drawn.folder / "registers").mkdir()
        write_registers(drawn.folder / "registers", connection, drawn.names)
        drawn.write_documents(progress)
        for each in sorted(each for each in drawn.folder.rglob("*") if each.is_file()):
            drawn.must_be(each.relative_to(drawn.folder).as_posix(), each)
        for told, content in told_beside().items():
            drawn.must_hold(told, content)
        belongs = drawn.seen | set(places.values()) | {f"tables/{table}.csv" for table in shapes} | {SHAPES, FILES}
        for other in sorted(intact.keys() - belongs):
            raise ExportDamaged(folder=str(folder), file=other)


class Drawing(Export):
    """The copies for readers drawn again, into a folder of their own. seen: their names."""

    def __init__(self, connection: Connection, blobs: Blobs, drawn: Path, original: Path,
                 places: Mapping[str, str]) -> None:
        super().__init__(connection, blobs, drawn, Names.read(connection))
        self.original, self.original_places = original, places
        self.seen: set[str] = set()

    def write_document(self, document: Row, where: str) -> None:
        self.must_hold(f"{where}/{DOCUMENT}", self.drawn(document, where))

    def place_of(self, digest: str, wanted: str) -> str:
        return self.original_places.get(digest, "")

    def must_hold(self, name: str, content: bytes) -> None:
        """Raises: ExportDamaged."""
        self.seen.add(name)
        try:
            same = (self.original / name).read_bytes() == content
        except OSError:
            same = False
        if not same:
            raise ExportDamaged(folder=str(self.original), file=name)

    def must_be(self, name: str, drawn: Path) -> None:
        """Raises: ExportDamaged."""
        self.seen.add(name)
        try:
            same = filecmp.cmp(self.original / name, drawn, shallow=False)
        except OSError:
            same = False
        if not same:
            raise ExportDamaged(folder=str(self.original), file=name)
