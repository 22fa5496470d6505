"""A signature's or seal's picture before it is kept: as chosen, and cleaned, on paper, in its real size."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from docclient.office.model import PersonId
from signing.picture_cleaning import Cleaned, InkColour, clean_picture
from signing.places import SIGNATURE_HEIGHT_MM, SIGNATURE_WIDTH_MM
from ui.background import Background, Lane, Report
from ui.dialogs.growing import GrowingDialog
from ui.state.placement import millimetres
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title

INKS = {InkColour.KEEP: "keep_colour", InkColour.BLUE: "blue", InkColour.RED: "red"}
MM_IN_INCH = 25.4
BEFORE_PX = 260             # the longer side of the picture as it was chosen
PLAUSIBLE_DPI = (50.0, 500.0)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose picture: person None is the agency, whose seal has a diameter of its own."""

    name: str
    person: PersonId | None


class PictureDialog(GrowingDialog):
    """Enter keeps the cleaned picture; another file or ink can be tried as often as one likes."""

    accepted_picture = Signal(object, object)       # PNG bytes, Owner
    shown = Signal()                                # before and after stand there

    def __init__(self, texts: Texts, background: Background, owners: Sequence[Owner], *, seal_mm: float,
                 parent: QWidget | None = None) -> None:
        """seal_mm: the seal's real diameter."""
        super().__init__(parent)
        self._texts, self._background, self._seal_mm = texts, background, seal_mm
        self._file: Path | None = None
        self._job: Event | None = None
        self.cleaned: Cleaned | None = None
        self.setWindowTitle(texts("picture_preview.manage"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 96)
        self.owner, self.ink = QComboBox(), QComboBox()
        for owner in owners:
            self.owner.addItem(owner.name, owner)
        for ink, code in INKS.items():
            self.ink.addItem(texts(f"picture_preview.{code}"), ink)
        self.choose = ActionButton(texts("picture_preview.choose_file"), picture="folder", keys="Ctrl+O")
        self.keep = ActionButton(texts("picture_preview.accept"), keys="Ctrl+Return", picture="check", rank=RANK_FIRST)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.before, self.after = paper(), paper()
        self._size, self._said, self._wrong = muted(), plain(), plain()
        self._wrong.setProperty("role", "wrong")
        self._build()
        self.choose.clicked.connect(self._ask)
        self.keep.clicked.connect(self._keep)
        self.cancel.clicked.connect(self.reject)
        self.owner.currentIndexChanged.connect(lambda _: self._owner_changed())
        self.ink.currentIndexChanged.connect(lambda _: self._clean())
        self._owner_changed()
        self.choose.setFocus()

    def _build(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("picture_preview.manage"), 1.3))
        layout.addWidget(muted(texts("picture_preview.explain")))
        form = QGridLayout()
        for row, (code, field) in enumerate((("owner", self.owner), ("colour", self.ink))):
            label = strong(texts(f"picture_preview.{code}"))
            label.setBuddy(field)
            field.setAccessibleName(texts(f"picture_preview.{code}"))
            form.addWidget(label, row, 0)
            form.addWidget(field, row, 1)
        form.addWidget(self.choose, 0, 2, 2, 1)
        form.setColumnStretch(1, 1)
        layout.addLayout(form)
        seen = QGridLayout()
        seen.setHorizontalSpacing(16)
        for column, (code, picture) in enumerate((("before", self.before), ("after", self.after))):
            seen.addWidget(strong(texts(f"picture_preview.{code}")), 0, column)
            seen.addWidget(picture, 1, column)
            seen.setColumnStretch(column, 1)
            picture.setAccessibleName(texts(f"picture_preview.{code}"))
        layout.addLayout(seen, 1)
        for part in (self._size, self._said, self._wrong):
            layout.addWidget(part)
        self._wrong.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.keep)
        layout.addLayout(row)
        self.before.setText(texts("picture_preview.nothing_chosen"))

    @property
    def whose(self) -> Owner:
        found: Owner = self.owner.currentData()
        return found

    def take_file(self, file: Path) -> None:
        self._file = file
        self._clean()

    def _ask(self) -> None:
        dialog = QFileDialog(self, self._texts("picture_preview.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{self._texts('picture_preview.choose')} (*.png *.jpg *.jpeg *.tif *.tiff *.bmp)")
        dialog.fileSelected.connect(lambda chosen: self.take_file(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _owner_changed(self) -> None:
        """A personal signature is blue, a seal red (NĐ 30/2020 Annex I); the person may say otherwise."""
        wanted = InkColour.RED if self.whose.person is None else InkColour.BLUE
        self.ink.setCurrentIndex(list(INKS).index(wanted))
        self._show()

    def _clean(self) -> None:
        if self._file is None:
            return
        if self._job is not None:
            self._job.set()
        file, ink = self._file, InkColour(self.ink.currentData())      # Qt gives the bare text back
        self.cleaned = None
        self.after.setText(self._texts("picture_preview.reading"))
        self.keep.setEnabled(False)

        def clean(_report: Report, _stop: Event) -> Cleaned:
            return clean_picture(file, ink)

        def done(cleaned: Cleaned) -> None:
            if self._job is mine:
                self._job, self.cleaned = None, cleaned
                self._wrong.hide()
                self._show()
                self.shown.emit()

        def failed(error: Exception) -> None:
            if self._job is mine:
                self._job = None
                words = self._texts.trouble(error)
                self._wrong.setText(f"{words.sentence} {words.advice}")
                self._wrong.show()
                self.before.clear()
                self.after.clear()

        mine = self._job = self._background.run(self, Lane.PROCESSOR, clean, done=done, failed=failed)

    def _show(self) -> None:
        cleaned, texts = self.cleaned, self._texts
        self.keep.setEnabled(cleaned is not None)
        if cleaned is None:
            self._size.clear()
            self._said.clear()
            return
        before = pixmap_of(cleaned.before)
        self.before.setPixmap(before.scaled(BEFORE_PX, BEFORE_PX, Qt.AspectRatioMode.KeepAspectRatio,
                                            Qt.TransformationMode.SmoothTransformation))
        width_mm, height_mm = self.real_size(cleaned)
        ratio, dots = self.devicePixelRatioF(), dots_per_inch(self)
        after = pixmap_of(cleaned.on_paper()).scaled(
            round(width_mm / MM_IN_INCH * dots * ratio), round(height_mm / MM_IN_INCH * dots * ratio),
            Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        after.setDevicePixelRatio(ratio)
        self.after.setPixmap(after)
        self._size.setText(texts("picture_preview.real_size", width=millimetres(width_mm, texts),
                                 height=millimetres(height_mm, texts)))
        self._said.setText(texts("picture_preview.was_transparent" if cleaned.was_transparent
                                 else "picture_preview.cleaned"))

    def real_size(self, cleaned: Cleaned) -> tuple[float, float]:
        """Width and height on paper, millimetres: a seal fills its circle, a signature the box it is given."""
        across, down = cleaned.after.size
        if self.whose.person is None:
            factor = self._seal_mm / max(across, down)
        else:
            factor = min(SIGNATURE_WIDTH_MM / across, SIGNATURE_HEIGHT_MM / down)
        return across * factor, down * factor

    def _keep(self) -> None:
        if self.cleaned is not None:
            stream = io.BytesIO()
            self.cleaned.after.save(stream, "PNG")
            self.accept()
            self.accepted_picture.emit(stream.getvalue(), self.whose)


def paper() -> QLabel:
    label = QLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMinimumSize(BEFORE_PX + 40, BEFORE_PX)
    label.setStyleSheet("background: #ffffff; border: 1px solid #c3cad4; border-radius: 6px;")
    return label


def pixmap_of(picture: object) -> QPixmap:
    """Pillow's picture as Qt's."""
    stream = io.BytesIO()
    picture.save(stream, "PNG")     # type: ignore[attr-defined]
    return QPixmap.fromImage(QImage.fromData(stream.getvalue()))


def dots_per_inch(widget: QWidget) -> float:
    """Of the screen itself, so that a centimetre is a centimetre; what the desktop says where a screen lies."""
    screen = widget.screen()
    dots = screen.physicalDotsPerInch()
    return dots if PLAUSIBLE_DPI[0] <= dots <= PLAUSIBLE_DPI[1] else screen.logicalDotsPerInch()
