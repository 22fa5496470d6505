"""Batches on real modules that misbehave (users' lessons on PKCS#11 modules in circulation), behind the shim."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signing.batch import Item, State, key_life, manner_of, resume
from signing.errors import Trouble
from signing.keys import Key
from signing.tokens.pkcs11 import open_token_key
from signing.tokens.probe import Asks
from signing.tokens.troubles import LoginLost, ModuleCrashed, ModuleHung
from tests.fakes.token_shim import compile_shim
from tests.signing.batch_token import PIN, LeadersToken, make_token
from tests.signing.conftest import Stages

COUNT = 5
Make = Callable[..., LeadersToken]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[LeadersToken] = []

    def one(*modes: str, **more: str) -> LeadersToken:
        folder = tmp_path / "token"
        folder.mkdir()
        made.append(make_token(folder, compile_shim(folder), SHIM_MODES=" ".join(modes), **more))
        return made[-1]

    yield one
    for token in made:
        token.shim.host.stop()


def test_one_login_one_process_and_one_at_a_time_for_a_whole_batch(make: Make, tmp_path: Path, stages: Stages) -> None:
    """Lessons 4 and 6; complaints 4 and 24: the module is loaded once, the PIN asked once, the session stays open. The
    module aborts when a second call comes in while it signs."""
    token = make("alone")
    items = token.batch(tmp_path, stages.prepared, COUNT)
    key = token.key()
    before = token.shim.counts
    finished = resume(tmp_path / "batch", key)
    key.close()
    after = token.shim.counts

    assert [item.state for item in finished] == [State.VERIFIED] * COUNT
    assert (after.signatures, after.logins, after.initialised, after.finalised) == \
        (before.signatures + COUNT, 1, before.initialised, 0)
    token.check(items)


def test_a_pin_pad_that_forgets_after_each_signature_carries_a_batch(make: Make, tmp_path: Path,
                                                                     stages: Stages, monkeypatch: pytest.MonkeyPatch,
                                                                     ) -> None:
    """Complaint 29, lesson 7: it is known before the batch, and works for the second document and the fifth."""
    monkeypatch.setattr(key_life, "_known", {})
    token = make("own_entry", "pad_once", SHIM_OWN_PIN=PIN.decode())
    items = token.batch(tmp_path, stages.prepared, COUNT)
    key = open_token_key(token.shim.module, pin=None, environment=token.shim.environment)
    manner = manner_of(key)
    assert manner is not None and (manner.asks, manner.certain) == (Asks.EACH_TIME, True)
    made = token.shim.counts.signatures
    finished = resume(tmp_path / "batch", key)
    key.close()

    assert [item.state for item in finished] == [State.VERIFIED] * COUNT
    assert token.shim.counts.signatures == made + COUNT and token.shim.counts.wrong == 0
    token.check(items)


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")
def test_the_modules_process_dies_in_mid_batch(make: Make, tmp_path: Path, stages: Stages) -> None:
    """Complaint 9: a crash of the vendor's library costs one PIN, no document and no second signature."""
    token = make(SHIM_SIGN_MS="150")     # else all are signed before it is known that the second is
    items = token.batch(tmp_path, stages.prepared, COUNT)
    key = token.key()
    asked: list[Trouble] = []

    def watch(done: int, total: int, item: Item) -> None:
        process = token.shim.host.process_id
        if item.state is State.SIGNED and item.source == items[1].source and process is not None and not asked:
            os.kill(process, signal.SIGKILL)

    def revive(trouble: Trouble) -> Key:
        asked.append(trouble)
        key.reopen(bytearray(PIN))
        return key

    finished = resume(tmp_path / "batch", key, progress=watch, revive=revive)
    key.close()

    assert [item.state for item in finished] == [State.VERIFIED] * COUNT
    assert asked and all(isinstance(one, ModuleCrashed | LoginLost) for one in asked)
    assert token.shim.counts.signatures in {COUNT, COUNT + 1}     # one may have been under way in the killed process
    token.check(items)


def test_a_module_that_hangs_pauses_the_batch_after_its_deadline(make: Make, tmp_path: Path, stages: Stages) -> None:
    """Lesson 5, complaint 8: no waiting for ever in front of a hidden box; nothing is called failed."""
    token = make("hang_sign")
    token.batch(tmp_path, stages.prepared, 2)
    key = token.key()
    token.shim.hurry(0.5)
    asked: list[Trouble] = []
    finished = resume(tmp_path / "batch", key, revive=asked.append)

    assert [item.state for item in finished] == [State.PAUSED] * 2
    assert len(asked) == 1 and isinstance(asked[0], ModuleHung)
