"""Copies and annexes on both databases: what may be copied, numbers of their own, the agency's signature on each."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from docclient.desk import batch_run
from docclient.desk.kept_batches import go_on, unfinished_batches
from docclient.desk.signing_desk import number_and_seal, seal_many
from docclient.desk.signing_results import Outcome
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivePaper, RegisterPaper
from docclient.office.commands.copying import CopyExtract, CopyInFull, CopyOfCopy, SignCopy
from docclient.office.commands.editing import AddAnnex
from docclient.office.commands.issuing import IssueOutgoing, NumberOutgoing, SealOutgoing
from docclient.office.commands.numbers import RegisterOutgoingPaper
from docclient.office.door import Office, Receipt
from docclient.office.errors import AnnexUnsealed, FieldWrong, NotYours, OriginalChanged, WrongSigner
from docclient.office.model import DocumentId, FileKind, State, Step, today
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.office import Outbox, RegisterPage, Registers
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.troubles import TokenRemoved
from tests.drafts import draft, give, now, offered, person, sign, to_signer
from tests.fakes.keys import FailingKey
from tests.offices import OfficeToTest, document_of


def paper(office: OfficeToTest) -> DocumentId:
    """A letter that came on paper, signed by the agency as its scan and registered."""
    clerk, trust = office.door("clerk"), SigningRequest(role=Role.COPY, agency="UBND xã Tân Hiệp")
    document = document_of(clerk.do(ReceivePaper("thu.pdf", clerk.put(office.material.draft.read_bytes()))))
    signed = office.material.folder / "paper-signed.pdf"
    if not signed.exists():
        sign_pdf(office.material.draft, signed, office.material.key("agency"), trust)
    clerk.do(RegisterPaper(document, now(office, document).version, clerk.put(signed.read_bytes()), "Công văn", "12",
                           "SNV-VP", today(), "Sở Nội vụ tỉnh", "V/v nạo vét kênh"))
    return document


def line_on(office: OfficeToTest, document: DocumentId, kind: FileKind = FileKind.MAIN) -> str:
    """What the newest signature shows on page 1, as text."""
    file = next(file for file in office.view("clerk", document).files if file.kind is kind)
    with office.door("clerk").read(file.current.digest) as content:
        page = pypdf.PdfReader(content).pages[0]
        looks = [each.get_object()["/AP"]["/N"].get_object() for each in page["/Annots"]
                 if each.get_object().get("/V") is not None]
        return " ".join(shown_text(each) for each in looks)


def shown_text(look: pypdf.generic.StreamObject) -> str:
    """A form XObject read as if it were a page."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(600, 200)
    page[pypdf.generic.NameObject("/Resources")] = look["/Resources"].clone(writer)
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(look.get_data())
    page[pypdf.generic.NameObject("/Contents")] = content
    return " ".join(page.extract_text().split())


def test_paper_becomes_an_electronic_copy_that_the_agency_signs(office: OfficeToTest):
    source = paper(office)
    receipt = give(office, "clerk", CopyInFull, source, recipients=("H99.22",),
                   inside=(person(office, "head_economy"),))
    copy = document_of(receipt)
    assert (receipt.number, now(office, copy).copy_kind, now(office, copy).state) == (
        "01/SY-UBND", "SY", State.NUMBERED)
    assert {"SealOutgoing", "CopyInFull"} & offered(office, "clerk", copy) == set()
    number_and_seal(office.door("clerk"), copy, office.material.key("agency"))
    view = office.view("clerk", copy)
    assert view.document.state is State.SEALED and view.main_file().current.conclusion == "valid"
    day = today().strftime("%d/%m/%Y")
    line = line_on(office, copy)
    assert line.startswith(f"Sao y; Ủy ban nhân dân xã Tân Hiệp; {day}; ") and line.endswith("+07:00")
    assert ("copy_of", source) in {(link.kind, link.document) for link in view.links}
    assert "copied_as" in {link.kind for link in office.view("clerk", source).links}
    give(office, "clerk", IssueOutgoing, copy)
    assert [(each.kind, each.recipient_code) for each in office.door("clerk").ask(Outbox())
            if each.document == copy] == [("document", "H99.22")]
    again = document_of(give(office, "clerk", CopyOfCopy, copy, recipients=("H99.22",)))
    assert now(office, again).number_and_symbol == "02/SL-UBND"             # all copies share one run
    assert now(office, again).state is State.SEALED                         # of an electronic copy: on paper
    assert check_office(office.engine).whole


def test_an_electronic_document_is_copied_on_paper_and_an_extract_is_typed_anew(office: OfficeToTest):
    issued = office.issued("7").document.id
    on_paper = document_of(give(office, "chief_of_office", CopyInFull, issued, recipients=("H99.22",)))
    view = office.view("clerk", on_paper)
    assert (view.document.state, view.document.number_and_symbol) == (State.SEALED, "01/SY-UBND")
    assert [each.transport_state for each in view.deliveries] == ["paper"]
    give(office, "clerk", IssueOutgoing, on_paper)
    assert not [each for each in office.door("clerk").ask(Outbox()) if each.document == on_paper]
    clerk = office.door("clerk")
    extract = document_of(clerk.do(CopyExtract(
        issued, now(office, issued).version, "trich.pdf", clerk.put(office.material.draft.read_bytes()), ("H99.22",))))
    (sealed,) = seal_many(clerk, [extract], office.material.key("agency"))
    assert sealed.outcome is Outcome.RETURNED, sealed.trouble
    assert now(office, extract).number_and_symbol == "02/TrS-UBND"
    assert line_on(office, extract).startswith("Trích sao; ")
    registers = {each.kind: each for each in clerk.ask(Registers())}
    rows = clerk.ask(RegisterPage(registers["copies"].id)).rows
    assert [row.columns[0] for row in rows] == ["01/SY-UBND", "02/TrS-UBND"]
    rows = clerk.ask(RegisterPage(registers["outgoing"].id)).rows
    assert [row.columns[0] for row in rows] == ["01/UBND-KT"]               # not in the documents' own register
    assert check_office(office.engine).whole


def test_what_may_not_be_copied(office: OfficeToTest):
    received = office.received("5").document.id                             # not registered yet
    drafted = draft(office)
    unit = person(office, "officer_economy")
    without_file = document_of(office.door("clerk").do(RegisterOutgoingPaper(
        "Quyết định", "Khen thưởng", office.person("chairman"), unit, ("H99.07",))))
    for document in (received, drafted, without_file):
        assert {"CopyInFull", "CopyOfCopy", "CopyExtract"} & offered(office, "clerk", document) == set()
    source = paper(office)
    assert "CopyInFull" not in offered(office, "chairman", source)
    assert "CopyOfCopy" not in offered(office, "clerk", source)             # it is no copy
    with pytest.raises(NotYours):
        give(office, "clerk", CopyOfCopy, source, recipients=("H99.22",))
    clerk = office.door("clerk")
    with pytest.raises(FieldWrong):
        give(office, "clerk", CopyInFull, source)                           # for nobody
    with pytest.raises(FieldWrong):
        clerk.do(CopyExtract(source, now(office, source).version, "x.pdf", clerk.put(b"no page"), ("H99.22",)))


def test_a_copy_counts_only_when_the_agency_signed_that_file(sqlite_office: OfficeToTest):
    office = sqlite_office
    copy = document_of(give(office, "clerk", CopyInFull, paper(office), recipients=("H99.22",)))
    clerk, seen = office.door("clerk"), office.view("clerk", copy).main_file().current.digest
    other = office.material.folder / "other-signed.pdf"
    letter = office.material.letter("Một văn bản khác hẳn.", office.material.folder / "other.pdf")
    sign_pdf(letter, other, office.material.key("agency"), SigningRequest(role=Role.COPY, agency="UBND"))
    by_person = office.material.folder / "by-person.pdf"
    sign_pdf(office.material.draft, by_person, office.material.key("chairman"),
             SigningRequest(role=Role.COPY, agency="UBND"))
    for file, trouble in ((other, OriginalChanged), (by_person, WrongSigner), (letter, OriginalChanged)):
        with pytest.raises(trouble):
            clerk.do(SignCopy(copy, now(office, copy).version, seen, clerk.put(file.read_bytes())))
    assert now(office, copy).state is State.NUMBERED


def with_annexes(office: OfficeToTest, *names: str) -> DocumentId:
    """Signed, with annexes in files of their own."""
    document, officer = draft(office), office.door("officer_economy")
    for name in names:
        officer.do(AddAnnex(document, now(office, document).version, name,
                            officer.put(office.material.draft.read_bytes())))
    to_signer(office, document)
    sign(office, document)
    return document


def annexes_are_sealed(office: OfficeToTest, document: DocumentId, count: int) -> None:
    view = office.view("clerk", document)
    assert view.document.state is State.SEALED
    annexes = [file for file in view.files if file.kind is FileKind.ANNEX]
    assert [(file.current.step, file.current.conclusion) for file in annexes] == [(Step.SEALED, "valid")] * count
    line = line_on(office, document, FileKind.ANNEX)
    assert line.startswith(f"Số: {view.document.number_and_symbol}; {today():%d/%m/%Y}; ") and line.endswith("+07:00")


def test_every_annex_in_a_file_of_its_own_is_signed_when_it_is_sealed(office: OfficeToTest):
    document = with_annexes(office, "phu-luc-1.pdf", "phu-luc-2.pdf")
    number_and_seal(office.door("clerk"), document, office.material.key("agency"))
    annexes_are_sealed(office, document, 2)
    assert check_office(office.engine).whole


def test_a_round_of_sealing_signs_the_annexes_too(office: OfficeToTest, tmp_path: Path):
    """One result per document, in the order in which they take their numbers."""
    documents = [with_annexes(office, *names) for names in (("phu-luc-1.pdf", "phu-luc-2.pdf"), (), ("phu-luc.pdf",))]
    told: list[tuple[int, int, Outcome]] = []
    results = seal_many(office.door("clerk"), documents, office.material.key("agency"), keep=tmp_path,
                        progress=lambda done, total, result: told.append((done, total, result.outcome)))
    assert [(each.document, each.outcome, each.trouble) for each in results] == [
        (each, Outcome.RETURNED, None) for each in documents]
    assert [now(office, each).code_number for each in documents] == ["01", "02", "03"]
    annexes_are_sealed(office, documents[0], 2)
    annexes_are_sealed(office, documents[2], 1)
    assert {total for _, total, _ in told} == {3} and told[-1][0] == 3
    assert sum(outcome is Outcome.RETURNED for *_, outcome in told) == 3
    assert list(tmp_path.iterdir()) == [] and check_office(office.engine).whole


def test_an_annex_that_cannot_be_signed_holds_up_its_own_document_only(
        sqlite_office: OfficeToTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    office = sqlite_office
    bad, good = with_annexes(office, "phu-luc.pdf"), with_annexes(office, "phu-luc.pdf")
    refused = WrongSigner(person="UBND", subject="khác")
    give_annex = batch_run.give_annex

    def give(door: Office, view: DocumentView, *what: str) -> Receipt:
        if view.document.id == bad:
            raise refused
        return give_annex(door, view, *what)

    monkeypatch.setattr(batch_run, "give_annex", give)
    first, second = seal_many(office.door("clerk"), [bad, good], office.material.key("agency"), keep=tmp_path)
    assert (first.outcome, first.trouble) == (Outcome.FAILED, refused) and second.outcome is Outcome.RETURNED
    assert now(office, bad).state is State.NUMBERED
    annexes_are_sealed(office, good, 1)
    monkeypatch.undo()
    (again,) = seal_many(office.door("clerk"), [bad], office.material.key("agency"), keep=tmp_path)
    assert again.outcome is Outcome.RETURNED and now(office, bad).code_number == "01"
    annexes_are_sealed(office, bad, 1)


def test_a_round_that_was_stopped_after_an_annex_goes_on_with_its_document(sqlite_office: OfficeToTest, tmp_path: Path):
    """The key is pulled out after its first signature: the annex is signed once, the document when the key is back."""
    office = sqlite_office
    document = with_annexes(office, "phu-luc.pdf")
    key = office.material.key("agency")
    pulled = FailingKey(key, 1, lambda: TokenRemoved(token="Con dấu"))
    (paused,) = seal_many(office.door("clerk"), [document], pulled, keep=tmp_path)
    assert paused.outcome is Outcome.PAUSED and now(office, document).state is State.NUMBERED
    (kept,) = unfinished_batches(office.door("clerk"), tmp_path)
    assert (len(kept.documents), kept.left) == (1, 1)
    (ended,) = go_on(office.door("clerk"), kept, key)
    assert ended.outcome is Outcome.RETURNED
    annexes_are_sealed(office, document, 1)
    (annex,) = (each for each in office.view("clerk", document).files if each.kind is FileKind.ANNEX)
    assert len(annex.versions) == 2


def test_a_document_is_not_sealed_before_its_annexes(sqlite_office: OfficeToTest):
    office = sqlite_office
    document, officer, clerk = draft(office), office.door("officer_economy"), office.door("clerk")
    officer.do(AddAnnex(document, now(office, document).version, "phu-luc.pdf",
                        officer.put(office.material.draft.read_bytes())))
    to_signer(office, document)
    sign(office, document)
    give(office, "clerk", NumberOutgoing, document)
    view = office.view("clerk", document)
    seen, at = view.main_file().current.digest, view.document
    source, sealed = office.material.folder / "signed-with-annex.pdf", office.material.folder / "sealed-with-annex.pdf"
    with clerk.read(seen) as content:
        source.write_bytes(content.read())
    fill_and_seal(source, sealed, office.material.key("agency"), number=at.code_number, issued=at.issued_date)
    with pytest.raises(AnnexUnsealed):
        clerk.do(SealOutgoing(document, at.version, seen, clerk.put(sealed.read_bytes())))
    assert "SealAnnex" not in offered(office, "clerk", document)            # part of the one act of sealing
