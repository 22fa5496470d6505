"""Pictures of the window's screens, taken without a person: `python -m ui.pictures --office FOLDER --out DIR`.

Opens the office as it is, sits down as whoever has most to do on each screen, waits until the screen really shows what
it is to show, and saves 1440 × 900 pictures. Gives no command and fetches no post: the office stays as it was.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from docclient.office.engine import Entrant
from docclient.office.model import DocumentId, Flow, Role, State, WaitKind
from docclient.office.queries.documents import ListDocuments, SigningQueue, WaitingForMe
from docclient.settings import Settings
from docclient.store.place import place
from docclient.words import Language
from ui import theme
from ui.app import Program
from ui.widgets.pdf_viewer import PdfViewer
from ui.workbench import DOCUMENT, HOME, INCOMING, OUTGOING, PAPER, SIGNING, Workbench

WIDTH, HEIGHT = 1440, 900
DEADLINE_S = 60.0           # for one condition; passing it is a failure and not a slower picture


class NotShown(Exception):
    """A screen did not come to show what it should."""


class Photographer:
    """Walks through the screens and saves what stands there."""

    def __init__(self, program: Program, out: Path) -> None:
        self._program, self._out = program, out
        self._heartbeat = QTimer(interval=200)      # so that the deadline is looked at although nothing happens
        self._heartbeat.start()
        self._wrong = ""
        program.failed.connect(lambda error: self._fail(repr(error)))
        program.ready.connect(lambda what: self._fail("there is no office here") if what == "welcome" else None)
        self.taken: list[Path] = []

    def take_all(self) -> None:
        """Raises: NotShown."""
        program = self._program
        program.window.resize(WIDTH, HEIGHT)
        program.window.show()
        program.start()
        self.until(lambda: bool(program.people) and program.idle, "the office opens")
        clerk, leader = self.busiest(Role.CLERK), self.busiest(Role.LEADER)
        self.sit(clerk)
        self.save("1-home")
        self.go(INCOMING)
        self.save("2-incoming")
        document = self.most_telling_document()
        if document is not None:
            self.go(DOCUMENT, document)
            self.page(self.desk.document.viewer)
            self.save("3-document")
            self.desk.document.details.setCurrentWidget(self.desk.document.details.signatures)
            self.save("4-signatures")
        self.go(PAPER)
        if self.desk.paper.list.rows_model.rows:
            self.page(self.desk.paper.viewer)
        self.save("5-paper-intake")
        self.go(OUTGOING)
        self.save("6-outgoing")
        self.sit(leader)
        self.go(SIGNING)
        if self.desk.signing.view.items:
            self.page(self.desk.signing.viewer)
            self.until(self.desk.signing.sign.isEnabled, "the leader may sign what was shown")
        self.save("7-signing-queue")
        self.direction()

    @property
    def desk(self) -> Workbench:
        assert self._program.desk is not None
        return self._program.desk

    def busiest(self, role: Role) -> Entrant:
        """Who of this role has most waiting; for leaders, who has most to sign."""
        people = [each for each in self._program.people if role in each.actor.roles]
        engine = self._program.engine
        if not people or engine is None:
            raise NotShown(f"nobody is a {role}")

        def waiting(each: Entrant) -> tuple[int, int]:
            door = engine.enter(each.person)
            return len(door.ask(SigningQueue())), sum(door.ask(WaitingForMe()).counts.values())

        return max(people, key=waiting)

    def sit(self, entrant: Entrant) -> None:
        program = self._program
        if program.desk is not None:
            program.stand_up()
        program.sit_down(entrant)
        self.until(lambda: program.desk is not None and program.idle, "somebody sits down")
        self.desk.document.handling.marks_opened = False        # nobody has seen it
        self.go(HOME)

    def go(self, screen: str, target: DocumentId | None = None) -> None:
        self.desk.go(screen, target)
        self.until(lambda: self._program.idle, f"{screen} is filled")

    def page(self, viewer: PdfViewer) -> None:
        """Wait until the page stands there in full sharpness."""
        self.until(lambda: viewer.canvas.is_shown(1) and self._program.idle, "the page is drawn")

    def most_telling_document(self) -> DocumentId | None:
        """An issued document with both signatures if there is one; else the newest."""
        office = self.desk.session.office
        for flow, states in ((Flow.OUTGOING, (State.ISSUED,)), (Flow.OUTGOING, (State.SIGNED,)), (Flow.OUTGOING, ()),
                             (Flow.INCOMING, ())):
            rows = office.ask(ListDocuments(flow, states=states, limit=1)).rows
            if rows:
                return rows[0].id
        return None

    def direction(self) -> None:
        """The leader's direction, if something waits for one."""
        waiting = self.desk.session.office.ask(WaitingForMe(kinds=(WaitKind.DIRECT,)))
        if not waiting.rows:
            return
        self.go(DOCUMENT, waiting.rows[0].document.id)
        page = self.desk.document
        self.page(page.viewer)
        button = page.offers.button_for("DirectIncoming")
        if button is None:
            return
        button.click()
        self.until(lambda: page.giver.dialog is not None and self._program.idle, "the form opens")
        assert page.giver.dialog is not None
        self.save("8-direction", page.giver.dialog)
        page.giver.dialog.reject()

    def _fail(self, why: str) -> None:
        self._wrong = why

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let events happen until the condition holds. Raises: NotShown."""
        end = monotonic() + DEADLINE_S
        while not condition():
            if self._wrong or monotonic() > end:
                raise NotShown(self._wrong or what)
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def save(self, name: str, dialog: QWidget | None = None) -> None:
        """The window as it stands, a dialog drawn over its middle."""
        QApplication.processEvents()
        picture = self._program.window.grab()
        if dialog is not None:
            painter = QPainter(picture)
            painter.fillRect(picture.rect(), QColor(20, 30, 50, 110))
            painter.drawPixmap((WIDTH - dialog.width()) // 2, (HEIGHT - dialog.height()) // 2, dialog.grab())
            painter.end()
        target = self._out / f"{name}.png"
        if picture.isNull() or not picture.save(str(target)):
            raise NotShown(f"{target} could not be written")
        self.taken.append(target)


def grab_window(window: QWidget) -> QPixmap:
    """A window as a person sees it: with its dialogs, the one asked last on top, what is under them darkened."""
    picture = window.grab()
    ratio = picture.devicePixelRatioF()
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]
    shown.sort(key=lambda each: each is QApplication.activeModalWidget())
    painter = QPainter(picture)
    try:
        for dialog in shown:
            painter.fillRect(window.rect(), QColor(20, 30, 50, 110))
            painter.drawPixmap((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2,
                               dialog.grab())
    finally:
        painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; 0 when every screen showed what it should, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m ui.pictures")
    parser.add_argument("--office", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--language", default="vi", choices=[language.value for language in Language])
    given = parser.parse_args(list(arguments))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([sys.argv[0]])
    theme.apply(application)
    with tempfile.TemporaryDirectory(prefix="docclient-pictures-") as own:
        settings = Settings(language=given.language, office="", person="")
        program = Program(place(given.office), settings, settings_folder=Path(own), with_post=False)
        photographer = Photographer(program, given.out)
        try:
            given.out.mkdir(parents=True, exist_ok=True)
            photographer.take_all()
        except (NotShown, OSError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        finally:
            program.close()
    for picture in photographer.taken:
        sys.stdout.write(f"{picture}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
