"""Drafting on both databases: assigned, passed on, changed with every earlier value; signed is what was approved."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from docclient.desk.signing_desk import sign_queued
from docclient.office.checking import check_office
from docclient.office.commands.assigning import AssignDrafting, PassDraft, TakeOverDraft
from docclient.office.commands.editing import AddAnnex, EditDraft, RemoveAnnexes
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, BackTo, ReturnDraft, SubmitDraft
from docclient.office.commands.withdrawing import InitialDraft, RefuseDraft, TakeBackDraft, TakeBackSigned
from docclient.office.errors import FieldWrong, NotNow, NotYours, PdfTooLong, StaleDocument
from docclient.office.model import DocumentId, Handler, State, Urgency, WaitKind, today
from docclient.office.pdf_files import MOST_PAGES
from docclient.office.queries.document_page import FileKind
from docclient.office.queries.documents import SigningQueue, WaitingForMe
from signing.pdf import Damaged, Encrypted, Restricted
from tests.drafts import draft, give, new_file, now, offered, page, person, sign, small_pdf, to_signer
from tests.offices import OfficeToTest, document_of


def waits(office: OfficeToTest, slug: str, document: DocumentId) -> set[WaitKind]:
    return {row.kind for row in office.door(slug).ask(WaitingForMe()).rows if row.document.id == document}


def edited(office: OfficeToTest, slug: str, document: DocumentId, **changes: object) -> None:
    at = now(office, document)
    fields = {"type_name": at.type_name, "subject": at.subject, "signer": at.signer_person, "recipients": ("H99.07",),
              "urgency": at.urgency, "due_date": at.due_date, **changes}
    give(office, slug, EditDraft, document, **fields)


def test_drafting_is_assigned_waits_and_may_go_to_another(office: OfficeToTest):
    unit = now_unit(office)
    receipt = office.door("chairman").do(AssignDrafting(
        to=Handler("unit", unit), type_name="Báo cáo", subject="Kết quả cải cách hành chính quý I",
        words="Nêu rõ số liệu", due_date=today() + timedelta(days=5)))
    document = document_of(receipt)
    assert waits(office, "head_economy", document) == {WaitKind.DRAFT}     # a unit's head has it
    assert page(office, document).lacks == ("file", "signer", "recipients")
    assert "SubmitDraft" not in offered(office, "head_economy", document)
    assert office.view("chairman", document).timeline[-1].words == "Nêu rõ số liệu"
    give(office, "head_economy", PassDraft, document, to=person(office, "officer_economy"), words="Soạn giúp")
    assert waits(office, "officer_economy", document) == {WaitKind.DRAFT}
    assert waits(office, "head_economy", document) == set()
    edited(office, "officer_economy", document, signer=office.person("chairman"))
    assert page(office, document).lacks == ("file",)
    give(office, "head_economy", TakeOverDraft, document)
    assert now(office, document).drafter == office.person("head_economy")
    with pytest.raises(NotYours):
        give(office, "clerk", TakeOverDraft, document)
    assert check_office(office.engine).whole


def now_unit(office: OfficeToTest) -> str:
    return office.door("head_economy").me.posts[0].unit


def test_drafting_is_not_assigned_into_the_past_or_without_a_subject(office: OfficeToTest):
    to = person(office, "officer_economy")
    for wrong in (AssignDrafting(to, "Báo cáo", " "),
                  AssignDrafting(to, "Báo cáo", "Báo cáo quý", due_date=today() - timedelta(days=1)),
                  AssignDrafting(to, "Không có loại này", "Báo cáo quý"),
                  AssignDrafting(to, "Báo cáo", "Báo cáo quý", signer=office.person("officer_economy"))):
        with pytest.raises(FieldWrong):
            office.door("chairman").do(wrong)
    with pytest.raises(NotYours):
        office.door("officer_economy").do(AssignDrafting(to, "Báo cáo", "Báo cáo quý"))


def test_every_earlier_value_stays_with_who_changed_it(office: OfficeToTest):
    document = draft(office, "V/v rà soát", file=False)
    edited(office, "officer_economy", document, subject="V/v rà soát hộ nghèo", type_name="Báo cáo",
           urgency=Urgency.URGENT, recipients=("H99.07", "H99.22"), signer=office.person("vice_chairman"))
    edited(office, "officer_economy", document, subject="V/v rà soát hộ nghèo năm 2026",
           recipients=("H99.07", "H99.22"))
    changes = page(office, document).changes
    assert [(each.field, each.previous, each.present) for each in changes if each.field != "recipients"] == [
        ("type_name", "Công văn", "Báo cáo"), ("subject", "V/v rà soát", "V/v rà soát hộ nghèo"),
        ("signer", office.door("chairman").me.name, office.door("vice_chairman").me.name),
        ("urgency", "normal", "urgent"),
        ("subject", "V/v rà soát hộ nghèo", "V/v rà soát hộ nghèo năm 2026")]
    assert {each.by_name for each in changes} == {office.door("officer_economy").me.name}
    (recipients,) = [each for each in changes if each.field == "recipients"]
    assert recipients.present.startswith(recipients.previous) and recipients.present != recipients.previous
    assert now(office, document).code_notation == "BC-UBND"
    assert check_office(office.engine).whole


@pytest.mark.parametrize("change", ["subject", "recipients", "signer", "file", "annex"])
def test_a_changed_text_is_approved_again_from_the_first_step(sqlite_office: OfficeToTest, change: str):
    office = sqlite_office
    document = draft(office)
    to_signer(office, document)
    assert {each.kind: each.holds for each in page(office, document).approvals} == {"content": True, "format": True}
    (before,) = office.door("chairman").ask(SigningQueue())
    if change == "file":
        new_file(office, "officer_economy", document)
    elif change == "annex":
        door = office.door("officer_economy")
        pdf = door.put(office.material.draft.read_bytes())
        door.do(AddAnnex(document, now(office, document).version, "phu-luc.pdf", pdf))
    else:
        value = {"subject": "V/v việc khác", "recipients": ("H99.22",), "signer": office.person("vice_chairman")}
        edited(office, "officer_economy", document, **{change: value[change]})
    assert now(office, document).state is State.CONTENT_CHECK
    assert not any(each.holds for each in page(office, document).approvals)
    assert office.door("chairman").ask(SigningQueue()) == ()
    (result,) = sign_queued(office.door("chairman"), [before], office.material.key("chairman"))
    assert isinstance(result.trouble, NotNow | StaleDocument)       # what was queued cannot be signed any more
    assert now(office, document).state is State.CONTENT_CHECK
    give(office, "head_economy", ApproveContent, document)
    give(office, "chief_of_office", ApproveFormat, document)
    assert now(office, document).state is State.WAITING_SIGNATURE
    assert check_office(office.engine).whole


def test_urgency_alone_asks_nobody_again(sqlite_office: OfficeToTest):
    document = draft(sqlite_office)
    to_signer(sqlite_office, document)
    edited(sqlite_office, "officer_economy", document, urgency=Urgency.EXPRESS)
    assert now(sqlite_office, document).state is State.WAITING_SIGNATURE


def test_approvals_name_the_text_and_the_signed_one_is_that(office: OfficeToTest):
    document = draft(office)
    give(office, "officer_economy", SubmitDraft, document)
    give(office, "head_economy", InitialDraft, document, opinion="Đã soát số liệu")
    assert "InitialDraft" not in offered(office, "head_economy", document)      # once per text
    give(office, "head_economy", ApproveContent, document, opinion="Đồng ý")
    give(office, "chief_of_office", ApproveFormat, document)
    sign(office, document)
    assert [(each.kind, each.holds) for each in page(office, document).approvals] == [
        ("initial", True), ("content", True), ("format", True), ("signed", True)]
    assert page(office, document).signed_at is not None and page(office, document).issue_due is not None
    assert check_office(office.engine).whole


def test_returned_to_a_chosen_step_or_refused(office: OfficeToTest):
    document = draft(office)
    to_signer(office, document)
    give(office, "chairman", ReturnDraft, document, reason="Sửa thể thức", to=BackTo.FORMAT_CHECK)
    assert now(office, document).state is State.FORMAT_CHECK
    assert {each.kind for each in page(office, document).approvals if each.holds} == {"content"}
    give(office, "chief_of_office", ApproveFormat, document)
    give(office, "chairman", ReturnDraft, document, reason="Xem lại nội dung", to=BackTo.CONTENT_CHECK)
    assert now(office, document).state is State.CONTENT_CHECK
    give(office, "officer_economy", TakeBackDraft, document, reason="Bổ sung")
    assert now(office, document).state is State.DRAFT
    to_signer(office, document)
    with pytest.raises(FieldWrong):
        give(office, "chairman", RefuseDraft, document, reason=" ")
    give(office, "chairman", RefuseDraft, document, reason="Không cần ban hành")
    assert now(office, document).state is State.CANCELLED
    assert office.view("officer_economy", document).timeline[-1].words == "Không cần ban hành"


def test_a_signed_document_is_taken_back_before_it_is_issued(office: OfficeToTest):
    document = draft(office)
    to_signer(office, document)
    sign(office, document)
    with pytest.raises(NotYours):
        give(office, "officer_economy", TakeBackSigned, document, reason="Sai số liệu")
    give(office, "chairman", TakeBackSigned, document, reason="Sai số liệu")
    assert now(office, document).state is State.DRAFT
    assert waits(office, "officer_economy", document) == {WaitKind.DRAFT}
    assert not any(each.holds for each in page(office, document).approvals)
    new_file(office, "officer_economy", document)
    to_signer(office, document)
    sign(office, document)
    assert now(office, document).state is State.SIGNED
    assert check_office(office.engine).whole


def test_annexes_are_versions_and_may_be_taken_out(office: OfficeToTest):
    document, door = draft(office), office.door("officer_economy")
    for name, content in (("phu-luc.pdf", small_pdf(1)), ("phu-luc.pdf", small_pdf(2))):
        door.do(AddAnnex(document, now(office, document).version, name, door.put(content)))
    (annex,) = [file for file in office.view("clerk", document).files if file.kind is FileKind.ANNEX]
    assert len(annex.versions) == 2
    with pytest.raises(FieldWrong):
        door.do(AddAnnex(document, now(office, document).version, "bang.pdf", door.put(b"not a page")))
    give(office, "officer_economy", RemoveAnnexes, document)
    kinds = [file.kind for file in office.view("clerk", document).files]
    assert FileKind.ANNEX not in kinds and FileKind.FORMER_ANNEX in kinds


def test_an_annex_that_could_not_be_sealed_does_not_come_in(sqlite_office: OfficeToTest, tmp_path: Path):
    """What is wrong is said while somebody can still mend it, not when the agency is to sign."""
    office = sqlite_office
    document, door = draft(office), office.door("officer_economy")
    whole = small_pdf(3)
    locked, restricted, empty = tmp_path / "locked.pdf", tmp_path / "restricted.pdf", tmp_path / "empty.pdf"
    with pikepdf.open(BytesIO(whole)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
        pdf.save(restricted, encryption=pikepdf.Encryption(owner="a", user=""))
        del pdf.pages[:]
        pdf.save(empty)
    for content, refusal in ((locked.read_bytes(), Encrypted), (restricted.read_bytes(), Restricted),
                             (empty.read_bytes(), Damaged), (whole[:len(whole) // 2], Damaged),
                             (b"%PDF-1.7 and nothing more", Damaged), (b"", FieldWrong), (b"PK\x03\x04", FieldWrong),
                             (small_pdf(MOST_PAGES + 1), PdfTooLong)):
        with pytest.raises(refusal):
            door.do(AddAnnex(document, now(office, document).version, "phu-luc.pdf", door.put(content)))
    assert [file.kind for file in office.view("clerk", document).files if file.kind is FileKind.ANNEX] == []
    door.do(AddAnnex(document, now(office, document).version, "phu-luc.pdf", door.put(whole)))
