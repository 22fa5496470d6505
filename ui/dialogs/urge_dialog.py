"""Whom to urge about the marked documents: each person beside their document, all chosen at first; words once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.many import ItemResult, ItemState
from docclient.desk.urging import Waited, urge_chosen
from docclient.office.model import DocumentId, PersonId, new_id
from ui.background import Lane, Report
from ui.dialogs.growing import GrowingDialog
from ui.dialogs.many_dialog import TONES
from ui.session import Session
from ui.tables.rows import Column
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.lines_edit import LinesEdit
from ui.widgets.rows_view import RowsView


@dataclass(frozen=True, slots=True)
class Line:
    """state: None while nothing was done about it."""

    waited: Waited
    state: ItemState | None = None
    why: str = ""

    @property
    def key(self) -> tuple[DocumentId, PersonId]:
        return self.waited.document, self.waited.person


class UrgeDialog(GrowingDialog):
    """Marked lines are urged. Stays open over what was refused; nobody is urged twice by one dialog."""

    def __init__(self, session: Session, waited: Sequence[Waited], names: Mapping[DocumentId, str],
                 parent: QWidget | None = None) -> None:
        """names: of the documents, as the list says them."""
        super().__init__(parent)
        self._session, self._waited, self._names = session, tuple(waited), dict(names)
        self._stop: Event | None = None
        self._run = new_id()
        self.results: dict[DocumentId, ItemResult] = {}
        texts = self._texts = session.texts
        self.setWindowTitle(texts("urge_window.title"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 24)
        self.people = QComboBox()
        self.people.setAccessibleName(texts("urge_window.people"))
        self.people.addItem(texts("urge_window.everybody"), None)
        for person, name in dict.fromkeys((each.person, each.name) for each in self._waited):
            self.people.addItem(name, person)
        self.list = RowsView((
            Column(texts("urge_window.person"), lambda line: line.waited.name, 22, strong=lambda _line: True),
            Column(texts("many.document"), lambda line: self._names.get(line.waited.document, "")),
            Column(texts("urge_window.before"), self._urged_before, 12),
            Column(texts("many.state"), lambda line: texts(f"item_state.{line.state}") if line.state else "", 14,
                   tone=lambda line: TONES[line.state] if line.state else None, hint=lambda line: line.why),
        ), texts("urge_window.title"), many=True)
        self.list.setMinimumHeight(self.fontMetrics().height() * 10)
        self.words = LinesEdit("", texts("form.new_line"))
        self.words.setAccessibleName(texts("urge_window.words"))
        self._told = plain()
        self._told.hide()
        self.go = ActionButton("", keys="Ctrl+Return", rank=RANK_FIRST)
        self.close_button = ActionButton(texts("form.cancel"), keys="Esc")
        self._lay_out()
        self.list.marked_changed.connect(self._count)
        self.people.currentIndexChanged.connect(lambda _: self._mark_person())
        self.go.clicked.connect(self.urge)
        self.close_button.clicked.connect(self.reject)
        self.list.show_rows([Line(each) for each in self._waited])
        self._mark_person()
        self.list.setFocus()

    def _lay_out(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("urge_window.title"), 1.3))
        layout.addWidget(muted(texts("urge_window.hint" if self._waited else "urge_window.nobody")))
        row = QHBoxLayout()
        label = strong(texts("urge_window.people"))
        label.setWordWrap(False)
        label.setBuddy(self.people)
        row.addWidget(label)
        row.addWidget(self.people, 1)
        layout.addLayout(row)
        layout.addWidget(self.list, 1)
        layout.addWidget(strong(texts("form.label_optional", label=texts("urge_window.words"))))
        layout.addWidget(self.words)
        layout.addWidget(self._told)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.go)
        layout.addLayout(foot)
        for each in (self.people, label, self.list, self.words):
            each.setEnabled(bool(self._waited))

    def _urged_before(self, line: Line) -> str:
        return self._texts("urge_window.times", count=line.waited.urged) if line.waited.urged else ""

    def _mark_person(self) -> None:
        """All lines of the person chosen above, or all there are."""
        person = self.people.currentData()
        self.list.mark(lambda line: line.state is not ItemState.DONE and person in (None, line.waited.person))
        self._count()

    def chosen(self) -> list[Waited]:
        return [line.waited for line in self.list.marked_rows() if line.state is not ItemState.DONE]

    def _count(self) -> None:
        chosen = self.chosen()
        self.go.setText(self._texts("urge_window.go", people=len({each.person for each in chosen}),
                                    documents=len({each.document for each in chosen})))
        self.go.setEnabled(bool(chosen) and self._stop is None)

    def urge(self) -> None:
        chosen = self.chosen()
        if not chosen or self._stop is not None:
            return
        office, language, words, run = self._session.office, self._texts.language, self.words.toPlainText(), self._run

        def work(report: Report, stop: Event) -> list[ItemResult]:
            return urge_chosen(office, chosen, words, run=run, language=language, stop=stop)

        self._stop = self._session.background.run(
            self, Lane.NET, work, done=lambda results: self._ended(chosen, results), failed=self._failed,
            stopped=self._end)
        self._count()

    def _ended(self, chosen: Sequence[Waited], results: Sequence[ItemResult]) -> None:
        self.results.update({each.document: each for each in results})
        asked = {(each.document, each.person) for each in chosen}
        rows = [Line(line.waited, self.results[line.waited.document].state, self.results[line.waited.document].why)
                if line.key in asked else line for line in self.list.rows_model.rows]
        done = [line for line in rows if line.key in asked and line.state is ItemState.DONE]
        refused = list(dict.fromkeys(line.why for line in rows if line.key in asked and line.why))
        self._end()
        if done:
            self._session.tell.good("urge_window.done", people=len({line.waited.person for line in done}),
                                    documents=len({line.waited.document for line in done}))
        if not refused:
            self.accept()
            return
        self._run = new_id()            # other persons of a document may be chosen now: another act
        self.list.show_rows(rows, same=lambda old, new: old.key == new.key)
        self._mark_person()
        self._told.setText("\n".join(refused[:3]))
        self._told.show()

    def _failed(self, error: Exception) -> None:
        self._end()
        words = self._texts.trouble(error)
        self._told.setText(f"{words.sentence} {words.advice}")
        self._told.show()

    def _end(self) -> None:
        self._stop = None
        self._count()

    def reject(self) -> None:
        """While it runs, this asks it to stop after the document in hand."""
        if self._stop is not None:
            self._stop.set()
            return
        super().reject()
