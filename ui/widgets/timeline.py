"""The timeline: newest first, a dot per act on a rail, what was said beneath."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QObject, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.state.timeline import Moment
from ui.tables.rows import NOWHERE, ROW_ROLE, Index
from ui.theme import ACCENT_WASH, FOCUS, INK, LINE, MUTED, TONES, Tone, small_font, strong_font

LEFT, PAD, RADIUS = 30, 8, 5


class TimelineModel(QAbstractListModel):
    """Moments in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._moments: list[Moment] = []

    def show_moments(self, moments: Sequence[Moment]) -> None:
        self.beginResetModel()
        self._moments = list(moments)
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._moments)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._moments):
            return None
        moment = self._moments[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return moment.spoken
        if role == ROW_ROLE:
            return moment
        return None


class MomentDelegate(QStyledItemDelegate):
    """Draws one moment; its height follows the width of the view."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        moment: Moment = index.data(ROW_ROLE)
        area, view = option.rect, self.parent()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(view, QListView) and view.hasFocus() and view.currentIndex() == index:
            painter.fillRect(area, QColor(ACCENT_WASH))
            painter.setPen(QPen(QColor(FOCUS), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        centre, first = QPointF(area.left() + 14, area.top() + PAD + 9), index.row() == 0
        last = index.row() == index.model().rowCount() - 1
        painter.setPen(QPen(QColor(LINE), 2))
        if not first:
            painter.drawLine(QPointF(centre.x(), area.top()), QPointF(centre.x(), centre.y() - RADIUS - 1))
        if not last:
            painter.drawLine(QPointF(centre.x(), centre.y() + RADIUS + 1), QPointF(centre.x(), area.bottom() + 1))
        painter.setPen(QPen(QColor(TONES[Tone(moment.tone)].line), 2))
        painter.setBrush(QColor(TONES[Tone(moment.tone)].line if first else "#ffffff"))
        painter.drawEllipse(centre, RADIUS, RADIUS)
        top = area.top() + PAD
        for text, font, colour, height in self._lines(moment, option, area.width()):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(QRect(area.left() + LEFT, top, area.width() - LEFT - PAD, height),
                             Qt.TextFlag.TextWordWrap, text)
            top += height
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 300
        heights = [height for _, _, _, height in self._lines(index.data(ROW_ROLE), option, width)]
        return QSize(0, sum(heights) + 2 * PAD)

    def _lines(self, moment: Moment, option: QStyleOptionViewItem, width: int) -> list[tuple[str, object, str, int]]:
        small = small_font(option.font)
        meta = " · ".join(part for part in (moment.who, moment.when) if part)
        lines = []
        for text, font, colour in ((moment.what, strong_font(option.font), INK), (meta, small, MUTED),
                                   (moment.words, option.font, INK)):
            if text:
                box = QFontMetrics(font).boundingRect(QRect(0, 0, max(width - LEFT - PAD, 60), 10_000),
                                                      Qt.TextFlag.TextWordWrap, text)
                lines.append((text, font, colour, box.height() + 2))
        return lines


class Timeline(QListView):
    """Shows moments, newest first as they come."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments = TimelineModel(self)
        self.setModel(self._moments)
        self.setItemDelegate(MomentDelegate(self))
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)
        self.setTabKeyNavigation(False)

    def show_moments(self, moments: Sequence[Moment]) -> None:
        self._moments.show_moments(moments)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()
