"""The pages of a pile side by side, each with its number and what is wrong with it; arrows walk along them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.icons import pixmap
from ui.state.pile import PageCard
from ui.texts import Texts
from ui.theme import ACCENT, ACCENT_WASH, ICON_OF_TONE, INK, LINE, MUTED, SURFACE, TONES, Tone, small_font, strong_font
from ui.widgets.sheet_view import shortened

PAGE_WIDTH, PAGE_HEIGHT = 112, 158          # pixels: an A4 page
PADDING, MARK = 10, 16
CARD = int(Qt.ItemDataRole.UserRole)


class PileView(QListWidget):
    """A grid of cards; the page that is chosen stays chosen when its place changes."""

    chosen = Signal(object)         # PageCard or None
    moved_by_hand = Signal(int, int)        # from which place to which, by the mouse

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[tuple[str, int, int], QPixmap] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(5)
        self.setAccessibleName(texts("pile.list"))
        self.setItemDelegate(_Cards(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.viewport().setAcceptDrops(True)        # setMovement(Static) took that away, and a drop arrives there
        self.currentItemChanged.connect(lambda _item, _before: self.chosen.emit(self.card))

    @property
    def card(self) -> PageCard | None:
        """The page that is chosen."""
        item = self.currentItem()
        return item.data(CARD) if item is not None else None

    def show_cards(self, cards: Sequence[PageCard], wanted: str = "") -> None:
        """wanted: the page to be chosen; without it the one that was, or the one in its place."""
        before, row = (self.card.name if self.card is not None else ""), self.currentRow()
        self.blockSignals(True)
        while self.count() < len(cards):
            self.addItem(QListWidgetItem())
        while self.count() > len(cards):
            self.takeItem(self.count() - 1)
        for place, card in enumerate(cards):
            item = self.item(place)
            if item.data(CARD) != card:
                item.setData(CARD, card)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, card.spoken)
                item.setData(Qt.ItemDataRole.ToolTipRole, card.spoken)
        names = [card.name for card in cards]
        found = next((names.index(name) for name in (wanted, before) if name in names),
                     min(max(row, 0), len(names) - 1))
        self.setCurrentRow(found)
        self.blockSignals(False)
        self.viewport().update()
        self.chosen.emit(self.card)

    def picture_of(self, card: PageCard) -> QPixmap | None:
        """Its small picture, turned as it is now; scaled once."""
        try:
            written = card.picture.stat().st_mtime_ns
        except OSError:
            return None
        key = (str(card.picture), written, card.turn)
        if key not in self._pictures:
            drawn = QPixmap(str(card.picture))
            if drawn.isNull():
                return None
            ratio = self.devicePixelRatioF()
            drawn = drawn.transformed(QTransform().rotate(card.turn)).scaled(
                round(PAGE_WIDTH * ratio), round(PAGE_HEIGHT * ratio), Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation)
            drawn.setDevicePixelRatio(ratio)
            self._pictures[key] = drawn
        return self._pictures[key]

    def card_size(self) -> QSize:
        line = QFontMetrics(self.font()).height()
        return QSize(PAGE_WIDTH + 3 * PADDING, PAGE_HEIGHT + 3 * PADDING + 4 * line + 6)

    def keyboardSearch(self, search: str) -> None:
        """Letters are acts here, not a search."""

    def dropEvent(self, event: object) -> None:
        """A page carried by the mouse: the pile is told, and shows it in its new place."""
        target = self.indexAt(event.position().toPoint()).row()     # type: ignore[attr-defined]
        card, onto = self.card, self.item(target).data(CARD) if target >= 0 else None
        if card is not None and card.place is not None and onto is not None and onto.place is not None:
            self.moved_by_hand.emit(card.place, onto.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()          # a page is moved, not chosen
            return
        super().keyPressEvent(event)


class _Cards(QStyledItemDelegate):
    def __init__(self, view: PileView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self._view.card_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        card: PageCard | None = index.data(CARD)
        if card is None:
            return
        area, tone = option.rect.adjusted(2, 2, -2, -2), Tone(card.tone)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        line = QFontMetrics(self._view.font()).height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = ACCENT if current else TONES[tone].line if tone is Tone.DOUBT else LINE
        painter.setPen(QPen(QColor(edge), 3 if current else 1.5,
                            Qt.PenStyle.DashLine if card.place is None and not current else Qt.PenStyle.SolidLine))
        painter.setBrush(QColor(ACCENT_WASH if current else SURFACE))
        painter.drawRoundedRect(area, 8, 8)
        top = QRect(area.left() + PADDING, area.top() + 4, area.width() - 2 * PADDING, line)
        painter.setFont(strong_font(small_font(self._view.font())))
        painter.setPen(QColor(ACCENT))
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(card.letter, Qt.TextElideMode.ElideRight, top.width()))
        page = QRect(area.center().x() - PAGE_WIDTH // 2, top.bottom() + 4, PAGE_WIDTH, PAGE_HEIGHT)
        if card.place is None:
            painter.setOpacity(0.45)
        self._paint_page(painter, card, page)
        painter.setOpacity(1.0)
        foot = QRect(top.left(), page.bottom() + 5, top.width(), line)
        painter.setFont(strong_font(small_font(self._view.font())))
        painter.setPen(QColor(MUTED if card.place is None else INK))
        words = foot if card.place is not None else foot.adjusted(0, 0, 0, 2 * line)     # the reason takes two lines
        painter.drawText(words, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop,
                         shortened(painter.fontMetrics(), card.title, words))
        if card.notes:
            painter.drawPixmap(foot.left(), foot.bottom() + 3, pixmap(
                "warning" if tone is Tone.DOUBT else ICON_OF_TONE[tone], MARK, TONES[tone].line,
                self._view.devicePixelRatioF()))
            painter.setFont(small_font(self._view.font()))
            painter.setPen(QColor(TONES[tone].ink))
            said = QRect(foot.left() + MARK + 5, foot.bottom() + 2, foot.width() - MARK - 5, line * 2)
            painter.drawText(said, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop,
                             shortened(painter.fontMetrics(), "; ".join(card.notes), said))
        painter.restore()

    def _paint_page(self, painter: QPainter, card: PageCard, page: QRect) -> None:
        picture = self._view.picture_of(card)
        if picture is None:
            painter.setPen(QPen(QColor(LINE), 1))
            painter.setBrush(QColor(SURFACE))
            painter.drawRect(page)
            return
        size = picture.deviceIndependentSize().toSize()
        place = QRect(page.center().x() - size.width() // 2, page.center().y() - size.height() // 2, size.width(),
                      size.height())
        painter.drawPixmap(place.topLeft(), picture)
        painter.setPen(QPen(QColor(LINE), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
