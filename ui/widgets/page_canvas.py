"""Pages of a PDF one under another, drawn in another process, with boxes over them.

Tells when a page really stands there: the signing queue must know that it was shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ui.rendering.renderer import PageSource
from ui.state.outlines import Outline
from ui.state.page_layout import Fit, Layout, Place, lay_out, next_step
from ui.theme import TONES, Tone

PIXELS_KEPT = 48_000_000        # rendered pages kept, in pixels (4 bytes each): about 190 MB at the most
LARGEST_SIDE = 12_000           # a page is never rendered larger than this, in pixels


class PageCanvas(QAbstractScrollArea):
    """Shows one PageSource. Pages count from 1 in every signal and call."""

    page_changed = Signal(int)          # the page that fills most of the view
    page_shown = Signal(int)            # a page has been drawn in full sharpness
    zoom_changed = Signal(float)
    pointed = Signal(int, float, float)  # a click: page, and how far from its left and top, points

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: PageSource | None = None
        self._pictures: OrderedDict[int, tuple[QSize, QImage]] = OrderedDict()  # page from 0: size asked for, picture
        self._asked: dict[int, tuple[int, QSize]] = {}                  # page from 0: number of the request, its size
        self._told: set[int] = set()
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._layout = Layout((), 0, 0, 1.0)
        self._fit, self._zoom, self._current = Fit.WIDTH, 1.0, 0
        self._outlines: tuple[Outline, ...] = ()
        self._marked = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        # always there: a bar that comes and goes changes the width, which fits the page anew, which makes it go again
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(lambda _: self.viewport().update())

    # what is shown

    def show_source(self, source: PageSource | None) -> None:
        """Show a document that is ready, from its first page; or nothing."""
        if self._source is not None:
            self._source.drawn.disconnect(self._keep_picture)
            self._source.said.disconnect(self._keep_text)
        self._source = source
        self._pictures.clear()
        self._asked.clear()
        self._told.clear()
        self._outlines, self._marked, self._current = (), "", 0
        self._sizes = source.sizes if source is not None else ()
        if source is not None:
            source.drawn.connect(self._keep_picture)
            source.said.connect(self._keep_text)
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        if self._sizes:
            self.page_changed.emit(1)

    @property
    def page_count(self) -> int:
        return len(self._sizes)

    @property
    def current_page(self) -> int:
        return self._current + 1 if self._sizes else 0

    @property
    def zoom(self) -> float:
        return self._layout.zoom

    @property
    def fit(self) -> Fit:
        return self._fit

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a page as shown, points."""
        return self._sizes[page - 1]

    def is_shown(self, page: int) -> bool:
        """Whether that page has been drawn in full sharpness since the document came."""
        return page - 1 in self._told

    # moving and zooming

    def go_to(self, page: int) -> None:
        if not self._sizes:
            return
        number = min(max(page, 1), len(self._sizes)) - 1
        if self._fit is Fit.PAGE and number != self._current:
            self._current = number
            self._lay_out()
        self.verticalScrollBar().setValue(self._layout.places[number].top - 4)
        self._note_current(number)

    def set_fit(self, fit: Fit) -> None:
        self._fit = fit
        self._keeping_place()

    def set_zoom(self, zoom: float) -> None:
        self._fit, self._zoom = Fit.FREE, zoom
        self._keeping_place()

    def zoom_in(self) -> None:
        self.set_zoom(next_step(self.zoom, up=True))

    def zoom_out(self) -> None:
        self.set_zoom(next_step(self.zoom, up=False))

    # boxes

    def show_outlines(self, outlines: Sequence[Outline], marked: str = "") -> None:
        """Draw boxes over the pages; the one whose key is `marked` stands out."""
        self._outlines, self._marked = tuple(outlines), marked
        self.viewport().update()

    def reveal(self, key: str) -> None:
        """Mark the box with that key and scroll to it."""
        self._marked = key
        for outline in self._outlines:
            if outline.key == key and outline.page <= len(self._sizes):
                box = self._box(outline)
                bar, height = self.verticalScrollBar(), self.viewport().height()
                if box.top() < bar.value() + 20 or box.bottom() > bar.value() + height - 20:
                    bar.setValue(round(box.center().y() - height / 2))
        self.viewport().update()

    # inside

    def _keeping_place(self) -> None:
        """Lay out again and keep what stands at the top of the view there."""
        before = self._layout.places[self._current] if self._sizes else Place(0, 0, 1, 1)
        part = (self.verticalScrollBar().value() - before.top) / max(before.height, 1)
        self._lay_out()
        if self._sizes:
            after = self._layout.places[self._current]
            self.verticalScrollBar().setValue(round(after.top + part * after.height))

    def _lay_out(self) -> None:
        view = self.viewport().size()
        before = self._layout
        self._layout = lay_out(self._sizes, self._fit, self._zoom, (view.width(), view.height()), self.logicalDpiY(),
                               self._current)
        self.verticalScrollBar().setRange(0, max(0, self._layout.height - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(48)
        self.horizontalScrollBar().setRange(0, max(0, self._layout.width - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setSingleStep(48)
        if before.zoom != self._layout.zoom:
            self.zoom_changed.emit(self._layout.zoom)
        self.viewport().update()

    def _scrolled(self, _value: int) -> None:
        if self._sizes:
            top = self.verticalScrollBar().value()
            self._note_current(self._layout.page_at(top, top + self.viewport().height()))
        self.viewport().update()

    def _note_current(self, number: int) -> None:
        if number != self._current:
            self._current = number
            self.page_changed.emit(number + 1)

    def _wanted_size(self, number: int) -> QSize:
        place, ratio = self._layout.places[number], self.devicePixelRatioF()
        size = QSize(round(place.width * ratio), round(place.height * ratio))
        longest = max(size.width(), size.height())
        return size * (LARGEST_SIDE / longest) if longest > LARGEST_SIDE else size

    def _keep_picture(self, number: int, request: int, picture: QImage) -> None:
        asked = self._asked.get(number)
        if asked is None or asked[0] != request:        # of another zoom
            return
        del self._asked[number]
        self._pictures[number] = asked[1], picture
        self._pictures.move_to_end(number)
        while len(self._pictures) > 1 and sum(p.width() * p.height() for _, p in self._pictures.values()) > PIXELS_KEPT:
            self._pictures.popitem(last=False)
        self.viewport().update()

    def _keep_text(self, number: int, text: str) -> None:
        """What a screen reader says of the page in view."""
        if number == self._current:
            self.setAccessibleDescription(text)

    def _box(self, outline: Outline) -> QRectF:
        place, (width, height) = self._layout.places[outline.page - 1], self._sizes[outline.page - 1]
        across, down = place.width / width, place.height / height
        return QRectF(place.left + outline.left * across, place.top + outline.top * down,
                      outline.width * across, outline.height * down)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor("#d5dae1"))
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        painter.translate(-left, -top)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        sharp = []
        for number in self._layout.pages_between(top, top + self.viewport().height()):
            if self._paint_page(painter, number):
                sharp.append(number)
        self._paint_outlines(painter)
        painter.end()
        for number in sharp:
            if number not in self._told:
                self._told.add(number)
                if self._source is not None:
                    self._source.ask_text(number)
                self.page_shown.emit(number + 1)

    def _paint_page(self, painter: QPainter, number: int) -> bool:
        """Draw one page, blurred from an earlier zoom if need be. Says whether it is sharp; asks for it if not."""
        place = self._layout.places[number]
        rectangle = QRect(place.left, place.top, place.width, place.height)
        painter.fillRect(rectangle, QColor("#ffffff"))
        kept, size = self._pictures.get(number), self._wanted_size(number)
        if kept is not None:
            painter.drawImage(rectangle, kept[1])
        painter.setPen(QPen(QColor("#9aa4b2"), 1))
        painter.drawRect(rectangle.adjusted(-1, -1, 0, 0))
        if kept is not None and kept[0] == size:
            self._pictures.move_to_end(number)
            return True
        if self._source is not None and self._asked.get(number, (0, QSize()))[1] != size:
            self._asked[number] = (self._source.draw(number, size), size)
        return False

    def _paint_outlines(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for outline in self._outlines:
            if outline.page > len(self._sizes):
                continue
            colours, marked = TONES[Tone(outline.tone)], bool(outline.key) and outline.key == self._marked
            ground = QColor(colours.line)
            ground.setAlpha(70 if marked else 26)
            painter.setPen(QPen(QColor(colours.line), 3 if marked else 1.5))
            painter.setBrush(ground)
            painter.drawRoundedRect(self._box(outline).adjusted(-3, -2, 3, 2), 3, 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keeping_place()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        across = event.position().x() + self.horizontalScrollBar().value()
        down = event.position().y() + self.verticalScrollBar().value()
        for number, place in enumerate(self._layout.places):
            left, top = across - place.left, down - place.top
            if 0 <= left <= place.width and 0 <= top <= place.height:
                width, height = self._sizes[number]
                self.pointed.emit(number + 1, left * width / place.width, top * height / place.height)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoom_in()
            elif event.angleDelta().y() < 0:
                self.zoom_out()
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_PageDown and held:
            self.go_to(self.current_page + 1)
        elif key == Qt.Key.Key_PageUp and held:
            self.go_to(self.current_page - 1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_PageDown):
            bar.setValue(bar.value() + bar.pageStep() - 40)
        elif key == Qt.Key.Key_PageUp:
            bar.setValue(bar.value() - bar.pageStep() + 40)
        elif key == Qt.Key.Key_Home:
            self.go_to(1)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
            return
        event.accept()
