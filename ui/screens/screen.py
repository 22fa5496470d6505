"""What all screens have in common: asking the office off the window's thread, giving commands, saying what happened."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from docclient.office.door import Command, Query, Receipt, for_whom
from docclient.office.model import Digest, PersonId, new_id
from ui.background import Background, Lane, Report
from ui.session import Session


class Screen(QWidget):
    """A page of the window. `enter` when it comes to the front, `refresh` when the office has news."""

    document_wanted = Signal(object)        # DocumentId: show its page
    queue_wanted = Signal(object)           # DocumentId or None: show the signing queue there
    paper_wanted = Signal(object)           # DocumentId or None: show paper intake there
    home_wanted = Signal()
    draft_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.texts = session.texts
        self.setObjectName("page")
        self._asked: dict[str, Event] = {}
        self.page = QVBoxLayout(self)
        self.page.setContentsMargins(24, 20, 24, 20)
        self.page.setSpacing(14)

    @property
    def background(self) -> Background:
        return self.session.background

    def enter(self, target: Any = None) -> None:
        """Come to the front, at `target` where the screen knows one."""
        self.refresh()

    def refresh(self) -> None:
        """Show the office as it is now."""

    def leave(self) -> None:
        """Another screen comes to the front."""

    def work(self, job: Callable[[Report, Event], Any], then: Callable[[Any], None], *, place: str,
             lane: Lane = Lane.STORE, failed: Callable[[Exception], None] | None = None) -> Event:
        """Run a job whose newest answer counts: an older one still on its way to the same `place` is dropped."""
        earlier = self._asked.pop(place, None)
        if earlier is not None:
            earlier.set()

        def newest(handler: Callable[..., None]) -> Callable[..., None]:
            def heard(*what: Any) -> None:
                if self._asked.get(place) is mine:
                    del self._asked[place]
                    handler(*what)
            return heard

        mine = self.background.run(self, lane, job, done=newest(then),
                                   failed=newest(failed or self.session.tell.trouble))
        self._asked[place] = mine
        return mine

    def ask(self, query: Query[Any], then: Callable[[Any], None], *, place: str,
            failed: Callable[[Exception], None] | None = None) -> Event:
        office = self.session.office
        return self.work(lambda _report, _stop: office.ask(query), then, place=place, failed=failed)

    def read(self, digest: Digest, then: Callable[[bytes], None], *, place: str) -> Event:
        """The bytes of a file."""
        office = self.session.office

        def read(_report: Report, _stop: Event) -> bytes:
            with office.read(digest) as stream:
                return stream.read()

        return self.work(read, then, place=place)

    def do(self, command: Command, then: Callable[[Receipt], None],
           failed: Callable[[Exception], None] | None = None, *, acting_for: PersonId | None = None) -> None:
        """Give a command. Never dropped: what was given is told, also when the screen shows something else by now.
        acting_for: the absent person that the offer names."""
        office, key = for_whom(self.session.office, acting_for), new_id()
        self.background.run(self, Lane.STORE, lambda _report, _stop: office.do(command, key=key), done=then,
                            failed=failed or self.session.tell.trouble)


ScreenT = TypeVar("ScreenT", bound=Screen)
