"""What fails on the way leaves the office as it was: a key that goes away, a disk that fills up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from docclient.desk.kept_batches import go_on, unfinished_batches
from docclient.desk.signing_desk import Outcome, number_and_seal, sign_queued
from docclient.errors import DiskFull, Trouble
from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.office.model import State
from docclient.office.queries.documents import SigningQueue
from docclient.store.place import place
from signing.tokens.troubles import PinRejected, TokenRemoved
from tests.fakes.keys import FailingKey
from tests.offices import OfficeToTest, registration


def test_a_token_pulled_out_after_the_second_of_four(sqlite_office: OfficeToTest):
    office = sqlite_office
    for number in "1234":
        office.queued(number)
    chairman = office.door("chairman")
    key = FailingKey(office.material.key("chairman"), 2, lambda: TokenRemoved(token="Chủ tịch"))
    told: list[tuple[int, Outcome]] = []
    results = sign_queued(chairman, chairman.ask(SigningQueue()), key,
                          progress=lambda done, total, result: told.append((done, result.outcome)))
    assert [each.outcome for each in results] == [Outcome.RETURNED, Outcome.RETURNED, Outcome.PAUSED, Outcome.PAUSED]
    assert {each.trouble.code for each in results if each.trouble} == {"token.removed"}
    rest = chairman.ask(SigningQueue())
    assert [each.document.id for each in rest] == [each.document for each in results[2:]]
    # plugged in again: the rest is signed, nothing twice
    (batch,) = unfinished_batches(chairman)
    assert (batch.returned, batch.signed, batch.left) == (2, 0, 2)
    again = go_on(chairman, batch, office.material.key("chairman"))
    assert {each.outcome for each in again} == {Outcome.RETURNED}
    assert unfinished_batches(chairman) == []
    assert chairman.ask(SigningQueue()) == ()
    assert check_office(office.engine).findings == ()


def test_a_refused_pin_stops_the_batch_at_once(sqlite_office: OfficeToTest):
    office = sqlite_office
    for number in "123":
        office.queued(number)
    chairman = office.door("chairman")
    key = FailingKey(office.material.key("chairman"), 0, lambda: PinRejected(token="Chủ tịch"))
    results = sign_queued(chairman, chairman.ask(SigningQueue()), key)
    assert [each.outcome for each in results] == [Outcome.FAILED, Outcome.CANCELLED, Outcome.CANCELLED]
    assert len(chairman.ask(SigningQueue())) == 3


def test_sealing_that_fails_keeps_its_number_for_the_next_try(sqlite_office: OfficeToTest):
    office = sqlite_office
    view = office.signed()
    clerk = office.door("clerk")
    key = FailingKey(office.material.key("agency"), 0, lambda: TokenRemoved(token="Con dấu"))
    with pytest.raises(TokenRemoved):
        number_and_seal(clerk, view.document.id, key)
    numbered = office.view("clerk", view.document.id)
    assert (numbered.document.state, numbered.document.code_number) == (State.NUMBERED, "01")
    assert "SealOutgoing" in [each.command for each in numbered.offers]
    number_and_seal(clerk, view.document.id, office.material.key("agency"))
    sealed = office.view("clerk", view.document.id)
    assert (sealed.document.state, sealed.document.code_number) == (State.SEALED, "01")
    assert check_office(office.engine).findings == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB. Mounting one needs root on Linux, which the test machines give."""
    folder = tmp_path / "small"
    folder.mkdir()
    if sys.platform != "linux" or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False).returncode != 0:
        pytest.skip("no right to mount a small file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"\0" * 4096)
    return ballast


def test_a_full_disk(sqlite_office: OfficeToTest, small_disk: Path):
    view = sqlite_office.received()
    sqlite_office.engine.close()
    shutil.copytree(sqlite_office.place.blobs.parent, small_disk / "office")
    at = place(str(small_disk / "office"))
    engine = OfficeEngine.open(at)
    office = OfficeToTest(engine, at, sqlite_office.material)
    clerk = office.door("clerk")
    ballast = fill(small_disk)
    with pytest.raises(DiskFull):
        clerk.put(b"x" * 100_000)
    assert not list(at.blobs.glob("arriving-*"))
    with pytest.raises(Trouble) as refused:
        for _ in range(200):                      # SQLite may have room left in its own file for a while
            clerk.do(registration(view, None))
    assert refused.value.code == "disk.full"
    ballast.unlink()
    assert check_office(engine).findings == ()
    now = office.view("clerk", view.document.id)
    assert now.document == view.document
    clerk.do(registration(view, None))
    assert office.view("clerk", view.document.id).document.state is State.REGISTERED
    engine.close()
