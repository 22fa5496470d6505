"""A private SoftHSM store with a leader's and a clerk's token, shared by the tests that only read and sign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from docclient.demonstration.authority import Authority, Issued
from docclient.tools.softhsm import SoftHsm
from signing.keys import TokenIdentity
from signing.tokens.host import close_hosts
from signing.tokens.pin_memory import refused_pins
from tests.fakes.token_shim import Shim, compile_shim, shim

PIN = b"246810"
OFFICER_PIN = b"13579135"


@dataclass(frozen=True)
class Equipped:
    store: SoftHsm
    authority: Authority
    leader: Issued
    clerk: Issued
    leader_token: TokenIdentity
    clerk_token: TokenIdentity


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.make("Cơ quan chứng thực thử nghiệm")


@pytest.fixture(scope="session")
def someone(authority) -> Issued:
    """A person's key, made once: making one takes longer than most tests."""
    return authority.issue_person("Người ký")


@pytest.fixture(scope="module")
def equipped(tmp_path_factory, authority) -> Iterator[Equipped]:
    store = SoftHsm.at(tmp_path_factory.mktemp("hsm"))
    leader = authority.issue_person("Chủ tịch xã Tân Hiệp", email="chutich@tanhiep.gov.vn")
    clerk = authority.issue_agency("Ủy ban nhân dân xã Tân Hiệp")
    tokens = []
    for label, issued, name in (("Lãnh đạo", leader, "Chữ ký lãnh đạo"), ("Văn thư", clerk, "Con dấu")):
        token = store.add_token(label, pin=PIN, officer_pin=OFFICER_PIN)
        store.import_key(token, pin=PIN, private_key=issued.private_key,
                         certificates=[issued.certificate_der, *issued.chain_der], identifier=b"\x01", name=name)
        tokens.append(token)
    yield Equipped(store, authority, leader, clerk, *tokens)
    close_hosts()


@pytest.fixture
def store(tmp_path) -> Iterator[SoftHsm]:
    """An empty store, for tests that break things."""
    made = SoftHsm.at(tmp_path / "hsm")
    yield made
    made.host.stop()


@pytest.fixture
def logins(monkeypatch) -> list[str]:
    """Every login that was really asked of a child, by the type of the ask."""
    from signing.tokens.host import ModuleHost
    from signing.tokens.messages import LogIn

    seen: list[str] = []
    original = ModuleHost.ask

    def ask(self, ask, *arguments, **keywords):
        if isinstance(ask, LogIn):
            seen.append(type(ask).__name__)
        return original(self, ask, *arguments, **keywords)

    monkeypatch.setattr(ModuleHost, "ask", ask)
    return seen


@pytest.fixture(scope="session")
def shim_library(tmp_path_factory) -> Path:
    return compile_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(autouse=True)
def no_memory_of_other_tests() -> None:
    """PINs that tokens refused in other tests count for nothing here."""
    refused_pins._refused.clear()


@pytest.fixture
def own_token(shim_library, store, someone, tmp_path) -> Iterator[Callable[..., Shim]]:
    """`own_token("locks")`: a token of the test's own, “Của tôi”, behind a module with these faults."""
    token = store.add_token("Của tôi", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(token, pin=PIN, private_key=someone.private_key, certificates=[someone.certificate_der],
                     identifier=b"\x01", name="")
    store.host.stop()
    made: list[Shim] = []

    def make(*modes: str, **more: str) -> Shim:
        made.append(shim(shim_library, store, tmp_path / f"own-{len(made)}", *modes, **more))
        return made[-1]

    yield make
    for one in made:
        one.host.stop()


@pytest.fixture
def misbehaving(shim_library, equipped, tmp_path) -> Iterator[Callable[..., Shim]]:
    """`misbehaving("locks", "chatty")`: the equipped store behind a module with these faults, its counters at zero."""
    made: list[Shim] = []

    def make(*modes: str, **more: str) -> Shim:
        made.append(shim(shim_library, equipped.store, tmp_path / f"state-{len(made)}", *modes, **more))
        return made[-1]

    yield make
    for one in made:
        one.host.stop()
