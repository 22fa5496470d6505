"""Incoming documents on the real window: a duplicate beside its twin, phrases and working days by key, the tree."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from docclient.office.commands.arriving import ReceivedFile
from docclient.office.commands.entering import EnterIncoming
from docclient.office.commands.incoming import DirectIncoming
from docclient.office.commands.passing_on import PassOn
from docclient.office.commands.phrases import AddPhrase
from docclient.office.commands.remarks import AddRemark
from docclient.office.model import Channel, DocumentId, Handler, State, today
from docclient.office.queries.handling import HandlingOf
from docclient.office.working_days import WorkingCalendar
from tests.flows.desk import ALT, CONTROL, Desk
from tests.offices import OfficeToTest, document_of
from ui.widgets.phrases_edit import PhrasesEdit
from ui.widgets.pick_deadline import PickDeadline

pytestmark = pytest.mark.window


def version(office: OfficeToTest, document: DocumentId) -> int:
    return office.view("clerk", document).document.version


def passed_on(office: OfficeToTest, number: str = "301") -> DocumentId:
    """Directed to the head of Kinh tế, passed on to the officer, with an opinion that asks."""
    document = office.registered(number).document.id
    person = {slug: Handler("person", office.person(slug)) for slug in (
        "head_economy", "officer_economy", "officer_culture_society", "vice_chairman", "chief_of_office")}
    office.door("chairman").do(DirectIncoming(
        document, version(office, document), person["head_economy"], (person["officer_culture_society"],),
        (person["vice_chairman"],), "Nghiên cứu, tham mưu văn bản trả lời đúng thời hạn.",
        WorkingCalendar().after(today(), 7), (person["chief_of_office"],)))
    office.door("head_economy").do(PassOn(
        document, version(office, document), person["officer_economy"], words="Đồng chí dự thảo báo cáo.",
        due_date=WorkingCalendar().after(today(), 5)))
    office.door("officer_economy").do(AddRemark(
        document, version(office, document), "Đề nghị cung cấp số liệu quý 3.",
        office.person("officer_culture_society")))
    return document


def dialog_of(desk: Desk):
    giver = desk.bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    return giver.dialog


def test_a_duplicate_is_refused_shown_beside_its_twin_and_registered_when_seen(desk: Desk,
                                                                              sqlite_office: OfficeToTest) -> None:
    first = sqlite_office.registered("301").document.id
    clerk = sqlite_office.door("clerk")
    pdf = clerk.put(sqlite_office.material.draft.read_bytes())
    again = document_of(clerk.do(EnterIncoming(
        Channel.HAND, "Sở Nội vụ tỉnh", "V/v báo cáo công tác văn thư", code_number="301", code_notation="SNV-VP",
        issued_date=date(2026, 3, 5), files=(ReceivedFile("ban-giay.pdf", pdf, "application/pdf"),))))
    bench = desk.sit("clerk")
    desk.open_document(again)
    panel = bench.document.details.handling
    desk.until(lambda: panel.shown is not None and bool(panel.shown.alarms))      # told before anybody registers
    assert panel.shown.alarms[0].twin.document == first
    desk.press(Qt.Key.Key_Return, CONTROL)
    dialog = dialog_of(desk)
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["subject"])
    desk.until(dialog.twin_bar.isVisible)
    assert "301/SNV-VP" in dialog.twin_bar._told.text()
    assert dialog.form.inputs["code_number"].text() == "301"                      # nothing typed is lost
    desk.press(Qt.Key.Key_F4, where=dialog)
    giver = bench.document.giver
    desk.until(lambda: giver.comparison is not None and giver.comparison.isVisible())
    desk.until(lambda: giver.comparison.viewer.canvas.is_shown(1))            # the twin's own page
    desk.press(Qt.Key.Key_Escape, where=giver.comparison)
    assert dialog.isVisible()
    dialog.twin_bar.seen.click()
    dialog.confirm.click()          # no window manager gives the keyboard back to the dialog beneath
    desk.until(lambda: sqlite_office.view("clerk", again).document.arrival_number == 2)
    assert [each.kind for each in sqlite_office.view("clerk", again).links] == ["same_number"]


def test_a_direction_with_a_phrase_and_working_days_by_keyboard(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.door("chairman").do(AddPhrase("Trao đổi với tôi trước."))
    document = sqlite_office.registered("301").document.id
    desk.sit("chairman")
    desk.open_document(document)
    desk.press(Qt.Key.Key_Return, CONTROL)
    form = dialog_of(desk).form
    lead = form.inputs["lead"].lineEdit()
    desk.type("truong phong kinh te", lead)
    lead.completer().activated.emit(lead.completer().currentCompletion())
    words = form.inputs["words"]
    assert isinstance(words, PhrasesEdit)
    words.lines.setFocus()
    desk.press(Qt.Key.Key_1, ALT, words.lines)
    assert words.text() == "Trao đổi với tôi trước."
    due = form.inputs["due_date"]
    assert isinstance(due, PickDeadline)
    desk.type("+5", due.line)
    desk.press(Qt.Key.Key_Return, CONTROL, due.line)
    desk.until(lambda: sqlite_office.view("chairman", document).document.state is State.ASSIGNED)
    view = sqlite_office.view("chairman", document)
    assert view.directions[0].words == "Trao đổi với tôi trước."
    assert view.document.due_date == WorkingCalendar().after(today(), 5)


def test_the_page_says_who_has_it_and_an_opinion_is_answered_there(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = passed_on(sqlite_office)
    bench = desk.sit("officer_culture_society")
    desk.open_document(document)
    page = bench.document
    page.details.setCurrentWidget(page.details.handling)
    panel = page.details.handling
    desk.until(lambda: panel.shown is not None)
    assert panel.shown.has_it.startswith("Chuyên viên Phòng Kinh tế")
    assert panel.shown.whole == 7
    heads = [(line.depth, line.head) for line in panel.shown.sections[0].lines]
    assert heads[0] == (0, "Chủ tịch UBND xã") and (2, "Chủ trì: Chuyên viên Phòng Kinh tế") in heads
    helper = next(s for level in sqlite_office.door("clerk").ask(HandlingOf(document)).levels
                  for step in level.steps for s in step.shares if s.name == "Chuyên viên Phòng Văn hóa - Xã hội")
    assert helper.opened_at is not None                     # to have looked at it is to have opened it
    remark = panel.shown.sections[1].lines[0].answers
    panel.answer_wanted.emit(remark)
    dialog = dialog_of(desk)
    desk.type("Co 12 ho.", dialog.form.inputs["words"])
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["words"])
    desk.until(lambda: len(sqlite_office.door("clerk").ask(HandlingOf(document)).remarks) == 2)
    assert sqlite_office.door("clerk").ask(HandlingOf(document)).remarks[1].answers == remark


def test_much_that_may_be_done_stands_in_a_menu_with_its_keys(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = passed_on(sqlite_office)
    bench = desk.sit("officer_economy")
    desk.open_document(document)
    bar = bench.document.offers
    assert bar.more is not None and bar.more.isVisible()
    hidden = bar.button_for("AskForExtension") or bar.button_for("FinishWithoutAnswer")
    assert hidden is not None and not hidden.isVisible()
    progress = bar.button_for("NoteProgress")
    assert progress is not None
    keys = next(each.keys for each in bench.document.shown.buttons if each.offer.command == "NoteProgress")
    desk.press(Qt.Key(int(Qt.Key.Key_0) + int(keys[-1])), ALT)
    dialog = dialog_of(desk)
    assert dialog.shown.offer.command == "NoteProgress"
    desk.type("40", dialog.form.inputs["percent"])
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["percent"])
    clerk = sqlite_office.door("clerk")
    desk.until(lambda: [each.percent for each in clerk.ask(HandlingOf(document)).progress] == [40])


def test_the_slip_is_printed_from_the_page(desk: Desk, sqlite_office: OfficeToTest, tmp_path) -> None:
    document = passed_on(sqlite_office)
    bench = desk.sit("clerk")
    desk.open_document(document)
    target = tmp_path / "slip.pdf"
    bench.document.handling.save_slip(target)
    desk.until(lambda: target.exists() and target.read_bytes().startswith(b"%PDF"))


def test_a_pile_is_entered_without_leaving_the_form(desk: Desk, sqlite_office: OfficeToTest, tmp_path) -> None:
    letter = tmp_path / "don.pdf"
    letter.write_bytes(sqlite_office.material.draft.read_bytes())
    bench = desk.sit("clerk")
    bench.entering.begin()
    desk.until(lambda: bench.entering.dialog is not None and bench.entering.dialog.isVisible())
    dialog = bench.entering.dialog
    dialog.form.inputs["issuer_name"].setText("Ông Nguyễn Văn Mẫu")
    dialog.form.inputs["subject"].setPlainText("Đơn đề nghị cấp giấy phép")
    dialog.confirm.click()
    desk.until(dialog.confirm.isEnabled)                    # refused: no file, and no reason why
    assert dialog.form._wrong["note"].isVisible()
    dialog.add_files([letter])
    dialog.next.click()
    desk.until(lambda: dialog.form.inputs["subject"].toPlainText() == "" and dialog.next.isEnabled())
    assert dialog.form.inputs["issuer_name"].text() == "Ông Nguyễn Văn Mẫu" and dialog.files == []
    dialog.form.inputs["subject"].setPlainText("Đơn thứ hai")
    dialog.form.inputs["note"].setPlainText("Bì gửi đích danh")
    dialog.confirm.click()
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.subject == "Đơn thứ hai")
    desk.settle()
    assert bench.entering.dialog is None


def test_books_are_printed_from_the_window(desk: Desk, sqlite_office: OfficeToTest, tmp_path) -> None:
    passed_on(sqlite_office)
    bench = desk.sit("clerk")
    for book in ("hand_over", "follow_up"):
        target = tmp_path / f"{book}.pdf"
        bench.books.save(book, today(), today(), target)
        desk.until(lambda t=target: t.exists() and t.read_bytes().startswith(b"%PDF"))
