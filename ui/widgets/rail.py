"""The rail at the left: where one can go, how much waits there, the key that goes there. On a low screen, or with large
letters, its middle scrolls; the office's name above and who sits here below stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import pixmap
from ui.theme import FOCUS_ON_DARK, RAIL, RAIL_INK, small_font, strong_font
from ui.widgets.labels import plain

WIDTH = 260
HEIGHT, LEAST_HEIGHT = 44, 32     # of a button: where there is room, and on a low screen
BAR = 8                           # the scroll bar
ON, OVER = "#2f5699", "#24457c"
FAINT = "#c5d3ea"


@dataclass(frozen=True, slots=True)
class Destination:
    """key: the window's own name for it. keys: the shortcut, printed on the button."""

    key: str
    title: str
    picture: str
    keys: str


class RailButton(QPushButton):
    """One destination."""

    def __init__(self, where: Destination, *, checkable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.where, self.count = where, 0
        self._keys = QKeySequence(where.keys).toString(QKeySequence.SequenceFormat.NativeText)
        self.setCheckable(checkable)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)    # lower where there is no room
        self.show_count(0)
        self.setToolTip(f"{where.title} ({self._keys})" if self._keys else where.title)
        if where.keys:
            shortcut = QShortcut(QKeySequence(where.keys), self)
            shortcut.activated.connect(self.click)

    def show_count(self, count: int) -> None:
        self.count = count
        self.setAccessibleName(f"{self.where.title}: {count}" if count else self.where.title)
        self.setAccessibleDescription(self._keys)
        self.update()

    def sizeHint(self) -> QSize:
        """Words, a count of two digits, and the key."""
        words = QFontMetrics(strong_font(self.font())).horizontalAdvance(self.where.title)
        keys = QFontMetrics(small_font(self.font(), 0.8)).horizontalAdvance(self._keys)
        # a name that is longer than about twenty letters is cut rather than the page beside it
        width = min(42 + words + 30 + keys + 16, QFontMetrics(self.font()).averageCharWidth() * 26)
        return QSize(max(width, WIDTH - 24), max(HEIGHT, QFontMetrics(self.font()).height() + 18))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, max(LEAST_HEIGHT, QFontMetrics(self.font()).height() + 12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, area = QPainter(self), self.rect().adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = ON if self.isChecked() else OVER if self.underMouse() else RAIL
        painter.setPen(QPen(QColor(FOCUS_ON_DARK), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(area, 7, 7)
        painter.drawPixmap(area.left() + 10, (self.height() - 22) // 2,
                           pixmap(self.where.picture, 22, RAIL_INK, self.devicePixelRatioF()))
        words = QFontMetrics(strong_font(self.font())).horizontalAdvance(self.where.title)
        keys = QFontMetrics(small_font(self.font(), 0.8)).horizontalAdvance(self._keys)
        fits = 46 + words + 14 + keys + (40 if self.count else 0) <= area.width()     # else the words, not the key
        right = self._paint_keys(painter, area) if fits else area.right() - 6
        if self.count:
            right = self._paint_count(painter, right)
        painter.setFont(strong_font(self.font()) if self.isChecked() else self.font())
        painter.setPen(QColor(RAIL_INK))
        room = QRect(area.left() + 42, area.top(), right - area.left() - 46, area.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                         painter.fontMetrics().elidedText(self.where.title, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_keys(self, painter: QPainter, area: QRect) -> int:
        painter.setFont(small_font(self.font(), 0.8))
        painter.setPen(QColor(FAINT))
        width = painter.fontMetrics().horizontalAdvance(self._keys)
        painter.drawText(QRect(area.right() - width - 8, area.top(), width, area.height()),
                         Qt.AlignmentFlag.AlignVCenter, self._keys)
        return area.right() - width - 14

    def _paint_count(self, painter: QPainter, right: int) -> int:
        painter.setFont(small_font(strong_font(self.font()), 0.9))
        text = str(self.count) if self.count < 1000 else "999+"
        height = painter.fontMetrics().height() + 2
        width = max(painter.fontMetrics().horizontalAdvance(text) + 14, height)
        pill = QRect(right - width, (self.height() - height) // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(RAIL_INK))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(RAIL))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return pill.left() - 6


class Rail(QWidget):
    """Destinations above; who sits here and what concerns them below."""

    chosen = Signal(str)            # the destination's key

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(name)
        self.setFixedWidth(WIDTH)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, RailButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 16, 12, 14)
        self._layout.setSpacing(4)
        held = QWidget()
        held.setObjectName("railPlaces")
        self._places = QVBoxLayout(held)
        self._places.setContentsMargins(0, 0, 0, 0)
        self._places.setSpacing(2)
        self.area = QScrollArea()
        self.area.setObjectName("railPlaces")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)        # its buttons have the focus; it follows them
        self.area.setWidget(held)
        self._into = self._places
        self._gap = False

    def head(self, office: str) -> None:
        label = plain(office)
        label.setFont(strong_font(label.font()))
        self._layout.addWidget(label)
        self._layout.addSpacing(10)
        self._layout.addWidget(self.area, 1)

    def add(self, where: Destination) -> None:
        button = RailButton(where)
        button.clicked.connect(lambda: self.chosen.emit(where.key))
        self._group.addButton(button)
        self.buttons[where.key] = button
        self._put(button)

    def gap(self) -> None:
        """A thin line: what follows is of another kind."""
        self._gap = True

    def _draw_gap(self) -> None:
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet(f"background: {ON};")
        self._places.addSpacing(3)
        self._places.addWidget(line)
        self._places.addSpacing(3)
        self._gap = False

    def foot(self, name: str, title: str) -> None:
        self._places.addStretch(1)
        self._into, self._gap = self._layout, False
        self._layout.addSpacing(6)
        who = plain(name)
        who.setFont(strong_font(who.font()))
        self._layout.addWidget(who)
        if title and title != name:
            post = plain(title)
            post.setFont(small_font(post.font()))
            self._layout.addWidget(post)
        self._layout.addSpacing(4)

    def act(self, where: Destination, act: Callable[[], None]) -> RailButton:
        """A button that does something instead of going somewhere."""
        button = RailButton(where, checkable=False)
        button.clicked.connect(lambda: act())
        self._put(button)
        return button

    def _put(self, button: RailButton) -> None:
        if self._gap:
            self._draw_gap()
        self._into.addWidget(button)
        self.setFixedWidth(max(self.width(), button.sizeHint().width() + 24 + BAR))

    def show_at(self, key: str | None) -> None:
        """Mark where the window is; None where it is at none of them."""
        self._group.setExclusive(False)
        for name, button in self.buttons.items():
            button.setChecked(name == key)
            if name == key:
                self.area.ensureWidgetVisible(button, 0, 0)
        self._group.setExclusive(key is not None)

    def show_count(self, key: str, count: int) -> None:
        if key in self.buttons:
            self.buttons[key].show_count(count)
