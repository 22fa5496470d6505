"""Pages side by side, each with its signature in its place, a mark and a word; arrows walk from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from docclient.office.model import DocumentId
from ui.icons import pixmap
from ui.state.contact_sheet import SheetItem
from ui.texts import Texts
from ui.theme import ACCENT, ACCENT_WASH, ICON_OF_TONE, INK, LINE, MUTED, SURFACE, TONES, Tone, small_font, strong_font

PAGE_WIDTH, PAGE_HEIGHT = 138, 196          # pixels of a thumbnail: an A4 page
PADDING, MARK = 10, 18
ITEM_ROLE = int(Qt.ItemDataRole.UserRole)


class SheetView(QListWidget):
    """The contact sheet's grid."""

    chosen = Signal(object)         # DocumentId or None

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._pictures: dict[DocumentId, tuple[int, QPixmap]] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(6)
        self.setAccessibleName(texts("places_sheet.list"))
        self.setItemDelegate(Cards(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.currentItemChanged.connect(
            lambda item, _before: self.chosen.emit(item.data(ITEM_ROLE).id if item is not None else None))

    def show_items(self, items: Sequence[SheetItem]) -> None:
        """In place: what is chosen stays chosen."""
        while self.count() < len(items):
            self.addItem(QListWidgetItem())
        while self.count() > len(items):
            self.takeItem(self.count() - 1)
        for row, shown in enumerate(items):
            item = self.item(row)
            if item.data(ITEM_ROLE) != shown:
                item.setData(ITEM_ROLE, shown)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, shown.spoken(self._texts))
                item.setData(Qt.ItemDataRole.ToolTipRole, shown.spoken(self._texts))

    def choose(self, document: DocumentId) -> None:
        for row in range(self.count()):
            if self.item(row).data(ITEM_ROLE).id == document:
                self.setCurrentRow(row)

    def thumbnail(self, shown: SheetItem) -> QPixmap | None:
        """Scaled once per picture."""
        png = shown.plan.plan.picture if shown.plan is not None and shown.plan.plan is not None else None
        if png is None:
            return None
        known = self._pictures.get(shown.id)
        if known is None or known[0] != id(png):
            ratio = self.devicePixelRatioF()
            image = QImage.fromData(png).scaled(
                round(PAGE_WIDTH * ratio), round(PAGE_HEIGHT * ratio), Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation)
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(ratio)
            known = self._pictures[shown.id] = id(png), picture
        return known[1]

    def card_size(self) -> QSize:
        line = QFontMetrics(self.font()).height()
        return QSize(PAGE_WIDTH + 4 * PADDING, PAGE_HEIGHT + 3 * PADDING + 4 * line + 4)


class Cards(QStyledItemDelegate):
    """One document: the page, two lines of its subject, mark and word."""

    def __init__(self, view: SheetView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._view.card_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        shown: SheetItem = index.data(ITEM_ROLE)
        texts, area = self._view._texts, option.rect.adjusted(2, 2, -2, -2)
        tone = Tone(shown.tone)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = ACCENT if current else TONES[tone].line if tone in (Tone.BAD, Tone.DOUBT) else LINE
        painter.setPen(QPen(QColor(edge), 3 if current else 1.5))
        painter.setBrush(QColor(ACCENT_WASH if current else SURFACE))
        painter.drawRoundedRect(area, 8, 8)
        page = QRect(area.center().x() - PAGE_WIDTH // 2, area.top() + PADDING, PAGE_WIDTH, PAGE_HEIGHT)
        if shown.left_out:
            painter.setOpacity(0.4)
        self._paint_page(painter, shown, page, texts)
        metrics = QFontMetrics(strong_font(self._view.font()))
        words = QRect(area.left() + PADDING, page.bottom() + 8, area.width() - 2 * PADDING, metrics.height() * 2 + 2)
        painter.setFont(small_font(self._view.font()))
        painter.setPen(QColor(INK))
        painter.drawText(words, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop,
                         shortened(painter.fontMetrics(), shown.subject, words))
        painter.setOpacity(1.0)
        foot = QRect(words.left(), words.bottom() + 4, words.width(), metrics.height() * 2)
        painter.drawPixmap(foot.left(), foot.top(), pixmap(
            "warning" if tone is Tone.DOUBT else ICON_OF_TONE[tone], MARK, TONES[tone].line,
            self._view.devicePixelRatioF()))
        painter.setPen(QColor(TONES[tone].ink))
        said = foot.adjusted(MARK + 6, 0, 0, 0)
        painter.drawText(said, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop,
                         shortened(painter.fontMetrics(), shown.word(texts), said))
        painter.restore()

    def _paint_page(self, painter: QPainter, shown: SheetItem, page: QRect, texts: Texts) -> None:
        picture = self._view.thumbnail(shown)
        if picture is None:
            painter.setPen(QPen(QColor(LINE), 1))
            painter.setBrush(QColor("#ffffff"))
            painter.drawRect(page)
            painter.setPen(QColor(MUTED))
            painter.setFont(small_font(self._view.font()))
            painter.drawText(page, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                             texts("places_sheet.waiting") if shown.plan is None else "—")
            return
        size = picture.deviceIndependentSize().toSize()
        place = QRect(page.center().x() - size.width() // 2, page.bottom() - size.height() + 1, size.width(),
                      size.height())
        painter.drawPixmap(place.topLeft(), picture)
        painter.setPen(QPen(QColor(LINE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)


def shortened(metrics: QFontMetrics, text: str, area: QRect) -> str:
    """As many words as the area takes, with an ellipsis where it is too long."""
    flags = int(Qt.TextFlag.TextWordWrap)
    if metrics.boundingRect(area, flags, text).height() <= area.height():
        return text
    words = text.split()
    while words and metrics.boundingRect(area, flags, " ".join(words) + "…").height() > area.height():
        words.pop()
    return " ".join(words) + "…"
