"""Entering a shared office: the password, a new one where it was given by somebody else, the first of all."""

from __future__ import annotations

from threading import Event

from pydantic import SecretStr
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.office.commands.accounts import ChangeOwnPassword
from docclient.office.engine import EmbeddedOffice, Entrant, OfficeEngine
from docclient.office.entering import enter_to_set_first_password, enter_with_password, has_passwords
from ui.background import Background, Lane, Report
from ui.dialogs.password_dialog import PasswordDialog
from ui.texts import Texts

NONE = SecretStr("")


class Login(QObject):
    """From the chosen person to their open door; the dialog closes when it is open, or when the person gives up."""

    entered = Signal(object)        # EmbeddedOffice

    def __init__(self, texts: Texts, background: Background, engine: OfficeEngine, entrant: Entrant,
                 window: QWidget) -> None:
        super().__init__(window)
        self._texts, self._background, self._engine = texts, background, engine
        self.entrant, self._window = entrant, window
        self.dialog: PasswordDialog | None = None

    def begin(self) -> None:
        engine, person = self._engine, self.entrant.person

        def look(_report: Report, _stop: Event) -> EmbeddedOffice | None:
            """The administrator's door, where nobody has a password yet."""
            return None if has_passwords(engine) else enter_to_set_first_password(engine, person)

        self._background.run(self, Lane.STORE, look, done=self._looked, failed=self._ask_anyway)

    def _looked(self, first: EmbeddedOffice | None) -> None:
        if first is None:
            self._ask()
        else:
            self._change(first, NONE, self._texts("password.first_about"))

    def _ask_anyway(self, _error: Exception) -> None:
        """Nobody has a password, and this person is not the one to begin."""
        dialog = self._ask()
        dialog.refuse(self._texts("password.not_first"))

    def _ask(self) -> PasswordDialog:
        texts = self._texts
        dialog = self._open(texts("password.enter_title"), texts("password.enter_about", name=self.entrant.actor.name),
                            texts("password.enter"), present=True, new=False)
        dialog.given.connect(self._try)
        return dialog

    def _try(self, typed: dict[str, SecretStr]) -> None:
        engine, account, dialog = self._engine, self.entrant.account, self.dialog
        assert dialog is not None

        def entered(office: EmbeddedOffice) -> None:
            dialog.accept()
            if office.must_change_password:
                self._change(office, typed["present"], self._texts("password.change_about"))
            else:
                self.entered.emit(office)

        self._background.run(self, Lane.STORE,
                             lambda _report, _stop: enter_with_password(engine, account, typed["present"]),
                             done=entered, failed=dialog.refuse_error)

    def _change(self, office: EmbeddedOffice, present: SecretStr, about: str) -> None:
        """Nothing else is done before the person has a password of their own."""
        texts = self._texts
        dialog = self._open(texts("password.change_title"), about, texts("password.change"), present=False, new=True)

        def give(typed: dict[str, SecretStr]) -> None:
            new = typed["new"]

            def enter(_report: Report, _stop: Event) -> EmbeddedOffice:
                office.do(ChangeOwnPassword(present, new))
                return enter_with_password(self._engine, self.entrant.account, new)

            self._background.run(self, Lane.STORE, enter, done=done, failed=dialog.refuse_error)

        def done(entered: EmbeddedOffice) -> None:
            dialog.accept()
            self.entered.emit(entered)

        dialog.given.connect(give)

    def _open(self, heading: str, about: str, confirm: str, *, present: bool, new: bool) -> PasswordDialog:
        dialog = self.dialog = PasswordDialog(self._texts, heading, about, confirm, present=present, new=new,
                                              parent=self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog
