"""Beside the pages: the fields by name, exact millimetres of the chosen one, what is doubtful about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from docclient.words import Language
from ui.icons import icon
from ui.state.placement import Kind, PlacementView, name_of, spoken
from ui.texts import Texts
from ui.theme import ICON_OF_TONE, TONES, Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, strong

MEASURES = ("x", "y", "width", "height")
LARGEST_MM = 5_000.0        # a PDF page is at most 200 inches without UserUnit
ROWS_SHOWN = 7


class PlacementPanel(QWidget):
    """Shows a `PlacementView`; says what the person makes of it."""

    changed = Signal(object)        # PlacementView

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.view = PlacementView((), ())
        self._warned: Mapping[str, Sequence[str]] = {}
        self._showing = False
        self.list = QListWidget()
        self.list.setAccessibleName(texts("placement.fields"))
        self.list.setTabKeyNavigation(False)
        self.list.currentItemChanged.connect(lambda item, _before: self._choose(item))
        locale = QLocale(QLocale.Language.Vietnamese if texts.language is Language.VIETNAMESE
                         else QLocale.Language.English)
        self.page = QDoubleSpinBox()
        self.page.setDecimals(0)
        self.page.setMinimum(1)
        self.measures = {name: QDoubleSpinBox() for name in MEASURES}
        for part in (self.page, *self.measures.values()):
            part.setMinimumHeight(self.fontMetrics().height() + 14)
        for spin in self.measures.values():
            spin.setLocale(locale)
            spin.setDecimals(1)
            spin.setSingleStep(1.0)
            spin.setRange(0.0, LARGEST_MM)
            spin.setSuffix(" mm")
            spin.setKeyboardTracking(False)         # a number half typed moves nothing
            spin.valueChanged.connect(lambda _: self._typed())
        self.page.setKeyboardTracking(False)
        self.page.valueChanged.connect(lambda _: self._typed())
        self.undo = ActionButton(texts("placement.undo"), keys="Ctrl+Z", picture="back")
        self.redo = ActionButton(texts("placement.redo"), keys="Ctrl+Y", picture="next")
        self.proposed = ActionButton(texts("placement.proposed"), keys="Ctrl+R", picture="refresh")
        self.undo.clicked.connect(lambda: self._become(self.view.undone()))
        self.redo.clicked.connect(lambda: self._become(self.view.redone()))
        self.proposed.clicked.connect(lambda: self._become(self.view.proposed_again()))
        self._warning, self._mark = Toned(Tone.DOUBT), ToneMark(Tone.DOUBT, 20)
        self._build()

    def _build(self) -> None:
        texts, column = self._texts, QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(strong(texts("placement.fields")))
        column.addWidget(self.list)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for row, (name, spin) in enumerate((("page", self.page), *self.measures.items())):
            label = strong(texts(f"placement.{name}"))
            label.setWordWrap(False)
            label.setBuddy(spin)
            spin.setAccessibleName(texts(f"placement.{name}"))
            grid.addWidget(label, row, 0)
            grid.addWidget(spin, row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        doubt = QHBoxLayout()
        doubt.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        doubt.addWidget(self._warning, 1)
        column.addLayout(doubt)
        column.addWidget(muted(texts("placement.keys"), small=True))
        column.addStretch(1)
        steps = QHBoxLayout()
        steps.addWidget(self.undo)
        steps.addWidget(self.redo)
        column.addLayout(steps)
        column.addWidget(self.proposed)

    def show_view(self, view: PlacementView) -> None:
        self.view = view
        self._showing = True
        self._show_list()
        self._show_measures()
        self._showing = False
        self.undo.setEnabled(bool(view.past))
        self.redo.setEnabled(bool(view.future))
        self.proposed.setEnabled(view.changed)
        self._show_warning()

    def show_warnings(self, warned: Mapping[str, Sequence[str]]) -> None:
        self._warned = warned
        self.show_view(self.view)

    def _show_list(self) -> None:
        view, texts = self.view, self._texts
        while self.list.count() > len(view.fields):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(view.fields):
            self.list.addItem(QListWidgetItem())
        for row, field in enumerate(view.fields):
            item, warned = self.list.item(row), self._warned.get(field.name, ())
            doubtful = field.guessed or bool(warned)
            words = name_of(field.name, texts)
            if field.guessed:
                words += f" — {texts('placement.guess')}"
            elif field.moved:
                words += f" — {texts('placement.moved')}"
            item.setText(words)
            tone = Tone.DOUBT if doubtful else Tone.GOOD
            item.setIcon(icon("warning" if doubtful else ICON_OF_TONE[tone], TONES[tone].line))
            item.setData(Qt.ItemDataRole.UserRole, field.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken(view, field, warned, texts))
            if field.name == view.chosen:
                self.list.setCurrentRow(row)
        line = self.list.fontMetrics().height() + 10
        self.list.setFixedHeight(line * min(max(len(view.fields), 2), ROWS_SHOWN) + 8)

    def _show_measures(self) -> None:
        field = self.view.current
        self.page.setMaximum(max(len(self.view.frames), 1))
        for part in (self.page, *self.measures.values()):
            part.setEnabled(field is not None)
        if field is None:
            return
        self.page.setValue(field.place.page)
        self.page.setEnabled(len(self.view.frames) > 1)
        for spin, length in zip(self.measures.values(), self.view.mm(field), strict=True):
            spin.setValue(length)
        self.measures["width"].setEnabled(field.kind is not Kind.SEAL)
        self.measures["height"].setEnabled(field.kind is Kind.SIGNATURE)

    def _show_warning(self) -> None:
        field = self.view.current
        said: list[str] = []
        if field is not None:
            said = [self._texts("placement.guessed")] if field.guessed else []
            said += self._warned.get(field.name, ())
        self._warning.setText("\n".join(said))
        self._warning.setVisible(bool(said))
        self._mark.setVisible(bool(said))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._showing:
            self._become(self.view.choose(item.data(Qt.ItemDataRole.UserRole)))

    def _typed(self) -> None:
        if not self._showing:
            x, y, width, height = (spin.value() for spin in self.measures.values())
            self._become(self.view.typed(round(self.page.value()), x, y, width, height))

    def _become(self, view: PlacementView) -> None:
        self.show_view(view)            # what was clamped stands in the boxes as it is now
        self.changed.emit(view)
