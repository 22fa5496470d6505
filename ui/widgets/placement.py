"""Pages and panel together: the editor of a document's fields. Reading and checking happen in other threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from signing.page import Box, PageFrame, Place, frames_of
from signing.placement import guides_of
from ui.background import Background, Lane, Report
from ui.rendering.renderer import Renderer
from ui.state.placement import PlacementView
from ui.state.placement_check import Checked, check_places
from ui.texts import Texts
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.placement_canvas import PlacementCanvas
from ui.widgets.placement_panel import PlacementPanel

REST_MS = 120       # places are checked once the hand rests that long
PANEL, PANEL_PART = 46, 0.42        # its width: in average letters, as a part of the editor at most


@dataclass(frozen=True, slots=True)
class PlacementTask:
    """What is to be placed on what.

    file: the document, there as long as the editor is. places: by field's name. proposed: where the program would put
    them, if they stand elsewhere. pictures: PNG files by field's name. samples: what number and date look like.
    """

    file: Path
    places: Mapping[str, Place]
    proposed: Mapping[str, Place] | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is read from the document before anything can be moved. guides: by page."""

    content: bytes
    frames: Sequence[PageFrame]
    guides: Mapping[int, Sequence[Box]]


class PlacementEditor(QWidget):
    """Moves the fields of one document."""

    ready = Signal()                # the fields stand on the pages
    changed = Signal(object)        # PlacementView
    checked = Signal()              # the warnings are those of the places shown
    failed = Signal(object)         # the document cannot be read

    def __init__(self, texts: Texts, background: Background, renderer: Renderer, task: PlacementTask,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._background, self._task = texts, background, task
        self.canvas = PlacementCanvas(texts)
        self.viewer = PdfViewer(texts, background, renderer, canvas=self.canvas)
        self.canvas.setAccessibleName(texts("placement.pages"))
        self.panel = PlacementPanel(texts)
        self.view = PlacementView((), ())
        self.found = Checked()
        self._checking: Event | None = None
        self._rest = QTimer(self, interval=REST_MS, singleShot=True)
        self._rest.timeout.connect(self._check)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.viewer, 1)
        row.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)
        self.canvas.changed.connect(self._become)
        self.panel.changed.connect(self._become)
        self.panel.changed.connect(lambda _: self.canvas.bring_into_view())
        self.canvas.page_shown.connect(self._first_shown)
        self.setFocusProxy(self.canvas)
        background.run(self, Lane.PROCESSOR, reader(task), done=self._read, failed=self.failed.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page keeps the larger part, however large the text is."""
        super().resizeEvent(event)
        self.panel.setFixedWidth(round(min(self.fontMetrics().averageCharWidth() * PANEL, self.width() * PANEL_PART)))

    @property
    def places(self) -> dict[str, Place]:
        """Where everything stands now."""
        return self.view.places

    @property
    def doubtful(self) -> bool:
        """Something is guessed or warned of."""
        return any(each.guessed for each in self.view.fields) or any(self.found.warnings.values())

    def _read(self, grounds: Grounds) -> None:
        self.view = PlacementView.of(grounds.frames, self._task.places, self._task.proposed)
        self.canvas.show_guides(grounds.guides)
        self.canvas.show_pictures({name: QImage.fromData(png) for name, png in self._task.pictures.items()},
                                  self._task.samples)
        self._show()
        self.viewer.show_bytes(grounds.content)
        self._check()

    def _first_shown(self, _page: int) -> None:
        if not self.canvas.property("brought"):
            self.canvas.setProperty("brought", True)
            self.canvas.bring_into_view()
            self.ready.emit()

    def _become(self, view: PlacementView) -> None:
        moved = view.places != self.view.places
        self.view = view
        self._show()
        if moved:
            self._rest.start()
            self.changed.emit(view)

    def _show(self) -> None:
        self.canvas.show_view(self.view)
        self.panel.show_view(self.view)

    def _check(self) -> None:
        """What is doubtful about the places, found out elsewhere; an older question still on its way is dropped."""
        if self._checking is not None:
            self._checking.set()
        file, places, before = self._task.file, self.view.places, self.found
        proposed = {each.name: each.proposed for each in self.view.fields}

        def check(_report: Report, _stop: Event) -> Checked:
            return check_places(file, places, proposed, before)

        def told(found: Checked) -> None:
            if self._checking is mine:
                self._checking = None
                self._tell(found)

        mine = self._checking = self._background.run(self, Lane.PROCESSOR, check, done=told, failed=self.failed.emit)

    def _tell(self, found: Checked) -> None:
        self.found = found
        words = {name: [self._texts(f"spot_warning.{code.value}") for code in codes]
                 for name, codes in found.warnings.items()}
        self.canvas.show_warnings(words)
        self.panel.show_warnings(words)
        self.checked.emit()


def reader(task: PlacementTask) -> object:
    """The job that reads what the editor needs."""
    file, pages = task.file, sorted({place.page for place in task.places.values()})

    def read(_report: Report, _stop: Event) -> Grounds:
        return Grounds(file.read_bytes(), frames_of(file), {page: guides_of(file, page) for page in pages})

    return read
