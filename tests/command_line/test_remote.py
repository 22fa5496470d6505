"""`docclient remote` and `docclient sign --remote` against services on loopback; secrets in a safe, nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import typer

from docclient.command_line import remote, sign
from docclient.demonstration.authority import Authority, Issued
from docclient.secrets import Kept, Secrets
from signing.remote.csc import Version
from signing.tokens.pin_memory import refused_pins
from tests.fakes.csc_service import CscKey, CscService
from tests.fakes.safe import MemorySafe
from tests.fakes.vietnamese_services import MySignService, SmartCaService
from tests.signing.drafts import write_draft


@pytest.fixture(scope="module")
def leader() -> Issued:
    return Authority.make("Cơ quan chứng thực thử nghiệm").issue_person("Nguyễn Văn An")


@pytest.fixture
def safe(monkeypatch, tmp_path) -> MemorySafe:
    made = MemorySafe()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    refused_pins._refused.clear()
    return made


@pytest.fixture
def run(monkeypatch, capfd, tmp_path) -> Callable[..., tuple[int, dict, str]]:
    app = typer.Typer()
    app.callback()(lambda: None)
    remote.register(app)
    sign.register(app)

    def run_it(*arguments: str, secret: str | None = None, pin: str | None = None) -> tuple[int, dict, str]:
        more = []
        if secret is not None:
            monkeypatch.setenv("MAT_KHAU", secret)
            more += ["--secret-env", "MAT_KHAU"]
        if pin is not None:
            monkeypatch.setenv("MA_PIN", pin)
            more += ["--pin-env", "MA_PIN"]
        code = app([*arguments, *more, "--json"], standalone_mode=False)
        out, err = capfd.readouterr()
        return int(code or 0), json.loads(out), err

    return run_it


@pytest.fixture
def csc(leader) -> Iterator[CscService]:
    service = CscService({"khoa-1": CscKey(leader, pin="2468")}, Version.V1.value)
    yield service
    service.close()


@pytest.fixture
def smart(leader) -> Iterator[SmartCaService]:
    service = SmartCaService([("SMARTCA", leader)])
    yield service
    service.close()


@pytest.fixture
def mine(leader) -> Iterator[MySignService]:
    service = MySignService(leader)
    yield service
    service.close()


def added(run, name: str, service: object) -> dict:
    if isinstance(service, CscService):
        how, secret = ["--kind", "csc-v1", "--user", service.user], service.password
    elif isinstance(service, SmartCaService):
        how, secret = ["--kind", "smartca", "--client", service.sp_id, "--user", service.user], service.sp_password
    else:
        how = ["--kind", "mysign", "--client", service.client_id, "--profile", service.profile, "--user", service.user]
        secret = service.client_secret
    code, answer, _ = run("remote", "add", name, "--address", service.address, *how, secret=secret)
    assert code == 0, answer
    return answer["account"]


def test_an_account_is_added_listed_tried_and_removed(run, safe, smart, leader, tmp_path):
    account = added(run, "VNPT của tôi", smart)
    assert (account["secret"], "chưa" in account["note"]) == ("safe", True)
    assert list(safe.content.values()) == [smart.sp_password]
    written = "".join(path.read_text() for path in (tmp_path / "config").rglob("*") if path.is_file())
    assert "VNPT của tôi" in written and smart.sp_password not in written
    code, answer, _ = run("remote", "list")
    assert [each["name"] for each in answer["accounts"]] == ["VNPT của tôi"]
    code, answer, _ = run("remote", "test", "vnpt của tôi")
    assert code == 0 and [each["name"] for each in answer["credentials"]] == ["Nguyễn Văn An"]
    assert answer["note"]
    code, answer, _ = run("remote", "remove", "VNPT của tôi")
    assert (code, answer, safe.content) == (0, {"removed": "VNPT của tôi"}, {})
    code, answer, _ = run("remote", "test", "VNPT của tôi")
    assert (code, answer["error"]["code"]) == (2, "account.missing")


@pytest.mark.parametrize("which", ["csc", "smart", "mine"])
def test_documents_are_signed_at_a_service(run, safe, leader, tmp_path, request, which):
    service = request.getfixturevalue(which)
    added(run, "Ký số", service)
    draft = write_draft(tmp_path / "quyet-dinh.pdf")
    code, answer, err = run("sign", str(draft), "--out", str(tmp_path / "out"), "--remote", "Ký số",
                            **({"pin": "2468"} if which == "csc" else {}))
    assert (code, answer["signed"]) == (0, 1), (answer, err)
    assert (tmp_path / "out" / "quyet-dinh.pdf").exists()
    if which != "csc":
        shown = service.phone.shown[0][0]
        assert shown and shown in err
        assert "chưa chạy thử với dịch vụ thật" in err


@pytest.mark.parametrize(("does", "code"), [("no", "remote.refused_by_person"), ("late", "remote.timed_out")])
def test_what_the_person_did_is_told(run, safe, mine, tmp_path, does, code):
    added(run, "Ký số", mine)
    mine.phone.will("wait", does)
    draft = write_draft(tmp_path / "a.pdf")
    exit_code, answer, _ = run("sign", str(draft), "--out", str(tmp_path / "out"), "--remote", "Ký số")
    assert exit_code == 4 and answer["items"][0]["error"]["code"] == code


def test_a_wrong_pin_is_sent_once_however_many_documents_follow(run, safe, csc, tmp_path):
    added(run, "Ký số", csc)
    drafts = [str(write_draft(tmp_path / f"{n}.pdf")) for n in range(3)]
    code, answer, _ = run("sign", *drafts, "--out", str(tmp_path / "out"), "--remote", "Ký số", pin="0000")
    assert code == 4 and answer["items"][0]["error"]["code"] == "remote.pin_rejected"
    assert csc.keys["khoa-1"].wrong_pins == 1


def test_without_a_safe_the_password_is_not_kept_and_is_asked_for(run, safe, csc, tmp_path):
    safe.locked = True
    account = added(run, "Ký số", csc)
    assert (account["secret"], safe.content) == ("nowhere", {})
    draft = write_draft(tmp_path / "a.pdf")
    code, answer, _ = run("sign", str(draft), "--out", str(tmp_path / "out"), "--remote", "Ký số", pin="2468")
    assert (code, answer["error"]["code"]) == (2, "pin.nowhere_to_ask")
    code, answer, _ = run("sign", str(draft), "--out", str(tmp_path / "out"), "--remote", "Ký số", pin="2468",
                          secret=csc.password)
    assert (code, answer["signed"]) == (0, 1), answer


def test_an_account_that_lacks_something_or_would_leak_is_refused(run, safe):
    code, answer, _ = run("remote", "add", "A", "--kind", "mysign", "--client", "c", "--user", "u", secret="x")
    assert (code, answer["error"]["code"]) == (2, "account.incomplete") and "profile_id" in answer["error"]["message"]
    code, answer, _ = run("remote", "add", "A", "--kind", "csc-v2", "--user", "u", "--address", "http://example.vn",
                          secret="x")
    assert (code, answer["error"]["code"], safe.content) == (2, "remote.address_not_secure", {})


def test_secrets_without_a_safe_hold_for_the_session(tmp_path):
    safe = MemorySafe()
    safe.locked = True
    secrets, typed = Secrets(safe), bytearray("mật khẩu".encode())
    assert secrets.put("a", typed) is Kept.SESSION
    assert (bytes(typed).strip(b"\0"), secrets.where("a"), safe.content) == (b"", Kept.SESSION, {})
    assert secrets.get("a") == bytearray("mật khẩu".encode())
    secrets.close()
    assert secrets.get("a") is None


def test_a_keyring_that_only_writes_a_file_counts_as_none(monkeypatch):
    class Plain(MemorySafe):
        priority = 0.5

    monkeypatch.setattr(keyring, "get_keyring", Plain)
    assert not Secrets().has_safe


def test_accounts_are_a_file_of_their_own(tmp_path: Path):
    from docclient.signing_accounts import AccountTaken, Kind, SigningAccount, SigningAccounts

    accounts = SigningAccounts(tmp_path / "a.json")
    one = SigningAccount("Một", Kind.SMARTCA, Kind.SMARTCA.usual_address, "001", "sp")
    accounts.add(one)
    with pytest.raises(AccountTaken):
        accounts.add(one)
    accounts.add(one, replace=True)
    assert SigningAccounts(tmp_path / "a.json").all() == (one,)
    (tmp_path / "a.json").write_text("{}")
    assert accounts.all() == ()
