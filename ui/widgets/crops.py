"""Pieces of a page, enlarged: drawn by the drawing process, cut out here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from ui.rendering.renderer import PageSource
from ui.state.outlines import Outline

DOTS_PER_POINT = 2.2        # about 160 dpi: handwriting can be read, a line fits a form
MARGIN_POINTS = 5.0


class Crops(QObject):
    """Cuts what outlines enclose; each piece is told by the outline's key."""

    cut = Signal(str, QPixmap)

    def __init__(self, parent: QObject | None = None, *, dots_per_point: float = DOTS_PER_POINT) -> None:
        super().__init__(parent)
        self._density = dots_per_point
        self._source: PageSource | None = None
        self._wanted: dict[int, tuple[Outline, ...]] = {}       # by the number of the request

    def ask(self, source: PageSource | None, outlines: Sequence[Outline]) -> None:
        """Cut these pieces of this document; what was asked before is dropped."""
        if self._source is not None:
            self._source.drawn.disconnect(self._cut)
        self._source, self._wanted = source, {}
        if source is None:
            return
        source.drawn.connect(self._cut)
        for page in sorted({outline.page for outline in outlines}):
            if page <= len(source.sizes):
                width, height = source.sizes[page - 1]
                request = source.draw(page - 1, QSize(round(width * self._density), round(height * self._density)))
                self._wanted[request] = tuple(outline for outline in outlines if outline.page == page)

    def _cut(self, page: int, request: int, picture: QImage) -> None:
        outlines = self._wanted.pop(request, ())
        if not outlines or self._source is None:
            return
        scale = picture.width() / self._source.sizes[page][0]
        for outline in outlines:
            box = QRect(round((outline.left - MARGIN_POINTS) * scale), round((outline.top - MARGIN_POINTS) * scale),
                        round((outline.width + 2 * MARGIN_POINTS) * scale),
                        round((outline.height + 2 * MARGIN_POINTS) * scale))
            self.cut.emit(outline.key, QPixmap.fromImage(picture.copy(box & picture.rect())))
