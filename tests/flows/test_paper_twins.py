"""A letter that is registered already is told before it is signed, also where its number was written by hand."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt

from docclient.office.commands.arriving import ReceivePaper
from docclient.office.model import DocumentId, State, today
from tests.contracts.test_senders_read import READ, registered, said
from tests.flows.desk import CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest, document_of
from ui.background import Lane
from ui.workbench import Workbench

pytestmark = pytest.mark.window

UNREAD = {"value": None, "certainty": 0.0, "page": 1, "box_mm": [28, 49, 62, 56], "alternatives": []}


@pytest.fixture
def document(sqlite_office: OfficeToTest) -> DocumentId:
    """A letter whose number was written by hand."""
    clerk = sqlite_office.door("clerk")
    return document_of(clerk.do(ReceivePaper("thu-2.pdf", clerk.put(sqlite_office.material.draft.read_bytes()), {
        **READ, "code_number": UNREAD, "code_notation": said("SNV-TCCB"), "organ_name": said("Sở Nội vụ tỉnh"),
        "issued_date": said(today().isoformat()), "type_name": said("Công văn")})))


def at_its_form(desk: Desk) -> Workbench:
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.until(lambda: bench.paper.confirm.form is not None and bench.paper.confirm.confirm.isEnabled())
    desk.settle()
    return bench


def test_a_number_that_is_typed_shows_the_letter_that_has_it(desk: Desk, sqlite_office: OfficeToTest,
                                                             document: DocumentId) -> None:
    registered(sqlite_office)                       # 13/SNV-TCCB of today
    bench = at_its_form(desk)
    panel, keys = bench.paper.confirm, bench.session.keys
    assert not panel.twin_bar.isVisible() and panel.field_with_cursor == "code_number"
    desk.type("13")
    desk.until(panel.twin_bar.isVisible)
    assert "13/SNV-TCCB" in panel.twin_bar._told.text() and not panel.twin_bar.seen.isChecked()
    desk.type("5")
    desk.until(lambda: not panel.twin_bar.isVisible())
    desk.press(Qt.Key.Key_Backspace)
    desk.press(Qt.Key.Key_Return, CONTROL)          # at once, before it was looked up again
    desk.until(panel.twin_bar.isVisible)
    desk.settle()
    assert keys.dialog is None, "no PIN is asked for what is perhaps not wanted"
    assert "hình như đã được vào sổ" in desk.notice() and panel.twin_bar.seen.hasFocus()
    picture(desk, "paper-twin")
    desk.press(Qt.Key.Key_Space)
    assert panel.twin_bar.seen.isChecked()
    with desk.qtbot.waitSignal(bench.paper.registered, timeout=30_000):
        desk.press(Qt.Key.Key_Return, CONTROL)
        desk.choose_key("Ủy ban nhân dân")
        desk.enter_pin()
    view = sqlite_office.view("clerk", document).document
    assert (view.state, view.arrival_number) == (State.WAITING_DIRECTION, 2)


def test_a_day_nobody_can_ask_for_is_told_and_the_letter_confirmed_once_it_is_put_right(
        desk: Desk, document: DocumentId) -> None:
    bench = at_its_form(desk)
    panel, keys = bench.paper.confirm, bench.session.keys
    desk.type("14")
    day = panel.form.inputs["issued_date"].line
    right = day.text()
    day.setText("05/03/3026")
    desk.until(lambda: not bench.paper.twins._pause.isActive())         # looked up while it is typed: nothing to tell
    desk.settle()
    assert desk.notice() == "" and not panel.twin_bar.isVisible()
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: desk.notice() != "")
    assert bench.session.tell.newest.tone == "bad" and keys.dialog is None
    day.setText(right)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Ủy ban nhân dân")              # the letter can be signed now
    desk.pin_dialog().reject()


def test_a_twin_that_is_found_while_the_screen_is_hidden_stops_the_signing_too(
        desk: Desk, sqlite_office: OfficeToTest, document: DocumentId) -> None:
    registered(sqlite_office)
    bench = at_its_form(desk)
    panel, keys, answered = bench.paper.confirm, bench.session.keys, Event()
    bench.session.background.run(bench, Lane.STORE, lambda _report, _stop: answered.wait(30))
    desk.type("13")
    desk.press(Qt.Key.Key_Return, CONTROL)
    bench.go("home")                                # before the answer is there
    answered.set()
    desk.until(lambda: desk.notice() != "" or keys.dialog is not None)
    assert keys.dialog is None and "hình như đã được vào sổ" in desk.notice()
    bench.go("paper")
    desk.until(panel.twin_bar.isVisible)
    assert not panel.twin_bar.seen.isChecked() and panel.confirm.isEnabled()
