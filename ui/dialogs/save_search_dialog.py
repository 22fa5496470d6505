"""A name for a search that is kept."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from docclient.office.commands.finding import LONGEST_NAME
from ui.dialogs.growing import GrowingDialog
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, title


class SaveSearchDialog(GrowingDialog):
    """Enter keeps."""

    named = Signal(str, bool)       # name, shown at home

    def __init__(self, texts: Texts, proposed: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts("finding.keep"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        self.name = QLineEdit(proposed[:LONGEST_NAME])
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(texts("finding.name"))
        self.name.selectAll()
        self.pinned = QCheckBox(texts("finding.pinned"))
        self.pinned.setChecked(True)
        self.keep = ActionButton(texts("finding.keep"), keys_shown="Enter", rank=RANK_FIRST)
        self.keep.setDefault(True)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.keep.clicked.connect(self._keep)
        cancel.clicked.connect(self.reject)
        self.name.textChanged.connect(lambda said: self.keep.setEnabled(bool(said.strip())))
        self.keep.setEnabled(bool(proposed.strip()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("finding.keep"), 1.3))
        layout.addWidget(muted(texts("finding.name")))
        layout.addWidget(self.name)
        layout.addWidget(self.pinned)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.keep)
        layout.addLayout(row)

    def _keep(self) -> None:
        self.named.emit(self.name.text().strip(), self.pinned.isChecked())
        self.accept()
