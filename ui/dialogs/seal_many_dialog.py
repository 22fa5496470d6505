"""Which documents to number and seal together: in the order in which they take their numbers, all ticked at first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog
from ui.state.rows import ListRow
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, title

ROW = int(Qt.ItemDataRole.UserRole)


class SealManyDialog(GrowingDialog):
    """Space ticks and unticks, Enter goes on to the PIN."""

    taken = Signal(object)      # the ListRows, in order

    def __init__(self, texts: Texts, rows: Sequence[ListRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(texts("seal_many.title"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 84, self.fontMetrics().height() * 20)
        self.list = QListWidget()
        self.list.setAccessibleName(texts("seal_many.title"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for row in rows:
            item = QListWidgetItem(" — ".join(part for part in (row.number, row.what) if part))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(ROW, row)
            self.list.addItem(item)
        if rows:
            self.list.setCurrentRow(0)
        self.take = ActionButton("", keys_shown="Enter", picture="seal", rank=RANK_FIRST)
        self.take.setDefault(True)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.list.itemChanged.connect(lambda _: self._show())
        self.take.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("seal_many.title"), 1.3))
        layout.addWidget(muted(texts("seal_many.explain" if rows else "seal_many.nothing")))
        layout.addWidget(self.list, 1)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.cancel)
        line.addWidget(self.take)
        layout.addLayout(line)
        self._show()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> list[ListRow]:
        items = (self.list.item(place) for place in range(self.list.count()))
        return [item.data(ROW) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _show(self) -> None:
        count = len(self.chosen)
        self.take.setText(self._texts("seal_many.take", count=count))
        self.take.setEnabled(count > 0)

    def _take(self) -> None:
        chosen = self.chosen
        if chosen:
            self.accept()
            self.taken.emit(chosen)
