"""The few settings a person has: language, size of text, the token's library, the folders packets come and go by,
where time-stamps come from."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from docclient.settings import Settings, changed
from docclient.words import Language
from signing.levels import Level
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.stamp_services import StampServices

SIZES = (9, 10, 11, 12, 13, 14, 16, 18)        # points
NAMES = {Language.VIETNAMESE: "Tiếng Việt", Language.ENGLISH: "English"}


class SettingsDialog(QDialog):
    """Says what was chosen."""

    chosen = Signal(object)         # Settings

    def __init__(self, texts: Texts, settings: Settings, parent: QWidget | None = None, *,
                 last_backup: datetime | None = None) -> None:
        """last_backup: when the office was last backed up, aware."""
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
        self.backups = QLineEdit(settings.backup_folder)
        self.backed_up = muted(texts("settings.backup_never") if last_backup is None else texts(
            "settings.backup_last", at=last_backup.astimezone().strftime("%H:%M %d/%m/%Y")))
        self.level = QComboBox()
        for level in Level:
            self.level.addItem(texts(f"settings.level_{level}"), level.value)
        self.level.setCurrentIndex(self.level.findData(settings.signature_level))
        self.services = StampServices(texts, settings.time_stamp_services)
        self._wrong = plain()
        self._wrong.setProperty("role", "wrong")
        self._wrong.hide()
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(texts("settings.title"))
        self._lay_out()

    def _lay_out(self) -> None:
        texts = self._texts
        general = self._page("settings.tab_general")
        self._add(general, "settings.language", self.language)
        self._add(general, "settings.text_size", self.size)
        self._add(general, "settings.module", self.module, browse=False)
        self._add(general, "settings.inbox", self.inbox, browse=True)
        self._add(general, "settings.outbox", self.outbox, browse=True)
        general.addWidget(muted(texts("settings.packets_more"), small=True))
        general.addStretch(1)
        stamps = self._page("settings.tab_stamps")
        self._add(stamps, "settings.level", self.level)
        stamps.addSpacing(8)
        label = strong(texts("settings.services"))
        label.setBuddy(self.services.table)
        stamps.addWidget(label)
        stamps.addWidget(self.services, 1)
        stamps.addWidget(muted(texts("settings.services_more"), small=True))
        backup = self._page("settings.tab_backup")
        self._add(backup, "settings.backup_folder", self.backups, browse=True)
        backup.addWidget(muted(texts("settings.backup_more"), small=True))
        backup.addWidget(self.backed_up)
        backup.addStretch(1)
        self.save = ActionButton(texts("settings.save"), keys="Ctrl+Return", picture="save", rank=RANK_FIRST)
        self.save.clicked.connect(self._save)
        self.save.setAutoDefault(False)     # Enter in a cell ends its typing, and nothing more
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        for button in self.services.buttons.values():
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(title(texts("settings.title"), 1.3))
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self._wrong)
        layout.addLayout(row)

    def _page(self, code: str) -> QVBoxLayout:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 14, 12, 12)
        layout.setSpacing(8)
        self.tabs.addTab(page, self._texts(code))
        return layout

    def _add(self, layout: QVBoxLayout, code: str, field: QWidget, *, browse: bool | None = None) -> None:
        """browse: a button beside the line that chooses a folder (True) or a file (False)."""
        label = strong(self._texts(code))
        label.setBuddy(field)
        field.setAccessibleName(self._texts(code))
        layout.addWidget(label)
        if browse is None or not isinstance(field, QLineEdit):
            layout.addWidget(field)
            return
        row = QHBoxLayout()
        button = ActionButton(self._texts("settings.browse"), picture="folder")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._browse(field, folder=browse))
        row.addWidget(field, 1)
        row.addWidget(button)
        layout.addLayout(row)

    def _browse(self, field: QLineEdit, *, folder: bool) -> None:
        dialog = QFileDialog(self)
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(field.setText)
        dialog.open()

    def _save(self) -> None:
        self.save.setFocus()            # what is being typed in a cell is taken first
        services, wrong = self.services.services()
        level = Level(self.level.currentData())
        if not wrong and not services and level is not Level.B_B:
            wrong = self._texts("settings.level_needs_service", level=level.value.upper())
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        if wrong:
            self.tabs.setCurrentIndex(1)
            return
        self.accept()
        self.chosen.emit(changed(
            self._settings, language=self.language.currentData(), text_points=self.size.currentData(),
            token_module=self.module.text().strip(), packet_inbox=self.inbox.text().strip(),
            packet_outbox=self.outbox.text().strip(), backup_folder=self.backups.text().strip(),
            signature_level=level.value, time_stamp_services=services))
