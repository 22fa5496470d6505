"""Passwords: entering with one, setting one for somebody, changing one's own. What is typed is in no widget's
history."""

from __future__ import annotations

from pydantic import SecretStr
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.pin_edit import PinEdit, overwrite


class PasswordDialog(GrowingDialog):
    """One or two lines for passwords; a new one is asked for twice. Stays open until it was accepted."""

    given = Signal(object)          # dict of SecretStr: "present" and "new", as far as they were asked for

    def __init__(self, texts: Texts, heading: str, about: str, confirm: str, *, present: bool, new: bool,
                 parent: QWidget | None = None) -> None:
        """present: ask for the password that counts now. new: ask for a new one, twice."""
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self.lines: dict[str, PinEdit] = {}
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        self.caps = muted(texts("password.caps_lock"), small=True)
        self.caps.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(muted(about))
        layout.addSpacing(4)
        names = [*(["present"] if present else []), *(["new", "again"] if new else [])]
        for name in names:
            self._add(name, layout)
        if new:
            layout.addWidget(muted(texts("password.rule"), small=True))
        layout.addWidget(self.caps)
        layout.addWidget(self._trouble)
        self.confirm = ActionButton(confirm, keys_shown="Enter", rank=RANK_FIRST)
        self.confirm.clicked.connect(self._give)
        self.cancel = ActionButton(texts("form.cancel"), keys="Esc")
        self.cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)
        self.finished.connect(lambda _: self._forget())
        next(iter(self.lines.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, name: str, layout: QVBoxLayout) -> None:
        words = self._texts(f"password.{name}")
        line = self.lines[name] = PinEdit()
        line.setAccessibleName(words)
        line.caps_lock_seen.connect(self.caps.setVisible)
        line.returnPressed.connect(self._go_on)
        label = strong(words)
        label.setBuddy(line)
        layout.addWidget(label)
        layout.addWidget(line)

    def _go_on(self) -> None:
        """Enter: the next empty line, else the answer."""
        empty = next((line for line in self.lines.values() if not line.length), None)
        if empty is not None:
            empty.setFocus()
        else:
            self._give()

    def _give(self) -> None:
        taken = {name: secret_of(line) for name, line in self.lines.items()}
        again = taken.pop("again", None)
        if again is not None and again.get_secret_value() != taken["new"].get_secret_value():
            self.refuse(self._texts("password.differ"))
            return
        self._trouble.hide()
        self.confirm.setEnabled(False)
        self.given.emit(taken)

    def refuse(self, words: str) -> None:
        """Not accepted: say why; it is typed anew."""
        self.confirm.setEnabled(True)
        self._trouble.setText(words)
        self._trouble.show()
        self._forget()
        next(iter(self.lines.values())).setFocus()

    def refuse_error(self, error: Exception) -> None:
        words = self._texts.trouble(error)
        self.refuse(" ".join(part for part in (words.heading, words.explanation, words.advice) if part))

    def _forget(self) -> None:
        for line in self.lines.values():
            line.forget()


def secret_of(line: PinEdit) -> SecretStr:
    typed = line.take()
    secret = SecretStr(typed.decode())
    overwrite(typed)
    return secret
