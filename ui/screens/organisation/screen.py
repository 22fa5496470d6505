"""Agencies and authority: people, delegations with their rehearsal, signing authority, agencies, registers, rights.

Everybody has their own absence here; who manages has the rest.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from docclient.office.commands.accounts import SetPassword
from docclient.office.door import Receipt
from ui.dialogs.password_dialog import PasswordDialog
from ui.screens.organisation.panels import AbsencePanel, SectionPanel
from ui.screens.organisation.sections import PersonPost, RowAct, sections_for
from ui.screens.screen import Screen
from ui.screens.thing_giver import ThingGiver
from ui.session import Session
from ui.state.notices import Notice
from ui.widgets.labels import title


class OrganisationScreen(Screen):
    """`enter` with a section's key shows it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.giver = ThingGiver(self)
        self.password: PasswordDialog | None = None
        self.panels: dict[str, SectionPanel] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        sections = sections_for(session.office.me, texts)
        self.manages = len(sections) > 1
        for section in sections:
            whole: QWidget
            if section.key == "absence":
                self.absence = AbsencePanel(self, section)
                panel = self.absence.delegations
                whole = self.absence
            else:
                panel = SectionPanel(self, section)
                whole = panel
            self.panels[section.key] = panel
            panel.taken.connect(self.take)
            self.tabs.addTab(whole, texts(f"organisation.section_{section.key}"))
        self.tabs.tabBar().setVisible(self.manages)
        self.tabs.setAccessibleName(texts("organisation.title"))
        self.page.addWidget(title(texts("organisation.title" if self.manages else "organisation.section_absence")))
        self.page.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        self.giver.accepted.connect(self._accepted)

    def enter(self, target: Any = None) -> None:
        if target in self.panels:
            self.tabs.setCurrentIndex(list(self.panels).index(target))
        super().enter(target)
        self.current.list.setFocus()

    @property
    def current(self) -> SectionPanel:
        return list(self.panels.values())[self.tabs.currentIndex()]

    def refresh(self) -> None:
        if self.current is self.absence.delegations:
            self.absence.refresh()
        else:
            self.current.refresh()

    def take(self, act: RowAct, row: Any) -> None:
        """An act on the chosen line: its form, the question before a bare refusal, or at once."""
        if act.command == "SetPassword":
            self.ask_password(row)
            return
        known = {**act.fixed, **(act.known(row) if act.known else {})}
        self.giver.begin(act.command, about_of(row) if act.known else "", known,
                         act.defaults(row) if act.defaults else act.first, negative=act.negative)

    def ask_password(self, row: PersonPost) -> None:
        """A first or new password for somebody: typed, never shown, never in a form."""
        texts, person = self.texts, row.person
        dialog = self.password = PasswordDialog(
            texts, texts("offer.SetPassword"), texts("password.for_whom", name=person.name), texts("password.set"),
            present=False, new=True, parent=self.window())

        def done(receipt: Receipt) -> None:
            dialog.accept()
            self._accepted("SetPassword", receipt)

        dialog.given.connect(lambda typed: self.do(SetPassword(person.id, typed["new"]), done, dialog.refuse_error))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _accepted(self, command: str, _receipt: Receipt) -> None:
        self.session.tell.tell(Notice.good(self.texts, f"done.{command}"))
        self.refresh()


def about_of(row: Any) -> str:
    """Which line, in the form's second line."""
    if isinstance(row, PersonPost):
        return row.person.name
    return next((str(getattr(row, name)) for name in ("name", "title", "person_name", "absent_name", "subject")
                 if getattr(row, name, "")), "")
