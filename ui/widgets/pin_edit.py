"""A line for a PIN whose characters never enter a widget's text.

The line shows dots; the PIN is kept as UTF-8 in a bytearray that is overwritten. QLineEdit's own text is an immutable
copy with an undo history, so typed characters are taken before it sees them. Each key press makes one short-lived
string that Qt hands over: that one cannot be avoided.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

LONGEST = 64        # characters; tokens take far fewer


def overwrite(secret: bytearray) -> None:
    """Zeros over every byte, then empty."""
    secret[:] = bytes(len(secret))
    secret.clear()


class PinEdit(QLineEdit):
    """A password line. `take()` hands the PIN over and forgets it."""

    length_changed = Signal(int)
    caps_lock_seen = Signal(bool)       # what the last letter says about Caps Lock

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pin = bytearray()
        self._lengths: list[int] = []       # bytes of each character, for Backspace
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)      # no composing, no suggestions
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)

    def __del__(self) -> None:
        overwrite(self._pin)

    @property
    def length(self) -> int:
        """Characters typed."""
        return len(self._lengths)

    def take(self) -> bytearray:
        """The PIN; it now belongs to the caller, who overwrites it. The line is empty afterwards."""
        taken, self._pin = self._pin, bytearray()
        self._lengths.clear()
        self._show()
        return taken

    def forget(self) -> None:
        """Overwrite what was typed."""
        overwrite(self._pin)
        self._lengths.clear()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, typed = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)
            return
        if event.matches(QKeySequence.StandardKey.Paste) or event.matches(QKeySequence.StandardKey.Copy):
            event.accept()                   # a PIN does not belong on the clipboard
            return
        if key == Qt.Key.Key_Backspace:
            self._take_back()
        elif typed and typed.isprintable() and self.length < LONGEST \
                and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier):
            encoded = bytearray(typed.encode())
            self._pin += encoded
            self._lengths.append(len(encoded))
            overwrite(encoded)
            if typed.isalpha():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.caps_lock_seen.emit(typed.isupper() != shift)
            self._show()
        elif key == Qt.Key.Key_CapsLock:
            self.caps_lock_seen.emit(False)      # it was just pressed: the next letter tells
        event.accept()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def canInsertFromMimeData(self, _source: QMimeData) -> bool:
        return False

    def insertFromMimeData(self, _source: QMimeData) -> None:
        return

    def _take_back(self) -> None:
        if self._lengths:
            cut = self._lengths.pop()
            self._pin[-cut:] = bytes(cut)
            del self._pin[-cut:]
            self._show()

    def _show(self) -> None:
        self.setText("•" * self.length)
        self.length_changed.emit(self.length)
