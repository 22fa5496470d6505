"""The window's composition root: alone in choosing engines. Opens the office, seats a person, shows the desk."""

from __future__ import annotations

import argparse
import faulthandler
import gc
import logging
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from docclient.backup_record import last_backup
from docclient.carriers import CARRIERS_FILE, Carriers, carriers_folder
from docclient.daily_backup import take_daily_backup, wanted
from docclient.desk.carrying import Ways
from docclient.desk.ways_care import WaysCare
from docclient.office.door import Office
from docclient.office.engine import Entrant, OfficeEngine
from docclient.office.entering import asks_password
from docclient.office.errors import OfficeMissing
from docclient.office.founding import FoundOffice, found_office
from docclient.office.model import today
from docclient.office.queries.office import AboutOffice
from docclient.office.registry import registry
from docclient.office.working_days import days_of_the_country
from docclient.secrets import Secrets
from docclient.settings import Settings, changed, load_settings, save_settings
from docclient.store.place import Place, default_place, place
from signing.tokens.host import close_hosts
from ui import theme
from ui.background import Background, Lane, Report
from ui.dialogs.settings_dialog import SettingsDialog
from ui.icons import icon
from ui.keys import KeyCare, KeyShelf, KeySource, TokenSource
from ui.post import Post
from ui.rendering.renderer import Renderer
from ui.screens.start.found import FoundDialog
from ui.screens.start.login import Login
from ui.screens.start.opening import Opening
from ui.screens.start.people import PeopleScreen
from ui.screens.start.welcome import Welcome
from ui.session import Session
from ui.state.rights import may_give
from ui.texts import Texts
from ui.widgets.notice_bar import NoticeBar
from ui.widgets.progress_strip import ProgressStrip
from ui.workbench import Workbench

if TYPE_CHECKING:
    from signing.trust import TrustStore

log = logging.getLogger(__name__)

BACKUP_LOOK_MS = 5 * 60_000
"""Between two looks at whether the daily backup is due; the first comes so long after the opening."""

COLLECT_EVERY_MS = 10_000


class MainWindow(QMainWindow):
    """One window; what stands in it changes with whoever sits before it."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.resize(1440, 900)
        self.setMinimumSize(1080, 680)

    def show_page(self, page: QWidget) -> None:
        """Replace what stands in the window."""
        self.setCentralWidget(page)
        page.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


class Program(QObject):
    """From the start to the end of one run of the window."""

    ready = Signal(str)             # "welcome", "people" or "desk" stands in the window
    failed = Signal(object)         # the office could not be opened

    def __init__(self, where: Place, settings: Settings, *, keys: KeySource | None = None,
                 settings_folder: Path | None = None, with_post: bool = True, secrets: Secrets | None = None) -> None:
        """keys: where keys come from; the tokens of this machine unless a test or another program brings its own.
        with_post: the clerk's desk fetches and sends packets. secrets: another safe than the system's."""
        super().__init__()
        registry()                       # rules and calendar belong to the program's start, not to the first list
        days_of_the_country(today().year)
        self.place, self.settings = where, settings
        self._settings_folder = settings_folder
        self._keys, self._with_post = keys, with_post
        # before the settings are saved for the first time: an earlier version kept the choices there
        self._shelf = KeyShelf.at(settings_folder, lambda: self.settings.key_files, self._keep_key_files,
                                  secrets or Secrets())
        self.texts = Texts(settings.language)
        self.background = Background(self)
        self.renderer = Renderer(self)
        self.window = MainWindow()
        self.window.setWindowTitle(self.texts("app.name"))
        self.window.setWindowIcon(icon("docclient"))
        self.window.closing.connect(self.close)
        self.engine: OfficeEngine | None = None
        self._keys_care: KeyCare | None = None
        self.desk: Workbench | None = None
        self.people: tuple[Entrant, ...] = ()
        self.login: Login | None = None
        self._office_name = ""
        self._dialog: SettingsDialog | FoundDialog | None = None
        self._opening = Opening(self.texts)
        self._daily = QTimer(self, interval=BACKUP_LOOK_MS)
        self._daily.timeout.connect(self.back_up)
        self._backing_up = False

    @property
    def idle(self) -> bool:
        """No job is under way and no page is being drawn."""
        return self.background.running == 0 and self.renderer.idle

    # the office

    def start(self) -> None:
        """Open the office; the window shows that it is being opened."""
        self._show_opening()
        where = self.place

        def open_it(_report: Report, _stop: Event) -> tuple[OfficeEngine, str, tuple[Entrant, ...]]:
            engine = OfficeEngine.open(where)
            return engine, *about(engine)

        self.background.run(self, Lane.STORE, open_it, done=self._opened, failed=self._not_opened)

    def _show_opening(self) -> None:
        self._opening = Opening(self.texts)
        self._opening.again_wanted.connect(self.start)
        self.window.show_page(self._opening)

    def _opened(self, found: tuple[OfficeEngine, str, tuple[Entrant, ...]]) -> None:
        self.engine, self._office_name, self.people = found
        self.window.setWindowTitle(f"{self._office_name} — {self.texts('app.name')}")
        self._daily.start()
        mine = next((each for each in self.people if each.person == self.settings.person), None)
        if mine is not None and not asks_password(self.engine):
            self.sit_down(mine)
        else:
            self.choose_person()

    def _not_opened(self, error: Exception) -> None:
        if isinstance(error, OfficeMissing):
            welcome = Welcome(self.texts, self.place.name)
            welcome.sample_wanted.connect(self.load_sample)
            welcome.found_wanted.connect(self.ask_founding)
            self.window.show_page(welcome)
            self.ready.emit("welcome")
        else:
            self._opening.tell(error)
            self.failed.emit(error)

    def load_sample(self) -> None:
        """The sample office, in one click."""
        where = self.place

        def load(_report: Report, _stop: Event) -> tuple[OfficeEngine, str, tuple[Entrant, ...]]:
            # here and not above: whoever opens an office of their own never waits for the sample's tools
            from docclient.demonstration.first_mail import deliver_first_mail
            from docclient.demonstration.sample_office import load_sample_office

            sample = load_sample_office(where)
            deliver_first_mail(sample)
            return sample.engine, *about(sample.engine)

        self._show_opening()
        self._opening.say("start.loading_sample")
        self.background.run(self, Lane.STORE, load, done=self._opened, failed=self._not_opened)

    def ask_founding(self) -> None:
        dialog = self._dialog = FoundDialog(self.texts, self.window)
        dialog.wanted.connect(self.found)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def found(self, wanted: FoundOffice) -> None:
        """Found a new, empty office with its first administrator."""
        where, dialog = self.place, self._dialog

        def make(_report: Report, _stop: Event) -> tuple[OfficeEngine, str, tuple[Entrant, ...]]:
            founded = found_office(where, wanted)
            return founded.engine, *about(founded.engine)

        def done(made: tuple[OfficeEngine, str, tuple[Entrant, ...]]) -> None:
            if dialog is not None:
                dialog.accept()
            self._opened(made)

        self.background.run(self, Lane.STORE, make, done=done,
                            failed=dialog.refuse if isinstance(dialog, FoundDialog) else self._not_opened)

    def back_up(self) -> None:
        """The daily backup, where one is due; looked at some minutes after the opening, and then again and again."""
        engine, settings = self.engine, self.settings
        if engine is None or self._backing_up or not wanted(engine, settings):
            return

        def take(_report: Report, stop: Event) -> bool:
            def go_on(_done: int, _total: int) -> None:
                if stop.is_set():
                    raise CancelledError

            return take_daily_backup(engine, settings, progress=go_on) is not None

        def ended(_outcome: object = None) -> None:
            self._backing_up = False

        def failed(error: Exception) -> None:
            ended()
            log.warning("no backup: %s", error)
            if self.desk is not None:
                self.desk.session.tell.trouble(error)

        self._backing_up = True
        self.background.run(self, Lane.PROCESSOR, take, done=ended, stopped=ended, failed=failed)

    # the person

    def choose_person(self) -> None:
        """Somebody sits down."""
        page = PeopleScreen(self.texts, self._office_name, self.people, self.settings.person)
        page.chosen.connect(self.let_in)
        self.window.show_page(page)
        self.ready.emit("people")

    def let_in(self, entrant: Entrant) -> None:
        """Whoever was chosen sits down: at once in an office of this machine, with a password in a shared one."""
        assert self.engine is not None
        if not asks_password(self.engine):
            self.sit_down(entrant)
            return
        self.login = Login(self.texts, self.background, self.engine, entrant, self.window)
        self.login.entered.connect(self._show_desk)
        self.login.begin()

    def sit_down(self, entrant: Entrant) -> None:
        """Open this person's desk."""
        assert self.engine is not None
        engine, person = self.engine, entrant.person

        def enter(_report: Report, _stop: Event) -> Office:
            return engine.enter(person)

        self.background.run(self, Lane.STORE, enter, done=self._show_desk, failed=self._not_opened)

    def _show_desk(self, office: Office) -> None:
        self._keep(changed(self.settings, person=office.me.person))
        source = self._keys or TokenSource(
            [Path(self.settings.token_module)] if self.settings.token_module else [])
        tell = NoticeBar(self.texts)
        keys = self._keys_care = KeyCare(source, self.background, self.texts, self._shelf, lambda: trusted_by(office),
                                         online=lambda: may_ask_network(office))
        session = Session(office, self.texts, self.background, self.renderer, keys, tell, ProgressStrip(self.texts),
                          self.settings)
        desk = self.desk = Workbench(session, self._office_name, self._post(session),
                                     ways=WaysCare.of(self.place, self._shelf.secrets))
        keys.setParent(desk)
        desk.leave_wanted.connect(self.stand_up)
        desk.settings_wanted.connect(self.ask_settings)
        desk.settings_changed.connect(lambda named: self._keep(changed(self.settings, **named)))
        desk.module_chosen.connect(lambda path: self.take_settings(changed(self.settings, token_module=path)))
        self.background.failed_unheard.connect(tell.trouble)
        self.window.show_page(desk)
        desk.begin()
        self.ready.emit("desk")

    def _post(self, session: Session) -> Post | None:
        """The post, at the desk of who may take packets in."""
        if not self._with_post or not may_give("ReceivePacket", session.office.me):
            return None
        office, folder, at = session.office, carriers_folder(self.place), self.settings
        carriers, secrets = Carriers(folder / CARRIERS_FILE), self._shelf.secrets
        return Post(session, Ways(office, carriers, secrets, folder, inbox=at.packet_inbox, outbox=at.packet_outbox,
                                  shared=not self.place.embedded), folder)

    def stand_up(self) -> None:
        """The person leaves; somebody else may sit down."""
        if self.desk is not None:
            self.background.failed_unheard.disconnect(self.desk.session.tell.trouble)
            self.desk.end()
            self.desk = None
        self.choose_person()

    # settings

    def ask_settings(self) -> None:
        last = last_backup(self.place.name)
        dialog = self._dialog = SettingsDialog(self.texts, self.settings, self.window,
                                               last_backup=last.at if last is not None else None)
        dialog.chosen.connect(self.take_settings)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_settings(self, settings: Settings) -> None:
        """Keep them, and show the desk anew with them."""
        self._keep(settings)
        self.texts = Texts(settings.language)
        theme.apply(QApplication.instance(), text_points=settings.text_points)
        person = next((each for each in self.people if each.person == settings.person), None)
        if self.desk is not None and person is not None:
            self.background.failed_unheard.disconnect(self.desk.session.tell.trouble)
            self.desk.end()
            self.desk = None
            self.sit_down(person)

    def _keep_key_files(self, files: tuple[str, ...]) -> None:
        self._keep(changed(self.settings, key_files=files))

    def _keep(self, settings: Settings) -> None:
        self.settings = settings
        folder = self._settings_folder
        self.background.run(self, Lane.NET, lambda _report, _stop: save_settings(settings, folder),
                            failed=lambda error: log.warning("settings not saved: %s", error))

    # the end

    def close(self) -> None:
        """Log out of tokens, let running work stop, leave the office. May be called twice."""
        if self.desk is not None:
            self.desk.end()
            self.desk = None
        self.background.close()
        if self._keys_care is not None:
            self._keys_care.hang_up()
        self.renderer.close()
        self._shelf.secrets.close()
        close_hosts()
        if self.engine is not None:
            self.engine.close()
            self.engine = None


def trusted_by(office: Office) -> TrustStore:
    """Whom the office believes. What judges chains takes long to load, and opening the window needs none of it."""
    from docclient.desk.trust import trust_of

    return trust_of(office)


def may_ask_network(office: Office) -> bool:
    """Whether certificates may be asked about over the network: the office's setting."""
    from docclient.desk.trust import asks_network

    return asks_network(office)


def about(engine: OfficeEngine) -> tuple[str, tuple[Entrant, ...]]:
    """The agency's name and everybody who may sit down."""
    people = engine.persons()
    name = engine.enter(people[0].person).ask(AboutOffice()).agency_name if people else ""
    return name, people


def main(arguments: Sequence[str]) -> int:
    """Run the window until it is closed; the exit code for the process."""
    if sys.stderr is not None:          # a window program of Windows has none
        faulthandler.enable()
    parser = argparse.ArgumentParser(prog="docclient")
    parser.add_argument("--office", default="")
    given = parser.parse_args(list(arguments))
    settings = load_settings()
    application = QApplication.instance() or QApplication([sys.argv[0]])
    application.setApplicationName("docclient")
    theme.apply(application, text_points=settings.text_points)
    address = given.office or settings.office
    program = Program(place(address) if address else default_place(), settings)
    program.window.show()
    QTimer.singleShot(0, program.start)
    # Ctrl+C in the terminal closes the window in good order; Python hears of it only when Qt gives it a turn
    signal.signal(signal.SIGINT, lambda _number, _frame: program.window.close())
    turns = QTimer(interval=400)
    turns.timeout.connect(lambda: None)
    turns.start()
    # what nobody holds any more is collected here alone: a worker thread must never be the one that ends a widget
    gc.disable()
    collecting = QTimer(interval=COLLECT_EVERY_MS)
    collecting.timeout.connect(gc.collect)
    collecting.start()
    try:
        return application.exec()
    finally:
        program.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
