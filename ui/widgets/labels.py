"""Labels in the few kinds the window uses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.theme import ICON_OF_TONE, TONES, Tone, heading_font, small_font, strong_font


def plain(text: str = "", *, selectable: bool = False) -> QLabel:
    """A wrapped label of plain text: what comes from a document is never taken for mark-up."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        label.setCursor(Qt.CursorShape.IBeamCursor)
    return label


def title(text: str = "", times: float = 1.45) -> QLabel:
    label = plain(text)
    label.setFont(heading_font(label.font(), times))
    label.setProperty("role", "title")
    return label


def strong(text: str = "") -> QLabel:
    label = plain(text)
    label.setFont(strong_font(label.font()))
    return label


def muted(text: str = "", *, small: bool = False) -> QLabel:
    label = plain(text)
    label.setProperty("role", "muted")
    if small:
        label.setFont(small_font(label.font()))
    return label


class Toned(QLabel):
    """A line in a tone's ink. Its icon must stand beside it: see `ToneMark`."""

    def __init__(self, tone: Tone, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setFont(strong_font(self.font()))
        self.show_tone(tone)

    def show_tone(self, tone: Tone) -> None:
        self.setStyleSheet(f"color: {TONES[tone].ink};")


class ToneMark(QLabel):
    """The icon of a tone; the word stands beside it, so it is silent for screen readers."""

    def __init__(self, tone: Tone, size: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setFixedSize(size, size)
        self.show_tone(tone)

    def show_tone(self, tone: Tone, picture: str = "") -> None:
        """picture: another icon than the tone's own."""
        self.tone = tone
        self.setPixmap(pixmap(picture or ICON_OF_TONE[tone], self._size, TONES[tone].line, self.devicePixelRatioF()))


def card(*, padding: int = 16, spacing: int = 8) -> tuple[QFrame, QVBoxLayout]:
    """A white ground with a thin outline, and its layout."""
    frame = QFrame()
    frame.setProperty("role", "card")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(padding, padding, padding, padding)
    layout.setSpacing(spacing)
    return frame, layout


def rule() -> QFrame:
    """A thin line across."""
    line = QFrame()
    line.setProperty("role", "rule")
    line.setFixedHeight(1)
    return line
