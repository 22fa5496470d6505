"""With three tries on a token, no path through the command line spends two of them on one typed PIN, and the last only
with consent. Every command that takes a token's PIN is in the list; each run counts as a program of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from docclient.command_line import sign, tokens
from docclient.demonstration.authority import Authority, KeyKind
from docclient.settings import Settings, save_settings
from docclient.tools.softhsm import SoftHsm
from signing.tokens import modules
from signing.tokens.pin_memory import refused_pins
from tests.fakes.token_shim import Shim, compile_shim, shim
from tests.signing.drafts import write_draft

PIN, WRONG, NEW, OFFICER_PIN = "246810", "000000", "864202", "13579135"
ALL = ["sign", "sign-found", "try", "change-pin", "unblock-pin"]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> SoftHsm:
    made = SoftHsm.at(tmp_path_factory.mktemp("hsm"))
    token = made.add_token("Lãnh đạo", pin=PIN.encode(), officer_pin=OFFICER_PIN.encode())
    issued = Authority.make("Thử nghiệm", key=KeyKind.P256).issue_person("Chủ tịch", key=KeyKind.P256)
    made.import_key(token, pin=PIN.encode(), private_key=issued.private_key, certificates=[issued.certificate_der],
                    identifier=b"\x01", name="")
    made.host.stop()
    return made


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return compile_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture(scope="module")
def drafts(tmp_path_factory) -> list[str]:
    folder = tmp_path_factory.mktemp("drafts")
    return [str(write_draft(folder / f"{n}.pdf")) for n in range(2)]


@pytest.fixture
def token(library, store, tmp_path, monkeypatch) -> Shim:
    made = shim(library, store, tmp_path / "state", "locks")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))      # where "sign-found" looks, and nowhere else
    monkeypatch.setattr(modules.known_modules, "installed", list)
    monkeypatch.setattr(modules, "p11_kit_modules", lambda: iter(()))
    save_settings(Settings(token_module=str(made.module)))
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def run(token, drafts, tmp_path, monkeypatch, capfd):
    """Runs a command with this PIN as a program of its own: (exit code, code of the error or None)."""
    app = typer.Typer()
    app.callback()(lambda: None)
    tokens.register(app)
    sign.register(app)

    def run_it(command: str, pin: str, *more: str) -> tuple[int, str | None]:
        refused_pins._refused.clear()
        monkeypatch.setenv("MA_PIN", pin)
        monkeypatch.setenv("MA_MOI", NEW)
        module = ["--module", str(token.module)]
        arguments = {
            "sign": ["sign", *drafts, "--out", str(tmp_path / "out"), *module, "--pin-env", "MA_PIN"],
            "sign-found": ["sign", *drafts, "--out", str(tmp_path / "out"), "--pin-env", "MA_PIN"],
            "try": ["tokens", "try", *module, "--pin-env", "MA_PIN"],
            "change-pin": ["tokens", "change-pin", *module, "--pin-env", "MA_PIN", "--new-pin-env", "MA_MOI"],
            "unblock-pin": ["tokens", "unblock-pin", *module, "--officer-pin-env", "MA_PIN", "--new-pin-env", "MA_MOI"],
        }[command]
        code = app([*arguments, *more, "--json"], standalone_mode=False)
        answer = json.loads(capfd.readouterr().out)
        return int(code or 0), answer["error"]["code"] if "error" in answer else None

    return run_it


def spent(token: Shim, command: str) -> tuple[int, int]:
    """(wrong tries counted, logins tried) for the PIN that this command takes."""
    counts = token.counts
    return (counts.officer_wrong, counts.officer_logins) if command == "unblock-pin" else (counts.wrong, counts.logins)


@pytest.mark.parametrize("command", ALL)
def test_a_wrong_pin_costs_one_try_however_many_documents_follow(run, token, command):
    code, error = run(command, WRONG)
    assert code == 4 and error.endswith("rejected_few_left")
    assert spent(token, command) == (1, 1)
    assert token.counts.signatures == 0


@pytest.mark.parametrize("command", ALL)
def test_the_last_try_is_kept_until_somebody_says_that_it_may_go(run, token, command):
    run(command, WRONG)
    _, error = run(command, WRONG + "1")
    assert error.endswith("rejected_one_left")
    code, error = run(command, WRONG + "2")
    assert (code, error.split(".")[1]) == (4, "last_try")
    assert spent(token, command) == (2, 2)
    code, error = run(command, WRONG + "3", "--last-try")
    assert (code, error.split(".")[1]) == (4, "locked")
    code, error = run(command, WRONG + "4", "--last-try")
    assert (code, error.split(".")[1]) == (4, "locked")
    assert spent(token, command) == (3, 3)


@pytest.mark.parametrize("command", ALL)
def test_an_empty_pin_costs_nothing(run, token, command):
    code, error = run(command, "")
    assert code == 4 and error.endswith(".empty")
    assert spent(token, command) == (0, 0)
