"""A backup is taken while the office is in use, holds everything, and becomes an office again on either engine."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import (
    BackupDamaged,
    BackupIncomplete,
    BackupMissing,
    BackupOfAnother,
    BlobChanged,
    OfficeExists,
    OfficeNewer,
)
from docclient.office.migrating import note_migration
from docclient.office.queries.finding import FindDocuments
from docclient.store.backup import Backup, back_up, backup_at, backups_in, forget_old, restore
from docclient.store.copying import kept_tables, rows_of
from docclient.store.place import Place, place
from tests.offices import OfficeToTest
from tests.postgresql import Server
from tests.running import docclient

EmptyPlace = Callable[[str], Place]


@pytest.fixture
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> EmptyPlace:
    """Somewhere for an office, of the kind named."""
    def make(kind: str) -> Place:
        if kind == "sqlite":
            return place(str(tmp_path / "restored"))
        server: Server = request.getfixturevalue("postgresql_server")
        name = f"restored_{tmp_path.name.lower().replace('-', '_')[:40]}"
        server.run(f"DROP DATABASE IF EXISTS {name}")
        server.run(f"CREATE DATABASE {name}")
        return place(server.url(name, tmp_path / "restored-blobs"))
    return make


def take(office: OfficeToTest, folder: Path) -> Backup:
    return back_up(office.engine.database, office.engine.blobs, office.place, folder)


def content(engine: OfficeEngine) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, and every byte (by its digest, which is checked on reading). Looks are written down
    beside the work, whenever there is time: `view_log` is compared by itself where nobody looks."""
    with engine.reading() as work:
        found = {table.name: [dict(row) for row in rows_of(work.connection, table)] for table in kept_tables()
                 if table.name != "view_log"}
    for row in found["blob"]:
        assert engine.blobs.prove(row["digest"]) == row["size"]      # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_there_and_back_on_either_engine(office: OfficeToTest, tmp_path: Path, empty_place: EmptyPlace, target: str):
    view = office.directed("7", words="Dấu ' ngoặc \" và \\N")
    made = take(office, tmp_path / "backups")
    assert made.whole and backup_at(tmp_path / "backups").folder == made.folder
    at = empty_place(target)
    restore(tmp_path / "backups", at, note_migration)
    again = OfficeEngine.open(at)
    try:
        assert content(again) == content(office.engine)
        result = check_office(again)
        assert result.findings == ()
        assert result.head == made.manifest["journal"]["hash"]
        clerk = again.enter(again.person("vanthu"))
        found = clerk.ask(FindDocuments(text="bao cao cong tac van thu"))
        assert view.document.id in json.dumps([str(each) for each in found.rows])
    finally:
        again.close()


def test_a_second_backup_brings_only_what_is_new(office: OfficeToTest, tmp_path: Path):
    first = take(office, tmp_path / "b")
    again = take(office, tmp_path / "b")
    assert (first.copied, again.copied) == (first.manifest["files"]["count"], 0)
    office.received("9")
    third = take(office, tmp_path / "b")
    assert 0 < third.copied < third.manifest["files"]["count"]
    assert third.manifest["journal"]["number"] == first.manifest["journal"]["number"] + 1
    assert [each.folder for each in backups_in(tmp_path / "b")] == [third.folder, again.folder, first.folder]
    assert forget_old(tmp_path / "b", 1) == 2
    assert [each.folder for each in backups_in(tmp_path / "b")] == [third.folder]


def test_while_commands_go_on(office: OfficeToTest, tmp_path: Path, empty_place: EmptyPlace):
    """Each backup is one moment between two commands."""
    stop, done, failed = threading.Event(), threading.Event(), []

    def work() -> None:
        try:
            for number in range(1, 200):
                office.received(str(number))
                done.set()
                if stop.is_set():
                    return
        except Exception as error:       # told below, in the test's own thread
            failed.append(error)
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert done.wait(60)
        made = [take(office, tmp_path / "b") for _ in range(3)]
    finally:
        stop.set()
        thread.join()
    assert failed == []
    numbers = [each.manifest["journal"]["number"] for each in made]
    assert numbers == sorted(numbers) and all(each.whole for each in made)
    at = empty_place("sqlite")
    restore(made[1].folder, at, note_migration)
    again = OfficeEngine.open(at)
    result = check_office(again)
    again.close()
    assert (result.findings, result.number) == ((), numbers[1])


def test_a_place_that_is_taken_is_left_alone(office: OfficeToTest, tmp_path: Path):
    take(office, tmp_path / "b")
    before = content(office.engine)
    with pytest.raises(OfficeExists):
        restore(tmp_path / "b", office.place, note_migration)
    assert content(office.engine) == before


def test_a_broken_off_backup_is_no_backup(sqlite_office: OfficeToTest, tmp_path: Path,
                                          monkeypatch: pytest.MonkeyPatch):
    folder, calls = tmp_path / "b", []

    def pull_the_plug(done: int, total: int) -> None:
        calls.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(sqlite_office.engine.database, sqlite_office.engine.blobs, sqlite_office.place, folder,
                progress=pull_the_plug)
    assert calls == [1] and backups_in(folder) == []
    # killed outright, nothing was cleaned up
    monkeypatch.setattr(shutil, "rmtree", lambda *_args, **_kwargs: None)
    with pytest.raises(KeyboardInterrupt):
        back_up(sqlite_office.engine.database, sqlite_office.engine.blobs, sqlite_office.place, folder,
                progress=pull_the_plug)
    monkeypatch.undo()
    (half,) = folder.glob("arriving-*")
    assert (half / "office.db").exists()
    for named in (folder, half):
        with pytest.raises(BackupIncomplete):
            restore(named, place(str(tmp_path / "new")), note_migration)
    assert not (tmp_path / "new").exists()
    take(sqlite_office, folder)
    assert backup_at(folder).whole


@pytest.mark.parametrize("harm", ["database", "list", "file", "manifest", "newer", "gone"])
def test_a_damaged_backup_is_refused_and_leaves_no_office(sqlite_office: OfficeToTest, tmp_path: Path, harm: str):
    made = take(sqlite_office, tmp_path / "b")
    expected: type[Exception] = BackupDamaged
    if harm == "database":
        with (made.folder / "office.db").open("r+b") as stream:
            stream.seek(5000)
            stream.write(b"\x00\x01\x02")
    elif harm == "list":
        (made.folder / "files.txt").write_text("")
    elif harm == "file":
        file = next((tmp_path / "b" / "files").glob("??/*"))
        file.write_bytes(b"other")
    elif harm == "gone":
        next((tmp_path / "b" / "files").glob("??/*")).unlink()
    elif harm == "manifest":
        (made.folder / "manifest.json").write_text("{}")
    else:
        manifest = json.loads((made.folder / "manifest.json").read_text())
        (made.folder / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}))
        expected = OfficeNewer
    with pytest.raises(expected):
        restore(made.folder, place(str(tmp_path / "new")), note_migration)
    assert not (tmp_path / "new" / "office.db").exists()


def test_no_backup_at_all(tmp_path: Path):
    with pytest.raises(BackupMissing):
        restore(tmp_path, place(str(tmp_path / "new")), note_migration)


def test_one_folder_is_for_one_office(office: OfficeToTest, tmp_path: Path):
    take(office, tmp_path / "b")
    ran = docclient("office", "init", "--office", str(tmp_path / "other"), "--json")
    assert ran.code == 0
    other = OfficeEngine.open(place(str(tmp_path / "other")))
    with pytest.raises(BackupOfAnother):
        back_up(other.database, other.blobs, other.place, tmp_path / "b")
    other.close()
    assert len(backups_in(tmp_path / "b")) == 1


def test_a_file_that_the_office_lost_is_named(sqlite_office: OfficeToTest, tmp_path: Path):
    with sqlite_office.engine.reading() as work:
        digest = work.connection.scalar(text("SELECT digest FROM blob ORDER BY digest LIMIT 1"))
    sqlite_office.engine.blobs.path(digest).write_bytes(b"spoiled")
    made = take(sqlite_office, tmp_path / "b")
    assert not made.whole and made.manifest["missing"] == [digest]
    at = place(str(tmp_path / "new"))
    restore(tmp_path / "b", at, note_migration)
    again = OfficeEngine.open(at)
    assert [(each.kind.value, each.where) for each in check_office(again).findings] == [
        ("blob_missing", f"file {digest}")]
    again.close()


def test_a_restore_that_was_broken_off_is_done_again(sqlite_office: OfficeToTest, tmp_path: Path):
    take(sqlite_office, tmp_path / "b")
    at = place(str(tmp_path / "new"))

    def pull_the_plug(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(tmp_path / "b", at, note_migration, progress=pull_the_plug)
    assert not (tmp_path / "new" / "office.db").exists()
    restore(tmp_path / "b", at, note_migration)
    again = OfficeEngine.open(at)
    assert content(again) == content(sqlite_office.engine)
    again.close()


def test_changed_bytes_never_get_into_a_backup(sqlite_office: OfficeToTest, tmp_path: Path):
    first = take(sqlite_office, tmp_path / "b")
    for file in (tmp_path / "b" / "files").glob("??/*"):
        digest = file.parent.name + file.name
        assert sqlite_office.engine.blobs.path(digest).read_bytes() == file.read_bytes()      # type: ignore[arg-type]
    with pytest.raises(BlobChanged):
        sqlite_office.engine.blobs.path(digest).write_bytes(b"x")                             # type: ignore[arg-type]
        sqlite_office.engine.blobs.prove(digest)                                              # type: ignore[arg-type]
    assert take(sqlite_office, tmp_path / "b").copied == 0 and first.whole


def test_the_command_line(sqlite_office: OfficeToTest, tmp_path: Path):
    from tests.contracts.test_answers import holds

    where, folder = sqlite_office.place.name, str(tmp_path / "b")
    made = docclient("office", "backup", "--office", where, "--out", folder, "--json")
    holds("office-backup", made.answer)
    assert (made.code, made.answer["ok"], made.answer["missing"]) == (0, True, [])
    back = docclient("office", "restore", "--from", folder, "--office", str(tmp_path / "new"), "--json")
    holds("office-restore", back.answer)
    assert back.code == 0 and back.answer["check"]["head"] == made.answer["journal"]["hash"]
    again = docclient("office", "restore", "--from", folder, "--office", str(tmp_path / "new"), "--json")
    holds("error", again.answer)
    assert (again.code, again.answer["error"]["code"]) == (2, "office.exists")
    with sqlite_office.engine.reading() as work:
        digest = work.connection.scalar(select(text("digest")).select_from(text("blob")))
    sqlite_office.engine.blobs.path(digest).unlink()
    shutil.rmtree(folder)
    poor = docclient("office", "backup", "--office", where, "--out", folder, "--json")
    holds("office-backup", poor.answer)
    assert (poor.code, poor.answer["ok"], poor.answer["missing"]) == (1, False, [digest])
