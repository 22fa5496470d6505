"""`docclient tokens change-pin` and `unblock-pin`, as other programs and people use them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import typer

from docclient.command_line import pin as pin_module
from docclient.command_line import tokens
from docclient.demonstration.authority import Authority
from docclient.tools.softhsm import SoftHsm
from signing.tokens.pin_memory import refused_pins
from signing.tokens.pkcs11 import open_token_key
from signing.tokens.troubles import PinRejected

ERROR = json.loads((Path(__file__).parents[1] / "contracts" / "schemas" / "error.schema.json").read_text())
PIN, NEW, OFFICER_PIN = b"246810", b"975310", b"13579135"


@pytest.fixture(scope="module")
def issued():
    return Authority.make("Cơ quan chứng thực thử nghiệm").issue_person("Chủ tịch xã Tân Hiệp")


@pytest.fixture
def store(tmp_path, issued):
    refused_pins._refused.clear()
    made = SoftHsm.at(tmp_path / "hsm")
    token = made.add_token("Lãnh đạo", pin=PIN, officer_pin=OFFICER_PIN)
    made.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                    identifier=b"\x01", name="")
    made.host.stop()
    yield made
    made.host.stop()


def holds(store: SoftHsm, pin: bytes) -> None:
    open_token_key(store.module, pin=bytearray(pin), environment=store.environment).close()
    store.host.stop()


@pytest.fixture
def docclient(monkeypatch, capfd):
    """Runs the subcommand in this process: (exit code, standard output, standard error)."""
    app = typer.Typer()
    app.callback()(lambda: None)
    tokens.register(app)

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = app(["tokens", *arguments], standalone_mode=False)
        return int(code or 0), *capfd.readouterr()

    return run


@pytest.fixture
def typed(monkeypatch):
    """What a person types, prompt by prompt; gives the prompts that were shown."""
    def type_in(*answers: bytes) -> list[str]:
        shown, left = [], list(answers)

        def answer(prompt: str) -> bytearray:
            shown.append(prompt)
            return bytearray(left.pop(0))

        monkeypatch.setattr(pin_module, "_typed", answer)
        return shown

    return type_in


@pytest.mark.skipif(sys.platform == "win32", reason="passes a descriptor on")
def test_two_lines_of_one_descriptor_change_the_pin(store):
    read, write = os.pipe()
    os.write(write, PIN + b"\n" + NEW + b"\n")
    os.close(write)
    done = subprocess.run(
        [sys.executable, "-m", "docclient", "tokens", "change-pin", "--module", str(store.module), "--pin-fd",
         str(read), "--new-pin-fd", str(read), "--json"],
        pass_fds=[read], capture_output=True, text=True, timeout=120, env={**os.environ, **store.environment})
    os.close(read)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["token"]["label"] == "Lãnh đạo"
    holds(store, NEW)


def test_a_person_types_the_old_pin_once_and_the_new_one_twice(store, docclient, typed):
    shown = typed(PIN, NEW, NEW)
    code, said, _ = docclient("change-pin", "--module", str(store.module), **store.environment)
    assert code == 0 and said.startswith("Đã đổi mã PIN của thiết bị “Lãnh đạo”")
    assert shown == ["Mã PIN hiện tại: ", "Mã PIN mới: ", "Nhập lại mã PIN mới: "]
    holds(store, NEW)


def test_a_slip_of_the_finger_changes_nothing(store, docclient, typed):
    typed(PIN, NEW, b"975311")
    code, output, _ = docclient("change-pin", "--module", str(store.module), "--json", **store.environment)
    assert code == 4
    answer = json.loads(output)
    jsonschema.validate(answer, ERROR)
    assert answer["error"]["code"] == "pin.new_differ"
    holds(store, PIN)


def test_a_wrong_pin_is_told_with_its_exit_code_and_never_shown(store, docclient, typed):
    typed(b"000000", NEW, NEW)
    code, output, errors = docclient("change-pin", "--module", str(store.module), "--token", "Lãnh đạo", "--json",
                                     **store.environment)
    assert code == 4 and json.loads(output)["error"]["code"] == "pin.rejected_few_left"
    for secret in (b"000000", NEW):
        assert secret.decode() not in output + errors


def test_the_officer_unblocks_with_variables_that_are_gone_afterwards(store, docclient):
    code, output, _ = docclient(
        "unblock-pin", "--module", str(store.module), "--officer-pin-env", "OFFICER", "--new-pin-env", "FRESH",
        "--json", OFFICER=OFFICER_PIN.decode(), FRESH=NEW.decode(), **store.environment)
    assert code == 0 and json.loads(output)["token"]["pin"] == "ok"
    assert "OFFICER" not in os.environ and "FRESH" not in os.environ
    holds(store, NEW)
    refused_pins._refused.clear()
    with pytest.raises(PinRejected):
        holds(store, PIN)


def test_a_wrong_officers_pin_has_its_own_words(store, docclient, typed):
    shown = typed(b"00000000", NEW, NEW)
    code, output, _ = docclient("unblock-pin", "--module", str(store.module), "--json", **store.environment)
    assert code == 4 and json.loads(output)["error"]["code"] == "officer_pin.rejected_few_left"
    assert shown[0] == "Mã PIN quản trị (SO PIN): "


def test_options_in_front_of_a_command_are_not_passed_over_in_silence(store, docclient):
    code, output, _ = docclient("--json", "change-pin", "--module", str(store.module))
    assert code == 2 and json.loads(output)["error"]["code"] == "pin.options_before"
