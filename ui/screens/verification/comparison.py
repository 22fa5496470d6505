"""What was signed beside what is there now: the same page in both, differences outlined, each change one key away."""

from __future__ import annotations

from functools import partial
from threading import Event

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollBar, QVBoxLayout, QWidget

from docclient.desk.rechecking import Revisions
from docclient.signature_words import ChangeTold, SignatureTold
from ui.background import Lane, Report
from ui.rendering.renderer import PageSource
from ui.session import Session
from ui.state.differences import WIDTH, GreyPage, Spot, differing_spots
from ui.state.outlines import Outline
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import ToneMark, muted, plain, strong
from ui.widgets.pdf_viewer import PdfViewer

MOST_PAGES = 200            # compared without being asked; of a longer file, those with a known change and the first


class Comparison(QDialog):
    """Two viewers that scroll together. Nothing in it changes anything."""

    compared = Signal()         # every page has been looked at

    def __init__(self, session: Session, name: str, signature: SignatureTold, revisions: Revisions,
                 parent: QWidget | None = None) -> None:
        """name: the file's. revisions: as that signature covers it, and as it is now."""
        super().__init__(parent)
        self.session, texts = session, session.texts
        self.texts = texts
        self._changes, self._fields = signature.changes, revisions.fields
        self._asked: dict[tuple[int, int], int] = {}                     # (side, page from 0): number of the request
        self._pictures: dict[int, list[GreyPage | None]] = {}           # page from 0: of both sides
        self._left: list[int] = []                                      # pages still to be compared, next one last
        self.spots: dict[int, tuple[Spot, ...]] = {}
        self.is_done = False                                            # every page has been looked at
        self.setWindowTitle(texts("comparison.title", name=name))
        self.setModal(True)
        self.viewers = tuple(PdfViewer(texts, session.background, session.renderer) for _ in range(2))
        self._summary = plain()
        self._mark = ToneMark(Tone.NEWS, 22)
        self.links: list[ActionButton] = []
        self._build(signature.signer)
        for side, content in enumerate((revisions.before, revisions.after)):
            viewer = self.viewers[side]
            viewer.show_bytes(content)
            assert viewer.source is not None
            viewer.source.ready.connect(self._begin)
            viewer.source.drawn.connect(partial(self._drawn, side))
        self._tie(self.viewers[0].canvas.verticalScrollBar(), self.viewers[1].canvas.verticalScrollBar())

    def _build(self, signer: str) -> None:
        texts = self.texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._mark)
        head.addWidget(self._summary, 1)
        close = ActionButton(texts("comparison.close"), keys_shown="Esc", picture="close")
        close.clicked.connect(self.reject)
        head.addWidget(close)
        layout.addLayout(head)
        self._summary.setText(texts("comparison.looking"))
        if self._changes:
            held = QWidget()
            flow = FlowLayout(held)
            flow.setContentsMargins(0, 0, 0, 0)
            for change in self._changes:
                flow.addWidget(self._change(change))
            layout.addWidget(held)
        pages = QHBoxLayout()
        pages.setSpacing(12)
        for viewer, heading in zip(self.viewers, (texts("comparison.before", signer=signer), texts("comparison.after")),
                                   strict=True):
            side = QVBoxLayout()
            label: QLabel = strong(heading)
            label.setBuddy(viewer)
            side.addWidget(label)
            side.addWidget(viewer, 1)
            viewer.canvas.setAccessibleName(heading)
            pages.addLayout(side, 1)
        layout.addLayout(pages, 1)
        layout.addWidget(muted(texts("comparison.note"), small=True))

    def _change(self, change: ChangeTold) -> QWidget:
        code = "verdict_panel.allowed" if change.allowed else "verdict_panel.forbidden"
        link = ActionButton(self.texts(code, change=change.words), picture="check" if change.allowed else "warning")
        if change.page is None:
            link.setEnabled(False)
        else:
            link.clicked.connect(partial(self.go_to, change.page))
            self.links.append(link)
        return link

    def go_to(self, page: int) -> None:
        """That page on both sides, from 1."""
        for viewer in self.viewers:
            viewer.canvas.go_to(page)

    def _tie(self, first: QScrollBar, second: QScrollBar) -> None:
        """Where one is scrolled to, the other goes too."""
        for one, other in ((first, second), (second, first)):
            one.valueChanged.connect(other.setValue)

    # comparing

    def _begin(self) -> None:
        """Both are open: the pages with known changes first, then the others in order."""
        sources = self._sources()
        if self._left or self.spots or any(not source.sizes for source in sources):
            return
        count = max(len(source.sizes) for source in sources)
        known = sorted({change.page - 1 for change in self._changes if change.page and change.page <= count})
        rest = [page for page in range(min(count, MOST_PAGES)) if page not in known]
        self._left = [*reversed(rest), *reversed(known)]
        self._next()

    def _sources(self) -> tuple[PageSource, ...]:
        return tuple(viewer.source for viewer in self.viewers if viewer.source is not None)

    def _next(self) -> None:
        if not self._left:
            self.is_done = True
            self._tell()
            self.compared.emit()
            return
        page = self._left.pop()
        self._pictures[page] = [None, None]
        sides = [side for side, source in enumerate(self._sources()) if page < len(source.sizes)]
        for side in sides:
            source = self._sources()[side]
            width, height = source.sizes[page]
            self._asked[side, page] = source.draw(page, QSize(WIDTH, round(WIDTH * height / max(width, 1))))
        if len(sides) < len(self.viewers):
            for side in sides:
                del self._asked[side, page]
            self._found(page, differing_spots(None, None))

    def _drawn(self, side: int, page: int, request: int, picture: QImage) -> None:
        if self._asked.get((side, page)) != request:
            return
        del self._asked[side, page]
        grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        self._pictures[page][side] = GreyPage(grey.width(), grey.height(), grey.bytesPerLine(), bytes(grey.constBits()))
        if not any((other, page) in self._asked for other in range(2)):
            before, after = self._pictures.pop(page)

            def compare(_report: Report, _stop: Event) -> tuple[Spot, ...]:
                return differing_spots(before, after)

            self.session.background.run(self, Lane.PROCESSOR, compare, done=partial(self._found, page))

    def _found(self, page: int, spots: tuple[Spot, ...]) -> None:
        self.spots[page] = spots
        self._pictures.pop(page, None)
        for viewer in self.viewers:
            viewer.show_outlines(self.outlines_of(viewer))
        self._next()

    def outlines_of(self, viewer: PdfViewer) -> tuple[Outline, ...]:
        """The differences in points of that viewer's pages."""
        sizes = viewer.source.sizes if viewer.source is not None else ()
        made = []
        for page, spots in sorted(self.spots.items()):
            if page >= len(sizes):
                continue
            width, height = sizes[page]
            made += [Outline(page + 1, spot.left * width, spot.top * height, spot.width * width, spot.height * height,
                             self._tone_of(page + 1, spot), self.texts("comparison.differs")) for spot in spots]
        return tuple(made)

    def _tone_of(self, page: int, spot: Spot) -> str:
        """Known to be allowed, known to be forbidden, or only seen: by the form field that stands there, else by what
        else is known of the page."""
        there = [change for change in self._changes if change.page == page]
        named = [change for change in there if change.detail in self._fields]
        inside = [change for change in named if spot.meets(*self._fields[change.detail][1])]
        about = inside or [change for change in there if change not in named]
        if any(not change.allowed for change in about):
            return Tone.BAD.value
        return Tone.GOOD.value if about else Tone.DOUBT.value

    def _tell(self) -> None:
        pages = [page + 1 for page, spots in sorted(self.spots.items()) if spots]
        listed = ", ".join(str(page) for page in pages)
        self._mark.show_tone(Tone.NEWS if pages else Tone.GOOD)
        self._summary.setText(self.texts("comparison.found", pages=listed) if pages
                              else self.texts("comparison.same"))

    def done(self, result: int) -> None:
        for viewer in self.viewers:
            viewer.clear()
        super().done(result)


def open_comparison(session: Session, parent: QWidget, name: str, signature: SignatureTold, revisions: Revisions,
                    ) -> Comparison:
    """Show it as large as the window it belongs to."""
    dialog = Comparison(session, name, signature, revisions, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    size = parent.window().size()
    dialog.resize(size.width() - 48, size.height() - 48)
    dialog.open()
    return dialog
