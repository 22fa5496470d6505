"""A pile on the desk: pages come, are looked at, arranged, and become letters; what was left is offered again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.capture.batch import LeftBatch
from docclient.capture.errors import SecretPile
from docclient.capture.looking import PageLook, look_at
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.files import FilesSource
from docclient.capture.sources.model import Profile, Source
from docclient.desk.scan_profiles import ScanChoice
from docclient.desk.scanning import OpenPile, Pile, letters_of, piles_folder
from docclient.errors import Trouble
from docclient.office.door import Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.labelled import Labelled
from docclient.office.scan_profiles import ScanProfile
from ui.background import Lane, Report
from ui.dialogs.scan_dialog import ScanDialog
from ui.screens.paper.arranging import PileArranging
from ui.screens.paper.asking import AskingForScan
from ui.screens.paper.left_piles import LeftPiles
from ui.screens.paper.on_desk import PileOnDesk
from ui.session import Session
from ui.state.notices import Notice
from ui.state.pile import PageCard


class PaperScanning(QObject):
    """One pile at a time. Lives as long as the paper screen."""

    read = Signal(object)               # Receipt of a letter that pages of the pile became
    labelled = Signal(object)           # DocumentId: the label on a sheet names it
    ended = Signal()                    # the pile has become letters
    busy_changed = Signal(bool)
    pile_changed = Signal(object, str)  # PileShown or None; the page to be chosen, "" for the one that was
    piles_found = Signal(object)        # tuple of LeftBatch
    first_page = Signal(object)         # Path of the first page of a new pile, while others may still come
    all_came = Signal()                 # no further page comes
    settings_changed = Signal(object)   # settings by name, to be kept

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._root = session, piles_folder()
        self._looking = 0
        self._held = False                      # the first page is being read for a form of its own
        self._place: dict[str, Any] = {}        # where the pages that come belong
        self._from_files = False                # what lies on the desk lies elsewhere too
        self._straight_on = False               # a faultless pile goes on by itself
        self._tried: set[str] = set()           # pages that were looked at, or could not be
        self._stop: Event | None = None         # of the scan
        self._told: Notice | None = None        # why the last scan ended
        self.first_leaf = ""                    # with which page the first letter that is read begins
        self._desk = PileOnDesk(session.texts, self)
        self._asking = AskingForScan(session, parent, self)
        self._arranging = PileArranging(session, self._desk, self)
        self._left = LeftPiles(session, self._desk, self._root, self)
        self._desk.busy_changed.connect(self.busy_changed)
        self._desk.changed.connect(self.pile_changed)
        self._asking.settings_changed.connect(self.settings_changed)
        self._asking.chosen.connect(self.scan)
        self._arranging.scan_wanted.connect(self._ask)
        self._left.found.connect(self.piles_found)
        self._left.opened.connect(self._opened)
        self._left.not_opened.connect(self._failed)

    @property
    def busy(self) -> bool:
        return self._desk.busy

    @property
    def pile(self) -> OpenPile | None:
        return self._desk.pile

    @property
    def dialog(self) -> ScanDialog | None:
        return self._asking.dialog

    @property
    def profiles(self) -> tuple[ScanProfile, ...]:
        """How the office scans, as far as it was read."""
        return self._asking.profiles

    # --- which scanner, which order, which pile --------------------------------------------------------------------

    def ask(self) -> None:
        """Ask which scanner; the pages go behind those of the pile that is open."""
        self._ask({}, "")

    def _ask(self, place: dict[str, Any], remark: str) -> None:
        if not self._desk.busy:
            self._place = place
            self._asking.begin(remark)

    def read_profiles(self) -> None:
        """How the office scans, as an administrator laid it down by now."""
        self._asking.read_profiles()

    def act(self, name: str, card: PageCard | None) -> None:
        """One of the panel's acts on the page that is chosen."""
        self._arranging.act(name, card)

    def carried(self, place: int, to: int) -> None:
        """A page carried by the mouse."""
        self._arranging.carried(place, to)

    def look_for_piles(self) -> None:
        """What an earlier run left."""
        self._left.look()

    def use(self, left: LeftBatch) -> None:
        """Open a pile that was left, where it stood."""
        self._left.use(left)

    def _opened(self) -> None:
        self._straight_on = False
        self._tried.clear()
        self._settle()

    def leave(self) -> None:
        """Let the pile lie: it is offered again."""
        self._left.leave()

    def throw_away_open(self) -> None:
        """A person said that these pages are not wanted."""
        self._left.throw_away_open()

    def throw_away(self, left: LeftBatch) -> None:
        """The same, of a pile that was left."""
        self._left.throw_away(left)

    def close(self) -> None:
        """The window goes: what lies on the desk stays on disk."""
        self._desk.close()

    # --- pages come ------------------------------------------------------------------------------------------------

    def scan(self, wanted: ScanChoice) -> None:
        """Scan into the pile."""
        again = self._place.get("instead_of") is not None
        self._take(lambda: source_at(wanted.address), wanted.asked(most=1 if again else None))

    def take_files(self, files: Sequence[Path]) -> None:
        """Files as the pages of a pile; those that hold none are told, the others go on."""
        if not self._desk.busy:
            self._place = {}
            self._take(lambda: FilesSource(files), Profile())
            self._from_files = True

    def _take(self, source: Callable[[], Source], profile: Profile) -> None:
        session, root, pile, place = self._session, self._root, self._desk.pile, self._place
        if pile is None:
            self._tried.clear()
        self._straight_on = pile is None
        self._from_files = False
        self._desk.refused = ()
        if self._told is not None:
            session.tell.withdraw(self._told)
            self._told = None
        self._desk.set_busy(True)
        self._desk.coming = True

        def scan(report: Report, stop: Event) -> Pile:
            into = pile or OpenPile.begin(root)
            try:
                report(0, into)
                return into.take(source(), profile, stop, lambda number, page: report(number, page.name), **place)
            finally:
                into.arrived()

        stop = self._stop = session.background.run(self, Lane.NET, scan, progress=self._came, done=self._taken,
                                                   failed=self._cut_off, stopped=self._cut_off)
        session.progress.begin(session.texts("scan_window.scanning", pages=0), stop)

    def _came(self, number: int, what: Any) -> None:
        if isinstance(what, OpenPile):
            self._desk.pile = what
            return
        self._session.progress.progress(0, 0, self._session.texts("scan_window.scanning", pages=number))
        if number == 1 and self._straight_on and self._desk.pile is not None:
            self.first_page.emit(self._desk.pile.page(what))
        self._look_at(what)

    def _look_at(self, name: str) -> None:
        pile = self._desk.pile
        if pile is None:
            return
        page = pile.page(name)
        self._looking += 1
        self._tried.add(name)
        self._session.background.run(self, Lane.PROCESSOR, lambda _report, stop: look_at(page, stop),
                                     done=self._looked, failed=self._not_looked, stopped=self._look_ended)
        self._desk.show()

    def _looked(self, look: PageLook) -> None:
        if self._desk.pile is not None:
            self._desk.pile.seen(look)
        self._look_ended()

    def _not_looked(self, error: Exception) -> None:
        self._session.tell.trouble(error)
        self._look_ended()

    def _look_ended(self) -> None:
        self._looking -= 1
        self._desk.show()
        self._settle()

    def _taken(self, taken: Pile) -> None:
        self._desk.refused = taken.refused
        if taken.trouble is not None:
            self._straight_on = False
            self._tell_end(taken.trouble)
        elif taken.refused:
            self._tell_refused(taken)
        self._come_to_end()

    def _cut_off(self, error: Exception | None = None) -> None:
        self._straight_on = False
        if error is not None:
            self._tell_end(error)
        self._come_to_end()

    def _tell_end(self, error: Exception) -> None:
        """Why no more came; until the next scan begins."""
        self._session.tell.trouble(error)
        self._told = self._session.tell.newest

    def _tell_refused(self, taken: Pile) -> None:
        texts = self._session.texts
        if len(taken.refused) == 1:
            self._session.tell.trouble(taken.refused[0].trouble)
            return
        told = "\n".join(texts("pile.refused", file=each.file, sentence=texts.trouble(each.trouble).sentence)
                         for each in taken.refused)
        beside = bool(taken.pages)              # the pile that stands there says why, file by file
        self._session.tell.tell(Notice("bad", texts("pile.some_refused", count=len(taken.refused)),
                                       "" if beside else told))
        self._told = self._session.tell.newest

    def stop_for_secret(self) -> None:
        """A secrecy mark was read on the first page: no further sheet is drawn in, nothing is shown any more, and the
        pile is locked once its last job has let go of it (records-work 13.4)."""
        if self._desk.pile is not None and not self._desk.secret:
            self._desk.secret = True
            if self._stop is not None:
                self._stop.set()
            self._desk.show()
            self._settle()

    def hold(self) -> None:
        """The first page is being read: until that has ended nothing becomes of the pile, for a secrecy mark may come
        of it, also when it was given up."""
        self._held = True

    def let_go(self) -> None:
        """That has ended."""
        self._held = False
        self._settle()

    def _lock(self, pile: OpenPile) -> None:
        self._desk.secret, self._desk.pile = False, None
        self._session.tell.trouble(pile.lock())
        self._desk.set_busy(False)
        self._desk.show()
        self._left.look()

    def _come_to_end(self) -> None:
        self._desk.coming, self._stop = False, None
        self.all_came.emit()
        self._session.progress.end()
        if self._desk.pile is not None and self._desk.pile.empty:
            self._desk.let_lie()
        self._settle()

    def _settle(self) -> None:
        """Once no page comes and each has been looked at: set aside what is blank, ask for what is bad, or go on."""
        if self._desk.coming or self._looking or self._held:
            return
        pile = self._desk.pile
        if pile is None:
            self._desk.set_busy(False)
            self._left.look()
            return
        if self._desk.secret:
            self._lock(pile)
            return
        missing = [name for name in pile.unseen() if name not in self._tried]
        if missing and self._desk.busy:
            for name in missing:
                self._look_at(name)
            return
        try:
            pile.sort_out()
        except Trouble as trouble:
            self._session.tell.trouble(trouble)
        shown = self._desk.shown()
        if self._straight_on and shown is not None and shown.plain and pile.arrangement.leaves:
            self.read_pile()
            return
        if self._straight_on and self._from_files and shown is not None and len(shown.cards) == 1 \
                and shown.cards[0].label:
            self._desk.set_busy(False)
            self.open_labelled(shown.cards[0].label)
            return
        self._desk.set_busy(False)
        self._desk.show(shown.bad[0] if shown is not None and shown.bad else "")

    def open_labelled(self, identity: str) -> None:
        """A label names a document of the office: show it. A file that was dropped to find it is let go; pages from a
        scanner stay in their pile."""
        office, pile = self._session.office, self._desk.pile

        def found(document: DocumentId) -> None:
            if self._from_files and pile is self._desk.pile and pile is not None and len(pile.arrangement.names) == 1:
                pile.throw_away()
                self._desk.pile = None
            self._desk.show()
            self._session.tell.good("scan_sheets.opened")
            self.labelled.emit(document)

        def missed(error: Exception) -> None:
            self._session.tell.trouble(error)
            self._desk.show()

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(Labelled(identity)),
                                     done=found, failed=missed)

    # --- letters ---------------------------------------------------------------------------------------------------

    def read_pile(self) -> None:
        """Digitise each letter of the pile as it is arranged; the first can be confirmed while the next is read."""
        pile, office, texts = self._desk.pile, self._session.office, self._session.texts
        if pile is None:
            return
        self.first_leaf = next((leaves[0].name for leaves in pile.letters()), "")
        self._desk.set_busy(True)

        def read(report: Report, stop: Event) -> None:
            letters_of(office, pile, progress=report, stop=stop,
                       told=lambda number, _of, receipt: report(number, receipt))

        stop = self._session.background.run(self, Lane.PROCESSOR, read, progress=self._reading, done=self._all_read,
                                            failed=self._failed, stopped=self._failed)
        self._session.progress.begin(texts("scan_window.ended", pages=len(pile.arrangement.leaves)), stop)

    def _reading(self, done: int, total: Any) -> None:
        if isinstance(total, Receipt):
            self.read.emit(total)
        else:
            self._session.progress.progress(done, total,
                                            self._session.texts("paper.reading_page", done=done, total=total))

    def _all_read(self, _nothing: None) -> None:
        self._desk.pile = None
        self._end()
        self.ended.emit()

    def _failed(self, error: Exception | None = None) -> None:
        if isinstance(error, SecretPile):       # locked, and let go of
            self._desk.pile = None
        if error is not None:
            self._session.tell.trouble(error)
        self._straight_on = False
        self._end()

    def _end(self) -> None:
        self._session.progress.end()
        self._desk.set_busy(False)
        self._desk.show()
        self._left.look()
