"""Pages with their fields on them, to be moved by mouse and keys.

Drag moves, the handles of the chosen field stretch it, arrows move by millimetres; Tab walks from field to field and
leaves after the last. Whatever happens is a new `PlacementView`: this widget draws it and says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from signing.page import Box
from signing.placement import Edge, clamped, snapped
from signing.places import TextPlace
from ui.state.placement import COARSE_MM, FINE_MM, STEP_MM, Kind, Movable, PlacementView, name_of, spoken
from ui.texts import Texts
from ui.theme import TONES, Tone, small_font
from ui.widgets.page_canvas import PageCanvas

HANDLE = 9                  # pixels across
REACH = 8                   # how far from a handle's middle it can still be taken hold of
SERIF = "Times New Roman"

ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}

# where each handle stands in its field's rectangle, as parts of its width and height; and the pointer over it
HANDLES = {
    Edge.TOP_LEFT: (0.0, 0.0, Qt.CursorShape.SizeFDiagCursor), Edge.TOP: (0.5, 0.0, Qt.CursorShape.SizeVerCursor),
    Edge.TOP_RIGHT: (1.0, 0.0, Qt.CursorShape.SizeBDiagCursor), Edge.RIGHT: (1.0, 0.5, Qt.CursorShape.SizeHorCursor),
    Edge.BOTTOM_RIGHT: (1.0, 1.0, Qt.CursorShape.SizeFDiagCursor),
    Edge.BOTTOM: (0.5, 1.0, Qt.CursorShape.SizeVerCursor),
    Edge.BOTTOM_LEFT: (0.0, 1.0, Qt.CursorShape.SizeBDiagCursor), Edge.LEFT: (0.0, 0.5, Qt.CursorShape.SizeHorCursor),
}


class PlacementCanvas(PageCanvas):
    """Shows a `PlacementView` over the pages of its document."""

    changed = Signal(object)        # the PlacementView after what the person did

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.view = PlacementView((), ())
        self._before: PlacementView | None = None       # what stood when the mouse was pressed
        self._grip: Edge | None = None
        self._held_at = QPointF()
        self._guides: Mapping[int, Sequence[Box]] = {}
        self._lines: tuple[tuple[str, float], ...] = ()
        self._warned: Mapping[str, Sequence[str]] = {}
        self._contents: dict[str, QImage] = {}
        self._samples: Mapping[str, str] = {}
        self.viewport().setMouseTracking(True)

    # what is shown

    def show_view(self, view: PlacementView) -> None:
        chosen = view.chosen != self.view.chosen or view.current != self.view.current
        self.view = view
        self.viewport().update()
        if chosen:
            self._speak()

    def show_pictures(self, pictures: Mapping[str, QImage], samples: Mapping[str, str]) -> None:
        """What will stand in the fields: pictures of signature and seal, samples of number and date."""
        self._contents, self._samples = dict(pictures), samples
        self.viewport().update()

    def show_warnings(self, warned: Mapping[str, Sequence[str]]) -> None:
        """By field's name: what is doubtful about its place, as sentences."""
        self._warned = warned
        self.viewport().update()
        self._speak()

    def show_guides(self, guides: Mapping[int, Sequence[Box]]) -> None:
        """By page: what a dragged field may fall in line with."""
        self._guides = guides

    def bring_into_view(self) -> None:
        """Scroll to the chosen field where it cannot be seen whole."""
        field = self.view.current
        if field is None or field.place.page > self.page_count:
            return
        shape, bar, height = self.rectangle(field), self.verticalScrollBar(), self.viewport().height()
        if shape.top() < bar.value() + 24 or shape.bottom() > bar.value() + height - 24:
            bar.setValue(round(shape.center().y() - height / 2))

    def rectangle(self, field: Movable) -> QRectF:
        """Where a field lies in the scrolled area, pixels. By the page's own frame: PDFium leaves UserUnit out."""
        place, frame, box = self._layout.places[field.place.page - 1], self.view.frame_of(field), field.place.box
        across, down = place.width / frame.width, place.height / frame.height
        return QRectF(place.left + box.x0 * across, place.top + (frame.height - box.y1) * down,
                      box.width * across, box.height * down)

    def _speak(self) -> None:
        field = self.view.current
        words = spoken(self.view, field, self._warned.get(field.name, ()), self._texts) if field is not None else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _keep_text(self, number: int, text: str) -> None:
        """The fields are what is spoken of here, and not the page's text."""

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        point = self._in_area(event)
        grip = self._grip_at(point)
        field = self.view.current if grip is not None else self._field_at(point)
        if field is None:
            return
        if field.name != self.view.chosen:
            self._become(self.view.choose(field.name))
        self._before, self._grip, self._held_at = self.view, grip, point
        self.viewport().setCursor(self._pointer(grip) if grip is not None else Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._in_area(event)
        if self._before is None:
            grip = self._grip_at(point)
            over = self._field_at(point) is not None
            self.viewport().setCursor(self._pointer(grip) if grip is not None else Qt.CursorShape.OpenHandCursor
                                      if over else Qt.CursorShape.ArrowCursor)
            return
        free = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self._become(self._stretched(point) if self._grip is not None else self._dragged(point, free=free))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._before is None:
            super().mouseReleaseEvent(event)
            return
        self._before, self._grip, self._lines = None, None, ()
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        self.viewport().update()

    def _dragged(self, point: QPointF, *, free: bool) -> PlacementView:
        """The field where the mouse has taken it, on the page under the mouse; in line with what is near."""
        before = self._before
        assert before is not None and before.current is not None
        field, number = before.current, self._page_at(point)
        was = self.rectangle(field)
        place, frame = self._layout.places[number], before.frames[number]
        per_pixel = frame.width / place.width
        left = (was.left() + point.x() - self._held_at.x() - place.left) * per_pixel
        top = frame.height - (was.top() + point.y() - self._held_at.y() - place.top) * per_pixel
        size = field.place.box
        box = clamped(Box(left, top - size.height, left + size.width, top), frame)
        self._lines = ()
        if not free:
            found = snapped(box, frame, self._guides.get(number + 1, ()))
            box, self._lines = clamped(found.box, frame), tuple(found.lines)
        return before.put(number + 1, box)

    def _stretched(self, point: QPointF) -> PlacementView:
        before, grip = self._before, self._grip
        assert before is not None and before.current is not None and grip is not None
        frame = before.frame_of(before.current)
        per_pixel = frame.width / self._layout.places[before.current.place.page - 1].width
        moved = point - self._held_at
        return before.stretched(grip, moved.x() * per_pixel, -moved.y() * per_pixel)

    def _in_area(self, event: QMouseEvent) -> QPointF:
        return event.position() + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _page_at(self, point: QPointF) -> int:
        """The page (from 0) nearest to a height."""
        places = self._layout.places
        return min(range(len(places)), key=lambda n: max(
            places[n].top - point.y(), point.y() - places[n].top - places[n].height, 0))

    def _field_at(self, point: QPointF) -> Movable | None:
        """The field under the mouse: the chosen one first, then the smallest, so that the seal hides no signature."""
        if not self.page_count:
            return None
        under = [each for each in self.view.fields if self.rectangle(each).adjusted(-4, -4, 4, 4).contains(point)]
        under.sort(key=lambda each: (each.name != self.view.chosen, each.place.box.width * each.place.box.height))
        return under[0] if under else None

    def _grip_at(self, point: QPointF) -> Edge | None:
        field = self.view.current
        if field is None or not self.page_count:
            return None
        handles = self._handles(field)
        return next((edge for edge, at in handles.items()
                     if abs(at.x() - point.x()) <= REACH and abs(at.y() - point.y()) <= REACH), None)

    def _handles(self, field: Movable) -> dict[Edge, QPointF]:
        shape = self.rectangle(field)
        return {edge: QPointF(shape.left() + across * shape.width(), shape.top() + down * shape.height())
                for edge, (across, down, _) in HANDLES.items() if edge in field.kind.edges}

    def _pointer(self, edge: Edge) -> Qt.CursorShape:
        return HANDLES[edge][2]

    def _become(self, view: PlacementView) -> None:
        if view is not self.view:
            self.show_view(view)
            self.changed.emit(view)

    # the keys

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the fields first, then on to what stands beside the pages."""
        name = self.view.neighbour(1 if forward else -1)
        if name is None or not self.hasFocus():
            return super().focusNextPrevChild(forward)
        self._become(self.view.choose(name))
        self.bring_into_view()
        return True

    def event(self, event: QEvent) -> bool:
        """Arrows with Ctrl or Shift are ours before any shortcut."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in ARROWS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = ARROWS.get(Qt.Key(event.key()))
        if arrow is None or self.view.current is None:
            super().keyPressEvent(event)
            return
        held = event.modifiers()
        step = FINE_MM if held & Qt.KeyboardModifier.ControlModifier else COARSE_MM \
            if held & Qt.KeyboardModifier.ShiftModifier else STEP_MM
        self._become(self.view.shifted(arrow[0] * step, arrow[1] * step))
        self.bring_into_view()
        event.accept()

    # drawing

    def _paint_outlines(self, painter: QPainter) -> None:
        super()._paint_outlines(painter)
        if len(self._sizes) != len(self.view.frames):      # the pages are not there yet
            return
        for field in sorted(self.view.fields, key=lambda each: each.name == self.view.chosen):
            self._paint_field(painter, field)
        field = self.view.current
        if field is not None:
            self._paint_lines(painter, field)
            self._paint_handles(painter, field)

    def _paint_field(self, painter: QPainter, field: Movable) -> None:
        shape, chosen = self.rectangle(field), field.name == self.view.chosen
        warned = field.guessed or bool(self._warned.get(field.name))
        colours = TONES[Tone.DOUBT if warned else Tone.NEWS]
        ground = QColor(colours.line)
        ground.setAlpha(46 if chosen else 22)
        pen = QPen(QColor(colours.line), 2.5 if chosen else 1.5)
        if field.guessed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(ground)
        if field.kind is Kind.SEAL:
            painter.drawEllipse(shape)
        else:
            painter.drawRect(shape)
        self._paint_content(painter, field, shape)
        self._paint_name(painter, field, shape, colours.ink, colours.wash, chosen=chosen, warned=warned)

    def _paint_content(self, painter: QPainter, field: Movable, shape: QRectF) -> None:
        picture = self._contents.get(field.name)
        if picture is not None:
            fitted = picture.size().scaled(shape.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRectF(0, 0, fitted.width(), fitted.height())
            area.moveCenter(shape.center())
            painter.drawImage(area, picture)
        sample = self._samples.get(field.name, "")
        if sample and isinstance(field.place, TextPlace):
            frame = self.view.frame_of(field)
            font = QFont(SERIF)
            font.setItalic(field.place.italic)
            font.setPixelSize(max(round(field.place.size * shape.width() / field.place.box.width), 1))
            painter.setFont(font)
            painter.setPen(QColor(TONES[Tone.QUIET].ink))
            painter.drawText(shape.adjusted(-frame.width, 0, frame.width, 0), Qt.AlignmentFlag.AlignCenter, sample)

    def _paint_name(self, painter: QPainter, field: Movable, shape: QRectF, ink: str, wash: str, *, chosen: bool,
                    warned: bool) -> None:
        """The name on a tag over the field; of small fields only while they are chosen, or they would hide the page."""
        if not chosen and not warned and field.kind is Kind.TEXT:
            return
        font = small_font(self.font())
        words = name_of(field.name, self._texts) + (f" — {self._texts('placement.guess')}" if field.guessed else "")
        metrics = QFontMetricsF(font)
        tag = QRectF(0, 0, metrics.horizontalAdvance(words) + 10, metrics.height() + 2)
        # the seal lies over the signature's left part: its tag hangs below, so that both can be read
        if field.kind is Kind.SEAL:
            tag.moveTopLeft(QPointF(shape.left(), shape.bottom() + 3))
        else:
            tag.moveBottomLeft(QPointF(shape.left(), shape.top() - 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(wash))
        painter.drawRoundedRect(tag, 3, 3)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_lines(self, painter: QPainter, field: Movable) -> None:
        """What the dragged field has fallen in line with."""
        place, frame = self._layout.places[field.place.page - 1], self.view.frame_of(field)
        painter.setPen(QPen(QColor(TONES[Tone.GOOD].line), 1))
        for axis, position in self._lines:
            if axis == "x":
                x = place.left + position * place.width / frame.width
                painter.drawLine(QPointF(x, place.top), QPointF(x, place.top + place.height))
            else:
                y = place.top + (frame.height - position) * place.height / frame.height
                painter.drawLine(QPointF(place.left, y), QPointF(place.left + place.width, y))

    def _paint_handles(self, painter: QPainter, field: Movable) -> None:
        painter.setPen(QPen(QColor(TONES[Tone.NEWS].line), 1.5))
        painter.setBrush(QColor("#ffffff"))
        for at in self._handles(field).values():
            painter.drawRect(QRectF(at.x() - HANDLE / 2, at.y() - HANDLE / 2, HANDLE, HANDLE))
