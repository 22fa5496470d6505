"""Two versions of a document side by side: what changed between them, each change one key away, and that is all."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.comparing import VersionFacts, VersionsCompared, compare_versions
from docclient.office.model import VIETNAM, DocumentId
from ui.background import Lane, Report
from ui.session import Session
from ui.state.versions import ChangeShown, ChangesShown
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, strong
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.rows_view import RowsView


class VersionsDialog(QDialog):
    """Choose two versions; nothing in it changes anything."""

    compared = Signal()

    def __init__(self, session: Session, document: DocumentId, name: str, versions: Sequence[VersionFacts],
                 parent: QWidget | None = None) -> None:
        """versions: oldest first, two or more."""
        super().__init__(parent)
        self.session, self._document, self._versions = session, document, tuple(versions)
        texts = self._texts = session.texts
        self.shown: ChangesShown | None = None
        self._stop: Event | None = None
        self.setWindowTitle(texts("versions.title", name=name))
        self.setModal(True)
        self.choices = (QComboBox(), QComboBox())
        self.viewers = tuple(PdfViewer(texts, session.background, session.renderer) for _ in range(2))
        self._mark, self.words = ToneMark(Tone.QUIET, 22), Toned(Tone.QUIET)
        self.rows = RowsView((
            Column(texts("versions.list"), lambda row: f"{row.what}\n{row.words}", tone=lambda row: Tone(row.tone)),
            Column(texts("versions.column_page"), lambda row: str(row.page or "–"), width=6)),
            texts("versions.list"), lines=3)
        self._build()
        self.rows.row_chosen.connect(self._choose)
        for number, choice in enumerate(self.choices):
            for each in self._versions:
                choice.addItem(self._named(each), each)
            choice.setCurrentIndex(len(self._versions) - 2 + number)
            choice.currentIndexChanged.connect(lambda _index: self.compare())
        self._tie()
        self.compare()

    def _build(self) -> None:
        texts = self._texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._mark)
        head.addWidget(self.words, 1)
        close = ActionButton(texts("versions.close"), keys_shown="Esc", picture="close")
        close.clicked.connect(self.reject)
        head.addWidget(close)
        layout.addLayout(head)
        sides = QHBoxLayout()
        sides.setSpacing(12)
        for viewer, choice, heading in zip(self.viewers, self.choices, (texts("versions.earlier"),
                                                                        texts("versions.later")), strict=True):
            column = QVBoxLayout()
            label = strong(heading)
            label.setBuddy(choice)
            choice.setAccessibleName(heading)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(12)
            row = QHBoxLayout()
            row.addWidget(label)
            row.addWidget(choice, 1)
            column.addLayout(row)
            column.addWidget(viewer, 1)
            viewer.canvas.setAccessibleName(heading)
            sides.addLayout(column, 2)
        listed = QVBoxLayout()
        listed.addWidget(self.rows, 1)
        listed.addWidget(muted(texts("versions.help"), small=True))
        sides.addLayout(listed, 1)
        layout.addLayout(sides, 1)

    def _named(self, each: VersionFacts) -> str:
        return self._texts("versions.version", number=each.number, step=self._texts(f"step.{each.step}"),
                           by=each.by_name, at=each.at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M"))

    def _tie(self) -> None:
        """Where one is scrolled to, the other goes too."""
        first, second = (viewer.canvas.verticalScrollBar() for viewer in self.viewers)
        first.valueChanged.connect(second.setValue)
        second.valueChanged.connect(first.setValue)

    def compare(self) -> None:
        """The two that are chosen now; an answer about others comes too late and is left."""
        if self._stop is not None:
            self._stop.set()
        earlier, later = (choice.currentData() for choice in self.choices)
        self._mark.show_tone(Tone.NEWS)
        self.words.setText(self._texts("versions.looking"))
        office, document = self.session.office, self._document

        def look(_report: Report, _stop: Event) -> VersionsCompared:
            return compare_versions(office, document, earlier.digest, later.digest)

        stop = self._stop = self.session.background.run(
            self, Lane.PROCESSOR, look, done=lambda found: self._show(stop, found), failed=self._failed)

    def _show(self, asked: Event, found: VersionsCompared) -> None:
        if asked is not self._stop:
            return
        shown = self.shown = ChangesShown.of(found.changes, self._texts)
        for viewer, content in zip(self.viewers, (found.before, found.after), strict=True):
            viewer.show_bytes(content)
        self._mark.show_tone(Tone(shown.tone))
        self.words.setText(shown.words)
        self.words.show_tone(Tone(shown.tone))
        self.rows.show_rows(shown.rows)
        self._outline(self.rows.current_row())
        self.rows.setFocus()
        self.compared.emit()

    def _failed(self, error: Exception) -> None:
        self.reject()
        self.session.tell.trouble(error)

    def _choose(self, row: ChangeShown | None) -> None:
        self._outline(row)
        if row is not None:
            for viewer in self.viewers:
                viewer.reveal(row.key)

    def _outline(self, row: ChangeShown | None) -> None:
        if self.shown is not None:
            key = row.key if row is not None else ""
            for viewer, outlines in zip(self.viewers, (self.shown.before, self.shown.after), strict=True):
                viewer.show_outlines(outlines, key)

    def done(self, result: int) -> None:
        if self._stop is not None:
            self._stop.set()
            self._stop = None
        for viewer in self.viewers:
            viewer.clear()
        super().done(result)


def open_versions(session: Session, parent: QWidget, document: DocumentId, name: str,
                  versions: Sequence[VersionFacts]) -> VersionsDialog:
    """Show it as large as the window it belongs to."""
    dialog = VersionsDialog(session, document, name, versions, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    size = parent.window().size()
    dialog.resize(size.width() - 48, size.height() - 48)
    dialog.open()
    return dialog
