"""The key in a batch: told what comes, away and back again, refused for good."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from signing.batch import FolderStore, InMemory, Item, KeyGone, OtherKey, State, key_life, manner_of, resume, sign_batch
from signing.batch import store as on_disk
from signing.errors import DiskFull, Trouble
from signing.keys import Key, Scheme
from signing.sign import Role, SigningRequest
from signing.tokens.probe import Asks
from signing.tokens.troubles import LoginLost, ModuleCrashed, PinRejected, TokenBusy, TokenRemoved
from tests.fakes.token_shim import compile_shim
from tests.signing.batch_token import make_token
from tests.signing.conftest import People, Stages
from tests.signing.test_batch import CountingKey

REQUEST = SigningRequest(role=Role.PERSONAL)
GONE = [TokenRemoved(token="t"), LoginLost(token="t"), ModuleCrashed(module="m", how="SIGSEGV", doing="MakeSignature")]


@pytest.fixture
def items(stages: Stages, tmp_path: Path) -> list[Item]:
    found = []
    for number in range(4):
        source = tmp_path / f"{number}.pdf"
        source.write_bytes(stages.prepared.read_bytes())
        found.append(Item(source, tmp_path / "out" / source.name, title=f"Văn bản {number}"))
    return found


@pytest.mark.parametrize("trouble", GONE, ids=lambda trouble: trouble.code)
def test_the_batch_waits_and_goes_on_with_the_same_document(items: list[Item], leader: Key, trouble: Trouble) -> None:
    key, told, asked = CountingKey(leader, {2: trouble}), [], []

    def revive(why: Trouble) -> Key:
        asked.append((why, threading.current_thread().name))
        return key

    finished = sign_batch(items, key, REQUEST, revive=revive,
                          progress=lambda done, total, item: told.append((item.source, item.state, item.trouble)))

    assert [item.state for item in finished] == [State.VERIFIED] * 4
    assert asked == [(trouble, "key")] and key.asked == 5     # the refused one is asked for again, no other
    of_second = [(state, why) for source, state, why in told if source == items[1].source]
    assert [state for state, _ in of_second] == [State.PREPARED, State.SIGNING, State.PAUSED, State.SIGNING,
                                                 State.SIGNED, State.VERIFIED]
    assert of_second[2][1] is trouble and of_second[3][1] is None


def test_what_was_signed_is_finished_while_the_key_is_away(items: list[Item], leader: Key) -> None:
    """The key comes back only after the first document is verified: without that going on this would never end."""
    key, verified = CountingKey(leader, {2: TokenRemoved(token="t")}), threading.Event()

    def watch(done: int, total: int, item: Item) -> None:
        if item.state is State.VERIFIED:
            verified.set()

    def revive(why: Trouble) -> Key:
        assert verified.wait(60)
        return key

    assert [item.state for item in sign_batch(items, key, REQUEST, progress=watch, revive=revive)] == \
        [State.VERIFIED] * 4


@pytest.mark.parametrize("answer", [None, PinRejected(token="t")])
def test_without_the_key_the_rest_is_unfinished_not_failed(items: list[Item], tmp_path: Path, leader: Key,
                                                           answer: Trouble | None) -> None:
    gone, key = TokenRemoved(token="t"), CountingKey(leader, {2: TokenRemoved(token="t")})
    asked = []

    def revive(why: Trouble) -> Key | None:
        asked.append(why)
        if answer is not None:
            raise answer
        return None

    with FolderStore.create(tmp_path / "batch", items, REQUEST) as store:
        finished = sign_batch(items, key, REQUEST, store=store, revive=revive)
    assert [item.state for item in finished] == [State.VERIFIED, *[State.PAUSED] * 3]
    assert {item.trouble.code for item in finished[1:] if item.trouble} == {(answer or gone).code}
    assert len(asked) == 1 and key.asked == 2       # a refused PIN is never followed by another try
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0.pdf"]

    assert [item.state for item in resume(tmp_path / "batch", key)] == [State.VERIFIED] * 4
    assert key.asked == 5


def test_another_persons_key_signs_nothing(items: list[Item], leader: Key, agency: Key) -> None:
    key, other = CountingKey(leader, {2: TokenRemoved(token="t")}), CountingKey(agency)
    finished = sign_batch(items, key, REQUEST, revive=lambda why: other)

    assert [item.state for item in finished] == [State.VERIFIED, *[State.PAUSED] * 3]
    assert isinstance(finished[1].trouble, OtherKey) and other.asked == 0


def test_one_refusal_fails_one_and_two_alike_are_the_devices_fault(items: list[Item], leader: Key) -> None:
    key = CountingKey(leader, {2: TokenBusy(token="t"), 3: TokenBusy(token="t")})
    revived = []
    finished = sign_batch(items, key, REQUEST, revive=lambda why: revived.append(why) or key)

    assert [item.state for item in finished] == [State.VERIFIED, State.FAILED, State.VERIFIED, State.VERIFIED]
    assert len(revived) == 1


def test_stopping_while_the_key_is_away(items: list[Item], leader: Key) -> None:
    key, stop = CountingKey(leader, {2: TokenRemoved(token="t")}), threading.Event()

    def revive(why: Trouble) -> None:
        stop.set()

    finished = sign_batch(items, key, REQUEST, stop=stop, revive=revive)

    assert [item.state for item in finished] == [State.VERIFIED, *[State.PAUSED] * 3]
    assert key.asked == 2


def test_what_is_signed_is_finished_without_any_key(items: list[Item], tmp_path: Path, leader: Key) -> None:
    handed: list[Path] = []

    class Cut(BaseException):
        pass

    def cut(item: Item) -> None:
        raise Cut

    key = CountingKey(leader, {3: TokenRemoved(token="t")})
    with FolderStore.create(tmp_path / "batch", items, REQUEST) as store, pytest.raises(Cut):
        sign_batch(items, key, REQUEST, store=store, deliver=cut)
    finished = resume(tmp_path / "batch", None, deliver=lambda item: handed.append(item.target))
    assert finished[0].state is State.DELIVERED and {item.state for item in finished[2:]} == {State.PAUSED}
    assert all(isinstance(item.trouble, KeyGone) for item in finished[2:])

    finished = resume(tmp_path / "batch", key, deliver=lambda item: handed.append(item.target), revive=lambda why: key)
    assert {item.state for item in finished} == {State.DELIVERED}
    assert sorted(handed) == [item.target for item in items] and key.asked == 5    # one of them was the refused one


class PhoneKey(CountingKey):
    """A key at a service: one confirmation for three, each shown with its title."""

    at_once = 3

    def __init__(self, honest: Key) -> None:
        super().__init__(honest)
        self.title, self.expected, self.shown = "", [], []

    def expect(self, count: int) -> None:
        self.expected.append(count)

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        self.shown.append((self.title,))
        return super().sign(message, digest=digest, scheme=scheme)

    def sign_many(self, messages: Sequence[bytes], *, digest: str, scheme: Scheme,
                  titles: Sequence[str] = ()) -> tuple[bytes, ...]:
        self.shown.append(tuple(titles))
        return tuple(CountingKey.sign(self, message, digest=digest, scheme=scheme) for message in messages)


def test_a_phone_shows_titles_and_how_many_will_come(items: list[Item], leader: Key) -> None:
    key = PhoneKey(leader)
    finished = sign_batch(items, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED] * 4
    assert key.expected == [4] and key.asked == 4
    assert key.shown == [("Văn bản 0", "Văn bản 1", "Văn bản 2"), ("Văn bản 3",)]


def test_a_damaged_one_among_those_for_one_confirmation(items: list[Item], leader: Key) -> None:
    items[1].source.write_bytes(b"%PDF-1.7 broken")
    key = PhoneKey(leader)
    finished = sign_batch(items, key, REQUEST)

    assert [item.state for item in finished] == [State.VERIFIED, State.FAILED, State.VERIFIED, State.VERIFIED]
    assert key.shown == [("Văn bản 0", "Văn bản 2", "Văn bản 3")]


@pytest.mark.parametrize(("mode", "asks"), [("", Asks.NO_MORE), ("ignores_pin_each", Asks.EACH_TIME),
                                            ("ignores_pin", Asks.AT_FIRST)])
def test_the_tokens_manner_is_found_out_before_the_batch(tmp_path: Path, mode: str, asks: Asks,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    """Lesson 7 of the field: one PIN for the batch is found out, not assumed; once per device."""
    monkeypatch.setattr(key_life, "_known", {})
    token = make_token(tmp_path, compile_shim(tmp_path), SHIM_MODES=mode, SHIM_OWN_PIN="246810", SHIM_BOX_MS="1600")
    key = token.key()
    manner = manner_of(key)
    assert manner is not None and manner.asks is asks
    trials = token.shim.counts.signatures
    assert trials == 2 and manner_of(key) is manner and token.shim.counts.signatures == trials
    key.close()
    token.shim.host.stop()


def test_no_token_no_manner(leader: Key) -> None:
    assert manner_of(leader) is None


def test_a_disk_that_fills_up_loses_no_signature(items: list[Item], tmp_path: Path, leader: Key,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """From the second document's signature on no step can be written, but for what the reserve gives back: the
    signature is written down and finished, nothing new is begun, and the rest goes on when there is room."""
    key, full = CountingKey(leader), threading.Event()
    write = FolderStore._write

    def bounded(self: FolderStore, line: bytes, *, lasting: bool) -> None:
        if full.is_set() and (self.folder / on_disk.RESERVE).exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, line, lasting=lasting)

    def watch(done: int, total: int, item: Item) -> None:
        if item.state is State.SIGNING and item.source == items[1].source:
            full.set()

    monkeypatch.setattr(FolderStore, "_write", bounded)
    with FolderStore.create(tmp_path / "batch", items, REQUEST) as store:
        finished = sign_batch(items, key, REQUEST, store=store, progress=watch)

    assert [item.state for item in finished[:2]] == [State.VERIFIED] * 2
    assert not (tmp_path / "batch" / on_disk.RESERVE).exists()
    assert {item.trouble.code for item in finished if item.state is State.PAUSED and item.trouble} <= {"disk.full"}
    full.clear()
    assert [item.state for item in resume(tmp_path / "batch", key)] == [State.VERIFIED] * 4
    assert key.asked == 4


def test_a_full_disk_ends_the_batch_and_it_goes_on_when_there_is_room(items: list[Item], tmp_path: Path, leader: Key,
                                                                      people: People,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    key, write = CountingKey(leader), FolderStore._write

    def full(self: FolderStore, line: bytes, *, lasting: bool) -> None:
        if b'"verified"' in line and b'"item": 1' in line:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, line, lasting=lasting)

    with monkeypatch.context() as patched:
        patched.setattr(FolderStore, "_write", full)
        with FolderStore.create(tmp_path / "batch", items, REQUEST) as store, pytest.raises(DiskFull):
            sign_batch(items, key, REQUEST, store=store)
    finished = resume(tmp_path / "batch", key)

    assert [item.state for item in finished] == [State.VERIFIED] * 4
    assert key.asked == 4


def test_a_store_in_memory_knows_the_pause_too(items: list[Item], leader: Key) -> None:
    store = InMemory()
    sign_batch(items, CountingKey(leader, {1: TokenRemoved(token="t")}), REQUEST, store=store)

    assert {item.state for item in store.items.values()} == {State.PAUSED}
