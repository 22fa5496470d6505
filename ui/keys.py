"""From "sign this" to an unlocked key: find the keys, choose one, look at its certificate, ask for the PIN once, keep
the key.

Everything that talks to a token runs on the `token` lane. A PIN goes from the dialog into the job that logs in, which
overwrites it; nobody else sees it. The unlocked key is kept for the purpose it was opened for, and closed after
`IDLE_MINUTES` without use, when the token is gone, and at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from signing.errors import KeyTrouble, Trouble
from signing.keys import Key
from signing.remote.key import RemoteKey
from signing.tokens.choice import find_certificate
from signing.tokens.messages import wipe
from signing.tokens.pkcs12 import open_key_file
from signing.tokens.troubles import KeyFilePasswordRejected, PinRejected, PinSentBefore, TokenAbsent
from ui.background import Background, Lane, Report
from ui.certificate_look import CertificateLooks, Look
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.dialogs.waiting_dialogs import OwnEntryDialog
from ui.key_sources import KeyShelf, KeySource, TokenSource, tokens_of
from ui.questions import Questions
from ui.remote_keys import RemoteKeys
from ui.revival import Revival
from ui.state.keys import Home, KeyOffered, KeysFound, Purpose
from ui.state.pins import PinQuestion, tries_words
from ui.texts import Texts

if TYPE_CHECKING:
    from signing.trust import TrustStore

__all__ = ["KeyCare", "KeyShelf", "KeySource", "TokenSource"]

IDLE_MINUTES = 15
Then = Callable[[Key], None]


@dataclass(frozen=True)
class Wish:
    """What is wanted. again: the key whose PIN was refused a moment ago."""

    purpose: Purpose
    what: str
    then: Then
    window: QWidget
    again: KeyOffered | None = None


class KeyCare(QObject):
    """Gives an unlocked key to whoever needs one. Lives as long as one person's session."""

    failed = Signal(object)             # a trouble that must be told
    given_up = Signal()                 # the person closed a dialog
    searching = Signal(bool)            # tokens are being looked at
    doubt = Signal(str)                 # what is not sure about a certificate that will sign all the same
    devices_wanted = Signal()           # the person wants to see the devices
    file_wanted = Signal()              # … to add a key file
    account_wanted = Signal()           # … to add an account at a signing service

    def __init__(self, source: KeySource, background: Background, texts: Texts, shelf: KeyShelf,
                 trust: Callable[[], TrustStore], *, online: Callable[[], bool],
                 parent: QObject | None = None) -> None:
        """trust: whom certificates are judged by. online: whether issuers may be asked. Both called in a lane."""
        super().__init__(parent)
        self.source, self.shelf = source, shelf
        self._background, self._texts = background, texts
        self._open: dict[Purpose, Key] = {}
        self._leaving: list[Key] = []
        self._busy = False
        self._idle = QTimer(self, interval=IDLE_MINUTES * 60_000, singleShot=True)
        self._idle.timeout.connect(self.close)
        self.asking = Questions(self)
        self.looks = CertificateLooks(background, texts, trust, online, self.asking, self)
        self.looks.doubt.connect(self.doubt)
        self._remote = RemoteKeys(background, texts, shelf, self.asking, self)
        self._revival = Revival(texts, self.asking, self)
        self.dialog: QDialog | None = None

    def with_key(self, purpose: Purpose, what: str, then: Then, window: QWidget) -> None:
        """Call `then` with an unlocked key for `purpose`: at once if one is open, else after choice and PIN.

        what: what will be signed, one sentence for the PIN dialog. A second wish while a dialog stands is dropped.
        """
        key = self._open.get(purpose)
        if key is not None:
            self._idle.start()
            ready(key)
            then(key)
            return
        if not self._busy:
            self._busy = True
            self._look(Wish(purpose, what, then, window))

    def is_open(self, purpose: Purpose) -> bool:
        return purpose in self._open

    def drop(self, purpose: Purpose) -> None:
        """Forget a key that no longer works (token pulled, login lost)."""
        key = self._open.pop(purpose, None)
        if key is not None:
            self.looks.forget(key.certificate)
            self._let_go(key)

    def reviver(self, purpose: Purpose, window: QWidget) -> Callable[[Trouble], Key]:
        """For a batch whose token was pulled: called in its lane, it has the person plug the token in again, asks one
        PIN and gives the same key, open again. Raises: the trouble itself when it cannot or may not go on; PinTrouble,
        CancelledError."""
        key = self._open.get(purpose)
        return self._revival.of(key, window, self.source.environment)

    def forget(self, purpose: Purpose) -> None:
        """The next signature asks which key. Raises: FolderNotWritable, DiskFull."""
        self.drop(purpose)
        self.shelf.choices.forget(purpose)

    def close(self) -> None:
        """Log out everywhere."""
        for purpose in list(self._open):
            self.drop(purpose)

    def end(self) -> None:
        """Nobody sits here any more: open questions are given up as well."""
        self.asking.close()
        self._remote.stop_waiting()
        self.close()

    def hang_up(self) -> None:
        """After the lanes have come to rest: no line to a service stays open. May be called twice."""
        while self._leaving:
            close_quietly(self._leaving.pop())

    def _let_go(self, key: Key) -> None:
        """Log out, off the window's thread."""
        self._leaving.append(key)

        def close(_report: Report, _stop: Event) -> None:
            close_quietly(key)
            with suppress(ValueError):
                self._leaving.remove(key)

        self._background.run(self, Lane.TOKEN, close)

    # the road to a key

    def _look(self, wish: Wish) -> None:
        source, shelf = self.source, self.shelf
        self.searching.emit(True)

        def look(_report: Report, _stop: Event) -> KeysFound:
            files, accounts = shelf.files(), shelf.accounts.all()
            found = KeysFound.of(tokens_of(source.reports()), files, accounts, shelf.choices, wish.purpose,
                                 datetime.now(UTC))
            if not found.offered and not found.hidden:
                raise TokenAbsent(token=found.missing)
            return found

        def done(found: KeysFound) -> None:
            self.searching.emit(False)
            if wish.again is not None:
                same = next((key for key in found.offered if _same(key, wish.again)), None)
                if same is None:
                    self._fail(TokenAbsent(token=wish.again.device))
                else:
                    self._take(wish, same, found, refused=True)
            elif found.only is not None:
                self._take(wish, found.only, found)
            else:
                self._ask_which(wish, found)

        self._background.run(self, Lane.TOKEN, look, done=done, failed=self._fail)

    def _ask_which(self, wish: Wish, found: KeysFound) -> None:
        dialog = KeyDialog(self._texts, found, wish.purpose, wish.window)
        dialog.chosen.connect(lambda key: self._take(wish, key, found))
        for wanted, told in ((dialog.file_wanted, self.file_wanted), (dialog.account_wanted, self.account_wanted),
                             (dialog.devices_wanted, self.devices_wanted)):
            wanted.connect(lambda told=told: self._go_elsewhere(told))
        self._show(dialog)

    def _take(self, wish: Wish, key: KeyOffered, found: KeysFound, *, refused: bool = False) -> None:
        """This key it is: what is asked for depends on where it lives."""
        if key.home is Home.FILE:
            self._ask_file_password(wish, key, found, refused=refused)
        elif key.home is Home.SERVICE:
            self._open_account(wish, key)
        else:
            self._ask_pin(wish, key, found, refused=refused)

    def _ask_pin(self, wish: Wish, key: KeyOffered, found: KeysFound, *, refused: bool) -> None:
        assert key.token is not None and key.facts is not None
        others = [one.facts.der for one in key.token.certificates if one.facts is not None and one.facts.is_authority]
        look = self.looks.look(key.facts.der, others)
        question = PinQuestion.of(key.token.pin, refused=refused, own_entry=key.token.own_pin_entry)
        if question.own_entry and question.may_type and not question.needs_consent:
            self._log_in(wish, key, None, look, consent=False)
            return

        def take(pin: bytearray) -> None:
            if look.state is not None:      # it stood beside the PIN
                self.looks.agree(look.state)
            self._log_in(wish, key, pin, look, consent=question.needs_consent)

        dialog = PinDialog(self._texts, question, take, what=wish.what, token=key.device, holder=key.holder,
                           may_choose=True, parent=wish.window)
        dialog.another_wanted.connect(lambda: self._ask_which(wish, found))

        def tell(ended: Look) -> None:
            if not isValid(dialog) or not dialog.isVisible():
                return
            if ended.error is not None:
                self.dialog = None
                dialog.refuse()
                self._fail(ended.error)
            else:
                dialog.tell_state(*ended.line(self._texts))

        self._show(dialog)
        if not look.ended:
            dialog.tell_state(*look.line(self._texts))
        look.when_ended(tell)

    def _ask_file_password(self, wish: Wish, key: KeyOffered, found: KeysFound, *, refused: bool) -> None:
        def take(password: bytearray) -> None:
            self._open_with(wish, key, lambda: open_key_file(Path(key.place), password),
                            again=lambda: self._ask_file_password(wish, key, found, refused=True))

        dialog = PinDialog(self._texts, PinQuestion.for_password("pin_dialog.file_label", refused=refused), take,
                           what=wish.what, about=self._texts("pin_dialog.file", place=key.place), may_choose=True,
                           heading=self._texts("pin_dialog.file_heading"), parent=wish.window)
        dialog.another_wanted.connect(lambda: self._ask_which(wish, found))
        self._show(dialog)

    def _open_account(self, wish: Wish, key: KeyOffered) -> None:
        self._remote.open(key, wish.purpose, wish.window,
                          done=lambda opened, chosen: self._opened(wish, chosen, opened),
                          failed=self._fail, given_up=self._give_up)

    def _show(self, dialog: PinDialog | KeyDialog) -> None:
        self.dialog = dialog
        dialog.given_up.connect(self._give_up)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _log_in(self, wish: Wish, key: KeyOffered, pin: bytearray | None, look: Look, *, consent: bool) -> None:
        source, token = self.source, key.token
        assert token is not None
        own = None
        if token.own_pin_entry:
            own = OwnEntryDialog(self._texts, wish.what, key.device, key.holder,
                                 tries_words(token.pin, self._texts), wish.window)
            own.finished.connect(own.deleteLater)
            own.open()
            self.dialog = own

        def log_in() -> Key:
            try:
                return source.open(token, key.fingerprint, pin, last_try_allowed=consent)
            finally:
                wipe(pin)

        # Asked again only after looking again: the token itself says how many tries are left now.
        self._open_with(wish, key, log_in, look=look, over=own.over if own is not None else None,
                        again=lambda: self._look(replace(wish, again=key)))

    def _open_with(self, wish: Wish, key: KeyOffered, opener: Callable[[], Key], *, again: Callable[[], None],
                   look: Look | None = None, over: Callable[[], None] | None = None) -> None:
        """Open a key in its lane. again: what was typed was refused. over: a dialog that stands meanwhile."""

        def ended(then: Callable[..., None]) -> Callable[..., None]:
            def heard(*what: object) -> None:
                if over is not None:
                    over()
                then(*what)
            return heard

        def failed(error: Exception) -> None:
            if isinstance(error, PinRejected | PinSentBefore | KeyFilePasswordRejected) and not (
                    key.token is not None and key.token.own_pin_entry):
                again()
            else:
                self._fail(error)

        self._background.run(self, Lane.TOKEN, lambda _report, _stop: opener(),
                             done=ended(lambda opened: self._opened(wish, key, opened, look)), failed=ended(failed),
                             stopped=ended(self._give_up))

    def _opened(self, wish: Wish, key: KeyOffered, opened: Key, look: Look | None = None) -> None:
        """Nothing is signed before the certificate has been looked at; what is unsure about it the desk asks about
        before it signs (`CertificateLooks.checked`), where it did not stand beside the PIN."""
        self.dialog = None
        look = look or self.looks.look(opened.certificate, opened.other_certificates)

        def go_on(ended: Look) -> None:
            self._busy = False
            if ended.error is not None:
                self._let_go(opened)
                self._fail(ended.error)
                return
            self._open[wish.purpose] = opened
            self._remember(wish.purpose, key, opened)
            self._idle.start()
            ready(opened)
            wish.then(opened)

        look.when_ended(go_on)

    def _remember(self, purpose: Purpose, key: KeyOffered, opened: Key) -> None:
        choices = self.shelf.choices

        def keep(_report: Report, _stop: Event) -> None:
            if key.token is not None and key.certificate is not None:
                choices.keep(purpose, key.token, key.certificate)
            else:
                choices.put(purpose, key.remembered)

        self._background.run(self, Lane.NET, keep)

    def _go_elsewhere(self, wanted: Signal) -> None:
        self._busy, self.dialog = False, None
        self.given_up.emit()
        wanted.emit()  # type: ignore[attr-defined]

    def _fail(self, error: Exception) -> None:
        self._busy, self.dialog = False, None
        self.searching.emit(False)
        self.failed.emit(error)

    def _give_up(self) -> None:
        self._busy, self.dialog = False, None
        self.given_up.emit()


def _same(key: KeyOffered, other: KeyOffered) -> bool:
    """The same certificate on the same token, wherever that is plugged in now."""
    if key.token is None or other.token is None:
        return (key.home, key.place) == (other.home, other.place)
    return find_certificate([key.token], other.fingerprint) is not None and key.token.serial == other.token.serial \
        and key.fingerprint == other.fingerprint


def ready(key: Key) -> None:
    """Whoever stopped waiting for a phone may begin anew."""
    if isinstance(key, RemoteKey):
        key.stop.clear()


def close_quietly(key: Key) -> None:
    """Log out; a token that is gone needs no goodbye."""
    with suppress(KeyTrouble):
        key.close()
