"""The program is killed (no goodbye, no cleaning up) at random moments of the whole flow; then the office is looked at.

Whatever was answered is there; what was not is there whole or not at all; and the flow, begun anew with the same keys,
goes on where it was and ends with every document, number and file once.
"""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from docclient.desk.drafting import finish_draft, propose_draft
from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.store import tables
from signing.sign import Role, SigningRequest, sign_pdf
from tests.kills.flow import ACTS, BEGINS, Flow, Papers
from tests.offices import ACCOUNTS, PASSWORD, Material, OfficeToTest

PEOPLE = {"clerk": "clerk", "chairman": "chairman", "officer": "officer_economy", "head": "head_economy",
          "chief": "chief_of_office"}
LATEST = 60.0


@pytest.fixture(scope="session")
def papers(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("kills")
    drafted = finish_draft(propose_draft(material.draft, folder, seal_diameter_mm=36), folder)
    signed = sign_pdf(drafted.prepared, folder / "signed.pdf", material.key("chairman"),
                      SigningRequest(role=Role.PERSONAL)).target
    key = folder / "agency.p12"
    key.write_bytes((material.folder / "agency.p12").read_bytes())
    return Papers(material.draft.read_bytes(), drafted.pdf.read_bytes(), drafted.prepared.read_bytes(),
                  signed.read_bytes(), key, PASSWORD, {who: ACCOUNTS[slug] for who, slug in PEOPLE.items()})


@dataclass(frozen=True, slots=True)
class Killed:
    """told: the acts that the program said were done before it was killed. seconds: from its beginning until then."""

    told: tuple[str, ...]
    seconds: float


def start(office: OfficeToTest, papers: Path, mark: str) -> subprocess.Popen[str]:
    at = office.place.name if office.place.embedded else (
        office.place.database.update_query_dict({"blobs": str(office.place.blobs)}).render_as_string(
            hide_password=False))
    return subprocess.Popen([sys.executable, "-m", "tests.kills.flow", at, str(papers), mark], text=True,
                            stdout=subprocess.PIPE)


def killed_after(program: subprocess.Popen[str], seconds: float | None) -> Killed:
    """Kill it that long after it said that it begins; None: let it come to its end."""
    assert program.stdout is not None
    with program.stdout:
        first = program.stdout.readline().strip()
        assert first == BEGINS, first
        begun = time.monotonic()
        try:
            program.wait(LATEST if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            assert seconds is not None, "the flow hangs"
            program.kill()
            program.wait(LATEST)
        lasted = time.monotonic() - begun
        told = tuple(line.strip() for line in program.stdout if line.strip() in ACTS)
    return Killed(told, lasted)


def facts(engine: OfficeEngine) -> dict[str, int]:
    """How many there are of everything that a flow makes."""
    with engine.reading() as work:
        return {table.name: work.connection.scalar(select(func.count()).select_from(table)) or 0
                for table in (tables.document, tables.file, tables.file_version, tables.blob, tables.outbox,
                              tables.journal, tables.receipt, tables.access, tables.handler, tables.direction)}


def one_kill(office: OfficeToTest, papers: Papers, pickled: Path, mark: str, seconds: float | None,
             grows_by: dict[str, int] | None) -> tuple[Killed, dict[str, int]]:
    """Kill, look, go on, look again. Returns what one whole flow adds to the office."""
    before = facts(office.engine)
    killed = killed_after(start(office, pickled, mark), seconds)
    found = check_office(office.engine).findings
    assert found == (), (mark, killed, found)
    with office.engine.reading() as work:
        keys = work.connection.scalars(select(tables.journal.c.command)).all()
    assert len(keys) - before["journal"] >= len(killed.told), "what was answered is lost"
    flow = Flow(office.engine, papers, mark)
    assert list(flow.run()) == list(ACTS)
    after = facts(office.engine)
    grown = {name: after[name] - before[name] for name in after}
    assert grown["document"] == 2 and grown["journal"] == grown["receipt"] == len(ACTS)
    if grows_by is not None:
        assert grown == grows_by, (mark, killed)
    return killed, grown


def many_kills(office: OfficeToTest, papers: Papers, folder: Path, times: int, seed: int) -> list[Killed]:
    chance, pickled = random.Random(seed), folder / "papers"
    pickled.write_bytes(pickle.dumps(papers))
    one_kill(office, papers, pickled, f"{seed}-first", None, None)            # the shared files are there from now on
    whole, grows_by = one_kill(office, papers, pickled, f"{seed}-whole", None, None)
    assert whole.told == ACTS
    kills, quickest = [], whole.seconds
    for place in range(times):
        killed, _ = one_kill(office, papers, pickled, f"{seed}-{place}", chance.uniform(0, quickest), grows_by)
        if killed.told == ACTS:                   # it came to its end first: the machine has become quicker
            quickest = min(quickest, killed.seconds)
        kills.append(killed)
        (papers.agency_key.parent / f"sealed-{seed}-{place}.pdf").unlink(missing_ok=True)
    found = check_office(office.engine)
    assert found.findings == ()
    assert found.entries >= (times + 2) * len(ACTS)
    return kills


@pytest.mark.timeout(600)
def test_some_kills(office: OfficeToTest, papers: Papers, tmp_path: Path) -> None:
    many_kills(office, papers, tmp_path, 4 if office.place.embedded else 2, 11)


@pytest.mark.slow
@pytest.mark.timeout(10_800)
def test_three_hundred_kills(office: OfficeToTest, papers: Papers, tmp_path: Path) -> None:
    """240 on SQLite, 60 on PostgreSQL, at every stage of the flow."""
    kills = many_kills(office, papers, tmp_path, 240 if office.place.embedded else 60, 300)
    reached = {len(killed.told) for killed in kills}
    assert len(reached) >= 8, reached
