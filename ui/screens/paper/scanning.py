"""A pile on the desk: pages come, are looked at, arranged, and become letters; what was left is offered again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.capture.arranging import Arrangement
from docclient.capture.batch import LeftBatch
from docclient.capture.errors import SecretPile
from docclient.capture.looking import PageLook, look_at
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.discovery import Found, discover
from docclient.capture.sources.files import FilesSource
from docclient.capture.sources.model import Colour, Feed, Profile, Refused, Source
from docclient.desk.scan_profiles import ScanChoice
from docclient.desk.scanning import OpenPile, Pile, letters_of, piles_folder, piles_left, throw_away
from docclient.errors import Trouble
from docclient.office.door import Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.labelled import Labelled
from docclient.office.queries.scan_profiles import ScanProfiles
from docclient.office.scan_profiles import ScanProfile
from ui.background import Lane, Report
from ui.dialogs.scan_dialog import ScanDialog
from ui.session import Session
from ui.state.notices import Notice
from ui.state.pile import PageCard, PileShown

ACT_OF: dict[str, Callable[[Arrangement, int], Arrangement]] = {
    "turn_right": lambda now, place: now.turned(place, 90),
    "turn_left": lambda now, place: now.turned(place, -90),
    "earlier": lambda now, place: now.moved(place, place - 1),
    "later": lambda now, place: now.moved(place, place + 1),
    "take_out": lambda now, place: now.taken_out(place),
    "split": lambda now, place: now.split(place, begins=not now.leaves[place].begins),
}


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
        self._session, self._window, self._root = session, parent, piles_folder()
        said = session.settings
        self._last = ScanChoice(said.scanner, Feed(said.scan_feed), Colour(said.scan_colour), said.scan_dots_per_inch,
                                said.scan_profile)
        self._profiles: tuple[ScanProfile, ...] = ()
        self._busy = self._coming = False
        self._looking = 0
        self._refused: tuple[Refused, ...] = ()
        self._place: dict[str, Any] = {}        # where the pages that come belong
        self._from_files = False                # what lies on the desk lies elsewhere too
        self._straight_on = False               # a faultless pile goes on by itself
        self._tried: set[str] = set()           # pages that were looked at, or could not be
        self._secret = False                    # a secrecy mark was read: the pile is shown no more
        self._stop: Event | None = None         # of the scan
        self._told: Notice | None = None        # why the last scan ended
        self.first_leaf = ""                    # with which page the first letter that is read begins
        self.pile: OpenPile | None = None
        self.dialog: ScanDialog | None = None

    # --- which scanner ---------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask which scanner; the pages go behind those of the pile that is open."""
        self._ask({})

    def _ask(self, place: dict[str, Any], remark: str = "") -> None:
        if self._busy:
            return
        self._place = place
        dialog = self.dialog = ScanDialog(self._session.texts, self._last, self._window.window(), remark=remark,
                                          profiles=self._profiles)
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
            self._profiles = found
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
        self.scan(wanted)

    # --- pages come ------------------------------------------------------------------------------------------------

    def scan(self, wanted: ScanChoice) -> None:
        """Scan into the pile."""
        again = self._place.get("instead_of") is not None
        self._take(lambda: source_at(wanted.address), wanted.asked(most=1 if again else None))

    def take_files(self, files: Sequence[Path]) -> None:
        """Files as the pages of a pile; those that hold none are told, the others go on."""
        if not self._busy:
            self._place = {}
            self._take(lambda: FilesSource(files), Profile())
            self._from_files = True

    def _take(self, source: Callable[[], Source], profile: Profile) -> None:
        session, root, pile, place = self._session, self._root, self.pile, self._place
        if pile is None:
            self._tried.clear()
        self._straight_on = pile is None
        self._from_files = False
        self._refused = ()
        if self._told is not None:
            session.tell.withdraw(self._told)
            self._told = None
        self._set_busy(True)
        self._coming = True

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
            self.pile = what
            return
        self._session.progress.progress(0, 0, self._session.texts("scan_window.scanning", pages=number))
        if number == 1 and self._straight_on and self.pile is not None:
            self.first_page.emit(self.pile.page(what))
        self._look_at(what)

    def _look_at(self, name: str) -> None:
        pile = self.pile
        if pile is None:
            return
        page = pile.page(name)
        self._looking += 1
        self._tried.add(name)
        self._session.background.run(self, Lane.PROCESSOR, lambda _report, stop: look_at(page, stop),
                                     done=self._looked, failed=self._not_looked, stopped=self._look_ended)
        self._show()

    def _looked(self, look: PageLook) -> None:
        if self.pile is not None:
            self.pile.seen(look)
        self._look_ended()

    def _not_looked(self, error: Exception) -> None:
        self._session.tell.trouble(error)
        self._look_ended()

    def _look_ended(self) -> None:
        self._looking -= 1
        self._show()
        self._settle()

    def _taken(self, taken: Pile) -> None:
        self._refused = taken.refused
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
        if self.pile is not None and not self._secret:
            self._secret = True
            if self._stop is not None:
                self._stop.set()
            self._show()
            self._settle()

    def _lock(self, pile: OpenPile) -> None:
        self._secret, self.pile = False, None
        try:
            pile.lock()
        except Trouble as trouble:
            self._session.tell.trouble(trouble)
        else:
            self._session.tell.trouble(SecretPile())
        self._set_busy(False)
        self._show()
        self.look_for_piles()

    def _come_to_end(self) -> None:
        self._coming, self._stop = False, None
        self.all_came.emit()
        self._session.progress.end()
        if self.pile is not None and self.pile.empty:
            self._drop()
        self._settle()

    def _settle(self) -> None:
        """Once no page comes and each has been looked at: set aside what is blank, ask for what is bad, or go on."""
        if self._coming or self._looking:
            return
        pile = self.pile
        if pile is None:
            self._set_busy(False)
            self.look_for_piles()
            return
        if self._secret:
            self._lock(pile)
            return
        missing = [name for name in pile.unseen() if name not in self._tried]
        if missing and self._busy:
            for name in missing:
                self._look_at(name)
            return
        try:
            pile.sort_out()
        except Trouble as trouble:
            self._session.tell.trouble(trouble)
        shown = self._shown()
        if self._straight_on and shown is not None and shown.plain and pile.arrangement.leaves:
            self.read_pile()
            return
        if self._straight_on and self._from_files and shown is not None and len(shown.cards) == 1 \
                and shown.cards[0].label:
            self._set_busy(False)
            self.open_labelled(shown.cards[0].label)
            return
        self._set_busy(False)
        self._show(shown.bad[0] if shown is not None and shown.bad else "")

    # --- arranging -------------------------------------------------------------------------------------------------

    def act(self, name: str, card: PageCard | None) -> None:
        """One of the panel's acts on the page that is chosen."""
        pile = self.pile
        if pile is None or self._busy:
            return
        place = card.place if card is not None else None
        if name in ACT_OF:
            if place is not None:
                self._do(lambda now: ACT_OF[name](now, place))
        elif name == "bring_back":
            self._bring_back(pile, card)
        elif name == "interleave":
            self._do(lambda now: now.interleaved(len(now.leaves) // 2))
        elif name in ("undo", "redo"):
            self._keep(pile.history.undo if name == "undo" else pile.history.redo)
        elif name == "scan_more":
            self._ask({})
        elif card is not None and place is not None:
            texts = self._session.texts
            again = name == "scan_again"
            self._ask({"instead_of": card.name} if again else {"at": place},
                      texts("pile.ask_again", page=card.title.lower()) if again else "")

    def carried(self, place: int, to: int) -> None:
        """A page carried by the mouse."""
        if self.pile is not None and not self._busy:
            self._do(lambda now: now.moved(place, to))

    def _bring_back(self, pile: OpenPile, card: PageCard | None) -> None:
        aside = [leaf.name for leaf, _ in pile.arrangement.aside]
        name = card.name if card is not None and card.name in aside else aside[-1] if aside else ""
        if name:
            self._do(lambda now: now.brought_back(name, home_of(now, name)), name)

    def _do(self, change: Callable[[Arrangement], Arrangement], wanted: str = "") -> None:
        pile = self.pile
        assert pile is not None

        def keep() -> None:
            with suppress(ValueError):          # no such place: the first page cannot go earlier
                pile.history.do(change(pile.arrangement))

        self._keep(keep, wanted)

    def _keep(self, act: Callable[[], Any], wanted: str = "") -> None:
        try:
            act()
        except Trouble as trouble:              # it could not be kept, so it did not happen
            self._session.tell.trouble(trouble)
        self._show(wanted)

    # --- the pile as it is -----------------------------------------------------------------------------------------

    def _shown(self) -> PileShown | None:
        pile = self.pile
        if pile is None or self._secret:
            return None
        arranged = pile.batch.arrangement if self._coming else pile.arrangement
        return PileShown.of(pile.batch.folder, arranged, pile.shown_looks(), self._session.texts,
                            refused=self._refused, can_undo=pile.history.can_undo, can_redo=pile.history.can_redo)

    def _show(self, wanted: str = "") -> None:
        self.pile_changed.emit(self._shown(), wanted)

    def look_for_piles(self) -> None:
        """What an earlier run left."""
        root = self._root
        if not self._busy:
            self._session.background.run(self, Lane.STORE, lambda _report, _stop: tuple(piles_left(root)),
                                         done=self.piles_found.emit)

    def use(self, left: LeftBatch) -> None:
        """Open a pile that was left, where it stood."""
        if self._busy or self.pile is not None:
            return
        self._set_busy(True)
        self._straight_on = False
        self._tried.clear()
        self._session.background.run(self, Lane.STORE, lambda _report, _stop: OpenPile.reopen(left.folder),
                                     done=self._opened, failed=self._failed)

    def _opened(self, pile: OpenPile) -> None:
        self.pile = pile
        self.piles_found.emit(())
        self._show()
        self._settle()

    def leave(self) -> None:
        """Let the pile lie: it is offered again."""
        if self.pile is not None and not self._busy:
            self.pile.close()
            self.pile = None
            self._show()
            self.look_for_piles()

    def throw_away_open(self) -> None:
        """A person said that these pages are not wanted."""
        if self.pile is not None and not self._busy:
            self.pile.throw_away()
            self.pile = None
            self._show()
            self._session.tell.good("scan_window.thrown_away")
            self.look_for_piles()

    def throw_away(self, left: LeftBatch) -> None:
        def gone(_nothing: None) -> None:
            self._session.tell.good("scan_window.thrown_away")
            self.look_for_piles()

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: throw_away(left.folder), done=gone,
                                     failed=self._session.tell.trouble)

    def close(self) -> None:
        """The window goes: what lies on the desk stays on disk."""
        if self.pile is not None:
            if self._secret:
                self.pile.lock()
            else:
                self.pile.batch.close()
            self.pile = None

    def open_labelled(self, identity: str) -> None:
        """A label names a document of the office: show it. A file that was dropped to find it is let go; pages from a
        scanner stay in their pile."""
        office, pile = self._session.office, self.pile

        def found(document: DocumentId) -> None:
            if self._from_files and pile is self.pile and pile is not None and len(pile.arrangement.names) == 1:
                pile.throw_away()
                self.pile = None
            self._show()
            self._session.tell.good("scan_sheets.opened")
            self.labelled.emit(document)

        def missed(error: Exception) -> None:
            self._session.tell.trouble(error)
            self._show()

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(Labelled(identity)),
                                     done=found, failed=missed)

    # --- letters ---------------------------------------------------------------------------------------------------

    def read_pile(self) -> None:
        """Digitise each letter of the pile as it is arranged; the first can be confirmed while the next is read."""
        pile, office, texts = self.pile, self._session.office, self._session.texts
        if pile is None:
            return
        self.first_leaf = next((leaves[0].name for leaves in pile.letters()), "")
        self._set_busy(True)

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
        self.pile = None
        self._end()
        self.ended.emit()

    def _failed(self, error: Exception | None = None) -> None:
        if isinstance(error, SecretPile):       # locked, and let go of
            self.pile = None
        if error is not None:
            self._session.tell.trouble(error)
        self._straight_on = False
        self._end()

    def _end(self) -> None:
        self._session.progress.end()
        self._set_busy(False)
        self._show()
        self.look_for_piles()

    def _drop(self) -> None:
        if self.pile is not None:
            self.pile.close()
            self.pile = None
        self._show()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    @property
    def busy(self) -> bool:
        return self._busy


def home_of(now: Arrangement, name: str) -> int:
    """Where a page that comes back belongs: before the first page that was scanned after it."""
    return next((place for place, leaf in enumerate(now.leaves) if leaf.name > name), len(now.leaves))
