"""What the panel about handling needs: asking the office, answering an opinion, comparing, the slip on paper."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject

from docclient.desk.incoming_papers import print_slip_of
from docclient.desk.labels import print_label_of
from docclient.office.commands.remarks import MarkOpened
from docclient.office.door import Office
from docclient.office.model import Flow, State
from docclient.office.queries.duplicates import Duplicates, TwinView
from docclient.office.queries.handling import HandlingOf, HandlingView
from ui.background import Lane, Report
from ui.screens.document.handling_panel import HandlingPanel
from ui.screens.offer_giver import OfferGiver
from ui.screens.screen import Screen
from ui.screens.verification.saving import ask_target
from ui.state.document_page import DocumentShown
from ui.state.handling import HandlingShown
from ui.state.rights import may_give


class HandlingActs(QObject):
    """Serves one panel of a document's screen; everything is asked off the window's thread."""

    def __init__(self, screen: Screen, panel: HandlingPanel, giver: OfferGiver) -> None:
        super().__init__(screen)
        self._screen, self._panel, self._giver = screen, panel, giver
        self.shown: DocumentShown | None = None
        self.marks_opened = True        # off where nobody sits before the window
        panel.answer_wanted.connect(self.answer)
        panel.compare_wanted.connect(self._compare)
        panel.slip_wanted.connect(self.ask_slip)
        panel.label_wanted.connect(self.ask_label)

    def show(self, shown: DocumentShown, state: State) -> None:
        """The panel of that document. To have it before one is to have opened it: the sender can take it back no
        longer."""
        self.shown = shown
        if shown.flow is not Flow.INCOMING:
            return
        office, screen = self._screen.session.office, self._screen
        looks_for_twins = state is State.WAITING_RECEIPT and may_give("RegisterIncoming", office.me)

        def read(_report: Report, _stop: Event) -> tuple[HandlingView, tuple[TwinView, ...]]:
            view = office.ask(HandlingOf(shown.id))
            if view.unopened_by_me and self.marks_opened:
                say_opened(office, shown)
            return view, office.ask(Duplicates(shown.id)) if looks_for_twins else ()

        def show(found: tuple[HandlingView, tuple[TwinView, ...]]) -> None:
            if self.shown is not None and self.shown.id == shown.id:
                view, twins = found
                offered = any(each.offer.command == "AddRemark" for each in self.shown.buttons)
                self._panel.show_handling(HandlingShown.of(view, twins, screen.texts), may_answer=offered,
                                          may_label=state not in (State.WAITING_RECEIPT, State.RETURNED))

        screen.work(read, show, place="handling")

    def answer(self, remark: str) -> None:
        """An opinion that answers another."""
        shown = self.shown
        button = next((each for each in (shown.buttons if shown else ()) if each.offer.command == "AddRemark"), None)
        if shown is not None and button is not None:
            self._giver.take(button, f"{shown.title} — {shown.subject}", {"answers": remark})

    def _compare(self, twin: TwinView) -> None:
        if self.shown is not None:
            self._giver.compare(self.shown.id, twin)

    def ask_slip(self) -> None:
        if self.shown is not None:
            texts = self._screen.texts
            number = self.shown.title.rpartition(" ")[2].replace("/", "-")
            ask_target(self._screen, texts("prints.slip"), texts("prints.slip_file", number=number), self.save_slip,
                       filters=texts("prints.kinds"))

    def save_slip(self, target: Path) -> None:
        """The handling slip (NĐ 30 Annex IV) as it stands now."""
        shown, screen = self.shown, self._screen
        if shown is None:
            return
        office, tell = screen.session.office, screen.session.tell
        screen.background.run(self, Lane.NET, lambda _report, _stop: print_slip_of(office, shown.id, target),
                              done=lambda written: tell.good("document.saved", file=written.name),
                              failed=tell.trouble)

    def ask_label(self) -> None:
        if self.shown is not None:
            texts = self._screen.texts
            number = self.shown.title.rpartition(" ")[2].replace("/", "-")
            ask_target(self._screen, texts("scan_sheets.print_label"), texts("scan_sheets.label_file", number=number),
                       self.save_label, filters=texts("prints.kinds"))

    def save_label(self, target: Path) -> None:
        """The label that ties the sheet of paper to this record."""
        shown, screen = self.shown, self._screen
        if shown is None:
            return
        office, tell = screen.session.office, screen.session.tell
        screen.background.run(self, Lane.NET, lambda _report, _stop: print_label_of(office, shown.id, target),
                              done=lambda written: tell.good("document.saved", file=written.name),
                              failed=tell.trouble)


def say_opened(office: Office, shown: DocumentShown) -> None:
    office.do(MarkOpened(shown.id))
