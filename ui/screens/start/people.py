"""Who sits down at the embedded office: everybody with a post, found by typing, chosen by Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.engine import Entrant
from ui.state.folding import holds
from ui.tables.rows import Column
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import card, muted, title
from ui.widgets.rows_view import RowsView
from ui.widgets.search_field import SearchField


class PeopleScreen(QWidget):
    """Says who was chosen."""

    chosen = Signal(object)         # Entrant

    def __init__(self, texts: Texts, office: str, people: Sequence[Entrant], last: str = "",
                 parent: QWidget | None = None) -> None:
        """last: the person who sat here before; theirs is the first row marked."""
        super().__init__(parent)
        self.setObjectName("page")
        self._texts, self._people = texts, tuple(people)
        self.search = SearchField(texts("form.type_to_find"))
        self.search.installEventFilter(self)
        self.list = RowsView((
            Column(texts("start.person"), lambda each: each.actor.name, strong=lambda _each: True),
            Column(texts("start.roles"), self._roles, 30),
            Column(texts("start.unit"), units, 30),
        ), texts("start.who"))
        self.enter = ActionButton(texts("start.enter"), keys_shown="Enter", picture="person", rank=RANK_FIRST)
        self.enter.clicked.connect(lambda: self._take(self.list.current_row()))
        self.list.row_opened.connect(self._take)
        self.search.textChanged.connect(self._find)
        frame, column = card(padding=24, spacing=12)
        frame.setMaximumWidth(self.fontMetrics().averageCharWidth() * 130)
        column.addWidget(title(texts("start.who")))
        column.addWidget(muted(office))
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.enter)
        column.addLayout(row)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(frame, 20)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(40, 40, 40, 40)
        layout.addLayout(across)
        self._find("")
        self.list.choose(max(0, self.list.rows_model.place_of(lambda each: each.person == last)))
        self.setFocusProxy(self.search)

    def _roles(self, each: Entrant) -> str:
        return ", ".join(sorted({self._texts(f"role.{role}") for role in each.actor.roles}))

    def _find(self, typed: str) -> None:
        self.list.show_rows([each for each in self._people if holds(
            f"{each.actor.name} {each.account} {self._roles(each)} {units(each)}", typed)],
            same=lambda old, new: old.person == new.person)
        self.enter.setEnabled(self.list.current_row() is not None)

    def _take(self, each: Entrant | None) -> None:
        if each is not None:
            self.chosen.emit(each)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                place = self.list.currentIndex().row() + (1 if event.key() == Qt.Key.Key_Down else -1)
                self.list.choose(min(max(place, 0), len(self.list.rows_model.rows) - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.current_row())
                return True
        return super().eventFilter(watched, event)


def units(each: Entrant) -> str:
    return ", ".join(dict.fromkeys(post.unit_name for post in each.actor.posts))
