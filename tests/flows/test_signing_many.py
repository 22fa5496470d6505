"""Many documents, one PIN: read, looked over, signed; what fails, what is pulled out, what is broken off."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.desk.kept_batches import unfinished_batches
from docclient.office.commands.outgoing import ReturnDraft
from docclient.office.model import DocumentId, State
from signing.form import LEADER, fields_of
from signing.pdf import open_reader
from tests.fakes.token_shim import Shim, shim
from tests.flows.desk import CONTROL, PIN, Desk
from tests.flows.letters import queue_letters
from tests.flows.rounds import SHIFT, look_over, picture, read_all
from tests.offices import OfficeToTest
from ui.dialogs.pin_dialog import PinDialog
from ui.keys import TokenSource
from ui.screens.signing.screen import SigningScreen
from ui.state.queue import Truth

pytestmark = pytest.mark.window

TRIALS = (0, 2)
"""Signatures over no document, once per run of the program: whether the token asks for its PIN each time."""


def with_shim(make_desk, office: OfficeToTest, token: Shim) -> Desk:
    return make_desk(office.place, office=office, keys=TokenSource(
        [token.module], search=False, environment=token.environment))


def truths(queue: SigningScreen, documents: list[DocumentId]) -> list[Truth | None]:
    items = (queue.view.item(document) for document in documents)
    return [item.truth if item is not None else None for item in items]     # none while the list is read anew


def test_a_leader_signs_twenty_documents_with_one_pin_by_keyboard_alone(make_desk, sqlite_office: OfficeToTest,
                                                                        locking_token: Shim) -> None:
    documents = queue_letters(sqlite_office, 20)
    desk = with_shim(make_desk, sqlite_office, locking_token)
    bench = desk.sit("chairman")
    desk.press(Qt.Key.Key_4, CONTROL)
    queue = bench.signing
    desk.until(lambda: len(queue.view.items) == 20)
    assert [item.id for item in queue.view.items] == documents
    desk.until(lambda: queue.sign.isEnabled())
    picture(desk, "queue")
    read_all(desk, queue, documents)
    look_over(desk, queue, 20)
    desk.choose_key("Chủ tịch")
    desk.pin_dialog()
    picture(desk, "pin")
    seen: set[Truth] = set()
    queue.rounds.told.connect(lambda _done, _total, result: seen.add(queue.view.item(result.document).truth))
    with desk.qtbot.waitSignal(queue.rounds.ended, timeout=60_000):
        desk.enter_pin()
    assert truths(queue, documents) == [Truth.SIGNED] * 20
    assert seen >= {Truth.PREPARED, Truth.SIGNING, Truth.WRITTEN, Truth.CHECKED, Truth.SIGNED}
    desk.settle()
    counts = locking_token.counts
    assert (counts.logins, counts.wrong) == (1, 0) and counts.signatures - 20 in TRIALS
    for document in documents:
        view = sqlite_office.view("chairman", document)
        assert view.document.state is State.SIGNED and view.main_file().current.conclusion == "valid"
    assert desk.notice() == bench.session.texts("queue.signed_count", count=20)
    picture(desk, "signed")
    desk.press(Qt.Key.Key_K, CONTROL)                   # the result, whenever one wants it
    desk.until(lambda: queue.rounds.dialog is not None and queue.rounds.dialog.isVisible())
    assert len(queue.rounds.dialog.shown.rows) == 20
    picture(desk, "result")
    desk.press(Qt.Key.Key_Escape)


def test_one_fails_and_the_others_go_on_with_the_reason_in_words(desk: Desk, sqlite_office: OfficeToTest,
                                                                 tmp_path: Path) -> None:
    documents = queue_letters(sqlite_office, 5)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    read_all(desk, queue, documents)
    bench.news.stop()                                   # nobody tells this window
    gone = sqlite_office.view("chairman", documents[2]).document
    sqlite_office.door("chairman").do(ReturnDraft(gone.id, gone.version, "Rút lại"))
    look_over(desk, queue, 5)
    desk.choose_key("Chủ tịch")
    with desk.qtbot.waitSignal(queue.rounds.ended, timeout=30_000):
        desk.enter_pin()
    assert truths(queue, documents) == [Truth.SIGNED, Truth.SIGNED, Truth.FAILED, Truth.SIGNED, Truth.SIGNED]
    dialog = queue.rounds.dialog
    assert dialog is not None and dialog.isVisible()
    first = dialog.table.rows_model.row(0)              # what failed stands first, with reason and advice
    assert first.document == documents[2] and first.reason and first.advice
    assert (dialog.shown.signed, dialog.shown.failed) == (4, 1)
    picture(desk, "result-failed")
    for ending in ("csv", "pdf"):
        target = tmp_path / f"result.{ending}"
        dialog._save(target)
        desk.until(target.exists)
        desk.settle()
    rows = list(csv.reader((tmp_path / "result.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row[3] for row in rows[1:]] == ["Đã ký", "Đã ký", "Chưa ký được", "Đã ký", "Đã ký"]
    assert (tmp_path / "result.pdf").read_bytes().startswith(b"%PDF")
    desk.press(Qt.Key.Key_Escape, where=dialog)
    desk.until(lambda: not dialog.isVisible())


def test_the_token_pulled_in_mid_batch_is_waited_for_and_one_pin_goes_on(make_desk, sqlite_office: OfficeToTest,
                                                                         locking_token: Shim) -> None:
    documents = queue_letters(sqlite_office, 9)
    desk = with_shim(make_desk, sqlite_office, locking_token)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    read_all(desk, queue, documents)
    locking_token.unplug_after(8)
    look_over(desk, queue, 9)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    revival = bench.session.keys._revival
    desk.until(lambda: revival.dialog is not None and revival.dialog.isVisible())
    desk.until(lambda: Truth.PAUSED in truths(queue, documents))
    desk.until(lambda: 8 - truths(queue, documents).count(Truth.SIGNED) in TRIALS)
    picture(desk, "token-pulled", settled=False)
    assert queue.rounds.running is not None
    locking_token.plug()
    desk.until(lambda: isinstance(revival.dialog, PinDialog) and revival.dialog.isVisible())
    with desk.qtbot.waitSignal(queue.rounds.ended, timeout=60_000):
        desk.qtbot.keyClicks(revival.dialog.pin, PIN.decode())
        desk.qtbot.keyClick(revival.dialog.pin, Qt.Key.Key_Return)
    assert truths(queue, documents) == [Truth.SIGNED] * 9
    assert locking_token.counts.logins == 2 and locking_token.counts.signatures - 9 in TRIALS


def test_closed_in_mid_batch_the_next_start_goes_on_with_one_pin(make_desk, sqlite_office: OfficeToTest, tmp_path: Path,
                                                                 token_store, locking_token: Shim) -> None:
    slow = shim(locking_token.module, token_store, tmp_path / "slow", "locks", SHIM_SIGN_MS="700")
    documents = queue_letters(sqlite_office, 5)
    desk = with_shim(make_desk, sqlite_office, slow)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    read_all(desk, queue, documents)
    look_over(desk, queue, 5)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    desk.until(lambda: truths(queue, documents).count(Truth.SIGNED) >= 1)
    desk.program.window.close()
    (left,) = unfinished_batches(sqlite_office.door("chairman"))
    assert left.returned >= 1 and left.left >= 1

    again = with_shim(make_desk, sqlite_office, slow)
    bench = again.sit("chairman")
    again.until(lambda: bench.unfinished.isVisible())
    assert f"{left.returned + left.signed} trên 5" in bench.unfinished.words.text()
    picture(again, "unfinished")
    with again.qtbot.waitSignal(bench.rounds.ended, timeout=60_000):
        again.press(Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)
        again.enter_pin()
    again.settle()
    assert {sqlite_office.view("chairman", document).document.state for document in documents} == {State.SIGNED}
    assert slow.counts.signatures <= 2 * max(TRIALS) + 6    # one may have been made in the moment of closing
    assert not bench.unfinished.isVisible() and unfinished_batches(sqlite_office.door("chairman")) == []


def test_a_moved_signature_stands_where_it_was_moved(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    (document,) = queue_letters(sqlite_office, 1)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    desk.until(lambda: queue.move_place.isEnabled())
    desk.press(Qt.Key.Key_M, CONTROL)
    desk.until(lambda: queue.looking.placing is not None and queue.looking.placing.take.isEnabled())
    dialog = queue.looking.placing
    assert dialog is not None
    before = dialog.editor.view.mm(dialog.editor.view.current)
    picture(desk, "placement")
    desk.press(Qt.Key.Key_Right, SHIFT, dialog.editor.canvas)
    desk.press(Qt.Key.Key_Up, where=dialog.editor.canvas)
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.editor.canvas)
    desk.until(lambda: queue.looking.placing is None)
    desk.until(lambda: queue.move_place.isEnabled())
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    desk.until(lambda: queue.view.item(document).truth is Truth.SIGNED)
    signed = sqlite_office.view("chairman", document).main_file().current
    assert signed.conclusion == "valid"
    with sqlite_office.door("chairman").read(signed.digest) as content:
        (tmp_path / "signed.pdf").write_bytes(content.read())
    with (tmp_path / "signed.pdf").open("rb") as stream:
        fields = [each for name, each in fields_of(open_reader(stream, "signed")).items() if name.startswith(LEADER)]
        (filled,) = [each for each in fields if each.filled]
    assert len(fields) == 1                             # moved, and no empty one left behind
    assert filled.frame.to_mm(filled.box) == pytest.approx((before[0] + 5, before[1] - 1, *before[2:]), abs=0.2)


def test_a_document_left_out_of_the_sheet_stays_in_the_queue(desk: Desk, sqlite_office: OfficeToTest) -> None:
    documents = queue_letters(sqlite_office, 3)
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    read_all(desk, queue, documents)
    desk.press(Qt.Key.Key_Return, CONTROL | SHIFT)
    desk.until(lambda: queue.looking.sheet is not None and queue.looking.sheet.sheet.complete)
    sheet = queue.looking.sheet
    assert sheet is not None
    desk.until(lambda: sheet.go_on.isEnabled())
    desk.press(Qt.Key.Key_Down, where=sheet.list)
    while sheet.current.id != documents[1]:
        desk.press(Qt.Key.Key_Right, where=sheet.list)
    desk.press(Qt.Key.Key_Delete, where=sheet.list)
    assert "2" in sheet.go_on.text()
    desk.press(Qt.Key.Key_Return, where=sheet.list)
    desk.choose_key("Chủ tịch")
    with desk.qtbot.waitSignal(queue.rounds.ended, timeout=30_000):
        desk.enter_pin()
    desk.settle()
    assert [sqlite_office.view("chairman", each).document.state for each in documents] == [
        State.SIGNED, State.WAITING_SIGNATURE, State.SIGNED]


def test_the_clerk_numbers_and_seals_several_with_one_pin(desk: Desk, sqlite_office: OfficeToTest) -> None:
    documents = [sqlite_office.signed(number).document.id for number in ("401", "402", "403")]
    bench = desk.sit("clerk")
    bench.go("outgoing")
    desk.settle()
    desk.press(Qt.Key.Key_D, CONTROL)
    desk.until(lambda: bench.sealing.dialog is not None and bench.sealing.dialog.isVisible())
    assert bench.sealing.dialog.list.count() == 3
    picture(desk, "seal-many")
    desk.press(Qt.Key.Key_Return, where=bench.sealing.dialog.list)
    desk.choose_key("Ủy ban nhân dân")
    with desk.qtbot.waitSignal(bench.rounds.ended, timeout=30_000):
        desk.enter_pin()
    desk.settle()
    views = [sqlite_office.view("clerk", each).document for each in documents]
    assert [(view.state, view.code_number) for view in views] == [
        (State.SEALED, "01"), (State.SEALED, "02"), (State.SEALED, "03")]
