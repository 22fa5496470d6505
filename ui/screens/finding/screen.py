"""All documents that this person may see: search over fields and files, kept searches with their counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from docclient.office.commands.finding import RemoveSearch
from docclient.office.queries.keeping import SavedSearches, SavedSearchView
from ui.screens.lists.screen import ListScreen
from ui.session import Session
from ui.state.finding import search_told
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import muted


class FindingScreen(ListScreen):
    """Kept searches stand under the title; one press shows what each finds now."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, None, parent, lines=3)
        self.kept: tuple[SavedSearchView, ...] = ()
        self.shown: SavedSearchView | None = None
        self.saved = QWidget()
        self.saved.setAccessibleName(self.texts("finding.saved"))
        self._flow = FlowLayout(self.saved, 8)
        self.buttons: list[ActionButton] = []
        self.remove = ActionButton(self.texts("finding.remove"), picture="close")
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        row = QHBoxLayout()
        self._saved_label = muted(self.texts("finding.saved"))
        row.addWidget(self._saved_label)
        row.addWidget(self.saved, 1)
        row.addWidget(self.remove)
        self.page.insertLayout(1, row)
        self._show_saved(())

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self._find()

    def refresh(self) -> None:
        super().refresh()
        self.ask(SavedSearches(counted=True), self._show_saved, place="saved")

    def _show_saved(self, kept: tuple[SavedSearchView, ...]) -> None:
        if kept == self.kept and self.buttons:
            return
        while (item := self._flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.kept, self.buttons = kept, []
        for each in kept:
            button = ActionButton(search_told(each, self.texts), picture="search")
            button.clicked.connect(lambda _=False, search=each: self._show_kept(search))
            self._flow.addWidget(button)
            button.show()
            self.buttons.append(button)
        for widget in (self.saved, self._saved_label):
            widget.setVisible(bool(kept))
        self.remove.setVisible(self.shown is not None and any(each.id == self.shown.id for each in kept))

    def _show_kept(self, search: SavedSearchView) -> None:
        self.shown = search
        self.remove.show()
        self.show_search(search.text, search.where, search.sort)
        self.list.setFocus()

    def _remove(self) -> None:
        search = self.shown
        if search is not None:
            self.shown = None
            self.do(RemoveSearch(search.id), lambda _: self._removed(search))

    def _removed(self, search: SavedSearchView) -> None:
        self.session.tell.good("finding.removed", name=search.name)
        self.refresh()
