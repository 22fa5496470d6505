"""From "sign this" to an unlocked key: find the tokens, choose the certificate, ask for the PIN once, keep the key.

Everything that talks to a token runs on the `token` lane. A PIN goes from the dialog into the job that logs in, which
overwrites it; nobody else sees it. The unlocked key is kept for the purpose it was opened for, and closed after
`IDLE_MINUTES` without use, when the token is gone, and at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from docclient.settings import Settings
from signing.errors import KeyTrouble
from signing.keys import Key
from signing.tokens.listing import ListedToken
from signing.tokens.messages import wipe
from signing.tokens.modules import discover
from signing.tokens.pkcs11 import open_token_key
from signing.tokens.troubles import PinRejected, PinSentBefore, TokenAbsent
from ui.background import Background, Lane, Report
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.state.keys import KeyOffered, Purpose, offered, remembered
from ui.state.pins import PinQuestion
from ui.texts import Texts

IDLE_MINUTES = 15


class KeySource(Protocol):
    """Where keys come from. Each call may take as long as a device does: on the `token` lane only."""

    def tokens(self) -> Sequence[ListedToken]:
        """Every token within reach."""

    def open(self, chosen: KeyOffered, pin: bytearray | None, *, last_try_allowed: bool) -> Key:
        """Log in; `pin` is overwritten. Raises: KeyTrouble."""


class TokenSource:
    """Tokens behind PKCS#11 modules: the one named in the settings first, then whatever this machine has."""

    def __init__(self, given: Sequence[Path] = (), *, search: bool = True,
                 environment: Mapping[str, str] | None = None) -> None:
        """environment: what the modules need beside our own (SOFTHSM2_CONF)."""
        self._given, self._search, self._environment = tuple(given), search, environment

    def tokens(self) -> Sequence[ListedToken]:
        reports = discover(self._given, search=self._search, environment=self._environment)
        return [token for report in reports for token in report.tokens]

    def open(self, chosen: KeyOffered, pin: bytearray | None, *, last_try_allowed: bool) -> Key:
        return open_token_key(Path(chosen.module), token=chosen.token_serial or chosen.token_label,
                              certificate=chosen.fingerprint, pin=pin, last_try_allowed=last_try_allowed,
                              environment=self._environment)


Then = Callable[[Key], None]


class KeyCare(QObject):
    """Gives an unlocked key to whoever needs one. Lives as long as one person's session."""

    failed = Signal(object)             # a trouble that must be told
    given_up = Signal()                 # the person closed a dialog
    remembered = Signal(str, str)       # purpose, fingerprint of the certificate that was chosen
    searching = Signal(bool)            # tokens are being looked at

    def __init__(self, source: KeySource, background: Background, texts: Texts, settings: Settings,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source, self._background, self._texts = source, background, texts
        self._chosen = {Purpose.PERSONAL: settings.personal_certificate, Purpose.AGENCY: settings.agency_certificate}
        self._open: dict[Purpose, Key] = {}
        self._busy = False
        self._idle = QTimer(self, interval=IDLE_MINUTES * 60_000, singleShot=True)
        self._idle.timeout.connect(self.close)
        self.dialog: PinDialog | KeyDialog | None = None

    def with_key(self, purpose: Purpose, what: str, then: Then, window: QWidget) -> None:
        """Call `then` with an unlocked key for `purpose`: at once if one is open, else after choice and PIN.

        what: what will be signed, one sentence for the PIN dialog. A second wish while a dialog stands is dropped.
        """
        key = self._open.get(purpose)
        if key is not None:
            self._idle.start()
            then(key)
            return
        if not self._busy:
            self._busy = True
            self._look(purpose, what, then, window, refused=False)

    def is_open(self, purpose: Purpose) -> bool:
        return purpose in self._open

    def drop(self, purpose: Purpose) -> None:
        """Forget a key that no longer works (token pulled, login lost)."""
        key = self._open.pop(purpose, None)
        if key is not None:
            self._background.run(self, Lane.TOKEN, lambda _report, _stop: close_quietly(key))

    def close(self) -> None:
        """Log out everywhere."""
        for purpose in list(self._open):
            self.drop(purpose)

    # the road to a key

    def _look(self, purpose: Purpose, what: str, then: Then, window: QWidget, *, refused: bool) -> None:
        source = self._source
        self.searching.emit(True)

        def look(_report: Report, _stop: Event) -> tuple[KeyOffered, ...]:
            found = offered(source.tokens(), datetime.now(UTC))
            if not found:
                raise TokenAbsent(token="")
            return found

        def found(keys: tuple[KeyOffered, ...]) -> None:
            self.searching.emit(False)
            chosen = remembered(keys, self._chosen[purpose])
            if chosen is not None:
                self._ask_pin(chosen, purpose, what, then, window, refused=refused)
            else:
                self._ask_which(keys, purpose, what, then, window)

        self._background.run(self, Lane.TOKEN, look, done=found, failed=self._fail)

    def _ask_which(self, keys: tuple[KeyOffered, ...], purpose: Purpose, what: str, then: Then,
                   window: QWidget) -> None:
        dialog = KeyDialog(self._texts, keys, purpose, window)

        def chosen(key: KeyOffered) -> None:
            self._chosen[purpose] = key.fingerprint
            self.remembered.emit(purpose.value, key.fingerprint)
            self._ask_pin(key, purpose, what, then, window, refused=False)

        dialog.chosen.connect(chosen)
        self._show(dialog)

    def _ask_pin(self, key: KeyOffered, purpose: Purpose, what: str, then: Then, window: QWidget, *,
                 refused: bool) -> None:
        question = PinQuestion.of(key.pin, refused=refused)
        if key.own_pin_entry and question.may_type and not question.needs_consent:
            self._log_in(key, None, purpose, what, then, window, consent=False)
            return

        def take(pin: bytearray) -> None:
            self._log_in(key, pin, purpose, what, then, window, consent=question.needs_consent)

        self._show(PinDialog(self._texts, question, take, what=what, token=key.token_label, holder=key.holder,
                             parent=window))

    def _show(self, dialog: PinDialog | KeyDialog) -> None:
        self.dialog = dialog
        dialog.given_up.connect(self._give_up)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _log_in(self, chosen: KeyOffered, pin: bytearray | None, purpose: Purpose, what: str, then: Then,
                window: QWidget, *, consent: bool) -> None:
        source = self._source

        def log_in(_report: Report, _stop: Event) -> Key:
            try:
                return source.open(chosen, pin, last_try_allowed=consent)
            finally:
                wipe(pin)

        def opened(key: Key) -> None:
            self._busy, self.dialog = False, None
            self._open[purpose] = key
            self._idle.start()
            then(key)

        def failed(error: Exception) -> None:
            # Asked again only after looking again: the token itself says how many tries are left now.
            if isinstance(error, PinRejected | PinSentBefore):
                self._look(purpose, what, then, window, refused=True)
            else:
                self._fail(error)

        self._background.run(self, Lane.TOKEN, log_in, done=opened, failed=failed,
                             stopped=self._give_up)

    def _fail(self, error: Exception) -> None:
        self._busy, self.dialog = False, None
        self.searching.emit(False)
        self.failed.emit(error)

    def _give_up(self) -> None:
        self._busy, self.dialog = False, None
        self.given_up.emit()


def close_quietly(key: Key) -> None:
    """Log out; a token that is gone needs no goodbye."""
    with suppress(KeyTrouble):
        key.close()


