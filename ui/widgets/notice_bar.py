"""The one road for messages: whatever must be told to the person goes through here, and waits until it was seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from ui.icons import icon
from ui.state.notices import Notice
from ui.texts import Texts
from ui.theme import TONES, Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import ToneMark, muted, plain, strong

KEPT = 20


class NoticeBar(QFrame):
    """Shows the newest notice; older unseen ones follow when it is closed. Good news gives way to anything newer."""

    closed = Signal()
    devices_wanted = Signal()       # the screen of devices, from a trouble with a key

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._waiting: list[Notice] = []
        self.setObjectName("notice")
        self._mark = ToneMark(Tone.NEWS, 26)
        self._heading, self._explanation, self._advice = strong(), plain(), plain()
        self._more = muted(small=True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(texts("notice.details"))
        self._details.setFixedHeight(self.fontMetrics().height() * 7)
        self._show_details = ActionButton(texts("notice.details"))
        self._show_details.setCheckable(True)
        self._show_details.toggled.connect(self._toggle_details)
        self._copy = ActionButton(texts("notice.copy"), picture="copy")
        self._copy.clicked.connect(self._copy_details)
        self.devices = ActionButton(texts("devices.see"), keys="Alt+D", picture="token")
        self.devices.clicked.connect(self.devices_wanted)
        self._close = QToolButton()
        self._close.setProperty("rank", "plain")
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName(texts("notice.close"))
        self._close.setToolTip(texts("notice.close"))
        self._close.clicked.connect(self.close_newest)
        self._build()
        self.hide()

    @property
    def newest(self) -> Notice | None:
        return self._waiting[-1] if self._waiting else None

    def tell(self, notice: Notice) -> None:
        """Show a notice above those not yet closed."""
        self._waiting = [old for old in self._waiting if old.tone not in ("good", "news") and old != notice]
        self._waiting = [*self._waiting, notice][-KEPT:]
        self._show()

    def trouble(self, error: BaseException) -> None:
        self.tell(Notice.of_trouble(error, self._texts))

    def good(self, code: str, **blanks: object) -> None:
        self.tell(Notice.good(self._texts, code, **blanks))

    def news(self, code: str, **blanks: object) -> None:
        self.tell(Notice.news(self._texts, code, **blanks))

    def withdraw(self, notice: Notice) -> None:
        """It is no longer true: what it told of is being done again."""
        self._waiting = [each for each in self._waiting if each is not notice]
        self._show()

    def close_newest(self) -> None:
        if self._waiting:
            self._waiting.pop()
        self._show()
        self.closed.emit()

    def _build(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(3)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.devices)
        buttons.addWidget(self._show_details)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        for part in (self._heading, self._explanation, self._advice):
            said.addWidget(part)
        said.addLayout(buttons)
        said.addWidget(self._details)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 10)
        row.setSpacing(12)
        side = QVBoxLayout()
        side.addWidget(self._mark)
        side.addStretch(1)
        row.addLayout(side)
        row.addLayout(said, 1)
        end = QVBoxLayout()
        end.addWidget(self._close)
        end.addStretch(1)
        row.addLayout(end)

    def _show(self) -> None:
        notice = self.newest
        self.setVisible(notice is not None)
        if notice is None:
            return
        tone = Tone(notice.tone)
        colours = TONES[tone]
        self._mark.show_tone(tone)
        for label, text in ((self._heading, notice.heading), (self._explanation, notice.explanation),
                            (self._advice, notice.advice)):
            label.setText(text)
            label.setVisible(bool(text))
        self._details.setPlainText(notice.details)
        self._details.hide()
        self._show_details.setChecked(False)
        self._show_details.setVisible(bool(notice.details))
        self._copy.setVisible(bool(notice.details))
        self.devices.setVisible(notice.about_keys)
        others = len(self._waiting) - 1
        self._more.setText(self._texts("notice.more", count=others) if others else "")
        self._more.setVisible(bool(others))
        self.setStyleSheet(
            f"QFrame#notice {{ background: {colours.wash}; border: 1px solid {colours.line};"
            f" border-radius: 8px; }}"
            f" QFrame#notice > QLabel {{ color: {colours.ink}; }}")
        self.setAccessibleName(notice.spoken)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _toggle_details(self, on: bool) -> None:
        self._details.setVisible(on)

    def _copy_details(self) -> None:
        notice = self.newest
        if notice is not None:
            QGuiApplication.clipboard().setText(f"{notice.spoken}\n\n{notice.details}")
            self._more.setText(self._texts("notice.copied"))
            self._more.show()
