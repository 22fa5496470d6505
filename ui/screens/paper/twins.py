"""Is the letter on the screen registered already? Looked up by what its form says now: its number is mostly written by
hand, and known only once it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer

from docclient.office.model import DocumentId
from docclient.office.queries.duplicates import Duplicates, TwinView
from docclient.office.registry import from_json
from ui.background import Lane
from ui.screens.paper.confirm import ConfirmPanel
from ui.session import Session

PAUSE_MS = 250
"""After the last key in a field."""
MARKS = ("code_number", "code_notation", "issued_date", "issuer_name")


class PaperTwins(QObject):
    """One letter at a time. Lives as long as the paper screen."""

    def __init__(self, session: Session, panel: ConfirmPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._panel = session, panel
        self._document: DocumentId | None = None
        self._marks: Mapping[str, Any] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        panel.changed.connect(self._pause.start)

    def begin(self, document: DocumentId | None) -> None:
        """Another form stands there. document: None while its letter is still being scanned."""
        self._document, self._marks = document, {}
        self._look()

    def _look(self) -> None:
        """A letter for which this cannot be found out is looked at again before it is signed."""
        fields = self._panel.form.answers().fields if self._panel.form is not None else {}
        marks = self._marks_in(fields)
        if marks != self._marks:
            self._marks = marks
            self._ask(marks, lambda twins: self._panel.show_twins(twins) if marks is self._marks else None,
                      lambda _error: None)

    def before_signing(self, fields: Mapping[str, Any], go_on: Callable[[], None],
                       ended: Callable[[], None]) -> None:
        """Go on where there is no twin, or it was seen; else show it, with the cursor in what says that it was seen."""
        if fields.get("duplicate_seen"):
            go_on()
            return
        marks = self._marks = self._marks_in(fields)

        def found(twins: tuple[TwinView, ...]) -> None:
            self._panel.show_twins(twins)
            if not self._panel.twins:
                go_on()
                return
            ended()
            self._panel.twin_bar.seen.setFocus()
            self._session.tell.news("paper.twin_unseen")

        def failed(error: Exception) -> None:
            ended()
            self._panel.refuse(error)
            self._session.tell.trouble(error)

        self._ask(marks, found, failed)

    def _marks_in(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: fields[name] for name in MARKS if fields.get(name)}

    def _ask(self, marks: Mapping[str, Any], found: Callable[[tuple[TwinView, ...]], None],
             failed: Callable[[Exception], None]) -> None:
        """failed: also of marks that no query can ask for, a year far off for one."""
        office = self._session.office
        about = {"document": self._document} if self._document is not None else {}
        self._session.background.run(
            self, Lane.STORE, lambda _report, _stop: office.ask(from_json(Duplicates, {**marks, **about})), done=found,
            failed=failed)
