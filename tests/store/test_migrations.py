"""An office of any earlier shape is brought to the present one with everything it held, or left exactly as it was."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, inspect, select, text

from docclient.errors import DiskFull
from docclient.office.chain import check_chain
from docclient.office.checking import check_office, entries_of
from docclient.office.engine import OfficeEngine
from docclient.office.errors import OfficeNewer, OfficeUnreadable
from docclient.office.fingerprint import document_print
from docclient.office.journal import FIRST, Entry, Head
from docclient.store import database, tables
from docclient.store.blobs import FolderBlobs
from docclient.store.database import alembic_config, connect, migrate, newest_revision, open_database, writing
from docclient.store.place import Place, place
from docclient.store.tables import metadata
from docclient.store.work import Work
from tests.faults.test_office_as_it_was import fill, small_disk
from tests.postgresql import Server
from tests.store.opening import open_it

__all__ = ["small_disk"]

DIGEST = "ab" * 32
PRINT_OF_THE_FIRST_SHAPE = "b0883b55bc0efcee66c27eb9967819a40986afcccee85af4222e640559be3603"
"""As an office of the first shape wrote it into its journal."""

REVISIONS = tuple(sorted(each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()))
AT = "2026-03-05 07:30:00"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        server.run("DROP DATABASE IF EXISTS earlier_shape WITH (FORCE)")
        server.run("CREATE DATABASE earlier_shape")
        return place(server.url("earlier_shape", tmp_path / "blobs"))
    at = place(str(tmp_path / "office"))
    assert at.database_file is not None
    at.database_file.parent.mkdir(parents=True)
    return at


def upgrade(engine: Engine, revision: str) -> None:
    config = alembic_config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def entry() -> Entry:
    effect = f'{{"documents":{{"d":"{PRINT_OF_THE_FIRST_SHAPE}"}}}}'
    return Entry(1, "2026-03-05T07:30:00+00:00", "p", "Văn thư", "ReceivePacket", "d", "{}", effect, FIRST, "").sealed()


def first_shape(at: Place) -> Engine:
    """A database of the first shape with one document, one file, one verdict, one person, one journal entry."""
    engine = connect(at)
    upgrade(engine, "0001")
    sealed = entry()
    with writing(engine) as connection:
        for statement in (
            "INSERT INTO document (id, flow, state, version, type_name, subject, urgency, folded, last_entry,"
            " created_at, updated_at) VALUES ('d', 'incoming', 'waiting_receipt', 1, 'Công văn', 'V/v', 0, '', 1,"
            f" '{AT}', '{AT}')",
            f"INSERT INTO blob (digest, size, at) VALUES ('{DIGEST}', 3, '{AT}')",
            "INSERT INTO verification (document, digest, conclusion, report, at) VALUES"
            f" ('d', '{DIGEST}', 'undetermined', '{{}}', '{AT}')",
            "INSERT INTO person (id, name, account, active) VALUES ('p', 'Văn thư', 'vanthu', true)",
            "INSERT INTO unit (id, name, abbreviation, position) VALUES ('u', 'Văn phòng', 'VP', 0)",
            "INSERT INTO post (id, person, unit, title, role) VALUES ('o', 'p', 'u', 'Văn thư', 'clerk')",
            "INSERT INTO register (id, kind, year, title, last_number, closed) VALUES"
            " ('r', 'incoming', 2026, 'Sổ đến', 0, false)",
            "INSERT INTO agency (id, code, name, own) VALUES ('a', 'H99', 'UBND xã', true)",
            f"INSERT INTO journal_head (id, number, hash) VALUES (1, 1, '{sealed.hash}')",
        ):
            connection.execute(text(statement))
        connection.execute(tables.journal.insert().values(
            **{name: getattr(sealed, name) for name in Entry.__slots__}))
    return engine


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    there = MetaData()
    with engine.connect() as connection:
        there.reflect(connection)
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in there.sorted_tables}


def test_the_first_verdict_stays_the_first(empty: Place):
    engine = first_shape(empty)
    with writing(engine) as connection:
        migrate(connection)
        kept = connection.execute(text("SELECT number, conclusion, online FROM verdict")).all()
        found = document_print(Work(connection, FolderBlobs(empty.blobs), entry=0), "d", shape="")
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert [(number, conclusion, bool(online)) for number, conclusion, online in kept] == [(1, "undetermined", False)]
    assert found == PRINT_OF_THE_FIRST_SHAPE
    kinds = {"add_table", "remove_table", "add_column", "remove_column"}
    assert [each for each in differences if each[0] in kinds and not of_the_index(each)] == []


def of_the_index(difference: Any) -> bool:
    """SQLite's own tables behind the FTS5 table, which no metadata knows."""
    return difference[0] == "remove_table" and difference[1].name.startswith(("found_words", "unit_words"))


SHAPES = [*(("sqlite", each) for each in REVISIONS),
          *(("postgresql", each) for each in (REVISIONS[0], REVISIONS[5], REVISIONS[-1]))]
"""From the first shape every step is gone on either engine; that one may stop anywhere between is shown by one."""


@pytest.mark.parametrize(("empty", "revision"), SHAPES, indirect=["empty"])
def test_from_every_earlier_shape(empty: Place, revision: str):
    """What the office held then, it holds still; the journal tells of the change, and the check finds nothing."""
    engine = first_shape(empty)
    upgrade(engine, revision)
    before = everything(engine)
    engine.dispose()
    office = OfficeEngine.open(empty)
    try:
        after = everything(office.database)
        for name in ("document", "person", "post", "unit", "register", "agency", "blob"):
            assert [row[0] for row in after[name]] == [row[0] for row in before[name]]
        with office.reading() as work:
            entries = list(entries_of(work))
            (head,) = work.connection.execute(select(tables.journal_head.c.number, tables.journal_head.c.hash)).all()
        assert check_chain(entries, Head(head.number, head.hash)) == []
        assert entries[0] == entry()
        newest = newest_revision()
        assert [each.command for each in entries[1:]] == ([] if revision == newest else ["MigrateOffice"])
        findings = check_office(office).findings
        assert [each.kind.value for each in findings] == ["blob_missing"]          # the one file never had bytes
    finally:
        office.close()
    assert open_database(empty).dispose() is None                                   # nothing more to do


def test_up_and_down_and_up(empty: Place):
    """Every step can be taken back on the way of making it; what it brought is gone, what was there stays."""
    engine = first_shape(empty)
    config = alembic_config()
    for revision in REVISIONS[1:]:
        before = shape(engine)
        upgrade(engine, revision)
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "-1")
        assert shape(engine) == before, revision
        upgrade(engine, revision)
    assert [row[0] for row in everything(engine)["document"]] == ["d"]
    engine.dispose()


def shape(engine: Engine) -> dict[str, set[str]]:
    found = inspect(engine)
    return {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()
            if not name.startswith(("found_words", "unit_words"))}


@pytest.mark.parametrize("revision", [REVISIONS[1], REVISIONS[5], REVISIONS[-1]])
def test_a_migration_that_fails_leaves_the_old_shape(empty: Place, revision: str, monkeypatch: pytest.MonkeyPatch):
    """Power, disk or a fault of ours after any of the steps: the office is as it was, and the next try succeeds."""
    engine = first_shape(empty)
    before = everything(engine)
    engine.dispose()

    def up_to(connection: Any) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        raise RuntimeError("the plug")

    monkeypatch.setattr(database, "migrate", up_to)
    with pytest.raises(RuntimeError):
        OfficeEngine.open(empty)
    monkeypatch.undo()
    engine = connect(empty)
    assert everything(engine) == before
    engine.dispose()
    OfficeEngine.open(empty).close()


def test_a_copy_is_laid_beside_before(tmp_path: Path):
    at = place(str(tmp_path / "office"))
    assert at.database_file is not None
    at.database_file.parent.mkdir()
    engine = first_shape(at)
    before = everything(engine)
    engine.dispose()
    OfficeEngine.open(at).close()
    copy = place(str(tmp_path / "office" / "office-0001.db"))
    engine = connect(copy, "DELETE")
    assert everything(engine) == before
    engine.dispose()
    assert not list((tmp_path / "office").glob("arriving-*"))


def test_no_room_for_the_copy(small_disk: Path):
    at = place(str(small_disk / "office"))
    assert at.database_file is not None
    at.database_file.parent.mkdir()
    engine = first_shape(at)
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO office_fact (name, value) VALUES ('big', :value)"), {"value": "x" * 2**20})
    before = everything(engine)
    engine.dispose()
    ballast = fill(small_disk)
    with pytest.raises(DiskFull):
        OfficeEngine.open(at)
    assert not list((small_disk / "office").glob("arriving-*"))
    ballast.unlink()
    engine = connect(at)
    assert everything(engine) == before
    engine.dispose()
    OfficeEngine.open(at).close()


def test_a_newer_office_is_left_alone(empty: Place):
    engine = connect(empty)
    upgrade(engine, "head")
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = everything(engine)
    engine.dispose()
    with pytest.raises(OfficeNewer):
        OfficeEngine.open(empty)
    engine = connect(empty)
    assert everything(engine) == before
    engine.dispose()


def test_a_file_that_is_no_database(tmp_path: Path):
    (tmp_path / "office.db").write_bytes(b"not a database, but long enough to be looked at " * 40)
    with pytest.raises(OfficeUnreadable):
        OfficeEngine.open(place(str(tmp_path)))
    assert (tmp_path / "office.db").read_bytes().startswith(b"not a database")


@pytest.fixture
def processes() -> Iterator[Any]:
    yield multiprocessing.get_context("spawn")


def test_two_programs_that_open_it_at_once(empty: Place, processes: Any):
    first_shape(empty).dispose()
    url = empty.name if empty.embedded else (
        empty.database.update_query_dict({"blobs": str(empty.blobs)}).render_as_string(hide_password=False))
    gate = processes.Barrier(2)
    running = [processes.Process(target=open_it, args=(url, gate)) for _ in range(2)]
    for each in running:
        each.start()
    for each in running:
        each.join(120)
    assert [each.exitcode for each in running] == [0, 0]
    office = OfficeEngine.open(empty)
    with office.reading() as work:
        assert [each.command for each in entries_of(work)] == ["ReceivePacket", "MigrateOffice"]
    office.close()


def test_a_copy_of_a_database_in_use(tmp_path: Path):
    """The copy is one moment of it, opens by itself, and nobody had to wait."""
    source = tmp_path / "office.db"
    at = place(str(source))
    engine = first_shape(at)
    with engine.connect() as reader, reader.begin():
        reader.execute(select(tables.journal.c.number)).all()
        with writing(engine) as connection:
            connection.execute(text("UPDATE person SET name = 'Khác'"))
            database.copy_database_file(source, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT name FROM person").fetchall() == [("Văn thư",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    engine.dispose()
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("copy")) == ["copy.db"]
