"""The PIN: typed once, handed over once, never in a widget's text, never sent when it cannot be right."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ui.dialogs.pin_dialog import PinDialog
from ui.state.pins import PinQuestion
from ui.texts import Texts
from ui.widgets.pin_edit import LONGEST, PinEdit, overwrite

pytestmark = pytest.mark.window


@pytest.fixture
def ask(qtbot, texts: Texts):
    taken: list[bytearray] = []

    def make(state: str, *, refused: bool = False) -> tuple[PinDialog, list[bytearray]]:
        dialog = PinDialog(texts, PinQuestion.of(state, refused=refused), taken.append, what="Sẽ ký 3 văn bản.",
                           token="Thẻ 01", holder="Chủ tịch")
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog, taken

    return make


def test_enter_signs_and_hands_the_pin_over_once(qtbot, ask) -> None:
    dialog, taken = ask("ok")
    qtbot.keyClicks(dialog.pin, "12345678")
    assert dialog.pin.text() == "•" * 8
    with qtbot.waitSignal(dialog.given):
        qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    dialog.sign.click()
    assert taken == [bytearray(b"12345678")]
    assert dialog.pin.length == 0
    assert not dialog.isVisible()


def test_an_empty_pin_is_never_sent(qtbot, ask) -> None:
    dialog, taken = ask("ok")
    assert not dialog.sign.isEnabled()
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    assert (taken, dialog.isVisible()) == ([], True)


def test_the_last_try_needs_a_second_yes(qtbot, ask) -> None:
    dialog, taken = ask("last_try")
    assert dialog.consent.isVisible()
    qtbot.keyClicks(dialog.pin, "1234")
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    assert taken == []
    dialog.consent.click()
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    assert taken == [bytearray(b"1234")]


@pytest.mark.parametrize("state", ["locked", "not_set"])
def test_a_locked_token_takes_no_pin(qtbot, ask, state: str) -> None:
    dialog, taken = ask(state)
    assert not dialog.pin.isEnabled()
    assert not dialog.sign.isEnabled()
    assert taken == []


def test_the_state_of_the_token_is_told_before_typing(ask, texts: Texts) -> None:
    from PySide6.QtWidgets import QLabel

    for state in ("ok", "tries_low", "last_try", "locked", "unknown"):
        dialog, _ = ask(state)
        assert texts(f"pin_tries.{state}") in [label.text() for label in dialog.findChildren(QLabel)]


def test_giving_up_overwrites_what_was_typed(qtbot, ask) -> None:
    dialog, taken = ask("ok")
    qtbot.keyClicks(dialog.pin, "987654")
    kept = dialog.pin._pin
    with qtbot.waitSignal(dialog.given_up):
        qtbot.keyClick(dialog.pin, Qt.Key.Key_Escape)
    assert (bytes(kept), taken) == (b"", [])


def test_backspace_takes_back_whole_characters(qtbot) -> None:
    line = PinEdit()
    qtbot.addWidget(line)
    for typed in "1ắ2":
        qtbot.keyClicks(line, typed) if typed.isascii() else press(qtbot, line, typed)
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, "9")
    assert line.take() == bytearray(b"19")
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    assert line.take() == bytearray()


def press(qtbot, line: PinEdit, typed: str) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    QGuiApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, typed))


def test_the_clipboard_neither_gives_nor_takes(qtbot) -> None:
    line = PinEdit()
    qtbot.addWidget(line)
    QGuiApplication.clipboard().setText("4444")
    held = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(line, Qt.Key.Key_V, held)
    assert line.length == 0
    qtbot.keyClicks(line, "77")
    qtbot.keyClick(line, Qt.Key.Key_A, held)
    qtbot.keyClick(line, Qt.Key.Key_C, held)
    assert QGuiApplication.clipboard().text() == "4444"
    assert line.take() == bytearray(b"77")


def test_caps_lock_is_noticed_from_the_letters(qtbot, ask) -> None:
    dialog, _ = ask("ok")
    press(qtbot, dialog.pin, "A")
    assert dialog._caps.isVisible()
    press(qtbot, dialog.pin, "a")
    assert not dialog._caps.isVisible()


def test_a_pin_has_a_bounded_length(qtbot) -> None:
    line = PinEdit()
    qtbot.addWidget(line)
    qtbot.keyClicks(line, "1" * (LONGEST + 5))
    assert line.length == LONGEST


def test_overwriting_leaves_nothing() -> None:
    secret = bytearray(b"123456")
    overwrite(secret)
    assert secret == bytearray()
