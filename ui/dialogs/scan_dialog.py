"""Which scanner, and where the paper lies: both as last time, so that Enter is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.model import Feed, FoundScanner
from docclient.capture.sources.troubles import SourceUnknown
from ui.icons import icon
from ui.state.notices import Notice
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, muted, strong, title

ADDRESS = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class ScanWanted:
    """address: of the source. feed: where the paper lies."""

    address: str
    feed: Feed


class ScanDialog(QDialog):
    """Says what was chosen; the scanners come in while it stands."""

    chosen = Signal(object)             # ScanWanted
    look_wanted = Signal()

    def __init__(self, texts: Texts, last: ScanWanted, parent: QWidget | None = None, *, remark: str = "") -> None:
        """remark: what this scan is for, in place of the general explanation."""
        super().__init__(parent)
        self._remark = remark
        self._texts, self._last = texts, last
        self.setWindowTitle(texts("scan_window.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 80)
        self.list = QListWidget()
        self.list.setAccessibleName(texts("scan_window.scanners"))
        self.list.setFixedHeight((self.fontMetrics().height() + 14) * 4)
        self.list.itemActivated.connect(lambda _: self._take())
        self.address = QLineEdit()
        self.address.setPlaceholderText(texts("scan_window.address_hint"))
        self.address.setAccessibleName(texts("scan_window.address"))
        self.feeds = QButtonGroup(self)
        self._buttons = {feed: QRadioButton(texts(f"scan_window.{feed}")) for feed in
                         (Feed.FEEDER, Feed.DUPLEX, Feed.GLASS)}
        self._state, self._wrong = muted(texts("scan_window.looking")), Toned(Tone.BAD)
        self.start = ActionButton(texts("scan_window.start"), keys_shown="Enter", picture="paper", rank=RANK_FIRST)
        self.start.setDefault(True)
        self.look_again = ActionButton(texts("scan_window.look_again"), keys="F5")
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.start.clicked.connect(self._take)
        self.look_again.clicked.connect(self._look)
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        if last.address:
            self._add(FoundScanner(last.address, last.address, ""))
        self._buttons[last.feed].setChecked(True)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("scan_window.title"), 1.3))
        layout.addWidget(muted(self._remark or texts("scan_window.explain")))
        layout.addWidget(strong(texts("scan_window.scanners")))
        layout.addWidget(self.list)
        layout.addWidget(self._state)
        layout.addWidget(strong(texts("scan_window.address")))
        layout.addWidget(self.address)
        layout.addWidget(strong(texts("scan_window.feed")))
        places = QHBoxLayout()
        for button in self._buttons.values():
            self.feeds.addButton(button)
            places.addWidget(button)
        places.addStretch(1)
        layout.addLayout(places)
        self._wrong.hide()
        layout.addWidget(self._wrong)
        row = QHBoxLayout()
        row.addWidget(self.look_again)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.start)
        layout.addLayout(row)

    def show_found(self, scanners: Sequence[FoundScanner]) -> None:
        """What was found by now; the last one used stays chosen, with its name if it has one."""
        for scanner in scanners:
            self._add(scanner)
        self._state.setText("" if self.list.count() else self._texts("scan_window.none"))
        self._state.setVisible(not self.list.count())
        self.look_again.setEnabled(True)

    def _add(self, scanner: FoundScanner) -> None:
        known = next((self.list.item(row) for row in range(self.list.count())
                      if self.list.item(row).data(ADDRESS) == scanner.address), None)
        item = known or QListWidgetItem(icon("paper"), "")
        item.setData(ADDRESS, scanner.address)
        item.setText(scanner.title)
        item.setToolTip(scanner.address)
        if known is None:
            self.list.addItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _look(self) -> None:
        self.look_again.setEnabled(False)
        self._state.setText(self._texts("scan_window.looking"))
        self._state.show()
        self.look_wanted.emit()

    def _take(self) -> None:
        item = self.list.currentItem()
        address = self.address.text().strip() or (item.data(ADDRESS) if item is not None else "")
        if not self.isVisible():
            return
        try:
            source_at(address)
        except SourceUnknown as unknown:
            self._wrong.setText(Notice.of_trouble(unknown, self._texts).spoken)
            self._wrong.show()
            self.adjustSize()
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        feed = next(feed for feed, button in self._buttons.items() if button.isChecked())
        self.accept()
        self.chosen.emit(ScanWanted(address, feed))
