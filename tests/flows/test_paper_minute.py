"""A letter of three pages, from the scanner's feeder to the leader, by keyboard alone on the real window, timed.

The scanner takes its time for each sheet; the form of the first is filled in while the others come. What is not timed
is a person's looking: each key follows the one before at once.

`DOCCLIENT_PAPER_ROUNDS` letters are taken (one in the suite); each one's seconds go to `DOCCLIENT_PAPER_TIMES`, where
it is set (tests/benchmarks/paper_minute.py).
"""

from __future__ import annotations

import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw
from PySide6.QtCore import Qt

from docclient.capture.sources.discovery import Found
from docclient.capture.sources.model import FoundScanner
from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingForMe
from tests.capture.letters import COMMUNE_LETTER, render
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.flows.desk import ALT, CONTROL, Desk
from tests.flows.rounds import PICTURES, picture
from tests.offices import OfficeToTest
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.workbench import Workbench

pytestmark = [pytest.mark.window, pytest.mark.slow]

ROUNDS = int(os.environ.get("DOCCLIENT_PAPER_ROUNDS", "1"))
MINUTE_S = 60.0


PAGE_S = 2.0
"""For a sheet: a desk scanner with a feeder, colour, 300 dpi (30 a minute)."""


def sheets() -> list[bytes]:
    """Three sheets at 300 dpi, as the profile asks for: the letter, its number written by pen; two pages of text."""
    place = number_place()
    letter = render(replace(COMMUNE_LETTER, number="\u00a0" * 6), 300)[0].convert("RGB")
    write_by_hand(letter, place)
    body = Image.new("RGB", letter.size, "white")
    middle = letter.crop((0, round(letter.height * 0.3), letter.width, round(letter.height * 0.75)))
    body.paste(middle, (0, round(letter.height * 0.12)))
    made = []
    for page in (letter, body, body):
        content = io.BytesIO()
        page.save(content, "JPEG", dpi=(300, 300), quality=85)
        made.append(content.getvalue())
    return made


def number_place() -> tuple[int, int, int, int]:
    """Where the figures of the number stand."""
    blank, printed = (render(replace(COMMUNE_LETTER, number=number), 300)[0].convert("L").crop((0, 0, 1240, 1000))
                      for number in ("\u00a0" * 6, "888"))
    box = ImageChops.difference(blank, printed).point(lambda grey: 255 if grey > 60 else 0).getbbox()
    assert box is not None
    return box


def write_by_hand(page: Image.Image, place: tuple[int, int, int, int]) -> None:
    """Three figures (5, 0, 1) in blue, a little askew."""
    left, top, right, bottom = place
    pen, blue = ImageDraw.Draw(page), (38, 58, 160)
    wide, high = (right - left) / 4, bottom - top + 14
    for number, strokes in enumerate((
            [[(0.9, 0.0), (0.2, 0.05), (0.15, 0.45), (0.8, 0.5), (0.85, 0.85), (0.1, 1.0)]],
            [[(0.5, 0.0), (0.1, 0.4), (0.3, 0.95), (0.8, 0.8), (0.85, 0.3), (0.5, 0.0)]],
            [[(0.2, 0.25), (0.55, 0.0), (0.5, 1.0)]])):
        for stroke in strokes:
            pen.line([(left + wide * (number * 1.3 + x), top - 8 + high * (y - 0.04 * number)) for x, y in stroke],
                     blue, 5)


def one_letter(desk: Desk, bench: Workbench, number: int) -> float:
    """Seconds from the key that starts to the letter with the leader. Every key goes to whatever has the keyboard."""
    paper, panel, scanning = bench.paper, bench.paper.confirm, bench.paper.scanning
    begun = time.monotonic()
    desk.press(Qt.Key.Key_F8)
    desk.until(lambda: scanning.dialog is not None and scanning.dialog.isActiveWindow()
               and scanning.dialog.list.count() == 1 and scanning.dialog.list.hasFocus())
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: panel.isVisible() and panel.form is not None and bool(panel.field_with_cursor), 180_000)
    early = not panel.confirm.isEnabled()           # while the machine still draws in the other sheets
    assert panel.field_with_cursor == "code_number", "the pen's number waits for a person, the cursor is in its field"
    desk.until(lambda: not panel.form.pictures["code_number"].pixmap().isNull())        # what is to be typed
    desk.press(Qt.Key.Key_A, CONTROL)
    desk.type(str(number))
    if early:
        desk.until(lambda: panel.confirm.isEnabled(), 180_000)
        assert panel.form.inputs["code_number"].text() == str(number), "it came along to the letter"
    if PICTURES:
        pictures_of(desk, bench)
    for _ in panel.form.inputs:
        if panel.confirm.hasFocus():
            break
        desk.press(Qt.Key.Key_Return)
    assert panel.confirm.hasFocus()
    keys = bench.session.keys
    done: list[object] = []
    paper.registered.connect(done.append)
    desk.press(Qt.Key.Key_Return)
    desk.until(lambda: bool(done) or isinstance(keys.dialog, KeyDialog | PinDialog))
    if isinstance(keys.dialog, KeyDialog):
        desk.choose_key("Ủy ban nhân dân")
    if not done:
        desk.enter_pin()
    desk.until(lambda: bool(done), 60_000)
    paper.registered.disconnect(done.append)
    desk.settle()
    return time.monotonic() - begun


def pictures_of(desk: Desk, bench: Workbench) -> None:
    """For the documents: the form beside its page, and its words walked through; no figure is taken from such a run."""
    desk.until(lambda: bench.paper.viewer.canvas.is_shown(1))
    picture(desk, "paper-form")
    desk.press(Qt.Key.Key_S, ALT)
    desk.until(lambda: bench.paper.words.dialog is not None and not bench.paper.words.dialog._picture.pixmap().isNull())
    picture(desk, "paper-words", settled=False)
    desk.press(Qt.Key.Key_Escape)
    desk.settle()
    bench.paper.confirm.begin()


def test_a_letter_of_three_pages_in_a_minute(desk: Desk, sqlite_office: OfficeToTest,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    pages = sheets()
    monkeypatch.setattr(escl_scanner, "sheet", lambda number: pages[(number - 1) % 3])
    seconds = []
    with EsclScanner(sheets=3, seconds_a_page=PAGE_S).on() as scanner:
        monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: Found(
            (FoundScanner(scanner.address, "Máy quét văn thư", "eSCL"),), ()))
        bench = desk.sit("clerk")
        bench.go("paper")
        desk.settle()
        for number in range(ROUNDS):
            scanner.given = 0
            seconds.append(one_letter(desk, bench, 501 + number))
    leader = sqlite_office.door("chairman")
    assert leader.ask(WaitingForMe()).counts[WaitKind.DIRECT] == ROUNDS
    if target := os.environ.get("DOCCLIENT_PAPER_TIMES"):
        Path(target).write_text(json.dumps(seconds))
    else:
        assert seconds[0] < 3 * MINUTE_S, "on a machine that does other things besides"
