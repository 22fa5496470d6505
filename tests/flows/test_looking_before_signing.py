"""Looking first: the sheet that is skipped where nothing is doubtful; the places of a draft before it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.office.model import State
from docclient.settings import load_settings
from signing.form import LEADER, fields_of
from signing.page import Box, Place
from signing.pdf import open_reader
from tests.flows.desk import CONTROL, Desk
from tests.flows.letters import queue_letters
from tests.flows.rounds import SHIFT, read_all
from tests.offices import OfficeToTest
from ui.dialogs.key_dialog import KeyDialog

pytestmark = pytest.mark.window


def moved(place: Place, right: float, up: float) -> Place:
    """By so many points."""
    box = place.box
    return Place(place.page, Box(box.x0 + right, box.y0 + up, box.x1 + right, box.y1 + up))


def test_a_sheet_without_a_warning_may_be_skipped_and_comes_with_one(desk: Desk, sqlite_office: OfficeToTest,
                                                                    tmp_path: Path) -> None:
    documents = queue_letters(sqlite_office, 3)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue, keys = bench.signing, bench.session.keys
    read_all(desk, queue, documents)
    desk.press(Qt.Key.Key_Return, CONTROL | SHIFT)
    desk.until(lambda: queue.looking.sheet is not None and queue.looking.sheet.go_on.isEnabled())
    sheet = queue.looking.sheet
    assert sheet is not None and not sheet.skip.isChecked()
    desk.press(Qt.Key.Key_Space, where=sheet.skip)
    desk.until(lambda: load_settings(tmp_path / "settings").skip_clear_contact_sheet)
    desk.press(Qt.Key.Key_Escape, where=sheet.list)
    desk.until(lambda: queue.looking.sheet is None)

    desk.press(Qt.Key.Key_Return, CONTROL | SHIFT)          # nothing is doubtful: straight to the key
    desk.until(lambda: isinstance(keys.dialog, KeyDialog) and keys.dialog.isVisible())
    assert queue.looking.sheet is None
    desk.press(Qt.Key.Key_Escape, where=keys.dialog)

    item = queue.view.item(documents[1])
    assert item is not None
    queue.looking.plans.move(item.queued, moved(queue.looking.plans.proposed[documents[1]], -150, 200))
    desk.press(Qt.Key.Key_Return, CONTROL | SHIFT)          # one lies over the text: the sheet comes with it in front
    desk.until(lambda: queue.looking.sheet is not None and queue.looking.sheet.isVisible())
    sheet = queue.looking.sheet
    assert sheet is not None and sheet.skip.isChecked()
    desk.until(lambda: sheet.sheet.first_doubtful == documents[1])
    assert sheet.current is not None and sheet.current.id == documents[1] and sheet._doubt.text()
    sheet.reject()


def test_an_officer_moves_the_signature_before_the_draft_is_kept(desk: Desk, sqlite_office: OfficeToTest,
                                                                tmp_path: Path) -> None:
    incoming = sqlite_office.directed("104").document.id
    bench = desk.sit("officer_economy")
    desk.open_document(incoming)
    bench.document.offers.button_for("DraftAnswer").click()
    desk.until(lambda: bench.acts.dialog is not None and bench.acts.dialog.isVisible())
    dialog = bench.acts.dialog
    assert dialog is not None
    dialog.form.inputs["subject"].setPlainText("V/v báo cáo kết quả")
    dialog.choose_file(sqlite_office.material.draft)
    desk.press(Qt.Key.Key_Space, where=dialog.look)

    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["subject"])
    desk.until(lambda: dialog.placing is not None and dialog.placing.take.isEnabled())
    desk.press(Qt.Key.Key_Escape, where=dialog.placing)     # back to the form, with what was typed
    desk.until(lambda: dialog.placing is None and dialog.confirm.isEnabled())
    assert dialog.isVisible() and dialog.form.inputs["subject"].toPlainText() == "V/v báo cáo kết quả"
    dialog.activateWindow()         # as a window manager does when the dialog over it closes
    desk.until(dialog.isActiveWindow)
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.form.inputs["subject"])
    desk.until(lambda: dialog.placing is not None and dialog.placing.take.isEnabled())
    placing = dialog.placing
    assert placing is not None
    while placing.editor.view.chosen != LEADER:
        desk.press(Qt.Key.Key_Tab, where=placing.editor.canvas)
    assert placing.editor.view.current is not None
    before = placing.editor.view.mm(placing.editor.view.current)
    desk.press(Qt.Key.Key_Left, SHIFT, placing.editor.canvas)
    desk.press(Qt.Key.Key_Down, where=placing.editor.canvas)
    desk.press(Qt.Key.Key_Return, CONTROL, placing.editor.canvas)
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id != incoming)
    desk.settle()
    view = sqlite_office.view("officer_economy", bench.document.shown.id)
    assert view.document.state is State.DRAFT
    with sqlite_office.door("officer_economy").read(view.main_file().current.digest) as content:
        (tmp_path / "kept.pdf").write_bytes(content.read())
    with (tmp_path / "kept.pdf").open("rb") as stream:
        kept = fields_of(open_reader(stream, "kept"))[LEADER]
    assert kept.frame.to_mm(kept.box) == pytest.approx((before[0] - 5, before[1] + 1, *before[2:]), abs=0.2)
