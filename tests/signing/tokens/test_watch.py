"""Plugging and unplugging is noticed, told once, and a token is known again wherever it comes back."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

import pytest

from signing.keys import Scheme
from signing.tokens.host import ModuleHost
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.troubles import ModuleCrashed, ModuleHung, TokenAbsent, TokenRemoved
from signing.tokens.watch import Changed, Event, Plugged, TokenWatcher, Unplugged, Unwell
from tests.fakes.token_shim import Shim
from tests.signing.tokens.conftest import PIN

SOON_S = 30.0


@dataclass
class Watched:
    """A running watcher and what it told."""

    watcher: TokenWatcher
    told: SimpleQueue = field(default_factory=SimpleQueue)

    def next(self, kind: type[Event]) -> Event:
        """The next event that says something about a named token or a module; it must be of this kind."""
        while True:
            event = self.told.get(timeout=SOON_S)
            if isinstance(event, Unwell) or event.token.label in {"Lãnh đạo", "Văn thư"}:
                assert isinstance(event, kind), event
                return event

    def both(self, kind: type[Event]) -> set[str]:
        return {self.next(kind).token.label, self.next(kind).token.label}


@pytest.fixture
def watching() -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def watch(*hosts: ModuleHost, seldom_s: float = 60.0) -> Watched:
        told = SimpleQueue()
        made.append(Watched(TokenWatcher(hosts, told.put, interval_s=0.02, seldom_s=seldom_s), told))
        made[-1].watcher.start()
        return made[-1]

    yield watch
    for one in made:
        one.watcher.stop()


def opened(shim: Shim, token: str = "Lãnh đạo") -> TokenKey:
    return open_token_key(shim.module, token=token, pin=bytearray(PIN), environment=shim.environment)


def sign(key: TokenKey) -> bytes:
    return key.sign(b"noi dung", digest="sha256", scheme=Scheme.RSA_PKCS1)


@pytest.mark.parametrize("mode", ["slot_events", "no_slot_events", ""])
def test_coming_and_going_is_told_with_or_without_the_modules_own_events(misbehaving, watching, equipped, mode):
    shim = misbehaving(mode)
    seen = watching(shim.host)
    assert seen.both(Plugged) == {"Lãnh đạo", "Văn thư"}
    for _ in range(3):
        shim.unplug()
        assert seen.both(Unplugged) == {"Lãnh đạo", "Văn thư"}
        assert not [token for token in seen.watcher.tokens if token.initialised]
        shim.plug()
        first, second = seen.next(Plugged), seen.next(Plugged)
        assert first.again and second.again
        assert {one.facts.der for one in first.token.certificates} | {
            one.facts.der for one in second.token.certificates} >= {equipped.leader.certificate_der}
    assert {token.label for token in seen.watcher.tokens if token.initialised} == {"Lãnh đạo", "Văn thư"}


def test_a_module_whose_events_prove_true_is_read_seldom(misbehaving, watching):
    shim = misbehaving("slot_events")
    seen = watching(shim.host)
    seen.both(Plugged)
    (watch,) = seen.watcher._watches
    assert not watch._events_prove_true
    shim.unplug()
    seen.both(Unplugged)
    shim.plug()
    seen.both(Plugged)
    assert watch._events_prove_true


def test_one_of_several_tokens_goes_and_the_others_stay(misbehaving, watching, equipped):
    shim = misbehaving()
    seen = watching(shim.host)
    seen.both(Plugged)
    shim.unplug(equipped.clerk_token.serial)
    assert seen.next(Unplugged).token.label == "Văn thư"
    assert [token.label for token in seen.watcher.tokens if token.initialised] == ["Lãnh đạo"]


def test_a_token_in_another_slot_is_the_same_and_its_key_opens_again(misbehaving, watching, equipped):
    shim = misbehaving()
    seen = watching(shim.host)
    slots = {event.token.label: event.token.slot for event in (seen.next(Plugged), seen.next(Plugged))}
    key = opened(shim)
    assert sign(key)
    shim.unplug()
    seen.both(Unplugged)
    with pytest.raises(TokenRemoved):
        sign(key)
    with pytest.raises(TokenAbsent):
        key.reopen(bytearray(PIN))
    shim.plug(shifted=40)
    for event in (seen.next(Plugged), seen.next(Plugged)):
        assert event.again and event.token.slot == slots[event.token.label] + 40
    key.reopen(bytearray(PIN))
    assert sign(key) and key.certificate == equipped.leader.certificate_der
    key.close()


def test_a_pin_that_another_program_locks_is_told(misbehaving, watching):
    shim = misbehaving("locks")
    seen = watching(shim.host)
    seen.both(Plugged)
    shim.set_counts(wrong=3, logins=3)
    event = seen.next(Changed)
    assert event.token.pin == "locked" and event.token.certificates


def test_a_token_that_is_slow_to_wake_up_is_read_again(misbehaving, watching):
    shim = misbehaving("late")
    seen = watching(shim.host)
    seen.both(Plugged)
    shim.unplug()
    seen.both(Unplugged)
    shim.plug()
    events = [seen.next(Plugged), seen.next(Plugged)]
    assert {event.token.hindrance for event in events} == {None, "CKR_DEVICE_ERROR"}
    assert all(event.again for event in events)
    assert seen.next(Changed).token.certificates


def test_a_signature_never_waits_for_a_look_and_no_look_happens_meanwhile(misbehaving, watching):
    shim = misbehaving("alone", SHIM_SIGN_MS="300")
    key = opened(shim)
    seen = watching(shim.host)
    signing = threading.Thread(target=sign, args=(key,))
    signing.start()
    assert shim.host.ask_if_free(None, type(None), idle_s=60) is None      # busy, or was a moment ago
    signing.join(SOON_S)
    seen.both(Plugged)
    key.close()


def test_a_module_that_crashes_is_told_once_and_comes_back(misbehaving, watching):
    shim = misbehaving()
    seen = watching(shim.host)
    seen.both(Plugged)
    shim.host.stop()
    shim.host._environment["SHIM_MODES"] = "crash_load"
    assert seen.both(Unplugged) == {"Lãnh đạo", "Văn thư"}
    assert isinstance(seen.next(Unwell).trouble, ModuleCrashed)
    shim.host._environment["SHIM_MODES"] = ""
    assert seen.both(Plugged) == {"Lãnh đạo", "Văn thư"}


def test_stopping_does_not_wait_for_a_module_that_hangs(misbehaving):
    shim = misbehaving("hang_load")
    told: list[Event] = []
    watcher = TokenWatcher([shim.host], told.append, interval_s=0.02)
    watcher.start()
    while shim.host.process_id is None:
        pass
    watcher.stop()
    (watch,) = watcher._watches
    assert watch.is_alive()
    shim.host.stop()
    watch.join(SOON_S)
    assert told == [] and not watch.is_alive()


def test_a_hang_is_told_after_its_deadline(misbehaving, watching):
    shim = misbehaving("hang_load")
    shim.hurry(0.2)
    seen = watching(shim.host)
    assert isinstance(seen.next(Unwell).trouble, ModuleHung)


def test_nothing_is_told_after_stop(misbehaving):
    shim = misbehaving()
    told, first = [], threading.Event()

    def tell(event):
        told.append(event)
        first.set()

    with TokenWatcher([shim.host], tell, interval_s=0.02) as watcher:
        assert first.wait(SOON_S)
    known = len(told)
    shim.unplug()
    assert not any(watch.is_alive() for watch in watcher._watches) and len(told) == known


def test_the_watcher_may_be_stopped_from_what_it_calls(misbehaving):
    shim = misbehaving()
    ended = threading.Event()

    def tell(event):
        watcher.stop()
        ended.set()

    watcher = TokenWatcher([shim.host], tell, interval_s=0.02)
    watcher.start()
    assert ended.wait(SOON_S)
