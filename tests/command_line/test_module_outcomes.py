"""Everything that can become of a token's library, with a real file for each: `docclient tokens` and `docclient doctor`
both say what was tried, what happened and what to do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import typer

from docclient.command_line import doctor, tokens
from docclient.settings import Settings, save_settings
from docclient.tools import health
from docclient.tools.softhsm import SoftHsm
from docclient.words import Language, phrase
from signing.tokens import modules
from signing.tokens.host import close_hosts
from tests.fakes.token_shim import Shim, compile_shim, shim
from tests.signing.tokens.test_modules import elf

SCHEMAS = Path(__file__).parents[1] / "contracts" / "schemas"
PIN = b"246810"


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return compile_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """No settings but this test's, and no modules of the machine."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(modules.known_modules, "installed", list)
    monkeypatch.setattr(modules, "p11_kit_modules", lambda: iter(()))
    return tmp_path


def wrong_architecture(place: Path, _library: Path, _set: Callable[[Shim], Path]) -> Path:
    path = place / "driver.so"
    path.write_bytes(elf(3, wide=False))
    return path


def missing_library(place: Path, _library: Path, _set: Callable[[Shim], Path]) -> Path:
    """Compiled against a companion that is taken away afterwards."""
    (place / "companion.c").write_text("int companion(void) { return 1; }")
    (place / "driver.c").write_text("int companion(void); int C_GetFunctionList(void) { return companion(); }")
    for arguments in (["-o", "libcompanion-of-driver.so", "companion.c"],
                      ["-o", "driver.so", "driver.c", "-L.", "-lcompanion-of-driver"]):
        subprocess.run(["gcc", "-shared", "-fPIC", *arguments], cwd=place, check=True)
    (place / "libcompanion-of-driver.so").unlink()
    return place / "driver.so"


def not_pkcs11(place: Path, _library: Path, _set: Callable[[Shim], Path]) -> Path:
    path = place / "driver.so"
    path.write_bytes(elf(62, entry=b"other"))
    return path


def not_found(place: Path, _library: Path, _set: Callable[[Shim], Path]) -> Path:
    return place / "none.so"


def behind_shim(*modes: str, tokens_there: bool = True, prepare: Callable[[Shim], None] | None = None):
    def make(place: Path, library: Path, use: Callable[[Shim], Path]) -> Path:
        store = SoftHsm.at(place / "store")
        if tokens_there:
            store.add_token("Lãnh đạo", pin=PIN, officer_pin=b"13579135")
            store.host.stop()
        made = shim(library, store, place / "state", *modes)
        if prepare is not None:
            prepare(made)
        return use(made)

    return make


def locked(made: Shim) -> None:
    """The token has counted three wrong PINs already."""
    made.set_counts(wrong=3, logins=3)


OUTCOMES = {
    "wrong architecture": (wrong_architecture, "wrong_architecture", "wrong_architecture"),
    "missing library": (missing_library, "load_failed", "missing_library"),
    "not PKCS#11": (not_pkcs11, "not_pkcs11", "not_pkcs11"),
    "hung": (behind_shim("hang_load"), "hung", "hung"),
    "crashed": (behind_shim("crash_load"), "crashed", "crashed"),
    "no token": (behind_shim(prepare=lambda made: made.unplug()), "ok", "no_token"),
    "not initialised": (behind_shim(tokens_there=False), "ok", "token_not_initialised"),
    "PIN locked": (behind_shim("locks", prepare=locked), "ok", "pin_locked"),
    "no such file": (not_found, "not_found", "not_found"),
}


@pytest.fixture(params=list(OUTCOMES))
def outcome(request, place, library, monkeypatch):
    """(the module, its state, its advice)"""
    make, state, advice = OUTCOMES[request.param]

    def use(made: Shim) -> Path:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        modules.host_of(made.module).deadlines = type(made.host.deadlines)(*[8.0] * 6) \
            if state != "hung" else type(made.host.deadlines)(*[1.5] * 6)
        return made.module

    yield make(place, library, use), state, advice
    close_hosts()


@pytest.fixture
def answer(capfd):
    """Runs a subcommand in this process and gives its JSON, held against its schema."""
    app = typer.Typer()
    app.callback()(lambda: None)
    tokens.register(app)
    doctor.register(app)

    def run(name: str, *arguments: str) -> dict:
        app([name, *arguments, "--json"], standalone_mode=False)
        document = json.loads(capfd.readouterr().out)
        jsonschema.validate(document, json.loads((SCHEMAS / f"{name}.schema.json").read_text()),
                            format_checker=jsonschema.FormatChecker())
        return document

    return run


def test_tokens_says_what_was_tried_what_happened_and_what_to_do(outcome, answer):
    path, state, advice = outcome
    (module,) = answer("tokens", "--module", str(path))["modules"]
    assert (module["path"], module["state"], module["advice_code"]) == (str(path), state, advice)
    assert module["advice"] == phrase(f"module_advice.{advice}")
    assert module["tried"] == phrase(f"module_tried.{state}")
    if advice in {"wrong_architecture", "missing_library", "hung", "crashed"}:
        assert module["detail"]
    if advice == "missing_library":
        assert "libcompanion-of-driver.so" in module["detail"]
    if advice == "pin_locked":
        assert [(each["pin"], each["advice_code"]) for each in module["tokens"] if each["initialised"]] == [
            ("locked", "pin_locked")]


def test_doctor_says_the_same_of_the_library_in_the_settings(outcome, answer, monkeypatch):
    path, state, advice = outcome
    save_settings(Settings(token_module=str(path)))
    monkeypatch.setattr("docclient.command_line.doctor.check_all",
                        lambda language: [*health._keyring(language), *health._modules(language)])
    (check,) = [each for each in answer("doctor")["checks"] if each["name"] == "pkcs11"]
    assert check["advice"] == phrase(f"module_advice.{advice}")
    assert check["state"] == ("warning" if state == "ok" else "failed")
    for part in (str(path), phrase(f"module_state.{state}"), phrase(f"module_tried.{state}")):
        assert part in check["detail"]


def test_every_state_and_every_advice_has_words():
    for language in Language:
        for state in modules.State:
            assert phrase(f"module_state.{state.value}", language) and phrase(f"module_tried.{state.value}", language)
        for _, _, advice in OUTCOMES.values():
            assert phrase(f"module_advice.{advice}", language)
