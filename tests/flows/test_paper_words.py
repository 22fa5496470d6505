"""Doubted words of a letter walked through by keyboard: seen enlarged, typed over, put right beneath the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from docclient.desk.paper_words import words_of, words_to_look
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.model import Step
from docclient.office.queries.senders_read import SendersRead
from docclient.words import Language
from tests.contracts.test_paper_words import archive
from tests.contracts.test_senders_read import READ, registered_paper
from tests.flows.desk import ALT, Desk
from tests.offices import OfficeToTest, document_of
from ui import theme
from ui.dialogs.doubted_words_dialog import DoubtedWordsDialog
from ui.state.outlines import Outline
from ui.workbench import Workbench

pytestmark = pytest.mark.window

FIELDS = {**READ, "subject": {"value": "V/v nạo vét kệnh, mương", "certainty": 0.8, "page": 1,
                              "box_mm": [28, 58, 90, 68], "alternatives": []}}


def at_the_letter(desk: Desk, office: OfficeToTest, tmp_path: Path) -> tuple[Workbench, object]:
    clerk = office.door("clerk")
    file = archive(tmp_path / "letter.pdf")
    document = document_of(clerk.do(ReceivePaper("thu.pdf", clerk.put(file.read_bytes()), FIELDS)))
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.until(bench.paper.confirm.words.isVisible)
    desk.until(lambda: bench.paper.viewer.canvas.page_count == 1)
    return bench, document


def walk(desk: Desk, bench: Workbench) -> DoubtedWordsDialog:
    desk.press(Qt.Key.Key_S, ALT)
    dialog = bench.paper.words.dialog
    desk.until(lambda: dialog is not None and dialog.isVisible() and not dialog._picture.pixmap().isNull())
    return dialog


def test_words_are_walked_through_corrected_and_put_beneath(desk: Desk, sqlite_office: OfficeToTest,
                                                            tmp_path: Path) -> None:
    bench, document = at_the_letter(desk, sqlite_office, tmp_path)
    panel = bench.paper.confirm
    assert panel.words.text() == "Chữ chưa chắc (4)"
    dialog = walk(desk, bench)
    assert (dialog.line.text(), dialog.line.selectedText()) == ("12/SNV-VP", "12/SNV-VP")
    desk.press(Qt.Key.Key_Return, where=dialog.line)                # as it was read
    desk.press(Qt.Key.Key_Return, where=dialog.line)                # "vét"
    dialog.line.insert("kênh;")                                     # as an input method does, over what is selected
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.press(Qt.Key.Key_Left, ALT, dialog.line)                   # back: it stands there as typed
    assert dialog.line.text() == "kênh;"
    dialog.line.insert("kênh,")
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.press(Qt.Key.Key_Delete, where=dialog.line)                # a stain, no word
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.until(lambda: "4 chữ" in desk.notice())
    desk.settle()
    view = sqlite_office.view("clerk", document)
    assert view.main_file().current.step is Step.TEXT_CORRECTED
    assert words_to_look(sqlite_office.door("clerk"), view) == ()
    assert panel.form.inputs["subject"].toPlainText() == "V/v nạo vét kênh, mương", "the field follows its words"
    assert not panel.words.isVisible() and panel.confirm.isEnabled()
    assert bench.paper._offer.version == view.document.version, "it can be registered at once"


def test_stopped_half_way_what_was_looked_at_counts(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    bench, document = at_the_letter(desk, sqlite_office, tmp_path)
    dialog = walk(desk, bench)
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.press(Qt.Key.Key_Escape, where=dialog.line)
    desk.until(lambda: bench.paper.confirm.words.text() == "Chữ chưa chắc (3)")
    desk.settle()
    dialog = walk(desk, bench)
    desk.press(Qt.Key.Key_Escape, where=dialog.line)
    desk.settle()
    versions = sqlite_office.view("clerk", document).main_file().versions
    assert [each.step for each in versions] == [Step.DIGITISED, Step.TEXT_CORRECTED], "nothing looked at: nothing done"


def test_a_word_misread_with_certainty_is_reached_by_a_click(desk: Desk, sqlite_office: OfficeToTest,
                                                             tmp_path: Path) -> None:
    bench, document = at_the_letter(desk, sqlite_office, tmp_path)
    paper = bench.paper
    desk.until(paper.confirm.every_word.isVisible)
    canvas = paper.viewer.canvas
    nao = Outline.from_mm(1, (30, 60, 37, 65), "doubt")
    desk.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas._box(
        Outline.from_mm(1, (100, 200, 110, 210), "doubt")).center().toPoint())
    assert paper.words.dialog is None, "no word stands there"
    at = canvas._box(nao).center().toPoint() - QPoint(0, canvas.verticalScrollBar().value())
    desk.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    dialog = paper.words.dialog
    desk.until(lambda: dialog is not None and dialog.isVisible() and not dialog._picture.pixmap().isNull())
    assert dialog.line.text() == "nao" and dialog._read.text() == "Đọc được “nao”."
    dialog.line.insert("nạo")
    desk.press(Qt.Key.Key_Return, where=dialog.line)                # on to the next
    assert dialog.line.text() == "vét"
    desk.press(Qt.Key.Key_Escape, where=dialog.line)
    desk.until(lambda: "1 chữ" in desk.notice())
    desk.settle()
    clerk, view = sqlite_office.door("clerk"), sqlite_office.view("clerk", document)
    assert [each.word.text for each in words_of(clerk, view)] == ["12/SNV-VP", "nạo", "vét", "kệnh,", "hồ"]
    assert len(words_to_look(clerk, view)) == 4, "nobody looked at the doubted ones"
    registered_paper(sqlite_office, document)
    assert {sender.name: sender.words for sender in clerk.ask(SendersRead())}["Sở Nội vụ tỉnh"] == (("nao", "nạo"),)


def test_every_word_is_read_through_by_keys_from_where_the_cursor_is(desk: Desk, sqlite_office: OfficeToTest,
                                                                     tmp_path: Path) -> None:
    bench, document = at_the_letter(desk, sqlite_office, tmp_path)
    panel = bench.paper.confirm
    panel.form.inputs["subject"].setFocus()
    desk.press(Qt.Key.Key_W, ALT)
    dialog = bench.paper.words.dialog
    desk.until(lambda: dialog is not None and dialog.isActiveWindow() and not dialog._picture.pixmap().isNull())
    assert dialog.line.text() == "nao", "the first of the subject, where the cursor is"
    for key, word in ((Qt.Key.Key_Up, "12/SNV-VP"), (Qt.Key.Key_Down, "vét"), (Qt.Key.Key_Down, "hồ"),
                      (Qt.Key.Key_Down, "hồ"), (Qt.Key.Key_Left, "kệnh,")):
        desk.press(key, ALT, dialog.line)
        assert dialog.line.text() == word
    desk.until(lambda: not dialog._picture.pixmap().isNull())
    dialog.line.insert("kênh,")
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.press(Qt.Key.Key_Return, where=dialog.line)                # the last: the walk ends
    desk.until(lambda: "2 chữ" in desk.notice())
    desk.settle()
    view = sqlite_office.view("clerk", document)
    assert [each.word.text for each in words_to_look(sqlite_office.door("clerk"), view)] == ["12/SNV-VP", "vét"]
    assert panel.form.inputs["subject"].toPlainText() == "V/v nạo vét kênh, mương"
    panel.form.inputs["subject"].setFocus()
    desk.press(Qt.Key.Key_W, ALT)
    dialog = bench.paper.words.dialog
    assert dialog.line.text() == "nao"
    desk.press(Qt.Key.Key_Return, where=dialog.line)                # right as it was, and never doubted
    desk.press(Qt.Key.Key_Escape, where=dialog.line)
    desk.settle()
    assert len(sqlite_office.view("clerk", document).main_file().versions) == 2, "nothing was said: nothing is done"


@pytest.fixture
def large_type(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, text_points=15.0)
    yield
    theme.apply(qapp)


def test_in_english_and_large_type_nothing_is_clipped(large_type: None, make_desk, sqlite_office: OfficeToTest,
                                                      tmp_path: Path) -> None:
    desk = make_desk(sqlite_office.place, office=sqlite_office, language=Language.ENGLISH)
    desk.program.window.resize(1280, 800)
    bench, _ = at_the_letter(desk, sqlite_office, tmp_path)
    dialog = walk(desk, bench)
    panel = bench.paper.confirm
    assert panel.form.minimumSizeHint().width() <= panel._area.viewport().width()
    for button in (panel.words, panel.every_word, panel.confirm, panel.open_page, dialog.back, dialog.stop,
                   dialog.take):
        assert button.width() >= button.minimumSizeHint().width()
    assert dialog.frameGeometry().height() <= 800
    dialog.reject()
