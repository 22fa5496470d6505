"""Whom the office trusts: authorities with fingerprints, confirmed once by the administrator; network and system store.

Everybody may look; the buttons are there for who may use them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from docclient.desk import trust
from docclient.desk.trust import Authority
from docclient.office.queries.trust import MissingAuthorities, MissingAuthority, TrustChoices, TrustSettings
from signing.system_store import has_system_store
from ui.background import Lane, Report
from ui.screens.screen import Screen
from ui.screens.trust.confirm import ConfirmDialog
from ui.session import Session
from ui.state.rights import may_give
from ui.state.trust import AuthorityShown, TrustShown
from ui.theme import Tone, fixed_font
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, ToneMark, card, muted, plain, strong, title

Found = tuple[tuple[Authority, ...], TrustChoices, tuple[MissingAuthority, ...]]


class TrustScreen(Screen):
    """Copies a TrustShown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.shown: TrustShown | None = None
        self.dialog: ConfirmDialog | None = None
        self.may_change = may_give("ConfirmAuthority", session.office.me)
        texts = self.texts
        self.add = ActionButton(texts("trust.add"), picture="plus", keys="Ctrl+O")
        if not self.may_change:
            self.add.hide()
        self.add.clicked.connect(self.choose_file)
        self._mark, self._headline, self._explanation = ToneMark(Tone.NEWS, 28), strong(), plain()
        self.network = QCheckBox(texts("trust.network"))
        self.system = QCheckBox(texts("trust.system"))
        self.buttons: dict[str, ActionButton] = {}       # "confirm …", "remove …" by fingerprint
        self._list = QScrollArea()
        self._build()

    def _build(self) -> None:
        texts = self.texts
        head = QHBoxLayout()
        head.addWidget(title(texts("trust.title")), 1)
        head.addWidget(self.add)
        self.page.addLayout(head)
        banner, told = card(padding=14, spacing=2)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(self._headline)
        words.addWidget(self._explanation)
        row.addLayout(words, 1)
        told.addLayout(row)
        self.page.addWidget(banner)
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(texts("trust.authorities"))
        self.page.addWidget(self._list, 1)
        for box, more, act in ((self.network, "trust.network_more", trust.set_network),
                               (self.system, "trust.system_more", trust.set_system_store)):
            box.setAccessibleDescription(texts(more))
            box.setEnabled(self.may_change)
            box.clicked.connect(self._chooser(act))
            self.page.addWidget(box)
            explained = muted(texts(more), small=True)
            explained.setContentsMargins(28, 0, 0, 0)
            self.page.addWidget(explained)
            if box is self.system and not has_system_store():
                box.hide()
                explained.hide()

    # what is shown

    def refresh(self) -> None:
        office = self.session.office

        def look(_report: Report, _stop: Event) -> Found:
            return trust.authorities_of(office), office.ask(TrustSettings()), office.ask(MissingAuthorities())

        self.work(look, self._show, place="trust")

    def _show(self, found: Found) -> None:
        shown = self.shown = TrustShown.of(*found, self.texts)
        self._mark.show_tone(Tone.NEWS if shown.first_run else Tone.GOOD, "lock")
        self._headline.setText(shown.headline)
        self._explanation.setText(shown.explanation)
        self.network.setChecked(shown.choices.online_evidence)
        self.system.setChecked(shown.choices.system_store)
        held = QWidget()
        held.setObjectName("scrolled")
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        self.buttons = {}
        if shown.missing:
            column.addWidget(self._missing(shown.missing))
        for authority in shown.authorities:
            column.addWidget(self._card(authority))
        column.addStretch(1)
        self._list.setWidget(held)

    def _missing(self, lines: tuple[str, ...]) -> QFrame:
        """The certificates to ask for, by the names of their authorities."""
        frame, column = card(padding=14, spacing=4)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(ToneMark(Tone.NEWS, 22), 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.addWidget(strong(self.texts("trust.missing")))
        for line in lines:
            told.addWidget(plain(line, selectable=True))
        told.addWidget(muted(self.texts("trust.missing_more"), small=True))
        row.addLayout(told, 1)
        column.addLayout(row)
        frame.setAccessibleName(". ".join((self.texts("trust.missing"), *lines)))
        return frame

    def _card(self, shown: AuthorityShown) -> QFrame:
        frame, column = card(padding=14, spacing=4)
        frame.setAccessibleName(". ".join((shown.name, shown.word, shown.purpose, shown.fingerprint)))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(ToneMark(Tone(shown.tone), 22), 0, Qt.AlignmentFlag.AlignTop)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(strong(shown.name))
        names.addWidget(Toned(Tone(shown.tone), shown.word))
        names.addWidget(muted(f"{shown.purpose} · {shown.life}"))
        row.addLayout(names, 1)
        if self.may_change and shown.confirmable:
            row.addWidget(self._button("confirm", shown, RANK_FIRST, self.ask_confirming), 0, Qt.AlignmentFlag.AlignTop)
        if self.may_change and shown.removable:
            row.addWidget(self._button("remove", shown, RANK_AGAINST, self.remove), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        mark = plain(shown.fingerprint, selectable=True)
        mark.setFont(fixed_font(mark.font()))
        mark.setAccessibleName(self.texts("trust.fingerprint"))
        column.addWidget(muted(self.texts("trust.fingerprint"), small=True))
        column.addWidget(mark)
        column.addWidget(muted(shown.speaks, small=True))
        return frame

    def _button(self, name: str, shown: AuthorityShown, rank: str, act: Callable[[AuthorityShown], None],
                ) -> ActionButton:
        button = ActionButton(self.texts(f"trust.{name}"), rank=rank)
        button.setAccessibleName(self.texts(f"trust.{name}_named", name=shown.name))
        button.clicked.connect(lambda: act(shown))
        self.buttons[f"{name} {shown.authority.fingerprint}"] = button
        return button

    # what is done

    def choose_file(self) -> None:
        dialog = QFileDialog(self, self.texts("trust.add"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.texts("trust.files") + " (*.cer *.crt *.pem *.der *.p7b *.p7c)", "* (*)"])
        dialog.fileSelected.connect(lambda chosen: self.take_file(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_file(self, file: Path) -> None:
        """Look what a certificate file holds: authorities in between are taken at once, anchors are asked about."""
        self.work(lambda _report, _stop: trust.certificates_of_file(file), self._found, place="file", lane=Lane.NET)

    def _found(self, found: tuple[Authority, ...]) -> None:
        known = {each.authority.fingerprint for each in (self.shown.authorities if self.shown else ())
                 if each.authority.confirmed}
        new = [each for each in found if each.fingerprint not in known]
        if not new:
            self.session.tell.good("trust.nothing_new")
            return
        between = [each for each in new if not each.is_anchor]
        if between:
            self._give(lambda office: [trust.add_intermediate(office, each) for each in between], "trust.added_between",
                       count=len(between), name=between[0].name)
        anchor = next((each for each in new if each.is_anchor), None)
        if anchor is not None:
            self.ask_confirming(AuthorityShown.of(anchor, self.texts))

    def ask_confirming(self, shown: AuthorityShown) -> None:
        """Compare the fingerprint and read its end back."""
        dialog = self.dialog = ConfirmDialog(self.texts, shown, self)
        dialog.confirmed.connect(partial(self.confirm, shown, dialog))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def confirm(self, shown: AuthorityShown, dialog: ConfirmDialog, typed: str) -> None:
        office, authority = self.session.office, shown.authority

        def done(_nothing: object) -> None:
            dialog.accept()
            self.session.tell.good("trust.believed", name=shown.name)
            self.refresh()

        self.background.run(self, Lane.STORE, lambda _report, _stop: trust.confirm(office, authority, typed), done=done,
                            failed=dialog.refuse)

    def remove(self, shown: AuthorityShown) -> None:
        self._give(lambda office: trust.remove(office, shown.authority), "trust.removed", name=shown.name)

    def _chooser(self, act: Callable[[Any, bool], None]) -> Callable[[bool], None]:
        return lambda on: self._give(lambda office: act(office, on), "trust.chosen")

    def _give(self, act: Callable[[Any], object], said: str, **blanks: object) -> None:
        office = self.session.office

        def done(_result: object) -> None:
            self.session.tell.good(said, **blanks)
            self.refresh()

        def failed(error: Exception) -> None:
            self.session.tell.trouble(error)
            self.refresh()

        self.background.run(self, Lane.STORE, lambda _report, _stop: act(office), done=done, failed=failed)
