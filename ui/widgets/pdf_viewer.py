"""The PDF viewer: a tool row over the pages. Takes bytes or a file; neither reading nor drawing happens in here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from docclient.errors import trouble_of_os_error
from ui.background import Background, Lane, Report
from ui.icons import icon
from ui.rendering.renderer import PageSource, Renderer
from ui.state.outlines import Outline
from ui.state.page_layout import Fit
from ui.texts import Texts
from ui.widgets.page_canvas import PageCanvas


class PdfViewer(QWidget):
    """Shows one PDF at a time. `shown` tells that its first visible page stands there in full sharpness."""

    shown = Signal(int)                 # the page, from 1
    not_readable = Signal(str)          # a words code: why nothing can be shown

    def __init__(self, texts: Texts, background: Background, renderer: Renderer, parent: QWidget | None = None,
                 *, canvas: PageCanvas | None = None) -> None:
        """canvas: another kind than the plain one."""
        super().__init__(parent)
        self._texts, self._background, self._renderer = texts, background, renderer
        self._reading: Event | None = None
        self._source: PageSource | None = None
        self._outlines: tuple[tuple[Outline, ...], str] = ((), "")
        self.canvas = canvas or PageCanvas()
        self.canvas.setAccessibleName(texts("viewer.pages"))
        self._empty = QLabel(texts("viewer.nothing"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "muted")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._tool_row())
        layout.addWidget(self._stack, 1)
        self.canvas.page_changed.connect(self._show_page_number)
        self.canvas.zoom_changed.connect(self._show_zoom)
        self.canvas.page_shown.connect(self.shown)
        self.setFocusProxy(self.canvas)
        self._enable(False)

    def add_before(self, widget: QWidget) -> None:
        """Put something at the left end of the tool row."""
        self._row.insertWidget(0, widget)
        self._row.insertSpacing(1, 12)

    # what is shown

    def show_bytes(self, content: bytes) -> None:
        """Show a PDF from memory: `shown` follows, or `not_readable` when it cannot be."""
        self._stop_reading()
        self._close_document()
        source = self._source = self._renderer.open(content)
        source.ready.connect(partial(self._show_source, source))
        source.failed.connect(partial(self._not_readable, source))

    def show_file(self, file: Path) -> None:
        """Show a PDF from disk: read on the `net` lane, since a file may lie on a slow share."""
        self._stop_reading()

        def read(_report: Report, _stop: Event) -> bytes:
            try:
                return file.read_bytes()
            except OSError as error:
                raise trouble_of_os_error(error, file) from error

        self._reading = self._background.run(self, Lane.NET, read, done=self._show_read, failed=self._reading_failed)

    def clear(self, code: str = "viewer.nothing") -> None:
        """Show nothing, and the sentence of `code` instead."""
        self._stop_reading()
        self._close_document()
        self._empty.setText(self._texts(code))
        self._stack.setCurrentWidget(self._empty)
        self._enable(False)

    @property
    def source(self) -> PageSource | None:
        """What is shown now, or about to be."""
        return self._source

    def show_outlines(self, outlines: Sequence[Outline], marked: str = "") -> None:
        """Draw boxes over the document: at once, or as soon as it stands there."""
        self._outlines = (tuple(outlines), marked)
        self.canvas.show_outlines(outlines, marked)

    def reveal(self, key: str) -> None:
        self.canvas.reveal(key)

    # inside

    def _show_source(self, source: PageSource) -> None:
        if source is not self._source:
            return
        self._stack.setCurrentWidget(self.canvas)
        self.canvas.show_source(self._source)
        self.canvas.show_outlines(*self._outlines)
        self._enable(True)
        self._show_page_number(1)

    def _not_readable(self, source: PageSource, why: str) -> None:
        if source is self._source:
            code = f"viewer.{why}"
            self.clear(code)
            self.not_readable.emit(code)

    def _show_read(self, content: bytes) -> None:
        self._reading = None
        self.show_bytes(content)

    def _reading_failed(self, error: Exception) -> None:
        self._reading = None
        self.clear("viewer.damaged")
        self._background.failed_unheard.emit(error)

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.set()
            self._reading = None

    def _close_document(self) -> None:
        self.canvas.show_source(None)
        self._outlines = ((), "")
        if self._source is not None:
            self._source.close()
            self._source = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, tools leave that have keys of their own."""
        super().resizeEvent(event)
        for group in self._may_leave:
            for part in group:
                part.show()
        for group in self._may_leave:
            if self._row.sizeHint().width() <= self.width():
                break
            for part in group:
                part.hide()

    def _tool_row(self) -> QWidget:
        texts, held = self._texts, QWidget()
        held.setMinimumWidth(180)
        row = self._row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._previous = self._tool("previous", "viewer.previous", lambda: self._turn(-1))
        self._next = self._tool("next", "viewer.next", lambda: self._turn(1))
        page_label = QLabel(texts("viewer.page"))
        self._page = QLineEdit()
        self._page.setValidator(QIntValidator(1, 99_999, self))
        self._page.setFixedWidth(self.fontMetrics().averageCharWidth() * 5 + 22)
        self._page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page.setAccessibleName(texts("viewer.page_number"))
        self._page.returnPressed.connect(self._go_to_typed)
        page_label.setBuddy(self._page)
        self._of = QLabel()
        self._zoom_label = QLabel()
        self._zoom_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom_label.setMinimumWidth(self.fontMetrics().averageCharWidth() * 8)
        self._zoom_out = self._tool("zoom_out", "viewer.zoom_out", self.canvas.zoom_out, "Ctrl+-")
        self._zoom_in = self._tool("zoom_in", "viewer.zoom_in", self.canvas.zoom_in, "Ctrl+=")
        self._width = self._tool("fit_width", "viewer.fit_width", lambda: self._set_fit(Fit.WIDTH), "Ctrl+0")
        self._whole = self._tool("fit_page", "viewer.fit_page", lambda: self._set_fit(Fit.PAGE), "Ctrl+9")
        for button in (self._width, self._whole):
            button.setCheckable(True)
        for part in (self._previous, self._next, page_label, self._page, self._of):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self._zoom_out, self._zoom_label, self._zoom_in, self._width, self._whole):
            row.addWidget(part)
        self._may_leave: tuple[tuple[QWidget, ...], ...] = (
            (page_label,), (self._zoom_label,), (self._previous, self._next), (self._zoom_out, self._zoom_in),
            (self._page, self._of))
        return held

    def _tool(self, picture: str, code: str, act: object, keys: str = "") -> QToolButton:
        button, name = QToolButton(), self._texts(code)
        button.setIcon(icon(picture))
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({keys})" if keys else name)
        button.clicked.connect(act)
        if keys:
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        return button

    def _turn(self, pages: int) -> None:
        self.canvas.go_to(self.canvas.current_page + pages)

    def _set_fit(self, fit: Fit) -> None:
        self.canvas.set_fit(fit)
        self._show_zoom(self.canvas.zoom)

    def _go_to_typed(self) -> None:
        if self._page.text():
            self.canvas.go_to(int(self._page.text()))
        self._show_page_number(self.canvas.current_page)
        self.canvas.setFocus()

    def _show_page_number(self, page: int) -> None:
        self._page.setText(str(page) if page else "")
        self._of.setText(f"/ {self.canvas.page_count}" if page else "")
        self._previous.setEnabled(page > 1)
        self._next.setEnabled(page < self.canvas.page_count)
        self._show_zoom(self.canvas.zoom)

    def _show_zoom(self, zoom: float) -> None:
        self._zoom_label.setText(f"{round(zoom * 100)} %")
        self._width.setChecked(self.canvas.fit is Fit.WIDTH)
        self._whole.setChecked(self.canvas.fit is Fit.PAGE)

    def _enable(self, on: bool) -> None:
        for part in (self._page, self._zoom_out, self._zoom_in, self._width, self._whole):
            part.setEnabled(on)
        if not on:
            self._show_page_number(0)
            self._zoom_label.clear()
            self._next.setEnabled(False)
