"""Devices and certificates: what is plugged in, what can sign and what cannot and why, what was tried to find it.

Tokens are looked at when the screen comes to the front; from then on the watcher tells of each that comes or goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from docclient.secrets import Kept
from docclient.signing_accounts import SigningAccount, provider_of
from signing.errors import Trouble
from signing.tokens.listing import ListedToken
from signing.tokens.messages import wipe
from signing.tokens.modules import ModuleReport, token_advice
from signing.tokens.pin_change import change_pin, unblock_pin
from signing.tokens.remembered import Purpose
from signing.tokens.surroundings import Hint, hints
from signing.tokens.watch import Event as WatchEvent
from signing.tokens.watch import Unwell
from ui.background import Lane, Report
from ui.dialogs.account_dialog import AccountDialog
from ui.dialogs.new_pin_dialog import NewPinDialog
from ui.dialogs.waiting_dialogs import OwnEntryDialog
from ui.key_sources import hosts_of
from ui.screens.devices.cards import ChosenCard, ElsewhereCard, TokenCard, modules_card
from ui.screens.screen import Screen
from ui.session import Session
from ui.state.devices import DevicesView
from ui.state.pins import tries_words
from ui.watching import TokenNews
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted, plain, strong, title

SETTLE_MS = 400     # a token that is plugged in tells several things at once: they are shown together


@dataclass(frozen=True)
class Seen:
    """One look at everything."""

    reports: tuple[ModuleReport, ...]
    accounts: tuple[tuple[SigningAccount, Kept], ...]
    hints: tuple[Hint, ...]


class DevicesScreen(Screen):
    """For everybody who signs."""

    shown = Signal(object)                  # DevicesView: it stands there
    module_chosen = Signal(str)             # the library to look at first, from now on

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.view: DevicesView | None = None
        self._seen: Seen | None = None
        self.news = TokenNews(self)
        self.news.arrived.connect(self._hear)
        self._heard: set[str] = set()       # modules that the watcher has told of
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._follow)
        self._headline = muted(texts("devices.looking"))
        self.again = ActionButton(texts("devices.look_again"), keys="Alt+L", picture="refresh", rank=RANK_FIRST)
        self.add_file_button = ActionButton(texts("key_choice.add_file"), keys="Alt+T", picture="key")
        self.add_account_button = ActionButton(texts("key_choice.add_account"), keys="Alt+K", picture="send")
        self.choose_module = ActionButton(texts("devices.choose_module"), keys="Alt+V", picture="folder")
        self.dialog: NewPinDialog | AccountDialog | OwnEntryDialog | QFileDialog | None = None
        self.tokens: list[TokenCard] = []
        self.elsewhere: list[ElsewhereCard] = []
        self.chosen: list[ChosenCard] = []
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(title(texts("devices.title")))
        head.addWidget(self._headline)
        top = QHBoxLayout()
        top.addLayout(head, 1)
        top.addWidget(self.again)
        buttons = FlowLayout()
        for button in (self.add_file_button, self.add_account_button, self.choose_module):
            buttons.addWidget(button)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setAccessibleName(texts("devices.title"))
        self.page.addLayout(top)
        self.page.addLayout(buttons)
        self.page.addWidget(self._area, 1)
        self.again.clicked.connect(self.look)
        self.add_file_button.clicked.connect(self.add_file)
        self.add_account_button.clicked.connect(self.add_account)
        self.choose_module.clicked.connect(self.ask_module)

    # looking

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self.again.setFocus()

    def leave(self) -> None:
        self._settle.stop()
        self.news.stop()

    def look(self) -> None:
        """Look at everything anew, libraries that failed included."""
        self.news.stop()
        self.refresh()

    def refresh(self) -> None:
        source, shelf = self.session.keys.source, self.session.keys.shelf
        self._headline.setText(self.texts("devices.looking"))

        def look(_report: Report, _stop: Event) -> Seen:
            accounts = tuple((each, shelf.secrets.where(each.secret_name)) for each in shelf.accounts.all())
            return Seen(tuple(source.reports()), accounts, hints())

        self.work(look, self._show, place="devices", lane=Lane.TOKEN)

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        keys = self.session.keys
        view = DevicesView.of(seen.reports, keys.shelf.files(), seen.accounts, keys.shelf.choices, seen.hints,
                              datetime.now(UTC), self.texts)
        if view != self.view:
            self.view = view
            self._fill(view)
        self._headline.setText(view.headline)
        if not self.news.watching and self.isVisible():
            self._heard.clear()
            self.news.watch(hosts_of(seen.reports, keys.source.environment))
        self.shown.emit(view)

    def _hear(self, event: WatchEvent) -> None:
        self._heard.add(str(event.module) if isinstance(event, Unwell) else event.token.module)
        self._settle.start()

    def _follow(self) -> None:
        """Show what the watcher has seen; no module is asked for that."""
        if self._seen is None or not self.news.watching:
            return
        here = self.news.tokens
        self._show(replace(self._seen, reports=tuple(
            with_tokens(report, [token for token in here if token.module == str(report.path)])
            if str(report.path) in self._heard else report for report in self._seen.reports)))

    def _fill(self, view: DevicesView) -> None:
        texts, body = self.texts, QWidget()
        body.setObjectName("scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        self.tokens = [TokenCard(shown, texts) for shown in view.tokens]
        self.elsewhere = [ElsewhereCard(shown, texts) for shown in view.elsewhere]
        self.chosen = [ChosenCard(shown, texts) for shown in view.chosen]
        for token in self.tokens:
            token.change_wanted.connect(lambda listed: self.ask_new_pin(listed, as_officer=False))
            token.unblock_wanted.connect(lambda listed: self.ask_new_pin(listed, as_officer=True))
        for each in self.elsewhere:
            each.test_wanted.connect(lambda shown: self.test_account(shown.key))
            each.remove_wanted.connect(lambda shown: self.remove(shown.key, is_file=shown.is_file))
        for one in self.chosen:
            one.forget_wanted.connect(self.forget)
        sections: tuple[tuple[str, Sequence[QWidget], str], ...] = (
            ("devices.tokens", self.tokens, "devices.no_token"),
            ("devices.elsewhere", self.elsewhere, "devices.nothing_elsewhere"),
            ("devices.chosen", self.chosen, "devices.nothing_chosen"),
        )
        for heading, cards, otherwise in sections:
            column.addWidget(strong(texts(heading)))
            for each_card in cards:
                column.addWidget(each_card)
            if not cards:
                column.addWidget(plain(texts(otherwise)))
            if heading == "devices.tokens":
                for hint in view.hints:
                    column.addWidget(plain(texts("tokens.hint", hint=hint)))
            column.addSpacing(8)
        column.addWidget(strong(texts("devices.modules")))
        column.addWidget(modules_card(view.modules, texts))
        column.addStretch(1)
        at = self._area.verticalScrollBar().value()
        self._area.setWidget(body)
        self._area.verticalScrollBar().setValue(at)

    # the PIN

    def ask_new_pin(self, token: ListedToken, *, as_officer: bool) -> None:
        """Change the PIN, or unblock it with the administrator's."""
        if token.own_pin_entry:
            dialog = self.dialog = OwnEntryDialog(
                self.texts, self.texts("new_pin.unblock" if as_officer else "new_pin.change"), token.name, "",
                tries_words(token.pin, self.texts), self.window())
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            self._set_pin(token, None, None, consent=False, as_officer=as_officer, over=dialog.over)
            return
        new = self.dialog = NewPinDialog(
            self.texts, token, lambda known, fresh, consent: self._set_pin(token, known, fresh, consent=consent,
                                                                           as_officer=as_officer),
            as_officer=as_officer, parent=self.window())
        new.finished.connect(new.deleteLater)
        new.open()

    def _set_pin(self, token: ListedToken, known: bytearray | None, new: bytearray | None, *, consent: bool,
                 as_officer: bool, over: Callable[[], None] | None = None) -> None:
        keys, environment = self.session.keys, self.session.keys.source.environment
        if as_officer:
            keys.close()        # an open key keeps the security officer out
        module, name = Path(token.module), token.serial or token.label

        def set_it(_report: Report, _stop: Event) -> ListedToken:
            try:
                if as_officer:
                    return unblock_pin(module, token=name, officer_pin=known, new_pin=new, last_try_allowed=consent,
                                       environment=environment)
                return change_pin(module, token=name, pin=known, new_pin=new, last_try_allowed=consent,
                                  environment=environment)
            finally:
                wipe(known)
                wipe(new)

        def done(listed: ListedToken) -> None:
            if over is not None:
                over()
            self.session.tell.good("tokens.pin_unblocked" if as_officer else "tokens.pin_changed", label=listed.label,
                                   serial=listed.serial)
            self.refresh()

        def failed(error: Exception) -> None:
            if over is not None:
                over()
            self.session.tell.trouble(error)
            self.refresh()

        self.background.run(self, Lane.TOKEN, set_it, done=done, failed=failed)

    # key files, accounts, the library

    def add_file(self) -> None:
        dialog = self.dialog = QFileDialog(self.window(), self.texts("key_choice.add_file"), "",
                                           self.texts("devices.key_files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, path: str) -> None:
        shelf = self.session.keys.shelf
        shelf.keep_files(tuple(dict.fromkeys((*shelf.files(), str(Path(path))))))
        self.session.tell.good("devices.file_added", name=Path(path).name)
        self.refresh()

    def add_account(self) -> None:
        dialog = self.dialog = AccountDialog(self.texts, self.take_account,
                                             has_safe=self.session.keys.shelf.secrets.has_safe, parent=self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_account(self, account: SigningAccount, secret: bytearray) -> None:
        shelf = self.session.keys.shelf

        def add(_report: Report, _stop: Event) -> Kept:
            try:
                shelf.accounts.add(account)
                return shelf.secrets.put(account.secret_name, secret)
            finally:
                wipe(secret)

        def added(kept: Kept) -> None:
            told = self.session.tell.good if kept is Kept.SAFE else self.session.tell.news
            told("devices.account_added", account=account.name, kept=self.texts(f"secret_kept.{kept.value}"))
            self.refresh()

        self.background.run(self, Lane.NET, add, done=added, failed=self.session.tell.trouble)

    def test_account(self, name: str) -> None:
        """Go in and count the certificates; nothing is signed and nobody's phone rings."""
        shelf = self.session.keys.shelf

        def reach(_report: Report, stop: Event) -> int:
            account = shelf.accounts.get(name)
            provider = provider_of(account, shelf.secrets.get(account.secret_name) or bytearray(), stop=stop)
            try:
                return len(provider.credentials())
            finally:
                provider.close()

        self.background.run(self, Lane.NET, reach, failed=self.session.tell.trouble, done=lambda count:
                            self.session.tell.good("account.reached", account=name, count=count))

    def remove(self, key: str, *, is_file: bool) -> None:
        """Take it off the list; the key file itself stays where it is."""
        shelf = self.session.keys.shelf
        if is_file:
            shelf.keep_files(tuple(each for each in shelf.files() if each != key))
            self.refresh()
            return

        def remove_it(_report: Report, _stop: Event) -> None:
            shelf.secrets.forget(shelf.accounts.remove(key).secret_name)

        self.background.run(self, Lane.NET, remove_it, done=lambda _: self.refresh(),
                            failed=self.session.tell.trouble)

    def forget(self, purpose: Purpose) -> None:
        try:
            self.session.keys.forget(purpose)
        except Trouble as trouble:
            self.session.tell.trouble(trouble)
        self.refresh()

    def ask_module(self) -> None:
        dialog = self.dialog = QFileDialog(self.window(), self.texts("devices.choose_module"), "",
                                           self.texts("devices.library_files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_module)
        dialog.open()

    def take_module(self, path: str) -> None:
        """Keep it in the settings; the desk is shown anew and looks there first."""
        self.module_chosen.emit(str(Path(path)))


def with_tokens(report: ModuleReport, tokens: Sequence[ListedToken]) -> ModuleReport:
    """The same module with other tokens plugged in."""
    in_order = tuple(sorted(tokens, key=lambda token: not token.initialised))
    return replace(report, tokens=in_order, advice=token_advice(in_order))
