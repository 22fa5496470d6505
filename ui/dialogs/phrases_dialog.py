"""One's own phrases: the words at hand in forms, the most used first; the office's stand there too, to be seen."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.door import Receipt
from docclient.office.queries.routing import MyPhrases
from ui.screens.organisation.office_rules import phrase_kinds
from ui.screens.organisation.panels import SectionPanel
from ui.screens.organisation.sections import RowAct, Section
from ui.screens.screen import Screen
from ui.screens.thing_giver import ThingGiver
from ui.session import Session
from ui.tables.rows import Column
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.labels import muted, title

SIZE = QSize(900, 560)


def phrase_section(texts: Texts) -> Section:
    return Section("phrases", MyPhrases(), (
        Column(texts("rules.then_phrase"), lambda row: row.words, strong=lambda _row: True),
        Column(texts("rules.kind_of_phrase"), lambda row: texts(f"phrasekind.{row.kind}"), 24),
        Column(texts("rules.owner"), lambda row: texts("rules.everybody" if row.everybody else "rules.own"), 14,
               tone=lambda row: Tone.QUIET if row.everybody else None),
        Column(texts("rules.uses"), lambda row: str(row.uses or ""), 9, may_go=1),
    ), (
        RowAct("AddPhrase", fixed={"everybody": False}, first=phrase_kinds()),
        RowAct("RemovePhrase", lambda row: {"phrase": row.id}, when=lambda row: not row.everybody, negative=True),
    ), "draft")


class PhrasesPage(Screen):
    """The list with what may be done with it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.page.setContentsMargins(0, 0, 0, 0)
        self.giver = ThingGiver(self)
        self.panel = SectionPanel(self, phrase_section(self.texts))
        self.panel.taken.connect(self._take)
        self.giver.accepted.connect(self._accepted)
        self.page.addWidget(self.panel)

    def refresh(self) -> None:
        self.panel.refresh()

    def _take(self, act: RowAct, row: object) -> None:
        known = {**act.fixed, **(act.known(row) if act.known else {})}
        self.giver.begin(act.command, getattr(row, "words", "") if act.known else "", known, act.first,
                         negative=act.negative)

    def _accepted(self, _command: str, _receipt: Receipt) -> None:
        self.refresh()


class PhrasesDialog(QDialog):
    """Closes by Esc; nothing is lost, each change is given at once."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        texts = session.texts
        self.setWindowTitle(texts("rules.mine"))
        self.setModal(True)
        self.resize(SIZE)
        self.phrases = PhrasesPage(session, self)
        close = ActionButton(texts("rules.close"), keys_shown="Esc")
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("rules.mine"), 1.3))
        layout.addWidget(muted(texts("rules.mine_more")))
        layout.addWidget(self.phrases, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout.addLayout(row)
        self.phrases.refresh()
        self.phrases.panel.list.setFocus()
