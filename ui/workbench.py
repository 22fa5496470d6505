"""One person's desk: the rail, the screens, the notice above them, the progress beneath."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from docclient.desk.kept_batches import UnfinishedBatch, unfinished_batches
from docclient.desk.packet_files import is_packet_file
from docclient.desk.ways_care import WaysCare
from docclient.office.access import sees_all
from docclient.office.case_files import headed_units
from docclient.office.model import Actor, Flow, WaitKind
from docclient.office.queries.documents import WaitingForMe, WaitingList
from ui.background import Lane
from ui.books import Books
from ui.commanding import Commanding
from ui.dialogs.phrases_dialog import PhrasesDialog
from ui.entering import Entering
from ui.news import News
from ui.post import Post
from ui.reading import Reading
from ui.rounds import Rounds
from ui.screens.case_files.screen import CaseFilesScreen
from ui.screens.devices.screen import DevicesScreen
from ui.screens.document.acts import DocumentActs
from ui.screens.document.screen import DocumentScreen
from ui.screens.exchange.screen import ExchangeScreen
from ui.screens.exchange.tabs import tabs_for
from ui.screens.finding.screen import FindingScreen
from ui.screens.home.screen import HomeScreen
from ui.screens.lists.screen import ListScreen
from ui.screens.notices.screen import NoticesScreen
from ui.screens.organisation.screen import OrganisationScreen
from ui.screens.organisation.sections import sections_for
from ui.screens.paper.screen import PaperScreen
from ui.screens.pictures_care import PicturesCare
from ui.screens.reports.screen import ReportsScreen
from ui.screens.screen import Screen, ScreenT
from ui.screens.sealing import Sealing
from ui.screens.signing.screen import SigningScreen
from ui.screens.tasks.screen import TasksScreen
from ui.screens.trust.screen import TrustScreen
from ui.screens.verification.screen import VerificationScreen
from ui.screens_made import Screens
from ui.session import Session
from ui.stamping import Stamping
from ui.state.document_page import DocumentShown
from ui.state.notices import Notice
from ui.state.rights import may_give
from ui.telling import Telling
from ui.widgets.rail import Destination, Rail
from ui.widgets.unfinished_bar import UnfinishedBar

HOME, INCOMING, OUTGOING, SIGNING, PAPER, DOCUMENT = "home", "incoming", "outgoing", "signing", "paper", "document"
DEVICES = "devices"
VERIFY, TRUST = "verify", "trust"
FINDING = "finding"
ORGANISATION = "organisation"
EXCHANGE = "exchange"
CASE_FILES, TASKS, NOTICES, REPORTS = "case_files", "tasks", "notices", "reports"
LIST_OF = {Flow.INCOMING: INCOMING, Flow.OUTGOING: OUTGOING}


class Workbench(QWidget):
    """Holds the screens and walks between them."""

    leave_wanted = Signal()             # somebody else wants to sit down
    settings_wanted = Signal()
    settings_changed = Signal(object)   # settings by name, to be kept
    module_chosen = Signal(str)         # the PKCS#11 library to look at first
    moved = Signal(str)                 # a screen has come to the front

    def __init__(self, session: Session, office_name: str, post: Post | None = None, parent: QWidget | None = None, *,
                 ways: WaysCare | None = None) -> None:
        """post: for who may take packets in. ways: those this machine has for the office."""
        super().__init__(parent)
        self.session, self.ways = session, ways
        texts = session.texts
        self.rail = Rail(texts("rail.name"))
        self.stack = QStackedWidget()
        self.news = News(session.office, session.background, self)
        self.rounds = Rounds(session, self)
        self.unfinished = UnfinishedBar(texts)
        self.sealing = Sealing(session, self.rounds, self)
        self.stamping = Stamping(session, self)
        self.pictures = PicturesCare(session, self)
        self.entering = Entering(session, self)
        self.commanding = Commanding(session, self)
        self.books = Books(session, self)
        self.reading = Reading(session, self)
        self.telling = Telling(session, self)
        self.screens = Screens({
            HOME: lambda: self.home, FINDING: lambda: self.finding, INCOMING: lambda: self.incoming,
            OUTGOING: lambda: self.outgoing, SIGNING: lambda: self.signing, PAPER: lambda: self.paper,
            DOCUMENT: lambda: self.document, DEVICES: lambda: self.devices, VERIFY: lambda: self.verification,
            TRUST: lambda: self.trust, ORGANISATION: lambda: self.organisation, CASE_FILES: lambda: self.case_files,
            TASKS: lambda: self.tasks, EXCHANGE: lambda: self.exchange, NOTICES: lambda: self.notices,
            REPORTS: lambda: self.reports})
        self.post = post
        self.phrases: PhrasesDialog | None = None
        self._at = ""
        self._came_from = HOME
        self._fill_rail(office_name)
        self._lay_out()
        self.setAcceptDrops(True)
        self.rail.chosen.connect(self.go)
        self.rounds.document_wanted.connect(lambda document: self.go(DOCUMENT, document))
        self.rounds.began.connect(lambda _round: self.unfinished.show_batches(()))
        self.rounds.ended.connect(lambda _round, _results: self.news.look())
        self.rounds.ended.connect(lambda _round, _results: self._look_for_unfinished())
        self.rounds.ended.connect(lambda _round, _results: self.stamping.run())
        self.entering.document_wanted.connect(lambda document: self.go(DOCUMENT, document))
        self.commanding.document_wanted.connect(lambda document: self.go(DOCUMENT, document))
        self.stamping.ended.connect(lambda found: self.news.look() if found else None)
        self.rounds.failed.connect(lambda _round, _error: self._look_for_unfinished())
        self.unfinished.go_on_wanted.connect(self._go_on)
        self.unfinished.give_up_wanted.connect(self.rounds.give_up)
        self.news.arrived.connect(lambda _: self._office_moved())
        self.news.arrived.connect(lambda _: self.telling.look())
        self.telling.counted.connect(lambda count: self.rail.show_count(NOTICES, count))
        self.news.failed.connect(session.tell.trouble)
        self._listen_to_keys()
        if post is not None:
            post.setParent(self)
            post.ended.connect(lambda _fetched, _posted: self.news.look())
            post.taken.connect(lambda _files: self.news.look())

    # the screens, each made when it is first gone to: a first page waits for none but its own

    def _made(self, name: str) -> bool:
        return name in self.__dict__

    def _in_stack(self, screen: ScreenT) -> ScreenT:
        self.stack.addWidget(screen)
        screen.document_wanted.connect(lambda document: self.go(DOCUMENT, document))
        screen.queue_wanted.connect(lambda document: self.go(SIGNING, document))
        screen.paper_wanted.connect(lambda document: self.go(PAPER, document))
        screen.home_wanted.connect(self.back)
        screen.draft_wanted.connect(self._new_draft)
        return screen

    @cached_property
    def home(self) -> HomeScreen:
        screen = self._in_stack(HomeScreen(self.session))
        screen.task_wanted.connect(lambda task: self.go(TASKS, task))
        screen.exchange_wanted.connect(lambda tab: self.go(EXCHANGE, tab))
        screen.deliveries_counted.connect(lambda count: self.rail.show_count(EXCHANGE, count))
        return screen

    @cached_property
    def finding(self) -> FindingScreen:
        return self._in_stack(FindingScreen(self.session))

    @cached_property
    def incoming(self) -> ListScreen:
        return self._in_stack(ListScreen(self.session, Flow.INCOMING))

    @cached_property
    def outgoing(self) -> ListScreen:
        screen = self._in_stack(ListScreen(self.session, Flow.OUTGOING))
        screen.seal_wanted.connect(self.sealing.begin)
        return screen

    @cached_property
    def signing(self) -> SigningScreen:
        screen = self._in_stack(SigningScreen(self.session, self.rounds))
        screen.looking.settings_changed.connect(self.settings_changed)
        return screen

    @cached_property
    def paper(self) -> PaperScreen:
        screen = self._in_stack(PaperScreen(self.session))
        screen.scanning.settings_changed.connect(self.settings_changed)
        return screen

    @cached_property
    def document(self) -> DocumentScreen:
        screen = self._in_stack(DocumentScreen(self.session))
        screen.shown_changed.connect(self._light_the_list_of)
        screen.trust_wanted.connect(lambda: self.go(TRUST))
        screen.trail.case_file_wanted.connect(lambda file: self.go(CASE_FILES, file))
        self._acts = DocumentActs(self.session, screen, self)
        self._acts.sealed.connect(self.stamping.run)
        return screen

    @property
    def acts(self) -> DocumentActs:
        """They come with the document's screen."""
        return (self.document, self._acts)[1]

    @cached_property
    def devices(self) -> DevicesScreen:
        screen = self._in_stack(DevicesScreen(self.session))
        screen.module_chosen.connect(self.module_chosen)
        return screen

    @cached_property
    def verification(self) -> VerificationScreen:
        screen = self._in_stack(VerificationScreen(self.session))
        screen.trust_wanted.connect(lambda: self.go(TRUST))
        return screen

    @cached_property
    def trust(self) -> TrustScreen:
        return self._in_stack(TrustScreen(self.session))

    @cached_property
    def organisation(self) -> OrganisationScreen:
        return self._in_stack(OrganisationScreen(self.session))

    @cached_property
    def case_files(self) -> CaseFilesScreen:
        return self._in_stack(CaseFilesScreen(self.session))

    @cached_property
    def tasks(self) -> TasksScreen:
        return self._in_stack(TasksScreen(self.session))

    @cached_property
    def notices(self) -> NoticesScreen:
        screen = self._in_stack(NoticesScreen(self.session))
        screen.counted.connect(lambda count: self.rail.show_count(NOTICES, count))
        screen.task_wanted.connect(lambda task: self.go(TASKS, task))
        screen.case_file_wanted.connect(lambda file: self.go(CASE_FILES, file))
        return screen

    @cached_property
    def exchange(self) -> ExchangeScreen:
        screen = self._in_stack(ExchangeScreen(self.session, self.ways, carries=self.post is not None))
        if self.post is not None:
            screen.round_wanted.connect(self.post.run_now)
            screen.files_wanted.connect(self.post.take_files)
            self.post.ended.connect(lambda _fetched, _posted: screen.refresh() if self._at == EXCHANGE else None)
        return screen

    @cached_property
    def reports(self) -> ReportsScreen:
        return self._in_stack(ReportsScreen(self.session))

    def _new_draft(self) -> None:
        self.acts.new_draft()

    def _go_on(self, batch: UnfinishedBatch) -> None:
        """The queue's screen listens to a round from its beginning."""
        self.signing.rounds.go_on(batch)

    def begin(self) -> None:
        """Show the first screen and start to listen."""
        self.go(HOME)
        self.news.start()
        self._count()
        self._look_for_unfinished()
        self.telling.start()
        self.stamping.start()
        self.reading.start()
        if self.post is not None:
            self.post.start()

    def end(self) -> None:
        """Nobody sits here any more."""
        self.news.stop()
        self.rounds.close()
        if self._made("document"):
            self.acts.end()
        self.telling.stop()
        self.stamping.stop()
        self.reading.stop()
        if self.post is not None:
            self.post.stop()
        if self._made("devices"):
            self.devices.leave()
        if self._made("verification"):
            self.verification.end()
        if self._made(PAPER):
            self.paper.scanning.close()
        self.session.keys.end()

    def go(self, key: str, target: Any = None) -> None:
        """Bring a screen to the front."""
        if key != DOCUMENT:
            self._came_from = key
        if self._at and self._at != key:
            self.screens[self._at].leave()
        self._at = key
        self.rail.show_at(key if key != DOCUMENT else self._came_from)
        self.stack.setCurrentWidget(self.screens[key])
        self.screens[key].enter(target)
        self.moved.emit(key)

    def _light_the_list_of(self, shown: DocumentShown) -> None:
        """A link may lead from a list's document to one of the other list: the rail shows where one is; back still
        leads to where one came from."""
        if self._at == DOCUMENT and self._came_from in LIST_OF.values():
            self.rail.show_at(LIST_OF[shown.flow])

    def back(self) -> None:
        """To the list the person came from."""
        self.go(self._came_from if self._at == DOCUMENT else HOME)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A PDF from outside may be dropped anywhere: its signatures are verified, nothing is registered. Packets and
        letters are taken in, where a clerk sits."""
        if dropped_pdf(event.mimeData()) is not None or self._packets_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file = dropped_pdf(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.go(VERIFY, file)
        elif self.post is not None and (packets := self._packets_in(event.mimeData())):
            event.acceptProposedAction()
            self.post.take_files(packets)

    def _packets_in(self, dropped: QMimeData) -> list[Path]:
        return dropped_packets(dropped) if self.post is not None else []

    @property
    def current(self) -> Screen:
        return self.screens[self._at]

    def _listen_to_keys(self) -> None:
        """Troubles with keys lead to the screen of devices, and so does whoever looks for another key."""
        keys, tell = self.session.keys, self.session.tell
        keys.failed.connect(tell.trouble)
        keys.doubt.connect(lambda words: tell.tell(Notice("doubt", words)))
        keys.devices_wanted.connect(lambda: self.go(DEVICES))
        keys.file_wanted.connect(lambda: (self.go(DEVICES), self.devices.add_file()))
        keys.account_wanted.connect(lambda: (self.go(DEVICES), self.devices.add_account()))
        tell.devices_wanted.connect(lambda: self.go(DEVICES))

    def _fill_rail(self, office_name: str) -> None:
        texts, me = self.session.texts, self.session.office.me
        self.rail.head(office_name)
        self.rail.add(Destination(HOME, texts("rail.home"), "home", "Ctrl+1"))
        self.rail.add(Destination(INCOMING, texts("flow.incoming"), "incoming", "Ctrl+2"))
        self.rail.add(Destination(OUTGOING, texts("flow.outgoing"), "outgoing", "Ctrl+3"))
        self.rail.add(Destination(SIGNING, texts("rail.signing"), "sign", "Ctrl+4"))
        if may_give("ReceivePaper", me):
            self.rail.add(Destination(PAPER, texts("rail.paper"), "paper", "Ctrl+5"))
        self.rail.add(Destination(TASKS, texts("shell.tasks"), "check", "F6"))
        self.rail.add(Destination(CASE_FILES, texts("shell.case_files"), "folder", "F7"))
        if tabs_for(me):
            self.rail.add(Destination(EXCHANGE, texts("exchange.rail"), "send", "Ctrl+9"))
        self.rail.add(Destination(NOTICES, texts("shell.notices"), "information", "Ctrl+T"))
        self.rail.gap()
        self.rail.add(Destination(FINDING, texts("finding.title"), "search", "F3"))
        if may_report(me):
            self.rail.add(Destination(REPORTS, texts("shell.reports"), "register", "Ctrl+Shift+K"))
        self.rail.add(Destination(VERIFY, texts("verification.rail"), "verify", "Ctrl+7"))
        rail = "organisation.rail" if len(sections_for(me, texts)) > 1 else "organisation.rail_absence"
        self.rail.add(Destination(ORGANISATION, texts(rail), "people", "F10"))
        self.rail.add(Destination(DEVICES, texts("devices.rail"), "token", "Ctrl+6"))
        if may_give("ConfirmAuthority", me):
            self.rail.add(Destination(TRUST, texts("trust.rail"), "lock", "Ctrl+8"))
        self.rail.gap()
        if may_give("StartDraft", me):
            self.rail.act(Destination("draft", texts("rail.draft"), "draft", "Ctrl+N"), self._new_draft)
        for command, picture, keys in (("AssignDrafting", "people", "Ctrl+Shift+G"),
                                       ("RegisterOutgoingPaper", "paper", "Ctrl+Shift+O")):
            if may_give(command, me):
                self.rail.act(Destination(command, texts(f"outgoing.rail_{command}"), picture, keys),
                              partial(self.commanding.begin, command))
        if may_give("EnterIncoming", me):
            self.rail.act(Destination("enter", texts("enter.button"), "plus", "Ctrl+Shift+E"), self.entering.begin)
            self.rail.act(Destination("books", texts("prints.rail"), "register", "Ctrl+Shift+B"), self.books.begin)
        self.rail.act(Destination("phrases", texts("rules.mine"), "draft", "Ctrl+Shift+M"), self.show_phrases)
        if self.post is not None:
            self.rail.act(Destination("post", texts("rail.post"), "send", "F9"), self.post.run_now)
        self.rail.foot(me.name, me.title)
        if may_give("SetPicture", me):
            self.rail.act(Destination("pictures", texts("picture_preview.manage"), "seal", "Ctrl+Shift+P"),
                          self.pictures.begin)
        self.rail.act(Destination("settings", texts("rail.settings"), "settings", "Ctrl+,"), self.settings_wanted.emit)
        self.rail.act(Destination("leave", texts("rail.leave"), "person", "Ctrl+L"), self.leave_wanted.emit)

    def show_phrases(self) -> None:
        """One's own words at hand."""
        if self.phrases is None:
            dialog = self.phrases = PhrasesDialog(self.session, self.window())

            def closed() -> None:
                self.phrases = None
                dialog.deleteLater()

            dialog.finished.connect(closed)
            dialog.open()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        told = QVBoxLayout()
        told.setContentsMargins(24, 12, 24, 0)
        told.addWidget(self.session.tell)
        told.addWidget(self.unfinished)
        under = QVBoxLayout()
        under.setContentsMargins(24, 0, 24, 12)
        under.addWidget(self.session.progress)
        column.addLayout(told)
        column.addWidget(self.stack, 1)
        column.addLayout(under)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        refresh = QShortcut(QKeySequence("F5"), self)
        refresh.activated.connect(self._office_moved)

    def _office_moved(self) -> None:
        if self._at:
            self.current.refresh()
        self._count()

    def _look_for_unfinished(self) -> None:
        """Rounds that were broken off are offered, whichever screen one is on."""
        office = self.session.office

        def show(found: list[UnfinishedBatch]) -> None:
            if self.rounds.running is None:
                self.unfinished.show_batches(found)

        self.session.background.run(self, Lane.STORE, lambda _report, _stop: unfinished_batches(office), done=show,
                                    failed=self.session.tell.trouble)

    def _count(self) -> None:
        office = self.session.office

        def show(waiting: WaitingList) -> None:
            counts = waiting.counts
            self.rail.show_count(HOME, sum(counts.values()))
            self.rail.show_count(SIGNING, counts.get(WaitKind.SIGN, 0))
            self.rail.show_count(PAPER, counts.get(WaitKind.CONFIRM_PAPER, 0))

        self.session.background.run(self, Lane.STORE, lambda _report, _stop: office.ask(WaitingForMe(limit=1)),
                                    done=show, failed=self.session.tell.trouble)


def may_report(me: Actor) -> bool:
    """Whether reports are worth showing: those of the whole office, or of the unit one heads."""
    return sees_all(me) or bool(headed_units(me))


def dropped_pdf(dropped: QMimeData) -> Path | None:
    """The first PDF among what is dragged; a file without that ending is not guessed at."""
    files = (Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile())
    return next((file for file in files if file.suffix.lower() == ".pdf"), None)


def dropped_packets(dropped: QMimeData) -> list[Path]:
    """The packets (.edxml) and letters (.eml) among what is dragged."""
    files = (Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile())
    return [file for file in files if is_packet_file(file)]
