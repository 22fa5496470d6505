"""The real window on a real office with real soft tokens, driven as a person would: keys and clicks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget
from shiboken6 import isValid

from docclient.office.model import DocumentId
from docclient.secrets import Secrets
from docclient.settings import Settings
from docclient.tools.softhsm import SoftHsm
from docclient.words import Language
from signing.tokens.host import close_hosts
from tests.fakes.safe import MemorySafe
from tests.fakes.token_shim import Shim, compile_shim, shim
from tests.offices import Material, OfficeToTest
from ui import theme
from ui.app import Program
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.keys import TokenSource
from ui.workbench import Workbench

PIN = b"246810"
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> None:
    theme.apply(qapp)


class StrayWindows(QObject):
    """Notes every window that shows itself and is neither the main window, a dialog nor a popup: a widget shown before
    it has a parent flashes up and takes the keyboard away."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.windowType() in (
                Qt.WindowType.Window, Qt.WindowType.Widget) and watched.isWindow() \
                and not isinstance(watched, QMainWindow):
            self.seen.append(repr(watched))
        return False


@pytest.fixture(autouse=True)
def no_stray_windows(qapp: QApplication) -> Iterator[None]:
    watch = StrayWindows()
    qapp.installEventFilter(watch)
    yield
    qapp.removeEventFilter(watch)
    assert watch.seen == []


@pytest.fixture(scope="session")
def token_store(tmp_path_factory: pytest.TempPathFactory, material: Material) -> Iterator[SoftHsm]:
    """The chairman's and the agency's tokens, in one store."""
    store = SoftHsm.at(tmp_path_factory.mktemp("tokens"))
    for label, name in (("Chủ tịch UBND xã", "chairman"), ("Con dấu UBND xã", "agency")):
        issued = material.issued[name]
        token = store.add_token(label, pin=PIN, officer_pin=b"13579135")
        store.import_key(token, pin=PIN, private_key=issued.private_key,
                         certificates=[issued.certificate_der, *issued.chain_der], identifier=b"\x01", name=label)
    yield store
    close_hosts()


@pytest.fixture
def locking_token(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, token_store: SoftHsm) -> Shim:
    """The same tokens behind a module that counts wrong PINs and locks at three."""
    library = tmp_path_factory.getbasetemp() / "libtoken-shim.so"
    if not library.exists():
        compile_shim(library.parent)
    return shim(library, token_store, tmp_path / "counts", "locks")


@dataclass
class Desk:
    """A program with its window, and the moves of whoever sits before it."""

    qtbot: object
    program: Program
    office: OfficeToTest | None = None
    pictures: list[Path] = field(default_factory=list)

    @property
    def bench(self) -> Workbench:
        assert self.program.desk is not None
        return self.program.desk

    def until(self, condition: Callable[[], bool], timeout: int = 30_000) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def settle(self) -> None:
        """Nothing is under way any more."""
        self.until(lambda: self.program.idle)

    def start(self) -> None:
        window = self.program.window
        with self.qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        self.program.start()

    def sit(self, slug: str) -> Workbench:
        """That person of the sample office sits down."""
        assert self.office is not None
        person = self.office.person(slug)
        if self.program.desk is not None:
            self.program.stand_up()
        self.until(lambda: bool(self.program.people))
        entrant = next(each for each in self.program.people if each.person == person)
        self.program.sit_down(entrant)
        self.until(lambda: self.program.desk is not None)
        self.settle()
        return self.bench

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
              where: QWidget | None = None) -> None:
        """Press a key where the cursor is."""
        if QApplication.activeWindow() is None:
            # the offscreen platform has no window manager that gives the keyboard back when a dialog closes
            self.program.window.activateWindow()
            self.until(lambda: QApplication.activeWindow() is not None)
        target = where or QApplication.focusWidget() or QApplication.activeWindow() or self.program.window
        self.qtbot.keyClick(target, key, modifiers)

    def type(self, text: str, where: QWidget | None = None) -> None:
        target = where or QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClicks(target, text)

    def choose_key(self, holder: str) -> None:
        """Several certificates could sign: take the one of that holder, by keyboard."""
        keys = self.bench.session.keys
        self.until(lambda: isinstance(keys.dialog, KeyDialog) and keys.dialog.isVisible())
        names = [keys.dialog.list.item(row).text() for row in range(keys.dialog.list.count())]
        wanted = next(row for row, name in enumerate(names) if name.startswith(holder))
        for _ in range(wanted):
            self.press(Qt.Key.Key_Down, where=keys.dialog.list)
        self.press(Qt.Key.Key_Return, where=keys.dialog.list)

    def pin_dialog(self) -> PinDialog:
        """The PIN dialog, once it stands there."""
        keys = self.bench.session.keys
        self.until(lambda: isinstance(keys.dialog, PinDialog) and keys.dialog.isVisible())
        assert isinstance(keys.dialog, PinDialog)
        return keys.dialog

    def enter_pin(self, pin: bytes = PIN) -> None:
        """After what was found about the certificate has come to stand beside the PIN."""
        dialog = self.pin_dialog()
        looks = self.bench.session.keys.looks
        self.until(lambda: all(look.ended for look in looks._known.values()))
        self.qtbot.keyClicks(dialog.pin, pin.decode())
        self.qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)

    def sign_all_the_same(self) -> str:
        """What is not certain about the certificate is asked before it signs: go on. What was asked."""
        looks = self.bench.session.keys.looks
        self.until(lambda: looks.dialog is not None and isValid(looks.dialog) and looks.dialog.isVisible())
        assert looks.dialog is not None
        asked = "\n".join(label.text() for label in looks.dialog.findChildren(QLabel))
        self.press(Qt.Key.Key_Return, where=looks.dialog.yes)
        return asked

    def notice(self) -> str:
        newest = self.bench.session.tell.newest
        return newest.heading if newest is not None else ""

    def open_document(self, document: DocumentId) -> None:
        self.bench.go("document", document)
        self.until(lambda: self.bench.document.shown is not None and self.bench.document.shown.id == document)
        self.settle()


@pytest.fixture
def make_desk(qtbot, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens windows and closes them again."""
    gc.collect()        # windows of earlier tests die here, in their own thread, not in one that happens to collect
    opened: list[Program] = []

    def make(where, *, office: OfficeToTest | None = None, keys: object = None,
             language: Language = Language.VIETNAMESE, with_post: bool = False,
             secrets: Secrets | None = None) -> Desk:
        settings = Settings(language=language, office="", person="", token_module="")
        program = Program(where, settings, keys=keys or TokenSource([], search=False),
                          settings_folder=tmp_path / "settings", with_post=with_post,
                          secrets=secrets or Secrets(MemorySafe()))
        opened.append(program)
        qtbot.addWidget(program.window)
        desk = Desk(qtbot, program, office)
        desk.start()
        return desk

    yield make
    for program in opened:
        program.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest, token_store: SoftHsm) -> Desk:
    """The window on this test's sample office, tokens plugged in."""
    made = make_desk(sqlite_office.place, office=sqlite_office,
                     keys=TokenSource([token_store.module], search=False, environment=token_store.environment))
    made.until(lambda: bool(made.program.people))
    return made
