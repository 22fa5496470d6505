"""A leader's morning: the queue, the page, the PIN once, the next one; a return with a reason; a direction."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from docclient.office.commands.outgoing import ReturnDraft
from docclient.office.model import State
from tests.fakes.token_shim import Shim
from tests.flows.desk import ALT, CONTROL, PIN, Desk
from tests.flows.rounds import look_over
from tests.offices import OfficeToTest
from ui.keys import TokenSource
from ui.state.queue import Truth

pytestmark = pytest.mark.window


def shown(desk: Desk, document: str) -> bool:
    """That document's page stands on the screen, and the office offers to sign it."""
    queue = desk.bench.signing
    item = queue.view.item(document)
    return queue._current == document and item is not None and item.seen and (queue.sign.isEnabled() or not item.open)


def test_three_documents_one_pin_by_keyboard_alone(desk: Desk, sqlite_office: OfficeToTest) -> None:
    first, second, third = (sqlite_office.queued(number).document.id for number in ("201", "202", "203"))
    bench = desk.sit("chairman")
    desk.press(Qt.Key.Key_4, CONTROL)
    queue = bench.signing
    desk.until(lambda: shown(desk, first))

    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Chủ tịch")                         # asked once; remembered from then on
    desk.enter_pin()
    desk.until(lambda: shown(desk, second))
    assert queue.view.item(first).truth is Truth.SIGNED
    assert sqlite_office.view("chairman", first).document.state is State.SIGNED

    desk.press(Qt.Key.Key_Return, CONTROL)              # no PIN any more
    desk.until(lambda: queue.view.item(second).truth is Truth.SIGNED)
    desk.until(lambda: shown(desk, third))

    printed = queue.offers.button_for("ReturnDraft").keys_text
    assert printed.startswith("Alt+")
    desk.press(Qt.Key(ord(printed.removeprefix("Alt+"))), ALT)              # as printed on the button: return
    desk.until(lambda: queue.giver.dialog is not None and queue.giver.dialog.isVisible())
    reason = queue.giver.dialog.form.inputs["reason"]
    desk.type("Can bo sung so lieu quy 3.", reason)
    desk.press(Qt.Key.Key_Return, CONTROL, reason)
    desk.until(lambda: queue.view.item(third).truth is Truth.RETURNED)
    returned = sqlite_office.view("officer_economy", third)
    assert returned.document.state is State.DRAFT
    assert returned.timeline[-1].words == "Can bo sung so lieu quy 3."

    signed = sqlite_office.view("chairman", first).main_file().current
    assert (signed.conclusion, len(signed.report["signatures"])) == ("valid", 1)
    assert queue._headline.text() == desk.bench.session.texts("queue.all_done", signed=2)


def test_what_nobody_has_seen_is_not_signed(desk: Desk, sqlite_office: OfficeToTest) -> None:
    ids = [sqlite_office.queued(number).document.id for number in ("201", "202", "203")]
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    desk.until(lambda: shown(desk, ids[0]))
    assert not queue.sign_seen.isVisible()
    queue.list.choose(1)
    desk.until(lambda: shown(desk, ids[1]))
    assert queue.sign_seen.isVisible() and "2" in queue.sign_seen.text()
    look_over(desk, queue, 2)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    desk.until(lambda: all(queue.view.item(i).truth is Truth.SIGNED for i in ids[:2]))
    desk.settle()
    assert [sqlite_office.view("chairman", i).document.state for i in ids] == [
        State.SIGNED, State.SIGNED, State.WAITING_SIGNATURE]


def test_a_document_taken_away_meanwhile_says_so_and_the_rest_is_signed(desk: Desk, sqlite_office: OfficeToTest,
                                                                        ) -> None:
    ids = [sqlite_office.queued(number).document.id for number in ("201", "202")]
    bench = desk.sit("chairman")
    bench.go("signing")
    queue = bench.signing
    for place, document in enumerate(ids):
        queue.list.choose(place)
        desk.until(lambda d=document: shown(desk, d))
    bench.news.stop()                   # nobody tells this window
    gone = sqlite_office.view("chairman", ids[0]).document
    sqlite_office.door("chairman").do(ReturnDraft(gone.id, gone.version, "Rút lại"))
    with desk.qtbot.waitSignal(queue.signed, timeout=30_000):
        look_over(desk, queue, 2)
        desk.choose_key("Chủ tịch")
        desk.enter_pin()
    assert queue.view.item(ids[0]).truth is Truth.FAILED
    assert queue.view.item(ids[0]).why
    assert queue.view.item(ids[1]).truth is Truth.SIGNED
    assert sqlite_office.view("chairman", ids[0]).document.state is State.DRAFT


def test_one_typed_pin_costs_one_try_and_the_last_asks_twice(make_desk, sqlite_office: OfficeToTest,
                                                             locking_token: Shim) -> None:
    document = sqlite_office.queued("201").document.id
    desk = make_desk(sqlite_office.place, office=sqlite_office, keys=TokenSource(
        [locking_token.module], search=False, environment=locking_token.environment))
    bench = desk.sit("chairman")
    bench.go("signing")
    desk.until(lambda: shown(desk, document))
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Chủ tịch")
    dialog = desk.pin_dialog()
    desk.enter_pin(b"000001")
    desk.until(lambda: bench.session.keys.dialog is not None and bench.session.keys.dialog is not dialog)
    assert locking_token.counts.wrong == 1
    dialog = desk.pin_dialog()
    assert dialog._refused.isVisible()

    desk.enter_pin(b"000001")           # the same wrong one again: nothing is sent
    desk.until(lambda: bench.session.keys.dialog is not None and bench.session.keys.dialog is not dialog)
    assert locking_token.counts.wrong == 1

    dialog = desk.pin_dialog()
    desk.enter_pin(b"000002")
    desk.until(lambda: bench.session.keys.dialog is not None and bench.session.keys.dialog is not dialog)
    assert locking_token.counts.wrong == 2

    last = desk.pin_dialog()
    assert last.consent.isVisible()
    desk.enter_pin(PIN)                 # without the second yes the dialog keeps it
    assert last.isVisible() and locking_token.counts.logins == 2
    last.consent.click()
    desk.press(Qt.Key.Key_Return, where=last.pin)
    desk.until(lambda: sqlite_office.view("chairman", document).document.state is State.SIGNED)
    assert locking_token.counts.wrong == 0


def test_no_token_says_what_to_do_and_nothing_is_lost(make_desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.queued("201").document.id
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    bench = desk.sit("chairman")
    bench.go("signing")
    desk.until(lambda: shown(desk, document))
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: desk.bench.session.tell.newest is not None)
    newest = desk.bench.session.tell.newest
    assert newest.tone == "bad" and newest.advice and "token.absent" in newest.details
    assert shown(desk, document)
    assert sqlite_office.view("chairman", document).document.state is State.WAITING_SIGNATURE


def test_a_direction_by_keyboard(desk: Desk, sqlite_office: OfficeToTest) -> None:
    first, second = (sqlite_office.registered(number).document.id for number in ("301", "302"))
    bench = desk.sit("chairman")
    bench.home.list.setFocus()
    desk.press(Qt.Key.Key_Return)                       # the first thing that waits
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == first)
    desk.settle()
    desk.press(Qt.Key.Key_Return, CONTROL)
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    form = giver.dialog.form

    desk.press(Qt.Key.Key_Return, CONTROL, form.inputs["words"])        # nobody leads yet
    assert form._wrong["lead"].isVisible()
    lead = form.inputs["lead"].lineEdit()
    lead.selectAll()
    desk.type("chuyen vien phong kinh te", lead)
    lead.completer().activated.emit(lead.completer().currentCompletion())
    helping = form.inputs["helping"].search.lineEdit()
    desk.type("van hoa", helping)
    desk.press(Qt.Key.Key_Return, where=helping)
    desk.type("Tham muu tra loi truoc ngay 10.", form.inputs["words"].lines)
    desk.press(Qt.Key.Key_Return, CONTROL, form.inputs["words"])

    desk.until(lambda: sqlite_office.view("chairman", first).document.state is State.ASSIGNED)
    view = sqlite_office.view("chairman", first)
    assert {(each.role.value, each.name) for each in view.handlers} >= {("lead", "Chuyên viên Phòng Kinh tế")}
    assert view.directions[-1].words == "Tham muu tra loi truoc ngay 10."
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == second)  # landed on the next
    assert "Chỉ đạo" in desk.notice()


def test_somebody_was_quicker(desk: Desk, sqlite_office: OfficeToTest) -> None:
    """What was typed stays, and the page shows the document as it is now."""
    from docclient.office.commands.incoming import KeepForReference

    document = sqlite_office.registered("301").document
    bench = desk.sit("chairman")
    desk.open_document(document.id)
    bench.news.stop()
    button = bench.document.offers.button_for("DirectIncoming")
    button.click()
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    form = giver.dialog.form
    form.inputs["lead"].choose({"kind": "person", "id": sqlite_office.person("officer_economy")})
    form.inputs["words"].setPlainText("Đã gõ rất nhiều chữ")
    sqlite_office.door("chairman").do(KeepForReference(document.id, document.version))
    giver.dialog.confirm.click()
    desk.until(lambda: giver.dialog is not None and giver.dialog._trouble.isVisible())
    assert form.inputs["words"].toPlainText() == "Đã gõ rất nhiều chữ"
    desk.until(lambda: bench.document.shown.state == "Lưu tham khảo")
