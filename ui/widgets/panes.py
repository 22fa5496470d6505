"""Side by side with handles between: each pane its wanted width, one of them the rest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


class Panes(QSplitter):
    """A horizontal splitter that shares its width out once it knows it; afterwards the person's handles count."""

    def __init__(self, panes: Sequence[tuple[QWidget, int, int]], parent: QWidget | None = None) -> None:
        """panes: the widget, its wanted and its least width in average letters; 0 wanted takes the rest."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._one = self.fontMetrics().averageCharWidth()
        self._wanted = [wanted * self._one for _, wanted, _ in panes]
        self._least = [least * self._one for _, _, least in panes]
        self._shared = False
        self.setChildrenCollapsible(False)
        for place, (widget, wanted, least) in enumerate(panes):
            widget.setMinimumWidth(least * self._one)
            self.addWidget(widget)
            self.setStretchFactor(place, 0 if wanted else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_need(event.size().width())
        if not self._shared and self.isVisible():
            self._shared = True
            rest = max(event.size().width() - sum(self._wanted) - self.handleWidth() * (len(self._wanted) - 1), 1)
            self.setSizes([wanted or rest for wanted in self._wanted])
        super().resizeEvent(event)

    def _share_need(self, width: int) -> None:
        """Large text in a small window: where there is no room for the least widths all give way alike, since Qt would
        let the panes overlap."""
        room = max(width - self.handleWidth() * (len(self._least) - 1), 1)
        part = min(1.0, room / sum(self._least))
        for place, least in enumerate(self._least):
            wanted = int(least * part)
            if self.widget(place).minimumWidth() != wanted:
                self.widget(place).setMinimumWidth(wanted)
