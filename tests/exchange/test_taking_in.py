"""Packets that must not become documents of the office by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from docclient.desk.post import fetch_post
from docclient.exchange.transports.folder import FolderTransport
from docclient.office.queries.office import AboutOffice
from docclient.store import tables
from tests.exchange.packets import HEADER, document
from tests.offices import OfficeToTest


@pytest.mark.parametrize(("more", "damage", "reason"), [
    ("", b"", None),
    ("", b"</edXML:Subject>", "packet.damaged"),
    ("<edXML:Secret>1</edXML:Secret>", b"", "office.secret_refused"),
])
def test_damaged_and_secret_packets_are_set_aside(sqlite_office: OfficeToTest, tmp_path: Path, more: str, damage: bytes,
                                                  reason: str | None) -> None:
    clerk = sqlite_office.door("clerk")
    code = clerk.ask(AboutOffice()).codes[0]
    transport = FolderTransport(tmp_path / "inbox", tmp_path / "outbox")
    data = document(HEADER.replace("H99.02", code) + more)
    (transport.inbox / "p.edxml").write_bytes(data.replace(damage, b"", 1) if damage else data)
    before = documents(sqlite_office)
    transport.list()
    [fetched] = fetch_post(clerk, transport)
    if reason is None:
        assert fetched.trouble is None
        assert documents(sqlite_office) == before + 1
        assert (transport.done / "p.edxml").exists()
    else:
        assert fetched.trouble is not None
        assert fetched.trouble.code == reason
        assert (transport.failed / "p.edxml.txt").read_text(encoding="utf-8") == reason
        assert documents(sqlite_office) == before


def documents(office: OfficeToTest) -> int:
    with office.engine.reading() as work:
        return int(work.connection.scalar(select(func.count()).select_from(tables.document)) or 0)
