"""A changed export or backup does not become an office: what lies is named, and the empty place stays empty.

Whoever changes a copy may make its hashes anew: then its own journal tells.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import BackupDamaged, CopyLies, ExportDamaged
from docclient.office.judging import judge_of
from docclient.office.migrating import note_migration
from docclient.store.backup import back_up, backup_at, restore
from docclient.store.exporting.export import MANIFEST, SUMS, export_office
from docclient.store.exporting.importing import import_office
from docclient.store.place import place
from docclient.words import Language, words_of
from tests.contracts.test_backup import EmptyPlace, empty_place
from tests.offices import Material, OfficeToTest, Snapshots
from tests.running import docclient

__all__ = ["empty_place"]

Harm = Callable[[Path], None]


@pytest.fixture(scope="module")
def kept(snapshots: Snapshots, material: Material, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An export and a backup of an office in which something was done; each test harms a copy."""
    folder = tmp_path_factory.mktemp("kept")
    office = snapshots.make("sqlite")
    office.directed("7")
    with office.engine.reading() as work:
        export_office(work.connection, office.engine.blobs, folder / "export")
    back_up(office.engine.database, office.engine.blobs, office.place, folder / "backup")
    yield folder
    snapshots.drop(office)


def seal(folder: Path) -> None:
    """Make all hashes of an export anew, and the number of rows in the manifest."""
    lines = []
    for file in sorted(each for each in folder.rglob("*") if each.is_file() and each.name not in {SUMS, MANIFEST}):
        lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder).as_posix()}\n")
    (folder / SUMS).write_text("".join(lines))
    manifest = json.loads((folder / MANIFEST).read_text())
    for name in manifest["tables"]:
        with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            manifest["tables"][name] = sum(1 for _ in csv.reader(stream)) - 1
    sealed_sums(folder, manifest)


def sealed_sums(folder: Path, manifest: dict[str, object]) -> None:
    content = (folder / SUMS).read_bytes()
    manifest["sums"] = {"file": SUMS, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(manifest))


def replaced(name: str, old: str, new: str) -> Harm:
    def harm(folder: Path) -> None:
        file = next(folder.glob(name))
        text = file.read_text(encoding="utf-8")
        assert old in text, name
        file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    return harm


def more_rows(name: str, row: list[str]) -> Harm:
    def harm(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow(row)
    return harm


def last_row_gone(name: str) -> Harm:
    def harm(folder: Path) -> None:
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows[:-1])
    return harm


def another_file(folder: Path) -> None:
    """The bytes of a letter."""
    largest = max((each for each in folder.glob("documents/*/*.pdf")), key=lambda each: each.stat().st_size)
    largest.write_bytes(largest.read_bytes() + b"\n%")


def gone(pattern: str) -> Harm:
    return lambda folder: next(folder.glob(pattern)).unlink()


PLAIN: dict[str, tuple[Harm, str]] = {
    "a row of a table": (replaced("tables/document.csv", "V/v", "V/V"), "tables/document.csv"),
    "a line of a register": (replaced("registers/*.csv", "V/v", "V/V"), "registers/"),
    "a document's XML": (replaced("documents/*/document.xml", "V/v", "V/V"), "document.xml"),
    "a file's bytes": (another_file, ".pdf"),
    "a file that is missing": (gone("documents/*/*.pdf"), ".pdf"),
    "a table that is missing": (gone("tables/document.csv"), "tables/document.csv"),
    "the sums": (lambda folder: (folder / SUMS).write_text(""), SUMS),
    "the manifest": (lambda folder: (folder / MANIFEST).write_text("[]"), MANIFEST),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_changed_export_is_refused_by_the_name_of_what_changed(kept: Path, tmp_path: Path, kind: str):
    harm, named = PLAIN[kind]
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    harm(folder)
    with pytest.raises(ExportDamaged) as refused:
        import_office(folder, place(str(tmp_path / "new")), note_migration, judge=judge_of(folder))
    assert named in str(refused.value.facts["file"])
    assert not (tmp_path / "new").exists()


SEALED: dict[str, tuple[Harm, str]] = {
    "a document's facts": (replaced("tables/document.csv", "V/v", "V/V"), "văn bản"),
    "who may sign": (replaced("tables/post.csv", "officer", "leader"), "chức vụ"),
    "an entry of the journal": (replaced("tables/journal.csv", "RegisterIncoming", "ReturnIncoming"), "mục"),
    "a setting more": (more_rows("tables/office_fact.csv", ["ask_network", "yes"]), "ask_network"),
    "a setting less": (last_row_gone("tables/office_fact.csv"), ""),
    "the tail of the journal": (last_row_gone("tables/journal.csv"), ""),
}


@pytest.mark.parametrize("kind", SEALED)
def test_an_export_whose_hashes_were_made_anew_is_refused_by_its_journal(kept: Path, tmp_path: Path, kind: str):
    harm, named = SEALED[kind]
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    harm(folder)
    seal(folder)
    with pytest.raises(CopyLies) as refused:
        import_office(folder, place(str(tmp_path / "new")), note_migration, judge=judge_of(folder))
    said = words_of(refused.value, Language.VIETNAMESE)
    assert named in said.explanation.casefold(), said
    assert not (tmp_path / "new").exists()


def test_another_files_bytes_are_refused_even_under_new_hashes(kept: Path, tmp_path: Path):
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    another_file(folder)
    seal(folder)
    with pytest.raises(ExportDamaged) as refused:
        import_office(folder, place(str(tmp_path / "new")), note_migration, judge=judge_of(folder))
    assert str(refused.value.facts["file"]).endswith(".pdf")


BROKEN: dict[str, Harm] = {
    "a row twice": lambda folder: more_rows("tables/office_fact.csv", ["symbol", "UBND"])(folder),
    "a value that is none": replaced("tables/document.csv", ",1,", ",một,"),
    "a row too short": more_rows("tables/office_fact.csv", ["x"]),
    "a reference to nothing": replaced("tables/post.csv", "-", "+"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_rows_that_no_database_takes_are_refused(kept: Path, tmp_path: Path, kind: str):
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    BROKEN[kind](folder)
    seal(folder)
    with pytest.raises((ExportDamaged, CopyLies)):
        import_office(folder, place(str(tmp_path / "new")), note_migration, judge=judge_of(folder))
    assert not (tmp_path / "new").exists()


def test_fewer_rows_than_the_manifest_tells_are_refused(kept: Path, tmp_path: Path):
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["tables"]["person"] += 1
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ExportDamaged) as refused:
        import_office(folder, place(str(tmp_path / "new")), note_migration)
    assert refused.value.facts["file"] == "tables/person.csv"


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "documents/../../outside.txt", "..\\outside.txt",
                                  "C:/outside.txt", "link.txt", ""])
def test_a_name_that_leads_out_of_the_export_is_refused(kept: Path, tmp_path: Path, name: str):
    """Even where the bytes there are the right ones."""
    folder = shutil.copytree(kept / "export", tmp_path / "export")
    content = b"bytes of somebody else"
    (tmp_path / "outside.txt").write_bytes(content)
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    digest = hashlib.sha256(content).hexdigest()
    for file, line in ((folder / SUMS, f"{digest}  {name}\n"), (folder / "files.csv", f"{digest},{name}\r\n")):
        with file.open("a", encoding="utf-8", newline="") as stream:
            stream.write(line)
    sealed_sums(folder, json.loads((folder / MANIFEST).read_text()))
    with pytest.raises(ExportDamaged):
        import_office(folder, place(str(tmp_path / "new")), note_migration)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
@pytest.mark.parametrize("harm", ["row", "more", "journal", "bytes", "gone", "name"])
def test_a_changed_backup_is_refused_and_leaves_the_place_empty(kept: Path, tmp_path: Path, empty_place: EmptyPlace,
                                                                harm: str, target: str):
    """The hashes in its manifest are made anew each time."""
    folder = shutil.copytree(kept / "backup", tmp_path / "backup")
    made = backup_at(folder)
    database, names = made.folder / "office.db", made.folder / "files.txt"
    statements = {"row": "UPDATE document SET subject = 'khác'",
                  "more": "INSERT INTO office_fact (name, value) VALUES ('ask_network', 'yes')",
                  "journal": "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)"}
    expected: type[Exception] = CopyLies if harm in statements else BackupDamaged
    if harm in statements:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(statements[harm])
    elif harm == "bytes":
        expected = CopyLies
        file = next((folder / "files").glob("??/*"))
        file.write_bytes(bytes(file.stat().st_size))
    elif harm == "gone":
        next((folder / "files").glob("??/*")).unlink()
    else:
        names.write_text(names.read_text() + "../../etc/passwd 10\n")
    manifest = json.loads((made.folder / MANIFEST).read_text())
    for part, file in (("database", database), ("files", names)):
        manifest[part]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (made.folder / MANIFEST).write_text(json.dumps(manifest))
    at = empty_place(target)
    with pytest.raises(expected):
        restore(folder, at, note_migration, judge=judge_of(folder))
    assert not at.blobs.exists() and (at.database_file is None or not at.database_file.exists())
    restore(kept / "backup", at, note_migration, judge=judge_of(kept / "backup"))       # it is empty: this one goes in
    again = OfficeEngine.open(at)
    assert check_office(again).findings == ()
    again.close()


def test_an_office_that_lied_when_it_was_copied_is_taken_when_a_person_says_so(
        sqlite_office: OfficeToTest, tmp_path: Path):
    with sqlite_office.engine.writing() as connection:
        connection.exec_driver_sql("UPDATE person SET name = 'Ai khác' WHERE account = 'vanthu'")
    back_up(sqlite_office.engine.database, sqlite_office.engine.blobs, sqlite_office.place, tmp_path / "b")
    given = ("office", "restore", "--from", str(tmp_path / "b"), "--office", str(tmp_path / "new"), "--json")
    refused = docclient(*given)
    assert (refused.code, refused.answer["error"]["code"]) == (3, "office.copy_lies")
    assert not (tmp_path / "new").exists()
    taken = docclient(*given, "--accept-findings")
    assert (taken.code, taken.answer["ok"]) == (1, False)
    assert [each["where"].split()[0] for each in taken.answer["check"]["findings"]] == ["person"]
