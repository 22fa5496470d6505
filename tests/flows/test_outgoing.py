"""An outgoing document in the window: opinions, changes, annexes, cancelled numbers, copies, recall, replacement."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.office.commands.correcting import ReplaceIssued
from docclient.office.commands.opinions import AskOpinions
from docclient.office.model import DocumentId, FileKind, State, Step
from tests.drafts import draft, give, now, page, person, sign, to_signer
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest, document_of

pytestmark = pytest.mark.window


def take(desk: Desk, command: str) -> object:
    """Press the offer's button; its form, once it stands there."""
    bench = desk.bench
    bench.document.offers.button_for(command).click()
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    return giver.dialog


def said(desk: Desk) -> str:
    """Everything that the panel says."""
    panel = desk.bench.document.details.outgoing
    desk.until(lambda: panel.shown is not None)
    shown = panel.shown
    return "\n".join([*(f"{each.heading} {each.words}" for each in shown.alarms),
                      *(f"{line.head} {line.meta} {line.words}" for section in shown.sections
                        for line in section.lines)])


def test_an_opinion_is_asked_given_and_seen(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = draft(sqlite_office)
    give(sqlite_office, "officer_economy", AskOpinions, document, question="Số liệu đúng chưa?", in_turn=True,
         advisers=(person(sqlite_office, "chief_of_office"), person(sqlite_office, "officer_culture_society")))
    bench = desk.sit("chief_of_office")
    assert [row.waits_for for row in bench.home.list.rows_model.rows] == ["Chờ cho ý kiến"]
    desk.open_document(document)
    assert "Đang chờ" in said(desk) and "chưa đến lượt" in said(desk) and "Số liệu đúng chưa?" in said(desk)
    desk.press(Qt.Key.Key_Return, CONTROL)                                  # the first offer
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    form = giver.dialog.form
    form.inputs["verdict"].setCurrentIndex(form.inputs["verdict"].findText("Không nhất trí"))
    form.inputs["opinion"].setPlainText("Thiếu biểu 2")
    desk.press(Qt.Key.Key_Return, CONTROL, form.inputs["opinion"])
    desk.until(lambda: page(sqlite_office, document).rounds[0].opinions[0].verdict == "disagree")
    desk.settle()
    desk.sit("officer_economy")
    desk.open_document(document)
    desk.until(lambda: "Thiếu biểu 2" in said(desk))


def test_facts_are_changed_and_the_old_ones_stay(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = draft(sqlite_office, "V/v rà soát")
    to_signer(sqlite_office, document)
    bench = desk.sit("officer_economy")
    desk.open_document(document)
    dialog = take(desk, "EditDraft")
    assert dialog.form.inputs["subject"].toPlainText() == "V/v rà soát"
    dialog.form.inputs["subject"].setPlainText("V/v rà soát hộ nghèo")
    dialog.confirm.click()
    desk.until(lambda: now(sqlite_office, document).state is State.CONTENT_CHECK)
    desk.settle()
    desk.open_document(document)
    desk.until(lambda: "V/v rà soát → V/v rà soát hộ nghèo" in said(desk))
    assert "không còn hiệu lực" in said(desk)
    assert bench.document.shown is not None and bench.document.shown.state == "Kiểm tra nội dung"


def test_an_annex_is_added_and_sealed_with_the_document(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path,
                                                        ) -> None:
    document = draft(sqlite_office)
    bench = desk.sit("officer_economy")
    desk.open_document(document)
    annex = tmp_path / "phu-luc.pdf"
    annex.write_bytes(sqlite_office.material.draft.read_bytes())
    button = next(each for each in bench.document.shown.buttons if each.offer.command == "AddAnnex")
    bench.document.pdfs.choose(button, "", annex)
    desk.until(lambda: any(file.kind is FileKind.ANNEX for file in sqlite_office.view("clerk", document).files))
    desk.settle()
    to_signer(sqlite_office, document)
    sign(sqlite_office, document)
    bench = desk.sit("clerk")
    desk.open_document(document)
    assert "Số sẽ cấp: 01/UBND-KT" in said(desk) and "Phát hành chậm nhất" in said(desk)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Ủy ban nhân dân")
    desk.enter_pin()
    desk.until(lambda: now(sqlite_office, document).state is State.SEALED)
    desk.settle()
    (found,) = [file for file in sqlite_office.view("clerk", document).files if file.kind is FileKind.ANNEX]
    assert (found.current.step, found.current.conclusion) == (Step.SEALED, "valid")


def test_an_opinion_is_given_with_a_file(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    document = draft(sqlite_office)
    give(sqlite_office, "officer_economy", AskOpinions, document,
         advisers=(person(sqlite_office, "officer_culture_society"),))
    broken, whole = tmp_path / "hong.pdf", tmp_path / "gop-y.pdf"
    broken.write_bytes(b"%PDF-1.7 and nothing more")
    whole.write_bytes(sqlite_office.material.draft.read_bytes())
    desk.sit("officer_culture_society")
    desk.open_document(document)
    dialog = take(desk, "GiveOpinion")
    verdict, field = dialog.form.inputs["verdict"], dialog.form.inputs["file"]
    verdict.setCurrentIndex(verdict.findText("Nhất trí"))
    field.choose(broken)
    dialog.confirm.click()
    desk.until(lambda: dialog.confirm.isEnabled())
    assert "gop-y" not in dialog._trouble.text() and "hỏng" in dialog._trouble.text()
    field.choose(whole)
    dialog.confirm.click()
    desk.until(lambda: any(each.kind is FileKind.OPINION and each.name == "gop-y.pdf"
                           for each in sqlite_office.view("officer_economy", document).files))
    desk.settle()


def test_a_number_is_cancelled_and_the_document_recalled(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.sealed("105").document.id
    bench = desk.sit("clerk")
    desk.open_document(document)
    dialog = take(desk, "CancelNumber")
    dialog.form.inputs["reason"].setPlainText("Nhầm sổ")
    dialog.confirm.click()
    desk.until(lambda: now(sqlite_office, document).state is State.SIGNED)
    desk.settle()
    desk.open_document(document)
    desk.until(lambda: "Đã hủy số 01/UBND-KT" in said(desk) and "02/UBND-KT" in said(desk))
    issued = sqlite_office.issued("106").document.id
    desk.open_document(issued)
    dialog = take(desk, "RecallIssued")
    dialog.form.inputs["reason"].setPlainText("Sai căn cứ")
    dialog.confirm.click()
    desk.until(lambda: now(sqlite_office, issued).state is State.RECALLED)
    desk.settle()
    desk.open_document(issued)
    desk.until(lambda: bench.document.state_banner.isVisible())
    assert bench.document.state_banner.shown.words == "Văn bản này đã được thu hồi và bị khóa."
    desk.until(lambda: "Sai căn cứ" in said(desk))
    assert bench.document.offers.buttons == []                              # frozen: nothing is offered


def test_the_replacement_leads_to_the_replaced_and_back(desk: Desk, sqlite_office: OfficeToTest) -> None:
    old = sqlite_office.issued("107").document.id
    new = document_of(give(sqlite_office, "officer_economy", ReplaceIssued, old, subject="V/v báo cáo (thay)",
                           signer=sqlite_office.person("chairman")))
    bench = desk.sit("clerk")
    desk.open_document(new)
    desk.until(lambda: bench.document.state_banner.isVisible())
    (button,) = bench.document.state_banner.buttons
    assert button.text() == "Thay thế văn bản 01/UBND-KT"
    button.click()
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == old)
    desk.settle()
    desk.until(lambda: "Được thay thế bằng" in bench.document.state_banner.buttons[0].text())


def test_drafting_is_assigned_by_keyboard(desk: Desk, sqlite_office: OfficeToTest) -> None:
    bench = desk.sit("chairman")
    desk.press(Qt.Key.Key_G, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: bench.commanding.dialog is not None and bench.commanding.dialog.isVisible())
    form = bench.commanding.dialog.form
    form.inputs["to"].choose({"kind": "person", "id": sqlite_office.person("officer_economy")})
    form.inputs["type_name"].setText("Báo cáo")
    form.inputs["subject"].setPlainText("Kết quả cải cách hành chính")
    bench.commanding.dialog.confirm.click()
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.title == "Báo cáo")
    desk.settle()
    made: DocumentId = bench.document.shown.id
    assert now(sqlite_office, made).drafter == sqlite_office.person("officer_economy")
    assert "Chưa đủ để trình tệp dự thảo, người ký, nơi nhận" in said(desk)
