"""What flows of signing have in common: reading through the queue, the sheet before the PIN, pictures of the screen."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Qt

from docclient.office.model import DocumentId
from tests.flows.desk import CONTROL, Desk
from ui.screens.signing.screen import SigningScreen

SHIFT = Qt.KeyboardModifier.ShiftModifier
PICTURES = os.environ.get("DOCCLIENT_FLOW_PICTURES", "")
"""A folder: the flows save there what stands on the screen. docs/pictures is made so."""


def picture(desk: Desk, name: str, *, settled: bool = True) -> None:
    """What the person sees, a dialog over it included."""
    if PICTURES:
        from ui.pictures import grab_window

        if settled:
            desk.settle()
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        assert grab_window(desk.program.window).save(str(Path(PICTURES) / f"{name}.png"))


def read_all(desk: Desk, queue: SigningScreen, documents: list[DocumentId]) -> None:
    """Each document's page is brought to the screen, one after the other, by the arrow key."""
    for document in documents:
        desk.until(lambda d=document: queue._current == d and queue.view.item(d).seen)
        if document != documents[-1]:
            desk.press(Qt.Key.Key_Down, where=queue.list)


def look_over(desk: Desk, queue: SigningScreen, count: int) -> None:
    """Ctrl+Shift+Enter, the sheet, Enter."""
    desk.press(Qt.Key.Key_Return, CONTROL | SHIFT)
    desk.until(lambda: queue.looking.sheet is not None and queue.looking.sheet.isVisible()
               and queue.looking.sheet.sheet.complete)
    sheet = queue.looking.sheet
    assert sheet is not None
    assert sheet.list.count() == count and sheet.list.hasFocus()
    picture(desk, f"contact-sheet-{count}")
    desk.press(Qt.Key.Key_Return, where=sheet.list)
