"""`docclient sign` without a named key: the one chosen last, or the only one that can sign; else what there is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import keyring
import pytest
import typer
from cryptography.x509 import load_der_x509_certificate

from docclient.command_line import sign
from docclient.demonstration.authority import Authority, KeyKind, Purpose
from docclient.key_choices import remembered_choices
from docclient.settings import Settings, save_settings
from docclient.tools.softhsm import SoftHsm
from signing.keys import Scheme
from signing.tokens import modules
from signing.tokens.host import close_hosts
from signing.tokens.listing import list_tokens
from signing.tokens.remembered import Purpose as For
from tests.signing.drafts import write_draft

PIN = "246810"
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make("Thử nghiệm", key=KeyKind.P256)


@pytest.fixture
def store(tmp_path, authority, monkeypatch) -> SoftHsm:
    """The only module on the machine, with one token: a certificate that signs and one that does not."""
    made = SoftHsm.at(tmp_path / "store")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(modules.known_modules, "installed", list)
    monkeypatch.setattr(modules, "p11_kit_modules", lambda: iter(()))
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    save_settings(Settings(token_module=str(made.module)))
    add(made, authority, "Lãnh đạo", "Chủ tịch")
    return made


def add(store: SoftHsm, authority: Authority, label: str, *people: str, purpose: Purpose = Purpose.SIGNING) -> None:
    token = store.add_token(label, pin=PIN.encode(), officer_pin=b"13579135")
    for number, person in enumerate(people):
        issued = authority.issue_person(person, key=KeyKind.P256, purpose=purpose)
        store.import_key(token, pin=PIN.encode(), private_key=issued.private_key,
                         certificates=[issued.certificate_der], identifier=bytes([number + 1]), name="")
    store.host.stop()


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    app = typer.Typer()
    app.callback()(lambda: None)
    sign.register(app)
    draft = write_draft(tmp_path / "draft.pdf")

    def run_it(*more: str) -> dict:
        monkeypatch.setenv("MA_PIN", PIN)
        app(["sign", str(draft), "--out", str(tmp_path / "out"), "--pin-env", "MA_PIN", *more, "--json"],
            standalone_mode=False)
        return json.loads(capfd.readouterr().out)

    yield run_it
    close_hosts()


def holder(answer: dict) -> str:
    assert answer["signed"] == 1, answer
    return answer["token"]["label"]


def test_the_only_one_that_can_sign_is_taken(store, run):
    assert holder(run()) == "Lãnh đạo"


def test_of_several_the_one_chosen_last_for_the_purpose_is_taken(store, run, authority):
    add(store, authority, "Văn thư", "Văn thư cơ quan")
    answer = run()
    assert answer["error"]["code"] == "sign.several_keys_found"
    assert "Chủ tịch" in answer["error"]["message"] and "Văn thư cơ quan" in answer["error"]["message"]
    tokens = list_tokens(store.host)
    clerk = next(each for each in tokens if each.label == "Văn thư")
    remembered_choices().keep(For.PERSONAL, clerk, clerk.usable(NOW)[0])
    store.host.stop()
    assert holder(run()) == "Văn thư"


def test_a_name_or_a_fingerprint_is_enough(store, run, authority):
    add(store, authority, "Văn thư", "Văn thư cơ quan")
    assert holder(run("--token", "Văn thư")) == "Văn thư"


def test_nothing_that_can_sign_lists_what_was_found_and_why(store, run, authority, tmp_path, monkeypatch):
    other = SoftHsm.at(tmp_path / "other")
    for name, value in other.environment.items():
        monkeypatch.setenv(name, value)
    add(other, authority, "Mã hóa", "Để mã hóa", purpose=Purpose.ENCRYPTION_ONLY)
    answer = run()
    assert answer["error"]["code"] == "sign.no_key_found"
    assert "Để mã hóa" in answer["error"]["message"] and "không dùng để ký" in answer["error"]["message"]


def test_the_scheme_is_named_or_refused(store, run):
    assert holder(run("--scheme", "ecdsa")) == "Lãnh đạo"
    refused = run("--scheme", "pss")["items"][0]["error"]
    assert refused["code"] == "certificate.scheme_not_offered", refused
    assert Scheme.RSA_PSS.value in refused["message"]


def test_an_invalid_certificate_is_refused_before_anything_is_signed(store, run, authority, tmp_path):
    facts = next(each for each in list_tokens(store.host) if each.label == "Lãnh đạo").usable(NOW)[0].facts
    store.host.stop()
    authority.revoke(load_der_x509_certificate(facts.der))
    trusted = tmp_path / "trusted"
    authority.save(trusted)
    answer = run("--trust", str(trusted), "--crl", str(trusted))
    assert answer["error"]["code"] == "certificate.refused"
    assert "thu hồi" in answer["error"]["message"]
    assert not list(tmp_path.glob("out/*"))


def test_no_safe_is_needed_for_tokens(store, run, monkeypatch):
    monkeypatch.setattr(keyring, "get_keyring", lambda: 1 / 0)
    assert holder(run()) == "Lãnh đạo"


def test_old_settings_become_choices_once(tmp_path):
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"personal_certificate": "a" * 64, "agency_certificate": "", "language": "en"}))
    kept = remembered_choices(tmp_path)
    assert kept.get(For.PERSONAL).fingerprint == "a" * 64 and kept.get(For.AGENCY) is None
    assert json.loads(settings.read_text()) == {"language": "en"}
    kept.forget(For.PERSONAL)
    assert remembered_choices(tmp_path).get(For.PERSONAL) is None
