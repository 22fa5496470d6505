"""Asks the drawing process and hands its pictures to whoever shows them. Nothing in here waits.

Why not QtPdf: its renderer leaves out form fields, so the number, the date, the leader's signature and the seal would
not be seen on the page that is being signed. Why a process: PDFium obeys one thread at a time, and a file that crashes
or hangs it costs that file its picture and nothing else.
"""

from __future__ import annotations

import json
import logging
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QSize, QTimer, Signal
from PySide6.QtGui import QImage

log = logging.getLogger(__name__)

HEAD = struct.Struct(">I")
DEADLINE_MS = 20_000            # for one page or one document; a page that takes longer is not worth waiting for
CHILD = Path(__file__).resolve().with_name("child.py")


@dataclass(slots=True)
class Ask:
    """One question for the process. raw: bytes that go with it. lost: the process ended over it once already."""

    id: int
    source: PageSource
    what: dict[str, Any]
    raw: bytes = field(default=b"", repr=False)
    lost: bool = False


class PageSource(QObject):
    """One open document. Pages count from 0 here, as in the file."""

    ready = Signal()                    # the sizes are known
    failed = Signal(str)                # "damaged", "encrypted", "too_slow"
    drawn = Signal(int, int, QImage)    # page, request, picture
    said = Signal(int, str)             # page, its text

    def __init__(self, renderer: Renderer, key: int, content: bytes) -> None:
        super().__init__()          # no parent: it lives as long as somebody holds it
        self._renderer, self.key, self.content = renderer, key, content
        self.sizes: tuple[tuple[float, float], ...] = ()       # width, height in points, as shown
        self.closed = False

    def draw(self, page: int, size: QSize) -> int:
        """Ask for a picture about that wide; answers the number that `drawn` will carry.

        The newest question is answered first; an older one about the same page that was not begun is dropped.
        """
        return self._renderer.ask(self, {"do": "draw", "page": page, "width": size.width()})

    def ask_text(self, page: int) -> None:
        """Ask for the page's text, for screen readers."""
        self._renderer.ask(self, {"do": "text", "page": page})

    def close(self) -> None:
        """Nobody looks at it any more."""
        if not self.closed:
            self.closed = True
            self._renderer.forget(self)


class Renderer(QObject):
    """The drawing process: started when first needed, started again when it was lost."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys, self._ids = count(1), count(1)
        self.process = QProcess(self)
        self.process.readyReadStandardOutput.connect(self._read)
        self.process.finished.connect(self._lost)
        self.process.errorOccurred.connect(self._failed_to_start)
        self._known: set[int] = set()           # keys of documents that the process has open
        self._waiting: list[Ask] = []           # a stack: the newest last
        self._running: Ask | None = None
        self._came = bytearray()
        self._deadline = QTimer(self, interval=DEADLINE_MS, singleShot=True)
        self._deadline.timeout.connect(self._too_slow)
        self._closed = False

    def open(self, content: bytes) -> PageSource:
        """Begin to open a document; `ready` or `failed` follows."""
        source = PageSource(self, next(self._keys), content)
        self.ask(source, {"do": "open"}, content)
        return source

    @property
    def idle(self) -> bool:
        """Nothing is asked."""
        return self._running is None and not self._waiting

    def ask(self, source: PageSource, what: dict[str, Any], raw: bytes = b"") -> int:
        number = next(self._ids)
        if self._closed:
            return number
        same = [each for each in self._waiting
                if each.source is source and each.what["do"] == what["do"] == "draw"
                and each.what["page"] == what["page"] and each.what["width"] == what["width"]]
        for each in same:
            self._waiting.remove(each)
        self._waiting.append(Ask(number, source, {**what, "key": source.key, "id": number, "size": len(raw)}, raw))
        self._go_on()
        return number

    def forget(self, source: PageSource) -> None:
        """Drop everything about a document."""
        self._waiting = [each for each in self._waiting if each.source is not source]
        if source.key in self._known and not self._closed:
            self._known.discard(source.key)
            self._write({"do": "close", "key": source.key, "id": 0, "size": 0}, b"")

    def close(self) -> None:
        """End the process. May be called twice."""
        self._closed = True
        self._waiting.clear()
        self._end()

    # inside

    def _go_on(self) -> None:
        if self._running is not None or not self._waiting:
            return
        ask = self._waiting.pop()
        if ask.what["do"] != "open" and ask.source.key not in self._known:
            # the process was lost meanwhile: open the document in the new one first
            self._waiting.append(ask)
            number = next(self._ids)
            ask = Ask(number, ask.source, {"do": "open", "key": ask.source.key, "id": number,
                                           "size": len(ask.source.content)}, ask.source.content)
        self._running = ask
        self._write(ask.what, ask.raw)
        self._deadline.start()

    def _write(self, what: Mapping[str, Any], raw: bytes) -> None:
        text = json.dumps(what).encode()
        if self.process.state() is QProcess.ProcessState.NotRunning:
            # by its file, since it needs nothing of ours; -P keeps the current folder out of the module search
            self.process.start(sys.executable, ["-P", str(CHILD)])
        self.process.write(HEAD.pack(len(text)) + text)
        if raw:
            self.process.write(raw)

    def _read(self) -> None:
        self._came += self.process.readAllStandardOutput().data()
        while len(self._came) >= HEAD.size:
            (length,) = HEAD.unpack_from(self._came)
            if len(self._came) < HEAD.size + length:
                return
            answer = json.loads(bytes(self._came[HEAD.size:HEAD.size + length]))
            end = HEAD.size + length + answer["size"]
            if len(self._came) < end:
                return
            content = bytes(self._came[HEAD.size + length:end])
            del self._came[:end]
            self._take(answer, content)

    def _take(self, answer: Mapping[str, Any], content: bytes) -> None:
        ask = self._running
        if ask is None or answer["id"] != ask.id:       # the answer to "close"
            return
        self._running = None
        self._deadline.stop()
        source = ask.source
        if source.closed:
            if "pages" in answer:
                self._write({"do": "close", "key": source.key, "id": 0, "size": 0}, b"")
        elif "wrong" in answer:
            self._give_up(source, answer["wrong"])
        elif "pages" in answer:
            self._known.add(source.key)
            again = bool(source.sizes)
            source.sizes = tuple((float(width), float(height)) for width, height in answer["pages"])
            if not again:
                source.ready.emit()
        elif "text" in answer:
            source.said.emit(ask.what["page"], answer["text"])
        elif "width" in answer:
            source.drawn.emit(ask.what["page"], ask.id, picture_of(answer, content))
        self._go_on()

    def _too_slow(self) -> None:
        ask = self._running
        log.warning("a page took longer than %d ms", DEADLINE_MS)
        self._end()
        if ask is not None and not ask.source.closed:
            self._give_up(ask.source, "too_slow")
        self._go_on()

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._lost()

    def _lost(self, *_how: object) -> None:
        """The process is gone: what it was doing failed; everything else is asked again in a new one."""
        ask = self._running
        log.info("the drawing process ended with code %d", self.process.exitCode())
        self._reset()
        if ask is not None and not ask.source.closed and ask.what["do"] != "text":
            if ask.lost:
                self._give_up(ask.source, "damaged")        # twice at the same place: it is the file
            else:
                ask.lost = True
                self._waiting.append(ask)
        self._go_on()

    def _give_up(self, source: PageSource, why: str) -> None:
        self._waiting = [each for each in self._waiting if each.source is not source]
        source.failed.emit(why)

    def _reset(self) -> None:
        self._deadline.stop()
        self._running = None
        self._known.clear()
        self._came.clear()

    def _end(self) -> None:
        """Kill the process without hearing of it."""
        self._reset()
        self.process.blockSignals(True)
        self.process.kill()
        self.process.waitForFinished(2_000)      # after kill() this is a matter of milliseconds
        self.process.blockSignals(False)


def picture_of(answer: Mapping[str, Any], content: bytes) -> QImage:
    """PDFium's bitmap as a QImage of its own memory."""
    shape = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_BGR888}.get(
        answer["channels"], QImage.Format.Format_RGB32)
    return QImage(content, answer["width"], answer["height"], answer["stride"], shape).copy()
