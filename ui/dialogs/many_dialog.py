"""One act on the marked documents: choose it, fill in once, watch the truth of each, go on with what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from docclient.desk.many import CommonOffer, ItemResult, ItemState, act_on_many
from docclient.desk.many_report import write_results
from docclient.office.model import DocumentId, new_id
from ui.background import Lane, Report
from ui.dialogs.growing import GrowingDialog
from ui.dialogs.offer_dialog import scrolled
from ui.recipients import with_recipients
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.state.directory import Directory
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, plain, title
from ui.widgets.rows_view import RowsView

TONES = {ItemState.WAITING: None, ItemState.DONE: Tone.GOOD, ItemState.REFUSED: Tone.BAD, ItemState.LEFT: Tone.DOUBT}


class ManyDialog(GrowingDialog):
    """Nothing is told as done before the office has answered for it."""

    ended = Signal(object)          # ItemResults

    def __init__(self, session: Session, offers: Sequence[CommonOffer], directory: Directory,
                 names: Mapping[DocumentId, str], parent: QWidget | None = None) -> None:
        """names: of the documents marked, in their order."""
        super().__init__(parent)
        self._session, self._offers, self._directory, self._names = session, tuple(offers), directory, dict(names)
        self._stop: Event | None = None
        self._run = new_id()
        self.results: dict[DocumentId, ItemResult] = {}
        texts = self._texts = session.texts
        self.setWindowTitle(texts("many.title"))
        self.setModal(True)
        self.setMinimumSize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 26)
        self.acts = QComboBox()
        self.acts.setAccessibleName(texts("many.act"))
        for each in self._offers:
            self.acts.addItem(texts("many.act_on", act=texts.or_else(each.title, each.command),
                                    count=texts.number(len(each.documents))), each)
        self.form: FieldsForm | None = None
        self._form_place = QVBoxLayout()
        self._told = plain()
        self.table = RowsView((
            Column(texts("many.document"), lambda each: self._names.get(each.document, each.document)),
            Column(texts("many.state"), lambda each: texts(f"item_state.{each.state}"), 14,
                   tone=lambda each: TONES[each.state]),
            Column(texts("sheet_report.number"), lambda each: each.number, 12),
            Column(texts("sheet_report.why"), lambda each: each.why, 36),
        ), texts("many.title"))
        self.table.setMinimumHeight(self.fontMetrics().height() * 11)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self.save = ActionButton(texts("sheet_window.report"), keys="Ctrl+S", picture="save")
        self.go = ActionButton("", keys="Ctrl+Return", rank=RANK_FIRST)
        self.close_button = ActionButton(texts("sheet_window.close"), keys="Esc")
        self.save.clicked.connect(self._save)
        self.go.clicked.connect(self.run)
        self.close_button.clicked.connect(self.reject)
        self.acts.currentIndexChanged.connect(lambda _: self._choose())
        self._lay_out()
        self._choose()

    def _lay_out(self) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("many.title"), 1.3))
        layout.addWidget(muted(texts("many.hint") if self._offers else texts("many.nothing")))
        layout.addWidget(self.acts)
        layout.addLayout(self._form_place)
        layout.addWidget(self._told)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._bar)
        row = QHBoxLayout()
        row.addWidget(self.save)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.go)
        layout.addLayout(row)
        self.acts.setVisible(bool(self._offers))
        self.save.hide()

    @property
    def offer(self) -> CommonOffer | None:
        return self.acts.currentData()

    def _choose(self) -> None:
        """Another act: its documents, its fields."""
        while (item := self._form_place.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.form, offer = None, self.offer
        self.results, self._run = {}, new_id()
        if offer is not None and offer.asks:
            choices = with_recipients(self._directory.choices(offer.command, self._texts), self._session)
            self.form = FieldsForm(offer.asks, choices, self._texts, self._session.today())
            self._form_place.addWidget(scrolled(self.form))
        self.go.setProperty("rank", RANK_AGAINST if offer is not None and offer.negative else RANK_FIRST)
        self.go.style().polish(self.go)
        self._show()

    def left(self) -> list[DocumentId]:
        """What is not done yet, in order."""
        offer = self.offer
        return [each for each in offer.documents if each not in self.results
                or self.results[each].state is not ItemState.DONE] if offer is not None else []

    def _show(self) -> None:
        texts, offer = self._texts, self.offer
        may = set(offer.documents) if offer is not None else set()
        rows = [self.results.get(each, ItemResult(each, ItemState.WAITING, why="" if each in may
                                                  else texts("many.not_offered"))) for each in self._names]
        rows.sort(key=lambda row: row.document not in may)
        self.table.show_rows(rows, same=lambda old, new: old.document == new.document)
        left, done = self.left(), sum(each.state is ItemState.DONE for each in self.results.values())
        refused = sum(each.state is ItemState.REFUSED for each in self.results.values())
        self._told.setText(texts("many.told", done=done, refused=refused, left=len(left) - refused)
                           if self.results else "")
        self._told.setVisible(bool(self.results))
        self.save.setVisible(bool(self.results) and self._stop is None)
        if offer is not None:
            act = texts.or_else(offer.title, offer.command)
            self.go.setText(texts("many.go_on" if self.results else "many.go", act=act, count=texts.number(len(left))))
        self.go.setVisible(bool(left))
        if self._form_place.count():        # nothing is left to be asked: room for the results
            self._form_place.itemAt(0).widget().setVisible(bool(left))

    def run(self) -> None:
        offer, fields = self.offer, self._fields()
        if offer is None or fields is None or self._stop is not None:
            return
        office, language, run = self._session.office, self._texts.language, self._run
        command, documents = offer.command, self.left()

        def work(report: Report, stop: Event) -> list[ItemResult]:
            return act_on_many(office, command, documents, fields, run=run, language=language, stop=stop,
                               told=lambda result: report(result))

        for each in (self.go, self.acts):
            each.setEnabled(False)
        self.close_button.setText(self._texts("progress.cancel"))
        self._bar.setRange(0, len(documents))
        self._bar.setValue(0)
        self._bar.show()
        self._stop = self._session.background.run(
            self, Lane.NET, work, done=self._ended, progress=self._heard, failed=self._failed, stopped=self._end)

    def _fields(self) -> dict[str, Any] | None:
        """None while something in the form is not right; the form says what."""
        if self.form is None:
            return {}
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        return None if answers.wrong else answers.fields

    def _heard(self, result: ItemResult) -> None:
        self.results[result.document] = result
        self._bar.setValue(self._bar.value() + 1)
        place = self.table.rows_model.place_of(lambda row: row.document == result.document)
        if place >= 0:
            self.table.rows_model.change_row(place, result)

    def _ended(self, results: list[ItemResult]) -> None:
        self.results.update({each.document: each for each in results})
        self._end()
        self.ended.emit(results)

    def _failed(self, error: Exception) -> None:
        self._end()
        words = self._texts.trouble(error)
        self._told.setText(f"{words.sentence} {words.advice}")
        self._told.show()

    def _end(self) -> None:
        self._stop = None
        self._bar.hide()
        for each in (self.go, self.acts):
            each.setEnabled(True)
        self.close_button.setText(self._texts("sheet_window.close"))
        self._show()

    def reject(self) -> None:
        """While it runs, this asks it to stop after the document in hand."""
        if self._stop is not None:
            self._stop.set()
            return
        super().reject()

    def _save(self) -> None:
        office, language, tell, names = self._session.office, self._texts.language, self._session.tell, self._names
        rows = [(names.get(each.document, ""), each) for each in self.table.rows_model.rows]
        act = self._texts.or_else(self.offer.title, self.offer.command) if self.offer is not None else ""

        def save(target: Path) -> None:
            self._session.background.run(
                self, Lane.NET, lambda _report, _stop: write_results(office, act, rows, target, language),
                done=lambda made: tell.good("finding.exported", count=len(rows), file=made.name), failed=tell.trouble)

        ask_target(self, self._texts("sheet_window.report"), f"{self._texts('sheet_report.title_many')}.xlsx", save,
                   filters=self._texts("finding.kinds"))
