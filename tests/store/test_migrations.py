"""An office of an earlier shape is brought to the present one with everything it held."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from docclient.office.fingerprint import document_print
from docclient.store.blobs import FolderBlobs
from docclient.store.database import WRITES, alembic_config, connect, migrate
from docclient.store.place import Place, place
from docclient.store.tables import metadata
from docclient.store.work import Work
from tests.postgresql import Server

DIGEST = "ab" * 32
PRINT_OF_THE_FIRST_SHAPE = "b0883b55bc0efcee66c27eb9967819a40986afcccee85af4222e640559be3603"
"""As an office of the first shape wrote it into its journal."""


@pytest.fixture(params=["sqlite", "postgresql"])
def first_shape(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Place, Engine]:
    """A database of the first shape with one document, one file and one verdict."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        server.run("CREATE DATABASE first_shape")
        at = place(server.url("first_shape", tmp_path / "blobs"))
    else:
        at = place(str(tmp_path / "office"))
        assert at.database_file is not None
        at.database_file.parent.mkdir(parents=True)
    engine = connect(at)
    config = alembic_config()
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO document (id, flow, state, version, type_name, subject, urgency, folded, last_entry,"
            " created_at, updated_at) VALUES ('d', 'incoming', 'waiting_receipt', 1, 'Công văn', 'V/v', 0, '', 1,"
            " '2026-03-05 07:30:00', '2026-03-05 07:30:00')",
            f"INSERT INTO blob (digest, size, at) VALUES ('{DIGEST}', 3, '2026-03-05 07:30:00')",
            "INSERT INTO verification (document, digest, conclusion, report, at) VALUES"
            f" ('d', '{DIGEST}', 'undetermined', '{{}}', '2026-03-05 07:30:00')",
        ):
            connection.execute(text(statement))
    return at, engine


def test_the_first_verdict_stays_the_first(first_shape: tuple[Place, Engine]):
    at, engine = first_shape
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate(connection)
        kept = connection.execute(text("SELECT number, conclusion, online FROM verdict")).all()
        found = document_print(Work(connection, FolderBlobs(at.blobs), entry=0), "d", shape="")
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert [(number, conclusion, bool(online)) for number, conclusion, online in kept] == [(1, "undetermined", False)]
    assert found == PRINT_OF_THE_FIRST_SHAPE
    kinds = {"add_table", "remove_table", "add_column", "remove_column"}
    assert [each for each in differences if each[0] in kinds and not of_the_text_index(each[1])] == []


def of_the_text_index(thing: object) -> bool:
    """SQLite keeps its text index in tables of its own (found_words and what FTS5 makes beside it)."""
    return str(getattr(thing, "name", "")).startswith("found_words")
