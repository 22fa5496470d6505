"""Many files, one key: a truth per file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from signing.batch import InMemory, Item, State, crew, sign_batch
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
                          progress=lambda done, total, item: seen.append((done, total, item.state, item.source)))

    assert [item.state for item in finished] == [State.VERIFIED] * 3
    assert key.asked == 3
    assert all(item.signed is not None and item.target.exists() for item in finished)
    for item in items:
        told = [state for _, _, state, source in seen if source == item.source]
        assert told == [State.PREPARED, State.SIGNING, State.SIGNED, State.VERIFIED]
    assert [done for done, _, state, _ in seen if state is State.VERIFIED] == [1, 2, 3]
    assert {total for _, total, _, _ in seen} == {3}


def test_the_key_takes_them_in_order_and_one_at_a_time(items: list[Item], leader: Key) -> None:
    class Alone(CountingKey):
        inside = 0

        def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
            self.inside += 1
            assert self.inside == 1
            try:
                return super().sign(message, digest=digest, scheme=scheme)
            finally:
                self.inside -= 1

    seen: list[Path] = []

    def watch(done: int, total: int, item: Item) -> None:
        if item.state is State.SIGNING:
            seen.append(item.source)

    finished = sign_batch(items, Alone(leader), REQUEST, progress=watch, children=2)

    assert seen == [item.source for item in items]
    assert [item.state for item in finished] == [State.VERIFIED] * 3


def test_the_next_is_prepared_while_the_key_works(items: list[Item], leader: Key) -> None:
    """The key lets go of the first only when the second and third are ready: without overlap this would never end."""
    ready, enough = [], threading.Event()

    class Waits(CountingKey):
        def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
            assert enough.wait(60)
            return super().sign(message, digest=digest, scheme=scheme)

    def watch(done: int, total: int, item: Item) -> None:
        if item.state is State.PREPARED:
            ready.append(item)
            if len(ready) == 3:
                enough.set()

    finished = sign_batch(items, Waits(leader), REQUEST, progress=watch)

    assert [item.state for item in finished] == [State.VERIFIED] * 3


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

    class StopsAtTheSecond(CountingKey):
        def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
            if self.asked == 1:
                stop.set()
            return super().sign(message, digest=digest, scheme=scheme)

    key = StopsAtTheSecond(leader)
    finished = sign_batch(items, key, REQUEST, stop=stop)

    assert [item.state for item in finished] == [State.VERIFIED, State.VERIFIED, State.CANCELLED]
    assert key.asked == 2 and not items[2].target.exists()
    assert sorted(path.name for path in items[2].target.parent.iterdir()) == ["0.pdf", "1.pdf"]


def test_what_cannot_be_handed_on_fails_alone(items: list[Item], leader: Key) -> None:
    handed: list[Path] = []

    def deliver(item: Item) -> None:
        assert item.state is State.VERIFIED and item.signed is not None and item.target.exists()
        if item.source == items[1].source:
            raise TokenBusy(token="t")
        handed.append(item.source)

    finished = sign_batch(items, leader, REQUEST, deliver=deliver)

    assert [item.state for item in finished] == [State.DELIVERED, State.FAILED, State.DELIVERED]
    assert handed == [items[0].source, items[2].source]


def test_a_child_that_dies_costs_nothing(items: list[Item], leader: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every child is killed in the middle of its first job; the work is done here instead."""
    asked = []
    honest = crew._Child.ask

    def killed(self, *arguments):
        asked.append(self)
        self._process.kill()
        return honest(self, *arguments)

    monkeypatch.setattr(crew._Child, "ask", killed)
    monkeypatch.setattr(crew.Crew, "_work_here", lambda self: None)   # else it might be done before a child is up
    finished = sign_batch(items, leader, REQUEST, children=2)

    assert [item.state for item in finished] == [State.VERIFIED] * 3
    assert asked


@pytest.mark.parametrize("children", [0, 2])
def test_children_and_threads_find_the_same_troubles(items: list[Item], leader: Key, children: int) -> None:
    items[0].source.write_bytes(b"%PDF-1.7 broken")
    items[2].source.unlink()
    finished = sign_batch(items, leader, REQUEST, children=children)

    assert [item.state for item in finished] == [State.FAILED, State.VERIFIED, State.FAILED]
    assert [item.trouble.code for item in finished if item.trouble] == ["pdf.damaged", "file.not_readable"]
    assert finished[2].trouble.facts == {"file": str(items[2].source), "reason": "ENOENT"}


def test_going_on_signs_nothing_twice(items: list[Item], leader: Key) -> None:
    store, key = InMemory(), CountingKey(leader, {2: PinRejected(token="t")})
    sign_batch(items, key, REQUEST, store=store)
    kept = [store.items[index] for index in range(3)]
    assert [item.state for item in kept] == [State.VERIFIED, State.FAILED, State.CANCELLED]
    again = [item if item.state is State.VERIFIED else Item(item.source, item.target) for item in kept]
    finished = sign_batch(again, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED] * 3
    assert key.asked == 4   # one of them was the refused one
