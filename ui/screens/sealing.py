"""Numbering and sealing several documents at once, from the list of outgoing ones."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from docclient.office.model import Flow, State
from docclient.office.queries.documents import DocumentList, ListDocuments
from ui.background import Lane, Report
from ui.dialogs.seal_many_dialog import SealManyDialog
from ui.rounds import Rounds
from ui.session import Session
from ui.state.batch_result import Named
from ui.state.rows import ListRow

MOST = 1_000
READY = (State.SIGNED, State.NUMBERED)
"""Signed by its leader; or numbered already, when the sealing failed after that."""


class Sealing(QObject):
    """For whoever may seal."""

    def __init__(self, session: Session, rounds: Rounds, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._rounds, self._window = session, rounds, window
        self.dialog: SealManyDialog | None = None

    def begin(self) -> None:
        """Ask which; then one PIN for all of them."""
        if self.dialog is not None or self._rounds.running is not None:
            return
        office = self._session.office

        def read(_report: Report, _stop: Event) -> DocumentList:
            return office.ask(ListDocuments(Flow.OUTGOING, states=READY, limit=MOST))

        self._session.background.run(self, Lane.STORE, read, done=self._show, failed=self._session.tell.trouble)

    def _show(self, found: DocumentList) -> None:
        session = self._session
        # the list has the newest first; numbers go by the order of signing, the oldest first
        rows = [ListRow.of(row, session.today(), session.texts) for row in reversed(found.rows)]
        dialog = self.dialog = SealManyDialog(session.texts, rows, self._window)
        dialog.taken.connect(self._seal)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _seal(self, rows: list[ListRow]) -> None:
        self._rounds.seal({row.id: Named(row.what, row.number) for row in rows},
                          self._session.texts("seal_many.what", count=len(rows)))
