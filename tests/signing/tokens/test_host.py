"""A module's crash or hang costs one operation; its process keeps nothing that it was told in confidence."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from signing.keys import Scheme
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.listing import list_tokens
from signing.tokens.messages import ListSlots, SlotsListed
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.troubles import (
    LoginLost,
    ModuleCrashed,
    ModuleHung,
    ModuleLoadFailed,
    SignatureWrong,
    TokenBusy,
    TokenRemoved,
)
from tests.fakes.token_shim import Shim
from tests.signing.tokens.conftest import PIN


def opened(shim: Shim) -> TokenKey:
    return open_token_key(shim.module, token="Lãnh đạo", pin=bytearray(PIN), environment=shim.environment)


def sign(key: TokenKey) -> bytes:
    return key.sign(b"noi dung", digest="sha256", scheme=Scheme.RSA_PKCS1)


def test_a_library_has_one_process_that_stays(equipped):
    host = equipped.store.host
    assert host is host_of(equipped.store.module, equipped.store.environment)
    list_tokens(host)
    process, generation = host.process_id, host.generation
    list_tokens(host)
    assert (host.process_id, host.generation) == (process, generation)


@pytest.mark.parametrize("when", ["load", "login", "sign"])
def test_a_crash_is_told_and_the_next_operation_starts_afresh(misbehaving, when):
    shim = misbehaving(f"crash_{when}")
    with pytest.raises(ModuleCrashed) as crashed:
        sign(opened(shim))
    assert crashed.value.facts["how"] == "SIGABRT" and crashed.value.stops_batch
    assert shim.host.process_id is None
    if when != "load":
        assert list_tokens(shim.host)


@pytest.mark.parametrize("when", ["load", "login", "sign"])
def test_a_hang_ends_with_its_deadline(misbehaving, when):
    shim = misbehaving(f"hang_{when}")
    if when != "load":
        list_tokens(shim.host)
    key = opened(shim) if when == "sign" else None
    shim.hurry(0.3)
    with pytest.raises(ModuleHung):
        sign(key) if key else opened(shim)
    assert shim.host.process_id is None


def test_a_child_killed_in_the_middle_of_a_call_is_told(misbehaving):
    shim = misbehaving("hang_sign")
    key = opened(shim)
    told: list[BaseException] = []

    def work():
        try:
            sign(key)
        except BaseException as error:
            told.append(error)

    thread = threading.Thread(target=work)
    process = shim.host.process_id
    thread.start()
    os.kill(process, signal.SIGKILL)
    thread.join(30)
    assert isinstance(told[0], ModuleCrashed) and told[0].facts["how"] == "SIGKILL"
    with pytest.raises(LoginLost):
        sign(key)
    key.close()


def test_a_waiting_call_can_be_stopped(misbehaving):
    shim = misbehaving("hang_sign")
    key = opened(shim)
    asked = threading.Event()
    told: list[BaseException] = []
    send = shim.host._child.send

    def tell_when_sent(*arguments):
        send(*arguments)
        asked.set()

    shim.host._child.send = tell_when_sent

    def work():
        try:
            sign(key)
        except BaseException as error:
            told.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert asked.wait(30)
    shim.host.stop()
    thread.join(30)
    assert isinstance(told[0], CancelledError)


def test_a_key_does_not_outlive_its_process(misbehaving):
    shim = misbehaving()
    key = opened(shim)
    assert sign(key)
    shim.host.stop()
    list_tokens(shim.host)
    with pytest.raises(LoginLost) as lost:
        sign(key)
    assert lost.value.facts == {"token": "Lãnh đạo"}
    key.close()
    again = opened(shim)
    assert sign(again)
    again.close()


def test_a_module_that_prints_does_not_garble_the_answers(misbehaving, capfd):
    key = opened(misbehaving("chatty"))
    assert sign(key)
    key.close()
    assert capfd.readouterr() == ("", "")


def test_lengths_answered_with_zero_are_lived_with(misbehaving):
    shim = misbehaving("zero_lengths")
    key = opened(shim)
    assert len(sign(key)) == 256
    key.close()


@pytest.mark.parametrize("modes", ["raw_only", "no_mechanism_list"])
def test_odd_lists_of_mechanisms_are_lived_with(misbehaving, modes):
    key = opened(misbehaving(modes))
    assert sign(key)
    assert key.schemes == ((Scheme.RSA_PKCS1,) if modes == "raw_only" else (Scheme.RSA_PKCS1, Scheme.RSA_PSS))
    key.close()


def test_foreign_and_empty_slots_do_not_hide_the_right_one(misbehaving):
    shim = misbehaving("foreign_slots")
    found = list_tokens(shim.host)
    assert {token.label for token in found if token.initialised} == {"Lãnh đạo", "Văn thư"}
    (unreadable,) = (token for token in found if token.slot == 7001)
    assert unreadable.hindrance == "CKR_DEVICE_ERROR" and unreadable.pin == "unknown"
    assert all(token.slot != 7002 for token in found)
    key = opened(shim)
    assert sign(key)
    key.close()


def test_a_token_that_takes_no_session_is_busy_and_listed(misbehaving):
    shim = misbehaving("no_sessions")
    assert {token.hindrance for token in list_tokens(shim.host) if token.initialised} == {"CKR_SESSION_COUNT"}
    with pytest.raises(TokenBusy):
        open_token_key(shim.module, token="Lãnh đạo", pin=bytearray(PIN), environment=shim.environment)


def test_a_token_pulled_out_while_it_signs_is_said_to_be_removed(misbehaving):
    key = opened(misbehaving("removed_sign"))
    with pytest.raises(TokenRemoved):
        sign(key)
    with pytest.raises(TokenRemoved):
        sign(key)
    key.close()


def test_a_signature_that_does_not_fit_is_thrown_away(equipped, monkeypatch):
    key = open_token_key(equipped.store.module, token="Lãnh đạo", pin=bytearray(PIN),
                         environment=equipped.store.environment)
    monkeypatch.setattr(TokenKey, "_ask", lambda self, way, *more: bytes(256))
    with pytest.raises(SignatureWrong):
        sign(key)
    key.close()


def test_a_module_that_refuses_to_start_is_said_to_with_its_code(equipped, tmp_path):
    host = ModuleHost(equipped.store.module, environment={"SOFTHSM2_CONF": str(tmp_path / "none.conf")})
    with pytest.raises(ModuleLoadFailed) as failed:
        host.ask(ListSlots(), SlotsListed)
    assert failed.value.facts["reason"].startswith("C_Initialize: CKR_")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_pin_is_nowhere_but_in_the_pipe(equipped, tmp_path):
    """While a key is open: not in the child's arguments or environment, nor in the memory of either process."""
    pin = b"24681012"
    store = type(equipped.store).at(tmp_path / "hsm")
    token = store.add_token("Kín", pin=pin, officer_pin=b"13579135")
    issued = equipped.leader
    store.import_key(token, pin=pin, private_key=issued.private_key, certificates=[issued.certificate_der],
                     identifier=b"\x01", name="")
    store.host.stop()
    # the PIN as written above lives in this process; so the search is done from a clean one
    script = (
        "import sys, pathlib\n"
        "from signing.tokens.pkcs11 import open_token_key\n"
        "module, conf = sys.argv[1:]\n"
        "pin = bytearray(8)\n"
        "sys.stdin.buffer.raw.readinto(pin)\n"
        "key = open_token_key(pathlib.Path(module), token='Kín', pin=pin, environment={'SOFTHSM2_CONF': conf})\n"
        "print(key._host.process_id, flush=True)\n"
        "sys.stdin.buffer.raw.read(1)\n"
        "key.close()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(store.module), store.environment["SOFTHSM2_CONF"]],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        process.stdin.write(pin)
        child = int(process.stdout.readline())
        try:
            assert "Max core file size        0                    0" in Path(f"/proc/{child}/limits").read_text()
            assert not _in_memory(process.pid, pin)
            if os.geteuid() == 0:
                assert pin not in Path(f"/proc/{child}/environ").read_bytes()
                assert not _in_memory(child, pin)
            else:      # closed to other processes of the same user
                with pytest.raises(PermissionError):
                    Path(f"/proc/{child}/environ").read_bytes()
            for number in (child, process.pid):
                assert pin not in Path(f"/proc/{number}/cmdline").read_bytes()
        finally:
            process.stdin.write(b"\n")
            process.stdin.close()
            process.wait(30)


def _in_memory(process: int, wanted: bytes) -> bool:
    """Whether writable memory of a process holds these bytes."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, permissions = line.split()[:2]
            if permissions.startswith("rw"):
                begin, end = (int(part, 16) for part in span.split("-"))
                memory.seek(begin)
                try:
                    if wanted in memory.read(end - begin):
                        return True
                except OSError:
                    continue
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_children_end_with_their_parent_even_while_the_module_hangs(misbehaving):
    shim = misbehaving("hang_load")
    script = ("import sys, json, pathlib, threading\n"
              "from signing.tokens.host import host_of\n"
              "host = host_of(pathlib.Path(sys.argv[1]), json.loads(sys.argv[2]))\n"
              "threading.Thread(target=host.load, daemon=True).start()\n"
              "while host.process_id is None: pass\n"
              "print(host.process_id, flush=True)\n"
              "sys.stdin.read()\n")
    import json
    with subprocess.Popen([sys.executable, "-c", script, str(shim.module), json.dumps(dict(shim.environment))],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        child = int(process.stdout.readline())
        descriptor = os.pidfd_open(child)
        process.kill()
    import select
    assert select.select([descriptor], [], [], 30)[0], "the child outlived its parent"
    os.close(descriptor)
