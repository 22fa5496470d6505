"""Rounds that do not come to their end: gone on with, given up, not begun because the token would ask each time."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.desk.kept_batches import unfinished_batches
from docclient.desk.signing_results import Outcome
from docclient.office.model import DocumentId, State
from signing.batch import key_life
from signing.tokens.probe import probe
from tests.fakes.token_shim import Shim, shim
from tests.flows.desk import ALT, CONTROL, PIN, Desk
from tests.flows.letters import queue_letters
from tests.flows.rounds import look_over, picture, read_all
from tests.offices import OfficeToTest
from ui.dialogs.batch_result_dialog import BatchResultDialog
from ui.dialogs.question_dialog import QuestionDialog
from ui.dialogs.waiting_dialogs import PlugInDialog
from ui.keys import TokenSource
from ui.screens.signing.screen import SigningScreen

pytestmark = pytest.mark.window


@pytest.fixture(autouse=True)
def manners_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """How a token asks for its PIN is found out anew: two trial signatures before the first document."""
    monkeypatch.setattr(key_life, "_known", {})


def at_the_queue(make_desk, office: OfficeToTest, token: Shim, documents: list[DocumentId]) -> Desk:
    desk = make_desk(office.place, office=office, keys=TokenSource(
        [token.module], search=False, environment=token.environment))
    bench = desk.sit("chairman")
    bench.go("signing")
    read_all(desk, bench.signing, documents)
    return desk


def broken_off(desk: Desk, token: Shim, documents: list[DocumentId], after: int) -> BatchResultDialog:
    """The token is pulled out after so many documents, and the person does not want to wait for it."""
    queue: SigningScreen = desk.bench.signing
    token.unplug_after(2 + after)
    look_over(desk, queue, len(documents))
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    revival = desk.bench.session.keys._revival
    desk.until(lambda: isinstance(revival.dialog, PlugInDialog) and revival.dialog.isVisible())
    with desk.qtbot.waitSignal(desk.bench.rounds.ended, timeout=30_000):
        desk.press(Qt.Key.Key_Escape, where=revival.dialog)
    dialog = desk.bench.rounds.dialog
    assert isinstance(dialog, BatchResultDialog)
    desk.until(dialog.go_on.isVisible)
    return dialog


def test_the_result_of_a_broken_off_round_goes_on_and_tells_both_runs_apart(
        make_desk, sqlite_office: OfficeToTest, locking_token: Shim, tmp_path: Path) -> None:
    documents = queue_letters(sqlite_office, 5)
    desk = at_the_queue(make_desk, sqlite_office, locking_token, documents)
    bench, texts = desk.bench, desk.bench.session.texts
    dialog = broken_off(desk, locking_token, documents, 2)
    first = [row.document for row in dialog.shown.rows if row.outcome is Outcome.RETURNED]
    assert len(first) == dialog.shown.signed == 2 and dialog.shown.earlier == 0
    assert dialog.go_on.text() == texts("batch_result.go_on", count=3)
    picture(desk, "result-broken-off")
    locking_token.plug()
    with desk.qtbot.waitSignal(bench.rounds.ended, timeout=60_000):
        desk.press(Qt.Key.Key_Return, CONTROL, dialog)
        desk.enter_pin()
    desk.settle()
    assert {sqlite_office.view("chairman", each).document.state for each in documents} == {State.SIGNED}
    assert locking_token.counts.signatures == 2 + 5 and not bench.unfinished.isVisible()
    assert desk.notice() == texts("unfinished.done", total=5, count=3, earlier=2)
    shown = bench.rounds.shown()
    assert shown is not None and (shown.signed, shown.earlier) == (5, 2)
    assert {row.document for row in shown.rows if row.earlier} == set(first)
    assert {row.word for row in shown.rows if row.earlier} == {"Đã ký lần trước"}
    assert shown.summary(texts).startswith("5 văn bản: lần này ký 3, lần trước đã ký 2,")
    bench.rounds.save_result(shown, tmp_path / "result.csv")
    desk.settle()
    assert (tmp_path / "result.csv").read_text(encoding="utf-8-sig").count("Đã ký lần trước") == 2


def test_a_round_is_given_up_and_the_rest_stays_in_the_queue(make_desk, sqlite_office: OfficeToTest,
                                                             locking_token: Shim) -> None:
    documents = queue_letters(sqlite_office, 4)
    desk = at_the_queue(make_desk, sqlite_office, locking_token, documents)
    bench = desk.bench
    dialog = broken_off(desk, locking_token, documents, 1)
    desk.press(Qt.Key.Key_Escape, where=dialog)
    desk.until(bench.unfinished.isVisible)
    chairman = sqlite_office.door("chairman")
    assert len(unfinished_batches(chairman)) == 1
    bench.unfinished.give_up.setFocus()
    desk.press(Qt.Key.Key_Space, where=bench.unfinished.give_up)
    desk.until(lambda: not unfinished_batches(chairman))
    desk.settle()
    assert not bench.unfinished.isVisible()
    assert desk.notice() == bench.session.texts("unfinished.given_up")
    states = [sqlite_office.view("chairman", each).document.state for each in documents]
    assert states.count(State.SIGNED) == 1 and states.count(State.WAITING_SIGNATURE) == 3
    bench.rounds.show_result()                  # the result is still told, but nothing is left to go on with
    desk.settle()
    assert not bench.rounds.dialog.go_on.isVisible()
    bench.rounds.dialog.reject()


def test_who_turns_back_at_the_pin_is_offered_the_rest_still(make_desk, sqlite_office: OfficeToTest,
                                                             locking_token: Shim) -> None:
    documents = queue_letters(sqlite_office, 3)
    desk = at_the_queue(make_desk, sqlite_office, locking_token, documents)
    bench = desk.bench
    desk.press(Qt.Key.Key_Escape, where=broken_off(desk, locking_token, documents, 1))
    desk.until(bench.unfinished.isVisible)
    locking_token.plug()
    desk.press(Qt.Key.Key_G, ALT)
    desk.press(Qt.Key.Key_Escape, where=desk.pin_dialog())
    assert bench.unfinished.isVisible() and bench.rounds.running is None
    with desk.qtbot.waitSignal(bench.rounds.ended, timeout=30_000):
        desk.press(Qt.Key.Key_G, ALT)
        desk.enter_pin()
    desk.settle()
    assert {sqlite_office.view("chairman", each).document.state for each in documents} == {State.SIGNED}
    assert not bench.unfinished.isVisible()


@pytest.mark.parametrize("agrees", [False, True])
def test_a_token_that_asks_each_time_is_told_of_before_the_round(make_desk, sqlite_office: OfficeToTest,
                                                                 locking_token: Shim, token_store, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch, agrees: bool) -> None:
    monkeypatch.setattr(key_life, "probe", partial(probe, person_s=0.25))
    token = shim(locking_token.module, token_store, tmp_path / "asks", "ignores_pin_each",
                 SHIM_OWN_PIN=PIN.decode(), SHIM_BOX_MS="300")
    documents = queue_letters(sqlite_office, 2)
    desk = at_the_queue(make_desk, sqlite_office, token, documents)
    bench = desk.bench
    look_over(desk, bench.signing, 2)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    desk.until(lambda: isinstance(bench.rounds.dialog, QuestionDialog) and bench.rounds.dialog.isVisible())
    trials = token.counts.signatures
    picture(desk, "asks-each-time", settled=False)
    with desk.qtbot.waitSignal(bench.rounds.ended, timeout=30_000):
        desk.press(Qt.Key.Key_Return if agrees else Qt.Key.Key_Escape, where=bench.rounds.dialog)
    desk.settle()
    states = {sqlite_office.view("chairman", each).document.state for each in documents}
    assert states == {State.SIGNED if agrees else State.WAITING_SIGNATURE}
    assert token.counts.signatures - trials == (2 if agrees else 0)
    assert unfinished_batches(sqlite_office.door("chairman")) == []
