"""A button that shows its shortcut beside its words."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.icons import pixmap
from ui.theme import DISABLED_INK, INK, TONES, Tone, small_font

RANK_FIRST, RANK_PLAIN, RANK_AGAINST = "first", "plain", "against"
ICON, SPACE, SIDE = 20, 9, 16


class ActionButton(QPushButton):
    """A push button; `keys` work anywhere in its window while it can be seen and is on.

    keys_shown: a key printed on the button that somebody else listens to (Enter in a dialog's line).
    rank: "first" for what people mostly do here, "against" for refusals, "plain" for the rest.
    """

    def __init__(self, text: str, *, keys: str = "", keys_shown: str = "", picture: str = "",
                 rank: str = RANK_PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._keys = QKeySequence(keys)
        self._keys_shown = keys_shown
        self._picture = picture
        self.setProperty("rank", rank)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._shortcut: QShortcut | None = None
        if keys:
            # a shortcut of its own, not QAbstractButton's: setText() would drop that one
            self._shortcut = QShortcut(self._keys, self)
            self._shortcut.activated.connect(self._by_key)
        self.setAccessibleDescription(self.keys_text)
        if self.keys_text:
            self.setToolTip(f"{text} ({self.keys_text})")

    @property
    def keys_text(self) -> str:
        """The shortcut as this system writes it, with the word that stands on the keys."""
        written = self._keys.toString(QKeySequence.SequenceFormat.NativeText) or self._keys_shown
        return written.replace("Return", "Enter")

    @property
    def rank(self) -> str:
        return str(self.property("rank"))

    def _by_key(self) -> None:
        if self.isEnabled() and self.isVisible():
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.click()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """Room for the words; where it is narrow the key goes before they do (it stays in the tooltip)."""
        metrics = QFontMetrics(self.font())
        width = 2 * SIDE + metrics.horizontalAdvance(self.text()) + 2       # in the exact width Qt elides already
        if self._picture:
            width += ICON + SPACE
        return QSize(width, max(metrics.height(), ICON) + 20)

    def sizeHint(self) -> QSize:
        least = self.minimumSizeHint()
        return least if not self.keys_text else QSize(least.width() + self._room_for_keys(), least.height())

    def _room_for_keys(self) -> int:
        return SPACE + QFontMetrics(small_font(self.font())).horizontalAdvance(self.keys_text) + 16

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self._ink()
        content = self.rect().adjusted(SIDE, 0, -SIDE, 0)
        if self._picture:
            painter.drawPixmap(content.left(), (self.height() - ICON) // 2,
                               pixmap(self._picture, ICON, ink, self.devicePixelRatioF()))
            content.setLeft(content.left() + ICON + SPACE)
        if self.keys_text and self.width() >= self.sizeHint().width():
            content.setRight(self._paint_keys(painter, content, ink) - SPACE)
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        painter.drawText(content, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                         painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, content.width()))

    def _paint_keys(self, painter: QPainter, content: QRect, ink: str) -> int:
        """The key cap at the right; says where it begins."""
        painter.setFont(small_font(self.font()))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(self.keys_text) + 12, metrics.height() + 4
        cap = QRect(content.right() - width + 7, (self.height() - height) // 2, width, height)
        line = QColor(ink)
        line.setAlpha(110)
        painter.setPen(QPen(line, 1))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(ink))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.keys_text)
        return cap.left()

    def _ink(self) -> str:
        if not self.isEnabled():
            return DISABLED_INK
        return {RANK_FIRST: "#ffffff", RANK_AGAINST: TONES[Tone.BAD].ink}.get(self.rank, INK)
