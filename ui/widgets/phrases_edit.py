"""Some lines of text with phrases at hand: Alt and a number puts one in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.texts import Texts
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.lines_edit import LinesEdit

AT_HAND = 9
SHOWN = 44       # letters of a phrase on its button; the whole stands in the tip


class PhrasesEdit(QWidget):
    """The person's own words first; the most used are numbered."""

    changed = Signal()

    def __init__(self, text: str, phrases: Sequence[str], texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LinesEdit(text, texts("phrases.hint") if phrases else texts("form.new_line"))
        self.lines.textChanged.connect(self.changed)
        self.lines.installEventFilter(self)
        self.buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.lines)
        held = QWidget()
        flow = FlowLayout(held, 6)
        for number, words in enumerate(phrases[:AT_HAND], start=1):
            short = words if len(words) <= SHOWN else f"{words[:SHOWN - 1]}…"
            button = QPushButton(f"{number}  {short}")
            button.setToolTip(texts("phrases.put_in", words=words, number=number))
            button.setAccessibleName(button.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)       # by keyboard it is Alt and the number; Tab stays short
            button.clicked.connect(lambda _checked=False, said=words: self.put_in(said))
            flow.addWidget(button)
            self.buttons.append(button)
        layout.addWidget(held)
        held.setVisible(bool(self.buttons))
        self.setFocusProxy(self.lines)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.lines.setAccessibleName(name)

    def text(self) -> str:
        return self.lines.toPlainText().strip()

    def toPlainText(self) -> str:
        """As a text edit has it."""
        return self.lines.toPlainText()

    def setPlainText(self, words: str) -> None:
        self.lines.setPlainText(words)

    def put_in(self, words: str) -> None:
        """At the end, after what stands there."""
        before = self.text()
        self.lines.setPlainText(f"{before} {words}" if before else words)
        cursor = self.lines.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.lines.setTextCursor(cursor)
        self.lines.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt and a number, before a shortcut of the window takes it."""
        if isinstance(event, QKeyEvent) and not isinstance(event, QShortcutEvent) \
                and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) \
                and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            place = event.key() - int(Qt.Key.Key_1)
            if 0 <= place < len(self.buttons):
                if event.type() is QEvent.Type.KeyPress:
                    self.buttons[place].click()
                event.accept()
                return True
        return super().eventFilter(watched, event)
