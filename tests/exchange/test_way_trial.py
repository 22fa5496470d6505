"""A trial of a way whose server takes the call and never answers is left at once."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from docclient.carriers import setup_of
from docclient.desk.way_trial import left_when_stopped
from docclient.desk.ways_care import WaysCare
from docclient.secrets import Secrets
from docclient.store.place import place
from tests.fakes.safe import MemorySafe
from tests.offices import OfficeToTest


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


@pytest.mark.parametrize("kind", ["axis", "mail"])
def test_it_does_not_hold_up_the_end_of_the_program(
        sqlite_office: OfficeToTest, silent_server: socket.socket, tmp_path: Path, kind: str) -> None:
    port = silent_server.getsockname()[1]
    setup = setup_of({"kind": "axis", "name": "Trục", "address": f"http://127.0.0.1:{port}", "system": "a",
                      "sender": "a"} if kind == "axis" else
                     {"kind": "mail", "name": "Thư", "address": "a@b.example", "user": "a",
                      "incoming_host": "127.0.0.1",
                      "incoming_port": port, "outgoing_host": "127.0.0.1", "outgoing_port": port})
    care = WaysCare.of(place(str(tmp_path / "ways")), Secrets(MemorySafe()))
    typed = {name: bytearray(b"typed") for name in setup.secrets}
    stop, ended = threading.Event(), []

    def enter() -> None:
        with pytest.raises(CancelledError):
            care.try_way(sqlite_office.door("clerk"), setup, typed, stop)
        ended.append(True)

    trying = threading.Thread(target=enter)
    trying.start()
    line, _ = silent_server.accept()             # it has called, and will not be answered while we look
    with line:
        stop.set()
        trying.join(timeout=10)                  # its calls would wait for half a minute and longer
        assert ended == [True]
    assert all(not any(each) for each in typed.values())


@pytest.mark.parametrize("error", [TimeoutError(), ValueError("x"), CancelledError()])
def test_what_the_call_raises_is_raised(error: BaseException) -> None:
    def call() -> None:
        raise error

    with pytest.raises(type(error)):
        left_when_stopped(call, threading.Event())


def test_what_has_ended_is_given_though_it_was_stopped() -> None:
    stop = threading.Event()

    def call() -> str:
        return "đã vào"

    assert left_when_stopped(call, stop) == "đã vào"
