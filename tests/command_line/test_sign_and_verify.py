"""`docclient sign` and `docclient verify`: what a person or another program gets to see."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from typer.testing import CliRunner, Result

from docclient.command_line import sign, verify
from docclient.demonstration.authority import Authority
from docclient.tools.softhsm import SoftHsm
from signing.tokens.host import close_hosts
from tests.signing.drafts import write_draft

SCHEMAS = Path(__file__).parents[1] / "contracts" / "schemas"
PASSWORD = "mật khẩu 1"

app = typer.Typer()
sign.register(app)
verify.register(app)


class Desk:
    """A folder with an authority's files and two key files, and the command line over it."""

    def __init__(self, folder: Path) -> None:
        authority = Authority.make("Ban Cơ yếu thử nghiệm")
        self.authority = authority
        authority.save(folder / "trust")
        self.trust = ["--trust", str(folder / "trust"), "--crl", str(folder / "trust")]
        self.leader = authority.issue_person("Nguyễn Thị Phương Thảo").save_pkcs12(folder / "l.p12", PASSWORD.encode())
        self.agency = authority.issue_agency("UBND xã Tân Hiệp").save_pkcs12(folder / "a.p12", PASSWORD.encode())

    def run(self, *arguments: object) -> Result:
        os.environ["TEST_PIN"] = PASSWORD
        try:
            return CliRunner().invoke(app, [str(one) for one in arguments])
        finally:
            os.environ.pop("TEST_PIN", None)

    def sign(self, key: Path, *arguments: object) -> tuple[int, dict[str, Any]]:
        found = self.run("sign", *arguments, "--p12", key, "--pin-env", "TEST_PIN", "--json")
        document = json.loads(found.stdout)
        check(document, "sign" if "items" in document else "error")
        return found.exit_code, document

    def verify(self, *arguments: object) -> tuple[int, dict[str, Any]]:
        found = self.run("verify", *arguments, "--offline", "--json")
        document = json.loads(found.stdout)
        check(document, "verify")
        return found.exit_code, document


def check(document: dict[str, Any], schema: str) -> None:
    if schema != "error":
        jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8")),
                            format_checker=jsonschema.FormatChecker())
    else:
        assert {"code", "message"} <= document["error"].keys()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write_draft(tmp_path / "công văn.pdf")


def test_leader_then_agency_then_verified(desk: Desk, draft: Path, tmp_path: Path) -> None:
    code, first = desk.sign(desk.leader, draft, "--out", tmp_path / "1", "--role", "personal", *desk.trust)
    assert (code, first["signed"], first["failed"], first["token"]) == (0, 1, 0, None)
    (item,) = first["items"]
    assert item["state"] == "signed" and item["field"] == "LeaderSignature" and item["page"] == 1
    assert item["output"] == str(tmp_path / "1" / draft.name)
    assert "Nguyễn Thị Phương Thảo" in item["certificate"]["subject"]

    code, second = desk.sign(desk.agency, item["output"], "--out", tmp_path / "2", "--role", "agency", *desk.trust)
    assert (code, second["items"][0]["field"]) == (0, "AgencySeal")

    code, found = desk.verify(second["items"][0]["output"], *desk.trust)
    assert code == 0
    (file,) = found["files"]
    assert file["conclusion"] == "valid" and file["sha256"] == second["items"][0]["sha256"]
    assert [s["kind"] for s in file["signatures"]] == ["certification", "approval"]
    assert [c["kind"] for c in file["signatures"][0]["changes_after"]] == ["signature_added"]


def test_a_given_box_is_used(desk: Desk, draft: Path, tmp_path: Path) -> None:
    code, found = desk.sign(desk.leader, draft, "--out", tmp_path / "o", "--page", 1, "--box", "60,60,210.5,120",
                            "--field", "Ký nháy")

    assert code == 0
    assert (found["items"][0]["field"], found["items"][0]["box_pt"]) == ("Ký nháy", [60, 60, 210.5, 120])


def test_a_batch_reports_each_and_ends_with_the_worst(desk: Desk, draft: Path, tmp_path: Path) -> None:
    words, twin = tmp_path / "words.pdf", tmp_path / "other" / draft.name
    words.write_text("Kính gửi")
    twin.parent.mkdir()
    write_draft(twin)
    code, found = desk.sign(desk.agency, draft, words, tmp_path / "none.pdf", twin, "--out", tmp_path / "o",
                            "--role", "agency")

    assert code == 6, "not allowed outweighs bad input"
    assert [item["error"]["code"] for item in found["items"]] == [
        "sign.no_personal_signature", "pdf.not_pdf", "file.not_readable", "sign.name_taken"]
    assert (found["signed"], found["failed"]) == (0, 4)
    assert all(item["error"]["advice"] for item in found["items"])


def test_a_wrong_password_is_a_matter_of_the_key(desk: Desk, draft: Path, tmp_path: Path) -> None:
    os.environ["WRONG"] = "khác"
    found = CliRunner().invoke(app, ["sign", str(draft), "--out", str(tmp_path / "o"), "--p12", str(desk.leader),
                                     "--pin-env", "WRONG", "--json"])
    document = json.loads(found.stdout)

    assert found.exit_code == 4 and document["error"]["code"] == "key_file.password_rejected"
    assert "khác" not in found.stdout + found.stderr and not (tmp_path / "o").exists()


@pytest.mark.parametrize(("arguments", "code"), [
    (["--p12", "a", "--remote", "b"], "sign.key_not_named"), (["--p12", "a", "--module", "b"], "sign.key_not_named"),
    (["--p12", "a", "--box", "1,2,3"], "sign.box_wrong"), (["--p12", "a", "--page", "1"], "sign.box_wrong"),
    (["--p12", "a", "--box", "5,5,1,9"], "sign.box_wrong"), (["--p12", "a", "--level", "b-t"], "sign.stamps_missing"),
    (["--p12", "a", "--tsa", "tsa.ca.gov.vn"], "timestamp.address_wrong")])
def test_wrong_use_is_said_before_a_password_is_asked_for(desk: Desk, draft: Path, tmp_path: Path,
                                                          arguments: list[str], code: str) -> None:
    found = desk.run("sign", draft, "--out", tmp_path / "o", *arguments, "--json")

    assert found.exit_code == 2
    assert json.loads(found.stdout)["error"]["code"] == code


def test_verify_ends_with_the_worst_and_says_why(desk: Desk, draft: Path, tmp_path: Path) -> None:
    _, first = desk.sign(desk.leader, draft, "--out", tmp_path / "1", "--role", "personal")
    signed = Path(first["items"][0]["output"])
    broken = tmp_path / "broken.pdf"
    data = bytearray(signed.read_bytes())
    data[data.index(b"stream") + 40] ^= 1
    broken.write_bytes(data)

    assert desk.verify(signed, *desk.trust)[0] == 0
    code, found = desk.verify(signed, *desk.trust[:2])
    assert code == 1 and found["files"][0]["reason"] == "TRY_LATER"
    code, found = desk.verify(signed, broken, draft, *desk.trust)
    assert code == 1
    assert [file["conclusion"] for file in found["files"]] == ["valid", "invalid", "unsigned"]
    assert found["files"][1]["reason"] == "HASH_FAILURE" and "thay đổi" in found["files"][1]["message"]
    code, found = desk.verify(broken, tmp_path / "none.pdf")
    assert code == 3 and found["files"][1]["conclusion"] == "unreadable"


def test_verify_for_another_moment(desk: Desk, draft: Path, tmp_path: Path) -> None:
    _, first = desk.sign(desk.leader, draft, "--out", tmp_path / "1", "--role", "personal")
    signed = first["items"][0]["output"]

    code, found = desk.verify(signed, *desk.trust, "--at", "2039-03-05T14:30:00+07:00")
    assert (code, found["files"][0]["reason"]) == (1, "OUT_OF_BOUNDS_NO_POE")
    assert found["files"][0]["checked_at"].startswith("2039-03-05T14:30:00")
    wrong = desk.run("verify", signed, "--at", "hôm qua", "--json")
    assert wrong.exit_code == 2 and json.loads(wrong.stdout)["error"]["code"] == "use.time"


@pytest.mark.parametrize(("language", "expected"), [
    ("vi", ["Hợp lệ", "Nguyễn Thị Phương Thảo", "Tổ chức gốc tin cậy"]),
    ("en", ["Valid", "Nguyễn Thị Phương Thảo", "Trusted root"])])
def test_a_person_reads_sentences(desk: Desk, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                  language: str, expected: list[str]) -> None:
    monkeypatch.setenv("DOCCLIENT_LANGUAGE", language)
    signed = desk.run("sign", draft, "--out", tmp_path / "1", "--role", "personal", "--p12", desk.leader,
                      "--pin-env", "TEST_PIN")
    assert signed.exit_code == 0 and str(tmp_path / "1" / draft.name) in signed.stdout
    found = desk.run("verify", tmp_path / "1" / draft.name, "--offline", *desk.trust)

    assert found.exit_code == 0
    assert all(words in found.stdout for words in expected)


def test_every_reason_remark_change_and_verdict_has_words_in_both_languages() -> None:
    from docclient.words import Language, has_words
    from signing.batch import State
    from signing.report import ChangeKind, Conclusion, Reason, Remark, SignatureKind

    codes = [*(f"reason.{one}" for one in Reason), *(f"remark.{one}" for one in Remark),
             *(f"change.{one}" for one in ChangeKind), *(f"verdict.{one}" for one in Conclusion),
             *(f"signature_kind.{one}" for one in SignatureKind), *(f"batch_state.{one}" for one in State)]
    missing = [(language.value, code) for language in Language for code in codes if not has_words(code, language)]
    assert not missing


@pytest.fixture
def token(desk: Desk, tmp_path: Path) -> Iterator[SoftHsm]:
    """A real PKCS#11 token with the leader's key."""
    store = SoftHsm.at(tmp_path / "hsm")
    issued = desk.authority.issue_person("Trần Văn Đức")
    made = store.add_token("Lãnh đạo", pin=b"246810", officer_pin=b"13579135")
    store.import_key(made, pin=b"246810", private_key=issued.private_key, identifier=b"\x01", name="Chữ ký",
                     certificates=[issued.certificate_der])
    store.host.stop()
    yield store
    close_hosts()


def test_signing_with_a_token(desk: Desk, draft: Path, tmp_path: Path, token: SoftHsm,
                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    monkeypatch.setenv("TOKEN_PIN", "246810")
    found = CliRunner().invoke(app, [
        "sign", str(draft), "--out", str(tmp_path / "o"), "--module", str(token.module), "--token", "Lãnh đạo",
        "--role", "personal", "--pin-env", "TOKEN_PIN", "--json", *desk.trust])
    document = json.loads(found.stdout)
    check(document, "sign")

    assert found.exit_code == 0
    assert document["token"]["label"] == "Lãnh đạo" and document["token"]["serial"]
    code, report = desk.verify(document["items"][0]["output"], *desk.trust)
    assert code == 0 and report["files"][0]["signatures"][0]["signer"] == "Trần Văn Đức"


def test_a_wrong_pin_is_sent_once_and_ends_with_four(draft: Path, tmp_path: Path, token: SoftHsm,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", token.environment["SOFTHSM2_CONF"])
    monkeypatch.setenv("TOKEN_PIN", "111111")
    found = CliRunner().invoke(app, [
        "sign", str(draft), str(write_draft(tmp_path / "hai.pdf")), "--out", str(tmp_path / "o"), "--module",
        str(token.module), "--token", "Lãnh đạo", "--pin-env", "TOKEN_PIN", "--json"])

    assert found.exit_code == 4 and json.loads(found.stdout)["error"]["code"].startswith("pin.rejected")
    assert not (tmp_path / "o").exists() and "111111" not in found.output
