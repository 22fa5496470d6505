"""`docclient sign --keep` and `--go-on`: a run that is killed, a token that is pulled out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from typer.testing import CliRunner

from docclient.command_line import sign
from docclient.words import phrase
from signing.batch import key_life
from signing.report import Conclusion
from signing.verify import verify_file
from tests.command_line.test_sign_and_verify import SCHEMAS
from tests.fakes.token_shim import compile_shim
from tests.signing import odd_files
from tests.signing.batch_token import PIN, LeadersToken, make_token
from tests.signing.drafts import write_draft

COUNT = 5


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadersToken]:
    folder = tmp_path_factory.mktemp("token")
    made = make_token(folder, compile_shim(folder), SHIM_SIGN_MS="400")
    yield made
    made.shim.host.stop()


@pytest.fixture
def letters(tmp_path: Path) -> list[Path]:
    first = write_draft(tmp_path / "0.pdf")
    return [first, *(Path(tmp_path / f"{n}.pdf") for n in range(1, COUNT) if (tmp_path / f"{n}.pdf").write_bytes(
        first.read_bytes()))]


def begin(token: LeadersToken, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "docclient", "sign", *map(str, arguments), "--module", str(token.shim.module),
         "--pin-env", "TEST_PIN", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **token.shim.environment, "TEST_PIN": PIN.decode()})


def ended(program: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    out, errors = program.communicate(timeout=120)
    assert out, errors
    return program.returncode, json.loads(out)


def check(found: dict[str, Any]) -> None:
    jsonschema.validate(found, json.loads((SCHEMAS / "sign.schema.json").read_text("utf-8")))


def test_killed_and_gone_on_with(token: LeadersToken, letters: list[Path], tmp_path: Path) -> None:
    out, batch = tmp_path / "out", tmp_path / "batch"
    token.shim.plug()
    before = token.shim.counts.signatures
    program = begin(token, *letters, "--out", out, "--role", "personal", "--keep", batch)
    over = time.monotonic() + 90
    while token.shim.counts.signatures < before + 2 and time.monotonic() < over:
        assert program.poll() is None, program.communicate()
        time.sleep(0.02)     # what is waited for is counted above
    program.kill()
    program.communicate()
    assert not any(PIN in path.read_bytes() for path in batch.iterdir() if path.name != "reserve")

    code, found = ended(begin(token, "--go-on", batch))
    check(found)
    assert (code, found["signed"], found["kept"]) == (0, COUNT, None)
    assert [Path(item["output"]).name for item in found["items"]] == [letter.name for letter in letters]
    assert not batch.exists()
    # the one that was at the token in the moment of the kill may be in no file; none of the others is made twice
    assert before + COUNT <= token.shim.counts.signatures <= before + COUNT + 1
    for letter in letters:
        report = verify_file(out / letter.name, token.request.trust)
        assert report.conclusion is Conclusion.VALID and len(report.signatures) == 1


def test_pulled_out_and_gone_on_with(token: LeadersToken, letters: list[Path], tmp_path: Path) -> None:
    token.shim.plug()
    before = token.shim.counts.signatures
    token.shim.unplug_after(before + 2)
    code, found = ended(begin(token, *letters, "--out", tmp_path / "out", "--keep", tmp_path / "batch"))
    check(found)
    assert (code, found["signed"], found["kept"]) == (4, 2, str(tmp_path / "batch"))
    assert {item["error"]["code"] for item in found["items"][2:]} == {"token.removed"}
    assert found["certificate_check"]["verdict"] == "undetermined"

    token.shim.plug()
    code, found = ended(begin(token, "--go-on", tmp_path / "batch"))
    assert (code, found["signed"]) == (0, COUNT)
    assert token.shim.counts.signatures == before + COUNT


def test_a_repaired_copy_is_told_under_the_name_that_was_given(token: LeadersToken, letters: list[Path],
                                                               tmp_path: Path) -> None:
    token.shim.plug()
    odd = [odd_files.locked(letter, tmp_path / f"khóa-{letter.name}") for letter in letters[:2]]
    files = [str(each) for each in (*odd, letters[2])]
    token.shim.unplug_after(token.shim.counts.signatures + 1)
    code, found = ended(begin(token, *files, "--out", tmp_path / "out", "--repair", "--keep", tmp_path / "batch"))
    assert (code, found["signed"]) == (4, 1) and [item["input"] for item in found["items"]] == files
    assert (tmp_path / "batch-repaired").exists()

    token.shim.plug()
    code, found = ended(begin(token, "--go-on", tmp_path / "batch"))
    check(found)
    assert (code, found["signed"]) == (0, 3) and [item["input"] for item in found["items"]] == files
    assert [item["warnings"] for item in found["items"]] == [["repaired_restrictions"]] * 2 + [[]]
    assert not (tmp_path / "batch").exists() and not (tmp_path / "batch-repaired").exists()


def test_a_wrong_pin_leaves_no_batch_behind(token: LeadersToken, letters: list[Path], tmp_path: Path) -> None:
    token.shim.plug()
    program = subprocess.Popen(
        [sys.executable, "-m", "docclient", "sign", str(letters[0]), "--out", str(tmp_path / "out"), "--keep",
         str(tmp_path / "batch"), "--module", str(token.shim.module), "--pin-env", "TEST_PIN", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **token.shim.environment, "TEST_PIN": "999999"})
    code, found = ended(program)

    assert code == 4 and found["error"]["code"].startswith("pin.") and not (tmp_path / "batch").exists()


def test_files_or_a_batch_but_not_both(token: LeadersToken, letters: list[Path], tmp_path: Path) -> None:
    for arguments in ([], [letters[0]], [letters[0], "--out", tmp_path, "--go-on", tmp_path]):
        code, found = ended(begin(token, *arguments))
        assert code == 2 and found["error"]["code"] == "sign.nothing_to_sign"


def test_a_token_that_asks_each_time_is_told_before_the_batch(letters: list[Path], tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    """Lesson 7: two trial signatures find out a token that opens its own box; then the document."""
    monkeypatch.setattr(sign, "WORTH_A_TRIAL", 1)
    monkeypatch.setattr(key_life, "_known", {})
    (tmp_path / "token").mkdir()
    own = make_token(tmp_path / "token", compile_shim(tmp_path / "token"), SHIM_MODES="ignores_pin_each",
                     SHIM_OWN_PIN=PIN.decode(), SHIM_BOX_MS="1600")
    for name, value in {**own.shim.environment, "TEST_PIN": PIN.decode()}.items():
        monkeypatch.setenv(name, value)
    app = typer.Typer()
    app.callback()(lambda: None)
    sign.register(app)
    found = CliRunner().invoke(app, ["sign", str(letters[0]), "--out", str(tmp_path / "out"), "--module",
                                     str(own.shim.module), "--pin-env", "TEST_PIN", "--json"])
    document = json.loads(found.stdout)
    check(document)

    assert (found.exit_code, document["signed"], document["pin_manner"]) == (0, 1, "each_time")
    assert phrase("pin_manner.each_time_perhaps") in " ".join(found.stderr.split())
    assert own.shim.counts.boxes == 3
