"""The first start, changing the person and the language, drafting; and a walk over every screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from docclient.office.commands.outgoing import DraftAnswer
from docclient.office.model import State
from docclient.settings import load_settings
from docclient.store.place import place
from docclient.words import Language, phrase
from tests.flows.desk import ALT, CONTROL, Desk
from tests.offices import OfficeToTest
from tests.signing import odd_files
from ui.screens.start.found import FoundDialog
from ui.screens.start.people import PeopleScreen
from ui.screens.start.welcome import Welcome
from ui.widgets.link_button import LinkButton

pytestmark = pytest.mark.window


def test_the_first_start_offers_the_sample_office_in_one_click(make_desk, tmp_path: Path) -> None:
    desk: Desk = make_desk(place(str(tmp_path / "office")))
    window = desk.program.window
    # a key is heard only once the button is on the screen, which Qt brings about a moment after the screen is set
    desk.until(lambda: isinstance(window.centralWidget(), Welcome) and window.centralWidget().sample.isVisible()
               and desk.program.idle)
    desk.press(Qt.Key.Key_Return, CONTROL, window)
    desk.until(lambda: isinstance(window.centralWidget(), PeopleScreen))
    people: PeopleScreen = window.centralWidget()
    desk.type("van thu co quan", people.search)
    desk.press(Qt.Key.Key_Return, where=people.search)
    desk.until(lambda: desk.program.desk is not None)
    desk.settle()
    assert desk.bench.session.office.me.name == "Văn thư"
    assert load_settings(tmp_path / "settings").person == desk.bench.session.office.me.person


def test_one_can_found_an_office_of_ones_own(make_desk, tmp_path: Path) -> None:
    desk: Desk = make_desk(place(str(tmp_path / "office")))
    desk.until(lambda: isinstance(desk.program.window.centralWidget(), Welcome))
    desk.program.window.centralWidget().found.click()
    dialog = desk.program._dialog
    assert isinstance(dialog, FoundDialog)
    dialog.confirm.click()
    assert dialog.form._wrong["found_name"].isVisible()
    for name, text in {"name": "Ủy ban nhân dân phường Bến Nghé", "code": "H29.77", "symbol": "UBND",
                       "place": "Bến Nghé", "administrator": "Trần Thị Quản Trị"}.items():
        dialog.form.inputs[f"found_{name}"].setText(text)
    dialog.confirm.click()
    desk.until(lambda: isinstance(desk.program.window.centralWidget(), PeopleScreen))
    assert [each.actor.name for each in desk.program.people] == ["Trần Thị Quản Trị"]
    assert "Bến Nghé" in desk.program.window.windowTitle()


def test_an_office_that_cannot_be_opened_says_why_and_can_be_tried_again(make_desk, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "office.db").write_bytes(b"this is no database at all, and long enough to be looked at" * 40)
    desk: Desk = make_desk(place(str(folder)))
    opening = desk.program._opening
    desk.until(lambda: opening.again.isVisible())
    assert opening.notice.newest.tone == "bad" and opening.notice.newest.advice


def test_somebody_else_sits_down_and_the_language_changes(desk: Desk, tmp_path: Path) -> None:
    desk.sit("clerk")
    desk.press(Qt.Key.Key_L, CONTROL)
    desk.until(lambda: isinstance(desk.program.window.centralWidget(), PeopleScreen))
    assert desk.program.desk is None
    desk.sit("chairman")
    desk.press(Qt.Key.Key_Comma, CONTROL)
    dialog = desk.program._dialog
    desk.until(dialog.isVisible)
    dialog.language.setCurrentText("English")
    before = desk.bench
    dialog.save.click()
    desk.until(lambda: desk.program.desk is not None and desk.program.desk is not before)
    desk.settle()
    assert desk.bench.home._heading.text() == "My work"
    desk.until(lambda: load_settings(tmp_path / "settings").language is Language.ENGLISH)


def test_an_officer_drafts_an_answer_and_submits_it(desk: Desk, sqlite_office: OfficeToTest) -> None:
    incoming = sqlite_office.directed("104").document.id
    bench = desk.sit("officer_economy")
    desk.open_document(incoming)
    bench.document.offers.button_for("DraftAnswer").click()
    desk.until(lambda: bench.acts.dialog is not None and bench.acts.dialog.isVisible())
    dialog = bench.acts.dialog
    assert dialog.form.inputs["type_name"].text() == "Công văn"
    assert dialog.form.inputs["recipients"].value() == ["H99.07"]       # whoever asked
    dialog.confirm.click()
    assert dialog._trouble.isVisible() and dialog.form._wrong["subject"].isVisible()
    dialog.form.inputs["subject"].setPlainText("V/v báo cáo kết quả")
    dialog.choose_file(sqlite_office.material.draft)
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["subject"])
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id != incoming)
    desk.settle()
    draft = bench.document.shown.id
    assert bench.document.shown.state == "Dự thảo"
    assert bench.document.viewer.canvas.page_count == 1
    bench.document.offers.button_for("SubmitDraft").click()
    desk.until(lambda: sqlite_office.view("officer_economy", draft).document.state is State.CONTENT_CHECK)


def test_a_draft_that_is_no_document_keeps_what_was_typed(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path,
                                                          ) -> None:
    (tmp_path / "hong.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    bench = desk.sit("officer_economy")
    desk.press(Qt.Key.Key_N, CONTROL)
    desk.until(lambda: bench.acts.dialog is not None and bench.acts.dialog.isVisible())
    dialog = bench.acts.dialog
    dialog.form.inputs["type_name"].setText("Công văn")
    dialog.form.inputs["subject"].setPlainText("V/v gì đó")
    dialog.form.inputs["signer"].choose(sqlite_office.person("chairman"))
    dialog.form.inputs["recipients"].choose(["H99.07"])
    dialog.choose_file(tmp_path / "hong.pdf")
    dialog.confirm.click()
    desk.until(lambda: dialog._trouble.isVisible())
    assert dialog.isVisible() and dialog.confirm.isEnabled()
    assert dialog.form.inputs["recipients"].value() == ["H99.07"]
    dialog.reject()
    desk.settle()
    assert not bench.outgoing.list.rows_model.rows


def test_back_returns_to_the_list_one_came_from(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.received("101").document.id
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    desk.press(Qt.Key.Key_Return, where=bench.incoming.list)
    desk.until(lambda: bench._at == "document" and bench.document.document == document)
    desk.settle()
    desk.press(Qt.Key.Key_Left, ALT)
    desk.until(lambda: bench._at == "incoming")
    assert bench.incoming.list.current_row().id == document


def test_a_link_lights_the_list_of_what_it_leads_to(desk: Desk, sqlite_office: OfficeToTest) -> None:
    view = sqlite_office.directed("104")
    receipt = sqlite_office.door("officer_economy").do(DraftAnswer(
        view.document.id, view.document.version, "Công văn", "V/v trả lời về một việc có tên rất dài " * 3,
        sqlite_office.person("chairman"), ("H99.07",)))
    bench = desk.sit("officer_economy")
    bench.go("incoming")
    desk.settle()
    desk.press(Qt.Key.Key_Return, where=bench.incoming.list)
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == view.document.id)
    desk.settle()
    link = next(button for button in bench.document.details.findChildren(LinkButton) if "rất dài" in button.text())
    assert link.minimumSizeHint().width() < link.sizeHint().width()      # the place rules, not the words
    link.click()
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == receipt.document)
    assert bench.rail.buttons["outgoing"].isChecked() and not bench.rail.buttons["incoming"].isChecked()
    desk.press(Qt.Key.Key_Left, ALT)
    desk.until(lambda: bench._at == "incoming")
    assert bench.rail.buttons["incoming"].isChecked()


SCREENS = ("home", "incoming", "outgoing", "signing", "paper", "document")


@pytest.fixture
def busy_office(sqlite_office: OfficeToTest) -> OfficeToTest:
    """Something on every screen."""
    sqlite_office.received("101")
    view = sqlite_office.directed("104")
    sqlite_office.door("officer_economy").do(DraftAnswer(
        view.document.id, view.document.version, "Công văn", "V/v trả lời", sqlite_office.person("chairman"),
        ("H99.07",)))
    sqlite_office.queued("106")
    return sqlite_office


@pytest.mark.parametrize("language", list(Language), ids=lambda language: language.value)
def test_every_screen_opens_for_everybody_without_a_word_missing(make_desk, busy_office: OfficeToTest,
                                                                 language: Language) -> None:
    desk: Desk = make_desk(busy_office.place, office=busy_office, language=language)
    for slug in ("clerk", "chairman", "chief_of_office", "head_economy", "officer_economy", "administrator"):
        bench = desk.sit(slug)
        rows = bench.home.list.rows_model.rows
        for screen in SCREENS:
            if screen == "document" and not rows:
                continue
            bench.go(screen, rows[0].id if screen == "document" else None)
            desk.settle()
            assert bench.session.tell.newest is None, bench.session.tell.newest
            check_accessible(bench.screens[screen])
            check_shortcuts(desk.program.window)


def check_accessible(screen: QWidget) -> None:
    """Whoever cannot see the screen hears the name of whatever takes the keyboard."""
    for widget in screen.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and isinstance(
                widget, QAbstractButton | QLineEdit | QComboBox | QPlainTextEdit) and not isinstance(
                widget.parent(), QComboBox):
            named = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            assert named, (screen, widget, widget.parent())


def check_shortcuts(window: QWidget) -> None:
    """No two things that can be seen answer to the same keys."""
    seen: dict[str, list[QShortcut]] = {}
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        if shortcut.isEnabled() and isinstance(owner, QWidget) and owner.isVisible() and owner.isEnabled() \
                and shortcut.context() is Qt.ShortcutContext.WindowShortcut:
            seen.setdefault(shortcut.key().toString(QKeySequence.SequenceFormat.PortableText), []).append(shortcut)
    assert {keys: [s.parent() for s in found] for keys, found in seen.items() if len(found) > 1} == {}


def test_a_locked_draft_is_used_as_a_repaired_copy_after_a_question(desk: Desk, sqlite_office: OfficeToTest,
                                                                    tmp_path: Path) -> None:
    incoming = sqlite_office.directed("107").document.id
    locked = odd_files.locked(sqlite_office.material.draft, tmp_path / "khóa.pdf")
    bench = desk.sit("officer_economy")
    desk.open_document(incoming)
    bench.document.offers.button_for("DraftAnswer").click()
    desk.until(lambda: bench.acts.dialog is not None and bench.acts.dialog.isVisible())
    dialog = bench.acts.dialog
    dialog.form.inputs["subject"].setPlainText("V/v báo cáo kết quả")
    dialog.choose_file(locked)

    def asked():
        question = bench.acts.question
        return question if question is not None and isValid(question) and question.isVisible() else None

    dialog.confirm.click()
    desk.until(lambda: asked() is not None)
    said = "\n".join(label.text() for label in asked().findChildren(QLabel))
    assert phrase("draft_repair.repaired_restrictions") in said and phrase("draft_repair.same") in said
    desk.press(Qt.Key.Key_Escape, where=asked())
    desk.until(dialog.confirm.isEnabled)
    assert dialog.isVisible() and dialog.file.text() == str(locked)
    dialog.confirm.click()
    desk.until(lambda: asked() is not None)
    desk.press(Qt.Key.Key_Return, where=asked().yes)
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id != incoming)
    desk.settle()
    assert bench.document.shown.state == "Dự thảo"
