"""An office that has given numbers before there was a book of them goes on where it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from docclient.office import series
from docclient.store.blobs import FolderBlobs
from docclient.store.database import WRITES, alembic_config, connect, migrate
from docclient.store.place import place
from docclient.store.work import Work
from tests.postgresql import Server

DOCUMENT = ("INSERT INTO document (id, flow, state, version, type_name, subject, urgency, folded, last_entry,"
            " created_at, updated_at, register, out_number, code_number, code_notation, issued_date)"
            " VALUES ('{id}', 'outgoing', 'issued', 1, 'Công văn', 'V/v', 0, '', 1, '2026-03-05 07:30:00',"
            " '2026-03-05 07:30:00', 'r', {number}, '{number:02d}', 'UBND-VP', '2026-03-05')")


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_the_run_goes_on_and_every_number_given_stands_in_the_book(
        engine_name: str, request: pytest.FixtureRequest, tmp_path: Path):
    if engine_name == "postgresql":
        server: Server = request.getfixturevalue("postgresql_server")
        server.run("CREATE DATABASE numbers_before")
        at = place(server.url("numbers_before", tmp_path / "blobs"))
    else:
        at = place(str(tmp_path / "office"))
        assert at.database_file is not None
        at.database_file.parent.mkdir(parents=True)
    engine, config = connect(at), alembic_config()
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text("INSERT INTO register (id, kind, year, title, last_number, closed) VALUES"
                                " ('r', 'outgoing', 2026, 'Sổ văn bản đi', 7, false)"))
        for number in (6, 7):
            connection.execute(text(DOCUMENT.format(id=f"d{number}", number=number)))
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate(connection)
        work = Work(connection, FolderBlobs(at.blobs), entry=0)
        given = connection.execute(text("SELECT document, number, year, code_number, code_notation FROM given_number"
                                        " ORDER BY number")).all()
        assert [tuple(row) for row in given] == [("d6", 6, 2026, "06", "UBND-VP"), ("d7", 7, 2026, "07", "UBND-VP")]
        assert series.next_number(work, series.OUTGOING, None, 2026) == (8, "Sổ văn bản đi")
        assert series.register_of(work, series.OUTGOING, None, 2026) == "r"
        assert series.numbers_in(work, "r", "outgoing") == [6, 7]
    engine.dispose()
