"""A disk that is full while the office is backed up or exported: nothing half-made stays, the office goes on, and there
is a backup once there is room."""

from __future__ import annotations

from pathlib import Path

import pytest

from docclient.errors import DiskFull
from docclient.office.checking import check_office
from docclient.office.migrating import note_migration
from docclient.store.backup import back_up, backups_in, restore
from docclient.store.exporting.export import export_office
from docclient.store.exporting.importing import import_office
from docclient.store.place import place
from tests.faults.test_office_as_it_was import fill, small_disk
from tests.offices import OfficeToTest

__all__ = ["small_disk"]

ROOM = (0, 50_000, 300_000, 700_000)


def ballast_but(folder: Path, room: int) -> Path:
    """Fill the disk, but for some room."""
    ballast = fill(folder)
    with ballast.open("r+b") as stream:
        stream.truncate(max(ballast.stat().st_size - room, 0))
    return ballast


@pytest.mark.parametrize("room", ROOM)
def test_a_backup(sqlite_office: OfficeToTest, small_disk: Path, room: int, tmp_path: Path):
    office, folder = sqlite_office, small_disk / "backups"
    folder.mkdir()
    ballast = ballast_but(small_disk, room)
    with pytest.raises(DiskFull):
        back_up(office.engine.database, office.engine.blobs, office.place, folder)
    assert backups_in(folder) == [] and not list(folder.glob("arriving-*")) and not list(folder.glob("*/arriving-*"))
    office.received("1")                                # the office itself is not touched by it
    ballast.unlink()
    back_up(office.engine.database, office.engine.blobs, office.place, folder)
    restore(folder, place(str(tmp_path / "new")), note_migration)
    assert check_office(office.engine).findings == ()


@pytest.mark.parametrize("room", ROOM[:2])
def test_an_export(sqlite_office: OfficeToTest, small_disk: Path, room: int):
    office = sqlite_office
    ballast = ballast_but(small_disk, room)
    with office.engine.reading() as work, pytest.raises(DiskFull):
        export_office(work.connection, office.engine.blobs, small_disk / "export")
    assert [each.name for each in small_disk.iterdir() if each != ballast] == []
    ballast.unlink()
    with office.engine.reading() as work:
        assert export_office(work.connection, office.engine.blobs, small_disk / "export").missing == ()


@pytest.mark.parametrize("way", ["restore", "import"])
def test_bringing_back(sqlite_office: OfficeToTest, small_disk: Path, tmp_path: Path, way: str):
    office, at = sqlite_office, place(str(small_disk / "office"))
    back_up(office.engine.database, office.engine.blobs, office.place, tmp_path / "backups")
    with office.engine.reading() as work:
        export_office(work.connection, office.engine.blobs, tmp_path / "export")

    def bring() -> object:
        if way == "restore":
            return restore(tmp_path / "backups", at, note_migration)
        return import_office(tmp_path / "export", at, note_migration)

    ballast = ballast_but(small_disk, 600_000)
    with pytest.raises(DiskFull):
        bring()
    assert not (small_disk / "office" / "office.db").exists()
    ballast.unlink()
    bring()
    assert (small_disk / "office" / "office.db").exists()
