"""A process that carries the post is killed at random moments, over folders and over e-mail: every document arrives
once, everything in the outbox leaves under its own identity, and both the office and the way are whole."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.model import Flow
from docclient.store import tables
from docclient.store.place import place
from tests.exchange.packets import HEADER, LETTER, attachment, document, encoded, zipped
from tests.exchange.roads import copied
from tests.exchange.two_offices import SENDER, found_sender
from tests.kills.posting import THEIRS
from tests.kills.test_kills import Killed, killed_after
from tests.mail_servers import imap_server, smtp_server, token_service
from tests.offices import Material

ISSUED, ARRIVING = 4, 8


@pytest.fixture(scope="session")
def founded(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("post-kills")
    found_sender(folder / "office", material, ISSUED)
    return folder / "office"


@dataclass
class WayToKill:
    """about: for the program. put: a packet for the office. sent: what left, identity → bytes of each time."""

    about: dict[str, Any]
    put: Callable[[bytes, int], None]
    sent: Callable[[], dict[str, set[bytes]]]


@contextmanager
def way_of(kind: str, folder: Path) -> Iterator[WayToKill]:
    if kind == "folder":
        for each in ("in", "out"):
            (folder / each).mkdir(parents=True)
        yield WayToKill({"folder": str(folder)},
                        lambda packet, number: (folder / "in" / f"{number}.edxml").write_bytes(packet) and None,
                        lambda: {each.stem: {each.read_bytes()} for each in (folder / "out").glob("*.edxml")})
        return
    folder.mkdir()
    with token_service() as tokens, imap_server(tokens) as imap, smtp_server(imap.certificate, tokens) as smtp:
        def put(packet: bytes, number: int) -> None:
            letter = EmailMessage()
            letter["From"], letter["Message-ID"] = THEIRS, f"<{number}@sonoivu.example>"
            letter.set_content("Kính gửi.")
            letter.add_attachment(packet, maintype="application", subtype="xml", filename=f"{number}.edxml")
            imap.deliver(letter.as_bytes())

        def sent() -> dict[str, set[bytes]]:
            found: dict[str, set[bytes]] = {}
            for _, message in smtp.received:
                letter = message_from_bytes(message, policy=policy.default)
                (part,) = letter.iter_attachments()           # type: ignore[attr-defined]
                found.setdefault(str(letter["Message-ID"]).strip("<>").partition("@")[0], set()).add(
                    bytes(part.get_payload(decode=True)))
            return found

        yield WayToKill({"marks": str(folder / "marks.txt"), "imap": imap.guarded, "smtp": smtp.port,
                         "certificate": str(imap.certificate.certificate)}, put, sent)


def packet_for_us(number: int) -> bytes:
    header = (HEADER.replace("H99.02", SENDER).replace("12/QĐ-VP", f"{number}/QĐ-VP")
              .replace("<edXML:CodeNumber>12<", f"<edXML:CodeNumber>{number}<").replace("Về việc thử", f"Lần {number}"))
    return document(header, attachments=attachment(payload=encoded(zipped(LETTER + str(number).encode()))))


def killed_often(kind: str, founded: Path, folder: Path, times: int, seed: int) -> list[Killed]:
    """Kill the program `times` times, then let it come to its end; the office's and the way's books are compared."""
    folder.mkdir(exist_ok=True)
    chance, office = random.Random(f"{kind} {seed}"), copied(founded, folder / "office")
    with way_of(kind, folder / "way") as way:
        for number in range(1, ARRIVING + 1):
            way.put(packet_for_us(number), number)
        command = [sys.executable, "-m", "tests.kills.posting", str(office), json.dumps(way.about)]
        kills = []
        for place_ in range(times + 1):
            program = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
            # a later kill comes later: what was done before is not done again
            kills.append(killed_after(program, chance.uniform(0.05, 2.5) if place_ < times else None))
        assert program.returncode == 0
        engine = OfficeEngine.open(place(str(office)))
        try:
            compare(engine, way.sent())
        finally:
            engine.close()
    return kills


def compare(engine: OfficeEngine, sent: dict[str, set[bytes]]) -> None:
    with engine.reading() as work:
        arrived = work.connection.scalars(select(tables.document.c.subject).where(
            tables.document.c.flow == Flow.INCOMING)).all()
        items = work.connection.execute(select(tables.outbox.c.id, tables.outbox.c.state, tables.outbox.c.digest)).all()
    assert sorted(arrived) == sorted(f"Lần {number}" for number in range(1, ARRIVING + 1))
    assert {row.state for row in items} == {"sent"} and len(items) == ISSUED + ARRIVING      # each owes a status 01
    assert set(sent) == {row.id for row in items}
    for row in items:
        (content,) = sent[row.id]             # however often it left: the same bytes
        with engine.blobs.open(row.digest) as kept:
            assert kept.read() == content
    assert check_office(engine).findings == ()


@pytest.mark.timeout(500)
@pytest.mark.parametrize("kind", ["folder", pytest.param("mail", marks=pytest.mark.slow)])
def test_the_post_killed_anywhere_loses_and_doubles_nothing(kind: str, founded: Path, tmp_path: Path) -> None:
    killed_often(kind, founded, tmp_path, 3, 1)


@pytest.mark.slow
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("kind", ["folder", "mail"])
def test_the_post_killed_many_times(kind: str, founded: Path, tmp_path: Path) -> None:
    for seed in range(10):
        killed_often(kind, founded, tmp_path / str(seed), 6, seed)
