"""A letter of three pages, from the scanner's feeder to the leader, by keyboard alone on the real window, timed.

`DOCCLIENT_PAPER_ROUNDS` letters are taken (one in the suite); each one's seconds go to `DOCCLIENT_PAPER_TIMES`, where
it is set (tests/benchmarks/paper_minute.py).
"""

from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from docclient.capture.sources.discovery import Found
from docclient.capture.sources.model import FoundScanner
from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingForMe
from tests.capture.letters import COMMUNE_LETTER, render
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.flows.desk import Desk
from tests.offices import OfficeToTest
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.workbench import Workbench

pytestmark = [pytest.mark.window, pytest.mark.slow]

ROUNDS = int(os.environ.get("DOCCLIENT_PAPER_ROUNDS", "1"))
MINUTE_S = 60.0


def sheets() -> list[bytes]:
    """Three sheets at 300 dpi, as the profile asks for: the letter, and its page of signatures twice."""
    pages = [page.convert("RGB") for page in render(COMMUNE_LETTER, 300)]
    first = pages[0]
    body = Image.new("RGB", first.size, "white")
    middle = first.crop((0, round(first.height * 0.3), first.width, round(first.height * 0.75)))
    body.paste(middle, (0, round(first.height * 0.12)))
    made = []
    for page in (first, body, body):
        content = io.BytesIO()
        page.save(content, "JPEG", dpi=(300, 300), quality=85)
        made.append(content.getvalue())
    return made


def one_letter(desk: Desk, bench: Workbench, number: int) -> float:
    """Seconds from the key that starts to the letter with the leader."""
    panel, scanning = bench.paper.confirm, bench.paper.scanning
    begun = time.monotonic()
    desk.press(Qt.Key.Key_F8)
    desk.until(lambda: scanning.dialog is not None and scanning.dialog.isVisible()
               and scanning.dialog.list.count() == 1)
    with desk.qtbot.waitSignal(bench.paper.confirm_shown, timeout=180_000):
        desk.press(Qt.Key.Key_Return, where=scanning.dialog.list)
    desk.until(lambda: panel.confirm.isEnabled() and not bench.session.progress.isVisible())
    written = panel.form.inputs["code_number"]
    assert isinstance(written, QLineEdit)
    written.selectAll()
    desk.type(str(number), written)         # the number is written by hand on most letters: it is typed
    written.setFocus()
    for _ in panel.form.inputs:
        if panel.confirm.hasFocus():
            break
        desk.press(Qt.Key.Key_Return)
    assert panel.confirm.hasFocus()
    keys = bench.session.keys
    with desk.qtbot.waitSignal(bench.paper.registered, timeout=60_000):
        desk.press(Qt.Key.Key_Return)
        desk.until(lambda: isinstance(keys.dialog, KeyDialog | PinDialog) or bench.paper._busy)
        if isinstance(keys.dialog, KeyDialog):
            desk.choose_key("Ủy ban nhân dân")
        if not bench.paper._busy:
            desk.enter_pin()
    desk.settle()
    return time.monotonic() - begun


def test_a_letter_of_three_pages_in_a_minute(desk: Desk, sqlite_office: OfficeToTest,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    pages = sheets()
    monkeypatch.setattr(escl_scanner, "sheet", lambda number: pages[(number - 1) % 3])
    seconds = []
    with EsclScanner(sheets=3).on() as scanner:
        monkeypatch.setattr("ui.screens.paper.scanning.discover", lambda _stop: Found(
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
