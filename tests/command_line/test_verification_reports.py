"""`docclient verify --report`: PDF to be filed, JSON of the same shape as on the screen, ETSI TS 119 102-2 XML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from jsonschema import Draft202012Validator
from lxml import etree
from typer.testing import CliRunner

from docclient.command_line import verify
from docclient.demonstration.authority import Authority
from docclient.papers.layout import printable
from docclient.signature_words import file_told
from docclient.words import Language
from signing.ades_report import VR
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore
from tests.papers.reading import assert_archival, pages_of
from tests.signing.drafts import write_draft

PASSWORD = b"mat khau"
app = typer.Typer()
verify.register(app)
app.command("nothing")(lambda: None)      # with one command alone, typer would take its name for an argument
SCHEMA = json.loads((Path(__file__).parents[1] / "contracts" / "schemas" / "verify.schema.json").read_text("utf-8"))


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    output: str

    @property
    def answer(self) -> Any:
        return json.loads(self.output)


def docclient(*arguments: object) -> Ran:
    found = CliRunner().invoke(app, [str(each) for each in arguments])
    return Ran(found.exit_code, found.stderr, found.stdout)


@dataclass(frozen=True)
class Files:
    """A sealed letter (two signatures), a draft, and the options that make the first valid."""

    sealed: Path
    draft: Path
    trust: tuple[str, ...]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("reports")
    authority = Authority.make("Ban Cơ yếu thử nghiệm")
    authority.save(folder / "trust")
    store = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())
    leader = open_key_file(authority.issue_person("Nguyễn Thị Phương Thảo", organisation="UBND xã Tân Hiệp")
                           .save_pkcs12(folder / "l.p12", PASSWORD), bytearray(PASSWORD))
    agency = open_key_file(authority.issue_agency("UBND xã Tân Hiệp").save_pkcs12(folder / "a.p12", PASSWORD),
                           bytearray(PASSWORD))
    draft = write_draft(folder / "draft.pdf")
    ready = prepare(draft, folder / "ready.pdf", propose_places(draft)).target
    signed = sign_pdf(ready, folder / "signed.pdf", leader, SigningRequest(role=Role.PERSONAL, trust=store)).target
    sealed = fill_and_seal(signed, folder / "công-văn-15.pdf", agency, number="15", issued=date(2026, 3, 5),
                           request=SigningRequest(role=Role.AGENCY, trust=store)).target
    return Files(sealed, draft, ("--trust", str(folder / "trust"), "--crl", str(folder / "trust"), "--offline"))


def test_a_page_per_signature_with_everything_the_circular_asks_for(files: Files, tmp_path: Path):
    target = tmp_path / "bao-cao.pdf"
    ran = docclient("verify", files.sealed, *files.trust, "--report", target, "--json")
    assert ran.code == 0
    assert_archival(target)
    pages = pages_of(target)
    assert len(pages) == 2
    answer = ran.answer["files"][0]
    told = file_told(answer)
    for page, signature in zip(pages, told.signatures, strict=True):
        assert "công-văn-15.pdf" in page and "Hợp lệ" in page and signature.signer in page
        for line in signature.lines:
            assert " ".join(printable(line.label).split()) in page
            assert " ".join(printable(line.value).split()) in page
    assert {line.name for line in told.signatures[0].lines} >= {
        "own_clock", "integrity", "in_force", "issuer", "organisation", "life", "revocation", "anchor"}   # V7
    assert "Được phép: điền biểu mẫu (DocNumber), trang 1" in pages[0]
    assert "không thay đổi" in pages[1]


def test_the_same_facts_as_json(files: Files, tmp_path: Path):
    target = tmp_path / "bao-cao.json"
    ran = docclient("verify", files.sealed, files.draft, *files.trust, "--report", target, "--json")
    written = json.loads(target.read_text("utf-8"))
    Draft202012Validator(SCHEMA).validate(written)
    assert written == ran.answer
    assert [each["conclusion"] for each in written["files"]] == ["valid", "unsigned"]


@pytest.mark.parametrize(("trusted", "main", "sub"), [
    (True, "total-passed", None), (False, "indeterminate", "NO_CERTIFICATE_CHAIN_FOUND")])
def test_the_standards_xml_says_our_verdict(files: Files, tmp_path: Path, trusted: bool, main: str, sub: str | None):
    target = tmp_path / "report.xml"
    options = files.trust if trusted else ("--offline",)
    docclient("verify", files.sealed, *options, "--report", target)
    root = etree.fromstring(target.read_bytes())
    found = root.findall(f"{{{VR}}}SignatureValidationReport")
    assert len(found) == 2
    for each in found:
        status = each.find(f"{{{VR}}}SignatureValidationStatus")
        assert status.findtext(f"{{{VR}}}MainIndication") == f"urn:etsi:019102:mainindication:{main}"
        assert status.findtext(f"{{{VR}}}SubIndication") == (sub and f"urn:etsi:019102:subindication:{sub}")
        signer = each.find(f".//{{{VR}}}SignerCertificate").get("VOReference")
        assert root.xpath("//vr:ValidationObject[@id=$id]", namespaces={"vr": VR}, id=signer)
    names = {each.text for each in root.iter(f"{{{VR}}}NameElement")}
    assert names == {"Nguyễn Thị Phương Thảo", "UBND xã Tân Hiệp"}


@pytest.mark.parametrize(("name", "inputs", "code"), [
    ("report.docx", 1, "verify.report_kind"), ("report.xml", 2, "verify.one_file_a_report")])
def test_a_report_that_cannot_be_is_refused_before_the_work(files: Files, tmp_path: Path, name: str, inputs: int,
                                                            code: str):
    ran = docclient("verify", *[files.sealed] * inputs, "--report", tmp_path / name, "--json")
    assert (ran.code, ran.answer["error"]["code"]) == (2, code)
    assert not (tmp_path / name).exists()


def test_no_signature_is_a_page_and_no_xml(files: Files, tmp_path: Path):
    docclient("verify", files.draft, "--offline", "--report", tmp_path / "report.pdf")
    (page,) = pages_of(tmp_path / "report.pdf")
    assert "KHÔNG CÓ CHỮ KÝ" in page
    ran = docclient("verify", files.draft, "--offline", "--report", tmp_path / "report.xml")
    assert ran.code == 3 and "draft.pdf" in ran.said


def test_the_words_of_both_languages_say_all_of_it(files: Files):
    answer = docclient("verify", files.sealed, *files.trust, "--json").answer["files"][0]
    for language in Language:
        told = file_told(answer, language)
        assert told.sentence and all(each.sentence and each.changes_word for each in told.signatures)
    (first, *_) = file_told(answer, Language.ENGLISH).signatures
    assert first.changes[0].words.endswith("(AgencySeal), page 1")
