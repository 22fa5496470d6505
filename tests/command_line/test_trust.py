"""Whom the command line believes: never silently, and confirmed by a fingerprint read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from docclient.demonstration.authority import Authority
from docclient.trusted_here import Standing, TrustedHere
from signing.sign import Role, SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore, fingerprint
from tests.running import docclient
from tests.signing.drafts import write_draft

ROOT = "F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    monkeypatch.setattr("docclient.trusted_here.settings_folder", lambda: folder)
    return folder


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make("Ban Cơ yếu thử nghiệm")


@pytest.fixture
def root(authority: Authority, tmp_path: Path) -> Path:
    path = tmp_path / "root.cer"
    path.write_bytes(authority.anchor_der)
    return path


def by_fingerprint() -> dict[str, dict[str, object]]:
    return {each["sha256"]: each for each in docclient("trust", "list", "--json").answer["authorities"]}


def test_what_comes_with_the_program_is_shown_unconfirmed_with_purpose_and_fingerprint() -> None:
    shown = by_fingerprint()

    assert {each["standing"] for each in shown.values() if each["kind"] == "anchor"} == {"unconfirmed"}
    assert len(shown) == 3 and all(each["shipped"] for each in shown.values())
    assert {each["purpose"] for each in shown.values()} == {"government", "public"}
    text = docclient("trust", "list").output
    assert "F04B A4B4 59A7" in text and "docclient trust confirm" in text


@pytest.mark.parametrize("typed", ["dfe2 fdb8", ROOT, "17:4B:66:A7:0E:DF:E2:FD:B8"])
def test_an_anchor_is_confirmed_by_reading_its_fingerprint_back(typed: str) -> None:
    ran = docclient("trust", "confirm", typed, "--json")

    assert ran.code == 0 and ran.answer["authorities"][0]["sha256"] == ROOT
    assert by_fingerprint()[ROOT]["standing"] == "confirmed"
    assert TrustedHere().store().unconfirmed == TrustStore.standard().unconfirmed - {ROOT}
    assert docclient("trust", "remove", typed, "--json").answer == {"removed": ROOT}
    assert by_fingerprint()[ROOT]["standing"] == "unconfirmed"


@pytest.mark.parametrize("typed", ["FE2FDB8", "DFE2FDB9", "XXXXXXXX", "F04BA4B4"])
def test_other_digits_confirm_nothing(typed: str, own_settings: Path) -> None:
    ran = docclient("trust", "confirm", typed, "--json")

    assert (ran.code, ran.answer["error"]["code"]) == (2, "trust_here.not_read_back")
    assert not own_settings.exists()


def test_a_strange_anchor_wants_its_fingerprint_read_back(root: Path, authority: Authority, own_settings: Path) -> None:
    mark = fingerprint(authority.anchor_der)
    refused = docclient("trust", "add", root, "--json")
    wrong = docclient("trust", "add", root, "--fingerprint", "0" * 64, "--json")

    assert (refused.code, refused.answer["error"]["code"]) == (2, "trust_here.read_back_missing")
    assert mark[:4] in refused.answer["error"]["message"]
    assert (wrong.code, wrong.answer["error"]["code"]) == (2, "trust_here.not_read_back")
    assert not own_settings.exists()

    added = docclient("trust", "add", root, "--fingerprint", mark[-8:].lower(), "--json")
    assert added.code == 0 and by_fingerprint()[mark]["standing"] == "confirmed"
    assert by_fingerprint()[mark]["purpose"] is None
    assert authority.anchor_der in TrustedHere().store().anchors


def test_an_authority_in_between_needs_no_comparing_and_is_no_anchor(authority: Authority, tmp_path: Path) -> None:
    path = tmp_path / "issuing.pem"
    path.write_bytes(x509.load_der_x509_certificate(authority.issuing_der).public_bytes(Encoding.PEM))

    assert docclient("trust", "add", path).code == 0
    store = TrustedHere().store()
    assert authority.issuing_der in store.intermediates and authority.issuing_der not in store.anchors


def test_a_recognised_anchor_is_taken_in_unconfirmed(root: Path, authority: Authority,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    from signing import authorities

    mark = fingerprint(authority.anchor_der)
    monkeypatch.setitem(authorities.PINNED, mark, authorities.Pinned(
        "Gốc thế hệ trước", authorities.AuthorityPurpose.PARTY, root=True, generation="G0", compared=False))

    assert docclient("trust", "add", root).code == 0
    assert (by_fingerprint()[mark]["standing"], by_fingerprint()[mark]["purpose"]) == ("unconfirmed", "party")
    assert mark in TrustedHere().store().unconfirmed
    assert docclient("trust", "confirm", mark[-8:]).code == 0
    assert docclient("trust", "add", root).code == 0, "adding it again takes nothing back"
    assert by_fingerprint()[mark]["standing"] == "confirmed"


def test_every_verdict_says_whether_its_anchor_was_confirmed(root: Path, authority: Authority, tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    from signing import authorities

    mark = fingerprint(authority.anchor_der)
    monkeypatch.setitem(authorities.PINNED, mark, authorities.Pinned(
        "Gốc", authorities.AuthorityPurpose.GOVERNMENT, root=True, generation="G0", compared=False))
    leader = authority.issue_person("Nguyễn Thị Phương Thảo")
    leader.save_pkcs12(tmp_path / "leader.p12", b"x", with_chain=True)
    key = open_key_file(tmp_path / "leader.p12", bytearray(b"x"))
    signed = sign_pdf(write_draft(tmp_path / "draft.pdf"), tmp_path / "signed.pdf", key,
                      SigningRequest(role=Role.PLAIN)).target
    lists = tmp_path / "lists"
    lists.mkdir()
    for number, one in enumerate(authority.crl()):
        (lists / f"{number}.crl").write_bytes(one)

    def verified(*more: object) -> tuple[int, dict[str, object]]:
        ran = docclient("verify", signed, "--crl", lists, "--offline", *more, "--json")
        return ran.code, ran.answer["files"][0]["signatures"][0]

    code, stranger = verified()
    assert (code, stranger["verdict"], stranger["trust_anchor_confirmed"]) == (1, "undetermined", None)

    docclient("trust", "add", root)
    code, unconfirmed = verified()
    assert (code, unconfirmed["verdict"], unconfirmed["trust_anchor_confirmed"]) == (0, "valid", False)
    assert "anchor_unconfirmed" in unconfirmed["warnings"]
    assert "docclient trust list" in docclient("verify", signed, "--crl", lists, "--offline").output

    for more in (("--trust", root), ()):
        if not more:
            docclient("trust", "confirm", mark)
        code, confirmed = verified(*more)
        assert (code, confirmed["verdict"], confirmed["trust_anchor_confirmed"]) == (0, "valid", True)
        assert "anchor_unconfirmed" not in confirmed["warnings"]


def test_a_file_somebody_meddled_with_is_believed_nothing_of(root: Path, authority: Authority,
                                                             own_settings: Path) -> None:
    here = TrustedHere()
    here.add([authority.anchor_der], fingerprint(authority.anchor_der))
    content = json.loads(here.path.read_text())
    content["authorities"][0]["sha256"] = ROOT
    here.path.write_text(json.dumps(content))

    assert here.kept() == () and here.store() == TrustStore.standard()
    assert (own_settings / "trust.spoiled").exists() and not here.path.exists()


def test_what_is_no_certificate_and_what_is_not_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.cer").write_bytes(b"khong phai")

    assert docclient("trust", "add", tmp_path / "a.cer", "--json").answer["error"]["code"] == "trust.not_a_certificate"
    assert docclient("trust", "add", tmp_path / "b.cer", "--json").code == 3
    assert docclient("trust", "remove", ROOT, "--json").answer["error"]["code"] == "trust_here.not_known"
    assert [each.standing for each in TrustedHere().kept()] == [] and Standing("between")
