"""Many files, one key: a truth per file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from signing.batch import InMemory, Item, State, sign_batch
from signing.errors import PinTrouble
from signing.keys import Key, Scheme
from signing.sign import Role, SigningRequest
from signing.tokens.troubles import PinRejected, TokenBusy
from tests.signing.conftest import Stages


class CountingKey:
    """The leader's key, refusing at given times as a token may."""

    def __init__(self, honest: Key, refusals: dict[int, Exception] | None = None) -> None:
        self.honest, self.refusals, self.asked = honest, refusals or {}, 0
        self.certificate, self.other_certificates = honest.certificate, honest.other_certificates
        self.token, self.schemes = None, honest.schemes

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        self.asked += 1
        if self.asked in self.refusals:
            raise self.refusals[self.asked]
        return self.honest.sign(message, digest=digest, scheme=scheme)

    def close(self) -> None: ...


@pytest.fixture
def items(stages: Stages, tmp_path: Path) -> list[Item]:
    found = []
    for number in range(3):
        source = tmp_path / f"{number}.pdf"
        source.write_bytes(stages.prepared.read_bytes())
        found.append(Item(source, tmp_path / "out" / source.name))
    return found


REQUEST = SigningRequest(role=Role.PERSONAL)


def test_each_is_signed_once_and_checked(items: list[Item], leader: Key) -> None:
    key, seen = CountingKey(leader), []
    finished = sign_batch(items, key, REQUEST,
                          progress=lambda done, total, item: seen.append((done, total, item.state)))

    assert [item.state for item in finished] == [State.VERIFIED] * 3
    assert key.asked == 3
    assert all(item.signed is not None and item.target.exists() for item in finished)
    assert seen == [(0, 3, State.SIGNING), (1, 3, State.VERIFIED), (1, 3, State.SIGNING), (2, 3, State.VERIFIED),
                    (2, 3, State.SIGNING), (3, 3, State.VERIFIED)]


def test_one_that_fails_does_not_stop_the_others(items: list[Item], leader: Key) -> None:
    items[1].source.write_bytes(b"%PDF-1.7 broken")
    finished = sign_batch(items, leader, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED, State.FAILED, State.VERIFIED]
    assert finished[1].trouble is not None and finished[1].trouble.code == "pdf.damaged"
    assert not finished[1].target.exists()


def test_trouble_of_one_signature_does_not_stop_the_others(items: list[Item], leader: Key) -> None:
    key = CountingKey(leader, {2: TokenBusy(token="t")})
    finished = sign_batch(items, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED, State.FAILED, State.VERIFIED]


def test_a_refused_pin_ends_the_batch_before_another_try(items: list[Item], leader: Key) -> None:
    key = CountingKey(leader, {2: PinRejected(token="t")})
    finished = sign_batch(items, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED, State.FAILED, State.CANCELLED]
    assert isinstance(finished[2].trouble, PinTrouble)
    assert key.asked == 2


def test_stopping_leaves_the_rest_unsigned_and_the_finished_finished(items: list[Item], leader: Key) -> None:
    stop = threading.Event()
    key = CountingKey(leader)

    def stop_after_the_first(done: int, total: int, item: Item) -> None:
        if done == 1:
            stop.set()

    finished = sign_batch(items, key, REQUEST, progress=stop_after_the_first, stop=stop)

    assert [item.state for item in finished] == [State.VERIFIED, State.CANCELLED, State.CANCELLED]
    assert key.asked == 1 and not items[1].target.exists()


def test_going_on_signs_nothing_twice(items: list[Item], leader: Key) -> None:
    stop, store, key = threading.Event(), InMemory(), CountingKey(leader)
    sign_batch(items, key, REQUEST, store=store, stop=stop,
               progress=lambda done, total, item: stop.set() if done == 1 else None)
    kept = [store.items[index] for index in range(3)]
    again = [item if item.state is State.VERIFIED else Item(item.source, item.target) for item in kept]
    finished = sign_batch(again, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED] * 3
    assert key.asked == 3
