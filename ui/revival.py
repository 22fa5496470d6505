"""A token pulled out of a running batch: have it plugged in again, ask one PIN, give the same key, open again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from signing.certificates import certificate_facts
from signing.errors import KeyTrouble, Trouble
from signing.keys import Key
from signing.tokens.choice import find_certificate
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.listing import ListedToken, list_tokens
from signing.tokens.messages import wipe
from signing.tokens.pkcs11 import TokenKey
from signing.tokens.troubles import (
    LoginLost,
    ModuleCrashed,
    ModuleHung,
    TokenAbsent,
    TokenRemoved,
)
from signing.tokens.watch import Event, Plugged, TokenWatcher
from ui.dialogs.pin_dialog import PinDialog
from ui.dialogs.waiting_dialogs import OwnEntryDialog, PlugInDialog, WaitingDialog
from ui.questions import Questions, Reply
from ui.state.pins import PinQuestion, tries_words
from ui.texts import Texts

CAN_BE_HELPED = (TokenRemoved, TokenAbsent, LoginLost, ModuleCrashed, ModuleHung)


class Revival(QObject):
    """Runs in the batch's lane; its dialogs stand in the window."""

    plug_in_wanted = Signal()           # the person is asked to plug the token in again

    _over = Signal()

    def __init__(self, texts: Texts, asking: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts, self._asking = texts, asking
        self.dialog: WaitingDialog | PinDialog | None = None
        self._over.connect(self._close_dialog, Qt.ConnectionType.QueuedConnection)

    def of(self, key: Key | None, window: QWidget, environment: Mapping[str, str] | None) -> Callable[[Trouble], Key]:
        """What `KeyCare.reviver` gives."""

        def revive(trouble: Trouble) -> Key:
            if not isinstance(key, TokenKey) or not isinstance(trouble, CAN_BE_HELPED):
                raise trouble
            self._revive(key, window, host_of(Path(key.token.module), environment), trouble)
            return key

        return revive

    def _revive(self, key: TokenKey, window: QWidget, host: ModuleHost, trouble: Trouble) -> None:
        fingerprint, serial = certificate_facts(key.certificate).fingerprint, key.token.serial
        while (token := find(host, fingerprint, serial)) is None:
            self._wait_for_token(key, window, host)
        if token.own_pin_entry and not PinQuestion.of(token.pin).needs_consent:
            self._asking.ask(lambda reply: self._show_own_entry(reply, token, key, window))
            try:
                key.reopen(None)
            finally:
                self._over.emit()
            return
        pin, consent = self._asking.ask(lambda reply: self._show_pin(reply, token, key, window))
        try:
            key.reopen(pin, last_try_allowed=consent)
        finally:
            wipe(pin)

    def _wait_for_token(self, key: TokenKey, window: QWidget, host: ModuleHost) -> None:
        """Until a token comes, or the person says that it is there. Raises: CancelledError."""
        reply = Reply()

        def told(event: Event) -> None:
            if isinstance(event, Plugged) and event.token.serial == key.token.serial:
                reply.give(None)

        try:
            with TokenWatcher([host], told):
                self._asking.ask(lambda reply: self._show_plug_in(reply, key, window), reply)
        finally:
            self._over.emit()

    # in the window's thread

    def _show_plug_in(self, reply: Reply, key: TokenKey, window: QWidget) -> None:
        dialog = PlugInDialog(self._texts, key.token.label, key.token.serial, window)
        dialog.again.connect(lambda: reply.give(None))
        dialog.given_up.connect(reply.give_up)
        self._open(dialog)
        self.plug_in_wanted.emit()

    def _show_own_entry(self, reply: Reply, token: ListedToken, key: TokenKey, window: QWidget) -> None:
        self._open(OwnEntryDialog(self._texts, self._texts("plug_in.go_on"), token.name, holder_of(key),
                                  tries_words(token.pin, self._texts), window))
        reply.give(None)

    def _show_pin(self, reply: Reply, token: ListedToken, key: TokenKey, window: QWidget) -> None:
        question = PinQuestion.of(token.pin, own_entry=token.own_pin_entry)

        def take(pin: bytearray) -> None:
            if not reply.give((pin, question.needs_consent)):
                wipe(pin)

        dialog = PinDialog(self._texts, question, take, what=self._texts("plug_in.go_on"), token=token.name,
                           holder=holder_of(key), parent=window)
        dialog.given_up.connect(reply.give_up)
        self._open(dialog)

    def _open(self, dialog: WaitingDialog | PinDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._forget(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget(self, dialog: WaitingDialog | PinDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def _close_dialog(self) -> None:
        if isinstance(self.dialog, WaitingDialog):
            self.dialog.over()


def holder_of(key: Key) -> str:
    return certificate_facts(key.certificate).display_name


def find(host: ModuleHost, fingerprint: str, serial: str) -> ListedToken | None:
    """The token with this serial and this very certificate; None while it is not plugged in or cannot be read."""
    with suppress(KeyTrouble):
        here = [token for token in list_tokens(host) if not serial or token.serial == serial]
        found = find_certificate(here, fingerprint, serial)
        return found[0] if found is not None else None
    return None
