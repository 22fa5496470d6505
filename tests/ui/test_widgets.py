"""Forms, offers, notices, progress, verdicts as widgets."""

from __future__ import annotations

from datetime import date
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from docclient.errors import DiskFull
from docclient.office.door import Act, Ask, AskKind, NeededWith, Offer
from docclient.office.model import DocumentId
from ui.state.notices import Notice
from ui.state.offers import Choice, Choices, buttons_of
from ui.state.verdicts import VerdictShown
from ui.texts import Texts
from ui.widgets.fields_form import FieldsForm
from ui.widgets.notice_bar import NoticeBar
from ui.widgets.offer_bar import OfferBar
from ui.widgets.pickers import Chip
from ui.widgets.progress_strip import ProgressStrip
from ui.widgets.verdict_banner import VerdictBanner

pytestmark = pytest.mark.window
TODAY = date(2026, 3, 5)
UNITS = tuple(Choice({"kind": "unit", "id": str(n)}, name) for n, name in enumerate(
    ("Văn phòng", "Phòng Kinh tế", "Phòng Văn hóa - Xã hội")))
AGENCIES = tuple(Choice(f"H37.{n:02}", f"Sở số {n}", "tỉnh") for n in range(20))
PEOPLE = tuple(Choice(str(n), f"Chuyên viên {n}", "Phòng Kinh tế") for n in range(9))
CHOICES = Choices(PEOPLE, UNITS, AGENCIES)

ASKS = (
    Ask("lead", AskKind.HANDLER, required=True),
    Ask("helping", AskKind.HANDLERS, required=False),
    Ask("due_date", AskKind.DATE, required=False, default="2026-03-12"),
    Ask("words", AskKind.LONG_TEXT, required=False, default=""),
    Ask("urgency", AskKind.CHOICE, required=False, default=0, choices=(("0", "x.a"), ("1", "x.b"))),
    Ask("copies", AskKind.NUMBER, required=False),
    Ask("paper", AskKind.YES_NO, required=False, default=False),
    Ask("signer", AskKind.PERSON, required=False),
    Ask("recipients", AskKind.RECIPIENTS, required=False),
)


@pytest.fixture
def form(qtbot, texts: Texts) -> FieldsForm:
    made = FieldsForm(ASKS, CHOICES, texts, TODAY)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_field_says_when_another_one_makes_it_needed(qtbot, texts: Texts) -> None:
    asks = (Ask("verdict", AskKind.CHOICE, required=True, choices=(("agree", "x.a"), ("disagree", "x.b"))),
            Ask("opinion", AskKind.LONG_TEXT, required=False, default="",
                needed_with=NeededWith("verdict", ("disagree",))))
    made = FieldsForm(asks, CHOICES, texts, TODAY)
    qtbot.addWidget(made)

    def said() -> bool:
        (label,) = [each for each in made.findChildren(QLabel) if each.buddy() is made.inputs["opinion"]]
        return texts("form.label_optional", label="").strip() not in label.text()

    made.inputs["verdict"].choose("agree")
    assert not said() and not made.answers().wrong
    made.inputs["verdict"].choose("disagree")
    assert said() and made.answers().wrong == {"opinion": "form.required"}
    made.inputs["opinion"].setPlainText("Số liệu chưa đúng.")
    assert made.answers().fields == {"verdict": "disagree", "opinion": "Số liệu chưa đúng."}


def test_a_field_is_named_for_the_command_it_belongs_to(qtbot, texts: Texts) -> None:
    named = {}
    for command in ("AddPost", "OpenCaseFile"):
        made = FieldsForm((Ask("title", AskKind.TEXT, required=True),), CHOICES, texts, TODAY, command=command)
        qtbot.addWidget(made)
        named[command] = made.inputs["title"].accessibleName()
    assert named == {"AddPost": "Chức danh", "OpenCaseFile": "Tiêu đề"}


def test_a_form_says_what_is_missing_and_goes_there(form: FieldsForm) -> None:
    answers = form.answers()
    assert answers.wrong == {"lead": "form.required"}
    form.show_wrong(answers.wrong)
    label = form._wrong["lead"]
    assert label.isVisible() and label.text() == "Cần điền mục này."
    assert not form._wrong["helping"].isVisible()


def test_a_form_answers_ready_for_the_command(qtbot, form: FieldsForm) -> None:
    form.inputs["lead"].choose({"kind": "unit", "id": "1"})
    form.inputs["helping"].choose([{"kind": "unit", "id": "0"}, {"kind": "unit", "id": "2"}])
    form.inputs["words"].setPlainText(" Giao chủ trì. ")
    form.inputs["urgency"].setCurrentIndex(2)
    form.inputs["copies"].setText("3")
    form.inputs["paper"].setChecked(True)
    form.inputs["recipients"].choose(["H37.04"])
    answers = form.answers()
    assert answers.wrong == {}
    assert answers.fields == {
        "lead": {"kind": "unit", "id": "1"}, "helping": [{"kind": "unit", "id": "0"}, {"kind": "unit", "id": "2"}],
        "due_date": "2026-03-12", "words": "Giao chủ trì.", "urgency": "1", "copies": 3, "paper": True,
        "recipients": ["H37.04"]}


def test_a_first_value_taken_away_is_answered_as_empty(form: FieldsForm) -> None:
    form.inputs["lead"].choose({"kind": "unit", "id": "1"})
    form.inputs["due_date"].line.clear()
    assert form.answers().fields["due_date"] is None


def test_a_misread_date_and_number_are_told(form: FieldsForm) -> None:
    form.inputs["due_date"].line.setText("31/2")
    form.inputs["copies"].setText("ba")
    assert form.answers().wrong == {"lead": "form.required", "due_date": "form.not_a_date",
                                    "copies": "form.not_a_number"}


def test_a_typed_date_is_written_out(qtbot, form: FieldsForm) -> None:
    line = form.inputs["due_date"].line
    line.selectAll()
    qtbot.keyClicks(line, "9/3")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "09/03/2026"


def test_several_are_found_without_marks_and_added_by_enter(qtbot, form: FieldsForm) -> None:
    picker = form.inputs["recipients"]
    line = picker.search.lineEdit()
    qtbot.keyClicks(line, "so 17")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: line.text() == "")
    qtbot.keyClicks(line, "so so 4")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: line.text() == "")
    assert picker.value() == ["H37.17", "H37.04"]
    chips = picker.findChildren(Chip)
    assert [chip.text() for chip in chips if not chip.isHidden()] == ["Sở số 17", "Sở số 4"]
    next(chip for chip in chips if chip.text() == "Sở số 17" and not chip.isHidden()).click()
    assert picker.value() == ["H37.04"]


def test_half_a_name_chooses_nobody(qtbot, form: FieldsForm) -> None:
    signer = form.inputs["signer"]
    signer.choose("4")
    assert signer.value() == "4"
    signer.lineEdit().selectAll()
    qtbot.keyClicks(signer.lineEdit(), "Chuyen")
    assert signer.value() is None


def test_a_person_is_found_without_marks(qtbot, form: FieldsForm) -> None:
    signer = form.inputs["signer"]
    signer.lineEdit().selectAll()
    qtbot.keyClicks(signer.lineEdit(), "chuyen vien 7")
    completer = signer.lineEdit().completer()
    assert completer.completionCount() == 1
    completer.activated.emit(completer.currentCompletion())
    assert signer.value() == "7"


def test_every_input_can_be_named_by_a_screen_reader(form: FieldsForm) -> None:
    for name, field in form.inputs.items():
        assert field.accessibleName(), name
    buddies = {label.buddy() for label in form.findChildren(QLabel) if label.buddy()}
    assert buddies >= {field for field in form.inputs.values() if not isinstance(field, QCheckBox)}


def offer(command: str, order: int, *, negative: bool = False) -> Offer:
    return Offer(command, DocumentId("d"), 1, Act.FORM, (), order, negative)


def test_an_offer_is_taken_by_click_or_by_its_printed_key(qtbot, texts: Texts) -> None:
    window = QWidget()
    bar = OfferBar("Việc có thể làm")
    QVBoxLayout(window).addWidget(bar)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    bar.show_offers(buttons_of([offer("DirectIncoming", 1), offer("ReturnIncoming", 2, negative=True)], texts))
    with qtbot.waitSignal(bar.taken) as taken:
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert taken.args[0].command == "DirectIncoming"
    with qtbot.waitSignal(bar.taken) as taken:
        qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert taken.args[0].command == "ReturnIncoming"
    assert [button.keys_text for button in bar.buttons] == ["Ctrl+Enter", "Alt+2"]
    bar.show_offers(())
    with qtbot.assertNotEmitted(bar.taken):
        qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_troubles_wait_to_be_seen_and_good_news_gives_way(qtbot, texts: Texts) -> None:
    bar = NoticeBar(texts)
    qtbot.addWidget(bar)
    bar.tell(Notice("good", "Đã ký."))
    bar.trouble(DiskFull(folder="D:/"))
    bar.trouble(ValueError("x"))
    assert bar.newest.heading == texts.trouble(ValueError()).heading
    assert bar._more.text() == "Còn 1 thông báo khác"
    bar.close_newest()
    assert "D:/" in bar.newest.heading
    bar.close_newest()
    assert not bar.isVisible()


def test_details_can_be_copied(qtbot, texts: Texts) -> None:
    bar = NoticeBar(texts)
    qtbot.addWidget(bar)
    bar.trouble(DiskFull(folder="D:/"))
    bar._copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "disk.full" in copied and texts.trouble(DiskFull(folder="D:/")).heading in copied


def test_cancel_asks_once_and_says_that_it_was_heard(qtbot, texts: Texts) -> None:
    strip, stop = ProgressStrip(texts), Event()
    qtbot.addWidget(strip)
    strip.begin("Đang đọc…", stop)
    strip.progress(3_000_000_000, 6_000_000_000)
    assert strip._bar.value() * 2 == strip._bar.maximum()
    strip.cancel.click()
    assert stop.is_set()
    assert not strip.cancel.isEnabled()
    assert strip._words.text() == texts("progress.stopping")
    strip.end()
    assert not strip.isVisible()


def test_no_button_promises_to_stop_what_cannot_be_stopped(qtbot, texts: Texts) -> None:
    strip = ProgressStrip(texts)
    qtbot.addWidget(strip)
    strip.begin("Đang lưu…")
    assert strip.isVisible() and not strip.cancel.isVisible()


def test_the_banner_speaks_its_verdict(qtbot, texts: Texts) -> None:
    banner = VerdictBanner()
    qtbot.addWidget(banner)
    banner.show_verdict(VerdictShown.of("undetermined", "", texts))
    assert banner.isVisible()
    assert banner.accessibleName().startswith("Chưa xác định được")
    banner.show_verdict(None)
    assert not banner.isVisible()
