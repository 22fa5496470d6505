"""Keys of a test authority, and a screen that remembers what it was shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from docclient.demonstration.authority import Authority, Issued, KeyKind
from signing.remote.key import Waiting
from signing.remote.secret import SecretWanted
from signing.tokens.pin_memory import refused_pins


@dataclass
class Screen:
    """What a person sees: every state of the waiting, and what was asked for. gives: what is typed, in turn."""

    seen: list[Waiting] = field(default_factory=list)
    asked: list[SecretWanted] = field(default_factory=list)
    gives: list[bytes] = field(default_factory=list)
    typed: list[bytearray] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)

    def told(self, waiting: Waiting) -> None:
        self.seen.append(waiting)
        self.waiting.set()

    def ask(self, wanted: SecretWanted) -> bytearray:
        self.asked.append(wanted)
        self.typed.append(bytearray(self.gives.pop(0)))
        return self.typed[-1]

    @property
    def stages(self) -> list[str]:
        return [one.stage.value for one in self.seen]


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.make("Ban Cơ yếu thử nghiệm")


@pytest.fixture(scope="session")
def leader(authority: Authority) -> Issued:
    return authority.issue_person("Nguyễn Thị Phương Thảo", organisation="Ủy ban nhân dân xã Tân Hiệp")


@pytest.fixture(scope="session")
def seal(authority: Authority) -> Issued:
    return authority.issue_agency("Ủy ban nhân dân xã Tân Hiệp")


@pytest.fixture(scope="session")
def curved(authority: Authority) -> Issued:
    return authority.issue_person("Đường cong", key=KeyKind.P256)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture(autouse=True)
def nothing_refused_before() -> Iterator[None]:
    refused_pins._refused.clear()
    yield
    refused_pins._refused.clear()


@pytest.fixture(autouse=True)
def no_line_left_open() -> Iterator[None]:
    """A line's thread ends with its key."""
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("line to")]
    assert left == []
