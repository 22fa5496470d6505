"""An account at a signing service: which service, where, on whose behalf. Its password goes to whoever keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from docclient.signing_accounts import Confirmation, Entry, Kind, SigningAccount
from signing.errors import Trouble
from ui.dialogs.growing import GrowingDialog, grow_to_fit
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import ToneMark, muted, plain, title

AccountTaker = Callable[[SigningAccount, bytearray], None]
"""The account and its password, which belongs to the taker from then on."""
FIELDS = {
    Kind.CSC_V1: ("address", "entry", "user", "client"), Kind.CSC_V2: ("address", "entry", "user", "client"),
    Kind.SMARTCA: ("address", "client", "user", "confirmation"),
    Kind.MYSIGN: ("address", "client", "profile", "user"),
}
"""What each kind asks for, beside its name and password."""


class AccountDialog(GrowingDialog):
    """Fields follow the kind of service."""

    given_up = Signal()

    def __init__(self, texts: Texts, taker: AccountTaker, *, has_safe: bool, parent: QWidget | None = None) -> None:
        """has_safe: the password can be kept beyond this session."""
        super().__init__(parent)
        self._texts, self._taker, self._done = texts, taker, False
        self.setWindowTitle(texts("account_dialog.title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 84)
        self.kind, self.entry, self.confirmation = QComboBox(), QComboBox(), QComboBox()
        for box, choices, table in ((self.kind, Kind, "account_kind"), (self.entry, Entry, "account_entry"),
                                    (self.confirmation, Confirmation, "account_confirmation")):
            for each in choices:
                words = texts(f"{table}.{each.value}")
                if isinstance(each, Kind) and each.note:
                    words = f"{words} ({texts('account_dialog.not_tried')})"
                box.addItem(words, each)
        self.name, self.address, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.client, self.profile, self.secret = QLineEdit(), QLineEdit(), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(10)
        self._form.setHorizontalSpacing(16)
        self.inputs: dict[str, QWidget] = {
            "kind": self.kind, "name": self.name, "address": self.address, "entry": self.entry,
            "client": self.client, "profile": self.profile, "user": self.user, "confirmation": self.confirmation,
            "secret": self.secret}
        for name, field in self.inputs.items():
            field.setAccessibleName(texts(f"account_field.{name}"))
            self._form.addRow(texts(f"account_field.{name}"), field)
        self._note_mark, self._note = ToneMark(Tone.DOUBT, 20), plain()
        self.wrong = plain()
        self.wrong.setProperty("role", "wrong")
        self.save = ActionButton(texts("account_dialog.save"), keys="Ctrl+Return", picture="save", rank=RANK_FIRST)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("account_dialog.title"), 1.3))
        layout.addWidget(muted(texts("account_dialog.from_provider")))
        layout.addLayout(self._form)
        noted = QHBoxLayout()
        noted.addWidget(self._note_mark)
        noted.addWidget(self._note, 1)
        layout.addLayout(noted)
        layout.addWidget(muted(texts("secret_kept.safe" if has_safe else "secret_kept.session"), small=True))
        layout.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        layout.addLayout(row)
        self.kind.currentIndexChanged.connect(lambda _: self._show_kind())
        self.entry.currentIndexChanged.connect(lambda _: self._show_fields())
        self.save.clicked.connect(self._hand_over)
        self.cancel.clicked.connect(self.reject)
        self._show_kind()
        self.name.setFocus()

    @property
    def account(self) -> SigningAccount:
        """As typed; fields that this kind does not ask for stay empty."""
        kind = Kind(self.kind.currentData())
        typed = {name: field.text().strip() for name, field in self.inputs.items()
                 if isinstance(field, QLineEdit) and name != "secret" and (name == "name" or name in self._wanted())}
        made = SigningAccount(typed.pop("name"), kind, typed.pop("address"), **typed)
        return replace(made, entry=Entry(self.entry.currentData()),
                       confirmation=Confirmation(self.confirmation.currentData()))

    def _wanted(self) -> tuple[str, ...]:
        kind = Kind(self.kind.currentData())
        wanted = FIELDS[kind]
        if "entry" in wanted and Entry(self.entry.currentData()) is Entry.LOGIN:
            wanted = tuple(name for name in wanted if name != "client")
        return wanted

    def _show_kind(self) -> None:
        kind = Kind(self.kind.currentData())
        if self.address.text().strip() in {"", *(each.usual_address for each in Kind)}:
            self.address.setText(kind.usual_address)
        self._note.setText(self._texts(kind.note) if kind.note else "")
        for part in (self._note, self._note_mark):
            part.setVisible(bool(kind.note))
        self._show_fields()

    def _show_fields(self) -> None:
        for name, field in self.inputs.items():
            self._form.setRowVisible(field, name in {"kind", "name", "secret", *self._wanted()})
        if self.isVisible():
            grow_to_fit(self)

    def _hand_over(self) -> None:
        account, texts = self.account, self._texts
        try:
            account.checked()
        except Trouble as trouble:
            words = texts.trouble(trouble)
            self.wrong.setText(f"{words.heading} {words.explanation}")
            missing = account.missing()
            self.inputs[missing or "address"].setFocus()
            return
        if not self.secret.text():
            self.wrong.setText(texts("account_dialog.secret_missing"))
            self.secret.setFocus()
            return
        if not self._done:
            self._done = True
            secret = bytearray(self.secret.text().encode("utf-8"))
            self.secret.clear()
            self._taker(account, secret)
            self.accept()

    def reject(self) -> None:
        self.secret.clear()
        if not self._done:
            self._done = True
            self.given_up.emit()
        super().reject()
