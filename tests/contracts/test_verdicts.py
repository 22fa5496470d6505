"""Every check of a file's signatures is kept: the first when it comes, each later one beside it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from docclient.demonstration.authority import Authority
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.commands.rechecking import RecheckSignatures
from docclient.office.door import Act
from docclient.office.errors import NotFound, NotYours
from docclient.office.findings import Lie
from docclient.office.model import Digest, DocumentId, Flow
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.office import JournalHead
from docclient.office.queries.verdicts import DocumentsInDoubt, VerdictHistory, VerdictView
from signing.sign import SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from tests.offices import OfficeToTest, put_file

PASSWORD = b"mat khau"


@pytest.fixture(scope="module")
def stranger() -> Authority:
    """An authority that no office of these tests knows at first."""
    return Authority.make("Cơ quan chứng thực khác")


@pytest.fixture(scope="module")
def letter(stranger: Authority, material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A letter signed under it."""
    folder = tmp_path_factory.mktemp("stranger")
    key_file = stranger.issue_person("Trần Văn Khách", organisation="Sở Tư pháp").save_pkcs12(
        folder / "key.p12", PASSWORD, with_chain=False)
    key = open_key_file(key_file, bytearray(PASSWORD))
    return sign_pdf(material.draft, folder / "letter.pdf", key, SigningRequest()).target


def trust_the_stranger(office: OfficeToTest, stranger: Authority) -> tuple[bytes, ...]:
    """Its lists, made now, are answered."""
    door, lists = office.door("administrator"), stranger.crl()
    for kind, content in ((TrustKind.ANCHOR, stranger.anchor_der), (TrustKind.INTERMEDIATE, stranger.issuing_der),
                          *((TrustKind.CRL, each) for each in lists)):
        door.do(AddTrust(kind, door.put(content), "cơ quan khác"))
    return lists


def history(office: OfficeToTest, view: DocumentView, who: str = "clerk") -> tuple[VerdictView, ...]:
    return office.door(who).ask(VerdictHistory(view.document.id, main_digest(view)))


def main_digest(view: DocumentView) -> Digest:
    main = view.main_file()
    assert main is not None
    return main.current.digest


def recheck(office: OfficeToTest, view: DocumentView, who: str = "clerk") -> DocumentView:
    office.door(who).do(RecheckSignatures(view.document.id, view.document.version))
    return office.view(who, view.document.id)


def test_a_later_check_adds_a_verdict_and_changes_none(office: OfficeToTest, letter: Path, stranger: Authority):
    view = office.received("11", file=letter)
    (first,) = history(office, view)
    assert (first.number, first.conclusion, first.by_name) == (1, "undetermined", office.door("clerk").me.name)
    assert first.report["signatures"][0]["reason"] == "NO_CERTIFICATE_CHAIN_FOUND"
    assert [each.document for each in office.door("clerk").ask(DocumentsInDoubt())] == [view.document.id]

    trust_the_stranger(office, stranger)
    before = office.door("clerk").ask(JournalHead()).entries
    again = recheck(office, view, "chairman")
    newest, oldest = history(office, again)
    assert oldest == first
    assert (newest.number, newest.conclusion, newest.online) == (2, "valid", False)
    assert newest.by_name == office.door("chairman").me.name and newest.at > oldest.at
    assert office.door("clerk").ask(JournalHead()).entries == before + 1
    current = again.main_file().current
    assert (current.conclusion, current.checks, current.evidence) == ("valid", 2, newest.evidence)
    assert office.door("clerk").ask(DocumentsInDoubt()) == ()
    assert again.document.version == view.document.version             # what others see of it is not stale
    assert check_office(office.engine).findings == ()


def test_what_a_verdict_rests_on_is_kept_and_can_be_read(office: OfficeToTest, letter: Path, stranger: Authority):
    lists = trust_the_stranger(office, stranger)
    view = office.received("12", file=letter)
    (verdict,) = history(office, view)
    assert verdict.conclusion == "valid" and verdict.evidence is not None
    with office.door("clerk").read(verdict.evidence) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        kept = {archive.read(name) for name in archive.namelist()}
        assert json.loads(archive.read("result.json"))["conclusion"] == "valid"
    assert {stranger.anchor_der, stranger.issuing_der, *lists} <= kept
    with pytest.raises(NotFound):
        office.door("officer_culture_society").read(verdict.evidence)


def test_lists_show_the_newest_verdict(office: OfficeToTest, letter: Path, stranger: Authority):
    signed, plain = office.received("13", file=letter), office.received("14")

    def shown() -> dict[DocumentId, str | None]:
        return {row.id: row.conclusion for row in office.door("clerk").ask(ListDocuments(Flow.INCOMING)).rows}

    assert shown() == {signed.document.id: "undetermined", plain.document.id: "unsigned"}
    trust_the_stranger(office, stranger)
    recheck(office, signed)
    assert shown()[signed.document.id] == "valid"


def test_only_what_is_signed_is_offered_for_another_look(office: OfficeToTest, letter: Path):
    signed, plain = office.received("15", file=letter), office.received("16")
    offered = [each for each in signed.offers if each.act is Act.RECHECK]
    assert [each.command for each in offered] == ["RecheckSignatures"] and offered[0].fields == ()
    assert not any(each.act is Act.RECHECK for each in plain.offers)
    with pytest.raises(NotYours):
        recheck(office, plain)
    with pytest.raises(NotFound):
        office.door("officer_culture_society").ask(VerdictHistory(signed.document.id, main_digest(signed)))


def test_a_scan_is_verified_when_it_comes(office: OfficeToTest, letter: Path):
    clerk = office.door("clerk")
    receipt = clerk.do(ReceivePaper("quet.pdf", put_file(clerk, letter)))
    assert receipt.document is not None
    current = office.view("clerk", receipt.document).main_file().current
    assert (current.conclusion, current.checks) == ("undetermined", 1)


@pytest.mark.parametrize("lie", [
    "UPDATE verdict SET conclusion = 'valid' WHERE number = 2", "DELETE FROM verdict WHERE number = 2",
    "UPDATE verdict SET evidence = NULL WHERE number = 1",
])
def test_a_history_changed_behind_the_office_is_found(office: OfficeToTest, letter: Path, lie: str):
    view = recheck(office, office.received("17", file=letter))
    assert check_office(office.engine).findings == ()
    with office.engine.writing() as connection:
        connection.execute(text(lie))
    assert (Lie.EDITED, f"document {view.document.id}") in [
        (each.kind, each.where) for each in check_office(office.engine).findings]

