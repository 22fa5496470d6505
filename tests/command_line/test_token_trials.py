"""`docclient tokens check` and `docclient tokens try`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from docclient.command_line import tokens
from docclient.demonstration.authority import Authority, KeyKind
from docclient.tools.softhsm import SoftHsm
from signing.tokens.host import host_of
from signing.tokens.pin_memory import refused_pins

PIN = b"246810"


@pytest.fixture(scope="module")
def authority():
    return Authority.make("Cơ quan chứng thực thử nghiệm", key=KeyKind.P256)


@pytest.fixture(scope="module")
def store(tmp_path_factory, authority):
    made = SoftHsm.at(tmp_path_factory.mktemp("hsm"))
    token = made.add_token("Lãnh đạo", pin=PIN, officer_pin=b"13579135")
    ended = authority.issue_person("Hết hạn", key=KeyKind.P256, not_before=datetime.now(UTC) - timedelta(hours=9),
                                   not_after=datetime.now(UTC) - timedelta(hours=1))
    for identifier, issued in ((b"\x01", authority.issue_person("Chủ tịch xã Tân Hiệp", key=KeyKind.P256)),
                               (b"\x02", ended)):
        made.import_key(token, pin=PIN, private_key=issued.private_key,
                        certificates=[issued.certificate_der, issued.chain_der[0]], identifier=identifier, name="Khóa")
    made.host.stop()
    return made


@pytest.fixture
def docclient(monkeypatch, capfd, store):
    refused_pins._refused.clear()
    app = typer.Typer()
    app.callback()(lambda: None)
    tokens.register(app)

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        for name, value in {**store.environment, **environment}.items():
            monkeypatch.setenv(name, value)
        code = app(["tokens", arguments[0], "--module", str(store.module), *arguments[1:]], standalone_mode=False)
        return int(code or 0), *capfd.readouterr()

    return run


@pytest.fixture
def trusted(tmp_path, authority) -> tuple[str, ...]:
    """What makes the authority believed and its lists known."""
    written: dict[str, Path] = {path.name: path for path in authority.save(tmp_path / "trust")}
    return ("--trust", str(written["root.pem"]), "--crl", str(written["issuing.crl"]), "--crl",
            str(written["root.crl"]), "--offline")


def test_a_good_certificate_is_told_from_every_side(docclient, trusted):
    code, said, _ = docclient("check", *trusted)
    assert code == 0
    first, *rest = said.splitlines()
    assert first == "Chủ tịch xã Tân Hiệp: Chứng thư số hợp lệ, dùng để ký được."
    assert len(rest) == 5 and "theo CRL lúc" in rest[4]
    code, output, _ = docclient("check", *trusted, "--json")
    answer = json.loads(output)
    assert (code, answer["verdict"], answer["token"]["label"]) == (0, "valid", "Lãnh đạo")
    assert [one["aspect"] for one in answer["findings"]] == ["dates", "purpose", "key", "chain", "revocation"]


def test_the_answer_no_has_its_exit_code(docclient, trusted):
    code, output, _ = docclient("check", "--cert", "02", *trusted, "--json")
    assert (code, json.loads(output)["verdict"]) == (1, "invalid")
    code, said, _ = docclient("check", "--offline")
    assert code == 1 and "Thiếu chứng thư số của cơ quan cấp “RootCA Cơ quan chứng thực thử nghiệm”" in said


def test_a_trial_tells_speed_and_manner(docclient, store):
    code, output, _ = docclient("try", "--pin-env", "MA_PIN", "--json", MA_PIN=PIN.decode())
    answer = json.loads(output)
    assert (code, answer["asks"], answer["certain"], answer["schemes"]) == (0, "no_more", True, ["ecdsa"])
    assert 0 <= answer["signature_s"] < 1.5
    code, said, _ = docclient("try", "--pin-env", "MA_PIN", MA_PIN=PIN.decode())
    assert code == 0 and said.splitlines()[2] == "Nhập mã PIN một lần cho cả loạt văn bản."
    assert host_of(store.module).process_id is None


def test_a_trial_with_a_wrong_pin_is_a_wrong_pin(docclient):
    code, output, _ = docclient("try", "--pin-env", "MA_PIN", "--json", MA_PIN="000000")
    assert code == 4 and json.loads(output)["error"]["code"].startswith("pin.rejected")
