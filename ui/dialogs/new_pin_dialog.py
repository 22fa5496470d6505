"""A new PIN for a token: by its owner, who knows the old one, or by whoever has the administrator's PIN."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hmac import compare_digest

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from signing.tokens.listing import ListedToken, PinState
from signing.tokens.messages import wipe
from ui.dialogs.growing import GrowingDialog
from ui.dialogs.pin_dialog import tries_line
from ui.state.pins import PinQuestion
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.pin_edit import PinEdit

PinsTaker = Callable[[bytearray, bytearray, bool], None]
"""The known PIN, the new one, and whether the last try may be spent. Both belong to the taker, who overwrites them."""


class NewPinDialog(GrowingDialog):
    """Three lines: the PIN that is known, the new one, the new one again."""

    given_up = Signal()

    def __init__(self, texts: Texts, token: ListedToken, taker: PinsTaker, *, as_officer: bool,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._taker, self._done = texts, taker, False
        what = "unblock" if as_officer else "change"
        self._question = PinQuestion.for_officer(token.officer_pin) if as_officer else PinQuestion.of(token.pin.value)
        if self._question.state is PinState.OK and not as_officer:
            self._question = replace(self._question, words="devices.pin_ok")
        self._lengths = token.pin_lengths
        self.setWindowTitle(texts(f"new_pin.{what}"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 62)
        self.known, self.new, self.again = PinEdit(), PinEdit(), PinEdit()
        self.consent = QCheckBox(texts("new_pin.officer_consent" if as_officer else "pin_dialog.last_try_consent"))
        self.wrong, self._caps = plain(), plain(texts("pin_dialog.caps_lock"))
        self.wrong.setProperty("role", "wrong")
        self._caps.setStyleSheet(f"color: {TONES[Tone.DOUBT].ink};")
        self._caps.hide()
        self.save = ActionButton(texts(f"new_pin.{what}_do"), keys_shown="Enter", picture="key", rank=RANK_FIRST)
        self.save.setDefault(True)
        self.cancel = ActionButton(texts("form.cancel"), keys="Esc")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(title(texts(f"new_pin.{what}"), 1.3))
        layout.addWidget(muted(texts("new_pin.token", token=token.name, serial=token.serial)))
        layout.addWidget(tries_line(self._question, texts))
        for line, code in ((self.known, self._question.label if as_officer else "new_pin.current"),
                           (self.new, "new_pin.new"), (self.again, "new_pin.again")):
            label = strong(texts(code))
            label.setBuddy(line)
            line.setAccessibleName(texts(code))
            line.setEnabled(self._question.may_type)
            layout.addWidget(label)
            layout.addWidget(line)
            line.length_changed.connect(lambda _: self._show())
            line.caps_lock_seen.connect(self._caps.setVisible)
            line.returnPressed.connect(self._hand_over)
        if self._lengths.greatest is not None:
            layout.addWidget(muted(texts("new_pin.lengths", least=self._lengths.least or 1,
                                         greatest=self._lengths.greatest), small=True))
        layout.addWidget(self._caps)
        layout.addWidget(self.wrong)
        layout.addWidget(self.consent)
        if not self._question.needs_consent:
            self.consent.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        layout.addSpacing(6)
        layout.addLayout(row)
        self.consent.toggled.connect(lambda _: self._show())
        self.save.clicked.connect(self._hand_over)
        self.cancel.clicked.connect(self.reject)
        self._show()
        self.known.setFocus()

    def _why_not(self) -> str:
        """What keeps it from being sent; empty when nothing does."""
        if not self._question.may_sign(self.known.length, self.consent.isChecked()) or not self.new.length:
            return "new_pin.incomplete"
        if not self._lengths.take(self.new.length):
            return "new_pin.wrong_length"
        return "" if self.again.length else "new_pin.incomplete"

    def _show(self) -> None:
        code = self._why_not()
        self.save.setEnabled(not code)
        self.wrong.setText(self._texts(code) if code == "new_pin.wrong_length" else "")

    def _hand_over(self) -> None:
        if self._done or self._why_not():
            return
        new, again = self.new.take(), self.again.take()
        same = compare_digest(new, again)
        wipe(again)
        if not same:
            wipe(new)
            self.wrong.setText(self._texts("new_pin.differ"))
            self.new.setFocus()
            return
        self._done = True
        self._taker(self.known.take(), new, self._question.needs_consent)
        self.accept()

    def reject(self) -> None:
        for line in (self.known, self.new, self.again):
            line.forget()
        if not self._done:
            self._done = True
            self.given_up.emit()
        super().reject()
