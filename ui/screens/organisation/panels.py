"""One section: its list, what may be done with the chosen line; for absences the rehearsal beneath."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from docclient.office.door import Query
from docclient.office.model import PersonId, Role
from docclient.office.queries.authority import AbsenceRehearsal, Rehearsal
from docclient.office.queries.office import People, PersonView
from ui.screens.organisation.sections import RehearsalShown, RowAct, Section, rehearsal_columns
from ui.screens.screen import Screen
from ui.state.directory import people_choices
from ui.state.folding import holds
from ui.theme import Tone
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, RANK_PLAIN, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Toned, ToneMark, card, muted, plain, strong
from ui.widgets.pickers import PickDay, PickOne
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField

PAUSE_MS = 60        # of typing, before the office is asked


class SectionPanel(QWidget):
    """Shows a section; says which act was taken on which line."""

    taken = Signal(object, object)      # RowAct, the line or None

    def __init__(self, screen: Screen, section: Section) -> None:
        super().__init__(screen)
        self.section, self._screen, self._all = section, screen, list[Any]()
        texts = screen.texts
        self.search = SearchField(texts("form.type_to_find"))
        if section.searched is None and section.find is None:
            self.search.hide()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._pause.start() if section.find else self._find())
        self.list = RowsView(section.columns, texts(f"organisation.section_{section.key}"))
        self._empty = Empty(section.picture, texts(f"organisation.nothing_{section.key}"))
        self.buttons: dict[str, ActionButton] = {}
        bar = QWidget()
        self._bar = FlowLayout(bar)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._bar.setSpacing(8)
        for place, act in enumerate(section.acts, start=1):
            self._add_button(act, place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(bar)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        self._empty.hide()
        self.list.row_chosen.connect(lambda _row: self._fit())
        self._fit()

    def _add_button(self, act: RowAct, place: int) -> None:
        rank = RANK_AGAINST if act.negative else RANK_FIRST if place == 1 else RANK_PLAIN
        button = ActionButton(self._screen.texts(act.title), keys=f"Alt+{place}" if place <= 9 else "", rank=rank,
                              picture="plus" if act.known is None and not act.negative else "")
        button.clicked.connect(lambda: self.taken.emit(act, self.list.current_row()))
        self.buttons[act.title] = button
        self._bar.addWidget(button)

    def _fit(self) -> None:
        """An act on a line needs a line that it fits."""
        row = self.list.current_row()
        for act in self.section.acts:
            fits = act.known is None or (row is not None and act.when(row))
            self.buttons[act.title].setEnabled(fits)
            self.buttons[act.title].setHidden(not fits)

    def refresh(self) -> None:
        query, office, typed = self.section.query, self._screen.session.office, self.search.text().strip()
        if self.section.find is not None and typed:
            query = self.section.find(typed)
        self._screen.work(
            lambda _report, _stop: office.ask(query) if isinstance(query, Query) else query(office),
            self._show, place=self.section.key)

    def _show(self, found: Any) -> None:
        self._all = list(self.section.rows(found))
        self._find()

    def _find(self) -> None:
        said = self.section.searched
        rows = [row for row in self._all if said is None or holds(said(row), self.search.text())]
        self.list.show_rows(rows, same=lambda old, new: key_of(old) == key_of(new))
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._fit()


def key_of(row: Any) -> str:
    return str(getattr(row, "id", "") or getattr(row, "code", ""))


class AbsencePanel(QWidget):
    """Delegations, and beneath them what an absence on chosen days would mean."""

    def __init__(self, screen: Screen, section: Section) -> None:
        super().__init__(screen)
        self._screen = screen
        texts, me = screen.texts, screen.session.office.me
        self.delegations = SectionPanel(screen, section)
        self.person: PersonId = me.person
        self.first, self.last = PickDay(texts, screen.session.today()), PickDay(texts, screen.session.today())
        self.first.setAccessibleName(texts("field.first_day"))
        self.last.setAccessibleName(texts("field.last_day"))
        self.first.choose(screen.session.today())
        self.last.choose(screen.session.today())
        self.rehearse = ActionButton(texts("rehearsal.button"), keys="Ctrl+R", picture="calendar")
        self.rehearse.clicked.connect(self.ask_rehearsal)
        self.shown: RehearsalShown | None = None
        self._headline, self._lines = strong(), Toned(Tone.QUIET)
        self._mark = ToneMark(Tone.QUIET, 20)
        self.arriving = RowsView(rehearsal_columns(texts), texts("rehearsal.title"))
        self.choose_person: PickOne | None = None
        self._row = QHBoxLayout()
        self._manages = bool(me.roles & {Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE, Role.LEADER})
        self._build()

    def _build(self) -> None:
        texts = self._screen.texts
        frame, column = card(padding=14, spacing=8)
        column.addWidget(strong(texts("rehearsal.title")))
        column.addWidget(muted(texts("rehearsal.more"), small=True))
        for label, field in (("field.first_day", self.first), ("field.last_day", self.last)):
            words = plain(texts(label))
            words.setWordWrap(False)
            self._row.addWidget(words)
            self._row.addWidget(field)
        self._row.addWidget(self.rehearse)
        column.addLayout(self._row)
        column.addWidget(self._headline)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._lines, 1)
        column.addLayout(told)
        column.addWidget(self.arriving, 100)
        column.addStretch(1)
        for part in (self._headline, self._mark, self._lines, self.arriving):
            part.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.delegations)
        split.addWidget(frame)
        split.setSizes([1, 1])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)

    def refresh(self) -> None:
        self.delegations.refresh()
        if self._manages and self.choose_person is None:
            self._screen.ask(People(), self._offer_people, place="people")

    def _offer_people(self, found: tuple[PersonView, ...]) -> None:
        """Who manages rehearses anybody's absence."""
        if self.choose_person is not None:
            return
        choices = tuple(people_choices(found))
        pick = self.choose_person = PickOne(choices, self._screen.texts, may_be_empty=False)
        pick.setAccessibleName(self._screen.texts("field.absent"))
        mine = any(each.value == self.person for each in choices)
        pick.choose(self.person if mine else choices[0].value if choices else None)
        pick.setMinimumContentsLength(24)
        if pick.lineEdit() is not None:
            pick.lineEdit().setCursorPosition(0)
        self._row.insertWidget(0, pick, 1)

    def ask_rehearsal(self) -> None:
        first, last = self.first.value(), self.last.value()
        person = self.choose_person.value() if self.choose_person is not None else self.person
        if first is None or last is None or person is None:
            self._screen.session.tell.news("rehearsal.days_needed")
            return
        self._screen.ask(AbsenceRehearsal(person, first, last), self._show, place="rehearsal")

    def _show(self, found: Rehearsal) -> None:
        shown = self.shown = RehearsalShown.of(found, self._screen.texts)
        self._headline.setText(shown.headline)
        self._lines.setText("\n".join(shown.lines))
        self._lines.show_tone(shown.tone)
        self.arriving.show_rows(shown.rows)
        self._mark.show_tone(shown.tone)
        for part in (self._headline, self._mark, self._lines):
            part.show()
        self.arriving.setVisible(bool(shown.rows))


