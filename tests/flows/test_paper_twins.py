"""A letter that is registered already is told before it is signed, also where its number was written by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from docclient.office.commands.arriving import ReceivePaper
from docclient.office.model import State, today
from tests.contracts.test_senders_read import READ, registered, said
from tests.flows.desk import CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest, document_of

pytestmark = pytest.mark.window

UNREAD = {"value": None, "certainty": 0.0, "page": 1, "box_mm": [28, 49, 62, 56], "alternatives": []}


def test_a_number_that_is_typed_shows_the_letter_that_has_it(desk: Desk, sqlite_office: OfficeToTest) -> None:
    registered(sqlite_office)                       # 13/SNV-TCCB of today
    clerk = sqlite_office.door("clerk")
    document = document_of(clerk.do(ReceivePaper("thu-2.pdf", clerk.put(sqlite_office.material.draft.read_bytes()), {
        **READ, "code_number": UNREAD, "code_notation": said("SNV-TCCB"), "organ_name": said("Sở Nội vụ tỉnh"),
        "issued_date": said(today().isoformat()), "type_name": said("Công văn")})))
    bench = desk.sit("clerk")
    bench.go("paper")
    panel, keys = bench.paper.confirm, bench.session.keys
    desk.until(lambda: panel.form is not None and panel.confirm.isEnabled())
    desk.settle()
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
