"""`docclient tokens`, as other programs and people see it."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
import typer

from docclient.command_line import tokens
from docclient.demonstration.authority import Authority, Purpose
from docclient.tools.softhsm import SoftHsm
from signing.tokens.host import host_of

SCHEMA = json.loads((Path(__file__).parents[1] / "contracts" / "schemas" / "tokens.schema.json").read_text())
PIN = b"246810"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = SoftHsm.at(tmp_path_factory.mktemp("hsm"))
    authority = Authority.make("Cơ quan chứng thực thử nghiệm")
    token = made.add_token("Lãnh đạo", pin=PIN, officer_pin=b"13579135")
    for identifier, issued in ((b"\x01", authority.issue_person("Chủ tịch xã Tân Hiệp")),
                               (b"\x02", authority.issue_person("Để mã hóa", purpose=Purpose.ENCRYPTION_ONLY))):
        made.import_key(token, pin=PIN, private_key=issued.private_key,
                        certificates=[issued.certificate_der, issued.chain_der[0]], identifier=identifier, name="Khóa")
    made.host.stop()
    return made


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


def checked(output: str) -> list[dict]:
    answer = json.loads(output)
    jsonschema.validate(answer, SCHEMA, format_checker=jsonschema.FormatChecker())
    return answer["modules"]


def test_the_answer_is_what_the_schema_says(store):
    done = subprocess.run([sys.executable, "-m", "docclient", "tokens", "--module", str(store.module), "--json"],
                          capture_output=True, text=True, timeout=120, check=True,
                          env={**os.environ, **store.environment})
    (module,) = checked(done.stdout)
    assert (module["path"], module["source"], module["state"]) == (str(store.module), "given", "ok")
    token = module["tokens"][0]
    assert (token["label"], token["pin"], token["own_pin_entry"]) == ("Lãnh đạo", "ok", False)
    by_id = {one["id"]: one for one in token["certificates"] if one["name"].startswith(("Chủ tịch", "Để mã hóa"))}
    signing, encryption = by_id["01"], by_id["02"]
    assert (signing["usable"], signing["why_not"], signing["label"]) == (True, None, "Khóa")
    assert (encryption["usable"], encryption["why_not"]) == (False, "not_for_signing")
    assert signing["subject"] == "CN=Chủ tịch xã Tân Hiệp, C=VN"
    assert datetime.fromisoformat(signing["not_after"]).utcoffset() is not None


def test_each_named_module_gets_its_own_verdict(store, tmp_path, docclient):
    text = tmp_path / "readme.so"
    text.write_text("no library")
    code, output, errors = docclient("--module", str(tmp_path / "none.so"), "--module", str(text),
                                     "--module", str(store.module), "--json", **store.environment)
    modules = checked(output)
    assert (code, errors) == (0, "")
    assert [module["state"] for module in modules] == ["not_found", "not_pkcs11", "ok"]
    assert all(module["advice"] for module in modules[:2])


def test_without_a_name_the_machines_own_modules_are_tried(store, docclient):
    _, output, _ = docclient("--json", **store.environment)
    assert any(module["state"] == "ok" and module["source"] == "p11-kit" for module in checked(output))


def test_a_person_reads_calm_lines_in_vietnamese_or_english(store, docclient):
    code, said, errors = docclient("--module", str(store.module), **store.environment)
    assert (code, errors) == (0, "")
    assert f"{store.module}: dùng được" in said
    assert "Thiết bị “Lãnh đạo”" in said and "mã PIN: bình thường" in said
    assert "Để mã hóa, mã 02" in said and "không dùng để ký" in said
    assert "CA phục vụ" not in said
    _, said, _ = docclient("--module", str(store.module), DOCCLIENT_LANGUAGE="en", **store.environment)
    assert "Token “Lãnh đạo”" in said and "can sign" in said


def test_no_child_process_is_left_behind(store, docclient):
    docclient("--module", str(store.module), "--json", **store.environment)
    assert host_of(store.module).process_id is None
