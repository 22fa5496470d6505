"""Two lists of deliveries: what has not left yet, and who says nothing. Several lines are marked and acted on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from docclient.desk.outbox_acts import ActDone, send_again, set_aside, urge
from docclient.office.door import Query
from docclient.office.queries.fate import SilenceDays, SilentDeliveries
from docclient.office.queries.outbox import OutboxRow, OutboxRows
from docclient.office.silence import Silent
from ui.background import Lane, Report
from ui.dialogs.words_dialog import WordsDialog
from ui.screens.screen import Screen
from ui.state.exchange import STATE_TONES, heard, outcome, silence, state_of, what_leaves, why
from ui.state.notices import Notice
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted
from ui.widgets.rows_view import RowsView

Many = Callable[[Any, Sequence[Any], Any, Event], list[ActDone]]


class Deliveries(QWidget):
    """A list whose lines can be marked; what is common to both."""

    changed = Signal()

    def __init__(self, screen: Screen, key: str, query: Query[Any], columns: Sequence[Column], picture: str) -> None:
        super().__init__(screen)
        self._screen, self._key, self._query = screen, key, query
        texts = screen.texts
        self.dialog: WordsDialog | None = None
        self.buttons: dict[str, ActionButton] = {}
        self.list = RowsView(columns, texts(f"exchange.{key}"), many=True)
        self._hint = muted(texts(f"exchange.{key}_more"), small=True)
        self._empty = Empty(picture, texts(f"exchange.{key}_nothing"))
        bar = QWidget()
        self.bar = FlowLayout(bar)
        self.bar.setContentsMargins(0, 0, 0, 0)
        self.bar.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(bar)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        self._empty.hide()
        self.list.row_opened.connect(lambda row: screen.document_wanted.emit(row.document))
        self.list.marked_changed.connect(self._fit)
        self.list.row_chosen.connect(lambda _row: self._fit())

    def add(self, code: str, keys: str, act: Callable[[], None], rank: str = "plain", picture: str = "") -> None:
        button = ActionButton(self._screen.texts(code), keys=keys, rank=rank, picture=picture)
        button.clicked.connect(act)
        self.buttons[code] = button
        self.bar.addWidget(button)

    def refresh(self) -> None:
        self._screen.ask(self._query, self._show, place=self._key)

    def _show(self, found: Sequence[Any]) -> None:
        self.list.show_rows(list(found), same=lambda old, new: key_of(old) == key_of(new))
        self.list.setVisible(bool(found))
        self._hint.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._fit()

    def marked(self) -> list[Any]:
        """The marked lines; the current one where none is."""
        current = self.list.current_row()
        return self.list.marked_rows() or ([current] if current is not None else [])

    def _fit(self) -> None:
        for code, button in self.buttons.items():
            button.setEnabled(any(self.fits(code, row) for row in self.marked()))

    def fits(self, code: str, row: Any) -> bool:
        return True

    def open(self) -> None:
        row = self.list.current_row()
        if row is not None:
            self._screen.document_wanted.emit(row.document)

    def ask_words(self, heading: str, about: str, button: str, then: Callable[[str], None], first: str = "") -> None:
        if self.dialog is not None:
            return
        dialog = self.dialog = WordsDialog(self._screen.texts, heading, about, button, first, self.window())
        dialog.given.connect(then)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def do_all(self, act: Many, rows: Sequence[Any], code: str) -> None:
        """Off the window's thread, with progress and a way to stop; each one's outcome is told."""
        session = self._screen.session
        office, texts = session.office, session.texts

        def work(report: Report, stop: Event) -> list[ActDone]:
            return act(office, rows, report, stop)

        def done(found: list[ActDone]) -> None:
            session.progress.end()
            session.tell.tell(Notice(*outcome(found, code, texts)))
            self.refresh()
            self.changed.emit()

        def failed(error: Exception) -> None:
            session.progress.end()
            session.tell.trouble(error)
            self.refresh()

        stop = session.background.run(self, Lane.STORE, work, done=done, failed=failed, stopped=session.progress.end,
                                      progress=session.progress.progress)
        session.progress.begin(texts("exchange.working"), stop)


class OutboxPanel(Deliveries):
    """What waits, failed or was set aside."""

    def __init__(self, screen: Screen) -> None:
        texts = screen.texts
        super().__init__(screen, "outbox", OutboxRows(), (
            Column(texts("exchange.recipient"), lambda row: row.recipient_name, 24, strong=lambda _row: True),
            Column(texts("exchange.what"), lambda row: what_leaves(row, texts)),
            Column(texts("exchange.state"), lambda row: state_of(row, texts), 13,
                   tone=lambda row: Tone(STATE_TONES[row.state])),
            Column(texts("exchange.why"), lambda row: why(row, texts), 34),
            Column(texts("exchange.since"), lambda row: texts.moment(row.at), 16, may_go=1),
        ), "send")
        self.add("offer.SendAgain", "Ctrl+Return", self.again, RANK_FIRST, "send")
        self.add("exchange.open", "Alt+2", self.open, picture="document")
        self.add("offer.SetAside", "Alt+3", self.ask_reason, RANK_AGAINST, "return")

    def fits(self, code: str, row: OutboxRow) -> bool:
        if code == "offer.SetAside":
            return row.state == "failed"
        return code != "offer.SendAgain" or row.state != "waiting"

    def again(self) -> None:
        self.do_all(send_again, self.marked(), "exchange.sent_again")

    def ask_reason(self) -> None:
        texts = self._screen.texts
        rows = [row for row in self.marked() if row.state == "failed"]

        def give(reason: str) -> None:
            self.do_all(lambda office, chosen, report, stop: set_aside(office, chosen, reason, report, stop), rows,
                        "exchange.set_aside_done")

        self.ask_words(texts("offer.SetAside"), texts("exchange.set_aside_about", count=len(rows)),
                       texts("offer.SetAside"), give)


class SilencePanel(Deliveries):
    """Recipients that have said nothing for longer than the office waits."""

    days_wanted = Signal(object)        # SilenceDaysView: as it is set now

    def __init__(self, screen: Screen, *, may_urge: bool, may_set: bool) -> None:
        texts = screen.texts
        super().__init__(screen, "silence", SilentDeliveries(), (
            Column(texts("exchange.recipient"), lambda row: row.agency_name, 26, strong=lambda _row: True),
            Column(texts("exchange.what"), lambda row: f"{row.number_and_symbol}: {row.subject}"),
            Column(texts("exchange.silence_column"), lambda row: silence(row, texts), 18,
                   tone=lambda _row: Tone.DOUBT),
            Column(texts("exchange.heard"), lambda row: heard(row, texts), 22, may_go=2),
            Column(texts("exchange.sent_at"), lambda row: texts.moment(row.sent_at), 16, may_go=1),
            Column(texts("exchange.urged"), lambda row: texts.moment(row.urged_at) or "–", 16),
        ), "clock")
        if may_urge:
            self.add("exchange.urge", "Ctrl+Return", self.ask_reminder, RANK_FIRST, "clock")
        self.add("exchange.open", "Alt+2", self.open, picture="document")
        if may_set:
            self.add("exchange.silence_days", "Alt+3", self.ask_days, picture="settings")

    def ask_days(self) -> None:
        self._screen.ask(SilenceDays(), self.days_wanted.emit, place="silence days")

    def _fit(self) -> None:
        super()._fit()
        if "exchange.silence_days" in self.buttons:
            self.buttons["exchange.silence_days"].setEnabled(True)

    def ask_reminder(self) -> None:
        texts, rows = self._screen.texts, self.marked()

        def give(words: str) -> None:
            self.do_all(lambda office, chosen, report, stop: urge(office, chosen, words, report, stop), rows,
                        "exchange.urged_done")

        self.ask_words(texts("exchange.urge"), texts("exchange.urge_about", count=len(rows)), texts("exchange.urge"),
                       give, texts("exchange.urge_words"))


def key_of(row: Any) -> tuple[str, str]:
    return (row.document, row.agency_code) if isinstance(row, Silent) else ("", row.item)
