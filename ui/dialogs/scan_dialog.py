"""Which scanner, and how: as last time, or as the office laid down, so that Enter is enough. What the office locked
is seen and cannot be changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.model import Colour, Feed, FoundScanner
from docclient.capture.sources.troubles import SourceUnknown
from docclient.desk.scan_profiles import ScanChoice, kept_to, usual
from docclient.office.scan_profiles import ProfilePart, ScanProfile, ScanResolution
from ui.icons import icon, pixmap
from ui.state.notices import Notice
from ui.texts import Texts
from ui.theme import MUTED, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, muted, strong, title

ADDRESS = Qt.ItemDataRole.UserRole


class ScanDialog(QDialog):
    """Says what was chosen; the scanners come in while it stands."""

    chosen = Signal(object)             # ScanChoice
    look_wanted = Signal()

    def __init__(self, texts: Texts, last: ScanChoice, parent: QWidget | None = None, *, remark: str = "",
                 profiles: Sequence[ScanProfile] = ()) -> None:
        """remark: what this scan is for, in place of the general explanation. profiles: the office's own."""
        super().__init__(parent)
        self._remark = remark
        self._texts, self._last = texts, last
        self.setWindowTitle(texts("scan_window.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 80)
        self.list = QListWidget()
        self.list.setAccessibleName(texts("scan_window.scanners"))
        self.list.setFixedHeight((self.fontMetrics().height() + 14) * 3)
        self.list.itemActivated.connect(lambda _: self._take())
        self.address = QLineEdit()
        self.address.setPlaceholderText(texts("scan_window.address_hint"))
        self.address.setAccessibleName(texts("scan_window.address"))
        self.feeds = QButtonGroup(self)
        self._buttons = {feed: QRadioButton(texts(f"scan_window.{feed}")) for feed in
                         (Feed.FEEDER, Feed.DUPLEX, Feed.GLASS)}
        self.profile, self.resolution, self.colour = QComboBox(), QComboBox(), QComboBox()
        for each in ScanResolution:
            self.resolution.addItem(texts("scan_window.dpi", dpi=each.value), int(each))
        for kind in Colour:
            self.colour.addItem(texts(f"scan_window.colour_{kind}"), kind.value)
        for name, box in (("profile", self.profile), ("resolution", self.resolution), ("colour", self.colour)):
            box.setAccessibleName(texts(f"scan_window.{name}"))
        self._locks: dict[ProfilePart, QLabel] = {}
        self._profiles: tuple[ScanProfile, ...] = ()
        self._locked_note = muted(texts("scan_window.locked"))
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
        self._show_choice(last)
        self.show_profiles(profiles)
        self.profile.currentIndexChanged.connect(lambda _: self._follow_profile())
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("scan_window.title"), 1.3))
        layout.addWidget(muted(self._remark or texts("scan_window.explain")))
        self._profile_name = strong(texts("scan_window.profile"))
        layout.addWidget(self._profile_name)
        layout.addWidget(self.profile)
        layout.addLayout(self._heading(ProfilePart.SOURCE, "scanners"))
        layout.addWidget(self.list)
        layout.addWidget(self._state)
        layout.addWidget(strong(texts("scan_window.address")))
        layout.addWidget(self.address)
        layout.addLayout(self._heading(ProfilePart.FEED, "feed"))
        places = QHBoxLayout()
        for button in self._buttons.values():
            self.feeds.addButton(button)
            places.addWidget(button)
        places.addStretch(1)
        layout.addLayout(places)
        more = QHBoxLayout()
        for part, box in ((ProfilePart.RESOLUTION, self.resolution), (ProfilePart.COLOUR, self.colour)):
            beside = QVBoxLayout()
            beside.addLayout(self._heading(part, part.value))
            beside.addWidget(box)
            more.addLayout(beside, 1)
        layout.addLayout(more)
        layout.addWidget(self._locked_note)
        self._wrong.hide()
        layout.addWidget(self._wrong)
        row = QHBoxLayout()
        row.addWidget(self.look_again)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.start)
        layout.addLayout(row)

    def _heading(self, part: ProfilePart, words: str) -> QHBoxLayout:
        """What is asked, and room for the lock."""
        line, lock = QHBoxLayout(), QLabel()
        lock.setPixmap(pixmap("lock", 16, MUTED, self.devicePixelRatioF()))
        lock.setAccessibleName(self._texts("scan_window.locked_spoken"))
        lock.hide()
        self._locks[part] = lock
        line.addWidget(strong(self._texts(f"scan_window.{words}")))
        line.addWidget(lock)
        line.addStretch(1)
        return line

    # --- the office's profiles -------------------------------------------------------------------------------------

    def show_profiles(self, profiles: Sequence[ScanProfile]) -> None:
        """The office's own; the one used last stays chosen, else the first. Where there are some, one of them holds."""
        if tuple(profiles) == self._profiles and self.profile.count():
            return
        wanted = self.profile.currentData() or self._last.profile
        self._profiles = tuple(profiles)
        self.profile.blockSignals(True)
        self.profile.clear()
        for each in self._profiles:
            self.profile.addItem(each.profile, each.profile)
        self.profile.setCurrentIndex(max(0, self.profile.findData(wanted)))
        self.profile.blockSignals(False)
        for widget in (self.profile, self._profile_name):
            widget.setVisible(bool(self._profiles))
        self._follow_profile()

    @property
    def _chosen_profile(self) -> ScanProfile | None:
        return next((each for each in self._profiles if each.profile == self.profile.currentData()), None)

    def _follow_profile(self) -> None:
        profile = self._chosen_profile
        locked = profile.locked if profile is not None else frozenset()
        if profile is not None:
            now = self._choice()
            # the profile's own values, where it is not the one that the last scan was made with
            self._show_choice(kept_to(profile, now) if profile.profile == self._last.profile else usual(profile, now))
        for part, lock in self._locks.items():
            lock.setVisible(part in locked)
        for part, inputs in ((ProfilePart.SOURCE, (self.list, self.address, self.look_again)),
                             (ProfilePart.FEED, tuple(self._buttons.values())),
                             (ProfilePart.RESOLUTION, (self.resolution,)), (ProfilePart.COLOUR, (self.colour,))):
            for each in inputs:
                each.setEnabled(part not in locked)
        self._locked_note.setVisible(bool(locked))

    def _show_choice(self, choice: ScanChoice) -> None:
        self._buttons[choice.feed].setChecked(True)
        self.colour.setCurrentIndex(self.colour.findData(choice.colour.value))
        at = self.resolution.findData(choice.dots_per_inch)
        self.resolution.setCurrentIndex(at if at >= 0 else self.resolution.findData(int(ScanResolution.DPI_300)))
        if choice.address:
            self.address.clear()
            self._add(FoundScanner(choice.address, choice.address, ""), only_new=True)
            self.list.setCurrentRow(next(row for row in range(self.list.count())
                                         if self.list.item(row).data(ADDRESS) == choice.address))

    def _choice(self) -> ScanChoice:
        item, profile = self.list.currentItem(), self._chosen_profile
        address = self.address.text().strip() or (str(item.data(ADDRESS)) if item is not None else "")
        feed = next(feed for feed, button in self._buttons.items() if button.isChecked())
        return ScanChoice(address, feed, Colour(self.colour.currentData()), self.resolution.currentData(),
                          profile.profile if profile is not None else "")

    # --- scanners --------------------------------------------------------------------------------------------------

    def show_found(self, scanners: Sequence[FoundScanner]) -> None:
        """What was found by now; the last one used stays chosen, with its name if it has one."""
        for scanner in scanners:
            self._add(scanner)
        self._state.setText("" if self.list.count() else self._texts("scan_window.none"))
        self._state.setVisible(not self.list.count())
        profile = self._chosen_profile
        self.look_again.setEnabled(profile is None or ProfilePart.SOURCE not in profile.locked)

    def _add(self, scanner: FoundScanner, *, only_new: bool = False) -> None:
        known = next((self.list.item(row) for row in range(self.list.count())
                      if self.list.item(row).data(ADDRESS) == scanner.address), None)
        if known is not None and only_new:
            return
        item = known or QListWidgetItem(icon("paper"), "")
        item.setData(ADDRESS, scanner.address)
        item.setText(scanner.title if scanner.tried else self._texts("scan_window.untried", title=scanner.title))
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
        choice, profile = self._choice(), self._chosen_profile
        if not self.isVisible():
            return
        if profile is not None:
            choice = kept_to(profile, choice)
        try:
            source_at(choice.address)
        except SourceUnknown as unknown:
            self._wrong.setText(Notice.of_trouble(unknown, self._texts).spoken)
            self._wrong.show()
            self.adjustSize()
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.accept()
        self.chosen.emit(choice)
