"""One line about work in the background: what, how far, and a button that stops it."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from ui.texts import Texts
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import plain

STEPS = 1000        # the bar's own scale: sizes in bytes do not fit a C int


class ProgressStrip(QFrame):
    """Shown while a job runs; hidden otherwise."""

    cancel_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._stop: Event | None = None
        self.setProperty("role", "card")
        self._words = plain()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(180)
        self.cancel = ActionButton(texts("progress.cancel"), picture="close", keys="Esc")
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(14)
        row.addWidget(self._words, 2)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def begin(self, words: str, stop: Event | None = None) -> None:
        """Show that `words` goes on. Without `stop` it cannot be cancelled, and no button promises it."""
        self._stop = stop
        self._words.setText(words)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(words)
        self.cancel.setVisible(stop is not None)
        self.cancel.setEnabled(True)
        self.show()

    def progress(self, done: float, total: float, words: str = "") -> None:
        """How far it is; `total` 0 means not known."""
        if words:
            self._words.setText(words)
        if total > 0:
            self._bar.setRange(0, STEPS)
            self._bar.setValue(round(STEPS * min(done / total, 1.0)))
        else:
            self._bar.setRange(0, 0)

    def end(self) -> None:
        self._stop = None
        self._bar.setRange(0, 1)        # an unknown length animates for ever, also hidden
        self.hide()

    def _cancel(self) -> None:
        """Ask the job to stop, and say that it was heard: stopping may take until the next safe point."""
        if self._stop is not None:
            self._stop.set()
        self.cancel.setEnabled(False)
        self._words.setText(self._texts("progress.stopping"))
        self.cancel_wanted.emit()
