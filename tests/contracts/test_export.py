"""An export holds everything in open formats, and becomes an equal office again."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import UTC, date
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, MetaData, Table, Text

from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import ExportDamaged, ExportMissing, FolderNotEmpty, OfficeExists
from docclient.office.fingerprint import document_tables
from docclient.office.migrating import note_migration
from docclient.office.watching import OWN_CHECKS, watched
from docclient.store.copying import kept_tables
from docclient.store.exporting.document_xml import NAMESPACE, SCHEMA
from docclient.store.exporting.export import Exported, export_office
from docclient.store.exporting.importing import import_office
from docclient.store.exporting.tables_csv import described, read_table, write_table
from docclient.store.place import place
from docclient.store.tables import Moment, metadata
from tests.contracts.test_answers import holds
from tests.contracts.test_backup import EmptyPlace, content, empty_place
from tests.offices import OfficeToTest
from tests.running import docclient

__all__ = ["empty_place"]


def export(office: OfficeToTest, folder: Path) -> Exported:
    with office.engine.reading() as work:
        return export_office(work.connection, office.engine.blobs, folder)


def lines_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_every_table_is_exported_or_says_why_not():
    """Also those that come later: each is carried along, or follows from others, in so many words."""
    kept = {table.name for table in kept_tables()}
    derived = {name: table.info["derived"] for name, table in metadata.tables.items() if "derived" in table.info}
    assert kept | derived.keys() == set(metadata.tables) and not kept & derived.keys()
    assert all(isinstance(why, str) and len(why) > 5 for why in derived.values())
    assert not any(derived.keys() & {key.column.table.name for key in table.foreign_keys} for table in kept_tables())
    for table in kept_tables():
        assert described(table) and table.primary_key.columns, table.name


def test_every_table_is_covered_by_the_check_or_says_why_not():
    for name, table in metadata.tables.items():
        told = [name in document_tables(), name in watched(), name in OWN_CHECKS, "derived" in table.info,
                "apart" in table.info]
        assert sum(told) == 1, name
        assert all(isinstance(why, str) and len(why) > 5 for why in table.info.values()), name


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_there_and_back(office: OfficeToTest, tmp_path: Path, empty_place: EmptyPlace, target: str):
    office.directed("7", words='Dấu ngoặc ", phẩy, \\N\r\nxuống dòng; =1+1')
    made = export(office, tmp_path / "export")
    assert not made.missing
    at = empty_place(target)
    assert import_office(tmp_path / "export", at, note_migration)["copies_compared"]
    again = OfficeEngine.open(at)
    try:
        assert content(again) == content(office.engine)
        result = check_office(again)
        assert result.findings == ()
        assert result.head == made.manifest["journal"]["hash"]
    finally:
        again.close()


def test_what_a_reader_finds(sqlite_office: OfficeToTest, tmp_path: Path):
    view = sqlite_office.issued("12")
    made = export(sqlite_office, tmp_path / "export")
    folder = made.folder
    schema = etree.XMLSchema(etree.fromstring(SCHEMA.encode()))
    found = {}
    for file in folder.glob("documents/*/document.xml"):
        tree = etree.parse(file)
        assert schema.validate(tree), schema.error_log
        found[file.parent.name] = tree.getroot()
    assert len(found) == made.documents == len(lines_of(folder / "index.csv")) - 1
    root = found[view.document.id]
    names = {"x": NAMESPACE}
    said = {name: root.findtext(f"x:metadata/x:{name}", namespaces=names) for name in
            ("TypeName", "CodeNumber", "CodeNotation", "Subject")}
    assert said == {"TypeName": "Công văn", "CodeNumber": "01", "CodeNotation": view.document.code_notation,
                    "Subject": "V/v báo cáo kết quả"}
    assert root.findtext("x:metadata/x:To/x:OrganId", namespaces=names) == "H99.07"
    versions = root.findall("x:files/x:file[@kind='main']/x:version", namespaces=names)
    assert [each.get("step") for each in versions][-2:] == ["signed", "sealed"]
    for each in versions:
        content = (folder / str(each.get("path"))).read_bytes()
        assert hashlib.sha256(content).hexdigest() == each.get("sha256") and content.startswith(b"%PDF")
    rows = {each.get("table") for each in root.findall("x:record/x:row", namespaces=names)}
    assert {"document", "verdict", "delivery", "access", "outbox"} <= rows
    outgoing = next(each for each in (folder / "registers").glob("*-outgoing-*.csv") if view.document.id in
                    each.read_text(encoding="utf-8-sig"))
    lines = lines_of(outgoing)
    assert lines[0][0] == "Số, ký hiệu" and any(line[0] == f"01/{view.document.code_notation}" for line in lines[1:])
    listed = {line.split("  ", 1)[1] for line in (folder / "sha256sums.txt").read_text().splitlines()}
    there = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}
    assert there == listed | {"sha256sums.txt", "manifest.json"}


@pytest.mark.parametrize("name", ["tables/journal.csv", "manifest.json", "sha256sums.txt", "files.csv", "gone"])
def test_a_changed_export_is_refused(sqlite_office: OfficeToTest, tmp_path: Path, name: str):
    made = export(sqlite_office, tmp_path / "export")
    if name == "gone":
        next(made.folder.glob("files/*")).unlink()
    else:
        file = made.folder / name
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("a", "b", 1), encoding="utf-8")
    with pytest.raises(ExportDamaged):
        import_office(made.folder, place(str(tmp_path / "new")), note_migration)
    assert not (tmp_path / "new" / "office.db").exists()


@pytest.mark.parametrize("copy", ["documents/*/document.xml", "registers/*-incoming-*.csv", "index.csv", "README.md",
                                  "added"])
def test_a_copy_for_readers_that_tells_something_else_is_refused_by_name(sqlite_office: OfficeToTest, tmp_path: Path,
                                                                         copy: str):
    """Whoever changes it makes its hash anew, and the hash of the hashes."""
    sqlite_office.directed("7")
    made = export(sqlite_office, tmp_path / "export")
    if copy == "added":
        file = made.folder / "registers" / "2026-outgoing-khac.csv"
        file.write_text("Số, ký hiệu\r\n")
    else:
        (file, *_) = made.folder.glob(copy)
        text = file.read_text(encoding="utf-8")
        assert "công tác" in text or copy == "README.md"
        file.write_text(text.replace("công tác", "thanh tra").replace("office", "agency"), encoding="utf-8", newline="")
    hashed_anew(made.folder)
    with pytest.raises(ExportDamaged) as refused:
        import_office(made.folder, place(str(tmp_path / "new")), note_migration)
    assert refused.value.facts["file"] == file.relative_to(made.folder).as_posix()
    assert not (tmp_path / "new" / "office.db").exists()


def hashed_anew(folder: Path) -> None:
    sums, manifest = folder / "sha256sums.txt", folder / "manifest.json"
    lines = [f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(folder).as_posix()}\n"
             for each in sorted(folder.rglob("*")) if each.is_file() and each not in (sums, manifest)]
    sums.write_text("".join(lines))
    said = json.loads(manifest.read_text())
    said["sums"] |= {"sha256": hashlib.sha256(sums.read_bytes()).hexdigest(), "size": sums.stat().st_size}
    manifest.write_text(json.dumps(said))


def test_copies_of_another_version_of_the_program_are_hashed_only(sqlite_office: OfficeToTest, tmp_path: Path):
    made = export(sqlite_office, tmp_path / "export")
    manifest = made.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"program": "{version("docclient")}"', '"program": "0.0.1"'))
    imported = import_office(made.folder, place(str(tmp_path / "new")), note_migration)
    assert imported["copies_compared"] is False


def test_nothing_is_overwritten(sqlite_office: OfficeToTest, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(FolderNotEmpty):
        export(sqlite_office, tmp_path / "full")
    with pytest.raises(ExportMissing):
        import_office(tmp_path / "full", place(str(tmp_path / "new")), note_migration)
    export(sqlite_office, tmp_path / "export")
    with pytest.raises(OfficeExists):
        import_office(tmp_path / "export", sqlite_office.place, note_migration)
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"
    assert not list(tmp_path.glob("arriving-*"))


KINDS = Table("kinds", MetaData(), Column("id", Integer, primary_key=True), Column("text", Text),
              Column("whole", Integer), Column("part", Float), Column("truth", Boolean), Column("day", Date),
              Column("at", Moment), Column("raw", LargeBinary))
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
ROW = st.fixed_dictionaries({
    "id": st.integers(0), "text": st.none() | TEXT | st.sampled_from(["\\N", "\\", "", "\r", "\n", '"', ",", "\ufeff"]),
    "whole": st.none() | st.integers(), "part": st.none() | st.floats(allow_nan=False),
    "truth": st.none() | st.booleans(), "day": st.none() | st.dates(date(1, 1, 1)),
    "at": st.none() | st.datetimes(timezones=st.just(UTC)),
    "raw": st.none() | st.binary()})


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, max_size=3))
def test_any_row_survives_csv(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]):
    file = tmp_path_factory.getbasetemp() / "kinds.csv"
    assert write_table(file, KINDS, rows) == len(rows)
    assert list(read_table(file, described(KINDS))) == rows


def test_the_command_line(sqlite_office: OfficeToTest, tmp_path: Path):
    sqlite_office.received("3")
    where, folder = sqlite_office.place.name, str(tmp_path / "export")
    made = docclient("office", "export", "--office", where, "--out", folder, "--json")
    holds("office-export", made.answer)
    assert (made.code, made.answer["ok"], made.answer["documents"]) == (0, True, 1)
    back = docclient("office", "import", "--from", folder, "--office", str(tmp_path / "new"), "--json")
    holds("office-import", back.answer)
    assert back.code == 0 and back.answer["check"]["head"] == made.answer["journal"]["hash"]
    assert json.loads((tmp_path / "export" / "manifest.json").read_text())["journal"] == made.answer["journal"]
    again = docclient("office", "import", "--from", folder, "--office", str(tmp_path / "new"), "--json")
    assert (again.code, again.answer["error"]["code"]) == (2, "office.exists")
