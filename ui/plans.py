"""Where each signature will stand: found out beforehand, while the leader reads, so that the sheet is there at once."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event

from PySide6.QtCore import QObject, Signal

from docclient.desk.contact_sheet import QueuedPlan, plan_queued
from docclient.office.model import DocumentId
from docclient.office.queries.documents import QueuedForSigning
from signing.errors import Trouble
from signing.page import Place
from ui.background import Lane, Report
from ui.session import Session


class Plans(QObject):
    """Keeps a plan per document, of the bytes that are queued now and the place they are signed at."""

    planned = Signal(object)        # DocumentId

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[DocumentId, QueuedPlan] = {}
        self._asked: dict[DocumentId, tuple[QueuedForSigning, Place | None]] = {}
        self._waiting: list[DocumentId] = []
        self._running: DocumentId | None = None
        self.moved: dict[DocumentId, Place] = {}        # where a person put a signature
        self.proposed: dict[DocumentId, Place] = {}     # where it would stand without that

    def of(self, queued: QueuedForSigning) -> QueuedPlan | None:
        """The plan, if it is known and still that of these bytes at this place."""
        plan = self._known.get(queued.document.id)
        return plan if plan is not None and plan.file == queued.file and plan.place == self.place_of(queued) else None

    def place_of(self, queued: QueuedForSigning) -> Place | None:
        return self.moved.get(queued.document.id)

    def want(self, several: Sequence[QueuedForSigning]) -> None:
        """Find out about these, the first ones first; `planned` tells of each that was not known."""
        for queued in several:
            document, wish = queued.document.id, (queued, self.place_of(queued))
            if self.of(queued) is None and self._asked.get(document) != wish:
                self._asked[document] = wish
                if document not in self._waiting:
                    self._waiting.append(document)
        self._go_on()

    def move(self, queued: QueuedForSigning, place: Place) -> None:
        self.moved[queued.document.id] = place
        self.want((queued,))

    def forget(self) -> None:
        """Nothing that is still waiting is looked at any more."""
        self._waiting.clear()
        self._asked.clear()

    def _go_on(self) -> None:
        """One at a time: reading and drawing a page takes a processor, and the window wants one too."""
        if self._running is not None or not self._waiting:
            return
        document = self._running = self._waiting.pop(0)
        queued, place = self._asked[document]
        office = self._session.office

        def plan(_report: Report, _stop: Event) -> QueuedPlan:
            return plan_queued(office, queued, place)

        def failed(error: Exception) -> None:
            trouble = error if isinstance(error, Trouble) else Trouble()
            self._take(QueuedPlan(document, queued.file, place, None, trouble))

        self._session.background.run(self, Lane.PROCESSOR, plan, done=self._take, failed=failed, stopped=self._stopped)

    def _take(self, plan: QueuedPlan) -> None:
        self._running = None
        self._known[plan.document] = plan
        found = plan.plan
        if plan.place is None and found is not None and found.page is not None and found.box is not None:
            self.proposed[plan.document] = Place(found.page, found.box, found.certain)
        asked = self._asked.get(plan.document)
        if asked is not None and (asked[0].file, asked[1]) == (plan.file, plan.place):
            del self._asked[plan.document]
        self.planned.emit(plan.document)
        self._go_on()

    def _stopped(self) -> None:
        self._running = None
