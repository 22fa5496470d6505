"""The form check in the office: what is found is kept, stops a draft where the office says so, and may be explained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import typst

from docclient.desk.drafting import begin_draft, put_draft
from docclient.desk.form import document_form
from docclient.form import Severity, Verdict
from docclient.office.checking import check_office
from docclient.office.commands.form import CheckForm, ExcuseForm, SetFormCheck
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, StartDraft, SubmitDraft
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours
from docclient.office.form import FormSetting, FormWrong
from docclient.office.model import DocumentId, State, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.form import FormOf
from tests.form.letters import LETTER, Draft, source
from tests.offices import OfficeToTest, document_of

RIGHT = {
    "number": "Số:         /UBND-KT", "date": "Tân Hiệp, ngày      tháng      năm 2026", "name": "Chủ tịch UBND xã",
    "authority": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "addressees": ("Sở Nội vụ tỉnh Phú An",),
}


def pdf_of(draft: Draft, target: Path) -> Path:
    typst.compile(source(draft).encode(), output=str(target), font_paths=[str(Path("resources/fonts").absolute())],
                  ignore_system_fonts=True)
    return target


def right_draft(office: OfficeToTest, document: DocumentId | None = None) -> Draft:
    """As the office's own facts ask for it."""
    facts = {**RIGHT, "date": f"Tân Hiệp, ngày      tháng      năm {today().year}"}
    if document is not None:
        expected = office.door("officer_economy").ask(FormOf(document)).expected
        facts |= {"name": expected.signer, "authority": expected.authority[0], "agency": expected.agency,
                  "number": f"Số:         /{expected.notation}", "addressees": (expected.recipients[0],)}
    return replace(LETTER, **facts)


def begun(office: OfficeToTest, draft: Draft, folder: Path) -> DocumentId:
    officer = office.door("officer_economy")
    return document_of(begin_draft(officer, StartDraft(
        "Công văn", "V/v tăng cường công tác văn thư", office.person("chairman"), ("H99.07",)),
        pdf_of(draft, folder / "draft.pdf")))


def version_of(office: OfficeToTest, document: DocumentId, slug: str = "officer_economy") -> int:
    return office.view(slug, document).document.version


def offered(office: OfficeToTest, slug: str, document: DocumentId) -> set[str]:
    return {each.command for each in office.door(slug).ask(OffersOn(document))}


def test_a_right_draft_passes_and_what_was_found_is_kept(office: OfficeToTest, tmp_path: Path):
    office.door("administrator").do(SetFormCheck(FormSetting.BLOCKING))
    document = begun(office, right_draft(office), tmp_path)
    officer = office.door("officer_economy")
    put_draft(officer, document, version_of(office, document),
              pdf_of(right_draft(office, document), tmp_path / "right.pdf"))
    receipt = officer.do(CheckForm(document, version_of(office, document)))
    (kept,) = officer.ask(FormOf(document)).checks
    assert [(each.code, each.found, each.expected) for each in kept.report.findings] == []
    assert receipt.facts["verdict"] == "good" and kept.report.verdict is Verdict.GOOD
    officer.do(SubmitDraft(document, version_of(office, document)))
    assert office.view("head_economy", document).document.state is State.CONTENT_CHECK
    assert len(officer.ask(FormOf(document)).checks) == 1               # found the same: kept once
    assert check_office(office.engine).findings == ()


def test_wrong_form_stops_a_draft_until_it_is_explained(office: OfficeToTest, tmp_path: Path):
    office.door("administrator").do(SetFormCheck(FormSetting.BLOCKING))
    document = begun(office, replace(right_draft(office), motto="Độc lập - Tự Do - Hạnh Phúc"), tmp_path)
    officer, chief = office.door("officer_economy"), office.door("chief_of_office")
    assert "ExcuseForm" not in offered(office, "officer_economy", document)     # nothing was found so far
    with pytest.raises(FormWrong) as refused:
        officer.do(SubmitDraft(document, version_of(office, document)))
    assert int(str(refused.value.facts["count"])) >= 1
    assert officer.ask(FormOf(document)).checks == ()                   # a refusal leaves nothing behind
    officer.do(CheckForm(document, version_of(office, document)))
    assert "ExcuseForm" in offered(office, "officer_economy", document)
    with pytest.raises(FieldWrong):
        officer.do(ExcuseForm(document, version_of(office, document), "  "))
    officer.do(ExcuseForm(document, version_of(office, document), "Theo mẫu của cơ quan cấp trên"))
    officer.do(SubmitDraft(document, version_of(office, document)))
    office.door("head_economy").do(ApproveContent(document, version_of(office, document, "head_economy")))
    with pytest.raises(FormWrong):                                      # the drafter's word is not the checker's
        chief.do(ApproveFormat(document, version_of(office, document, "chief_of_office")))
    assert "ExcuseForm" not in offered(office, "officer_economy", document)
    chief.do(ExcuseForm(document, version_of(office, document, "chief_of_office"), "Đã đối chiếu, chấp nhận"))
    chief.do(ApproveFormat(document, version_of(office, document, "chief_of_office")))
    assert office.view("chairman", document).document.state is State.WAITING_SIGNATURE
    assert [(each.role, each.words) for each in chief.ask(FormOf(document)).excuses] == [
        ("checker", "Đã đối chiếu, chấp nhận"), ("drafter", "Theo mẫu của cơ quan cấp trên")]
    assert check_office(office.engine).findings == ()


def test_an_explanation_holds_for_its_version_alone(office: OfficeToTest, tmp_path: Path):
    office.door("administrator").do(SetFormCheck(FormSetting.BLOCKING))
    wrong = replace(right_draft(office), motto="ĐỘC LẬP - TỰ DO - HẠNH PHÚC")
    document = begun(office, wrong, tmp_path)
    officer = office.door("officer_economy")
    officer.do(CheckForm(document, version_of(office, document)))
    officer.do(ExcuseForm(document, version_of(office, document), "Đúng mẫu"))
    put_draft(officer, document, version_of(office, document),
              pdf_of(replace(wrong, about="V/v báo cáo lần hai"), tmp_path / "second.pdf"))
    with pytest.raises(FormWrong):
        officer.do(SubmitDraft(document, version_of(office, document)))


@pytest.mark.parametrize("setting", [FormSetting.ADVICE, FormSetting.OFF])
def test_advice_is_told_and_stops_nobody_and_off_tests_nothing(office: OfficeToTest, tmp_path: Path,
                                                              setting: FormSetting):
    office.door("administrator").do(SetFormCheck(setting))
    document = begun(office, replace(right_draft(office), motto="ĐỘC LẬP - TỰ DO - HẠNH PHÚC"), tmp_path)
    officer = office.door("officer_economy")
    assert ("CheckForm" in offered(office, "officer_economy", document)) is (setting is FormSetting.ADVICE)
    officer.do(SubmitDraft(document, version_of(office, document)))
    checks = officer.ask(FormOf(document)).checks
    assert [each.report.verdict for each in checks] == ([Verdict.WRONG] if setting is FormSetting.ADVICE else [])


def test_the_desk_shows_what_the_rules_find_now_and_writes_nothing(office: OfficeToTest, tmp_path: Path):
    document = begun(office, replace(right_draft(office), motto="ĐỘC LẬP - TỰ DO - HẠNH PHÚC"), tmp_path)
    looked = document_form(office.door("officer_economy"), document)
    assert looked.report is not None and looked.content.startswith(b"%PDF")
    (motto,) = [each for each in looked.report.findings if each.code == "motto_words"]
    assert motto.severity is Severity.WRONG and motto.page == 1 and motto.box is not None
    assert office.door("officer_economy").ask(FormOf(document)).checks == ()


def test_only_the_administrator_sets_it_and_strangers_see_nothing(office: OfficeToTest, tmp_path: Path):
    document = begun(office, right_draft(office), tmp_path)
    with pytest.raises(NotYours):
        office.door("clerk").do(SetFormCheck(FormSetting.OFF))
    with pytest.raises(NotFound):
        office.door("officer_culture_society").ask(FormOf(document))
    with pytest.raises((NotYours, NotNow, NotFound)):
        office.door("officer_culture_society").do(CheckForm(document, 1))
