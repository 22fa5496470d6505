"""The ways of carrying: how each is, what it did last, what waits for it; set up by the administrator, tried by whoever
carries. Nothing here waits for a network in front of a person, and nothing that opens a way is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.carriers import AnyWay
from docclient.desk.way_states import WayState
from docclient.desk.way_trial import WayTried
from docclient.desk.ways_care import WaysCare
from docclient.secrets import Kept
from ui.background import Lane, Report
from ui.dialogs.question_dialog import QuestionDialog
from ui.dialogs.way_dialog import Tried, WayDialog
from ui.screens.screen import Screen
from ui.state.exchange import WayShown
from ui.state.notices import Notice
from ui.tables.rows import Column
from ui.theme import Tone
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Toned, ToneMark, card, muted, strong
from ui.widgets.rows_view import RowsView


class WaysPanel(QWidget):
    """A list of ways; beneath it the chosen one in whole sentences."""

    def __init__(self, screen: Screen, care: WaysCare) -> None:
        super().__init__(screen)
        self._screen, self._care = screen, care
        texts = screen.texts
        self._may = care.may_change(screen.session.office)
        self.dialog: WayDialog | QuestionDialog | None = None
        self.list = RowsView((
            Column(texts("ways.name"), lambda row: row.name, 22, strong=lambda _row: True),
            Column(texts("ways.kind"), lambda row: row.kind, 22),
            Column(texts("ways.state"), lambda row: row.state, tone=lambda row: Tone(row.tone)),
            Column(texts("ways.last_column"), lambda row: row.last, 32, may_go=1),
            Column(texts("ways.waiting"), lambda row: row.waiting, 9),
        ), texts("exchange.ways"))
        self.buttons: dict[str, ActionButton] = {}
        bar = QWidget()
        self._bar = FlowLayout(bar)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._bar.setSpacing(8)
        if self._may:
            self._add("ways.add", "Alt+1", self.ask_new, RANK_FIRST, "plus")
            self._add("ways.change", "Alt+2", self.ask_change, picture="settings")
        self._add("ways.try", "Alt+3", self.try_chosen, picture="refresh")
        if self._may:
            self._add("ways.remove", "Alt+4", self.ask_removal, RANK_AGAINST)
        self._where = muted(texts("ways.here" if care.here else "ways.elsewhere"), small=care.here)
        self._empty = Empty("send", texts("ways.nothing"),
                            texts("ways.nothing_more" if care.here else "ways.elsewhere"))
        self._layout_with(bar)
        self.list.row_chosen.connect(lambda _row: self._show_chosen())
        self.list.row_opened.connect(lambda _row: self.ask_change() if self._may else self.try_chosen())

    def _add(self, code: str, keys: str, act: Callable[[], None], rank: str = "plain", picture: str = "") -> None:
        button = ActionButton(self._screen.texts(code), keys=keys, rank=rank, picture=picture)
        button.clicked.connect(act)
        self.buttons[code] = button
        self._bar.addWidget(button)

    def _layout_with(self, bar: QWidget) -> None:
        frame, column = card(padding=14, spacing=6)
        self._card, self._name = frame, strong()
        self._lines = [(ToneMark(Tone.QUIET, 20), Toned(Tone.QUIET)) for _ in range(4)]
        column.addWidget(self._name)
        for mark, words in self._lines:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(bar)
        layout.addWidget(self._where)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        layout.addWidget(frame)
        self._empty.hide()
        frame.hide()

    # what is shown

    def refresh(self) -> None:
        care, office = self._care, self._screen.session.office
        self._screen.work(lambda _report, _stop: care.states(office), self._show, place="ways")

    def _show(self, found: tuple[WayState, ...]) -> None:
        rows = [WayShown.of(each, self._screen.texts) for each in found]
        self.list.show_rows(rows, same=lambda old, new: old.id == new.id)
        self.list.setVisible(bool(rows))
        self._where.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.list.current_row()
        self._card.setVisible(row is not None)
        for code, button in self.buttons.items():
            button.setEnabled(code == "ways.add" or row is not None)
        if row is None:
            return
        self._name.setText(f"{row.name} – {row.kind}")
        told = ((row.state, row.tone), (row.last if row.last != "–" else "", "quiet"), (row.note, "doubt"),
                (row.secret, row.secret_tone))
        for (mark, words), (text, tone) in zip(self._lines, told, strict=True):
            words.setText(text)
            words.show_tone(Tone(tone))
            mark.show_tone(Tone(tone))
            for part in (mark, words):
                part.setVisible(bool(text))

    # what is done

    def ask_new(self) -> None:
        self._ask(None)

    def ask_change(self) -> None:
        row = self.list.current_row()
        if row is not None:
            self._ask(row.setup)

    def _ask(self, known: AnyWay | None) -> None:
        if self.dialog is not None:
            return
        screen, care = self._screen, self._care
        dialog = self.dialog = WayDialog(screen.texts, self._trial, known, has_safe=care.secrets.has_safe,
                                         parent=self.window())
        dialog.given.connect(lambda setup, typed: self.keep(setup, typed, replace=known is not None))
        dialog.finished.connect(self._closed)
        dialog.open()

    def keep(self, setup: AnyWay, typed: dict[str, bytearray], *, replace: bool) -> None:
        """The safe may wait for a person who opens it: not in the window's thread."""
        session, care = self._screen.session, self._care
        office, texts = session.office, session.texts

        def put(_report: Report, _stop: Event) -> Kept | None:
            return care.put(office, setup, typed, replace=replace)

        def kept(where: Kept | None) -> None:
            words = texts("ways.saved", name=setup.name)
            if where in (Kept.SESSION, Kept.NOWHERE):
                session.tell.tell(Notice("doubt", words, texts(f"secret_kept.{where.value}")))
            else:
                session.tell.tell(Notice("good", words))
            self.refresh()

        session.background.run(self, Lane.NET, put, done=kept, failed=session.tell.trouble)

    def ask_removal(self) -> None:
        row, texts = self.list.current_row(), self._screen.texts
        if row is None or self.dialog is not None:
            return
        dialog = self.dialog = QuestionDialog(texts, texts("ways.remove_title", name=row.name),
                                              texts("ways.remove_about"), texts("ways.remove"), self.window())
        dialog.answered.connect(lambda yes: self.remove(row.name) if yes else None)
        dialog.finished.connect(self._closed)
        dialog.open()

    def remove(self, name: str) -> None:
        session, care = self._screen.session, self._care
        office = session.office

        def done(_nothing: object) -> None:
            session.tell.good("ways.removed", name=name)
            self.refresh()

        session.background.run(self, Lane.NET, lambda _report, _stop: care.remove(office, name), done=done,
                               failed=session.tell.trouble)

    def try_chosen(self) -> None:
        """Really enter, with what is kept; the strip below shows it and can stop it."""
        row, session = self.list.current_row(), self._screen.session
        if row is None:
            return
        asked: list[Event] = []

        def came(words: str, tone: Tone) -> None:
            session.progress.end()
            if not (asked and asked[0].is_set()):
                session.tell.tell(Notice(tone.value, words))
            self.refresh()

        stop = self._trial(row.setup, {}, came)
        asked.append(stop)
        session.progress.begin(session.texts("ways.trying_one", name=row.name), stop)
        # a call that hangs ends by its own deadline: nobody has to wait for it
        session.progress.cancel_wanted.connect(session.progress.end, Qt.ConnectionType.SingleShotConnection)

    def _trial(self, setup: AnyWay, typed: dict[str, bytearray], came: Tried) -> Event:
        session, care = self._screen.session, self._care
        office, texts = session.office, session.texts

        def enter(_report: Report, stop: Event) -> WayTried:
            return care.try_way(office, setup, typed, stop)

        def good(found: WayTried) -> None:
            came(texts("way_line.tried", name=found.name, count=found.waiting), Tone.GOOD)

        def bad(error: Exception) -> None:
            words = texts.trouble(error)
            came(" ".join(part for part in (words.sentence, words.advice) if part), Tone.BAD)

        return session.background.run(self, Lane.NET, enter, done=good, failed=bad,
                                      stopped=lambda: came(texts("ways.stopped"), Tone.QUIET))

    def _closed(self, *_: Any) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
