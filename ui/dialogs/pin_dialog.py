"""Asks for the token's PIN: tries left told first, a second yes before the last one, Enter signs.

Also for what else a person types unseen: a key file's password, an account's, a PIN or code for a signing service.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog, grow_to_fit
from ui.state.pins import PinQuestion
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, muted, plain, strong, title
from ui.widgets.pin_edit import PinEdit

PinTaker = Callable[[bytearray], None]


class PinDialog(GrowingDialog):
    """One question for one PIN.

    The PIN goes to `taker` as a bytearray that belongs to the taker from then on (who overwrites it); it travels by a
    plain call and not by a signal, since a queued signal could keep a copy.
    """

    given = Signal()            # the PIN has been handed to the taker
    given_up = Signal()
    another_wanted = Signal()   # another key is to be chosen

    def __init__(self, texts: Texts, question: PinQuestion, taker: PinTaker, *, what: str, token: str = "",
                 holder: str = "", about: str = "", heading: str = "", may_choose: bool = False,
                 parent: QWidget | None = None) -> None:
        """Args:
            what: what will be signed, one sentence.
            token: the token's label. holder: whose certificate. about: a line in their place.
            heading: in place of "type the PIN to sign".
            may_choose: another key may be chosen instead.
        """
        super().__init__(parent)
        self._texts, self._taker, self._question = texts, taker, question
        self._about = about or texts("pin_dialog.token", token=token, holder=holder)
        self._heading = heading or texts("pin_dialog.heading")
        self._handed_over = False
        self.setWindowTitle(texts("pin_dialog.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 62)
        self.pin = PinEdit()
        self.pin.setAccessibleName(texts(question.label))
        self.consent = QCheckBox(texts("pin_dialog.last_try_consent"))
        self.sign = ActionButton(texts(question.button), keys_shown="Enter", picture="sign", rank=RANK_FIRST)
        self.sign.setDefault(True)
        self.cancel = ActionButton(texts("pin_dialog.cancel"), keys="Esc")
        self.another = ActionButton(texts("pin_dialog.another"), keys="Alt+C", picture="key")
        if not may_choose:
            self.another.hide()
        self.another.clicked.connect(self._choose_another)
        self._state_mark, self._state = ToneMark(Tone.QUIET, 20), muted()
        self._caps = plain(texts("pin_dialog.caps_lock"))
        self._caps.setStyleSheet(f"color: {TONES[Tone.DOUBT].ink};")
        self._refused = plain(texts(question.refused_words))
        self._refused.setProperty("role", "wrong")
        self._build(what)
        self.pin.length_changed.connect(lambda _: self._show())
        self.pin.caps_lock_seen.connect(self._caps.setVisible)
        self.pin.returnPressed.connect(self._hand_over)
        self.consent.toggled.connect(lambda _: self._show())
        self.sign.clicked.connect(self._hand_over)
        self.cancel.clicked.connect(self.reject)
        self._show()

    def _build(self, what: str) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(self._heading, 1.3))
        layout.addWidget(plain(what))
        layout.addWidget(muted(self._about))
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._state_mark, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        layout.addLayout(state)
        self._state_mark.hide()
        self._state.hide()
        if self._question.words:
            layout.addWidget(tries_line(self._question, self._texts))
        layout.addSpacing(4)
        label = strong(texts(self._question.label))
        label.setBuddy(self.pin)
        layout.addWidget(label)
        layout.addWidget(self.pin)
        layout.addWidget(self._caps)
        layout.addWidget(self._refused)
        layout.addWidget(self.consent)
        self._caps.hide()
        self._refused.setVisible(self._question.refused)
        self.consent.setVisible(self._question.needs_consent)
        self.pin.setEnabled(self._question.may_type)
        if self._question.own_entry:
            label.hide()
            self.pin.hide()
        row = QHBoxLayout()
        row.addWidget(self.another)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.sign)
        layout.addSpacing(6)
        layout.addLayout(row)
        self.pin.setFocus()

    def tell_state(self, tone: Tone, text: str) -> None:
        """What is known of the certificate by now: a quiet line, or a warning."""
        self._state_mark.show_tone(tone)
        self._state.setText(text)
        self._state_mark.show()
        self._state.show()
        self._state.setAccessibleName(text)
        grow_to_fit(self)

    def refuse(self) -> None:
        """Close without an answer: this key must not sign."""
        self._handed_over = True
        self.pin.forget()
        self.reject()

    @property
    def state_text(self) -> str:
        return self._state.text()

    def _choose_another(self) -> None:
        if not self._handed_over:
            self._handed_over = True
            self.pin.forget()
            self.accept()
            self.another_wanted.emit()

    def _show(self) -> None:
        self.sign.setEnabled(self._question.may_sign(self.pin.length, self.consent.isChecked()))
        self.pin.setAccessibleDescription(self._texts("pin_dialog.typed", count=self.pin.length))

    def _hand_over(self) -> None:
        if self._handed_over or not self._question.may_sign(self.pin.length, self.consent.isChecked()):
            return
        self._handed_over = True
        self._taker(self.pin.take())
        self.given.emit()
        self.accept()

    def reject(self) -> None:
        self.pin.forget()
        if not self._handed_over:
            self._handed_over = True
            self.given_up.emit()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.pin.forget()
        super().closeEvent(event)


def tries_line(question: PinQuestion, texts: Texts) -> QFrame:
    """What the token says about the tries left, on a ground of its tone."""
    tone = Tone(question.tone)
    frame = QFrame()
    frame.setObjectName("tries")
    frame.setStyleSheet(f"QFrame#tries {{ background: {TONES[tone].wash}; border-radius: 6px; }}"
                        f" QLabel {{ color: {TONES[tone].ink}; }}")
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 8, 12, 8)
    row.addWidget(ToneMark(tone, 20))
    row.addWidget(plain(texts(question.words)), 1)
    return frame
