"""The few settings a person has: language, size of text, the token's library, the folders packets come and go by."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from docclient.settings import Settings, changed
from docclient.words import Language
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, strong, title

SIZES = (9, 10, 11, 12, 13, 14, 16, 18)        # points
NAMES = {Language.VIETNAMESE: "Tiếng Việt", Language.ENGLISH: "English"}


class SettingsDialog(QDialog):
    """Says what was chosen."""

    chosen = Signal(object)         # Settings

    def __init__(self, texts: Texts, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._settings = texts, settings
        self.setWindowTitle(texts("settings.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 80)
        self.language = QComboBox()
        for language, name in NAMES.items():
            self.language.addItem(name, language)
        self.language.setCurrentIndex(list(NAMES).index(settings.language))
        self.size = QComboBox()
        for points in SIZES:
            self.size.addItem(f"{points} pt", float(points))
        self.size.setCurrentIndex(min(range(len(SIZES)), key=lambda n: abs(SIZES[n] - settings.text_points)))
        self.module = QLineEdit(settings.token_module)
        self.module.setPlaceholderText(texts("settings.module_hint"))
        self.inbox, self.outbox = QLineEdit(settings.packet_inbox), QLineEdit(settings.packet_outbox)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(24, 20, 24, 20)
        self._layout.setSpacing(8)
        self._layout.addWidget(title(texts("settings.title"), 1.3))
        self._add("settings.language", self.language)
        self._add("settings.text_size", self.size)
        self._add("settings.module", self.module, browse=False)
        self._add("settings.inbox", self.inbox, browse=True)
        self._add("settings.outbox", self.outbox, browse=True)
        self._layout.addWidget(muted(texts("settings.packets_more"), small=True))
        self._layout.addSpacing(8)
        self.save = ActionButton(texts("settings.save"), keys="Ctrl+Return", picture="save", rank=RANK_FIRST)
        self.save.clicked.connect(self._save)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        self._layout.addLayout(row)

    def _add(self, code: str, field: QWidget, *, browse: bool | None = None) -> None:
        """browse: a button beside the line that chooses a folder (True) or a file (False)."""
        label = strong(self._texts(code))
        label.setBuddy(field)
        field.setAccessibleName(self._texts(code))
        self._layout.addWidget(label)
        if browse is None or not isinstance(field, QLineEdit):
            self._layout.addWidget(field)
            return
        row = QHBoxLayout()
        button = ActionButton(self._texts("settings.browse"), picture="folder")
        button.clicked.connect(lambda: self._browse(field, folder=browse))
        row.addWidget(field, 1)
        row.addWidget(button)
        self._layout.addLayout(row)

    def _browse(self, field: QLineEdit, *, folder: bool) -> None:
        dialog = QFileDialog(self)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(field.setText)
        dialog.open()

    def _save(self) -> None:
        self.accept()
        self.chosen.emit(changed(
            self._settings, language=self.language.currentData(), text_points=self.size.currentData(),
            token_module=self.module.text().strip(), packet_inbox=self.inbox.text().strip(),
            packet_outbox=self.outbox.text().strip()))
