"""A batch that is interrupted: by a kill, by a power cut at any step. It goes on and signs nothing
twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.batch import BatchBusy, BatchUnreadable, FolderStore, Item, State, resume, sign_batch
from signing.batch import store as on_disk
from signing.errors import PinTrouble
from signing.keys import Key, Scheme
from signing.page import Box, Place
from signing.report import Conclusion
from signing.sign import Level, Role, SigningRequest
from signing.timestamps import TimestampService
from signing.tokens.troubles import PinRejected, TokenRemoved
from signing.verify import verify_file
from tests.fakes.token_shim import compile_shim
from tests.signing.batch_token import LeadersToken, make_token
from tests.signing.conftest import People, Stages
from tests.signing.test_batch import CountingKey


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadersToken]:
    folder = tmp_path_factory.mktemp("token")
    made = make_token(folder, compile_shim(folder))
    yield made
    made.shim.host.stop()


def test_killed_at_random_moments(token: LeadersToken, tmp_path: Path, stages: Stages) -> None:
    count, seed = 10, random.randrange(1 << 30)
    chance = random.Random(seed)
    items = token.batch(tmp_path, stages.prepared, count)
    before = token.shim.counts.signatures
    token.shim.plug()
    about = {"module": str(token.shim.module), "environment": dict(token.shim.environment)}
    kills = 0
    while True:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.signing.batch_token", str(tmp_path / "batch")], stdout=subprocess.PIPE,
            env={**os.environ, "LEADERS_TOKEN": json.dumps({**about, "children": chance.choice([0, 2])})})
        assert program.stdout is not None
        with program.stdout as told:
            steps = sum(1 for _ in zip(told, range(chance.randrange(4, 20)), strict=False))
            program.kill()
        kills += program.wait() != 0
        if program.returncode == 0 or steps == 0:
            break
    finished = resume(tmp_path / "batch", CountingKey(token.key(), refusals={1: PinRejected()}))

    assert [item.state for item in finished] == [State.VERIFIED] * count, seed
    assert kills >= 2, seed
    # one signature may have been on its way from the token when the kill came: it is in no file
    assert before + count <= token.shim.counts.signatures <= before + count + kills, seed
    token.check(items)


class PowerCut(BaseException):
    """Nothing that runs now goes on."""


class CutStore(FolderStore):
    """Where the power goes when a given item reaches a given state, before or after that is written down."""

    cut: tuple[int, State, bool] | None = None

    def put(self, index: int, item: Item) -> None:
        if self.cut is not None and self.cut[:2] == (index, item.state):
            if self.cut[2]:
                super().put(index, item)
            raise PowerCut
        super().put(index, item)


@pytest.fixture
def letters(tmp_path: Path, stages: Stages) -> list[Item]:
    found = []
    for number in range(3):
        source = tmp_path / f"{number}.pdf"
        source.write_bytes(stages.prepared.read_bytes())
        found.append(Item(source, tmp_path / "out" / source.name))
    return found


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("state", [State.PREPARED, State.SIGNING, State.PAUSED, State.SIGNED, State.VERIFIED,
                                   State.DELIVERED])
def test_a_cut_at_every_step(letters: list[Item], tmp_path: Path, leader: Key, people: People, state: State,
                             written: bool) -> None:
    """Only a signature that was made and never written down is made again; only a delivery that was never written down
    is handed on again."""
    key = CountingKey(leader, {2: TokenRemoved(token="t")} if state is State.PAUSED else {})
    request, handed = SigningRequest(role=Role.PERSONAL, trust=people.trust), []
    store = CutStore.create(tmp_path / "batch", letters, request)
    store.cut = 1, state, written
    with pytest.raises(PowerCut), store:
        sign_batch(letters, key, request, store=store, deliver=lambda item: handed.append(item.target))
    finished = resume(tmp_path / "batch", key, deliver=lambda item: handed.append(item.target))

    assert [item.state for item in finished] == [State.DELIVERED] * 3
    refused = state is State.PAUSED
    assert key.asked == (4 if refused or (state is State.SIGNED and not written) else 3)
    again = [letters[1].target] if state is State.DELIVERED and not written else []
    assert sorted(handed) == sorted([item.target for item in letters] + again)
    for item in letters:
        report = verify_file(item.target, people.trust)
        assert report.conclusion is Conclusion.VALID and len(report.signatures) == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.pdf", "1.pdf", "2.pdf"]


def test_half_a_step_has_not_happened(letters: list[Item], tmp_path: Path, leader: Key) -> None:
    """The log is cut anywhere, as a power cut may leave it: it goes on, and no result is lost."""
    request = SigningRequest(role=Role.PERSONAL)
    with FolderStore.create(tmp_path / "batch", letters, request) as store:
        sign_batch(letters, leader, request, store=store)
    steps = tmp_path / "batch" / "steps.jsonl"
    whole = steps.read_bytes()
    chance = random.Random(7)
    for length in [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(3))]:
        steps.write_bytes(whole[:length])
        finished = resume(tmp_path / "batch", leader)
        assert [item.state for item in finished] == [State.VERIFIED] * 3
        assert all(line.startswith(b"{") and line.endswith(b"}") for line in steps.read_bytes().splitlines())
    steps.write_bytes(whole[:-1])
    resume(tmp_path / "batch", CountingKey(leader, {1: PinRejected()}))


def test_what_fails_for_its_own_sake_is_not_tried_again(letters: list[Item], tmp_path: Path, leader: Key) -> None:
    letters[0].source.write_bytes(b"%PDF-1.7 broken")
    key, request = CountingKey(leader, {1: PinRejected(token="t")}), SigningRequest(role=Role.PERSONAL)
    with FolderStore.create(tmp_path / "batch", letters, request) as store:
        first = sign_batch(letters, key, request, store=store)
    assert [item.state for item in first] == [State.FAILED, State.FAILED, State.CANCELLED]
    with FolderStore.open(tmp_path / "batch") as store:
        kept = [(item.state, item.trouble.code if item.trouble else None) for item in store.items]
        assert isinstance(store.items[1].trouble, PinTrouble)
    assert kept == [(State.FAILED, "pdf.damaged"), (State.FAILED, "pin.rejected"), (State.CANCELLED, "pin.rejected")]
    finished = resume(tmp_path / "batch", key)

    assert [item.state for item in finished] == [State.FAILED, State.VERIFIED, State.VERIFIED]
    assert key.asked == 3


def test_delivery_is_caught_up_without_the_key(letters: list[Item], tmp_path: Path, leader: Key) -> None:
    request, handed = SigningRequest(role=Role.PERSONAL), []

    def cut(item: Item) -> None:
        raise PowerCut

    with FolderStore.create(tmp_path / "batch", letters[:1], request) as store, pytest.raises(PowerCut):
        sign_batch(letters[:1], leader, request, store=store, deliver=cut)
    finished = resume(tmp_path / "batch", CountingKey(leader, {1: PinRejected()}), deliver=handed.append)

    assert [item.state for item in finished] == [State.DELIVERED]
    assert [item.target for item in handed] == [letters[0].target]


def test_two_programs_never_go_on_with_one_batch(letters: list[Item], tmp_path: Path, leader: Key,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_disk, "LAST_WORK_S", 0.1)
    key = CountingKey(leader)
    with FolderStore.create(tmp_path / "batch", letters, SigningRequest()), pytest.raises(BatchBusy):
        resume(tmp_path / "batch", key)
    assert key.asked == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"form": 99}'])
def test_what_is_no_batch_is_named(tmp_path: Path, leader: Key, content: bytes) -> None:
    (tmp_path / "batch.json").write_bytes(content)

    with pytest.raises(BatchUnreadable):
        resume(tmp_path, leader)


def test_no_batch_is_written_over_another(letters: list[Item], tmp_path: Path) -> None:
    FolderStore.create(tmp_path / "batch", letters, SigningRequest()).close()

    with pytest.raises(BatchUnreadable):
        FolderStore.create(tmp_path / "batch", letters, SigningRequest())


def test_a_finished_batch_leaves_its_results_alone(letters: list[Item], tmp_path: Path, leader: Key) -> None:
    request = SigningRequest(role=Role.PERSONAL)
    store = FolderStore.create(tmp_path / "batch", letters, request)
    sign_batch(letters, leader, request, store=store)
    store.remove()

    assert not (tmp_path / "batch").exists()
    assert all(item.target.exists() for item in letters)


def test_a_request_comes_back_as_it_was(letters: list[Item], tmp_path: Path, people: People) -> None:
    request = SigningRequest(
        role=Role.AGENCY, field="X", place=Place(2, Box(1, 2, 3, 4), certain=False), image=tmp_path / "a.png",
        level=Level.B_LTA, stamps=TimestampService(("http://t.vn/tsa",), 7.5), online=False, scheme=Scheme.RSA_PSS,
        digest="sha512", agency="Ủy ban", copy_form="Sao lục", number_and_symbol="1/QĐ", reason="Vì",
        signed_at=datetime(2026, 3, 5, tzinfo=UTC), trust=people.trust, strict_order=True)
    own = [replace(letters[0], request=request), letters[1]]
    FolderStore.create(tmp_path / "batch", own, request).close()
    with FolderStore.open(tmp_path / "batch") as store:
        assert store.request == request
        assert store.items == own
