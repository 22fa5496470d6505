"""Bad input, missing keys, places that cannot be written: one clear sentence, the right exit code, nothing lost."""

from __future__ import annotations

import os
from pathlib import Path

import pikepdf
import pytest

from docclient.demonstration.tokens import make_tokens
from signing.tokens.host import close_hosts
from tests.offices import PASSWORD, Material
from tests.running import Ran, docclient


def error_of(ran: Ran) -> dict[str, str]:
    """The error of an answer that is nothing but an error, said to the person as well."""
    error = ran.answer["error"]
    assert error["message"] in ran.said
    assert error["message"].endswith((".", ")", "”")), error
    assert error["advice"]
    return error


@pytest.fixture
def tree(tmp_path: Path):
    """Whatever happens, the inputs stay as they are."""
    yield tmp_path


def before(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def encrypted(tmp_path: Path, material: Material) -> Path:
    path = tmp_path / "encrypted.pdf"
    with pikepdf.open(material.draft) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    return path


@pytest.fixture
def damaged(tmp_path: Path, material: Material) -> Path:
    path = tmp_path / "damaged.pdf"
    content = material.draft.read_bytes()
    path.write_bytes(content[:1500])
    return path


def test_a_packet_that_is_not_xml(tmp_path: Path):
    path = tmp_path / "note.edxml"
    path.write_text("Kính gửi anh Ba, em gửi anh văn bản.", encoding="utf-8")
    ran = docclient("packet", "read", path, "--json")
    assert ran.code == 3
    assert error_of(ran)["code"] == "packet.not_xml"


def test_a_file_that_is_not_there(tmp_path: Path):
    ran = docclient("packet", "read", tmp_path / "gone.edxml", "--json")
    assert (ran.code, error_of(ran)["code"]) == (3, "file.not_readable")


@pytest.mark.parametrize("kind", ["damaged", "encrypted"])
def test_verifying_what_cannot_be_read(kind: str, request: pytest.FixtureRequest):
    path = request.getfixturevalue(kind)
    ran = docclient("verify", path, "--json")
    (file,) = ran.answer["files"]
    assert ran.code == 3
    assert file["conclusion"] == "unreadable"
    assert file["reason"] in {"DAMAGED", "ENCRYPTED"}


@pytest.mark.parametrize("kind", ["damaged", "encrypted"])
def test_signing_what_cannot_be_signed(kind: str, request: pytest.FixtureRequest, material: Material, tmp_path: Path,
                                       monkeypatch: pytest.MonkeyPatch):
    path = request.getfixturevalue(kind)
    content, out = path.read_bytes(), tmp_path / "out"
    monkeypatch.setenv("P12_PASSWORD", PASSWORD.decode())
    ran = docclient("sign", path, material.draft, "--out", out, "--p12", material.folder / "chairman.p12",
                    "--pin-env", "P12_PASSWORD", "--json")
    bad, good = ran.answer["items"]
    assert ran.code == 3
    assert (bad["state"], bad["error"]["code"]) == ("failed", f"pdf.{kind}")
    assert good["state"] == "signed"                   # one bad file does not hold up the next
    assert path.read_bytes() == content
    assert [each.name for each in out.iterdir()] == [material.draft.name]


def test_digitising_what_is_not_an_image(tmp_path: Path):
    path = tmp_path / "page.png"
    path.write_bytes(b"this is no picture")
    ran = docclient("digitise", path, "--out", tmp_path / "out.pdf", "--json")
    assert ran.code == 3
    assert error_of(ran)["code"].startswith("capture.")
    assert not (tmp_path / "out.pdf").exists()


@pytest.fixture
def soft_tokens(material: Material, tmp_path: Path):
    yield make_tokens(tmp_path / "tokens", material.authority, "Ủy ban nhân dân xã Tân Hiệp", pin="246810")
    close_hosts()


def sign_with_token(tokens, material: Material, out: Path, monkeypatch: pytest.MonkeyPatch, pin: str,
                    label: str | None = None) -> Ran:
    monkeypatch.setenv("SOFTHSM2_CONF", tokens.leader.store.environment["SOFTHSM2_CONF"])
    monkeypatch.setenv("TOKEN_PIN", pin)
    return docclient("sign", material.draft, "--out", out, "--module", tokens.leader.store.module,
                     "--token", label or tokens.leader.identity.label, "--pin-env", "TOKEN_PIN", "--json")


def test_a_wrong_pin_is_said_and_nothing_is_written(soft_tokens, material: Material, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch):
    ran = sign_with_token(soft_tokens, material, tmp_path / "out", monkeypatch, "111111")
    assert ran.code == 4
    text = ran.output + ran.said
    assert "pin." in text
    assert "111111" not in text
    assert "TOKEN_PIN" not in os.environ                # taken out of the environment at once
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_the_right_pin_signs(soft_tokens, material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ran = sign_with_token(soft_tokens, material, tmp_path / "out", monkeypatch, "246810")
    assert (ran.code, ran.answer["signed"]) == (0, 1)
    assert "246810" not in ran.output + ran.said


def test_a_token_that_is_not_there(soft_tokens, material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ran = sign_with_token(soft_tokens, material, tmp_path / "out", monkeypatch, "246810", label="Thiết bị khác")
    assert ran.code == 4
    assert "token." in ran.output


def test_a_token_pulled_out_before_signing(soft_tokens, material: Material, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch):
    import shutil

    shutil.rmtree(soft_tokens.leader.store.token_folder(soft_tokens.leader.identity))
    close_hosts()
    ran = sign_with_token(soft_tokens, material, tmp_path / "out", monkeypatch, "246810")
    assert ran.code == 4


@pytest.mark.parametrize("command", [
    ("digitise", "{scan}", "--out", "{blocked}/out.pdf"),
    ("packet", "status", "{packet}", "--code", "03", "--from", "H99.21", "--name", "UBND",
     "--out", "{blocked}/s.edxml"),
    ("office", "init", "--office", "{blocked}/office"),
    ("demo", "--out", "{blocked}/demo"),
])
def test_a_place_that_cannot_be_written(command, tmp_path: Path, material: Material):
    """A file stands where the folder should be: not even root can write there."""
    from PIL import Image

    blocked, scan = tmp_path / "blocked", tmp_path / "scan.png"
    blocked.write_text("a file, not a folder")
    Image.new("RGB", (1654, 2339), "white").save(scan, dpi=(200, 200))
    packet = Path(__file__).parent.parent / "samples" / "edxml" / "new-three-files.edxml"
    ran = docclient(*(part.format(scan=scan, packet=packet, blocked=blocked) for part in command), "--json")
    assert ran.code == 3
    assert error_of(ran)["code"] in {"folder.not_writable", "file.not_readable"}
    assert blocked.read_text() == "a file, not a folder"


def test_wrong_use_is_two_and_still_json():
    ran = docclient("sign", "--json")
    assert ran.code == 2
    assert error_of(ran)["code"] == "sign.nothing_to_sign"
    assert error_of(docclient("sign", "--no-such-option", "--json"))["code"] == "use.wrong"
    assert docclient("no-such-command", "--json").code == 2


def test_an_office_that_is_not_there(tmp_path: Path):
    ran = docclient("office", "check", "--office", tmp_path / "nothing", "--json")
    assert (ran.code, error_of(ran)["code"]) == (2, "office.missing")
    assert not (tmp_path / "nothing").exists()


def test_an_office_that_is_no_database(tmp_path: Path):
    (tmp_path / "office.db").write_bytes(b"not a database" * 100)
    ran = docclient("office", "check", "--office", tmp_path, "--json")
    assert (ran.code, error_of(ran)["code"]) == (3, "office.unreadable")


def test_founding_twice_overwrites_nothing(tmp_path: Path):
    assert docclient("office", "init", "--office", tmp_path / "o", "--json").code == 0
    content = (tmp_path / "o" / "office.db").read_bytes()
    ran = docclient("office", "load-sample", "--office", tmp_path / "o", "--json")
    assert (ran.code, error_of(ran)["code"]) == (2, "office.exists")
    assert (tmp_path / "o" / "office.db").read_bytes() == content


def test_english_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCCLIENT_LANGUAGE", "en")
    ran = docclient("office", "check", "--office", tmp_path / "nothing", "--json")
    assert error_of(ran)["message"].startswith("There is no office at")
