"""The pieces of the screen of devices: a card per token, per key elsewhere, per library that was tried."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.state.devices import ChosenShown, Elsewhere, Line, ModuleShown, TokenShown
from ui.texts import Texts
from ui.theme import ACCENT, Tone
from ui.widgets.action_button import RANK_AGAINST, ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ToneMark, card, muted, plain, strong


def marked(line: Line) -> QHBoxLayout:
    """A sentence beside the icon of its tone."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(ToneMark(Tone(line.tone), 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(plain(line.words, selectable=True), 1)
    return row


def picture(name: str) -> QLabel:
    label = QLabel()
    label.setPixmap(pixmap(name, 30, ACCENT, label.devicePixelRatioF()))
    return label


class TokenCard(QFrame):
    """A token: whose it is, the state of its PIN, what lies on it, and what can be done."""

    change_wanted = Signal(object)      # ListedToken
    unblock_wanted = Signal(object)

    def __init__(self, shown: TokenShown, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setProperty("role", "card")
        self.setAccessibleName(shown.heading)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(strong(shown.heading))
        if shown.about:
            head.addWidget(muted(shown.about, small=True))
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(head)
        if shown.pin.words:
            column.addLayout(marked(shown.pin))
        if shown.advice:
            column.addLayout(marked(Line("doubt", shown.advice)))
        for line in shown.certificates:
            column.addLayout(marked(line))
        self.change = ActionButton(texts("devices.change_pin"), picture="key")
        self.unblock = ActionButton(texts("devices.unblock_pin"), picture="lock")
        if shown.token.initialised:
            buttons = FlowLayout()
            for button, may in ((self.change, shown.may_change), (self.unblock, shown.may_unblock)):
                button.setEnabled(may)
                button.setAccessibleName(f"{button.text()}: {shown.heading}")
                buttons.addWidget(button)
            column.addLayout(buttons)
        self.change.clicked.connect(lambda: self.change_wanted.emit(shown.token))
        self.unblock.clicked.connect(lambda: self.unblock_wanted.emit(shown.token))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(14)
        row.addWidget(picture("token"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)


class ElsewhereCard(QFrame):
    """Key files and accounts, a line each."""

    test_wanted = Signal(object)        # Elsewhere
    remove_wanted = Signal(object)

    def __init__(self, shown: Elsewhere, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setProperty("role", "card")
        self.setAccessibleName(shown.heading)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(strong(shown.heading))
        said.addWidget(muted(shown.about, small=True))
        if shown.note:
            said.addWidget(muted(shown.note, small=True))
        self.test = ActionButton(texts("devices.test"))
        self.remove = ActionButton(texts("devices.remove"), rank=RANK_AGAINST)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(14)
        row.addWidget(picture("key" if shown.is_file else "send"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        for button in (self.test, self.remove):
            button.setAccessibleName(f"{button.text()}: {shown.heading}")
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        if shown.is_file:
            self.test.hide()
        self.test.clicked.connect(lambda: self.test_wanted.emit(shown))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(shown))


class ChosenCard(QFrame):
    """The choice that is remembered for one purpose."""

    forget_wanted = Signal(object)      # Purpose

    def __init__(self, shown: ChosenShown, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.forget = ActionButton(texts("devices.forget"))
        self.forget.setAccessibleName(f"{self.forget.text()}: {shown.words}")
        self.forget.clicked.connect(lambda: self.forget_wanted.emit(shown.purpose))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.addWidget(plain(shown.words, selectable=True), 1)
        row.addWidget(self.forget)


def modules_card(shown: Sequence[ModuleShown], texts: Texts) -> QFrame:
    """Every library that was tried: where, what was tried, what happened, what to do."""
    frame, column = card(padding=16, spacing=10)
    for number, module in enumerate(shown):
        part = QVBoxLayout()
        part.setSpacing(2)
        part.addWidget(strong(module.path))
        part.addLayout(marked(Line(module.state.tone, texts("devices.happened", what=module.state.words))))
        part.addWidget(muted(texts("devices.tried", tried=module.tried), small=True))
        if module.advice:
            part.addWidget(plain(texts("devices.to_do", advice=module.advice), selectable=True))
        if number:
            column.addSpacing(4)
        column.addLayout(part)
    if not shown:
        column.addWidget(plain(texts("devices.no_module")))
    frame.setAccessibleName(texts("devices.modules"))
    return frame
