"""Asking how paper is to be scanned: which scanners there are, how the office scans, what was chosen last."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.capture.sources.discovery import Found, discover
from docclient.capture.sources.model import Colour, Feed
from docclient.desk.scan_profiles import ScanChoice
from docclient.office.queries.scan_profiles import ScanProfiles
from docclient.office.scan_profiles import ScanProfile
from ui.background import Lane
from ui.dialogs.scan_dialog import ScanDialog
from ui.session import Session


class AskingForScan(QObject):
    """One dialog at a time. Lives as long as the paper screen."""

    chosen = Signal(object)             # ScanChoice
    settings_changed = Signal(object)   # settings by name, to be kept

    def __init__(self, session: Session, window: QWidget, parent: QObject) -> None:
        """window: the dialog stands above the window that this one belongs to."""
        super().__init__(parent)
        self._session, self._window = session, window
        said = session.settings
        self._last = ScanChoice(said.scanner, Feed(said.scan_feed), Colour(said.scan_colour), said.scan_dots_per_inch,
                                said.scan_profile)
        self.profiles: tuple[ScanProfile, ...] = ()
        self.dialog: ScanDialog | None = None

    def begin(self, remark: str = "") -> None:
        """remark: what the scan is for, where it is not a new page at the end."""
        dialog = self.dialog = ScanDialog(self._session.texts, self._last, self._window.window(), remark=remark,
                                          profiles=self.profiles)
        dialog.chosen.connect(self._chosen)
        dialog.look_wanted.connect(self._look_for_scanners)
        dialog.finished.connect(self._dialog_gone)
        dialog.open()
        self.read_profiles()
        self._look_for_scanners()

    def read_profiles(self) -> None:
        """How the office scans, as an administrator laid it down by now."""
        office = self._session.office

        def show(found: tuple[ScanProfile, ...]) -> None:
            self.profiles = found
            if self.dialog is not None:
                self.dialog.show_profiles(found)

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(ScanProfiles()), done=show,
                                     failed=self._session.tell.trouble)

    def _dialog_gone(self) -> None:
        """What is still looked for comes too late for it."""
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _look_for_scanners(self) -> None:
        dialog = self.dialog

        def show(found: Found) -> None:
            if dialog is self.dialog and dialog is not None:
                dialog.show_found(found.scanners)

        self._session.background.run(self, Lane.NET, lambda _report, stop: discover(stop), done=show,
                                     failed=lambda _error: show(Found((), ())))

    def _chosen(self, wanted: ScanChoice) -> None:
        self._last = wanted
        self.settings_changed.emit({
            "scanner": wanted.address, "scan_feed": wanted.feed.value, "scan_colour": wanted.colour.value,
            "scan_dots_per_inch": wanted.dots_per_inch, "scan_profile": wanted.profile})
        self.chosen.emit(wanted)
