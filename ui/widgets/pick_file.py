"""A PDF, or what was written in an office program and becomes one, that may go with an answer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from docclient.desk.drafting import WRITTEN
from ui.icons import icon
from ui.texts import Texts
from ui.widgets.labels import plain

KINDS = ("*.pdf", *sorted(f"*{ending}" for ending in WRITTEN))


class PickFile(QWidget):
    """A button that asks for the file, its name beside it, and a button that takes it away again."""

    answered = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.file: Path | None = None
        self.dialog: QFileDialog | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.button = QPushButton(texts("form.choose_file"))
        self.button.clicked.connect(self.ask)
        self._name = plain()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.away = QPushButton()
        self.away.setIcon(icon("close"))
        self.away.clicked.connect(lambda: self.choose(None))
        layout.addWidget(self.button)
        layout.addWidget(self._name, 1)
        layout.addWidget(self.away)
        self.setFocusProxy(self.button)
        self.choose(None)

    def ask(self) -> None:
        dialog = self.dialog = QFileDialog(self.window(), self._texts("form.choose_file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{self._texts('draft.kinds')} ({' '.join(KINDS)})")
        dialog.fileSelected.connect(lambda chosen: self.choose(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def choose(self, file: Path | None) -> None:
        self.file = file
        self._name.setText(file.name if file is not None else self._texts("form.no_file"))
        self._name.setToolTip(str(file) if file is not None else "")
        words = self._texts("form.take_away", name=file.name) if file is not None else ""
        self.away.setToolTip(words)
        self.away.setAccessibleName(words)
        if file is None and self.away.hasFocus():
            self.button.setFocus()
        self.away.setVisible(file is not None)
        self.answered.emit()

    def value(self) -> str | None:
        """The place of the file on this machine; None without one."""
        return str(self.file) if self.file is not None else None
