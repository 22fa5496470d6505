"""Keys at signing services, in the window: password of the account, choice of certificate, waiting for a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from docclient.secrets import Kept
from docclient.signing_accounts import SigningAccount, provider_of
from signing.keys import Key
from signing.remote.key import RemoteKey, Waiting, open_remote_key, seals_and_persons
from signing.remote.provider import Credential, Provider, Stage
from signing.remote.secret import SecretWanted
from signing.remote.troubles import RemoteAccountRefused, RemoteCertificateNotFound
from ui.background import Background, Lane, Report
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.dialogs.waiting_dialogs import PhoneDialog
from ui.key_sources import KeyShelf
from ui.questions import Questions, Reply
from ui.state.keys import KeyOffered, KeysFound, Purpose
from ui.state.pins import PinQuestion
from ui.texts import Texts

Done = Callable[[Key, KeyOffered], None]


@dataclass(frozen=True)
class Reached:
    """An account that answered."""

    account: SigningAccount
    provider: Provider
    stop: Event
    credentials: tuple[Credential, ...]


class RemoteKeys(QObject):
    """Opens accounts, and shows the waiting dialog whenever one of their keys waits for a person."""

    waiting = Signal(object)            # signing.remote.key.Waiting, in the window's thread

    _told = Signal(object, object, object)

    def __init__(self, background: Background, texts: Texts, shelf: KeyShelf, asking: Questions,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._texts, self._shelf, self._asking = background, texts, shelf, asking
        self._stops: list[Event] = []
        self.dialog: PhoneDialog | None = None
        self._told.connect(self._show_waiting, Qt.ConnectionType.QueuedConnection)

    def open(self, key: KeyOffered, purpose: Purpose, window: QWidget, *, done: Done,
             failed: Callable[[Exception], None], given_up: Callable[[], None]) -> None:
        """A key of the account `key.place`; nothing is confirmed yet."""
        shelf = self._shelf

        def reach(_report: Report, _stop: Event) -> Reached:
            account = shelf.accounts.get(key.place)
            secret = shelf.secrets.get(account.secret_name)
            kept = secret is not None
            if secret is None:
                secret = self._ask_password(account, window)
            again = bytearray(secret)
            stop = Event()
            provider = provider_of(account, secret, ask=lambda wanted: self._ask_secret(wanted, window), stop=stop)
            try:
                credentials = tuple(provider.credentials())
            except BaseException as error:
                provider.close()
                if isinstance(error, RemoteAccountRefused) and kept and \
                        shelf.secrets.where(account.secret_name) is Kept.SESSION:
                    shelf.secrets.forget(account.secret_name)      # typed this session, and wrong: asked anew
                raise
            else:
                if not kept:
                    shelf.secrets.put(account.secret_name, again)
            finally:
                again[:] = bytes(len(again))
            return Reached(account, provider, stop, credentials)

        def reached(found: Reached) -> None:
            self._choose(found, key, purpose, window, done, failed, given_up)

        self._background.run(self, Lane.NET, reach, done=reached, failed=failed, stopped=given_up)

    def stop_waiting(self) -> None:
        """End whatever waits for a phone."""
        for stop in self._stops:
            stop.set()

    def _choose(self, found: Reached, key: KeyOffered, purpose: Purpose, window: QWidget, done: Done,
                failed: Callable[[Exception], None], given_up: Callable[[], None]) -> None:
        now = datetime.now(UTC)
        seals, persons = seals_and_persons(found.credentials)
        meant = [one for one in (seals if purpose is Purpose.AGENCY else persons) if one.why_not(now) is None]
        kept = self._shelf.choices.get(purpose)
        last = next((one for one in meant if kept is not None and kept.place == key.place
                     and kept.fingerprint == one.facts.fingerprint), None)

        def take(chosen: KeyOffered) -> None:
            self._open(found, chosen, window, done, failed)

        def leave() -> None:
            self._background.run(self, Lane.NET, lambda _report, _stop: found.provider.close())

        if not meant:
            leave()
            failed(RemoteCertificateNotFound(provider=found.account.name, certificate=""))
        elif last is not None or len(meant) == 1:
            take(KeyOffered.at_service(found.account.name, last or meant[0]))
        else:
            offered = KeysFound(tuple(KeyOffered.at_service(found.account.name, one) for one in meant))
            dialog = KeyDialog(self._texts, offered, purpose, window, may_add=False)
            dialog.chosen.connect(take)
            dialog.given_up.connect(leave)
            dialog.given_up.connect(given_up)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _open(self, found: Reached, chosen: KeyOffered, window: QWidget, done: Done,
              failed: Callable[[Exception], None]) -> None:
        note = self._texts(found.provider.note) if found.provider.note else ""

        def told(waiting: Waiting) -> None:
            self._told.emit(waiting, (found.stop, note), window)

        def open_it(_report: Report, _stop: Event) -> RemoteKey:
            try:
                return open_remote_key(found.provider, certificate=chosen.credential, stop=found.stop, told=told)
            except BaseException:
                found.provider.close()
                raise

        self._stops.append(found.stop)
        self._background.run(self, Lane.NET, open_it, done=lambda opened: done(opened, chosen), failed=failed)

    def _show_waiting(self, waiting: Waiting, how: tuple[Event, str], window: QWidget) -> None:
        stop, note = how
        if waiting.stage is Stage.OVER:
            if self.dialog is not None:
                self.dialog.over()
        elif self.dialog is not None:
            self.dialog.show_stage(waiting)
        elif not stop.is_set():
            dialog = self.dialog = PhoneDialog(self._texts, waiting, note, window)
            dialog.given_up.connect(stop.set)
            dialog.finished.connect(lambda _how: self._closed(dialog))
            dialog.open()
        self.waiting.emit(waiting)

    def _closed(self, dialog: PhoneDialog) -> None:
        """By its end or by the person: what the service still tells finds no dialog any more."""
        if self.dialog is dialog:
            self.dialog = None
        dialog.deleteLater()

    # what a person types

    def _ask_password(self, account: SigningAccount, window: QWidget) -> bytearray:
        """In a lane. Raises: CancelledError."""
        texts = self._texts

        def show(reply: Reply) -> None:
            show_question(PinDialog(
                texts, PinQuestion.for_password("account_field.secret", button="pin_dialog.enter"),
                lambda typed: give_secret(reply, typed),
                what=texts("account_dialog.password_for", account=account.name),
                about=texts(f"account_kind.{account.kind.value}") + " · " + account.address,
                heading=texts("account_dialog.password_heading"), parent=window), reply)

        found = self._asking.ask(show)
        assert isinstance(found, bytearray)
        return found

    def _ask_secret(self, wanted: SecretWanted, window: QWidget) -> bytearray:
        """What a signature itself needs. In a lane. Raises: CancelledError."""
        texts = self._texts

        def show(reply: Reply) -> None:
            show_question(PinDialog(
                texts, PinQuestion.for_password(f"remote_secret.{wanted.kind.value}"),
                lambda typed: give_secret(reply, typed), what=wanted.label or texts("account_dialog.service_asks"),
                about=f"{wanted.provider} · {wanted.credential}", parent=self.dialog or window), reply)

        found = self._asking.ask(show)
        assert isinstance(found, bytearray)
        return found


def show_question(dialog: PinDialog, reply: Reply) -> None:
    dialog.given_up.connect(reply.give_up)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def give_secret(reply: Reply, typed: bytearray) -> None:
    if not reply.give(typed):
        typed[:] = bytes(len(typed))
