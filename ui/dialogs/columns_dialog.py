"""Which columns a list has, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.state.finding import heading_of
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, title

NAME = int(Qt.ItemDataRole.UserRole)


class ColumnsDialog(GrowingDialog):
    """Space shows or hides, Alt and arrows move; the mouse drags."""

    chosen = Signal(object)         # names, in order; empty: the usual ones

    def __init__(self, texts: Texts, every: Sequence[str], shown: Sequence[str], usual: Sequence[str],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._every, self._usual = texts, tuple(every), tuple(usual)
        self.setWindowTitle(texts("finding.columns"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 60, self.fontMetrics().height() * 26)
        self.list = QListWidget()
        self.list.setAccessibleName(texts("finding.columns"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.up = ActionButton(texts("finding.up"), keys="Alt+Up", picture="up")
        self.down = ActionButton(texts("finding.down"), keys="Alt+Down", picture="down")
        self.anew = ActionButton(texts("finding.usual"), picture="refresh")
        self.ok = ActionButton(texts("finding.show"), keys="Ctrl+Return", rank=RANK_FIRST)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.anew.clicked.connect(lambda: self._fill(self._usual))
        self.ok.clicked.connect(self._choose)
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("finding.columns"), 1.3))
        layout.addWidget(muted(texts("finding.columns_hint")))
        layout.addWidget(self.list, 1)
        moves, row = QHBoxLayout(), QHBoxLayout()
        for each in (self.up, self.down, self.anew):
            moves.addWidget(each)
        moves.addStretch(1)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.ok)
        layout.addLayout(moves)
        layout.addLayout(row)
        self._fill(shown)
        self.list.setFocus()

    def _fill(self, shown: Sequence[str]) -> None:
        self.list.clear()
        for name in (*shown, *(each for each in self._every if each not in shown)):
            item = QListWidgetItem(heading_of(name, self._texts))
            item.setData(NAME, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _move(self, by: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + by < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(place + by, item)
            self.list.setCurrentRow(place + by)

    def names(self) -> tuple[str, ...]:
        items = [self.list.item(place) for place in range(self.list.count())]
        return tuple(item.data(NAME) for item in items if item.checkState() is Qt.CheckState.Checked)

    def _choose(self) -> None:
        names = self.names()
        self.chosen.emit(() if names == self._usual else names)
        self.accept()
