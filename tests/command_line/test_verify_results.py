"""`docclient verify` puts down what it used, the file that was signed, and a renewed archive time-stamp."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from signing.pdf import open_reader
from signing.request import Level, SigningRequest
from signing.revocation import knowledge_in
from signing.sign import sign_pdf
from signing.timestamps import TimestampService
from signing.trust import fingerprint
from tests.running import docclient
from tests.signing.drafts import write_draft
from tests.signing.services import Services, running_services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as running:
        yield running


@pytest.fixture(scope="module")
def archived(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archived")
    draft = write_draft(folder / "draft.pdf")
    return sign_pdf(draft, folder / "a.pdf", services.key(), SigningRequest(
        level=Level.B_LTA, trust=services.anchors,
        stamps=TimestampService((services.tsa,), deadline_s=20))).target


@pytest.fixture(scope="module")
def anchor(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "root.cer"
    path.write_bytes(services.certificate("root").dump())
    return path


def test_the_evidence_is_kept_with_the_result(archived: Path, anchor: Path, services: Services, tmp_path: Path) -> None:
    ran = docclient("verify", archived, "--trust", anchor, "--offline", "--evidence", tmp_path, "--json")
    (file,) = ran.answer["files"]
    place = Path(file["evidence_folder"])
    kept = {str(one.relative_to(place)): one.read_bytes() for one in place.rglob("*") if one.is_file()}
    result = json.loads(kept.pop("result.json"))

    assert ran.code == 0 and file["conclusion"] == "valid"
    assert result["conclusion"] == "valid" and result["signatures"] == file["signatures"]
    assert result["evidence"] == {name.replace("\\", "/"): sha256(data).hexdigest() for name, data in kept.items()}
    certificates = {fingerprint(data) for name, data in kept.items() if name.startswith("certificates")}
    assert fingerprint(services.certificate("signer").dump()) in certificates
    assert any(name.startswith(("crls", "ocsps")) for name in kept)


def test_the_signed_revision_is_the_file_that_was_signed(archived: Path, anchor: Path, tmp_path: Path) -> None:
    target = tmp_path / "signed.pdf"
    ran = docclient("verify", archived, "--trust", anchor, "--offline", "--extract-revision", 1, "--out", target,
                    "--json")

    assert ran.answer["files"][0]["revision_file"] == str(target)
    assert archived.read_bytes().startswith(target.read_bytes())
    alone = docclient("verify", target, "--trust", anchor, "--offline", "--json").answer["files"][0]["signatures"]
    assert len(alone) == 1 and alone[0]["covers_whole_file"] and alone[0]["intact"]


@pytest.mark.parametrize(("arguments", "code"), [
    (("--extract-revision", 9, "--out", "x.pdf"), "verify.no_such_signature"),
    (("--extract-revision", 1), "verify.out_missing"),
    (("--renew",), "verify.out_missing"),
    (("--extract-revision", 1, "--renew", "--out", "x"), "verify.one_file"),
])
def test_what_cannot_be_put_down_is_said(archived: Path, anchor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         arguments: tuple[object, ...], code: str) -> None:
    monkeypatch.chdir(tmp_path)
    ran = docclient("verify", archived, "--trust", anchor, "--offline", *arguments, "--json")

    assert ran.answer["error"]["code"] == code
    assert list(tmp_path.iterdir()) == []


def test_renewing_lays_evidence_and_a_fresh_stamp_over_the_old_one(archived: Path, anchor: Path, services: Services,
                                                                   tmp_path: Path) -> None:
    ran = docclient("verify", archived, "--trust", anchor, "--renew", "--tsa", services.tsa, "--out", tmp_path,
                    "--json")
    (file,) = ran.answer["files"]
    renewed = tmp_path / archived.name

    assert (ran.code, file["conclusion"]) == (0, "valid")
    assert [s["kind"] for s in file["signatures"]] == ["approval", "timestamp", "timestamp"]
    assert file["signatures"][0]["level"] == "b-lta"
    assert renewed.read_bytes().startswith(archived.read_bytes())
    with archived.open("rb") as old, renewed.open("rb") as new:
        before, after = (knowledge_in(open_reader(stream, "")) for stream in (old, new))
    assert len(after.crls) + len(after.ocsps) >= len(before.crls) + len(before.ocsps)
    assert {c.sha256 for c in before.certificates} <= {c.sha256 for c in after.certificates}
