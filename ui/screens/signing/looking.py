"""Looking before signing: where each signature will stand, the sheet of a whole round, moving a signature."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.desk.contact_sheet import QueuedPlan
from docclient.desk.workplace import fetch_bytes, fetch_file
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.documents import QueuedForSigning
from docclient.office.queries.office import MySignaturePicture
from signing.page import MM, Place
from ui.background import Lane, Report
from ui.dialogs.contact_sheet_dialog import ContactSheetDialog
from ui.dialogs.placement_dialog import PlacementDialog
from ui.plans import Plans
from ui.session import Session
from ui.state.contact_sheet import Sheet
from ui.state.outlines import Outline
from ui.state.placement import name_of
from ui.state.queue import QueueItem
from ui.widgets.placement import PlacementTask


class Looking(QObject):
    """Belongs to the signing screen."""

    agreed = Signal(object)         # the QueueItems to sign, as the person has seen them
    planned = Signal(object)        # DocumentId: where its signature will stand is known (anew)
    settings_changed = Signal(object)       # a setting by name, to be kept

    def __init__(self, session: Session, screen: QWidget) -> None:
        super().__init__(screen)
        self._session, self._screen = session, screen
        self._skips = session.settings.skip_clear_contact_sheet
        self._waiting: tuple[QueueItem, ...] = ()       # a round that goes on by itself if nothing is doubtful
        self.plans = Plans(session, self)
        self.sheet: ContactSheetDialog | None = None
        self.placing: PlacementDialog | None = None
        self.plans.planned.connect(self._planned)

    def look_over(self, items: Sequence[QueueItem]) -> None:
        """Show where everything will stand, then `agreed`. A person who wants no sheet for rounds without any warning
        gets it only when there is one."""
        if self.sheet is not None:
            return
        chosen = tuple(items)
        self.plans.want([item.queued for item in chosen])
        if not self._skips:
            self._open(chosen)
            return
        self._waiting = chosen
        self._decide()

    def _decide(self) -> None:
        chosen = self._waiting
        sheet = Sheet.of(chosen, self.plans.of)
        if chosen and sheet.doubtful:
            self._waiting = ()
            self._open(chosen)
        elif chosen and sheet.complete:
            self._waiting = ()
            self.agreed.emit(chosen)

    def _open(self, items: tuple[QueueItem, ...]) -> None:
        dialog = self.sheet = ContactSheetDialog(
            self._session.texts, Sheet.of(items, self.plans.of), self.plans, skips=self._skips,
            parent=self._screen.window())
        by_document = {item.id: item for item in items}
        dialog.taken.connect(lambda documents: self.agreed.emit(tuple(by_document[each] for each in documents)))
        dialog.move_wanted.connect(self.move)
        dialog.skip_wanted.connect(self._keep_skip)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None

    def _keep_skip(self, on: bool) -> None:
        self._skips = on
        self.settings_changed.emit({"skip_clear_contact_sheet": on})

    def _planned(self, document: DocumentId) -> None:
        self.planned.emit(document)
        if self._waiting:
            self._decide()

    # where the signature stands on the page that is read

    def outline(self, queued: QueuedForSigning, page_sizes: Sequence[tuple[float, float]]) -> Outline | None:
        """The box of the signature to come, in the sizes of the page as it is drawn."""
        plan = self.plans.of(queued)
        if plan is None or plan.plan is None or plan.plan.box is None or plan.plan.page is None:
            return None
        found = plan.plan
        if found.page > len(page_sizes) or found.box is None or found.box_mm is None:
            return None
        height = page_sizes[found.page - 1][1]
        true_height = found.box_mm[1] * MM + found.box.y1       # PDFium leaves UserUnit out of the sizes it gives
        x0, y0, x1, y1 = (side * height / true_height for side in found.box.as_tuple())
        return Outline.from_points(
            found.page, (x0, y0, x1, y1), height, "doubt" if plan.doubtful else "news",
            name_of(found.field or "Signature", self._session.texts), "signature")

    def doubts(self, queued: QueuedForSigning) -> tuple[str, ...]:
        """What is doubtful about its place, as sentences."""
        plan, texts = self.plans.of(queued), self._session.texts
        if plan is None or plan.plan is None:
            return ()
        return tuple(texts(f"spot_warning.{warning.value}") for warning in plan.plan.warnings)

    # moving it

    def move(self, queued: QueuedForSigning) -> None:
        """Open the editor of places for one queued document."""
        plan = self.plans.of(queued)
        if self.placing is not None or plan is None or plan.plan is None or plan.plan.box is None:
            return
        office, folder = self._session.office, TemporaryDirectory(prefix="docclient-", ignore_cleanup_errors=True)
        field, place = plan.plan.field or "Signature", place_of(plan)
        proposed = self.plans.proposed.get(queued.document.id, place)

        def fetch(_report: Report, _stop: Event) -> PlacementTask:
            picture = office.ask(MySignaturePicture()).digest
            pictures = {field: fetch_bytes(office, Digest(picture))} if picture is not None else {}
            file = fetch_file(office, queued.file, Path(folder.name) / "queued.pdf")
            return PlacementTask(file, {field: place}, {field: proposed}, pictures)

        self._session.background.run(
            self, Lane.STORE, fetch, done=lambda task: self._place(queued, field, task, folder),
            failed=self._session.tell.trouble)

    def _place(self, queued: QueuedForSigning, field: str, task: PlacementTask,
               folder: TemporaryDirectory[str]) -> None:
        session = self._session
        dialog = self.placing = PlacementDialog(
            session.texts, session.background, session.renderer, task, explain="placement.explain_sign",
            about=queued.document.subject, parent=self.sheet or self._screen.window())

        def taken(places: dict[str, Place]) -> None:
            if places[field] != task.places[field]:
                self.plans.move(queued, places[field])
                if self.sheet is not None:
                    self.sheet.moved(queued)

        def closed() -> None:
            self.placing = None
            dialog.deleteLater()
            folder.cleanup()

        dialog.taken.connect(taken)
        dialog.finished.connect(closed)
        dialog.open()


def place_of(plan: QueuedPlan) -> Place:
    found = plan.plan
    assert found is not None and found.page is not None and found.box is not None
    return Place(found.page, found.box, found.certain)
